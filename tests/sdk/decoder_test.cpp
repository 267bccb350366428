// The decoders: shapes, and the folded upsampling against the two operations that it stands for.
#include <torch/autograd.h>
#include <taskonomy/sdk/decoder.hpp>

#include "tests/support/testing.hpp"

namespace taskonomy::sdk {

namespace {

torch::Tensor parameter(const Decoder& decoder, const std::string& name) {
  for (const auto& item : decoder.named_parameters())
    if (item.key() == name) return item.value();
  for (const auto& item : decoder.named_buffers())
    if (item.key() == name) return item.value();
  FAIL("no parameter ", name);
  return {};
}

/// The small pixel decoder written out with nearest-neighbour upsampling and plain 3x3 convolutions.
torch::Tensor written_out(const Decoder& decoder, torch::Tensor x) {
  const auto at = [&](int layer, const std::string& name) {
    return parameter(decoder, "layers." + std::to_string(layer) + "." + name);
  };
  x = torch::conv2d(x, at(0, "weight"), at(0, "bias"), 1, 1);
  for (int level = 0; level < 3; ++level) {
    const int first = 1 + 3 * level;
    x = torch::upsample_nearest2d(x, c10::IntArrayRef{2 * x.size(2), 2 * x.size(3)});
    x = torch::conv2d(x, at(first, "weight"), {}, 1, 1);
    x = torch::batch_norm(x, at(first + 1, "weight"), at(first + 1, "bias"), {}, {}, true, 0.1, 1e-5, false);
    x = torch::relu(x);
  }
  return torch::conv2d(x, at(10, "weight"), at(10, "bias"), 1, 1);
}

}  // namespace

TEST_CASE("folded upsampling equals nearest x2 followed by a 3x3 convolution, forward and backward") {
  for (const std::int64_t in_side : {1, 4, 12}) {
    CAPTURE(in_side);
    torch::manual_seed(3);
    const auto decoder = make_pixel_decoder({.in_channels = 5, .in_side = in_side, .side = 8 * in_side}, 2);
    const auto input = torch::randn({3, 5, in_side, in_side}).set_requires_grad(true);
    const auto ours = decoder->forward(input);
    const auto reference = written_out(*decoder, input);
    CHECK(torch::allclose(ours, reference, 1e-4, 1e-5));

    const auto direction = torch::randn_like(ours);
    auto inputs = decoder->parameters();
    inputs.push_back(input);
    const auto our_gradients = torch::autograd::grad({ours}, inputs, {direction});
    const auto reference_gradients = torch::autograd::grad({reference}, inputs, {direction});
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      CAPTURE(i);
      const double largest = reference_gradients[i].abs().max().item<double>();
      CHECK((our_gradients[i] - reference_gradients[i]).abs().max().item<double>() <= 1e-4 * largest + 1e-5);
    }
  }
}

TEST_CASE("folded upsampling: statistics for judgement are those of the image, and judgement goes by them") {
  torch::manual_seed(4);
  const auto decoder = make_pixel_decoder({.in_channels = 5, .in_side = 4, .side = 8}, 2);
  const auto input = torch::randn({2, 5, 4, 4});
  const torch::NoGradGuard no_grad;
  for (int step = 0; step < 200; ++step) (void)decoder->forward(input);  // until they are those of this batch
  auto x = torch::conv2d(input, parameter(*decoder, "layers.0.weight"), parameter(*decoder, "layers.0.bias"),
                         1, 1);
  x = torch::upsample_nearest2d(x, c10::IntArrayRef{8, 8});
  x = torch::conv2d(x, parameter(*decoder, "layers.1.weight"), {}, 1, 1);
  CHECK(torch::allclose(parameter(*decoder, "layers.2.running_mean"), x.mean({0, 2, 3}), 1e-4, 1e-5));
  CHECK(torch::allclose(parameter(*decoder, "layers.2.running_var"), x.var({0, 2, 3}), 1e-4, 1e-5));
  const auto trained = decoder->forward(input);
  decoder->eval();
  CHECK(torch::allclose(decoder->forward(input), trained, 1e-2, 1e-2));
  const torch::AutoGradMode gradients(true);  // judged without the fused gradient
  CHECK(torch::allclose(decoder->forward(input), trained, 1e-2, 1e-2));
}

TEST_CASE("decoders give the promised shapes") {
  for (const bool paper : {false, true}) {
    const DecoderConfig config{.in_channels = 4, .in_side = 8, .side = 32, .views = 2, .paper_size = paper};
    const auto representation = torch::randn({2, 8, 8, 8});
    CHECK(make_pixel_decoder(config, 3)->forward(representation).sizes() == torch::IntArrayRef{2, 3, 32, 32});
    CHECK(make_vector_decoder(config, 7)->forward(representation).sizes() == torch::IntArrayRef{2, 7});
    CHECK(
        make_pixel_decoder(config, 1, Range::tanh)->forward(100 * representation).abs().max().item<float>() <=
        1.f);
  }
}

TEST_CASE("the small vector decoder tells left from right, and stays small") {
  torch::manual_seed(4);
  const auto decoder = make_vector_decoder({.in_channels = 8, .in_side = 8}, 6);
  decoder->eval();
  auto left = torch::zeros({1, 8, 8, 8});
  left.index_put_({0, torch::indexing::Slice(), torch::indexing::Slice(3, 5), 2}, 1.0);
  const auto right = left.roll({3}, {3});  // the same thing elsewhere: average and maximum cannot tell
  const torch::NoGradGuard no_grad;
  CHECK((decoder->forward(left) - decoder->forward(right)).abs().max().item<float>() > 1e-4f);
  std::int64_t numbers = 0;
  for (const auto& weights : decoder->parameters()) numbers += weights.numel();
  CHECK(numbers < 100000);
}

TEST_CASE("the paper's vector decoder has the hidden layers asked for") {
  const DecoderConfig config{.in_channels = 2, .in_side = 4, .side = 64, .paper_size = true};
  const auto decoder = make_vector_decoder(config, 5, HiddenLayers{.count = 3, .width = 16});
  CHECK(parameter(*decoder, "layers.0.weight").sizes() == torch::IntArrayRef{16, 32});
  CHECK(parameter(*decoder, "layers.8.weight").sizes() == torch::IntArrayRef{16, 16});
  CHECK(parameter(*decoder, "layers.12.weight").sizes() == torch::IntArrayRef{5, 16});
}

TEST_CASE("a ratio that is no power of two is refused") {
  CHECK_THROWS_AS(make_pixel_decoder({.in_side = 0, .side = 32}, 1), std::invalid_argument);
  CHECK_THROWS_AS(make_pixel_decoder({.in_side = 8, .side = 48}, 1), std::invalid_argument);
  CHECK_THROWS_AS(make_pixel_decoder({.in_side = 16, .side = 8}, 1), std::invalid_argument);
}

}  // namespace taskonomy::sdk
