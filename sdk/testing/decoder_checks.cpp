// decoder.*: what a decoder predicts, and that it learns.
#include <algorithm>
#include <cmath>
#include <ctime>
#include <limits>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>

#include <torch/optim/adam.h>
#include <taskonomy/sdk/components.hpp>
#include <taskonomy/sdk/extensions.hpp>

#include "batch.hpp"
#include "checks.hpp"

namespace taskonomy::sdk::testing {

namespace {

/// A fresh decoder's prediction for `images` images, whose shape is compared with the record's.
torch::Tensor expect_prediction(Problems& problems, const Subject& subject, std::int64_t channels,
                                std::int64_t images) {
  const DecoderConfig config = subject.decoder_config(channels);
  const torch::Tensor representation = representations(config, images);
  const torch::Tensor prediction = prediction_of(*seeded_decoder(subject, config), representation);
  auto shape = shape_of(subject.info().prediction, subject.side(), subject.side());
  shape.insert(shape.begin(), images);
  const bool fits = prediction.defined() && prediction.sizes() == torch::IntArrayRef(shape) &&
                    prediction.scalar_type() == torch::kFloat32;
  problems.expect(fits, "from " + text_of(representation) + " comes " + text_of(prediction) +
                            ", the record says float " + text_of(torch::IntArrayRef(shape)));
  return prediction;
}

Finding prediction_shape(Subject& subject) {
  Problems problems;
  const TensorSpec& spec = subject.info().prediction;
  const torch::Tensor prediction = expect_prediction(problems, subject, 8, 3);
  if (!problems.empty()) return problems.finding();
  problems.expect(all_finite(prediction), "predictions are not finite");
  const double low = prediction.min().item<double>(), high = prediction.max().item<double>();
  problems.expect(low >= spec.low && high <= spec.high, "predictions reach from " + text_of(low) + " to " +
                                                            text_of(high) + ", the record says " +
                                                            text_of(spec.low) + " to " + text_of(spec.high));
  return problems.finding(text_of(prediction));
}

Finding single_image(Subject& subject) {
  Problems problems;
  (void)expect_prediction(problems, subject, 8, 1);
  return problems.finding();
}

Finding channels(Subject& subject) {
  Problems problems;
  for (const std::int64_t channels : {8, 16, 24}) (void)expect_prediction(problems, subject, channels, 2);
  return problems.finding();
}

/// The sum of all predictions, each times its own random factor, so that no symmetry cancels a gradient.
torch::Tensor random_projection(const torch::Tensor& prediction) {
  auto generator = at::detail::createCPUGenerator(9);
  return (prediction * torch::randn(prediction.sizes(), generator, torch::kFloat32)).sum();
}

Finding gradient(Subject& subject) {
  constexpr std::int64_t kImages = 4;
  Problems problems;
  const DecoderConfig config = subject.decoder_config();
  const auto decoder = seeded_decoder(subject, config);
  const torch::Tensor input = representations(config, kImages).requires_grad_(true);
  random_projection(decoder->forward(input)).backward();
  const auto expect = [&](const std::string& name, const torch::Tensor& gradient) {
    if (!problems.expect(gradient.defined(), "no gradient reaches " + name)) return;
    problems.expect(all_finite(gradient), "the gradient of " + name + " is not finite");
    // A bias in front of a batch norm has none worth mentioning; a weight must have one.
    const bool zero = gradient.dim() > 1 && gradient.abs().max().item<double>() == 0.0;
    problems.expect(!zero, "the gradient of " + name + " is zero");
  };
  problems.expect(!decoder->parameters().empty(), "the decoder has no parameters");
  for (const auto& parameter : decoder->named_parameters()) expect(parameter.key(), parameter.value().grad());
  expect("the representation", input.grad());
  const Batch batch = make_batch(subject, kImages);
  const torch::Tensor loss = subject.task().loss(decoder->forward(input.detach()), batch.target, batch.mask);
  problems.expect(all_finite(loss), "the loss of fresh predictions is not finite");
  return problems.finding(std::to_string(decoder->parameters().size()) + " parameter tensors");
}

Finding target_untouched(Subject& subject) {
  Problems problems;
  const Example example = example_of(subject, subject.sample());
  for (const auto& [name, tensor] :
       {std::pair<const char*, torch::Tensor>{"target", example.target}, {"input", example.input}}) {
    problems.expect(!tensor.defined() || !tensor.requires_grad(),
                    std::string("the ") + name + " that make_example returns carries a graph");
  }
  const Batch batch = make_batch(subject, 2);
  const torch::Tensor before = batch.target.clone();
  const DecoderConfig config = subject.decoder_config();
  const torch::Tensor prediction = seeded_decoder(subject, config)->forward(representations(config, 2));
  const torch::Tensor loss = subject.task().loss(prediction, batch.target, batch.mask);
  if (loss.requires_grad()) loss.sum().backward();
  problems.expect(same(before, batch.target), "a training step changes the target");
  return problems.finding();
}

/// Learning four images by heart, with Adam as the host's trainer does.
struct Overfit {
  double first = 0.0;    ///< mean loss of fresh predictions
  double last = 0.0;     ///< mean loss at the end
  double swapped = 0.0;  ///< mean loss at the end with each image's prediction held against another's target
  double floor = 0.0;    ///< mean loss of the best prediction, 0 where that is not known
  int steps = 0;

