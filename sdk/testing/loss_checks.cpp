// loss.*: one number per image, of this image alone, that tells better predictions from worse ones.
#include <algorithm>
#include <cmath>
#include <string>

#include "batch.hpp"
#include "checks.hpp"

namespace taskonomy::sdk::testing {

namespace {

/// Rounding of sums in float32, whose order may depend on the batch.
bool close(const torch::Tensor& a, const torch::Tensor& b) {
  return a.sizes() == b.sizes() && torch::allclose(a, b, 1e-4, 1e-6);
}

Finding per_image(Subject& subject) {
  Problems problems;
  const auto expect = [&](const torch::Tensor& loss, std::int64_t images, const std::string& of) {
    const bool fits = loss.defined() && loss.scalar_type() == torch::kFloat32 &&
                      loss.sizes() == torch::IntArrayRef({images});
    problems.expect(fits, "the loss of " + std::to_string(images) + of + " is " + text_of(loss) +
                              ", expected float [" + std::to_string(images) + "]");
  };
  for (const std::int64_t images : {std::int64_t{1}, kImages})
    expect(loss_of(subject, make_batch(subject, images)), images, " images");
  Batch half = make_batch(subject, kImages);
  half.prediction = half.prediction.to(torch::kBFloat16);  // what mixed precision hands over
  expect(loss_of(subject, half), kImages, " images predicted in bfloat16");
  return problems.finding();
}

Finding finite_loss(Subject& subject) {
  Problems problems;
  const Batch batch = make_batch(subject, kImages);
  const torch::Tensor loss = loss_of(subject, batch);
  problems.expect(all_finite(loss), "the loss of an ordinary batch is not finite");
  const torch::Tensor gradient = gradient_of(subject, batch);
  problems.expect(!gradient.defined() || all_finite(gradient), "its gradient is not finite");
  return problems.finding("mean " + text_of(loss.to(torch::kFloat64).mean().item<double>()));
}

/// Neither more images nor other ones beside it change what an image costs.
Finding batch_independent(Subject& subject) {
  Problems problems;
  const Batch batch = make_batch(subject, kImages);
  const torch::Tensor together = sound_loss_of(subject, batch);
  const torch::Tensor first = sound_loss_of(subject, picked(batch, {0}));
  problems.expect(close(first, together.slice(0, 0, 1)),
                  "an image costs " + text_of(first[0].item<double>()) + " alone and " +
                      text_of(together[0].item<double>()) + " as the first of " + std::to_string(kImages));
  Batch other = batch;
  other.prediction = batch.prediction.clone();
  other.prediction[1].mul_(-3.0).add_(5.0);
  const torch::Tensor changed = sound_loss_of(subject, other);
  const double moved = std::max(distance(changed[0], together[0]), distance(changed[2], together[2]));
  problems.expect(moved == 0.0,
                  "another prediction for one image moves the loss of another by " + text_of(moved));
  return problems.finding();
}

Finding permutation(Subject& subject) {
  Problems problems;
  const Batch batch = make_batch(subject, kImages);
  const torch::Tensor expected = sound_loss_of(subject, batch).index_select(0, torch::tensor({2, 0, 1}));
  const torch::Tensor loss = sound_loss_of(subject, picked(batch, {2, 0, 1}));
  problems.expect(close(loss, expected), "the images in another order have losses " +
                                             text_of(distance(loss, expected)) +
                                             " away from the losses in that order");
  return problems.finding();
}

/// Steps away from the best prediction, small and large, must not pay.
Finding least_at_target(Subject& subject) {
  Batch batch = make_batch(subject, kImages);
  const auto best = best_prediction(subject, batch);
  if (!best) throw NotApplicable{"the record does not tell which prediction equals the target"};
  Problems problems;
  batch.prediction = *best;
  const torch::Tensor least = sound_loss_of(subject, batch);
  const TensorSpec& spec = subject.info().prediction;
  auto generator = at::detail::createCPUGenerator(subject.options().seed);
  for (const double step : {0.01, 0.1, 1.0}) {
    const torch::Tensor noise = torch::randn(best->sizes(), generator, torch::kFloat32);
    batch.prediction = (*best + step * noise).clamp(spec.low, spec.high);
    const double gain = (least - sound_loss_of(subject, batch)).max().item<double>();
    problems.expect(
        gain <= 1e-5 * (1.0 + least.abs().max().item<double>()),
        "a step of " + text_of(step) + " away from the target lowers the loss by " + text_of(gain));
  }
  return problems.finding("loss there: " + text_of(least.max().item<double>()));
}

Finding depends_on_prediction(Subject& subject) {
  Problems problems;
  const Batch batch = make_batch(subject, kImages);
  (void)sound_loss_of(subject, batch);
  const torch::Tensor gradient = gradient_of(subject, batch);
  if (!gradient.defined()) return {Outcome::fail, "no gradient reaches the prediction"};
  const torch::Tensor largest = std::get<0>(gradient.abs().flatten(1).max(1));
  problems.expect(largest.ne(0.0).all().item<bool>(), "the gradient of an image's prediction is zero");
  return problems.finding("largest gradients: " + text_of(largest.min().item<double>()) + " to " +
                          text_of(largest.max().item<double>()));
}

/// Along a direction d, |d| <= 1 in every element: (L(p + hd) - L(p - hd)) / 2h against <gradient, d>, where
/// d is the gradient's own direction or random. A loss that computes in float32 whatever it gets is measured
/// with a longer step and a wider tolerance.
Finding gradcheck(Subject& subject) {
  Problems problems;
  Batch batch = make_batch(subject, kImages);
  (void)sound_loss_of(subject, batch);
  batch.prediction = batch.prediction.to(torch::kFloat64);
  const torch::Tensor gradient = gradient_of(subject, batch);
  if (!gradient.defined())
    throw NotApplicable{"no gradient reaches the prediction; see loss.depends_on_prediction"};
  const torch::Tensor start = batch.prediction;
  const bool precise = loss_of(subject, batch).scalar_type() == torch::kFloat64;
  const double step = precise ? 1e-6 : 1e-3, tolerance = precise ? 1e-4 : 0.02;
  const auto loss_at = [&](const torch::Tensor& prediction) {
    batch.prediction = prediction;
    return loss_of(subject, batch).to(torch::kFloat64).sum().item<double>();
  };
  auto generator = at::detail::createCPUGenerator(subject.options().seed);
  const torch::Tensor random = torch::rand(start.sizes(), generator, torch::kFloat64) * 2.0 - 1.0;
  const torch::Tensor steepest = gradient / gradient.abs().max().clamp_min(1e-30);
  for (const torch::Tensor& direction : {steepest, random}) {
    const double expected = (gradient * direction).sum().item<double>();
    const double measured =
        (loss_at(start + step * direction) - loss_at(start - step * direction)) / (2.0 * step);
    const double scale = (gradient * direction).abs().sum().item<double>();
    problems.expect(std::abs(measured - expected) <= tolerance * scale + 1e-7,
                    "the gradient says " + text_of(expected) +
                        " along a direction in which the loss rises by " + text_of(measured));
  }
  return problems.finding(precise ? "in double" : "in float32: the loss does not compute in double");
}

}  // namespace

std::vector<Check> loss_checks() {
  return {
      make_check(
          "loss.per_image", Level::quick,
          "the loss is float32 [B], one number per image: tournaments compare images, only the trainer "
          "averages",
          "average over all dimensions but the first: masked_mean(), l1_loss() of losses.hpp", per_image),
      make_check("loss.finite", Level::quick, "the loss of an ordinary batch and its gradient are finite",
                 "look for log(0), sqrt at 0 and division by a count that may be 0", finite_loss),
      make_check("loss.batch_independent", Level::quick,
                 "an image's loss does not depend on the other images of its batch",
                 "do not normalise by statistics or counts of the whole batch", batch_independent),
      make_check("loss.permutation", Level::full, "images in another order have their losses in that order",
                 "treat every image of the batch alike", permutation),
      make_check("loss.least_at_target", Level::full, "no prediction is better than the target itself",
                 "check the sign of the loss, and that prediction and target are in the same units",
                 least_at_target),
      make_check("loss.depends_on_prediction", Level::quick,
                 "a gradient reaches the prediction of every image, or nothing is learnt",
                 "avoid detach(), item(), rounding and comparisons between prediction and loss",
                 depends_on_prediction),
      make_check("loss.gradcheck", Level::full,
                 "the gradient is the derivative of the loss, measured by finite differences in double",
                 "avoid detach() of a part of the loss; check the backward of a custom autograd function",
                 gradcheck),
  };
}

}  // namespace taskonomy::sdk::testing
