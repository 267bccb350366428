// Losses per image. Values outside the mask become zero before anything non-linear sees them, so that NaN
// there reaches neither the value nor, by 0 * NaN in a backward pass, the gradient.
#include <taskonomy/sdk/losses.hpp>

#include <algorithm>
#include <sstream>
#include <stdexcept>
#include <vector>

#include "sdk/src/detail/pixel_entropy.hpp"

namespace taskonomy::sdk {

namespace {

/// bfloat16 and half become float32 before the arithmetic; double stays, for numerical gradient checks.
torch::Tensor full_precision(const torch::Tensor& values) {
  const auto type = values.scalar_type();
  return type == torch::kFloat32 || type == torch::kFloat64 ? values : values.to(torch::kFloat32);
}

void require_same_shape(const char* loss, const torch::Tensor& prediction, const torch::Tensor& target) {
  if (prediction.sizes() == target.sizes()) return;
  std::ostringstream message;
  message << loss << ": prediction " << prediction.sizes() << " and target " << target.sizes()
          << " differ in shape";
  throw std::invalid_argument(message.str());
}

/// The mask as bool with the dimensions of values [B,...]: [B] and [B,1] spread over everything behind B.
torch::Tensor fitted_mask(const torch::Tensor& mask, const torch::Tensor& values) {
  torch::Tensor fitted = mask.scalar_type() == torch::kBool ? mask : mask.to(torch::kBool);
  if (fitted.dim() != values.dim()) {
    if (fitted.numel() != values.size(0)) {
      std::ostringstream message;
      message << "mask " << mask.sizes() << " does not fit values " << values.sizes();
      throw std::invalid_argument(message.str());
    }
    std::vector<std::int64_t> shape(static_cast<std::size_t>(values.dim()), 1);
    shape[0] = values.size(0);
    fitted = fitted.reshape(shape);
  }
  return fitted;
}

/// values where the mask is true, 0 elsewhere (also instead of NaN); gradient 0 elsewhere.
torch::Tensor kept(const torch::Tensor& values, const torch::Tensor& mask) {
  return torch::where(mask, values, torch::zeros({}, values.options()));
}

/// Sum over all but the first dimension, divided by the number of values that the mask lets through, at
/// least 1.
torch::Tensor mean_of_kept(const torch::Tensor& values, const torch::Tensor& mask) {
  const std::int64_t images = values.size(0);
  const torch::Tensor sums = values.dim() > 1 ? values.flatten(1).sum(1) : values;
  const double spread =
      static_cast<double>(values.numel()) / static_cast<double>(std::max<std::int64_t>(1, mask.numel()));
  const torch::Tensor counts = mask.reshape({images, -1}).sum(1).to(values.scalar_type()) * spread;
  return sums / counts.clamp_min(1.0);
}

}  // namespace

torch::Tensor masked_mean(const torch::Tensor& values, const torch::Tensor& mask) {
  const torch::Tensor full = full_precision(values);
  if (!mask.defined()) return full.dim() > 1 ? full.flatten(1).mean(1) : full;
  const torch::Tensor fitted = fitted_mask(mask, full);
  return mean_of_kept(kept(full, fitted), fitted);
}

namespace {

/// prediction - target in one memory layout: arithmetic across two layouts costs several times a copy.
/// Linear, so that its gradient never meets the NaN that kept() removes afterwards.
torch::Tensor difference_of(const char* loss, const torch::Tensor& prediction, const torch::Tensor& target) {
  require_same_shape(loss, prediction, target);
  return full_precision(prediction).contiguous() - full_precision(target).contiguous();
}

}  // namespace

torch::Tensor l1_loss(const torch::Tensor& prediction, const torch::Tensor& target,
                      const torch::Tensor& mask) {
  const torch::Tensor difference = difference_of("l1_loss", prediction, target);
  if (!mask.defined()) return difference.abs().flatten(1).mean(1);
  const torch::Tensor fitted = fitted_mask(mask, difference);
  return mean_of_kept(kept(difference, fitted).abs(), fitted);
}

torch::Tensor l2_loss(const torch::Tensor& prediction, const torch::Tensor& target,
                      const torch::Tensor& mask) {
  const torch::Tensor difference = difference_of("l2_loss", prediction, target);
  if (!mask.defined()) return difference.square().flatten(1).mean(1);
  const torch::Tensor fitted = fitted_mask(mask, difference);
  return mean_of_kept(kept(difference, fitted).square(), fitted);
}

torch::Tensor pixel_cross_entropy(const torch::Tensor& logits, const torch::Tensor& classes,
                                  const torch::Tensor& mask) {
  if (logits.dim() != 4 || classes.dim() != 4 || classes.size(1) != 1 || logits.size(0) != classes.size(0) ||
      logits.size(2) != classes.size(2) || logits.size(3) != classes.size(3)) {
    std::ostringstream message;
    message << "pixel_cross_entropy: expected logits [B,C,H,W] and classes [B,1,H,W], got " << logits.sizes()
            << " and " << classes.sizes();
    throw std::invalid_argument(message.str());
  }
  const torch::Tensor labels = classes.to(torch::kInt64);
  const torch::Tensor counted =
      mask.defined() ? fitted_mask(mask, classes).expand_as(classes) : torch::Tensor();
  if (takes_fused_entropy(logits)) return fused_pixel_entropy(logits, labels, counted);
  const torch::Tensor scores = full_precision(logits);
  if (!counted.defined()) {
    return torch::nll_loss2d(torch::log_softmax(scores, 1), labels.squeeze(1), {}, at::Reduction::None)
        .flatten(1)
        .mean(1);
  }
  constexpr std::int64_t kIgnored = -100;
  const torch::Tensor known =
      torch::where(counted, labels, torch::full({}, kIgnored, labels.options())).squeeze(1);
  const torch::Tensor losses = torch::nll_loss2d(torch::log_softmax(kept(scores, counted), 1), known, {},
                                                 at::Reduction::None, kIgnored);
  return mean_of_kept(losses, counted.squeeze(1));
}

torch::Tensor soft_cross_entropy(const torch::Tensor& logits, const torch::Tensor& labels,
                                 const torch::Tensor& mask) {
  require_same_shape("soft_cross_entropy", logits, labels);
  torch::Tensor scores = full_precision(logits);
  torch::Tensor shares = labels.to(scores.scalar_type());
  if (mask.defined()) {
    const torch::Tensor fitted = fitted_mask(mask, scores);
    scores = kept(scores, fitted);
    shares = kept(shares, fitted);
  }
  return -(shares * torch::log_softmax(scores, 1)).sum(1);
}

}  // namespace taskonomy::sdk