  /// The loss has fallen by two fifths of what it can.
  [[nodiscard]] bool learnt() const { return last - floor <= 0.6 * (first - floor); }
  /// Predictions are the images' own. One that is the same for all images has swapped == last.
  [[nodiscard]] bool told_apart() const { return swapped - last >= 0.005 * (first - floor); }
};

/// Trains until all is well, 80 steps at most.
Overfit overfitted(const Subject& subject, const Batch& batch, double floor, bool labels_differ) {
  constexpr int kSteps = 80;
  const DecoderConfig config = subject.decoder_config();
  const auto decoder = seeded_decoder(subject, config);
  const torch::Tensor input = representations(config, batch.target.size(0));
  torch::optim::Adam adam(decoder->parameters(), torch::optim::AdamOptions(0.01));
  Overfit result{.floor = floor};
  for (; result.steps < kSteps; ++result.steps) {
    adam.zero_grad();
    const torch::Tensor prediction = decoder->forward(input);
    const torch::Tensor loss = subject.task().loss(prediction, batch.target, batch.mask).mean();
    result.last = loss.item<double>();
    if (!std::isfinite(result.last))
      throw std::runtime_error("the loss is not finite after " + std::to_string(result.steps) + " steps");
    if (!loss.requires_grad()) throw std::runtime_error("no gradient reaches the decoder");
    if (result.steps == 0) result.first = result.last;
    loss.backward();
    result.swapped =
        loss_of(subject, {prediction.detach().roll(1, 0), batch.target, batch.mask}).mean().item<double>();
    if (result.learnt() && (result.told_apart() || !labels_differ)) break;
    adam.step();
  }
  return result;
}

Finding overfits(Subject& subject) {
  const Batch batch = make_batch(subject, 4);
  double floor = 0.0;
  if (const auto best = best_prediction(subject, batch))
    floor = loss_of(subject, {*best, batch.target, batch.mask}).mean().item<double>();
  const bool labels_differ = !same(batch.target, batch.target.roll(1, 0));
  const Overfit result = overfitted(subject, batch, floor, labels_differ);
  const std::string seen = "loss " + text_of(result.first) + ", after " + std::to_string(result.steps) +
                           " steps on four images " + text_of(result.last) +
                           ", with their predictions swapped " + text_of(result.swapped) +
                           ", best possible " + text_of(floor);
  Problems problems;
  problems.expect(result.learnt(), "hardly learns: " + seen);
  problems.expect(result.told_apart() || !labels_differ, "predicts the same for every image: " + seen);
  return problems.finding(seen);
}

Finding budget(Subject& subject) {
  constexpr std::int64_t kMostParameters = 10'000'000, kImages = 4;
  constexpr double kMostSeconds = 0.5;
  const DecoderConfig config = subject.decoder_config();
  const auto decoder = seeded_decoder(subject, config);
  std::int64_t parameters = 0;
  for (const auto& parameter : decoder->parameters()) parameters += parameter.numel();
  const torch::Tensor input = representations(config, kImages);
  double seconds = std::numeric_limits<double>::infinity();
  for (int attempt = 0; attempt < 3 && seconds > kMostSeconds; ++attempt) {
    const std::clock_t start = std::clock();  // of the processor: other programs do not count
    random_projection(decoder->forward(input)).backward();
    seconds = std::min(seconds, static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
  }
  Problems problems;
  const std::string millions = text_of(static_cast<double>(parameters) / 1e6) + " million parameters";
  problems.advise(parameters <= kMostParameters,
                  millions + "; a transfer split is small, and every transfer trains them anew");
  const std::string time = text_of(1000.0 * seconds) + " ms a step of " + std::to_string(kImages) + " images";
  problems.advise(seconds <= kMostSeconds, time + "; a run trains hundreds of such decoders");
  return problems.finding(millions + ", " + time);
}

/// Each number that people read has a name of its own and comes out of a prediction.
Finding components(Subject& subject) {
  const auto* named = extension_of<Components>(subject.task());
  if (named == nullptr) throw NotApplicable{"the task offers no taskonomy.components/1"};
  Problems problems;
  std::set<std::string> seen;
  for (const auto& [name, unit] : named->components()) {
    const bool sound = !name.empty() &&
                       name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_.") == std::string::npos;
    problems.expect(sound, "the name \"" + name + "\" is not made of a-z, 0-9, _ and .");
    problems.expect(seen.insert(name).second, "two components are called \"" + name + "\"");
  }
  problems.expect(!seen.empty(), "components() is empty");
  const torch::Tensor prediction = make_batch(subject, 1).prediction[0], kept = prediction.clone();
  const torch::Tensor values = named->in_units(prediction);
  const auto count = static_cast<std::int64_t>(named->components().size());
  problems.expect(values.defined() && values.scalar_type() == torch::kFloat32 &&
                      values.sizes() == torch::IntArrayRef({count}),
                  "in_units gives " + text_of(values) + ", expected float32 [" + std::to_string(count) + "]");
  problems.expect(same(prediction, kept), "in_units changes the prediction");
  return problems.finding();
}

}  // namespace

std::vector<Check> decoder_checks() {
  return {
      make_check(
          "decoder.shape", Level::quick, "predictions have the shape and the range that the record states",
          "compare TaskInfo::prediction with what forward() returns; side and in_side are in DecoderConfig",
          prediction_shape),
      make_check("decoder.single_image", Level::full, "a batch of one image works in evaluation mode",
                 "avoid squeeze() without a dimension", single_image),
      make_check("decoder.components", Level::full,
                 "each number that people read has a name of its own, and predictions are told in its unit",
                 "let in_units() return one number for each of components(), in their order", components),
      make_check("decoder.channels", Level::full,
                 "representations of 8, 16 and 24 channels work: joined sources have 8 each",
                 "take the width from DecoderConfig::in_channels * views", channels),
      make_check(
          "decoder.gradient", Level::quick,
          "a gradient reaches every parameter and the representation, and the loss of a fresh decoder is "
          "finite",
          "use every registered layer in forward(), without detach() or NoGradGuard", gradient),
      make_check("decoder.target_untouched", Level::full,
                 "no gradient goes into the target, and a training step does not change it",
                 "make labels under torch::NoGradGuard, without parameters that learn", target_untouched),
      make_check(
          "decoder.overfits", Level::full,
          "decoder and loss can learn four images by heart, or they will not learn thousands",
          "look for a dead activation, a bounded output that cannot reach the target, a loss that is flat",
          overfits),
      make_check("decoder.budget", Level::pedantic,
                 "a decoder stays below 10 million parameters and half a second for four small images",
                 "make_pixel_decoder() and make_vector_decoder() have a few 100,000 parameters", budget),
  };
}

}  // namespace taskonomy::sdk::testing
