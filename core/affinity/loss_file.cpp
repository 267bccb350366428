#include "core/affinity/loss_file.hpp"

#include <cmath>
#include <cstring>
#include <limits>
#include <stdexcept>

#include "core/base/error.hpp"
#include "core/base/safetensors.hpp"

namespace taskonomy::affinity {

namespace {

/// The values of a tensor of one type; throws Error naming the file for another type or number of dimensions.
template <class Value>
std::vector<Value> values_in(const std::filesystem::path& path, const std::string& what,
                             const base::TensorView& view, const std::string& dtype, std::size_t dimensions) {
  if (view.dtype != dtype || view.shape.size() != dimensions)
    throw base::Error(path.string() + ": expected " + what + " as " + dtype + " of " +
                      (dimensions == 1 ? "one dimension" : "two dimensions") + ", found " + view.dtype +
                      " of " + std::to_string(view.shape.size()));
  std::vector<Value> values(view.bytes / sizeof(Value));
  if (!values.empty()) std::memcpy(values.data(), view.data, view.bytes);
  return values;
}

template <class Value>
base::TensorView view_of(const std::string& dtype, std::vector<std::int64_t> shape,
                         std::span<const Value> values) {
  base::TensorView view;
  view.dtype = dtype;
  view.shape = std::move(shape);
  view.data = reinterpret_cast<const std::byte*>(values.data());
  view.bytes = values.size_bytes();
  return view;
}

}  // namespace

void write_losses(const std::filesystem::path& path, std::span<const double> losses,
                  std::span<const float> metrics, const std::string& made_from) {
  const auto images = static_cast<std::int64_t>(losses.size());
  std::map<std::string, base::TensorView> tensors{{"loss", view_of("F64", {images}, losses)}};
  if (!metrics.empty()) {
    if (losses.empty() || metrics.size() % losses.size() != 0)
      throw std::logic_error("metrics are not K values for each of the images");
    const auto count = static_cast<std::int64_t>(metrics.size() / losses.size());
    tensors["metrics"] = view_of("F32", {images, count}, metrics);
  }
  base::write_safetensors(path, tensors, {{"made_from", made_from}});
}

std::vector<double> read_losses(const std::filesystem::path& path) {
  const base::Safetensors file(path);
  return values_in<double>(path, "losses", file.at("loss"), "F64", 1);
}

std::vector<double> read_metric_means(const std::filesystem::path& path) {
  const base::Safetensors file(path);
  const auto found = file.tensors().find("metrics");
  if (found == file.tensors().end()) return {};
  const auto values = values_in<float>(path, "metrics", found->second, "F32", 2);
  const auto images = static_cast<std::size_t>(found->second.shape[0]),
             count = static_cast<std::size_t>(found->second.shape[1]);
  std::vector<double> means(count, std::numeric_limits<double>::quiet_NaN());
  for (std::size_t k = 0; k < count; ++k) {
    double sum = 0.0, known = 0.0;
    for (std::size_t n = 0; n < images; ++n) {
      const float value = values[n * count + k];
      if (std::isnan(value)) continue;
      sum += value;
      known += 1.0;
    }
    if (known > 0.0) means[k] = sum / known;
  }
  return means;
}

}  // namespace taskonomy::affinity
