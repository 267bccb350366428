// taskonomy show: what serves the targets of a taxonomy, and what that costs to run.
#include <filesystem>
#include <iostream>

#include "apps/learning/actions.hpp"
#include "apps/learning/served.hpp"
#include "apps/learning/workshop.hpp"
#include "core/base/csv.hpp"
#include "core/base/json.hpp"
#include "core/base/text.hpp"
#include "core/network/precision.hpp"
#include "core/predict/network_costs.hpp"
#include "core/report/text_table.hpp"

namespace taskonomy::cli {

namespace {

using predict::NetworkCost;
using predict::TaxonomyCost;

constexpr long kMostBatch = 4096;

/// "1.2 M", "830 k".
std::string count_text(std::int64_t count) {
  const auto value = static_cast<double>(count);
  if (count >= 1'000'000'000) return base::fixed(value / 1e9, 2) + " G";
  if (count >= 1'000'000) return base::fixed(value / 1e6, 2) + " M";
  return count >= 1000 ? base::fixed(value / 1e3, 0) + " k" : std::to_string(count);
}

std::vector<std::string> cells_of(const std::string& name, const std::string& from, const NetworkCost& cost) {
  return {name,
          from,
          count_text(cost.parameters),
          base::fixed(cost.megabytes, 2),
          count_text(cost.multiply_adds),
          base::fixed(cost.milliseconds, 2)};
}

std::string from_text(const predict::Service& service, const predict::TaxonomyNetworks& networks) {
  if (service.is_own()) return "its own network";
  const bool finished = networks.finished().count(service.target) > 0;
  return base::join(service.sources, "+") + (finished ? ", finished" : "");
}

std::string text_of(const TaxonomyCost& cost, const predict::TaxonomyNetworks& networks, std::int64_t batch) {
  report::TextTable table("llrrrr");
  table.add({"target", "from", "parameters", "MB", "multiply-adds", "ms"});
  table.rule();
  for (std::size_t i = 0; i < cost.targets.size(); ++i)
    table.add(cells_of(cost.targets[i].target, from_text(networks.services()[i], networks), cost.targets[i]));
  table.rule();
  table.add(cells_of("each by itself", "", cost.separate));
  table.add(cells_of("together", std::to_string(networks.encoders().size()) + " encoders", cost.shared));
  std::string text = "Encoders: " + base::join(networks.encoders(), ", ") + "\n\n" + table.text() + "\n";
  const double faster = cost.separate.milliseconds / cost.shared.milliseconds;
  text += "Together, each encoder runs once: " + base::fixed(faster, 2) + " times as fast, " +
          base::fixed(cost.separate.megabytes / cost.shared.megabytes, 2) + " times smaller.\n";
  return text + "For one sample, in batches of " + std::to_string(batch) +
         ", on one thread of this machine, just measured. Of encoders trained elsewhere\nonly the time "
         "counts.\n";
}

std::string csv_of(const TaxonomyCost& cost) {
  base::CsvWriter csv({"target", "sources", "parameters", "megabytes", "multiply_adds", "milliseconds"});
  const auto add = [&](const std::string& name, const NetworkCost& one) {
    csv.add(name, one.sources, one.parameters, one.megabytes, one.multiply_adds, one.milliseconds);
  };
  for (const auto& target : cost.targets) add(target.target, target);
  add("(separate)", cost.separate);
  add("(together)", cost.shared);
  return csv.text();
}

}  // namespace

base::ExitCode show_taxonomy(const Values& values) {
  const jobs::RunDirectory run = named_run(values);
  const Workshop workshop(run.read_recipe(), values.list("plugin-dir"));
  const auto& setup = workshop.setup_of_networks(run);
  network::require_hardware(setup.recipe().compute);
  network::set_up_process();
  network::set_up_device(network::resolve_hardware(setup.recipe().compute));
  const auto services = asked_services(run, setup, values);
  const auto load = [&](std::vector<predict::Service> some) {
    return std::make_shared<const predict::TaxonomyNetworks>(
        setup, run.root(), std::move(some), network::resolve_hardware(setup.recipe().compute),
        trained_of(values));
  };
  const auto networks = load(services);
  const std::int64_t batch = values.integer("batch", 16, 1, kMostBatch);
  const auto cost = predict::measure_cost(*networks, setup.recipe().data.side, batch,
                                          [&](const predict::Service& service) { return load({service}); });
  std::cout << (values.format() == "csv" ? csv_of(cost) : text_of(cost, *networks, batch));
  return base::ExitCode::done;
}

}  // namespace taskonomy::cli
