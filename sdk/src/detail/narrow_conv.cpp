#include "sdk/src/detail/narrow_conv.hpp"

#include <utility>
#include <variant>
#include <vector>

#include <ATen/TracerMode.h>
#include <ATen/record_function.h>
#include <torch/autograd.h>

#include "sdk/src/detail/narrow_conv_kernels.hpp"

namespace taskonomy::sdk::detail {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// Tells those who look at LibTorch's calls, as profilers and counters of arithmetic do, of one that stands for it.
class Call {
 public:
  Call(const char* name, const std::vector<c10::IValue>& inputs) : call_(at::RecordScope::FUNCTION) {
    call_.before(name, &inputs);
  }
  void gives(std::vector<c10::IValue> outputs) { call_.setOutputs(std::move(outputs)); }

 private:
  at::RecordFunction call_;
};

struct NarrowConv : torch::autograd::Function<NarrowConv> {
  /// `bias` is empty where there is none: undefined tensors cannot be passed.
  static torch::Tensor forward(AutogradContext* context, const torch::Tensor& x, const torch::Tensor& weight,
                               const torch::Tensor& bias) {
    const std::vector<c10::IValue> inputs{x, weight, bias};
    Call call("aten::convolution", inputs);
    context->save_for_backward({x, weight});
    context->saved_data["bias"] = bias.numel() > 0;
    auto y =
        torch::empty({x.size(0), weight.size(0), x.size(2), x.size(3)},
                     x.options().dtype(torch::kFloat32).memory_format(torch::MemoryFormat::ChannelsLast));
    narrow_conv(x, weight, y);
    if (bias.numel() > 0) y.add_(bias.view({1, -1, 1, 1}));
    call.gives({y});
    return y;
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const auto &x = saved[0], &weight = saved[1];
    const auto of_y = gradients[0].to(torch::kFloat32).contiguous(torch::MemoryFormat::ChannelsLast);
    const std::vector<c10::IValue> inputs{of_y, x, weight};
    Call call("aten::convolution_backward", inputs);
    torch::Tensor of_x, of_weight, of_bias;
    if (context->needs_input_grad(0)) {
      of_x = torch::empty_like(x);
      narrow_conv_input_gradient(of_y, weight, of_x);
    }
    if (context->needs_input_grad(1)) of_weight = narrow_conv_weight_gradient(x, of_y);
    if (context->saved_data["bias"].toBool()) of_bias = of_y.sum({0, 2, 3});
    call.gives({of_x, of_weight, of_bias});
    return {of_x, of_weight, of_bias};
  }
};

bool is_narrow(const torch::nn::Conv2dImpl& layer, const torch::Tensor& x) {
  const auto& options = layer.options;
  const auto all = [](const auto& sizes, std::int64_t value) {
    return sizes->at(0) == value && sizes->at(1) == value;
  };
  using std::get_if;  // or, found by its argument, that of LibTorch 1.13
  const auto* const padding = get_if<torch::ExpandingArray<2>>(&options.padding());
  return options.out_channels() <= kNarrow && options.groups() == 1 && all(options.kernel_size(), 3) &&
         all(options.stride(), 1) && all(options.dilation(), 1) && padding != nullptr && all(*padding, 1) &&
         get_if<torch::enumtype::kZeros>(&options.padding_mode()) != nullptr && x.dim() == 4 &&
         x.size(1) == options.in_channels();
}

bool is_for_loops(const torch::Tensor& x) {
  return narrow_conv_pays() && x.is_cpu() && x.numel() > 0 &&
         (x.scalar_type() == torch::kFloat32 || x.scalar_type() == torch::kBFloat16);
}

}  // namespace

torch::Tensor conv(torch::nn::Conv2dImpl& layer, const torch::Tensor& x) {
  if (!is_narrow(layer, x) || !is_for_loops(x) || layer.weight.scalar_type() != torch::kFloat32 ||
      !layer.weight.is_cpu() || at::tracer::impl::is_dispatch_enabled())
    return layer.forward(x);
  return NarrowConv::apply(x.contiguous(torch::MemoryFormat::ChannelsLast), layer.weight,
                           layer.bias.defined() ? layer.bias : torch::empty({0}));
}

}  // namespace taskonomy::sdk::detail
