// The oracle of the solver's tests: every choice of one row per target, straight from the definition.
#pragma once

#include <algorithm>
#include <cmath>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "core/taxonomy/problem.hpp"

namespace taskonomy::taxonomy_test {

using Names = std::vector<std::string>;

inline bool has(const Names& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

inline double cost_of_source(const taxonomy::Options& options, const std::string& source) {
  return options.cost.count(source) ? options.cost.at(source) : 1.0;
}

/// One row per target, and what that comes to.
struct Choice {
  std::vector<const affinity::AffinityRow*> rows;
  std::set<std::string> sources;  ///< used or forced
  double objective = 0.0;
  double cost = 0.0;
};

inline double value_of(const affinity::AffinityRow& row, const taxonomy::Options& options) {
  if (options.objective == taxonomy::Objective::gain) return row.gain;
  if (options.objective == taxonomy::Objective::quality) return row.quality;
  return options.transform == taxonomy::Transform::sqrt ? std::sqrt(row.affinity) : row.affinity;
}

inline bool allowed(const affinity::AffinityRow& row, const taxonomy::Options& options) {
  if (options.max_order > 0 && row.sources.size() > options.max_order) return false;
  return std::none_of(row.sources.begin(), row.sources.end(), [&](const std::string& source) {
    return has(options.exclude, source) || has(options.target_only, source) || has(options.forbid, source);
  });
}

inline void extend(const std::vector<std::vector<const affinity::AffinityRow*>>& rows,
                   const taxonomy::Options& options, const Choice& now, std::vector<Choice>& all) {
  if (now.rows.size() == rows.size()) {
    all.push_back(now);
    for (const auto& source : now.sources) all.back().cost += cost_of_source(options, source);
    return;
  }
  for (const auto* row : rows[now.rows.size()]) {
    Choice next = now;
    next.rows.push_back(row);
    next.sources.insert(row->sources.begin(), row->sources.end());
    const double importance =
        options.importance.count(row->target) ? options.importance.at(row->target) : 1.0;
    next.objective += importance * value_of(*row, options);
    if (options.label_price > 0.0 && !row->is_self()) next.cost += options.label_price * row->labels;
    extend(rows, options, next, all);
  }
}

/// All choices whatever they cost; empty when some target has no row.
inline std::vector<Choice> every_choice(const affinity::AffinityTable& table,
                                        const taxonomy::Options& options) {
  std::vector<std::vector<const affinity::AffinityRow*>> rows;
  for (const auto& target : table.targets()) {
    if (has(options.exclude, target) || has(options.source_only, target)) continue;
    rows.emplace_back();
    for (const auto& row : table.rows) {
      if (row.target == target && allowed(row, options)) rows.back().push_back(&row);
    }
  }
  std::vector<Choice> all;
  Choice none;
  none.sources.insert(options.force.begin(), options.force.end());
  if (!rows.empty()) extend(rows, options, none, all);
  return all;
}

/// The highest objective within the budget; NaN when nothing fits.
inline double optimum_of(const std::vector<Choice>& choices, double budget) {
  double best = std::nan("");
  for (const auto& choice : choices) {
    if (choice.cost <= budget + 1e-9 && !(best >= choice.objective)) best = choice.objective;
  }
  return best;
}

/// Up to `rows` transfers among up to 5 tasks, orders 1 to 3, with gain, quality and one to three label sizes
/// each. `ties`: few distinct affinities.
inline affinity::AffinityTable random_table(std::mt19937& engine, unsigned rows, bool ties) {
  const auto below = [&](unsigned n) { return static_cast<unsigned>(engine() % n); };
  const auto share = [&] { return static_cast<double>(below(1000000)) / 1e6; };
  const Names names{"a", "b", "c", "d", "e"};
  affinity::AffinityTable table;
  std::set<std::pair<std::string, std::set<std::string>>> seen;
  const unsigned targets = 1 + below(3);
  for (unsigned i = 0; i < rows; ++i) {
    std::set<std::string> sources;
    const unsigned order = 1 + below(3);
    while (sources.size() < order) sources.insert(names[below(5)]);
    const std::string& target = names[below(targets)];
    if (!seen.insert({target, sources}).second) continue;
    const bool self = order == 1 && *sources.begin() == target;
    for (unsigned size = self ? 1 : 1 + below(3); size > 0; --size) {
      table.rows.push_back({{sources.begin(), sources.end()},
                            target,
                            ties ? below(8) / 8.0 : share(),
                            share(),
                            share(),
                            self ? affinity::kUnknown : 100.0 * size});
    }
  }
  return table;
}

/// Random costs and importances, and now and then a task that is excluded, source-only, target-only, forced
/// or forbidden; sometimes another objective, a maximum order, or labels with a price.
inline taxonomy::Options random_options(std::mt19937& engine, const affinity::AffinityTable& table) {
  const auto below = [&](unsigned n) { return static_cast<unsigned>(engine() % n); };
  taxonomy::Options options;
  options.max_order = below(4);
  options.objective = static_cast<taxonomy::Objective>(below(3));
  if (options.objective == taxonomy::Objective::affinity && below(2))
    options.transform = taxonomy::Transform::sqrt;
  if (below(2)) options.label_price = 0.001 * (1 + below(5));
  const auto sources = table.sources();
  for (const auto& task : table.tasks()) {
    if (below(2)) options.importance[task] = below(4) * 0.5;
    if (below(2)) options.cost[task] = below(5) * 0.3;
    const std::vector<Names*> kinds{&options.exclude, &options.source_only, &options.target_only,
                                    &options.forbid, &options.force};
    const unsigned kind = below(20);
    if (kind < 4 || (kind == 4 && has(sources, task))) kinds[kind]->push_back(task);
  }
  return options;
}

}  // namespace taskonomy::taxonomy_test
