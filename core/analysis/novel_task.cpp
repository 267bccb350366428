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

/// What is judged and how: the one target, its affinities, label costs.
struct Placed {
  const affinity::LossTable& losses;
  const AffinityTable& table;
  const Costs& cost;
  const BootstrapOptions& how;
  Judge judge;
};

/// q of every transfer but the best.
void add_tests(std::vector<NovelTransfer>& transfers, const Placed& placed) {
  const auto best = test_best(placed.losses, placed.judge, placed.how.block, placed.how.seed);
  std::map<std::string, double> q;
  for (const auto& pair : best.tests) q[pair.worse] = pair.q;
  for (auto& transfer : transfers)
    if (const auto found = q.find(base::join(transfer.sources, "+")); found != q.end())
      transfer.q = found->second;
}

/// Judges the best choice within the largest budget of the options.
Judgement judge(const Placed& placed, const taxonomy::Options& options) {
  if (placed.judge == Judge::paper) return judge_as_paper(placed.table, options);
  const CrossFitOptions halves{std::min<std::size_t>(placed.how.replicates, CrossFitOptions{}.replicates),
                               placed.how.level, placed.how.seed};
  return judge_by_halves(placed.table, {placed.losses}, options, halves);
}

/// The Gain that was judged by halves; in the paper's way that of the transfer, with its interval.
Interval gain_of(const Judgement& judgement, double budget, const std::vector<NovelTransfer>& transfers,
                 std::optional<std::size_t> transfer) {
  if (!transfer) return {};
  const auto* judged = judgement.at(budget);
  return judgement.judge == Judge::paper || !judged ? transfers[*transfer].gain : judged->gain;
}

std::optional<std::size_t> find(const std::vector<NovelTransfer>& transfers,
                                const std::vector<std::string>& sources) {
  for (std::size_t k = 0; k < transfers.size(); ++k)
    if (transfers[k].sources == sources) return k;
  return std::nullopt;
}

taxonomy::Options with_costs(const NovelTask& task, const Placed& placed) {
  auto options = target_only(task.target);
  for (const auto& source : placed.table.sources())
    if (const auto found = placed.cost.find(source); found != placed.cost.end() && source != task.target)
      options.cost[source] = found->second;
  return options;
}

/// The budgets of a sweep at which another transfer comes into reach. Judges the best of all too.
void add_choices_alone(NovelTask& task, const Placed& placed) {
  const auto options = with_costs(task, placed);
  const auto judgement = judge(placed, options);
  task.judge = judgement.judge;
  task.reason = judgement.reason;
  task.gain = gain_of(judgement, judgement.budgets.back().budget, task.transfers, 0);
  for (const auto& optimum : taxonomy::sweep(placed.table, options)) {
    const auto transfer = find(task.transfers, optimum.transfers.front().sources);
    if (task.alone.empty() || task.alone.back().transfer != transfer)
      task.alone.push_back(
          {optimum.budget, {}, transfer, gain_of(judgement, optimum.budget, task.transfers, transfer)});
  }
}

bool is_reachable(const std::string& source, const std::vector<std::string>& paid, const Costs& cost) {
  return std::find(paid.begin(), paid.end(), source) != paid.end() || cost_of({source}, cost) == 0.0;
}

/// The best transfer all of whose sources are paid for or free.
std::optional<std::size_t> within_reach(const NovelTask& task, const std::vector<std::string>& paid,
                                        const Costs& cost) {
  const auto reachable = [&](const std::string& source) { return is_reachable(source, paid, cost); };
  for (std::size_t k = 0; k < task.transfers.size(); ++k) {
    const auto& sources = task.transfers[k].sources;
    if (std::all_of(sources.begin(), sources.end(), reachable)) return k;
  }
  return std::nullopt;
}

/// The choice among what is paid for at one budget of the run.
NovelChoice choice_with_run(const NovelTask& task, const Placed& placed, const taxonomy::Taxonomy& run) {
  NovelChoice choice{run.budget, run.sources, within_reach(task, run.sources, placed.cost), {}};
  if (!choice.transfer) return choice;
  auto options = target_only(task.target);
  for (const auto& source : placed.table.sources()) {
    if (source == task.target) continue;
    if (is_reachable(source, run.sources, placed.cost))
      options.cost[source] = 0.0;
    else
      options.forbid.push_back(source);
  }
  choice.gain = gain_of(judge(placed, options), 0.0, task.transfers, choice.transfer);
  return choice;
}

}  // namespace

std::optional<std::size_t> NovelTask::best_of_order(std::size_t order) const {
  for (std::size_t k = 0; k < transfers.size(); ++k)
    if (transfers[k].sources.size() == order) return k;
  return std::nullopt;
}

NovelTask novel_task(const affinity::LossTable& losses, const Costs& cost,
                     const std::vector<taxonomy::Taxonomy>& run, const BootstrapOptions& how, Judge judge) {
  how.validate();
  const AffinityTable table{affinity::affinity_of(losses)};
  NovelTask task;
  task.target = losses.target;
  task.options = how;
  task.images = losses.usable_images().size();
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
  const Placed placed{losses, table, cost, how, judge};
  add_tests(task.transfers, placed);
  add_choices_alone(task, placed);
  for (const auto& taxonomy : run) task.with_run.push_back(choice_with_run(task, placed, taxonomy));
  return task;
}

}  // namespace taskonomy::analysis
