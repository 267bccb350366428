// taskonomy finish: trains the transfers of a chosen taxonomy on, and says what they are worth.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <set>

#include "apps/learning/actions.hpp"
#include "apps/learning/served.hpp"
#include "apps/learning/workers.hpp"
#include "apps/learning/workshop.hpp"
#include "core/affinity/loss_file.hpp"
#include "core/base/files.hpp"
#include "core/base/text.hpp"
#include "core/network/precision.hpp"
#include "core/pipeline/finish.hpp"
#include "core/pipeline/judge.hpp"
#include "core/report/finished_report.hpp"
#include "core/report/text_table.hpp"

namespace taskonomy::cli {

namespace {

namespace fs = std::filesystem;
using pipeline::JobName;
using predict::Service;

constexpr const char* kTable = "finished.csv";

/// The run's recipe with what the command line says of [finish]. Throws Error as read_recipe(), and for other keys.
recipe::Recipe finish_recipe(const jobs::RunDirectory& run, const Values& values) {
  auto settings = values.list("set");
  for (const auto& setting : settings)
    if (!setting.starts_with("finish."))
      throw values.usage_error("--set: expected finish.KEY=VALUE, got \"" + setting +
                               "\"; everything else is as the run has it");
  if (values.has("tune")) settings.push_back("finish.tune=true");
  return recipe::read_recipe(run.recipe_file(), settings);
}

std::vector<JobName> transfers_of(const std::vector<Service>& services) {
  std::vector<JobName> transfers;
  for (const auto& service : services)
    if (!service.is_own()) transfers.push_back(pipeline::job::transfer(service.target, service.sources));
  return transfers;
}

/// Trains what is missing.
jobs::RunOutcome train(const jobs::RunDirectory& run, const Workshop& workshop,
                       const std::vector<JobName>& transfers, const Values& values) {
  const auto& recipe = workshop.recipe();
  auto finishing = pipeline::finish(workshop.shared_setup(), run.root(), transfers);
  network::require_hardware(recipe.compute);
  require_done(run, finishing.plan, finishing.needed, "the finished networks build on");
  const fs::path folder = finish_folder(run);
  base::write_file(folder / "recipe.toml", recipe::to_toml(recipe));
  const auto plugin_dirs = values.list("plugin-dir");
  const std::string where = base::shell_quoted(run.root().string());
  WorkSettings settings{workers_for(workshop, values.integer("workers", -1, 0, recipe::kMostWorkers)),
                        plugin_dirs,
                        {"--finish"},
                        display_of(values.has("quiet"), false),
                        folder / "log",
                        {}};
  settings.loop.job_timeout = recipe.compute.job_timeout;
  settings.loop.plugin_of = [&](const std::string& id) { return pipeline::plugin_of(id, recipe); };
  settings.loop.plan_file = folder / "plan.json";
  settings.loop.go_on =
      with_plugin_dirs("taskonomy finish " + where, plugin_dirs) + ", with the same options";
  settings.loop.repeat = with_plugin_dirs("taskonomy worker " + where + " --finish", plugin_dirs);
  auto result = run_plan(workshop, run, std::move(finishing.plan), settings);
  if (result.code() != base::ExitCode::done) std::cerr << jobs::closing_text(run, result, settings.loop);
  return result;
}

/// What one network is worth on the test images.
std::optional<analysis::NetworkScores> scores_in(const fs::path& file) {
  if (!fs::exists(file)) return std::nullopt;
  const auto metrics = affinity::read_metrics(file);
  return analysis::NetworkScores{affinity::read_losses(file), affinity::read_first_metric(file),
                                 metrics.empty() ? affinity::kUnknown : metrics.front()};
}

analysis::FinishedTarget judge(const jobs::RunDirectory& run, const pipeline::Setup& setup,
                               const JobName& transfer) {
  namespace job = pipeline::job;
  const auto scores = [&](const JobName& name) { return scores_in(run.root() / pipeline::losses_of(name)); };
  const std::string& target = transfer.task;
  const auto images = pipeline::test_images(setup, run.root(), target);
  const auto metrics = setup.card(target).metrics;
  analysis::FinishedScores all{
      .target = target,
      .sources = transfer.sources,
      .metric = metrics.empty() ? "" : metrics.front().name,
      .unit = metrics.empty() ? "" : metrics.front().unit,
      .higher_is_better = !metrics.empty() && metrics.front().higher_is_better,
      .images = images,
      .block = setup.recipe().split.unit == "scene" ? analysis::block_for(images) : analysis::Block::image,
      .finished = scores(job::finish(target, transfer.sources)).value(),
      .compared = scores(transfer).value(),
      .scratch = scores(job::scratch(target)),
      .own = scores(job::source(target))};
  return analysis::compare_finished(all, {});
}

/// Sources whose labels cost something: of the run, or of these transfers.
std::vector<std::string> labelled(const pipeline::Setup& setup, const std::set<std::string>& sources) {
  std::vector<std::string> names;
  for (const auto& entry : setup.recipe().tasks)
    if (sources.count(entry.id) > 0 && setup.info(entry.id).trained && setup.label_cost(entry.id) > 0.0)
      names.push_back(entry.id);
  return names;
}

report::FinishedTaxonomy judge_all(const jobs::RunDirectory& run, const pipeline::Setup& setup,
                                   const std::vector<Service>& services, const std::set<std::string>& done) {
  report::FinishedTaxonomy taxonomy;
  std::set<std::string> sources, all;
  for (const auto& service : services) {
    sources.insert(service.sources.begin(), service.sources.end());
    if (service.is_own()) {
      taxonomy.by_own.push_back(service.target);
    } else if (done.count(pipeline::job::finish(service.target, service.sources)) > 0) {
      taxonomy.targets.push_back(judge(run, setup, pipeline::job::transfer(service.target, service.sources)));
    }
  }
  for (const auto& entry : setup.recipe().tasks) all.insert(entry.id);
  taxonomy.labelled = labelled(setup, sources);
  taxonomy.labelled_in_all = labelled(setup, all).size();
  taxonomy.tuned = setup.recipe().finish.tune;
  return taxonomy;
}

}  // namespace

base::ExitCode finish_taxonomy(const Values& values) {
  const jobs::RunDirectory run = named_run(values);
  const Workshop workshop(finish_recipe(run, values), values.list("plugin-dir"));
  const auto& setup = workshop.setup();
  const auto services = asked_services(run, setup, values);
  const jobs::RunLock lock = run.lock();
  const auto result = train(run, workshop, transfers_of(services), values);
  if (base::is_of_signal(result.code())) return result.code();
  const auto taxonomy = judge_all(run, setup, services, {result.done.begin(), result.done.end()});
  const fs::path folder = finish_folder(run);
  base::write_file(folder / kTable, base::to_csv(taxonomy.targets));
  {
    const report::TextWidth width(report::kTextWidth);
    base::write_file(folder / "summary.txt", report::finished_text(taxonomy));
  }
  if (values.format() == "csv")
    std::cout << base::to_csv(taxonomy.targets);
  else
    std::cout << report::fitted(report::finished_text(taxonomy)) << "Files in " << folder.string()
              << ": summary.txt, " << kTable << ", the networks. Use them: taskonomy predict "
              << base::shell_quoted(run.root().string()) << " IMAGES...\n";
  return result.code();
}

}  // namespace taskonomy::cli
