#include "core/losses/metric_means.hpp"

#include <cmath>
#include <cstring>
#include <limits>

#include "core/base/error.hpp"
#include "core/base/safetensors.hpp"

namespace taskonomy::losses {

std::vector<double> read_metric_means(const std::filesystem::path& path) {
  const base::Safetensors file(path);
  const auto found = file.tensors().find("metrics");
  if (found == file.tensors().end()) return {};
  const auto& view = found->second;
  if (view.dtype != "F32" || view.shape.size() != 2)
    throw base::Error(path.string() + ": expected metrics as F32 of two dimensions, found " + view.dtype +
                      " of " + std::to_string(view.shape.size()));
  const auto images = static_cast<std::size_t>(view.shape[0]),
             count = static_cast<std::size_t>(view.shape[1]);
  std::vector<float> values(images * count);
  if (!values.empty()) std::memcpy(values.data(), view.data, view.bytes);
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

}  // namespace taskonomy::losses
