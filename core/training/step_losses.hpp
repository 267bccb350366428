// The losses of a training's steps.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <taskonomy/sdk/torch.hpp>

namespace taskonomy::training {

/// Losses stay on their device until they are read. Reading waits until the device has done all that it was given,
/// which on a GPU would be the longest part of a small step: there they are read fifty at a time.
class StepLosses {
 public:
  /// `name` begins the messages; `together`: so many are read at a time, at least 1. The first is read by itself.
  StepLosses(std::string name, std::int64_t together);

  /// Takes the loss of the next step, a number without dimensions. Throws as read() when it reads.
  void add(const torch::Tensor& loss);
  /// Reads what has not been read. Throws Error naming the first step whose loss is not finite.
  void read();

  /// The latest that was read; at least one was added.
  [[nodiscard]] double latest() const { return values_.back(); }
  /// Mean over the last `steps`, all of them read.
  [[nodiscard]] double mean_of_last(std::int64_t steps) const;

 private:
  std::string name_;
  std::int64_t together_;
  std::vector<torch::Tensor> unread_;
  std::vector<double> values_;
};

}  // namespace taskonomy::training
