#include "apps/taskonomy/run_page.hpp"

#include <algorithm>

#include "apps/taskonomy/table_input.hpp"
#include "core/affinity/affinity_table.hpp"
#include "core/affinity/loss_file.hpp"
#include "core/analysis/verdicts.hpp"
#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/base/json.hpp"
#include "core/base/record.hpp"
#include "core/base/text.hpp"
#include "core/jobs/status.hpp"
#include "core/recipe/pretrained.hpp"
#include "core/report/learning_curve_text.hpp"
#include "core/report/page_optima.hpp"
#include "core/report/source_results.hpp"

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

/// The targets of a run that have no affinities yet, as one sentence with what to do; nothing where all have.
std::vector<std::string> unanswered(const jobs::RunDirectory& run, const jobs::RunStatus& status,
                                    const affinity::AffinityTable& table) {
  constexpr std::string_view kOfTarget = "shortlist/";  // every target has one such job
  const auto answered = table.targets();
  std::vector<std::string> targets;
  for (const auto& job : base::parse_json(base::read_file(run.plan_file())).at("jobs").elements()) {
    const std::string id = job.at("id").text();
    if (!id.starts_with(kOfTarget)) continue;
    const std::string target = id.substr(kOfTarget.size());
    if (std::find(answered.begin(), answered.end(), target) == answered.end()) targets.push_back(target);
  }
  if (targets.empty()) return {};
  std::string sentence = "Targets without an answer yet: " + base::listed(targets) + ".";
  if (!answered.empty())
    sentence += " What stands here is the best choice for the other " + std::to_string(answered.size()) +
                ", which may change.";
  if (status.process == 0)
    sentence += " `taskonomy run " + base::shell_quoted(run.root().string()) + "` goes on.";
  return {sentence};
}

/// "What is left takes about 12 min of one worker.", from what the finished jobs of each stage took; "" where nothing is
/// left or known. Stages of which no job is done are named.
std::string time_left(const jobs::RunStatus& status) {
  double seconds = 0.0;
  std::vector<std::string> unknown;
  for (const auto& stage : status.stages) {
    if (stage.done == stage.all) continue;
    if (stage.done == 0)
      unknown.push_back(stage.name);
    else
      seconds +=
          stage.seconds / static_cast<double>(stage.done) * static_cast<double>(stage.all - stage.done);
  }
  if (seconds == 0.0) return "";
  return "What is left takes about " + base::duration(seconds) + " of one worker" +
         (unknown.empty()
              ? "."
              : ", without the stages of which nothing is done yet: " + base::listed(unknown) + ".");
}

/// What samples are missing, and which plugins it was made with.
report::PassedOver passed_over(const jobs::RunStatus& status) {
  report::PassedOver over;
  std::size_t count = 0;
  for (const auto& record : status.incomplete) {
    over.samples.push_back({record.id, record.left_out});
    count += record.left_out.size();
  }
  if (count > 0)
    over.sentence = "The run went on without " + std::to_string(count) +
                    (count == 1 ? " sample" : " samples") + " that could not be used, such as " +
                    over.samples.front().samples.front() + ".";
  for (const auto& plugin : status.plugins)
    over.plugins.push_back({plugin.kind, plugin.id, plugin.version, plugin.fingerprint, plugin.file,
                            plugin.own, plugin.shadows});
  return over;
}

