#include "apps/taskonomy/run_page.hpp"

#include <algorithm>

#include "core/affinity/affinity_table.hpp"
#include "core/affinity/run_losses.hpp"
#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/base/json.hpp"
#include "core/base/text.hpp"
#include "core/jobs/status.hpp"
#include "core/recipe/pretrained.hpp"
#include "core/report/page_optima.hpp"
#include "core/report/pictures.hpp"
#include "core/report/source_tables.hpp"

namespace taskonomy::cli {

namespace fs = std::filesystem;

namespace {

/// The page names only the first failures: hundreds of them can have one cause.
constexpr std::size_t kNamedFailures = 12;

/// The affinities of every target that has been judged, in the order of the recipe.
affinity::AffinityTable affinities(const jobs::RunDirectory& run, const jobs::Manifest& manifest) {
  affinity::AffinityTable table;
  for (const auto& task : manifest.tasks) {
    const fs::path file = run.root() / "affinities" / (task + ".csv");
    if (!fs::exists(file)) continue;
    const auto part = affinity::read_affinity(file).table;
    table.rows.insert(table.rows.end(), part.rows.begin(), part.rows.end());
  }
  return table;
}

std::map<std::string, double> known(const std::map<std::string, double>& numbers,
                                    const std::vector<std::string>& tasks) {
  std::map<std::string, double> result;
  for (const auto& [name, value] : numbers)
    if (std::binary_search(tasks.begin(), tasks.end(), name)) result[name] = value;
  return result;
}

/// Sentences that say what of the run is not done.
std::vector<std::string> missing(const jobs::RunStatus& status) {
  std::vector<std::string> sentences;
  for (const auto& [task, why] : status.left_out)
    sentences.push_back("Task " + task + " is left out: " + why);
  if (!status.until.empty())
    sentences.push_back("The run was told to stop after the " + status.until +
                        "; there is nothing of what follows.");
  for (const auto& stage : status.stages) {
    if (stage.done == stage.all) continue;
    sentences.push_back(stage.name + ": " + std::to_string(stage.done) + " of " + std::to_string(stage.all) +
                        " jobs are done" +
                        (stage.failed > 0 ? ", " + std::to_string(stage.failed) + " failed" : std::string()) +
                        ".");
  }
  for (std::size_t i = 0; i < status.failures.size() && i < kNamedFailures; ++i)
    sentences.push_back(status.failures[i].id + " failed: " + status.failures[i].error);
  if (status.failures.size() > kNamedFailures)
    sentences.push_back("and " + std::to_string(status.failures.size() - kNamedFailures) + " more failures.");
  return sentences;
}

/// Text of a key of the manifest, "" where it is not there.
std::string text_of(const base::JsonReader& object, const char* key) {
  if (!object.has(key)) return "";
  return object.at(key).is_text() ? object.at(key).text() : object.at(key).dump();
}

/// "1000 steps of 16 images (depth_zbuffer 1500)"
std::string source_training(const recipe::Recipe& recipe) {
  std::vector<std::string> others;
  for (const auto& [task, steps] : recipe.steps_of) others.push_back(task + " " + std::to_string(steps));
  return std::to_string(recipe.source.steps) + " steps of " + std::to_string(recipe.source.batch) +
         " images" + (others.empty() ? "" : " (" + base::join(others, ", ") + ")");
}

std::vector<report::Fact> facts(const jobs::RunDirectory& run, const recipe::Recipe& recipe,
                                const jobs::RunStatus& status) {
  const auto manifest = base::with_context(
      run.manifest_file().string(), [&] { return base::parse_json(base::read_file(run.manifest_file())); });
  const auto machine = manifest.has("machine") ? manifest.at("machine") : base::parse_json("{}");
  double seconds = 0.0;
  for (const auto& stage : status.stages) seconds += stage.seconds;
  std::vector<report::Fact> all{
      {"dataset", recipe.data.dataset + ", " + std::to_string(recipe.data.side) + " px"},
      {"networks", recipe.network.encoder + ", " + std::to_string(recipe.network.channels) +
                       " channels; source training " + source_training(recipe) + ", transfers " +
                       std::to_string(recipe.transfer.training.steps) + " of " +
                       std::to_string(recipe.transfer.training.batch)},
      {"seed", std::to_string(recipe.seed)},
      {"program", text_of(manifest, "program") + ", SDK " + text_of(manifest, "sdk") + ", LibTorch " +
                      text_of(manifest, "libtorch")},
      {"machine", text_of(machine, "cpu") + ", " + text_of(machine, "cores") + " cores"},
      {"begun", text_of(manifest, "created")},
      {"last run", text_of(manifest, "last_run")}};
  for (const auto& source : recipe.sources) all.push_back({"pretrained source", recipe::describe(source)});
  const bool cuda = recipe.compute.device == "cuda";
  all.push_back({cuda ? "GPU time, all workers" : "CPU time, all workers (one thread each)",
                 base::fixed(seconds / 3600.0, 2) + " h"});
  return all;
}

}  // namespace

report::PageContent page_content_of(const jobs::RunDirectory& run) {
  const auto status = jobs::status_of(run);
  const auto recipe = run.read_recipe();
  const auto manifest = run.read_manifest();
  report::PageContent content;
  content.title = recipe.name;
  content.of_run = true;
  content.table = affinities(run, manifest);
  const auto tasks = content.table.tasks();
  content.cost = known(manifest.label_costs, tasks);
  content.importance = known(recipe.taxonomy.importance, tasks);
  content.missing = missing(status);
  content.facts = facts(run, recipe, status);
  for (const auto& stage : status.stages)
    content.stages.push_back({stage.name, stage.done, stage.seconds, static_cast<double>(stage.bytes)});
  content.recipe = recipe::to_toml(recipe);
  if (const auto file = run.root() / report::kTableOneFile; fs::exists(file))
    content.checks = report::read_table_one(file);
  if (const auto file = run.root() / report::kMetricsFile; fs::exists(file))
    content.metrics = report::read_metrics(file);
  content.pictures = report::read_pictures(run.root() / report::kPicturesFolder, manifest.tasks);
  return content;
}

void add_bootstrap(report::PageContent& content, const jobs::RunDirectory& run, std::size_t replicates) {
  if (replicates < 2 || content.table.rows.empty()) return;
  taxonomy::Options options;
  options.cost = content.cost;
  options.importance = content.importance;
  analysis::BootstrapOptions how;
  how.replicates = replicates;
  try {
    const auto losses = affinity::read_run_losses(run.root(), content.table.targets());
    content.bootstrap = analysis::bootstrap(losses, options, how);
  } catch (const base::Error& error) {
    content.missing.push_back(std::string("Intervals: ") + error.what());
  }
}

void add_significance(report::PageContent& content, std::size_t count) {
  if (count < 2 || content.table.rows.empty() || content.table.rows.size() > report::kSweepTransfers) return;
  taxonomy::Options options;
  options.cost = content.cost;
  options.importance = content.importance;
  try {
    content.significance =
        analysis::significance_by_budget(content.table, options, count, 1, content.missing);
  } catch (const base::Error& error) {
    content.missing.push_back(std::string("Random taxonomies: ") + error.what());
  }
}

fs::path page_file(const jobs::RunDirectory& run) { return run.root() / "report.html"; }

}  // namespace taskonomy::cli
