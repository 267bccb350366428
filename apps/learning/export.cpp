// taskonomy export: the networks of a taxonomy as one TorchScript file.
#include <filesystem>
#include <iostream>

#include "apps/learning/actions.hpp"
#include "apps/learning/served.hpp"
#include "apps/learning/workshop.hpp"
#include "apps/taskonomy/program.hpp"
#include "core/base/text.hpp"
#include "core/predict/export.hpp"
#include "core/predict/export_texts.hpp"

namespace taskonomy::cli {

base::ExitCode export_taxonomy(const Values& values) {
  const jobs::RunDirectory run = named_run(values);
  const Workshop workshop(run.read_recipe(), values.list("plugin-dir"));
  const auto& setup = workshop.setup_of_networks(run);
  const auto services = asked_services(run, setup, values);
  const predict::TaxonomyNetworks networks(setup, run.root(), services, {},  // float32, on the CPU
                                           trained_of(values));
  const std::filesystem::path file = values.text("out", "taxonomy.pt");
  const auto texts = predict::export_texts(setup, networks, "taxonomy " + version());
  const auto summary = predict::export_networks(networks, setup.recipe().data.side, texts, file);
  for (const auto& reason : summary.left_out) std::cerr << "left out: " << reason << "\n";
  std::cout << file.string() << ": " << base::join(summary.targets, ", ") << "; methods "
            << base::join(summary.methods, ", ") << "; " << networks.encoders().size() << " encoders\n";
  return base::ExitCode::done;
}

}  // namespace taskonomy::cli
