#include "core/network/pretrained_encoder.hpp"

#include <vector>

#include "core/base/error.hpp"
#include "core/base/files.hpp"

namespace taskonomy::network {

namespace {

/// Larger batches go through the backbone in parts of this size: 64 examples of nine tiles each, resized to
/// 224 pixels, would take gigabytes in a ResNet-50.
constexpr std::int64_t kImagesAtOnce = 32;

/// Three numbers as [1,3,1,1].
torch::Tensor per_channel(const std::vector<double>& numbers, const torch::Tensor& like) {
  return torch::tensor(numbers, like.options()).view({1, -1, 1, 1});
}

}  // namespace

std::unique_ptr<Backbone> open_backbone(const recipe::Pretrained& source, torch::Device device) {
  // MappedFile and TensorFile name the file in their own errors.
  if (source.is_torchscript()) {
    const base::MappedFile readable(source.file);
    return base::with_context(source.file.string(), [&] { return open_torchscript(source, device); });
  }
  const auto weights = data::TensorFile(source.file).all();
  return base::with_context(source.file.string(), [&] { return open_torchvision(source, weights, device); });
}

void check_pretrained_file(const recipe::Pretrained& source) {
  base::with_context(source.where + ": [sources." + source.id + "]", [&] {
    if (source.is_torchscript()) {
      const base::MappedFile readable(source.file);
      base::with_context(source.file.string(), [&] { check_torchscript(source); });
    } else {
      static_cast<void>(open_backbone(source, torch::kCPU));
    }
  });
}

torch::Tensor resize(const torch::Tensor& maps, std::int64_t side) {
  if (maps.size(2) == side && maps.size(3) == side) return maps;
  return torch::_upsample_bilinear2d_aa(maps, {side, side}, /*align_corners=*/false);
}

PretrainedEncoder::PretrainedEncoder(const recipe::Pretrained& source, std::unique_ptr<Backbone> backbone,
                                     std::int64_t side)
    : source_(source), backbone_(std::move(backbone)), side_(side) {}

torch::Tensor PretrainedEncoder::normalise(const torch::Tensor& images) const {
  const auto sized = (source_.side > 0 ? resize(images, source_.side) : images).contiguous();
  const double black = source_.range[0], white = source_.range[1];
  const auto scaled = (sized + 1.0) * ((white - black) / 2.0) + black;
  return (scaled - per_channel(source_.mean, scaled)) / per_channel(source_.deviation, scaled);
}

torch::Tensor PretrainedEncoder::features(const torch::Tensor& images) {
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> pieces;
  for (const auto& part : images.split(kImagesAtOnce)) {
    auto maps = backbone_->features(normalise(part));
    if (maps.dim() == 2) maps = maps.view({maps.size(0), -1, 1, 1});
    if (!maps.isfinite().all().item<bool>()) throw base::Error("gives NaN or infinity for some images");
    pieces.push_back(resize(maps.contiguous(), side_));
  }
  return torch::cat(pieces);
}

torch::Tensor PretrainedEncoder::forward(const torch::Tensor& images) {
  const auto maps = features(images);
  if (!projection_.mean.defined() || maps.size(1) != projection_.mean.size(0))
    throw std::logic_error("pretrained encoder: a projection of another number of channels");
  const auto places = maps.permute({0, 2, 3, 1}) - projection_.mean;  // [B,h,h,K]
  return torch::matmul(places, projection_.basis).permute({0, 3, 1, 2});
}

void PretrainedEncoder::set_projection(const Projection& projection) { projection_ = projection; }

}  // namespace taskonomy::network
