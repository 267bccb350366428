// Networks that Python exported, with what Python says they say (tests/fixtures/pretrained/export.py).
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "core/base/error.hpp"
#include "core/data/tensor_file.hpp"
#include "core/network/encoder.hpp"
#include "core/recipe/pretrained.hpp"
#include "tests/support/testing.hpp"

namespace taskonomy::tests {

inline std::filesystem::path exported_folder() { return TASKONOMY_SOURCE_DIR "/tests/fixtures/pretrained"; }

/// The source [sources.small] of small.pt, with the normalisation that export.py used.
inline recipe::Pretrained small_source(const std::filesystem::path& folder) {
  recipe::Pretrained source;
  source.id = "small";
  source.where = "demo.toml:9";
  source.file = folder / "small.pt";
  source.output = "0";
  source.range = {0.0, 255.0};
  source.mean = {120.0, 110.0, 100.0};
  source.deviation = {60.0, 61.0, 62.0};
  return source;
}

inline recipe::Pretrained resnet_source(const std::string& architecture, const std::filesystem::path& file) {
  recipe::Pretrained source;
  source.id = "imagenet";
  source.where = "demo.toml:9";
  source.file = file;
  source.architecture = architecture;
  return source;
}

/// The images of expected.safetensors as encoders see them, [2,3,64,64] in [-1,1].
inline torch::Tensor exported_images(const data::TensorFile& expected) {
  return expected.at("images").to(torch::kFloat32) / 127.5 - 1.0;
}

/// Equal up to the rounding of another processor's kernels.
inline bool same_values(const torch::Tensor& ours, const torch::Tensor& pythons) {
  if (ours.sizes() != pythons.sizes()) return false;
  const double scale = pythons.abs().max().item<double>();
  return (ours - pythons).abs().max().item<double>() <= 1e-4 * scale;
}

/// fill() of export.py: values by a formula, the same in both languages.
inline void fill(data::NamedTensors& tensors) {
  std::int64_t k = 0;
  for (auto& [name, tensor] : tensors) {
    const auto i = torch::arange(tensor.numel(), torch::kInt64);
    auto u = (i * 7919 + 104729 * k++).remainder(65521).to(torch::kFloat64) / 65521.0 * 2.0 - 1.0;
    if (tensor.dim() > 1) {
      u = u * std::sqrt(6.0 / static_cast<double>(tensor[0].numel()));
    } else if (name.ends_with("running_var")) {
      u = 1.0 + 0.5 * u;
    } else {
      u = name.ends_with("weight") ? 0.5 + 0.1 * u : 0.1 * u;
    }
    tensor = u.view(tensor.sizes()).to(torch::kFloat32);
  }
}

/// The tensors of torchvision's resnet18 or resnet50, classifier and counters left out, filled as export.py
/// fills them.
inline data::NamedTensors resnet_tensors(const std::string& architecture) {
  recipe::Network network;
  network.encoder = architecture;
  const auto module = network::make_encoder(network);
  data::NamedTensors tensors;
  const auto take = [&](const std::string& name, const torch::Tensor& tensor) {
    if (!name.starts_with("squeeze") && !name.ends_with("num_batches_tracked")) tensors[name] = tensor;
  };
  for (const auto& item : module->named_parameters()) take(item.key(), item.value());
  for (const auto& item : module->named_buffers()) take(item.key(), item.value());
  fill(tensors);
  return tensors;
}

/// What refused it, or "".
template <typename Body>
std::string refusal(Body&& body) {
  try {
    body();
  } catch (const base::Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace taskonomy::tests
