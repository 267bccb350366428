// Takes a plugin's object through all that a run asks of it, step by step, for checks that watch what else happens
// meanwhile.
#pragma once

#include <functional>
#include <string>

#include "core/checks/plugin_check.hpp"

namespace taskonomy::checks {

/// Thrown when the plugin does not do what a check wants to watch: a failure of the check.
struct NotExercised {
  std::string reason;
};

/// Called after each step with its name: "constructor", "make_example", "make_decoder", "forward", "loss",
/// "metrics", "drawing", "illustrate", "destructor" of a task; "constructor", "scenes", "sample", "files_state",
/// "destructor" of a dataset.
using AfterStep = std::function<void(const std::string& step)>;

/// Makes the plugin's object, asks it for all that a run does, and destroys it. Of a task: two examples, a decoder,
/// its prediction for a made-up representation, the loss with its gradient where gradients are on, then metrics and
/// drawing where it has them; those that are never trained are only made and destroyed. Of a dataset: its scenes
/// and some samples of each kind of views. Returns "", or why it went no further: the step in which the plugin threw,
/// and its message.
[[nodiscard]] std::string exercise(CheckedPlugin& plugin, const AfterStep& after);

/// Calls what a run calls most, again and again, with all that it takes made once before: make_example and loss of a
/// task, sample of a dataset.
class RepeatedCall {
 public:
  /// Throws NotExercised when the plugin throws.
  explicit RepeatedCall(CheckedPlugin& plugin);
  /// Whether a run calls it at all: it calls no task that is never trained.
  [[nodiscard]] bool called() const { return call_ != nullptr; }
  void operator()() const { call_(); }

 private:
  std::function<void()> call_;
};

/// Lets LibTorch compute a convolution, a matrix product and their gradients, so that the threads and memory
/// that it keeps for itself are there before a task is watched.
void warm_up_torch();

}  // namespace taskonomy::checks
