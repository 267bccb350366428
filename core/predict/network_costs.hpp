// What the networks of a taxonomy cost to run: parameters, multiply-adds, time.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/predict/taxonomy_networks.hpp"

namespace taskonomy::predict {

/// Costs of predicting one sample.
struct NetworkCost {
  std::string target;                ///< "" for several
  std::vector<std::string> sources;  ///< whose representations it reads
  std::int64_t parameters = 0;
  std::int64_t multiply_adds = 0;  ///< of convolutions and matrix products, where nearly all of the work is
  double milliseconds = 0.0;       ///< of one sample in a batch, on one thread; the best of several batches
  double megabytes = 0.0;          ///< that the weights take
};

/// A taxonomy's networks together, and each by itself.
struct TaxonomyCost {
  std::vector<NetworkCost> targets;  ///< by themselves, with their encoders
  NetworkCost shared;                ///< all together: every encoder is there once and runs once
  NetworkCost separate;              ///< the sum of `targets`
};

/// Measures on this machine: `networks` of all targets together, then those of each target, which `load` makes. `batch`: samples at a time. Targets that make their own input from more than an image are
/// predicted as predict_plain() does. Of encoders trained elsewhere only the time counts.
[[nodiscard]] TaxonomyCost measure_cost(
    const TaxonomyNetworks& networks, std::int64_t side, std::int64_t batch,
    const std::function<std::shared_ptr<const TaxonomyNetworks>(const Service&)>& load);

}  // namespace taskonomy::predict
