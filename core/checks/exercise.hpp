// All that a run asks of a task, once, step by step, for checks that look at what else happens meanwhile.
#pragma once

#include <functional>
#include <string>

#include <taskonomy/sdk/testing.hpp>

namespace taskonomy::checks {

/// The task did not do what a check wanted to watch it at; becomes a skip, because another check tells.
struct NotExercised {
  std::string reason;
};

/// Called after each step with its name: "constructor", "make_example", "make_decoder", "forward", "loss",
/// "metrics", "drawing", "destructor".
using AfterStep = std::function<void(const std::string& step)>;

/// Two examples, a decoder, its prediction for a made-up representation, the loss with its gradient where
/// gradients are on, then metrics and drawing where the task has them. Sources that are never trained are
/// made and destroyed only. Returns "", or why it went no further: the step in which the task threw, and its
/// words.
[[nodiscard]] std::string exercise(const sdk::testing::Subject& subject, const AfterStep& after);

/// What one call of make_example and loss takes, made once so that the call can be repeated.
class RepeatedCall {
 public:
  /// Throws NotExercised.
  explicit RepeatedCall(const sdk::testing::Subject& subject);
  /// make_example, loss and its gradient.
  void operator()();

 private:
  std::shared_ptr<sdk::Task> task_;
  sdk::Sample sample_;
  torch::Tensor prediction_;
};

/// Has LibTorch do a convolution, a matrix product and their gradients, so that threads and memory that it
/// keeps for itself are there before a task is watched.
void warm_up_torch();

}  // namespace taskonomy::checks
