// The promises about decoders: shape, gradients, seeds.
#include <cmath>
#include <sstream>

#include "tests/plugins/subject.hpp"

namespace taskonomy::tests {

namespace {

using Problems = std::vector<std::string>;

void expect(Problems& problems, bool kept, const std::string& otherwise) {
  if (!kept) problems.push_back(otherwise);
}

/// [B, views*C, h, w], the same for the same seed.
torch::Tensor representation(const sdk::DecoderConfig& config, std::int64_t images) {
  auto generator = at::detail::createCPUGenerator(21);
  return torch::randn({images, config.in_channels * config.views, config.in_side, config.in_side}, generator,
                      torch::kFloat32);
}

std::shared_ptr<sdk::Decoder> seeded_decoder(const Subject& subject, const sdk::DecoderConfig& config,
                                             std::uint64_t seed) {
  torch::manual_seed(seed);
  return subject.task->make_decoder(config);
}

Problems shape(const Subject& subject) {
  Problems problems;
  for (const std::int64_t channels : {8, 16, 24}) {
    for (const std::int64_t images : {1, 3}) {
      sdk::DecoderConfig config = subject.decoder_config();
      config.in_channels = channels;
      const auto decoder = seeded_decoder(subject, config, 1);
      decoder->eval();
      const torch::NoGradGuard no_grad;
      const auto prediction = decoder->forward(representation(config, images));
      auto expected = subject.shape(subject.info().prediction);
      expected.insert(expected.begin(), images);
      std::ostringstream text;
      text << "from [" << images << "," << channels * config.views << ",h,w] comes " << prediction.sizes()
           << ", the record says " << torch::IntArrayRef(expected);
      expect(problems, prediction.sizes() == torch::IntArrayRef(expected), text.str());
      const auto& spec = subject.info().prediction;
      expect(problems, prediction.ge(spec.low).logical_and(prediction.le(spec.high)).all().item<bool>(),
             "predictions leave the record's range");
    }
  }
  return problems;
}

Problems gradients(const Subject& subject) {
  Problems problems;
  const auto config = subject.decoder_config();
  const auto decoder = seeded_decoder(subject, config, 1);
  decoder->train();
  const auto batch = make_batch(subject, 4, 31);
  const auto input = representation(config, 4).requires_grad_(true);
  subject.task->loss(decoder->forward(input), batch.target, batch.mask).mean().backward();
  const auto check = [&](const std::string& name, const torch::Tensor& gradient) {
    if (!gradient.defined()) {
      problems.push_back("no gradient reaches " + name);
      return;
    }
    expect(problems, torch::isfinite(gradient).all().item<bool>(),
           "the gradient of " + name + " is not finite");
    // A bias in front of a batch norm has none worth mentioning; a weight must have one.
    if (gradient.dim() > 1)
      expect(problems, gradient.abs().max().item<float>() > 0.0F, "the gradient of " + name + " is zero");
  };
  expect(problems, !decoder->parameters().empty(), "the decoder has no parameters");
  for (const auto& parameter : decoder->named_parameters()) check(parameter.key(), parameter.value().grad());
  check("the representation", input.grad());
  return problems;
}

Problems seeds(const Subject& subject) {
  Problems problems;
  const auto config = subject.decoder_config();
  const auto first = seeded_decoder(subject, config, 5)->named_parameters();
  const auto again = seeded_decoder(subject, config, 5)->named_parameters();
  const auto other = seeded_decoder(subject, config, 6)->named_parameters();
  bool differs = false;
  for (const auto& parameter : first) {
    expect(problems, same(parameter.value(), again[parameter.key()]),
           parameter.key() + " differs for the same seed");
    differs = differs || !same(parameter.value(), other[parameter.key()]);
  }
  expect(problems, differs, "another seed gives the same weights");
  return problems;
}

}  // namespace

std::vector<Check> decoder_checks() {
  return {{"predictions have the record's shape and range for 8, 16 and 24 channels, 1 and 3 images", shape},
          {"gradients reach every parameter and the representation", gradients},
          {"the same seed gives the same weights", seeds}};
}

}  // namespace taskonomy::tests
