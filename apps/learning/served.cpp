#include "apps/learning/served.hpp"

#include <algorithm>
#include <filesystem>

#include "apps/taskonomy/table_input.hpp"
#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/base/json.hpp"
#include "core/base/text.hpp"
#include "core/taxonomy/taxonomy.hpp"

namespace taskonomy::cli {

namespace {

namespace fs = std::filesystem;
using predict::Service;

/// Every trained target of the recipe by its own network.
std::vector<Service> own_services(const pipeline::Setup& setup) {
  std::vector<Service> services;
  for (const auto& entry : setup.recipe().tasks)
    if (const auto& info = setup.info(entry.id); info.trained && info.role != sdk::Role::source)
      services.push_back({entry.id, {entry.id}});
  return services;
}

/// The optimum at the budget, or at the largest at which it changes. Throws Error for a run without affinities.
std::vector<Service> services_of(const jobs::RunDirectory& run, const Values& values) {
  if (!fs::exists(run.root() / "affinity.csv"))
    throw base::Error(run.root().string() + ": has no taxonomy yet; finish it with: taskonomy run " +
                      base::shell_quoted(run.root().string()) + ", or take its own networks: --own");
  const TableInput input = read_table_input(run.root().string());
  taxonomy::Options options;
  options.cost = of_tasks(input.prices.cost, input.table);
  options.importance = of_tasks(run.read_recipe().taxonomy.importance, input.table);
  const auto sweep = taxonomy::sweep(input.table, options);
  const double budget = values.real("budget", sweep.back().budget, 0.0);
  const auto* chosen = taxonomy::optimum_at(sweep, budget);
  if (chosen == nullptr)
    throw base::Error("--budget " + base::number(budget) + ": no taxonomy serves all targets below " +
                          base::number(sweep.front().budget),
                      base::ExitCode::infeasible);
  std::vector<Service> services;
  for (const auto& row : chosen->transfers) services.push_back({row.target, row.sources});
  return services;
}

bool is_target(const pipeline::Setup& setup, const std::string& id) {
  const auto& tasks = setup.recipe().tasks;
  return std::any_of(tasks.begin(), tasks.end(), [&](const auto& entry) { return entry.id == id; }) &&
         setup.info(id).role != sdk::Role::source;
}

bool is_source(const pipeline::Setup& setup, const std::string& id) {
  const auto& tasks = setup.recipe().tasks;
  return setup.pretrained(id) != nullptr ||
         (std::any_of(tasks.begin(), tasks.end(), [&](const auto& entry) { return entry.id == id; }) &&
          setup.info(id).role != sdk::Role::target);
}

/// The taxonomy in a file of JSON: an object with "transfers", or their list, [{"target": ..., "sources": [...]}].
std::vector<Service> given_services(const std::string& file, const pipeline::Setup& setup) {
  std::vector<Service> services;
  base::with_context(file, [&] {
    const auto json = base::parse_json(base::read_file(file));
    for (const auto& row : (json.has("transfers") ? json.at("transfers") : json).elements()) {
      if (row.has("transfers")) throw base::Error("holds several taxonomies; give the one to take");
      Service service{row.at("target").text(), row.at("sources").as<std::vector<std::string>>()};
      std::sort(service.sources.begin(), service.sources.end());  // as transfers are named
      if (!is_target(setup, service.target))
        throw base::Error("\"" + service.target + "\" is no target of the run");
      for (const auto& source : service.sources)
        if (!is_source(setup, source)) throw base::Error("\"" + source + "\" is no source of the run");
      if (service.sources.empty()) throw base::Error("\"" + service.target + "\" has no sources");
      services.push_back(std::move(service));
    }
    if (services.empty()) throw base::Error("has no transfers");
  });
  return services;
}

/// Those that --tasks names, or all.
std::vector<Service> asked_of(std::vector<Service> services, const std::vector<std::string>& names) {
  if (names.empty()) return services;
  std::vector<std::string> known;
  for (const auto& service : services) known.push_back(service.target);
  const auto wanted = TaskFinder(known, "the run").find(names);
  for (const auto& name : wanted)
    if (std::find(known.begin(), known.end(), name) == known.end())
      throw base::Error("--tasks: the taxonomy serves no \"" + name + "\"" + base::did_you_mean(name, known) +
                        " (it serves: " + base::join(known, ", ") + ")");
  std::erase_if(services, [&](const Service& service) {
    return std::find(wanted.begin(), wanted.end(), service.target) == wanted.end();
  });
  return services;
}

}  // namespace

std::vector<Service> asked_services(const jobs::RunDirectory& run, const pipeline::Setup& setup,
                                    const Values& values) {
  values.at_most_one({"own", "taxonomy", "budget"});
  auto services = values.has("own")        ? own_services(setup)
                  : values.has("taxonomy") ? given_services(values.text("taxonomy"), setup)
                                           : services_of(run, values);
  return asked_of(std::move(services), values.names("tasks"));
}

std::vector<Service> asked_services(std::vector<Service> exported, const Values& values) {
  for (const char* option : {"own", "taxonomy", "budget", "compared"})
    if (values.has(option))
      throw values.usage_error(std::string("--") + option +
                               ": an exported file holds one taxonomy; choose by it when you export");
  return asked_of(std::move(exported), values.names("tasks"));
}

predict::Trained trained_of(const Values& values) {
  return values.has("compared") ? predict::Trained::compared : predict::Trained::finished;
}

/// "normal by edge_texture+reshading, depth_zbuffer by its own network"
std::string served_text(const std::vector<Service>& services) {
  std::vector<std::string> texts;
  for (const auto& service : services)
    texts.push_back(service.target +
                    (service.is_own() ? " by its own network" : " by " + base::join(service.sources, "+")));
  return base::join(texts, ", ");
}

}  // namespace taskonomy::cli
