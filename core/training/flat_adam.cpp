#include "core/training/flat_adam.hpp"

#include <cmath>
#include <map>
#include <string>
#include <utility>

namespace taskonomy::training {

namespace {

constexpr double kMeanDecay = 0.9, kSquareDecay = 0.999, kEpsilon = 1e-8;  // the paper's

/// Strides of a tensor's own memory format: channels-last weights stay so.
std::vector<std::int64_t> dense_strides(const torch::Tensor& tensor) {
  return (tensor.is_non_overlapping_and_dense() ? tensor : tensor.contiguous()).strides().vec();
}

}  // namespace

FlatAdam::FlatAdam(const std::vector<ParameterGroup>& groups, double weight_decay)
    : weight_decay_(weight_decay) {
  for (const auto& group : groups) {
    std::map<std::pair<torch::ScalarType, std::string>, std::vector<torch::Tensor>> alike;
    for (const auto& parameter : group.parameters)
      if (parameter.requires_grad())
        alike[{parameter.scalar_type(), parameter.device().str()}].push_back(parameter);
    for (const auto& entry : alike) buffers_.push_back(make_buffer(entry.second, group.rate));
  }
}

FlatAdam::Buffer FlatAdam::make_buffer(const std::vector<torch::Tensor>& parameters, double rate) {
  const torch::NoGradGuard no_grad;
  std::int64_t count = 0;
  for (const auto& parameter : parameters) count += parameter.numel();
  const auto zeros = [&] { return torch::zeros({count}, parameters.front().options().requires_grad(false)); };
  Buffer buffer{zeros(), zeros(), zeros(), zeros(), rate, {}};
  std::int64_t offset = 0;
  for (torch::Tensor parameter : parameters) {  // a handle: the module's own
    const auto strides = dense_strides(parameter);
    const auto part_of = [&](const torch::Tensor& flat) {
      return flat.as_strided(parameter.sizes(), strides, offset);
    };
    const auto values = part_of(buffer.values);
    values.copy_(parameter);
    parameter.set_data(values);
    parameter.mutable_grad() = part_of(buffer.gradients);
    buffer.parts.push_back(parameter.grad());
    offset += parameter.numel();
  }
  return buffer;
}

void FlatAdam::clear_gradients() {
  for (auto& buffer : buffers_) buffer.gradients.zero_();
}

void FlatAdam::clip_gradients(double norm) {
  if (norm == 0.0 || buffers_.empty()) return;
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> norms;
  for (const auto& buffer : buffers_)
    for (const auto& part : buffer.parts) norms.push_back(part.norm(2.0));
  const auto share = (norm / (torch::stack(norms).norm(2.0) + 1e-6)).clamp_max(1.0);
  for (auto& buffer : buffers_) buffer.gradients.mul_(share);
}

void FlatAdam::step(double rate) {
  const torch::NoGradGuard no_grad;
  ++steps_;
  for (auto& buffer : buffers_) step(buffer, rate * buffer.rate);
}

void FlatAdam::step(Buffer& buffer, double rate) const {
  auto& [values, gradients, mean, square, share, parts] = buffer;
  const auto taken = static_cast<double>(steps_);
  if (weight_decay_ != 0.0) gradients.add_(values, weight_decay_);
  mean.mul_(kMeanDecay).add_(gradients, 1.0 - kMeanDecay);
  square.mul_(kSquareDecay).addcmul_(gradients, gradients, 1.0 - kSquareDecay);
  const double mean_bias = 1.0 - std::pow(kMeanDecay, taken);
  const double square_bias = 1.0 - std::pow(kSquareDecay, taken);
  const auto deviation = square.sqrt().div_(std::sqrt(square_bias)).add_(kEpsilon);
  values.addcdiv_(mean, deviation, -rate / mean_bias);
}

}  // namespace taskonomy::training
