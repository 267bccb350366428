#include "core/pipeline/judge.hpp"

#include <algorithm>

#include "core/affinity/loss_file.hpp"
#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/base/text.hpp"
#include "core/data/examples.hpp"
#include "core/pipeline/job_name.hpp"
#include "core/pipeline/metrics.hpp"
#include "core/report/run_report.hpp"
#include "core/report/source_tables.hpp"

namespace taskonomy::pipeline {

namespace {

std::vector<std::string> test_images(const Setup& setup, const std::filesystem::path& folder,
                                     const std::string& target) {
  return data::ExampleSet(folder / artefact_of(job::images(setup.info(target).view_kind)))
      .ids(data::Split::test);
}

bool there(const std::vector<std::string>& jobs, const std::string& job) {
  return std::find(jobs.begin(), jobs.end(), job) != jobs.end();
}

/// The rows of all targets whose tournament is there.
affinity::AffinityTable gathered(const std::filesystem::path& folder,
                                 const std::vector<std::string>& inputs) {
  affinity::AffinityTable all;
  for (const auto& input : inputs) {
    const auto name = JobName::parse(input);
    if (!name || name->stage != Stage::affinity) continue;
    const auto part = affinity::read_affinity(folder / artefact_of(*name)).table;
    all.rows.insert(all.rows.end(), part.rows.begin(), part.rows.end());
  }
  if (all.rows.empty()) throw base::Error("no target has a tournament; see the jobs that failed");
  return all;
}

/// Table 1: does each trained network beat the best constant guess, and a readout of an untrained encoder?
/// The readout is the transfer from the recipe's untrained source, where there is one.
std::vector<analysis::SourceCheck> table_one(const Setup& setup, const std::filesystem::path& folder,
                                             const std::vector<std::string>& inputs) {
  std::string untrained;
  for (const auto& entry : setup.recipe().tasks)
    if (!setup.info(entry.id).trained) untrained = entry.id;
  std::vector<analysis::SourceCheck> checks;
  for (const auto& entry : setup.recipe().tasks) {
    if (!setup.info(entry.id).trained || !there(inputs, job::source(entry.id)) ||
        !there(inputs, job::constant(entry.id)))
      continue;
    affinity::LossTable table{entry.id, test_images(setup, folder, entry.id), {}, {}};
    const auto add = [&](const std::string& competitor, const JobName& name) {
      table.add(competitor, affinity::read_losses(folder / losses_of(name)));
    };
    add(entry.id, job::source(entry.id));
    add(affinity::kConstant, job::constant(entry.id));
    const auto readout = job::transfer(entry.id, {untrained});
    if (!untrained.empty() && there(inputs, readout)) add(affinity::kRandom, readout);
    checks.push_back(analysis::check_source(table));
  }
  return checks;
}

}  // namespace

affinity::LossTable loss_table(const Setup& setup, const std::filesystem::path& folder,
                               const std::string& target, const std::vector<std::string>& inputs) {
  affinity::LossTable table{target, test_images(setup, folder, target), {}, {}};
  const auto add = [&](const std::string& competitor, const JobName& name) {
    table.add(competitor, affinity::read_losses(folder / losses_of(name)));
  };
  if (there(inputs, job::source(target))) {
    add(target, job::source(target));
  } else if (target != setup.placed()) {
    throw base::Error("target \"" + target +
                      "\": its own fully supervised network failed, and nothing can be judged without it");
  }
  if (there(inputs, job::scratch(target))) add(affinity::kScratch, job::scratch(target));
  if (there(inputs, job::constant(target))) add(affinity::kConstant, job::constant(target));
  for (const auto& input : inputs) {
    const auto name = JobName::parse(input);
    if (name && name->stage == Stage::transfer && name->sources != Sources{target})
      add(transfer::name_of(name->sources), *name);
  }
  return table;
}

std::vector<std::string> write_report(const Setup& setup, const std::filesystem::path& folder,
                                      const std::vector<std::string>& inputs) {
  report::RunResults results;
  results.table = gathered(folder, inputs);
  results.importance = setup.recipe().taxonomy.importance;
  results.budgets = setup.recipe().taxonomy.budgets;
  for (const auto& entry : setup.recipe().tasks) results.label_cost[entry.id] = setup.label_cost(entry.id);
  for (const auto& source : setup.recipe().sources)
    results.label_cost[source.id] = setup.label_cost(source.id);
  results.checks = table_one(setup, folder, inputs);
  results.metrics = metric_rows(setup, folder, inputs, results.table);
  for (const auto& [task, reason] : setup.left_out()) results.left_out[task] = reason;
  base::write_file(folder / kSummaryFile, report::write_reports(folder, results));

  std::vector<std::string> made{kSummaryFile.string(), "affinity.csv", "affinity.svg", "taxonomy.json"};
  if (!results.checks.empty()) made.push_back(report::kTableOneFile);
  if (!results.metrics.empty()) made.push_back(report::kMetricsFile);
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().filename().string().starts_with("taxonomy-budget-"))
      made.push_back(entry.path().filename().string());
  std::sort(made.begin(), made.end());
  return made;
}

std::string sources_text(const Setup& setup, const std::filesystem::path& folder,
                         const std::vector<std::string>& done) {
  const auto checks = table_one(setup, folder, done);
  if (checks.empty()) return "";
  return report::sources_text(checks, metric_rows(setup, folder, done, {}));
}

}  // namespace taskonomy::pipeline
