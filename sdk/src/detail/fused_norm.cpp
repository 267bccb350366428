#include <taskonomy/sdk/detail/fused_norm.hpp>

#include <cmath>

#include <ATen/TracerMode.h>
#include <torch/autograd.h>
#include <torch/nn/modules/activation.h>

#include "sdk/src/detail/narrow_conv.hpp"
#include "sdk/src/detail/norm_kernels.hpp"

namespace taskonomy::sdk::detail {

namespace {

namespace nn = torch::nn;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr auto kChannelsLast = torch::MemoryFormat::ChannelsLast;

Channels channels_of(const torch::Tensor& values) {
  const auto dense = values.contiguous();
  return {dense.data_ptr<float>(), dense.data_ptr<float>() + dense.numel()};
}
torch::Tensor tensor_of(const Channels& values) { return torch::tensor(values, torch::kFloat32); }

/// What batch norm with these statistics computes, and the ReLU behind it.
NormRelu norm_relu_of(const Moments& moments, const torch::Tensor& weight, const torch::Tensor& bias,
                      double epsilon, double slope) {
  NormRelu how{moments.mean, channels_of(weight), channels_of(bias), static_cast<float>(slope)};
  for (std::size_t c = 0; c < how.scale.size(); ++c)
    how.scale[c] *= static_cast<float>(1.0 / std::sqrt(static_cast<double>(moments.variance[c]) + epsilon));
  return how;
}

/// Batch norm by the statistics of the batch, with its gradient.
struct BatchNormRelu : torch::autograd::Function<BatchNormRelu> {
  /// `added` is empty where nothing is added: undefined tensors cannot be passed.
  static torch::Tensor forward(AutogradContext* context, const torch::Tensor& x, const torch::Tensor& weight,
                               const torch::Tensor& bias, const torch::Tensor& added,
                               const torch::Tensor& mean, const torch::Tensor& variance, double epsilon,
                               double slope) {
    const auto how = norm_relu_of({channels_of(mean), channels_of(variance)}, weight, bias, epsilon, slope);
    const auto y = torch::empty_like(x);
    const bool adds = added.numel() > 0;
    apply_norm(how, x, adds ? added : torch::Tensor(), y);
    context->save_for_backward({x, weight, bias, mean, variance, adds ? y : torch::Tensor()});
    context->saved_data["epsilon"] = epsilon;
    context->saved_data["slope"] = slope;
    return y;
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const auto &x = saved[0], &weight = saved[1], &bias = saved[2], &y = saved[5];
    const Moments moments{channels_of(saved[3]), channels_of(saved[4])};
    const double epsilon = context->saved_data["epsilon"].toDouble();
    auto how = norm_relu_of(moments, weight, bias, epsilon, context->saved_data["slope"].toDouble());
    const auto gradient = gradients[0].contiguous(kChannelsLast);
    const auto of_added = y.defined() ? torch::empty_like(x) : torch::Tensor();
    const auto sums = sum_gradients(how, x, y, gradient, of_added);

    // With g the gradient in front of the ReLU and means over a channel's n values, the gradient of x is
    // scale (g - mean(g) - (x - mean) mean(g (x - mean)) / variance).
    const auto channels = how.scale.size();
    const double n = static_cast<double>(x.numel()) / static_cast<double>(channels);
    GradientWeights weights{how.scale, Channels(channels), Channels(channels)};
    Channels of_weight(channels);
    for (std::size_t c = 0; c < channels; ++c) {
      const double spread = static_cast<double>(moments.variance[c]) + epsilon;
      const double scale = static_cast<double>(how.scale[c]);
      weights.value[c] = static_cast<float>(-scale * static_cast<double>(sums.by_value[c]) / (n * spread));
      weights.constant[c] = static_cast<float>(-scale * static_cast<double>(sums.plain[c]) / n);
      of_weight[c] = static_cast<float>(static_cast<double>(sums.by_value[c]) / std::sqrt(spread));
    }
    const auto of_x = torch::empty_like(x);
    if (y.defined()) how.slope = 1.0F;  // the ReLU is in of_added already
    apply_gradient(how, weights, x, y.defined() ? of_added : gradient, of_x);
    return {of_x, tensor_of(of_weight), tensor_of(sums.plain), of_added, {}, {}, {}, {}};
  }
};

bool is_image(const torch::Tensor& x) {
  return x.is_cpu() && x.dim() == 4 && x.numel() > x.size(1) &&
         (x.scalar_type() == torch::kFloat32 || x.scalar_type() == torch::kBFloat16);
}

bool can_fuse(const nn::BatchNorm2dImpl& norm, const torch::Tensor& x) {
  const auto& options = norm.options;
  return is_image(x) && x.size(1) == options.num_features() && options.affine() &&
         options.track_running_stats() && options.momentum().has_value() &&
         norm.weight.scalar_type() == torch::kFloat32 && norm.weight.is_cpu() &&
         !at::tracer::impl::is_dispatch_enabled();
}

/// Moves the running statistics by those of a batch.
void observe(nn::BatchNorm2dImpl& norm, const torch::Tensor& mean, const torch::Tensor& variance, double n) {
  const double momentum = *norm.options.momentum();
  norm.num_batches_tracked.add_(1);
  norm.running_mean.mul_(1.0 - momentum).add_(mean, momentum);
  norm.running_var.mul_(1.0 - momentum).add_(variance, momentum * n / (n - 1.0));
}

torch::Tensor fused(nn::BatchNorm2dImpl& norm, const torch::Tensor& images, const torch::Tensor& added,
                    double slope) {
  const auto x = images.contiguous(kChannelsLast);
  torch::Tensor mean = norm.running_mean, variance = norm.running_var;
  if (norm.is_training()) {
    const torch::NoGradGuard no_grad;
    const auto moments = moments_of(x);
    mean = tensor_of(moments.mean);
    variance = tensor_of(moments.variance);
    observe(norm, mean, variance, static_cast<double>(x.numel()) / static_cast<double>(x.size(1)));
  }
  return BatchNormRelu::apply(x, norm.weight, norm.bias, added.defined() ? added : torch::empty({0}), mean,
                              variance, norm.options.eps(), slope);
}

/// In judgement the statistics are constants, which the gradient above does not know.
bool needs_other_gradient(const nn::BatchNorm2dImpl& norm) {
  return !norm.is_training() && torch::GradMode::is_enabled();
}

}  // namespace

torch::Tensor norm_relu(nn::BatchNorm2dImpl& norm, const torch::Tensor& x, double slope) {
  if (can_fuse(norm, x) && !needs_other_gradient(norm)) return fused(norm, x, {}, slope);
  auto normal = norm.forward(x);
  if (slope == 1.0) return normal;
  return slope == 0.0 ? normal.relu_() : torch::leaky_relu_(normal, slope);
}

torch::Tensor norm_add_relu(nn::BatchNorm2dImpl& norm, const torch::Tensor& x, const torch::Tensor& added) {
  if (can_fuse(norm, x) && !needs_other_gradient(norm) && added.sizes() == x.sizes() && is_image(added) &&
      added.scalar_type() == x.scalar_type())
    return fused(norm, x, added.contiguous(kChannelsLast), 0.0);
  return norm.forward(x).add_(added).relu_();
}

torch::Tensor forward_fused(nn::Sequential& layers, torch::Tensor x) {
  const auto slope_of = [&](std::size_t layer) {
    if (layer >= layers->size()) return 1.0;
    const auto module = layers->ptr(layer);
    if (module->as<nn::ReLU>() != nullptr) return 0.0;
    const auto* leaky = module->as<nn::LeakyReLU>();
    return leaky == nullptr ? 1.0 : leaky->options.negative_slope();
  };
  for (std::size_t layer = 0; layer < layers->size(); ++layer) {
    if (auto* convolution = layers->ptr(layer)->as<nn::Conv2d>(); convolution != nullptr) {
      x = conv(*convolution, x);
      continue;
    }
    auto* norm = layers->ptr(layer)->as<nn::BatchNorm2d>();
    if (norm == nullptr) {
      x = (layers->begin() + static_cast<std::ptrdiff_t>(layer))->forward(x);
      continue;
    }
    const double slope = slope_of(layer + 1);
    x = norm_relu(*norm, x, slope);
    if (slope != 1.0) ++layer;
  }
  return x;
}

}  // namespace taskonomy::sdk::detail
