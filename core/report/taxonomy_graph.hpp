// A taxonomy as a picture, laid out by Graphviz's library. The one place that knows it is the .cpp.
#pragma once

#include <string>

#include "core/taxonomy/taxonomy.hpp"

namespace taskonomy::report {

/// SVG of one taxonomy: boxes are the tasks to label and train (dashed: used as sources only), ellipses the
/// targets served by transfers, with Gain and Quality; a transfer from several sources runs through a dot
/// where they are joined, and targets with the same sources share it. Throws Error when Graphviz cannot lay
/// it out.
[[nodiscard]] std::string taxonomy_svg(const taxonomy::Taxonomy& taxonomy);

}  // namespace taskonomy::report
