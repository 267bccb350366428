// Networks that begin with weights from elsewhere: our own names, torchvision's, and what is refused.
#include <limits>

#include "core/network/first_weights.hpp"
#include "core/network/pretrained_encoder.hpp"
#include "core/network/resnet.hpp"
#include "tests/network/exported.hpp"
#include "tests/support/text.hpp"

namespace taskonomy::network {

using namespace tests;

namespace {

recipe::Network small(std::int64_t width = 4, std::int64_t channels = 3) {
  recipe::Network network;
  network.width = width;
  network.channels = channels;
  return network;
}

/// An encoder after some statistics were taken, as a run's file has it.
data::NamedTensors trained_encoder(const recipe::Network& network) {
  torch::manual_seed(5);
  const auto encoder = make_encoder(network);
  encoder->train();
  const torch::NoGradGuard no_grad;
  static_cast<void>(encoder->forward(torch::rand({4, 3, 16, 16})));
  return weights_of(*encoder, "encoder.");
}

}  // namespace

TEST_CASE("an encoder begins as a run's encoder ended, its running statistics with it") {
  const auto tensors = trained_encoder(small());
  const auto weights = first_weights_of_encoder(tensors, small());
  torch::manual_seed(6);
  const auto encoder = make_encoder(small());
  Weights bare;
  for (const auto& [name, tensor] : weights) bare[name.substr(std::string("encoder.").size())] = tensor;
  load_first_weights(*encoder, bare);
  for (const auto& [name, tensor] : weights_of(*encoder, "encoder.")) {
    if (name.ends_with("num_batches_tracked")) continue;
    CHECK_MESSAGE(torch::equal(tensor, tensors.at(name)), name);
  }
  CHECK_FALSE(torch::equal(weights.at("encoder.bn1.running_mean"), torch::zeros({4})));
}

TEST_CASE("weights that are not given stay as they are") {
  torch::manual_seed(6);
  const auto encoder = make_encoder(small());
  const auto before = weights_of(*encoder);
  load_first_weights(*encoder, {{"bn1.weight", torch::full({4}, 7.0)}});
  for (const auto& [name, tensor] : weights_of(*encoder))
    CHECK_MESSAGE(torch::equal(tensor, before.at(name)) == (name != "bn1.weight"), name);
}

TEST_CASE("torchvision's first layer answers images in [-1,1] as it answers ImageNet's normalisation") {
  const auto tensors = resnet_tensors("resnet18");
  recipe::Network network;
  network.encoder = "resnet18";
  const auto weights = first_weights_of_encoder(tensors, network);
  CHECK(weights.count("encoder.squeeze.0.weight") == 0);
  CHECK(torch::equal(weights.at("encoder.layer3.1.conv2.weight"), tensors.at("layer3.1.conv2.weight")));

  const recipe::Pretrained imagenet;
  const auto channels = [](const std::vector<double>& numbers) {
    return torch::tensor(numbers, torch::kFloat64).view({1, 3, 1, 1});
  };
  torch::manual_seed(3);
  const auto pixels = torch::rand({2, 3, 20, 20}, torch::kFloat64);
  const auto answer = [](const torch::Tensor& images, const torch::Tensor& kernel,
                         const torch::Tensor& mean) {
    const auto maps = torch::conv2d(images, kernel.to(torch::kFloat64));  // without padding
    return maps - mean.to(torch::kFloat64).view({1, -1, 1, 1});
  };
  const auto ours =
      answer(2.0 * pixels - 1.0, weights.at("encoder.conv1.weight"), weights.at("encoder.bn1.running_mean"));
  const auto theirs = answer((pixels - channels(imagenet.mean)) / channels(imagenet.deviation),
                             tensors.at("conv1.weight"), tensors.at("bn1.running_mean"));
  CHECK(torch::allclose(ours, theirs, 1e-4, 1e-4));
}

TEST_CASE("weights of another encoder are refused with the key that makes them fit") {
  const auto tensors = trained_encoder(small());
  const auto message = [](const data::NamedTensors& given, const recipe::Network& network) {
    return refusal([&] { static_cast<void>(first_weights_of_encoder(given, network)); });
  };
  CHECK(has(message(tensors, small(8)), "set [encoder] width = 4"));
  CHECK(has(message(tensors, small(4, 5)), "set [encoder] channels = 3"));
  recipe::Network resnet;
  resnet.encoder = "resnet18";
  resnet.channels = 3;
  CHECK(has(message(tensors, resnet), "encoder \"resnet18\""));
  CHECK(
      has(message(resnet_tensors("resnet18"), small()), "set [encoder] name = \"resnet18\" or \"resnet50\""));

  auto lacking = tensors;
  lacking.erase("encoder.conv1.weight");
  CHECK(has(message(lacking, small()), "lacks 1 of the"));
  auto infinite = tensors;
  infinite["encoder.bn1.bias"] = torch::full({4}, std::numeric_limits<float>::quiet_NaN());
  CHECK(has(message(infinite, small()), "NaN or infinity: bn1.bias"));
}

TEST_CASE("a decoder that does not fit says what differs") {
  const auto decoder = [](std::int64_t outputs) {
    return torch::nn::Sequential(torch::nn::Conv2d(3, 5, 3), torch::nn::Conv2d(5, outputs, 3));
  };
  const auto wide = decoder(40);
  const auto tensors = weights_of(*wide, "decoder.");
  CHECK(decoder_difference(tensors, *decoder(40)).empty());
  CHECK(decoder_difference(tensors, *decoder(14)) == "its decoder gives 40 channels, here 14");
  CHECK(decoder_difference({}, *wide) == "it has no decoder");
  CHECK(decoder_difference(tensors, *torch::nn::Sequential(torch::nn::Conv2d(3, 40, 3))) ==
        "its decoder is another network");
  CHECK(decoder_difference(tensors,
                           *torch::nn::Sequential(torch::nn::Conv2d(3, 5, 3), torch::nn::Conv2d(5, 40, 1))) ==
        "its decoder's 1.weight is [40, 5, 3, 3] Float, here [40, 5, 1, 1] Float");
  auto infinite = tensors;
  infinite["decoder.1.bias"] = torch::full({40}, std::numeric_limits<float>::infinity());
  CHECK(has(refusal([&] { static_cast<void>(decoder_difference(infinite, *wide)); }), "NaN or infinity"));
}

}  // namespace taskonomy::network
