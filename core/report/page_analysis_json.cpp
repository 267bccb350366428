#include "core/report/page_analysis_json.hpp"

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "core/base/error.hpp"
#include "core/report/json_values.hpp"

namespace taskonomy::report {

namespace {

using Json = nlohmann::ordered_json;

Json interval(const analysis::Interval& interval) {
  return Json::array({real(interval.estimate), real(interval.low), real(interval.high)});
}

}  // namespace

std::optional<analysis::TaskTree> tree_of(const affinity::AffinityTable& table) {
  if (table.sources().size() > kLargestTree) return std::nullopt;
  try {
    return analysis::agglomerate(analysis::transfer_distances(table, analysis::TreeTransform::sqrt),
                                 analysis::Linkage::ward);
  } catch (const base::Error&) {  // sources without a target in common: such a table has no tree
    return std::nullopt;
  }
}

Json tree_json(const std::optional<analysis::TaskTree>& tree, const PageIndex& index) {
  if (!tree) return nullptr;
  Json order = Json::array(), merges = Json::array();
  for (const std::size_t leaf : analysis::leaf_order(*tree)) order.push_back(index.task(tree->tasks[leaf]));
  for (const auto& merge : tree->merges)
    merges.push_back(Json::array({merge.left, merge.right, real(merge.height)}));
  return {{"leaves", index.tasks(tree->tasks)},
          {"order", std::move(order)},
          {"merges", std::move(merges)},
          {"cophenetic", real(tree->cophenetic)}};
}

Json bootstrap_json(const PageContent& content, const PageIndex& index) {
  if (!content.bootstrap) return nullptr;
  const auto& bootstrap = *content.bootstrap;
  std::vector<Json> low(content.table.rows.size()), high(content.table.rows.size());
  for (const auto& transfer : bootstrap.transfers) {
    affinity::AffinityRow row;
    row.sources = transfer.sources;
    row.target = transfer.target;
    const auto place = index.find(row);
    if (!place) continue;
    low[*place] = real(transfer.affinity.low);
    high[*place] = real(transfer.affinity.high);
  }
  Json budgets = Json::array();
  for (const auto& stability : bootstrap.budgets) {
    Json sources = Json::array();
    for (const auto& source : stability.sources)
      sources.push_back(Json::array({index.task(source.source), source.probability}));
    budgets.push_back({{"budget", stability.budget}, {"sources", std::move(sources)}});
  }
  return {{"replicates", bootstrap.options.replicates},
          {"level", bootstrap.options.level},
          {"images", bootstrap.images},
          {"rows", {{"low", low}, {"high", high}}},
          {"budgets", std::move(budgets)}};
}

Json comparison_json(const PageContent& content) {
  if (!content.comparison) return nullptr;
  const auto& comparison = *content.comparison;
  Json targets = Json::array();
  for (const auto& agreement : comparison.targets) {
    targets.push_back({{"target", agreement.target},
                       {"spearman", interval(agreement.spearman)},
                       {"best", agreement.best_in_a},
                       {"other_best", agreement.best_in_b},
                       {"sources", agreement.sources.size()}});
  }
  return {{"with", content.compared_with},
          {"spearman", interval(comparison.spearman)},
          {"kendall", interval(comparison.kendall)},
          {"same_best", real(comparison.same_best)},
          {"targets", std::move(targets)}};
}

Json significance_json(const PageContent& content) {
  if (content.significance.empty()) return nullptr;
  const auto figures = [](const analysis::AgainstRandom& one) {
    return Json::array({real(one.optimum), real(one.mean), real(one.deviation), real(one.p)});
  };
  Json budgets = Json::array();
  for (const auto& one : content.significance)
    budgets.push_back(
        {{"budget", one.budget}, {"gain", figures(one.gain)}, {"quality", figures(one.quality)}});
  return {{"count", content.significance.front().gain.random.size()}, {"budgets", std::move(budgets)}};
}

Json metrics_json(const std::vector<MetricRow>& rows) {
  Json groups = Json::array();
  std::map<std::pair<std::string, std::string>, std::size_t> places;
  for (const auto& row : rows) {
    const auto [place, fresh] = places.emplace(std::pair{row.target, row.metric}, groups.size());
    if (fresh)
      groups.push_back({{"target", row.target},
                        {"metric", row.metric},
                        {"unit", row.unit},
                        {"higher", row.higher_is_better},
                        {"values", Json::array()}});
    groups[place->second]["values"].push_back(Json::array({row.competitor, real(row.value)}));
  }
  return groups;
}

}  // namespace taskonomy::report
