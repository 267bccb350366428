#include "core/network/first_weights.hpp"

#include <algorithm>

#include "core/base/error.hpp"
#include "core/network/encoder.hpp"

namespace taskonomy::network {

namespace {

const std::string kEncoder = "encoder.", kDecoder = "decoder.", kSqueeze = "squeeze.";

/// The tensors whose names begin with `prefix`, without it.
data::NamedTensors under(const std::string& prefix, const data::NamedTensors& tensors) {
  data::NamedTensors part;
  for (const auto& [name, tensor] : tensors)
    if (name.starts_with(prefix)) part[name.substr(prefix.size())] = tensor;
  return part;
}

Weights with_prefix(const std::string& prefix, const Weights& weights) {
  Weights named;
  for (const auto& [name, tensor] : weights) named[prefix + name] = tensor;
  return named;
}

/// The first dimension of a tensor, 0 where it is not there.
std::int64_t outputs_of(const std::string& name, const data::NamedTensors& tensors) {
  const auto found = tensors.find(name);
  return found == tensors.end() || found->second.dim() == 0 ? 0 : found->second.size(0);
}

/// Refuses what one key of the recipe explains, before tensors are compared one by one.
void require_size(const data::NamedTensors& given, const recipe::Network& network) {
  const auto require = [&](const std::string& tensor, const std::string& key, std::int64_t wanted) {
    const std::int64_t there = outputs_of(tensor, given);
    if (there > 0 && there != wanted)
      throw base::Error("its encoder has " + key + " " + std::to_string(there) + ", this recipe's " +
                        std::to_string(wanted) + ": set [encoder] " + key + " = " + std::to_string(there) +
                        ", or take a start of " + key + " " + std::to_string(wanted));
  };
  if (network.encoder == "resnet_small") require("conv1.weight", "width", network.width);
  require("squeeze.0.weight", "channels", network.channels);
}

/// Makes a first convolution that reads ImageNet's normalisation, and the batch normalisation behind it, read
/// images in [-1,1]: with x = 2 p - 1, (p - m) / d = x / (2 d) + (0.5 - m) / d.
void read_plain_images(Weights& weights) {
  const recipe::Pretrained imagenet;
  const auto per_channel = [](const std::vector<double>& numbers) {
    return torch::tensor(numbers, torch::kFloat32).view({1, -1, 1, 1});
  };
  const auto mean = per_channel(imagenet.mean), deviation = per_channel(imagenet.deviation);
  auto& kernel = weights.at("conv1.weight");  // [64,3,7,7]
  const auto constant = (kernel * ((0.5 - mean) / deviation)).sum({1, 2, 3});
  auto& running = weights.at("bn1.running_mean");
  running = running - constant;
  kernel = kernel / (2.0 * deviation);
}

}  // namespace

Weights first_weights_of_encoder(const data::NamedTensors& tensors, const recipe::Network& network) {
  const torch::NoGradGuard no_grad;
  Weights wanted = weights_of(*make_encoder(network));
  const std::string name = "encoder \"" + network.encoder + "\"";
  if (const auto own = under(kEncoder, tensors); !own.empty()) {
    require_size(own, network);
    return with_prefix(kEncoder, fitting_weights(own, wanted, name));
  }
  if (network.encoder == "resnet_small")
    throw base::Error(
        "holds no tensors \"encoder.*\", and torchvision has no encoder \"resnet_small\": set [encoder] name "
        "= \"resnet18\" or \"resnet50\", or take a network of another run (RUN/sources/TASK.safetensors)");
  std::erase_if(wanted, [](const auto& item) { return item.first.starts_with(kSqueeze); });
  auto weights = fitting_weights(tensors, wanted, name);
  read_plain_images(weights);
  return with_prefix(kEncoder, weights);
}

std::string decoder_difference(const data::NamedTensors& tensors, const torch::nn::Module& decoder) {
  const auto given = under(kDecoder, tensors);
  const auto wanted = weights_of(decoder);
  if (given.empty()) return "it has no decoder";
  if (!std::equal(given.begin(), given.end(), wanted.begin(), wanted.end(),
                  [](const auto& a, const auto& b) { return a.first == b.first; }))
    return "its decoder is another network";
  for (const auto& [name, tensor] : wanted) {
    const auto& there = given.at(name);
    if (there.sizes() == tensor.sizes()) continue;
    const bool outputs =
        tensor.dim() > 0 && there.dim() == tensor.dim() && there.sizes().slice(1) == tensor.sizes().slice(1);
    return outputs ? "its decoder gives " + std::to_string(there.size(0)) + " channels, here " +
                         std::to_string(tensor.size(0))
                   : "its decoder's " + name + " is " + data::describe(there) + ", here " +
                         data::describe(tensor);
  }
  for (const auto& [name, tensor] : given)
    if (!tensor.isfinite().all().item<bool>())
      throw base::Error("\"decoder." + name + "\" holds NaN or infinity");
  return "";
}

Weights first_weights_of_decoder(const data::NamedTensors& tensors) {
  return with_prefix(kDecoder, under(kDecoder, tensors));
}

void load_first_weights(torch::nn::Module& module, const Weights& weights) {
  Weights all = weights_of(module);
  for (const auto& [name, tensor] : weights) all[name] = tensor;
  load_weights(module, all);
}

}  // namespace taskonomy::network
