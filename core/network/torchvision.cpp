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

constexpr std::size_t kNamed = 3;  // wrong tensors that a message names; the rest are counted

/// Whether a buffer merely counts training batches, which the network's output does not depend on.
bool is_counter(const std::string& name) { return name.ends_with("num_batches_tracked"); }
bool is_classifier(const std::string& name) { return name == "fc.weight" || name == "fc.bias"; }

/// What keeps the tensors of a file from being those of an architecture.
class Comparison {
 public:
  Comparison(const Weights& wanted, const Weights& given) {
    for (const auto& [name, tensor] : wanted) {
      if (is_counter(name)) continue;
      ++all_;
      const auto found = given.find(name);
      if (found == given.end()) {
        missing_.push_back(name);
      } else if (found->second.sizes() != tensor.sizes()) {
        misshapen_.push_back(name + " is " + data::describe(found->second) + " and not " +
                             data::describe(tensor));
      } else if (!found->second.isfinite().all().item<bool>()) {
        infinite_.push_back(name);
      }
    }
    for (const auto& [name, tensor] : given)
      if (wanted.count(name) == 0 && !is_counter(name) && !is_classifier(name)) left_over_.push_back(name);
  }

  /// Throws Error with the first kind of difference that explains the others.
  void require_none(const std::string& architecture) const {
    const std::string of = " of the " + std::to_string(all_) + " tensors of " + architecture;
    if (!missing_.empty())
      throw base::Error("lacks " + std::to_string(missing_.size()) + of + ": " +
                        base::join_first(missing_, ", ", kNamed) + nearest());
    if (!left_over_.empty())
      throw base::Error("holds tensors, " + std::to_string(left_over_.size()) + " in all, that " +
                        architecture + " lacks: " + base::join_first(left_over_, ", ", kNamed) +
                        "; is it another architecture?");
    if (!misshapen_.empty())
      throw base::Error(std::to_string(misshapen_.size()) + of +
                        " have another shape: " + base::join_first(misshapen_, ", ", kNamed));
    if (!infinite_.empty())
      throw base::Error(std::to_string(infinite_.size()) + of +
                        " hold NaN or infinity: " + base::join_first(infinite_, ", ", kNamed));
  }

 private:
  /// Advice on the first missing name. Often all names merely have a prefix.
  [[nodiscard]] std::string nearest() const {
    const std::string& first = missing_.front();
    for (const auto& name : left_over_)
      if (name.ends_with("." + first))
        return "; it holds \"" + name + "\": take \"" + name.substr(0, name.size() - first.size()) +
               "\" off its names";
    return base::did_you_mean(first, left_over_);
  }

  std::size_t all_ = 0;
  std::vector<std::string> missing_, left_over_, misshapen_, infinite_;
};

Weights to_float32(const data::NamedTensors& tensors) {
  Weights weights;
  for (const auto& [name, tensor] : tensors) weights[name] = tensor.to(torch::kFloat32);
  return weights;
}

template <typename Block>
class ResNetBackbone : public Backbone {
 public:
  ResNetBackbone(const recipe::Pretrained& source, const data::NamedTensors& tensors,
                 const std::array<std::int64_t, 4>& blocks, torch::Device device)
      : trunk_(blocks, kTorchvisionStrides),
        last_(source.output.empty() ? 4 : static_cast<std::size_t>(source.output.back() - '0')) {
    auto given = to_float32(tensors);
    const auto wanted = weights_of(trunk_);
    Comparison(wanted, given).require_none(source.architecture);
    for (const auto& [name, tensor] : wanted)
      if (is_counter(name)) given[name] = tensor;
    load_weights(trunk_, given);
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
