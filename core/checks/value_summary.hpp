// Numbers about many tensors of one kind, gathered one tensor at a time.
#pragma once

#include <cstdint>
#include <limits>

#include <taskonomy/sdk/torch.hpp>

namespace taskonomy::checks {

/// What is known of a modality or a label after some samples.
struct ValueSummary {
  std::int64_t tensors = 0;   ///< how many were looked at
  std::int64_t constant = 0;  ///< of those with two values or more: how many hold a single value throughout
  std::int64_t empty = 0;     ///< how many have no valid value
  double low = std::numeric_limits<double>::infinity();  ///< of all valid values
  double high = -std::numeric_limits<double>::infinity();
  double sum = 0.0;
  double valid = 0.0;      ///< values that count
  double all = 0.0;        ///< values there are
  double saturated = 0.0;  ///< valid values at an end of the range that was given to add()

  /// Takes one tensor; `valid` (bool, broadcastable) says which values count. Values at or beyond `lowest` or
  /// `highest` are saturated.
  void add(const torch::Tensor& values, const torch::Tensor& valid,
           double lowest = -std::numeric_limits<double>::infinity(),
           double highest = std::numeric_limits<double>::infinity());
  [[nodiscard]] double mean() const { return valid > 0.0 ? sum / valid : 0.0; }
  /// Shares of 0..1; 0 where there is nothing to divide by.
  [[nodiscard]] double valid_share() const { return all > 0.0 ? valid / all : 0.0; }
  [[nodiscard]] double saturated_share() const { return valid > 0.0 ? saturated / valid : 0.0; }
};

}  // namespace taskonomy::checks
