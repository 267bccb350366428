#include "core/training/step_losses.hpp"

#include <cmath>
#include <numeric>
#include <utility>

#include "core/base/error.hpp"
#include "core/base/text.hpp"

namespace taskonomy::training {

StepLosses::StepLosses(std::string name, std::int64_t together)
    : name_(std::move(name)), together_(together) {}

void StepLosses::add(const torch::Tensor& loss) {
  unread_.push_back(loss.detach());
  if (values_.empty() || static_cast<std::int64_t>(unread_.size()) >= together_) read();
}

void StepLosses::read() {
  if (unread_.empty()) return;
  const auto losses = torch::stack(unread_).to(torch::kCPU, torch::kFloat64);
  unread_.clear();
  for (std::int64_t i = 0; i < losses.numel(); ++i) {
    values_.push_back(losses[i].item<double>());
    if (!std::isfinite(latest()))
      throw base::Error(
          name_ + ": step " + std::to_string(values_.size()) + ": the loss is " + base::number(latest()) +
          "; a lower learning_rate or gradient_clip = 1 may help, else the task's loss or label is at fault");
  }
}

double StepLosses::mean_of_last(std::int64_t steps) const {
  return std::accumulate(values_.end() - steps, values_.end(), 0.0) / static_cast<double>(steps);
}

}  // namespace taskonomy::training
