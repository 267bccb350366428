#include "core/predict/exported_networks.hpp"

#include <torch/csrc/jit/runtime/graph_executor.h>

#include "core/base/error.hpp"
#include "core/base/text.hpp"
#include "core/data/examples.hpp"
#include "core/network/script_module.hpp"
#include "core/predict/export.hpp"

namespace taskonomy::predict {

struct ExportedNetworks::Code {
  torch::jit::Module module;
};

namespace {

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::vector<std::string> sizes;
  for (const auto size : shape) sizes.push_back(size < 0 ? "any" : std::to_string(size));
  return "[" + base::join(sizes, ", ") + "]";
}

torch::jit::Module load(const std::filesystem::path& file) {
  auto module = base::with_context(file.string(), [&] { return network::load_script(file, torch::kCPU); });
  module.eval();
  return module;
}

}  // namespace

ExportedNetworks::ExportedNetworks(const pipeline::Setup& setup, std::filesystem::path file,
                                   const std::vector<ExportedTarget>& targets)
    : file_(std::move(file)), code_(std::make_unique<Code>(Code{load(file_)})) {
  for (const auto& target : targets) {
    const auto& id = target.service.target;
    tasks_[id] = setup.fresh_task(id, target.whitening);
    if (const auto& here = tasks_.at(id)->info().prediction.shape; here != target.shape)
      throw base::Error(file_.string() + ": predicts " + id + " of shape " + shape_text(target.shape) +
                        ", and the plugin here " + shape_text(here) +
                        ": take the plugin that the file was exported with, or export it again");
    services_.push_back(target.service);
  }
}

ExportedNetworks::~ExportedNetworks() = default;

std::map<std::string, Prediction> ExportedNetworks::predict(const Views& views) const {
  const torch::NoGradGuard no_grad;
  // A thread sees few batches: specialising the code for them would take longer than it saves.
  const torch::jit::GraphOptimizerEnabledGuard as_it_is(false);
  const std::int64_t count = sdk::views_of(views.kind);
  const auto scaled = views.images.to(torch::kFloat32) / 255.0;
  const auto told = [&] {
    try {
      return code_->module.get_method(method_of_views(count))({count == 1 ? scaled.select(1, 0) : scaled})
          .toGenericDict();
    } catch (const c10::Error& error) {
      throw base::Error(file_.string() + ": its code fails: " + network::reason_of_failing(error));
    }
  }();
  const auto input = data::to_network_input(views.images, torch::kCPU);
  std::map<std::string, Prediction> predictions;
  for (const auto& service : services_)
    if (task(service.target).info().view_kind == views.kind)
      predictions[service.target] = {input, told.at(service.target).toTensor().contiguous()};
  return predictions;
}

}  // namespace taskonomy::predict
