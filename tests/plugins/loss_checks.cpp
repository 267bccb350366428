// The promises about losses: one per image, independent of the rest of the batch, blind to what the mask
// hides.
#include <limits>
#include <sstream>

#include "tests/plugins/subject.hpp"

namespace taskonomy::tests {

namespace {

using Problems = std::vector<std::string>;
constexpr std::int64_t kImages = 3;

void expect(Problems& problems, bool kept, const std::string& otherwise) {
  if (!kept) problems.push_back(otherwise);
}

bool all_finite(const torch::Tensor& tensor) {
  return tensor.defined() && torch::isfinite(tensor).all().item<bool>();
}

bool close(const torch::Tensor& a, const torch::Tensor& b) {
  return a.sizes() == b.sizes() && torch::allclose(a, b, 1e-4, 1e-6);
}

torch::Tensor loss_of(const Subject& subject, const Batch& batch) {
  return subject.task->loss(batch.prediction, batch.target, batch.mask);
}

/// Images `order` of a batch, in that order.
Batch picked(const Batch& batch, const std::vector<std::int64_t>& order) {
  const auto index = torch::tensor(order);
  const auto pick = [&](const torch::Tensor& tensor) {
    return tensor.defined() ? tensor.index_select(0, index) : tensor;
  };
  return {pick(batch.prediction.detach()), pick(batch.target), pick(batch.mask)};
}

/// Gradient of the summed loss with respect to the prediction.
torch::Tensor gradient_of(const Subject& subject, const Batch& batch) {
  const auto prediction = batch.prediction.detach().clone().requires_grad_(true);
  const auto loss = subject.task->loss(prediction, batch.target, batch.mask);
  return torch::autograd::grad({loss.sum()}, {prediction}, {}, {}, false, true)[0];
}

Problems one_per_image(const Subject& subject) {
  Problems problems;
  for (const std::int64_t images : {std::int64_t{1}, kImages}) {
    const auto loss = loss_of(subject, make_batch(subject, images, 11));
    std::ostringstream text;
    text << "loss of " << images << " images is " << loss.dtype() << " " << loss.sizes()
         << ", expected float32 [B]";
    expect(problems, loss.scalar_type() == torch::kFloat32 && loss.sizes() == torch::IntArrayRef({images}),
           text.str());
    expect(problems, all_finite(loss), "the loss of an ordinary batch is not finite");
  }
  return problems;
}

Problems batch_independent(const Subject& subject) {
  Problems problems;
  const auto batch = make_batch(subject, kImages, 11);
  const auto together = loss_of(subject, batch).detach();
  if (together.dim() != 1) return {"the loss has no batch dimension"};
  for (std::int64_t image = 0; image < kImages; ++image) {
    expect(problems, close(loss_of(subject, picked(batch, {image})), together.slice(0, image, image + 1)),
           "the loss of an image alone differs from its loss within a batch");
  }
  expect(
      problems,
      close(loss_of(subject, picked(batch, {2, 0, 1})), together.index_select(0, torch::tensor({2, 0, 1}))),
      "another order of the images is not the same order of the losses");
  Batch other = batch;
  other.prediction = batch.prediction.detach().clone();
  other.prediction[1].fill_(100.0);
  const auto changed = loss_of(subject, other);
  expect(problems, changed[0].item<float>() == together[0].item<float>(),
         "the prediction for one image changes the loss of another");
  return problems;
}

Problems depends_on_prediction(const Subject& subject) {
  Problems problems;
  const auto batch = make_batch(subject, kImages, 11);
  const auto gradient = gradient_of(subject, batch);
  if (!gradient.defined()) return {"no gradient reaches the prediction"};
  expect(problems, all_finite(gradient), "the gradient is not finite");
  expect(problems, gradient.flatten(1).abs().amax(1).gt(0.0).all().item<bool>(),
         "the gradient of an image is zero");
  const auto& info = subject.info();
  // Where a prediction can equal its target, nothing is better.
  if (info.prediction.shape == info.target.shape && info.target.shape.size() == 3) {
    Batch perfect = batch;
    perfect.prediction = batch.target.to(torch::kFloat32);
    expect(problems, loss_of(subject, perfect).lt(loss_of(subject, batch)).all().item<bool>(),
           "the target itself is not better than noise");
  }
  return problems;
}

Problems blind_under_mask(const Subject& subject) {
  Problems problems;
  if (subject.info().mask == sdk::MaskKind::none) return problems;
  Batch batch = make_batch(subject, kImages, 11);
  if (subject.info().mask == sdk::MaskKind::image) batch.mask[1].fill_(false);
  const auto expected = loss_of(subject, batch).detach();
  auto hidden = batch.mask.logical_not();
  while (hidden.dim() < batch.target.dim()) hidden = hidden.unsqueeze(-1);
  Batch poisoned = batch;
  poisoned.target = batch.target.is_floating_point()
                        ? batch.target.masked_fill(hidden, std::numeric_limits<double>::quiet_NaN())
                        : batch.target.masked_fill(hidden, 255);
  expect(problems, close(loss_of(subject, poisoned), expected),
         "what the target holds under the mask changes the loss");
  const auto gradient = gradient_of(subject, poisoned);
  expect(problems, all_finite(gradient), "NaN under the mask reaches the gradient");
  if (gradient.defined()) {
    auto wide = batch.mask.logical_not();
    while (wide.dim() < gradient.dim()) wide = wide.unsqueeze(-1);
    expect(problems, gradient.masked_select(wide).abs().sum().item<double>() == 0.0,
           "masked places have a gradient");
  }
  return problems;
}

Problems empty_mask(const Subject& subject) {
  Problems problems;
  if (subject.info().mask == sdk::MaskKind::none) return problems;
  Batch batch = make_batch(subject, kImages, 11);
  batch.mask[0].fill_(false);
  const auto loss = loss_of(subject, batch);
  const auto gradient = gradient_of(subject, batch);
  expect(problems, all_finite(loss), "the loss under an empty mask is not finite");
  expect(problems, all_finite(gradient), "the gradient under an empty mask is not finite");
  expect(problems, gradient.defined() && gradient[0].abs().sum().item<double>() == 0.0,
         "the gradient under an empty mask is not zero");
  batch.mask.fill_(false);
  expect(problems, all_finite(loss_of(subject, batch)), "the loss of a batch of empty masks is not finite");
  return problems;
}

Problems large_predictions(const Subject& subject) {
  Problems problems;
  for (const double value : {1e4, -1e4}) {
    Batch batch = make_batch(subject, kImages, 11);
    batch.prediction = torch::full_like(batch.prediction.detach(), value);
    batch.prediction.select(1, 0).neg_();  // and both signs side by side
    expect(problems, all_finite(loss_of(subject, batch)),
           "predictions of +-1e4 make the loss infinite or NaN");
    expect(problems, all_finite(gradient_of(subject, batch)),
           "predictions of +-1e4 make the gradient infinite or NaN");
  }
  return problems;
}

Problems nothing_in_place(const Subject& subject) {
  Problems problems;
  const Batch batch = make_batch(subject, kImages, 11);
  const auto prediction = batch.prediction.detach().clone(), target = batch.target.clone();
  const auto mask = batch.mask.defined() ? batch.mask.clone() : batch.mask;
  (void)loss_of(subject, batch);
  expect(problems, same(prediction, batch.prediction.detach()), "loss changed the prediction");
  expect(problems, same(target, batch.target), "loss changed the target");
  expect(problems, same(mask, batch.mask), "loss changed the mask");
  return problems;
}

}  // namespace

std::vector<Check> loss_checks() {
  return {{"the loss is one finite float32 per image", one_per_image},
          {"an image's loss does not depend on the rest of the batch", batch_independent},
          {"the loss depends on the prediction and is least at the target", depends_on_prediction},
          {"nothing under the mask reaches loss or gradient", blind_under_mask},
          {"an empty mask has a finite loss and no gradient", empty_mask},
          {"predictions of +-1e4 have finite losses and gradients", large_predictions},
          {"loss changes nothing in place", nothing_in_place}};
}

}  // namespace taskonomy::tests
