#include "core/checks/value_summary.hpp"

#include <algorithm>

namespace taskonomy::checks {

void ValueSummary::add(const torch::Tensor& values, const torch::Tensor& valid_values, double lowest,
                       double highest) {
  ++tensors;
  all += static_cast<double>(values.numel());
  const auto counted =
      values.to(torch::kFloat64).masked_select(valid_values.expand_as(values).to(torch::kBool));
  if (counted.numel() == 0) {
    ++empty;
    return;
  }
  const double least = counted.min().item<double>(), most = counted.max().item<double>();
  if (values.numel() > 1 && least == most) ++constant;
  low = std::min(low, least);
  high = std::max(high, most);
  sum += counted.sum().item<double>();
  valid += static_cast<double>(counted.numel());
  saturated += counted.le(lowest).logical_or(counted.ge(highest)).sum().item<double>();
}

}  // namespace taskonomy::checks
