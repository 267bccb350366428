#include "core/losses/loss_file.hpp"

#include <cstring>

#include "core/base/error.hpp"
#include "core/base/safetensors.hpp"

namespace taskonomy::losses {

std::vector<double> read_losses(const std::filesystem::path& path) {
  const base::Safetensors file(path);
  const auto& view = file.at("loss");
  if (view.dtype != "F64" || view.shape.size() != 1) {
    throw base::Error(path.string() + ": expected losses as F64 of one dimension, found " + view.dtype +
                      " of " + std::to_string(view.shape.size()));
  }
  std::vector<double> losses(static_cast<std::size_t>(view.shape.front()));
  if (!losses.empty()) std::memcpy(losses.data(), view.data, view.bytes);
  return losses;
}

}  // namespace taskonomy::losses
