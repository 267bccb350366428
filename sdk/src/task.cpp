#include <taskonomy/sdk/task.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

#include <taskonomy/sdk/components.hpp>
#include <taskonomy/sdk/dataset.hpp>
#include <taskonomy/sdk/decoder.hpp>
#include <taskonomy/sdk/extensions.hpp>

namespace taskonomy::sdk {

namespace {

/// Shortest text that reads back as the same number, whatever the locale.
std::string text_of(double value) {
  if (std::isnan(value)) return "nan";
  char buffer[64];
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
  return error == std::errc() ? std::string(buffer, end) : std::string("nan");
}

std::string problem_of(const TensorSpec& spec) {
  if (spec.shape.empty()) return "has no shape";
  for (const auto length : spec.shape) {
    if (length < 1 && length != -1) return "has a dimension of length " + std::to_string(length);
  }
  if (std::isnan(spec.low) || std::isnan(spec.high) || spec.low > spec.high) {
    return "has the empty range " + text_of(spec.low) + " to " + text_of(spec.high);
  }
  return "";
}

std::string problem_of_modalities(const TaskInfo& info) {
  std::vector<std::string> names = info.modalities;
  for (const auto& group : info.any_of) {
    if (group.empty()) return "a list of alternative modalities is empty";
    names.insert(names.end(), group.begin(), group.end());
  }
  for (const auto& name : names) {
    if (!is_id(name)) return "\"" + name + "\" is no name of a modality";
  }
  return "";
}

std::string problem_of_input(const TaskInfo& info) {
  if (info.input_views < 0 || info.input_side < 0) return "has a negative number or side of input images";
  if (info.input == InputKind::plain && (info.input_views != 0 || info.input_side != 0)) {
    return "takes the plain image, so it cannot choose the number or side of its input images";
  }
  return "";
}

}  // namespace

bool is_id(std::string_view text) {
  const auto letter = [](char c) { return c >= 'a' && c <= 'z'; };
  return !text.empty() && letter(text.front()) && std::all_of(text.begin(), text.end(), [&](char c) {
    return letter(c) || (c >= '0' && c <= '9') || c == '_';
  });
}

std::string problem_of(const TaskInfo& info) {
  if (info.title.empty()) return "its record has no title";
  if (!(info.label_cost >= 0.0) || std::isinf(info.label_cost)) {
    return "label cost " + text_of(info.label_cost) + " is not a number from 0 up";
  }
  if (std::string problem = problem_of_modalities(info); !problem.empty()) return problem;
  if (!info.trained && info.role != Role::source) return "is not trained, so its role can only be source";
  if (std::string problem = problem_of_input(info); !problem.empty()) return problem;
  if (!info.trained) return "";
  if (const std::string problem = problem_of(info.target); !problem.empty()) return "target " + problem;
  if (const std::string problem = problem_of(info.prediction); !problem.empty())
    return "prediction " + problem;
  return "";
}

// Key functions: they keep each interface's vtable in this one library.
Task::~Task() = default;
Decoder::~Decoder() = default;
Visualize::~Visualize() = default;
Metrics::~Metrics() = default;
PooledMetrics::~PooledMetrics() = default;
EncoderInput::~EncoderInput() = default;
Redraw::~Redraw() = default;
NoneIsAnswer::~NoneIsAnswer() = default;
Components::~Components() = default;

const void* Task::extension(std::string_view) const noexcept { return nullptr; }

}  // namespace taskonomy::sdk
