#include "core/pipeline/metrics.hpp"

#include <algorithm>

#include "core/affinity/loss_table.hpp"
#include "core/base/error.hpp"
#include "core/pipeline/job_name.hpp"

namespace taskonomy::pipeline {

namespace {

/// A competitor for a target: what tables call it, and the job that left its losses.
struct Competitor {
  std::string name;
  JobName job;
};

std::vector<Competitor> competitors_of(const std::string& target, const std::vector<std::string>& inputs,
                                       const affinity::AffinityTable& table) {
  std::vector<Competitor> all;
  const auto add_if_there = [&](const std::string& name, const JobName& job) {
    if (std::find(inputs.begin(), inputs.end(), job.text()) != inputs.end()) all.push_back({name, job});
  };
  add_if_there(target, job::source(target));
  add_if_there(affinity::kScratch, job::scratch(target));
  add_if_there(affinity::kConstant, job::constant(target));
  for (const auto& row : table.rows)
    if (row.target == target && !row.is_self())
      all.push_back({transfer::name_of(row.sources), job::transfer(target, row.sources)});
  return all;
}

}  // namespace

const std::vector<sdk::Metric>& metrics_of(const sdk::Task& task) {
  static const std::vector<sdk::Metric> none;
  const auto* offered = sdk::extension_of<sdk::Metrics>(task);
  return offered == nullptr ? none : offered->metrics();
}

std::vector<report::MetricRow> metric_rows(const Setup& setup, const std::filesystem::path& folder,
                                           const std::vector<std::string>& inputs,
                                           const affinity::AffinityTable& table) {
  std::vector<report::MetricRow> rows;
  for (const auto& entry : setup.recipe().tasks) {
    const auto& offered = metrics_of(setup.task(entry.id));
    if (offered.empty()) continue;
    for (const auto& [name, job] : competitors_of(entry.id, inputs, table)) {
      const auto path = folder / losses_of(job);
      const auto means = affinity::read_metric_means(path);
      if (means.size() != offered.size())
        throw base::Error(path.string() + ": holds " + std::to_string(means.size()) + " metrics, task \"" +
                          entry.id + "\" has " + std::to_string(offered.size()));
      for (std::size_t k = 0; k < means.size(); ++k)
        rows.push_back(
            {entry.id, name, offered[k].name, offered[k].unit, offered[k].higher_is_better, means[k]});
    }
  }
  return rows;
}

}  // namespace taskonomy::pipeline
