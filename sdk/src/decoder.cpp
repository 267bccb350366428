// The decoders of the paper and their small versions for 64-128 pixels.
#include <taskonomy/sdk/decoder.hpp>

#include <algorithm>
#include <stdexcept>
#include <string>

#include "upsample_conv.hpp"

namespace taskonomy::sdk {

namespace {

namespace nn = torch::nn;
using std::int64_t;

/// Number of times x2 leads from in_side to side.
int doublings(const DecoderConfig& config) {
  int count = 0;
  int64_t side = config.in_side;
  for (; side < config.side; side *= 2) ++count;
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

/// Method.md step I: 15 layers with 4 doublings (16 -> 256). Other ratios keep the pattern from the coarse
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
    const auto output = layers_->forward(representation);
    return range_ == Range::tanh ? torch::tanh(output) : output;
  }

 private:
  nn::Sequential layers_{nullptr};
  Range range_;
};

/// Average and maximum over the image, then one hidden layer: few parameters, because transfer splits are
/// small.
class PooledVectorDecoder : public Decoder {
 public:
  PooledVectorDecoder(const DecoderConfig& config, int64_t outputs) {
    constexpr int64_t kWidth = 64, kHidden = 128;
    stem_ = register_module("stem", nn::Sequential(conv3x3(config.in_channels * config.views, kWidth, false),
                                                   nn::BatchNorm2d(kWidth), nn::ReLU(nn::ReLUOptions(true))));
    head_ = register_module("head",
                            nn::Sequential(nn::Linear(2 * kWidth, kHidden), nn::BatchNorm1d(kHidden),
                                           nn::ReLU(nn::ReLUOptions(true)), nn::Linear(kHidden, outputs)));
  }
  torch::Tensor forward(const torch::Tensor& representation) override {
    const auto maps = stem_->forward(representation).to(torch::kFloat32);
    return head_->forward(torch::cat({maps.mean({2, 3}), maps.amax({2, 3})}, 1));
  }

 private:
  nn::Sequential stem_{nullptr}, head_{nullptr};
};

/// Method.md step I: flatten, `hidden` layers of 2048 units with BN, ReLU and dropout 0.5, linear.
class PaperVectorDecoder : public Decoder {
 public:
  PaperVectorDecoder(const DecoderConfig& config, int64_t outputs, int hidden) {
    layers_ = register_module("layers", nn::Sequential());
    int64_t width = config.in_channels * config.views * config.in_side * config.in_side;
    for (int layer = 0; layer < hidden; ++layer) {
      layers_->push_back(nn::Linear(width, 2048));
      layers_->push_back(nn::BatchNorm1d(2048));
      layers_->push_back(nn::ReLU(nn::ReLUOptions(true)));
      layers_->push_back(nn::Dropout(0.5));
      width = 2048;
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
  if (config.paper_size) return std::make_shared<PaperVectorDecoder>(config, outputs, hidden);
  return std::make_shared<PooledVectorDecoder>(config, outputs);
}

}  // namespace taskonomy::sdk
