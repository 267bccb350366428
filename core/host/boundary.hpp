// The boundary between host and plugins: every call into a plugin that can throw goes through here. What a
// plugin throws is an object whose code lies in the plugin; only its text gets further.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace taskonomy::host {

/// [in a catch block] Ends the exception in flight and throws base::Error "PLACE: OPERATION: its message",
/// LibTorch's stack traces left out. An exception without a message says so.
[[noreturn]] void rethrow_as_error(const std::string& place, std::string_view operation);

/// Runs body, a call into plugin `place` (`task "normal"`), and returns what it returns.
/// Throws base::Error `task "normal": make_example: ...` for whatever the plugin throws.
template <typename Body>
auto call_plugin(const std::string& place, std::string_view operation, Body&& body) -> decltype(body()) {
  try {
    return std::forward<Body>(body)();
  } catch (...) {
    rethrow_as_error(place, operation);
  }
}

/// call(task_id, "make_example", [&] { return task.make_example(sample, generator); })
template <typename Body>
auto call(std::string_view task_id, std::string_view operation, Body&& body) -> decltype(body()) {
  return call_plugin("task \"" + std::string(task_id) + "\"", operation, std::forward<Body>(body));
}

/// The same for a dataset.
template <typename Body>
auto call_dataset(std::string_view dataset_id, std::string_view operation, Body&& body) -> decltype(body()) {
  return call_plugin("dataset \"" + std::string(dataset_id) + "\"", operation, std::forward<Body>(body));
}

}  // namespace taskonomy::host
