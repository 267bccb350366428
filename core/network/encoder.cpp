#include "core/network/encoder.hpp"

#include <taskonomy/sdk/detail/fused_norm.hpp>

#include "core/base/error.hpp"
#include "core/host/boundary.hpp"
#include "core/network/resnet.hpp"

namespace taskonomy::network {

namespace {

namespace nn = torch::nn;
using sdk::detail::norm_relu;
using std::int64_t;

/// torchvision's ResNet to 1/16 of the image side, then a convolution to the representation ("squeeze").
template <typename Block>
class ResNet : public ResNetTrunk<Block> {
 public:
  ResNet(const std::array<int64_t, 4>& blocks, int64_t channels)
      : ResNetTrunk<Block>(blocks, kHostStrides),
        squeeze_(conv3x3(this->channels(), channels)),
        squeeze_norm_(channels) {
    this->register_module("squeeze", nn::Sequential(squeeze_, squeeze_norm_));
  }

  torch::Tensor forward(const torch::Tensor& images) override {
    return norm_relu(*squeeze_norm_, squeeze_(ResNetTrunk<Block>::forward(images)));
  }

 private:
  nn::Conv2d squeeze_;
  nn::BatchNorm2d squeeze_norm_;
};

/// For images of 64 to 128 pixels: the stem and two of the five basic blocks halve the resolution.
class ResNetSmall : public Encoder {
 public:
  ResNetSmall(int64_t width, int64_t channels)
      : squeeze_(conv3x3(4 * width, channels)), squeeze_norm_(channels) {
    conv1_ = register_module("conv1", conv3x3(3, width, 2));
    bn1_ = register_module("bn1", nn::BatchNorm2d(width));
    blocks_ = register_module(
        "blocks", nn::Sequential(BasicBlock(width, width, 1), BasicBlock(width, 2 * width, 2),
                                 BasicBlock(2 * width, 2 * width, 1), BasicBlock(2 * width, 4 * width, 2),
                                 BasicBlock(4 * width, 4 * width, 1)));
    register_module("squeeze", nn::Sequential(squeeze_, squeeze_norm_));
  }

  torch::Tensor forward(const torch::Tensor& images) override {
    return norm_relu(*squeeze_norm_, squeeze_(blocks_->forward(norm_relu(*bn1_, conv1_(images)))));
  }

 private:
  nn::Conv2d conv1_{nullptr}, squeeze_;
  nn::BatchNorm2d bn1_{nullptr}, squeeze_norm_;
  nn::Sequential blocks_{nullptr};
};

}  // namespace

int64_t stride_of(const std::string& architecture) { return architecture == "resnet_small" ? 8 : 16; }

void require_side(const recipe::Network& network, int64_t side) {
  const int64_t stride = stride_of(network.encoder);
  if (side >= 2 * stride && side % stride == 0) return;
  const int64_t nearest = std::max(2 * stride, (side + stride / 2) / stride * stride);
  throw base::Error("[data] side: " + std::to_string(side) + " pixels do not fit encoder \"" +
                    network.encoder + "\", which divides the side by " + std::to_string(stride) +
                    "; the nearest side that fits is " + std::to_string(nearest));
}

std::shared_ptr<Encoder> make_encoder(const recipe::Network& network) {
  if (network.encoder == "resnet50")
    return std::make_shared<ResNet<Bottleneck>>(kResNet50Blocks, network.channels);
  if (network.encoder == "resnet18")
    return std::make_shared<ResNet<BasicBlock>>(kResNet18Blocks, network.channels);
  if (network.encoder == "resnet_small")
    return std::make_shared<ResNetSmall>(network.width, network.channels);
  throw base::Error("[network] encoder: unknown \"" + network.encoder +
                    "\"; known: resnet50, resnet18, resnet_small");
}

sdk::DecoderConfig decoder_config(const recipe::Network& network, int64_t side, const sdk::TaskInfo& task,
                                  int64_t in_channels) {
  const bool paper =
      network.decoder == "paper" || (network.decoder == "auto" && network.encoder != "resnet_small");
  return {.in_channels = in_channels,
          .in_side = sdk::input_side(task, side) / stride_of(network.encoder),
          .side = side,
          .views = sdk::input_views(task),
          .paper_size = paper};
}

std::shared_ptr<sdk::Decoder> make_decoder(const sdk::Task& task, const sdk::DecoderConfig& config) {
  return host::call_task(task.info().id, "make_decoder", [&] {
    auto decoder = task.make_decoder(config);
    if (decoder == nullptr) throw base::Error("gave no decoder");
    return decoder;
  });
}

}  // namespace taskonomy::network
