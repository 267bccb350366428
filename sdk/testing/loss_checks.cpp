// loss.*: one number per image, of this image alone, that tells better predictions from worse ones; masks,
// extreme predictions, other devices, and nothing changed on the way.
#include <algorithm>
#include <cmath>
#include <string>

#include "batch.hpp"
#include "checks.hpp"
#include "second_device.hpp"

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
  if (!gradient.defined()) return {Outcome::fail, "no gradient reaches a prediction in double"};
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

Finding mask_respected(Subject& subject) {
  Problems problems;
  const Batch batch = partly_hidden(subject);
  const torch::Tensor expected = sound_loss_of(subject, batch);
  const Batch other = poisoned(batch);
  const double moved = distance(loss_of(subject, other), expected);
  problems.expect(moved <= 1e-6, "NaN in the target under the mask moves the loss by " + text_of(moved));
  Batch changed = batch;
  changed.prediction =
      torch::where(hidden_places(batch, batch.prediction), batch.prediction * -2.0 + 3.0, batch.prediction);
  const double by_prediction = distance(loss_of(subject, changed), expected);
  problems.expect(by_prediction <= 1e-6,
                  "other predictions under the mask move the loss by " + text_of(by_prediction));
  const torch::Tensor gradient = gradient_of(subject, other);
  if (!gradient.defined()) return problems.finding();
  problems.expect(all_finite(gradient), "NaN under the mask reaches the gradient");
  const torch::Tensor hidden = hidden_places(batch, gradient).expand_as(gradient);
  const double largest = gradient.masked_select(hidden).abs().max().item<double>();
  problems.expect(largest == 0.0, "predictions under the mask have gradients up to " + text_of(largest));
  return problems.finding();
}

Finding empty_mask(Subject& subject) {
  require_mask(subject);
  Problems problems;
  Batch batch = make_batch(subject, kImages);
  (void)sound_loss_of(subject, batch);
  batch.mask[0].fill_(false);
  const auto expect = [&](const std::string& when) {
    const torch::Tensor loss = loss_of(subject, batch), gradient = gradient_of(subject, batch);
    problems.expect(all_finite(loss), "the loss " + when + " is not finite");
    if (!gradient.defined()) return;
    problems.expect(all_finite(gradient), "the gradient " + when + " is not finite");
    const double largest = gradient[0].abs().max().item<double>();
    problems.expect(largest == 0.0, "the gradient " + when + " reaches " + text_of(largest));
  };
  expect("of an image with an empty mask");
  batch.mask.fill_(false);
  expect("of a batch of empty masks");
  return problems.finding();
}

Finding large_predictions(Subject& subject) {
  Problems problems;
  const Batch ordinary = make_batch(subject, kImages);
  (void)sound_loss_of(subject, ordinary);
  for (const double value : {1e4, -1e4}) {
    Batch batch = ordinary;
    batch.prediction = torch::full_like(ordinary.prediction, value);
    batch.prediction.select(1, 0).neg_();  // and both signs side by side
    const std::string of = " of predictions of +-" + text_of(std::abs(value)) + " is not finite";
    problems.expect(all_finite(loss_of(subject, batch)), "the loss" + of);
    const torch::Tensor gradient = gradient_of(subject, batch);
    problems.expect(!gradient.defined() || all_finite(gradient), "the gradient" + of);
  }
  return problems.finding();
}

Finding nothing_in_place(Subject& subject) {
  Problems problems;
  const Batch batch = make_batch(subject, kImages);
  const Batch before = picked(batch, {0, 1, 2});  // copies
  (void)loss_of(subject, batch);
  problems.expect(same(batch.prediction, before.prediction), "the loss changed the prediction");
  problems.expect(same(batch.target, before.target), "the loss changed the target");
  problems.expect(same(batch.mask, before.mask), "the loss changed the mask");
  return problems.finding();
}

Finding device_agnostic(Subject& subject) {
  Problems problems;
  const Batch batch = make_batch(subject, kImages);
  const SecondDevice device;
  device.expect_unmixed(problems, [&] {
    const torch::Tensor loss = subject.task().loss(device.moved(batch.prediction), device.moved(batch.target),
                                                   device.moved(batch.mask));
    problems.expect(loss.defined() && loss.device() == device.device(),
                    "the loss of tensors on another device lies on " +
                        (loss.defined() ? loss.device().str() : std::string("no device")));
  });
  return problems.finding();
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
      make_check(
          "loss.mask_respected", Level::quick,
          "what lies under the mask, NaN too, reaches neither loss nor gradient",
          "use torch::where(mask, x, 0) before the arithmetic: NaN * 0 is NaN, also in the backward pass; "
          "l1_loss() and masked_mean() of losses.hpp do",
          mask_respected),
      make_check("loss.empty_mask", Level::quick,
                 "an image with an empty mask has a finite loss and no gradient",
                 "divide by count.clamp_min(1)", empty_mask),
      make_check(
          "loss.large_predictions", Level::full,
          "predictions of +-10000, which happen early in training, have finite losses and gradients",
          "use log_softmax and binary_cross_entropy_with_logits instead of log(softmax) and log(sigmoid)",
          large_predictions),
      make_check("loss.nothing_in_place", Level::quick,
                 "the loss changes neither prediction, target nor mask",
                 "avoid operations whose names end in _ on the arguments", nothing_in_place),
      make_check(
          "loss.device_agnostic", Level::full,
          "the loss computes on the device of its arguments (tried on a device that is none of the CPU's)",
          "make new tensors with prediction.options(), keep constants with to(prediction.device())",
          device_agnostic),
  };
}

}  // namespace taskonomy::sdk::testing
