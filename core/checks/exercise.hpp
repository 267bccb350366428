// Takes a task through all that a run asks of it, step by step, for checks that watch
// what else happens meanwhile.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include <taskonomy/sdk/testing.hpp>

namespace taskonomy::checks {

/// Thrown when the task does not do what a check wants to watch. The check is then skipped, because another
/// check reports the failure itself.
struct NotExercised {
  std::string reason;
};

/// Called after each step with its name: "constructor", "make_example", "make_decoder", "forward", "loss",
/// "metrics", "drawing", "destructor".
using AfterStep = std::function<void(const std::string& step)>;

/// Makes the task, two examples, a decoder, its prediction for a made-up representation, the loss with its
/// gradient where gradients are on, then metrics and drawing where the task has them, and destroys all. Tasks
/// that are never trained are only made and destroyed. Returns "", or why it went no further: the step in
/// which the task threw, and its message.
[[nodiscard]] std::string exercise(const sdk::testing::Subject& subject, const AfterStep& after);

/// Calls make_example and loss again and again, with all that they take made once before.
class RepeatedCall {
 public:
  /// Throws NotExercised when the task is never trained or throws.
  explicit RepeatedCall(const sdk::testing::Subject& subject);
  /// make_example, loss and its gradient.
  void operator()();

 private:
  std::shared_ptr<sdk::Task> task_;
  sdk::Sample sample_;
  torch::Tensor prediction_;
};

/// Lets LibTorch compute a convolution, a matrix product and their gradients, so that the threads and memory
/// that it keeps for itself are there before a task is watched.
void warm_up_torch();

}  // namespace taskonomy::checks
