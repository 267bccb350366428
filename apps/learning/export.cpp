// taskonomy export: the networks of a taxonomy as one TorchScript file.
#include <filesystem>
#include <iostream>

#include "apps/learning/actions.hpp"
#include "apps/learning/served.hpp"
#include "apps/learning/workshop.hpp"
#include "core/base/json.hpp"
#include "core/base/text.hpp"
#include "core/data/whitening.hpp"
#include "core/host/library.hpp"
#include "core/network/precision.hpp"
#include "core/predict/export.hpp"

namespace taskonomy::cli {

namespace {

namespace fs = std::filesystem;

/// What the file holds beside its code: texts of JSON.
std::map<std::string, std::string> extra_of(const pipeline::Setup& setup,
                                            const predict::TaxonomyNetworks& networks) {
  const auto& recipe = setup.recipe();
  base::Json taxonomy = base::Json::object(), targets = base::Json::object();
  for (const auto& service : networks.services()) {
    taxonomy.set(service.target, service.sources);
    const auto& info = setup.info(service.target);
    base::Json told = base::Json::object()
                          .set("title", info.title)
                          .set("views", sdk::word_of(info.view_kind))
                          .set("shape", info.prediction.shape)
                          .set("low", info.prediction.low)
                          .set("high", info.prediction.high);
    for (const auto& modality : info.modalities)
      if (const auto names = setup.dataset().info().class_names.find(modality);
          names != setup.dataset().info().class_names.end())
        told.set("classes", names->second);
    if (const auto constants = data::whitening_of(networks.task(service.target)))
      told.set("mean", constants->mean).set("deviation", constants->deviation);
    targets.set(service.target, std::move(told));
  }
  const auto about = base::Json::object()
                         .set("format", 1)  // of this file's methods and texts
                         .set("made_by", std::string("taskonomy ") + TASKONOMY_VERSION)
                         .set("libtorch", host::torch_version())
                         .set("side", recipe.data.side)
                         .set("seed", recipe.seed)
                         .set("encoder", recipe.network.encoder);
  return {
      {"taxonomy.json", taxonomy.dump(2)}, {"targets.json", targets.dump(2)}, {"about.json", about.dump(2)}};
}

}  // namespace

base::ExitCode export_taxonomy(const Values& values) {
  const jobs::RunDirectory run = named_run(values);
  const Workshop workshop(run.read_recipe(), values.list("plugin-dir"));
  const auto& setup = workshop.setup_of_networks(run);
  const auto services = asked_services(run, setup, values);
  const predict::TaxonomyNetworks networks(setup, run.root(), services, {},  // float32, on the CPU
                                           trained_of(values));
  const fs::path file = values.text("out", "taxonomy.pt");
  const auto summary =
      predict::export_networks(networks, setup.recipe().data.side, extra_of(setup, networks), file);
  for (const auto& reason : summary.left_out) std::cerr << "left out: " << reason << "\n";
  std::cout << file.string() << ": " << base::join(summary.targets, ", ") << "; methods "
            << base::join(summary.methods, ", ") << "; " << networks.encoders().size() << " encoders\n";
  return base::ExitCode::done;
}

}  // namespace taskonomy::cli
