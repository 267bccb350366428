#include "core/report/statistics_json.hpp"

#include <nlohmann/json.hpp>

#include "core/report/json_values.hpp"

namespace taskonomy::report {

namespace {

using Json = nlohmann::ordered_json;
using report::json_of;  // of intervals, beside those below

Json reals(const std::vector<double>& values) {
  Json array = Json::array();
  for (const double value : values) array.push_back(real(value));
  return array;
}

Json json_of(const analysis::AgainstRandom& one) {
  return {{"optimum", real(one.optimum)},
          {"mean", real(one.mean)},
          {"deviation", real(one.deviation)},
          {"p", real(one.p)},
          {"random", reals(one.random)}};
}

Json json_of(const analysis::BudgetStability& budget) {
  Json sources = Json::array();
  for (const auto& one : budget.sources)
    sources.push_back({{"source", one.source}, {"probability", one.probability}, {"chosen", one.chosen}});
  Json transfers = Json::array();
  for (const auto& one : budget.transfers)
    transfers.push_back({{"target", one.target},
                         {"sources", one.sources},
                         {"probability", one.probability},
                         {"chosen", one.chosen}});
  return {{"budget", budget.budget},           {"objective", json_of(budget.objective)},
          {"mean_gain", json_of(budget.gain)}, {"mean_quality", json_of(budget.quality)},
          {"sources", std::move(sources)},     {"transfers", std::move(transfers)}};
}

Json json_of(const analysis::Bootstrap& bootstrap) {
  Json transfers = Json::array();
  for (const auto& row : bootstrap.transfers)
    transfers.push_back({{"target", row.target},
                         {"sources", row.sources},
                         {"affinity", json_of(row.affinity)},
                         {"gain", json_of(row.gain)},
                         {"quality", json_of(row.quality)}});
  Json budgets = Json::array();
  for (const auto& budget : bootstrap.budgets) budgets.push_back(json_of(budget));
  return {{"replicates", bootstrap.options.replicates},
          {"level", bootstrap.options.level},
          {"seed", bootstrap.options.seed},
          {"block", analysis::name_of(bootstrap.options.block)},
          {"images", bootstrap.images},
          {"blocks", bootstrap.blocks},
          {"transfers", std::move(transfers)},
          {"budgets", std::move(budgets)}};
}

Json json_of(const analysis::Consistency& one) {
  return {
      {"target", one.target},     {"eigenvalue", one.eigenvalue},           {"index", one.index},
      {"ratio", real(one.ratio)}, {"cyclic_share", real(one.cyclic_share)}, {"competitors", one.competitors},
      {"ahp", one.ahp},           {"bradley_terry", one.bradley_terry},     {"spearman", real(one.spearman)}};
}

}  // namespace

std::string to_json(const analysis::Statistics& statistics) {
  Json json{{"significance", Json::array()}, {"orders", Json::array()}, {"notes", statistics.notes}};
  for (const auto& one : statistics.significance)
    json["significance"].push_back(
        {{"budget", one.budget}, {"gain", json_of(one.gain)}, {"quality", json_of(one.quality)}});
  for (const auto& one : statistics.orders)
    json["orders"].push_back({{"order", one.order},
                              {"targets", one.targets},
                              {"gain", real(one.gain)},
                              {"quality", real(one.quality)},
                              {"gain_up_to", real(one.gain_up_to)},
                              {"quality_up_to", real(one.quality_up_to)}});
  if (!statistics.bootstrap) return text_of(json);
  json["bootstrap"] = json_of(*statistics.bootstrap);
  json["consistency"] = Json::array();
  for (const auto& one : statistics.consistency) json["consistency"].push_back(json_of(one));
  json["pairs"] = Json::array();
  for (const auto& pair : statistics.pairs)
    json["pairs"].push_back({{"target", pair.target},
                             {"better", pair.better},
                             {"worse", pair.worse},
                             {"win_rate", pair.win_rate},
                             {"p", pair.p},
                             {"q", pair.q}});
  return text_of(json);
}

std::string to_json(const analysis::Comparison& comparison) {
  Json json{{"spearman", json_of(comparison.spearman)},
            {"kendall", json_of(comparison.kendall)},
            {"same_best", real(comparison.same_best)},
            {"targets", Json::array()}};
  for (const auto& one : comparison.targets)
    json["targets"].push_back({{"target", one.target},
                               {"spearman", json_of(one.spearman)},
                               {"kendall", json_of(one.kendall)},
                               {"sources", one.sources},
                               {"best_in_a", one.best_in_a},
                               {"best_in_b", one.best_in_b}});
  return text_of(json);
}

std::string to_json(const analysis::TaskTree& tree, std::size_t clusters) {
  Json json{{"linkage", analysis::name_of(tree.linkage)},
            {"cophenetic", real(tree.cophenetic)},
            {"tasks", tree.tasks},
            {"merges", Json::array()},
            {"clusters", analysis::clusters(tree, clusters)},
            {"newick", analysis::newick(tree)}};
  for (const auto& merge : tree.merges)
    json["merges"].push_back(
        {{"left", merge.left}, {"right", merge.right}, {"height", merge.height}, {"tasks", merge.tasks}});
  return text_of(json);
}

}  // namespace taskonomy::report
