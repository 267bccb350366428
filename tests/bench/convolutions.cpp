#include "tests/bench/convolutions.hpp"

#include <ctime>
#include <memory>
#include <string_view>

#include <ATen/record_function.h>

#include <taskonomy/sdk/torch.hpp>

namespace taskonomy::bench {

namespace {

Work all_work;  // LibTorch calls plain functions, which can be given nothing

struct Begun : at::ObserverContext {
  double seconds = processor_seconds();
};

constexpr std::string_view kForward = "aten::convolution", kBackward = "aten::convolution_backward";

/// Multiplications and additions between an image on the output's side of a convolution and its weights.
double flops_of(const torch::Tensor& output, const torch::Tensor& weight) {
  return 2.0 * static_cast<double>(output.numel()) * static_cast<double>(weight.numel()) /
         static_cast<double>(weight.size(0));
}

std::unique_ptr<at::ObserverContext> begin(const at::RecordFunction& function) {
  const std::string_view name = function.name();
  return name == kForward || name == kBackward ? std::make_unique<Begun>() : nullptr;
}

void end(const at::RecordFunction& function, at::ObserverContext* context) {
  if (context == nullptr) return;
  all_work.seconds += processor_seconds() - static_cast<Begun*>(context)->seconds;
  const auto inputs = function.inputs();
  const auto outputs = function.outputs();
  if (function.name() == kForward) {  // (input, weight, ...) -> output
    all_work.flops += flops_of(outputs[0].toTensor(), inputs[1].toTensor());
    return;
  }
  // (gradient, input, weight, ...) -> gradients of input, weight and bias, undefined where not asked for
  for (std::size_t i = 0; i < 2; ++i)
    if (outputs[i].toTensor().defined())
      all_work.flops += flops_of(inputs[0].toTensor(), inputs[2].toTensor());
}

}  // namespace

ConvolutionMeter::ConvolutionMeter()
    : handle_(at::addGlobalCallback(at::RecordFunctionCallback(begin, end)
                                        .needsInputs(true)
                                        .needsOutputs(true)
                                        .scopes({at::RecordScope::FUNCTION}))) {
  all_work = {};
}

ConvolutionMeter::~ConvolutionMeter() { at::removeCallback(handle_); }

Work ConvolutionMeter::work() const { return all_work; }

double processor_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

}  // namespace taskonomy::bench
