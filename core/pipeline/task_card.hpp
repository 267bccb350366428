// What planning, keys and reports need to know of a task, as data: the host's own process runs no code of a plugin
// that it was not installed with (host/registry.hpp, ask_task()).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <taskonomy/sdk/extensions.hpp>
#include <taskonomy/sdk/task.hpp>

namespace taskonomy::pipeline {

/// A task without its code.
struct TaskCard {
  sdk::TaskInfo info;
  std::vector<sdk::Metric> metrics;  ///< metrics_of()
  bool augments = false;             ///< data::can_augment()
};

/// The metrics that a task offers, as read_metrics() has them: those of all images together, then those of
/// single ones. None where it has no such extension.
[[nodiscard]] std::vector<sdk::Metric> metrics_of(const sdk::Task& task);

/// A task's card as bytes for another copy of this program, and back.
[[nodiscard]] std::string packed_card(const sdk::Task& task);
[[nodiscard]] TaskCard unpacked_card(std::string_view bytes);

}  // namespace taskonomy::pipeline
