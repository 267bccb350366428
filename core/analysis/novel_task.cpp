#include "core/analysis/novel_task.hpp"

#include <algorithm>

#include "core/analysis/pair_tests.hpp"
#include "core/base/error.hpp"
#include "core/base/text.hpp"

namespace taskonomy::analysis {

namespace {

using affinity::AffinityTable;

using Costs = std::map<std::string, double>;

double cost_of(const std::vector<std::string>& sources, const Costs& cost) {
  double sum = 0.0;
  for (const auto& source : sources) {
    const auto found = cost.find(source);
    sum += found == cost.end() ? 1.0 : found->second;
  }
  return sum;
}

/// Options of a table whose one target has no labels of its own.
taxonomy::Options target_only(const std::string& target) {
  taxonomy::Options options;
  options.target_only = {target};
  return options;
}

/// Resamples with free sources. The optimum then takes the best transfer, so the inclusion of a transfer is
/// the share of test sets on which it is the best.
Bootstrap bootstrap_with_free_sources(const affinity::LossTable& losses, const AffinityTable& table,
                                      const BootstrapOptions& how) {
  auto options = target_only(losses.target);
  for (const auto& source : table.sources()) options.cost[source] = 0.0;
  return bootstrap({losses}, options, how);
}

void sort_best_first(std::vector<NovelTransfer>& transfers) {
  std::sort(transfers.begin(), transfers.end(), [](const NovelTransfer& a, const NovelTransfer& b) {
    if (a.affinity.estimate != b.affinity.estimate) return a.affinity.estimate > b.affinity.estimate;
    if (a.sources.size() != b.sources.size()) return a.sources.size() < b.sources.size();
    return a.sources < b.sources;
  });
}

/// q of every transfer that the best one beats more often than not.
void add_tests(std::vector<NovelTransfer>& transfers, const affinity::LossTable& losses, Block block) {
  const auto best = base::join(transfers.front().sources, "+");
  std::map<std::string, double> q;
  for (const auto& pair : pair_tests({losses}, block))
    if (pair.better == best) q[pair.worse] = pair.q;
  for (auto& transfer : transfers)
    if (const auto found = q.find(base::join(transfer.sources, "+")); found != q.end())
      transfer.q = found->second;
}

std::optional<std::size_t> find(const std::vector<NovelTransfer>& transfers,
                                const std::vector<std::string>& sources) {
  for (std::size_t k = 0; k < transfers.size(); ++k)
    if (transfers[k].sources == sources) return k;
  return std::nullopt;
}

/// The budgets of a sweep at which another transfer comes into reach.
std::vector<NovelChoice> choices_alone(const NovelTask& task, const AffinityTable& table, const Costs& cost) {
  auto options = target_only(task.target);
  for (const auto& source : table.sources())
    if (const auto found = cost.find(source); found != cost.end() && source != task.target)
      options.cost[source] = found->second;
  std::vector<NovelChoice> choices;
  for (const auto& optimum : taxonomy::sweep(table, options)) {
    const auto transfer = find(task.transfers, optimum.transfers.front().sources);
    if (choices.empty() || choices.back().transfer != transfer)
      choices.push_back({optimum.budget, {}, transfer});
  }
  return choices;
}

/// The best transfer all of whose sources are paid for or free.
std::optional<std::size_t> within_reach(const NovelTask& task, const std::vector<std::string>& paid,
                                        const Costs& cost) {
  const auto reachable = [&](const std::string& source) {
    return std::find(paid.begin(), paid.end(), source) != paid.end() || cost_of({source}, cost) == 0.0;
  };
  for (std::size_t k = 0; k < task.transfers.size(); ++k) {
    const auto& sources = task.transfers[k].sources;
    if (std::all_of(sources.begin(), sources.end(), reachable)) return k;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::size_t> NovelTask::best_of_order(std::size_t order) const {
  for (std::size_t k = 0; k < transfers.size(); ++k)
    if (transfers[k].sources.size() == order) return k;
  return std::nullopt;
}

NovelTask novel_task(const affinity::LossTable& losses, const Costs& cost,
                     const std::vector<taxonomy::Taxonomy>& run, const BootstrapOptions& how) {
  how.validate();
  const AffinityTable table{affinity::affinity_of(losses)};
  NovelTask task{losses.target, how, losses.usable_images().size(), {}, {}, {}};
  if (std::all_of(table.rows.begin(), table.rows.end(), [](const auto& row) { return row.is_self(); }))
    throw base::Error("target \"" + task.target + "\": no transfer into it has losses");
  const auto resampled = bootstrap_with_free_sources(losses, table, how);
  std::map<std::vector<std::string>, double> best;
  for (const auto& one : resampled.budgets.back().transfers) best[one.sources] = one.probability;
  for (const auto& row : resampled.transfers)
    if (row.sources != std::vector<std::string>{task.target})
      task.transfers.push_back(
          {row.sources, cost_of(row.sources, cost), row.affinity, row.gain, row.quality, best[row.sources]});
  sort_best_first(task.transfers);
  add_tests(task.transfers, losses, how.block);
  task.alone = choices_alone(task, table, cost);
  for (const auto& taxonomy : run)
    task.with_run.push_back({taxonomy.budget, taxonomy.sources, within_reach(task, taxonomy.sources, cost)});
  return task;
}

}  // namespace taskonomy::analysis
