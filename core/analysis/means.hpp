// How good a taxonomy is on average: Gain and Quality of the transfers it chose.
#pragma once

#include "core/taxonomy/taxonomy.hpp"

namespace taskonomy::analysis {

/// Mean win rates over targets, each in [0,1]; NaN when no transfer has one.
struct Means {
  double gain = affinity::kUnknown;     ///< against training from scratch on the transfer split
  double quality = affinity::kUnknown;  ///< against full supervision
};

/// Plain means over the chosen transfers whose win rate is known (importance plays no part, as in the paper).
[[nodiscard]] Means means_of(const taxonomy::Taxonomy& taxonomy);

}  // namespace taskonomy::analysis
