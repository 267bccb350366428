// The decoders of the paper and their small versions for 64-128 pixels.
#include <algorithm>
#include <stdexcept>
#include <string>

#include <torch/nn.h>
#include <taskonomy/sdk/decoder.hpp>
#include <taskonomy/sdk/detail/fused_norm.hpp>

#include "sdk/src/detail/upsample_conv.hpp"

namespace taskonomy::sdk {

namespace {

namespace nn = torch::nn;
using std::int64_t;

/// How many doublings lead from in_side to side.
int doublings(const DecoderConfig& config) {
  int count = 0;
  int64_t side = config.in_side;
  for (; side > 0 && side < config.side; side *= 2) ++count;
  if (config.in_side < 1 || side != config.side)
    throw std::invalid_argument("pixel decoder: image side " + std::to_string(config.side) +
                                " is not the representation's side " + std::to_string(config.in_side) +
                                " times a power of two");
  return count;
}

nn::Conv2d conv3x3(int64_t in, int64_t out, bool bias) {
  return nn::Conv2d(nn::Conv2dOptions(in, out, 3).padding(1).bias(bias));
}

/// 3x3 conv to 64, x2 to 48, 32, 24, 16, 16, ..., 3x3 conv out.
nn::Sequential small_pixel_layers(const DecoderConfig& config, int64_t out_channels) {
  nn::Sequential layers;
  layers->push_back(conv3x3(config.in_channels * config.views, 64, true));
  int64_t channels = 64;
  for (int level = 0; level < doublings(config); ++level) {
    constexpr int64_t widths[] = {48, 32, 24, 16};
    const int64_t next = widths[std::min(level, 3)];
    layers->push_back(UpsampleConv(channels, next));
    layers->push_back(nn::BatchNorm2d(next));
    layers->push_back(nn::ReLU(nn::ReLUOptions(true)));
    channels = next;
  }
  layers->push_back(conv3x3(channels, out_channels, true));
  return layers;
}

void push_normalised(nn::Sequential& layers, int64_t channels) {
  layers->push_back(nn::BatchNorm2d(channels));
  layers->push_back(nn::LeakyReLU(nn::LeakyReLUOptions().negative_slope(0.2).inplace(true)));
}

/// Method.md, step I: 15 layers with 4 doublings (16 -> 256). Other ratios keep the pattern from the coarse
/// end.
nn::Sequential paper_pixel_layers(const DecoderConfig& config, int64_t out_channels) {
  nn::Sequential layers;
  int64_t channels = config.in_channels * config.views;
  for (const int64_t next : {1024, 1024, 512, 256, 256, 128}) {
    layers->push_back(conv3x3(channels, next, false));
    push_normalised(layers, next);
    channels = next;
  }
  const int count = doublings(config);
  for (int level = 0; level < count; ++level) {
    const int64_t next = std::max<int64_t>(16, 64 >> level);
    layers->push_back(
        nn::ConvTranspose2d(nn::ConvTranspose2dOptions(channels, next, 4).stride(2).padding(1).bias(false)));
    push_normalised(layers, next);
    if (level + 1 < count) {
      layers->push_back(conv3x3(next, next, false));
      push_normalised(layers, next);
    }
    channels = next;
  }
  layers->push_back(conv3x3(channels, out_channels, true));
  return layers;
}

class PixelDecoder : public Decoder {
 public:
  PixelDecoder(const DecoderConfig& config, int64_t out_channels, Range range) : range_(range) {
    layers_ = register_module("layers", config.paper_size ? paper_pixel_layers(config, out_channels)
                                                          : small_pixel_layers(config, out_channels));
  }
  torch::Tensor forward(const torch::Tensor& representation) override {
    const auto output = detail::forward_fused(layers_, representation);
    return range_ == Range::tanh ? torch::tanh(output) : output;
  }

