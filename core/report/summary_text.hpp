// What a person reads on the terminal: taxonomies, the first-order affinities, the check of the source
// networks.
#pragma once

#include <string>
#include <vector>

#include "core/affinity/affinity_table.hpp"
#include "core/analysis/source_check.hpp"
#include "core/report/metric_table.hpp"
#include "core/taxonomy/taxonomy.hpp"

namespace taskonomy::report {

/// One taxonomy: each target with its sources, affinity, gain and quality; the sources to label; the means.
/// Lines of at most about 110 letters.
[[nodiscard]] std::string taxonomy_text(const taxonomy::Taxonomy& taxonomy);

/// One line per budget: objective, means, sources.
[[nodiscard]] std::string sweep_text(const std::vector<taxonomy::Taxonomy>& sweep);

/// First-order affinities in percent of each target's total, targets down, sources across, self in brackets,
/// the best transfer of each target marked by *. Broken into blocks of columns where 110 letters do not
/// suffice.
[[nodiscard]] std::string affinity_text(const affinity::AffinityTable& table);

/// The paper's Table 1 in percent, with the means.
[[nodiscard]] std::string source_check_text(const std::vector<analysis::SourceCheck>& checks);

/// Table 1 and, where there are any, the metrics of the source networks, each under its heading.
[[nodiscard]] std::string sources_text(const std::vector<analysis::SourceCheck>& checks,
                                       const std::vector<MetricRow>& metrics);

/// A share as a person reads it: ".85", "1.00", "-" for unknown.
[[nodiscard]] std::string share_text(double share);

}  // namespace taskonomy::report
