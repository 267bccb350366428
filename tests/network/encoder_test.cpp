// Encoders: sizes of the paper, names of torchvision, weights that survive a round trip.
#include "core/network/encoder.hpp"

#include "core/base/error.hpp"
#include "core/network/weights.hpp"
#include "tests/support/testing.hpp"

namespace taskonomy::network {

namespace {

recipe::Network named(const std::string& encoder) {
  recipe::Network network;
  network.encoder = encoder;
  return network;
}

}  // namespace

TEST_CASE("representations have the side and channels that the method names") {
  const torch::NoGradGuard no_grad;
  struct Row {
    const char* encoder;
    std::int64_t side, expected;
  };
  for (const Row& row : {Row{"resnet50", 256, 16}, Row{"resnet18", 128, 8}, Row{"resnet_small", 64, 8},
                         Row{"resnet_small", 128, 16}}) {
    auto network = make_encoder(named(row.encoder));
    network->eval();
    const auto representation = network->forward(torch::zeros({1, 3, row.side, row.side}));
    CHECK_MESSAGE(representation.sizes() == torch::IntArrayRef({1, 8, row.expected, row.expected}),
                  row.encoder);
    CHECK(row.side / stride_of(row.encoder) == row.expected);
  }
}

TEST_CASE("resnet50 has torchvision's parameters: 161 less the two of its classifier, by name and shape") {
  std::map<std::string, torch::Tensor> parameters;
  for (const auto& item : make_encoder(named("resnet50"))->named_parameters())
    if (!item.key().starts_with("squeeze")) parameters[item.key()] = item.value();
  CHECK(parameters.size() == 159);
  CHECK(parameters.at("conv1.weight").sizes() == torch::IntArrayRef({64, 3, 7, 7}));
  CHECK(parameters.at("layer1.0.downsample.0.weight").sizes() == torch::IntArrayRef({256, 64, 1, 1}));
  CHECK(parameters.at("layer3.5.conv2.weight").sizes() == torch::IntArrayRef({256, 256, 3, 3}));
  CHECK(parameters.at("layer4.2.bn3.weight").sizes() == torch::IntArrayRef({2048}));
  std::int64_t count = 0;
  for (const auto& [name, parameter] : parameters) count += parameter.numel();
  CHECK(count == 23508032);  // torchvision's 25,557,032 less 2048 * 1000 + 1000
}

TEST_CASE("weights survive a round trip; missing and misshapen ones are named") {
  torch::manual_seed(1);
  auto first = make_encoder(named("resnet_small"));
  auto second = make_encoder(named("resnet_small"));
  auto weights = weights_of(*first, "encoder.");
  load_weights(*second, weights, "encoder.");
  first->eval();
  second->eval();
  const auto images = torch::randn({2, 3, 64, 64});
  CHECK(torch::equal(first->forward(images), second->forward(images)));

  weights["encoder.conv1.weight"] = torch::zeros({1});
  CHECK_THROWS_WITH_AS(load_weights(*second, weights, "encoder."), doctest::Contains("conv1.weight"),
                       base::Error);
  weights.erase("encoder.conv1.weight");
  CHECK_THROWS_WITH_AS(load_weights(*second, weights, "encoder."), doctest::Contains("missing"), base::Error);
}

TEST_CASE("a side that does not fit names the nearest that does") {
  CHECK_THROWS_WITH_AS(require_side(named("resnet_small"), 60), doctest::Contains("64"), base::Error);
  CHECK_THROWS_WITH_AS(require_side(named("resnet50"), 8), doctest::Contains("32"), base::Error);
  CHECK_NOTHROW(require_side(named("resnet_small"), 96));
}

}  // namespace taskonomy::network
