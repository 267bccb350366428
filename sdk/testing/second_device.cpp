#include "second_device.hpp"

#include <stdexcept>
#include <utility>
#include <vector>

#include <ATen/core/dispatch/Dispatcher.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <torch/library.h>

namespace taskonomy::sdk::testing {

namespace {

constexpr auto kKind = c10::DeviceType::PrivateUse1;
const c10::Device kDevice(kKind, 0);

/// Tensors of two devices met.
struct Mixed : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// LibTorch asks every device for a guard. deviceCount() is 0, so that no thread is started for gradients.
struct Guard final : c10::impl::DeviceGuardImplInterface {
  c10::DeviceType type() const override { return kKind; }
  c10::Device exchangeDevice(c10::Device) const override { return kDevice; }
  c10::Device getDevice() const override { return kDevice; }
  void setDevice(c10::Device) const override {}
  void uncheckedSetDevice(c10::Device) const noexcept override {}
  c10::Stream getStream(c10::Device device) const noexcept override {
    return c10::Stream(c10::Stream::DEFAULT, device);
  }
  c10::Stream exchangeStream(c10::Stream) const noexcept override {
    return c10::Stream(c10::Stream::DEFAULT, kDevice);
  }
  c10::DeviceIndex deviceCount() const noexcept override { return 0; }
};

/// A tensor of the device in the memory of one on the CPU; `keep` lives as long.
torch::Tensor on_device(const torch::Tensor& cpu, std::vector<torch::Tensor> keep = {}) {
  if (!cpu.defined()) return cpu;
  keep.push_back(cpu);
  const auto bytes = cpu.storage().nbytes() - static_cast<std::size_t>(cpu.storage_offset()) * cpu.itemsize();
  c10::Storage storage(c10::Storage::use_byte_size_t(), bytes,
                       c10::InefficientStdFunctionContext::makeDataPtr(
                           cpu.data_ptr(), [keep](void*) {}, kDevice),
                       nullptr, false);
  auto tensor = at::detail::make_tensor<c10::TensorImpl>(
      std::move(storage), c10::DispatchKeySet(c10::DispatchKey::PrivateUse1), cpu.dtype());
  tensor.unsafeGetTensorImpl()->set_sizes_and_strides(cpu.sizes(), cpu.strides());
  return tensor;
}

/// The reverse.
torch::Tensor on_cpu(const torch::Tensor& tensor) {
  return torch::from_blob(
      tensor.data_ptr(), tensor.sizes(), tensor.strides(), [tensor](void*) {},
      torch::TensorOptions().dtype(tensor.dtype()).device(torch::kCPU));
}

/// One call of an operator: its arguments are brought to the CPU, it is computed there, its results are brought back.
class Call {
 public:
  Call(const c10::OperatorHandle& op, torch::jit::Stack& stack)
      : op_(op), stack_(stack), name_(op.operator_name().name) {}

  void run() {
    const auto& arguments = op_.schema().arguments();
    const auto first = stack_.end() - static_cast<std::ptrdiff_t>(arguments.size());
    given_.assign(first, stack_.end());
    for (std::size_t index = 0; index < arguments.size(); ++index) {
      const auto* alias = arguments[index].alias_info();
      const bool written = alias != nullptr && alias->isWrite();
      first[static_cast<std::ptrdiff_t>(index)] = brought(given_[index], written);
      taken_.push_back(first[static_cast<std::ptrdiff_t>(index)]);
    }
    op_.callBoxed(&stack_);
    bring_back();
  }

 private:
  /// Copies are what devices are for; an index may lie on the CPU, and so may a single number.
  [[nodiscard]] bool may_be_on_cpu(const torch::Tensor& tensor) const {
    if (name_ == "aten::index" || name_.rfind("aten::index_put", 0) == 0) return true;
    return tensor.dim() == 0 && name_ != "aten::where";
  }

  torch::Tensor brought(const torch::Tensor& tensor, bool written) {
    if (!tensor.defined()) return tensor;
    if (tensor.device().type() != kKind) {
      if (!may_be_on_cpu(tensor)) throw Mixed(name_ + " gets " + text_of(tensor) + ", which lies on the CPU");
      return tensor;
    }
    // An empty result is made as large as is needed, which borrowed memory cannot be.
    if (written && tensor.numel() == 0) return torch::empty(tensor.sizes(), tensor.dtype());
    kept_.push_back(tensor);
    return on_cpu(tensor);
  }

