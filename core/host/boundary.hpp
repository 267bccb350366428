// The boundary between host and plugins: every call into a plugin that can throw goes through here. An
// exception of a plugin is an object whose code lies in the plugin, so that only its text goes further.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace taskonomy::host {

/// [in a catch block] The message of the exception in flight, without LibTorch's stack traces.
[[nodiscard]] std::string message_in_flight();

/// [in a catch block] Ends the exception in flight and throws base::Error "PLACE: OPERATION: its message"
/// instead, without LibTorch's stack traces. An exception that has no message is said to have none.
[[noreturn]] void rethrow_as_error(const std::string& place, std::string_view operation);

/// From now on every call into a plugin stands in this text while it lasts, as "PLACE\nDOING" with a zero at its end
/// (`task "normal"`, `in make_example`): whoever shares the memory can say which plugin ended this process
/// (child.hpp). Empty: no longer.
void note_calls_in(std::span<char> text);
[[nodiscard]] bool calls_are_noted();

/// A call into a plugin, noted while the object lives where calls are noted.
class NotedCall {
 public:
  /// `before` stands before `doing`.
  NotedCall(const std::string& place, std::string_view doing, std::string_view before = "");
  ~NotedCall();
  NotedCall(const NotedCall&) = delete;
  NotedCall& operator=(const NotedCall&) = delete;
};

/// Runs body, a call into plugin `place` (`task "normal"`), and returns what it returns.
/// Throws base::Error `task "normal": make_example: ...` for whatever the plugin throws.
template <typename Body>
auto call_plugin(const std::string& place, std::string_view operation, Body&& body) -> decltype(body()) {
  try {
    const NotedCall noted(place, operation, "in ");
    return std::forward<Body>(body)();
  } catch (...) {
    rethrow_as_error(place, operation);
  }
}

/// Runs a call into a task: call_task(id, "make_example", [&] { return
/// task.make_example(sample, generator); })
template <typename Body>
auto call_task(std::string_view task_id, std::string_view operation, Body&& body) -> decltype(body()) {
  return call_plugin("task \"" + std::string(task_id) + "\"", operation, std::forward<Body>(body));
}

/// Runs a call into a dataset.
template <typename Body>
auto call_dataset(std::string_view dataset_id, std::string_view operation, Body&& body) -> decltype(body()) {
  return call_plugin("dataset \"" + std::string(dataset_id) + "\"", operation, std::forward<Body>(body));
}

}  // namespace taskonomy::host
