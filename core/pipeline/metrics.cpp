#include "core/pipeline/metrics.hpp"

#include <algorithm>

#include "core/affinity/loss_table.hpp"
#include "core/base/error.hpp"
#include "core/pipeline/job_names.hpp"

namespace taskonomy::pipeline {

namespace {

namespace file = names::file;

/// A competitor for a target: its name in tables, and that of its file.
struct Competitor {
  std::string name;
  std::string file;
};

std::vector<Competitor> competitors_of(const std::string& target, const std::vector<std::string>& inputs,
                                       const affinity::AffinityTable& table) {
  const auto there = [&](const std::string& job) {
    return std::find(inputs.begin(), inputs.end(), job) != inputs.end();
  };
  std::vector<Competitor> all;
  if (there(names::source(target))) all.push_back({target, file::kSelf});
  if (there(names::scratch(target))) all.push_back({affinity::kScratch, file::kScratch});
  if (there(names::constant(target))) all.push_back({affinity::kConstant, file::kConstant});
  for (const auto& row : table.rows)
    if (row.target == target && !row.is_self())
      all.push_back({transfer::name_of(row.sources), transfer::name_of(row.sources)});
  return all;
}

}  // namespace

const std::vector<sdk::Metric>& metrics_of(const sdk::Task& task) {
  static const std::vector<sdk::Metric> none;
  const auto* offered = sdk::extension_of<sdk::Metrics>(task);
  return offered == nullptr ? none : offered->metrics();
}

std::vector<report::MetricRow> metric_rows(Session& session, const std::filesystem::path& folder,
                                           const std::vector<std::string>& inputs,
                                           const affinity::AffinityTable& table) {
  std::vector<report::MetricRow> rows;
  for (const auto& entry : session.recipe().tasks) {
    const auto& offered = metrics_of(session.task(entry.id));
    if (offered.empty()) continue;
    for (const auto& [name, file_name] : competitors_of(entry.id, inputs, table)) {
      const auto path = folder / file::losses(entry.id, file_name);
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
