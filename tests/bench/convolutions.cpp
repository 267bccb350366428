#include "tests/bench/convolutions.hpp"

#include <ctime>
#include <memory>
#include <string_view>

#include <ATen/record_function.h>

#include <taskonomy/sdk/torch.hpp>

namespace taskonomy::bench {

namespace {

Work all_work;  // LibTorch calls plain functions, which can be given nothing

/// A call under way, with what its inputs say: when it ends, they are gone.
struct Begun : at::ObserverContext {
  double flops = 0.0;  ///< of one number of the output (forward), of one gradient (backward)
  double seconds = processor_seconds();
};

constexpr std::string_view kForward = "aten::convolution", kBackward = "aten::convolution_backward";

/// Multiplications and additions of weights for each number on the output's side of a convolution.
double flops_of_each(const torch::Tensor& weight) {
  return 2.0 * static_cast<double>(weight.numel()) / static_cast<double>(weight.size(0));
}

std::unique_ptr<at::ObserverContext> begin(const at::RecordFunction& function) {
  const std::string_view name = function.name();
  if (name != kForward && name != kBackward) return nullptr;
  auto begun = std::make_unique<Begun>();
  const auto inputs = function.inputs();
  if (name == kForward)  // (input, weight, ...) -> output
    begun->flops = flops_of_each(inputs[1].toTensor());
  else  // (gradient, input, weight, ...) -> gradients of input, weight and bias, undefined where not asked for
    begun->flops = static_cast<double>(inputs[0].toTensor().numel()) * flops_of_each(inputs[2].toTensor());
  return begun;
}

void end(const at::RecordFunction& function, at::ObserverContext* context) {
  if (context == nullptr) return;
  const auto& begun = *static_cast<const Begun*>(context);
  all_work.seconds += processor_seconds() - begun.seconds;
  const auto outputs = function.outputs();
  if (function.name() == kForward) {
    all_work.flops += static_cast<double>(outputs[0].toTensor().numel()) * begun.flops;
    return;
  }
  for (std::size_t i = 0; i < 2; ++i)
    if (outputs[i].toTensor().defined()) all_work.flops += begun.flops;
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
