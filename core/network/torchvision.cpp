// Pretrained sources that are weights of torchvision's ResNets. Their files hold no code.
#include <string>
#include <vector>

#include "core/base/error.hpp"
#include "core/base/text.hpp"
#include "core/network/pretrained_encoder.hpp"
#include "core/network/resnet.hpp"
#include "core/network/weights.hpp"

namespace taskonomy::network {

namespace {

template <typename Block>
class ResNetBackbone : public Backbone {
 public:
  ResNetBackbone(const recipe::Pretrained& source, const data::NamedTensors& tensors,
                 const std::array<std::int64_t, 4>& blocks, torch::Device device)
      : trunk_(blocks, kTorchvisionStrides),
        last_(source.output.empty() ? 4 : static_cast<std::size_t>(source.output.back() - '0')) {
    load_weights(trunk_, fitting_weights(tensors, weights_of(trunk_), source.architecture));
    trunk_.eval();
    trunk_.to(device);
  }

  torch::Tensor features(const torch::Tensor& images) override { return trunk_.run_stages(images, last_); }

 private:
  ResNetTrunk<Block> trunk_;
  std::size_t last_;  ///< stage
};

}  // namespace

std::unique_ptr<Backbone> open_torchvision(const recipe::Pretrained& source,
                                           const data::NamedTensors& weights, torch::Device device) {
  const torch::NoGradGuard no_grad;
  if (source.architecture == "resnet18")
    return std::make_unique<ResNetBackbone<BasicBlock>>(source, weights, kResNet18Blocks, device);
  if (source.architecture == "resnet50")
    return std::make_unique<ResNetBackbone<Bottleneck>>(source, weights, kResNet50Blocks, device);
  throw base::Error("unknown architecture \"" + source.architecture +
                    "\"; known: " + base::join(recipe::pretrained_architectures(), ", "));
}

}  // namespace taskonomy::network
