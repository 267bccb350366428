#include "core/predict/export.hpp"

#include <torch/csrc/jit/frontend/tracer.h>
#include <torch/csrc/jit/passes/dead_code_elimination.h>
#include <torch/csrc/jit/passes/frozen_conv_folding.h>
#include <torch/script.h>

#include <algorithm>
#include <sstream>

#include "core/base/error.hpp"
#include "core/base/files.hpp"

namespace taskonomy::predict {

namespace {

namespace jit = torch::jit;

/// Differences of float32 arithmetic in another order.
constexpr double kTolerance = 1e-4;

constexpr std::int64_t kMostViews = 3;

/// Predictions of images [B,3,H,W] or views [B,V,3,H,W] in 0..1, by target.
c10::Dict<std::string, torch::Tensor> predictions_of(const TaxonomyNetworks& networks,
                                                     const torch::Tensor& images, std::int64_t views,
                                                     std::int64_t side) {
  const auto flat = views == 1 ? images : images.flatten(0, 1);
  const auto scaled = torch::adaptive_avg_pool2d(flat, {side, side}).mul(2.0).sub(1.0);
  c10::Dict<std::string, torch::Tensor> predictions;
  for (const auto kind : networks.view_kinds())
    if (sdk::views_of(kind) == views)
      for (const auto& [target, values] : networks.predict_plain(kind, scaled))
        predictions.insert(target, values);
  return predictions;
}

torch::Tensor noise(std::int64_t batch, std::int64_t views, std::int64_t side, std::uint64_t seed) {
  auto generator = torch::make_generator<torch::CPUGeneratorImpl>(seed);
  std::vector<std::int64_t> shape{batch, 3, side, side};
  if (views > 1) shape.insert(shape.begin() + 1, views);
  return torch::rand(shape, generator, torch::kFloat32);
}

/// Adds what the networks do to an example as a method.
void add_method(jit::Module& module, const TaxonomyNetworks& networks, std::int64_t views,
                std::int64_t side) {
  const auto example = noise(2, views, side, 1);
  const auto traced = jit::tracer::trace(
      {example},
      [&](jit::Stack inputs) -> jit::Stack {
        return {predictions_of(networks, inputs.at(0).toTensor(), views, side)};
      },
      [](const torch::Tensor&) { return std::string(); }, /*strict=*/false, /*force_outplace=*/false, &module,
      {views == 1 ? "images" : "views"});
  auto graph = traced.first->graph;
  jit::FoldFrozenConvBatchnorm(graph);
  jit::EliminateDeadCode(graph);
  auto* function = module._ivalue()->compilation_unit()->create_function(
      c10::QualifiedName(*module.type()->name(), method_of_views(views)), graph);
  module.type()->addMethod(function);
}

/// Throws Error naming the target for which the module and the networks say different things.
void require_same(jit::Module& module, const TaxonomyNetworks& networks, std::int64_t views,
                  std::int64_t side) {
  const torch::NoGradGuard no_grad;
  const auto images = noise(3, views, side, 2);
  const auto expected = predictions_of(networks, images, views, side);
  c10::impl::GenericDict given(c10::StringType::get(), c10::TensorType::get());
  const std::string cure =
      "; its decoder must do the same work for every image and every size of a batch, in evaluation mode";
  try {
    given = module.get_method(method_of_views(views))({images}).toGenericDict();
  } catch (const c10::Error& error) {
    throw base::Error("the exported module fails on a batch of another size: " +
                      std::string(error.what_without_backtrace()).substr(0, 200) + cure);
  }
  for (const auto& entry : expected) {
    const auto exported = given.at(entry.key()).toTensor();
    if (exported.sizes() != entry.value().sizes() ||
        !torch::allclose(exported, entry.value(), kTolerance, kTolerance, /*equal_nan=*/true))
      throw base::Error("target \"" + entry.key() +
                        "\" cannot be exported: the exported network says something else than its own" +
                        cure);
  }
}

}  // namespace

const char* method_of_views(std::int64_t views) {
  constexpr const char* kMethods[kMostViews] = {"forward", "pairs", "triplets"};
  return kMethods[views - 1];
}

ExportSummary export_networks(const TaxonomyNetworks& networks, std::int64_t side,
                              const std::map<std::string, std::string>& extra,
                              const std::filesystem::path& file) {
  const torch::NoGradGuard no_grad;
  ExportSummary summary;
  jit::Module module("taskonomy.Taxonomy");
  for (std::int64_t views = 1; views <= kMostViews; ++views) {
    const auto kinds = networks.view_kinds();
    const auto shown = std::any_of(kinds.begin(), kinds.end(),
                                   [&](sdk::ViewKind kind) { return sdk::views_of(kind) == views; });
    if (!shown) continue;
    const auto predicted = predictions_of(networks, noise(1, views, side, 1), views, side);
    if (predicted.empty()) continue;
    for (const auto& entry : predicted) summary.targets.push_back(entry.key());
    add_method(module, networks, views, side);
    require_same(module, networks, views, side);
    summary.methods.emplace_back(method_of_views(views));
  }
  for (const auto& service : networks.services())
    if (std::find(summary.targets.begin(), summary.targets.end(), service.target) == summary.targets.end())
      summary.left_out.push_back(service.target + ": sees " +
                                 std::to_string(sdk::input_views(networks.task(service.target).info())) +
                                 " images of its own making");
  if (summary.methods.empty()) throw base::Error("no target of the taxonomy can be exported");
  std::ostringstream bytes;
  module.save(bytes, jit::ExtraFilesMap(extra.begin(), extra.end()));
  base::write_file(file, bytes.str());
  std::sort(summary.targets.begin(), summary.targets.end());
  return summary;
}

}  // namespace taskonomy::predict