 private:
  nn::Sequential layers_{nullptr};
  Range range_;
};

/// Two 3x3 convolutions, which join what the views show; then average and maximum over the image, which say
/// what there is, beside a coarse grid of fewer channels, which says where; then one hidden layer. It has few
/// parameters because transfer splits are small.
class SmallVectorDecoder : public Decoder {
 public:
  SmallVectorDecoder(const DecoderConfig& config, int64_t outputs) {
    constexpr int64_t kWidth = 64, kPlaced = 16, kHidden = 128;
    stem_ = register_module("stem", nn::Sequential());
    int64_t channels = config.in_channels * config.views;
    for (int layer = 0; layer < 2; ++layer) {
      stem_->push_back(conv3x3(channels, kWidth, false));
      stem_->push_back(nn::BatchNorm2d(kWidth));
      stem_->push_back(nn::ReLU(nn::ReLUOptions(true)));
      channels = kWidth;
    }
    placed_ = register_module("placed", nn::Conv2d(nn::Conv2dOptions(kWidth, kPlaced, 1)));
    head_ = register_module("head", nn::Sequential(nn::Linear(2 * kWidth + kPlaced * kGrid * kGrid, kHidden),
                                                   nn::BatchNorm1d(kHidden), nn::ReLU(nn::ReLUOptions(true)),
                                                   nn::Linear(kHidden, outputs)));
  }
  torch::Tensor forward(const torch::Tensor& representation) override {
    const auto maps = detail::forward_fused(stem_, representation);
    const auto type = maps.scalar_type() == torch::kFloat64 ? torch::kFloat64 : torch::kFloat32;
    const auto grid = torch::adaptive_avg_pool2d(placed_(maps).to(type), {kGrid, kGrid});
    const auto full = maps.to(type);
    return head_->forward(torch::cat({full.mean({2, 3}), full.amax({2, 3}), grid.flatten(1)}, 1));
  }

 private:
  static constexpr int64_t kGrid = 4;  ///< cells a side
  nn::Sequential stem_{nullptr}, head_{nullptr};
  nn::Conv2d placed_{nullptr};
};

/// Method.md step I: flatten, hidden layers with BN, ReLU and dropout 0.5, linear.
class PaperVectorDecoder : public Decoder {
 public:
  PaperVectorDecoder(const DecoderConfig& config, int64_t outputs, const HiddenLayers& hidden) {
    layers_ = register_module("layers", nn::Sequential());
    int64_t width = config.in_channels * config.views * config.in_side * config.in_side;
    for (int layer = 0; layer < hidden.count; ++layer) {
      layers_->push_back(nn::Linear(width, hidden.width));
      layers_->push_back(nn::BatchNorm1d(hidden.width));
      layers_->push_back(nn::ReLU(nn::ReLUOptions(true)));
      layers_->push_back(nn::Dropout(0.5));
      width = hidden.width;
    }
    layers_->push_back(nn::Linear(width, outputs));
  }
  torch::Tensor forward(const torch::Tensor& representation) override {
    return layers_->forward(representation.flatten(1));
  }

 private:
  nn::Sequential layers_{nullptr};
};

}  // namespace

std::shared_ptr<Decoder> make_pixel_decoder(const DecoderConfig& config, int64_t out_channels, Range range) {
  return std::make_shared<PixelDecoder>(config, out_channels, range);
}

std::shared_ptr<Decoder> make_vector_decoder(const DecoderConfig& config, int64_t outputs, int hidden) {
  return make_vector_decoder(config, outputs, HiddenLayers{.count = hidden});
}

std::shared_ptr<Decoder> make_vector_decoder(const DecoderConfig& config, int64_t outputs,
                                             const HiddenLayers& layers) {
  if (config.paper_size) return std::make_shared<PaperVectorDecoder>(config, outputs, layers);
  return std::make_shared<SmallVectorDecoder>(config, outputs);
}

}  // namespace taskonomy::sdk