/// Sentences that say what of the run is not done.
std::vector<std::string> missing(const jobs::RunDirectory& run, const jobs::RunStatus& status,
                                 const affinity::AffinityTable& table) {
  auto sentences = unanswered(run, status, table);
  if (const auto left = time_left(status); !left.empty()) sentences.push_back(left);
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

/// "1000 steps of 16 images (depth_zbuffer 1500)"
std::string source_training(const recipe::Recipe& recipe) {
  std::vector<std::string> others;
  for (const auto& [task, steps] : recipe.steps_of) others.push_back(task + " " + std::to_string(steps));
  const std::string most = recipe.source.schedule == "until_flat" ? "at most " : "";
  return most + std::to_string(recipe.source.steps) + " steps of " + std::to_string(recipe.source.batch) +
         " images" + (others.empty() ? "" : " (" + base::join(others, ", ") + ")") +
         (recipe.source.augment == "none" ? "" : ", " + recipe.source.augment + " augmentation");
}

std::vector<report::Fact> facts(const jobs::Manifest& manifest, const recipe::Recipe& recipe,
                                const jobs::RunStatus& status) {
  double seconds = 0.0;
  for (const auto& stage : status.stages) seconds += stage.seconds;
  std::vector<report::Fact> all{
      {"dataset", recipe.data.dataset + ", " + std::to_string(recipe.data.side) + " px"},
      {"networks", recipe.network.encoder + ", " + std::to_string(recipe.network.channels) +
                       " channels; source training " + source_training(recipe) + ", transfers " +
                       std::to_string(recipe.transfer.training.steps) + " steps of " +
                       std::to_string(recipe.transfer.training.batch) + " images, networks from scratch " +
                       (recipe.scratch.steps > 0 ? std::to_string(recipe.scratch.steps)
                                                 : "until their loss stops falling")},
      {"seed", std::to_string(recipe.seed)},
      {"program", "taskonomy " + manifest.program_version + ", SDK " + manifest.sdk_version + ", LibTorch " +
                      manifest.libtorch_version},
      {"machine", manifest.machine.cpu + ", " + std::to_string(manifest.machine.cores) + " cores"},
      {"begun", manifest.created},
      {"last run", manifest.last_run}};
  for (const auto& sentence : jobs::plugin_sentences(status.plugins)) all.push_back({"plugin", sentence});
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
  content.prices = manifest.prices;
  content.prices.cost = of_tasks(manifest.prices.cost, content.table);
  content.importance = of_tasks(recipe.taxonomy.importance, content.table);
  content.missing = missing(run, status, content.table);
  content.facts = facts(manifest, recipe, status);
  content.passed_over = passed_over(status);
  for (const auto& stage : status.stages)
    content.stages.push_back({stage.name, stage.done, stage.seconds, static_cast<double>(stage.bytes)});
  content.recipe = recipe::to_toml(recipe);
  for (const auto& sentence : report::start_sentences(report::read_starts(run.root())))
    content.facts.push_back({"start", sentence});
  if (const auto file = run.root() / report::kTasksFile; fs::exists(file))
    content.texts = report::read_task_texts(file);
  if (const auto file = run.root() / report::kTableOneFile; fs::exists(file))
    content.checks = report::read_table_one(file);
  if (const auto file = run.root() / report::kVerdictsFile; fs::exists(file)) {
    if (auto verdicts = report::read_verdicts(file))
      content.verdicts = *std::move(verdicts);
    else
      content.missing.push_back("What not to believe: an earlier version judged it; `taskonomy run " +
                                base::shell_quoted(run.root().string()) + " --update` judges it again.");
  }
  if (const auto file = run.root() / report::kCurveFile; fs::exists(file))
    content.curves = base::read_records<analysis::LearningCurve>(file);
  if (const auto file = run.root() / report::kMetricsFile; fs::exists(file))
    content.metrics = report::read_metrics(file);
  content.pictures = report::read_pictures(run.root() / report::kPicturesFolder, manifest.tasks);
  return content;
}

void add_bootstrap(report::PageContent& content, const jobs::RunDirectory& run, std::size_t replicates) {
  if (replicates < 2 || content.table.rows.empty()) return;
  taxonomy::Options options;
  options.cost = content.prices.cost;
  options.importance = content.importance;
  analysis::BootstrapOptions how;
  how.replicates = replicates;
  try {
    const auto losses = losses_of(run.root(), content.table.targets());
    how.block = analysis::default_block(losses.front());
    content.bootstrap = analysis::bootstrap(losses, options, how);
  } catch (const base::Error& error) {
    content.missing.push_back(std::string("Intervals: ") + error.what());
  }
}

void add_judgement(report::PageContent& content, const jobs::RunDirectory* run, analysis::Judge judge) {
  if (content.table.rows.empty() || content.table.rows.size() > report::kPresetTransfers) return;
  taxonomy::Options options;
  options.cost = content.prices.cost;
  options.importance = content.importance;
  try {
    if (judge == analysis::Judge::paper)
      content.judgement = analysis::judge_as_paper(content.table, options);
    else if (!run)
      content.judgement =
          analysis::judge_as_paper(content.table, options, "a table has no test images to halve");
    else
      content.judgement = analysis::judge_by_halves(
          content.table, losses_of(run->root(), content.table.targets()), options, {});
  } catch (const base::Error& error) {
    content.missing.push_back(std::string("Judgement of the optima: ") + error.what());
  }
}

void add_significance(report::PageContent& content, std::size_t count) {
  if (count < 2 || !content.judgement) return;
  taxonomy::Options options;
  options.cost = content.prices.cost;
  options.importance = content.importance;
  try {
    content.significance =
        analysis::significance_by_budget(*content.judgement, options, count, 1, content.missing);
  } catch (const base::Error& error) {
    content.missing.push_back(std::string("Random taxonomies: ") + error.what());
  }
}

fs::path page_file(const jobs::RunDirectory& run) { return run.root() / "report.html"; }

}  // namespace taskonomy::cli
