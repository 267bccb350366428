// loss.*: masks, extreme predictions, other devices, and nothing changed on the way.
#include <cmath>
#include <limits>
#include <string>

#include "batch.hpp"
#include "checks.hpp"

namespace taskonomy::sdk::testing {

namespace {

void require_mask(const Subject& subject) {
  if (subject.info().mask == MaskKind::none) throw NotApplicable{"the record says that there is no mask"};
}

/// A batch with something hidden in every kind of mask.
Batch partly_hidden(const Subject& subject) {
  require_mask(subject);
  Batch batch = make_batch(subject, kImages);
  if (subject.info().mask == MaskKind::image) batch.mask[1].fill_(false);
  return batch;
}

/// The batch with NaN (an integral target: 127) in the target under the mask.
Batch poisoned(const Batch& batch) {
  Batch other = batch;
  const torch::Tensor hidden = hidden_places(batch, batch.target);
  other.target = batch.target.is_floating_point()
                     ? batch.target.masked_fill(hidden, std::numeric_limits<double>::quiet_NaN())
                     : batch.target.masked_fill(hidden, 127);
  return other;
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

/// The meta device computes shapes alone, so it shows where a loss makes tensors on the CPU, on machines
/// without a GPU, too.
Finding device_agnostic(Subject& subject) {
  Batch batch = make_batch(subject, kImages);
  const auto moved = [](const torch::Tensor& tensor) {
    return tensor.defined() ? tensor.to(torch::kMeta) : tensor;
  };
  batch = {moved(batch.prediction), moved(batch.target), moved(batch.mask)};
  torch::Tensor loss;
  try {
    loss = loss_of(subject, batch);
  } catch (const c10::NotImplementedError&) {
    const std::string reason = text_of_exception();  // Could not run 'aten::where.self' with arguments ...
    throw NotApplicable{"on the meta device: " + reason.substr(0, reason.find(" with arguments"))};
  }
  Problems problems;
  problems.expect(loss.defined() && loss.is_meta(),
                  "the loss of tensors on another device lies on " +
                      (loss.defined() ? loss.device().str() : std::string("no device")));
  return problems.finding();
}

}  // namespace

std::vector<Check> loss_mask_checks() {
  return {
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
      make_check("loss.device_agnostic", Level::full,
                 "the loss computes on the device of its arguments (tried on the meta device)",
                 "make new tensors with prediction.options(), keep constants with to(prediction.device())",
                 device_agnostic),
  };
}

}  // namespace taskonomy::sdk::testing
