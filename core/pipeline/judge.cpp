#include "core/pipeline/judge.hpp"

#include <algorithm>

#include "core/affinity/loss_file.hpp"
#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/base/text.hpp"
#include "core/data/examples.hpp"
#include "core/pipeline/job_names.hpp"
#include "core/pipeline/metrics.hpp"
#include "core/report/run_report.hpp"
#include "core/report/source_tables.hpp"

namespace taskonomy::pipeline {

namespace {

namespace file = names::file;

std::vector<std::string> test_images(Session& session, const std::filesystem::path& folder,
                                     const std::string& target) {
  return data::ExampleSet(folder / file::images(session.task(target).info().view_kind))
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
    const auto parts = names::parts(input);
    if (parts.front() != "affinity") continue;
    const auto part = affinity::read_affinity(folder / file::affinity(parts[1])).table;
    all.rows.insert(all.rows.end(), part.rows.begin(), part.rows.end());
  }
  if (all.rows.empty()) throw base::Error("no target has a tournament; see the jobs that failed");
  return all;
}

/// Table 1: does each trained network beat the best constant guess, and a readout of an untrained encoder?
/// The readout is the transfer from the recipe's untrained source, where there is one.
std::vector<analysis::SourceCheck> table_one(Session& session, const std::filesystem::path& folder,
                                             const std::vector<std::string>& inputs) {
  std::string untrained;
  for (const auto& entry : session.recipe().tasks)
    if (!session.task(entry.id).info().trained) untrained = entry.id;
  std::vector<analysis::SourceCheck> checks;
  for (const auto& entry : session.recipe().tasks) {
    if (!session.task(entry.id).info().trained || !there(inputs, names::source(entry.id)) ||
        !there(inputs, names::constant(entry.id)))
      continue;
    affinity::LossTable table{entry.id, test_images(session, folder, entry.id), {}, {}};
    table.add(entry.id, affinity::read_losses(folder / file::losses(entry.id, file::kSelf)));
    table.add(affinity::kConstant, affinity::read_losses(folder / file::losses(entry.id, file::kConstant)));
    const auto readout = folder / file::losses(entry.id, untrained);
    if (!untrained.empty() && std::filesystem::exists(readout))
      table.add(affinity::kRandom, affinity::read_losses(readout));
    checks.push_back(analysis::check_source(table));
  }
  return checks;
}

}  // namespace

affinity::LossTable loss_table(Session& session, const std::filesystem::path& folder,
                               const std::string& target, const std::vector<std::string>& inputs) {
  affinity::LossTable table{target, test_images(session, folder, target), {}, {}};
  const auto add = [&](const std::string& competitor, const std::string& name) {
    table.add(competitor, affinity::read_losses(folder / file::losses(target, name)));
  };
  if (there(inputs, names::source(target))) {
    add(target, file::kSelf);
  } else if (target != session.placed()) {
    throw base::Error("target \"" + target +
                      "\": its own fully supervised network failed, and nothing can be judged without it");
  }
  if (there(inputs, names::scratch(target))) add(affinity::kScratch, file::kScratch);
  if (there(inputs, names::constant(target))) add(affinity::kConstant, file::kConstant);
  for (const auto& input : inputs) {
    const auto parts = names::parts(input);
    if (parts.front() != "transfer" || parts[2] == target) continue;
    add(parts[2], parts[2]);
  }
  return table;
}

std::vector<std::string> write_report(Session& session, const std::filesystem::path& folder,
                                      const std::vector<std::string>& inputs) {
  report::RunResults results;
  results.table = gathered(folder, inputs);
  results.importance = session.recipe().taxonomy.importance;
  results.budgets = session.recipe().taxonomy.budgets;
  for (const auto& entry : session.recipe().tasks)
    results.label_cost[entry.id] = session.label_cost(entry.id);
  for (const auto& source : session.recipe().sources)
    results.label_cost[source.id] = session.label_cost(source.id);
  results.checks = table_one(session, folder, inputs);
  results.metrics = metric_rows(session, folder, inputs, results.table);
  for (const auto& [task, reason] : session.left_out()) results.left_out[task] = reason;
  base::write_file(folder / file::kSummary, report::write_reports(folder, results));

  std::vector<std::string> made{file::kSummary.string(), "affinity.csv", "affinity.svg", "taxonomy.json"};
  if (!results.checks.empty()) made.push_back(report::kTableOneFile);
  if (!results.metrics.empty()) made.push_back(report::kMetricsFile);
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().filename().string().starts_with("taxonomy-budget-"))
      made.push_back(entry.path().filename().string());
  std::sort(made.begin(), made.end());
  return made;
}

std::string sources_text(Session& session, const std::filesystem::path& folder,
                         const std::vector<std::string>& done) {
  const auto checks = table_one(session, folder, done);
  if (checks.empty()) return "";
  return report::sources_text(checks, metric_rows(session, folder, done, {}));
}

}  // namespace taskonomy::pipeline
