// Pretrained sources that were exported by torch.jit.trace or torch.jit.script.
#include <caffe2/serialize/inline_container.h>
#include <torch/script.h>

#include "core/base/error.hpp"
#include "core/base/text.hpp"
#include "core/network/pretrained_encoder.hpp"
#include "core/network/script_module.hpp"

namespace taskonomy::network {

namespace {

constexpr const char* kExport = "; export it with torch.jit.trace(network, images).save(\"file.pt\")";

std::vector<std::string> keys_of(const c10::impl::GenericDict& dictionary) {
  std::vector<std::string> keys;
  for (const auto& entry : dictionary)
    keys.push_back(entry.key().isString() ? entry.key().toStringRef() : entry.key().tagKind());
  return keys;
}

torch::Tensor tensor_of(const torch::IValue& value, const std::string& what) {
  if (value.isTensor()) return value.toTensor();
  throw base::Error(what + " is of type " + value.tagKind() + ", expected a tensor");
}

torch::Tensor element_of(const std::vector<torch::IValue>& values, const std::string& output) {
  const std::string range = "a sequence of " + std::to_string(values.size());
  if (output.empty() || output.find_first_not_of("0123456789") != std::string::npos || output.size() > 4)
    throw base::Error("gives " + range + "; output says which of them: output = 0 is the first");
  const std::size_t index = std::stoul(output);
  if (index >= values.size())
    throw base::Error("gives " + range + ", output = " + output + " lies behind the last; the first is 0");
  return tensor_of(values[index], "output " + output);
}

torch::Tensor entry_of(const c10::impl::GenericDict& dictionary, const std::string& output) {
  for (const auto& entry : dictionary)
    if (entry.key().isString() && entry.key().toStringRef() == output)
      return tensor_of(entry.value(), "output \"" + output + "\"");
  const auto keys = keys_of(dictionary);
  throw base::Error(
      "gives a dictionary with " + base::join(keys, ", ") + "; output says which of them" +
      (output.empty() ? "" : ", and \"" + output + "\" is not there" + base::did_you_mean(output, keys)));
}

/// The tensor that the recipe's `output` chooses from what the network gave.
torch::Tensor choose_output(const torch::IValue& given, const std::string& output) {
  if (given.isTuple()) return element_of(given.toTupleRef().elements().vec(), output);
  if (given.isList()) return element_of(given.toListRef().vec(), output);
  if (given.isGenericDict()) return entry_of(given.toGenericDict(), output);
  if (given.isTensor() && !output.empty())
    throw base::Error("gives a single tensor; output = \"" + output + "\" has nothing to choose from");
  return tensor_of(given, "what it gives");
}

torch::Tensor check_features(const torch::Tensor& features, std::int64_t images) {
  const bool shaped = (features.dim() == 4 || features.dim() == 2) && features.size(0) == images &&
                      features.numel() > 0 && features.is_floating_point();
  if (!shaped)
    throw base::Error("gives " + data::describe(features) + " for " + std::to_string(images) +
                      " images; expected a feature map [B,K,h,w] or one vector per image [B,K]");
  return features;
}

class ScriptBackbone : public Backbone {
 public:
  ScriptBackbone(const torch::jit::Module& module, const recipe::Pretrained& source)
      : module_(module), method_(source.method), output_(source.output) {
    require_method();
    require_finite();
    module_.eval();
  }

  torch::Tensor features(const torch::Tensor& images) override {
    return base::with_context("its method " + method_, [&] {
      return check_features(choose_output(run(images), output_), images.size(0)).to(torch::kFloat32);
    });
  }

 private:
  torch::IValue run(const torch::Tensor& images) {
    try {
      return module_.get_method(method_)({images});
    } catch (const std::exception& error) {
      throw base::Error("fails on images " + data::describe(images) + ": " + reason_of_failing(error));
    }
  }

  void require_method() const {
    if (module_.find_method(method_)) return;
    std::vector<std::string> names;
    for (const auto& method : module_.get_methods()) names.push_back(method.name());
    throw base::Error("has no method \"" + method_ + "\"" + base::did_you_mean(method_, names) +
                      " (it has: " + base::join(names, ", ") + ")");
  }

  void require_finite() const {
    const auto check = [](const std::string& name, const torch::Tensor& tensor) {
      if (tensor.is_floating_point() && !tensor.isfinite().all().item<bool>())
        throw base::Error("\"" + name + "\" holds NaN or infinity");
    };
    for (const auto& parameter : module_.named_parameters()) check(parameter.name, parameter.value);
    for (const auto& buffer : module_.named_buffers()) check(buffer.name, buffer.value);
  }

  torch::jit::Module module_;
  std::string method_, output_;
};

}  // namespace

std::unique_ptr<Backbone> open_torchscript(const recipe::Pretrained& source, torch::Device device) {
  check_torchscript(source);
  return std::make_unique<ScriptBackbone>(load_script(source.file, device), source);
}

void check_torchscript(const recipe::Pretrained& source) {
  const auto contents = [&] {
    try {
      return std::make_unique<caffe2::serialize::PyTorchStreamReader>(source.file.string());
    } catch (const std::exception&) {
      throw base::Error(std::string("not a TorchScript file, or damaged") + kExport);
    }
  }();
  if (!contents->hasRecord("constants.pkl"))
    throw base::Error(std::string("holds weights alone (torch.save), not a TorchScript network") + kExport);
}

}  // namespace taskonomy::network
