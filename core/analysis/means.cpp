#include "core/analysis/means.hpp"

#include <cmath>

namespace taskonomy::analysis {

namespace {

double mean_of(const taxonomy::Taxonomy& taxonomy, double affinity::AffinityRow::*rate) {
  double sum = 0.0;
  std::size_t count = 0;
  for (const auto& row : taxonomy.transfers) {
    if (std::isnan(row.*rate)) continue;
    sum += row.*rate;
    ++count;
  }
  return count == 0 ? affinity::kUnknown : sum / static_cast<double>(count);
}

}  // namespace

Means means_of(const taxonomy::Taxonomy& taxonomy) {
  return {mean_of(taxonomy, &affinity::AffinityRow::gain),
          mean_of(taxonomy, &affinity::AffinityRow::quality)};
}

}  // namespace taskonomy::analysis