  c10::IValue brought(const c10::IValue& value, bool written) {
    if (value.isTensor()) return brought(value.toTensor(), written);
    if (value.isDevice()) return torch::Device(torch::kCPU);
    if (value.isTensorList()) {
      c10::List<torch::Tensor> list;
      for (const torch::Tensor& tensor : value.toTensorVector()) list.push_back(brought(tensor, written));
      return list;
    }
    if (!value.isOptionalTensorList()) return value;
    const auto tensors = value.toOptionalTensorVector();
    c10::List<typename std::decay_t<decltype(tensors)>::value_type> list;
    for (const auto& tensor : tensors)
      list.push_back(tensor ? typename std::decay_t<decltype(tensors)>::value_type(brought(*tensor, false))
                            : tensor);
    return list;
  }

  void bring_back() {
    const auto& returns = op_.schema().returns();
    const auto first = stack_.end() - static_cast<std::ptrdiff_t>(returns.size());
    for (std::size_t index = 0; index < returns.size(); ++index) {
      auto& value = first[static_cast<std::ptrdiff_t>(index)];
      const auto* alias = returns[index].alias_info();
      if (alias != nullptr && alias->isWrite()) {
        value = argument_of(*alias);
      } else if (value.isTensor()) {
        value = on_device(value.toTensor(), kept_);
      } else if (value.isTensorList()) {
        c10::List<torch::Tensor> list;
        for (const torch::Tensor& tensor : value.toTensorVector()) list.push_back(on_device(tensor, kept_));
        value = list;
      }
    }
  }

  /// The argument that the operator wrote to and returns.
  c10::IValue argument_of(const c10::AliasInfo& alias) {
    const auto& arguments = op_.schema().arguments();
    for (std::size_t index = 0; index < arguments.size(); ++index) {
      const auto* own = arguments[index].alias_info();
      if (own == nullptr || !(*own == alias)) continue;
      const torch::Tensor result = given_[index].toTensor(), computed = taken_[index].toTensor();
      if (result.numel() == 0 && computed.numel() > 0)
        result.unsafeGetTensorImpl()->shallow_copy_from(on_device(computed).getIntrusivePtr());
      return given_[index];
    }
    throw std::logic_error(name_ + " returns an argument that it does not have");
  }

  const c10::OperatorHandle& op_;
  torch::jit::Stack& stack_;
  std::string name_;
  std::vector<c10::IValue> given_, taken_;
  std::vector<torch::Tensor> kept_;
};

void compute(const c10::OperatorHandle& op, torch::jit::Stack* stack) { Call(op, *stack).run(); }

/// Behind to(device) and copy_().
torch::Tensor copy_between(const torch::Tensor& from, const torch::Tensor& to, bool) {
  const auto near = [](const torch::Tensor& tensor) {
    return tensor.device().type() == kKind ? on_cpu(tensor) : tensor;
  };
  near(to).copy_(near(from));
  return to;
}

/// Convolutions of devices that LibTorch does not know have an operator of their own.
void convolve(const c10::OperatorHandle&, torch::jit::Stack* stack) {
  compute(c10::Dispatcher::singleton().findSchemaOrThrow("aten::convolution", ""), stack);
}

void register_once() {
  static const c10::impl::DeviceGuardImplRegistrar guard(kKind, new Guard);
  const auto place = [](torch::Library::Kind kind, const char* name) {
    return torch::Library(kind, name, c10::DispatchKey::PrivateUse1, __FILE__, __LINE__);
  };
  static torch::Library all = place(torch::Library::IMPL, "_"), some = place(torch::Library::IMPL, "aten");
  static const bool registered = [] {
    all.fallback(torch::CppFunction::makeFromBoxedFunction<&compute>());
    some.impl("_copy_from", torch::CppFunction::makeFromUnboxedFunction(&copy_between));
    some.impl("convolution_overrideable", torch::CppFunction::makeFromBoxedFunction<&convolve>());
    return true;
  }();
  (void)registered;
}

}  // namespace

SecondDevice::SecondDevice() { register_once(); }

torch::Device SecondDevice::device() const { return kDevice; }

torch::Tensor SecondDevice::moved(const torch::Tensor& tensor) const {
  return tensor.defined() ? on_device(tensor.clone()) : tensor;
}

void SecondDevice::expect_unmixed(Problems& problems, const std::function<void()>& body) const {
  const torch::NoGradGuard no_grad;
  try {
    body();
  } catch (const Mixed& error) {
    problems.expect(false, error.what());
  } catch (const c10::Error&) {
    const std::string text = text_of_exception();
    // LibTorch's own words, which it also says on a GPU.
    if (text.find("same device") == std::string::npos) throw NotApplicable{"needs a GPU: " + text};
    problems.expect(false, text);
  }
}

}  // namespace taskonomy::sdk::testing
