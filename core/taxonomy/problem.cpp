#include "core/taxonomy/problem.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "core/base/error.hpp"
#include "core/base/text.hpp"

namespace taskonomy::taxonomy {

namespace {

void check_names(const std::vector<std::string>& tasks, const std::string& option,
                 const std::vector<std::string>& names) {
  for (const auto& name : names) {
    if (std::binary_search(tasks.begin(), tasks.end(), name)) continue;
    throw base::Error(option + ": no task \"" + name + "\" in the table" + base::did_you_mean(name, tasks) +
                      "\ntasks: " + base::join(tasks, ", "));
  }
}

void check_numbers(const std::vector<std::string>& tasks, const std::string& option,
                   const std::map<std::string, double>& numbers) {
  for (const auto& [name, value] : numbers) {
    check_names(tasks, option, {name});
    if (!std::isfinite(value) || value < 0.0) {
      throw base::Error(option + ": " + name + ": expected a number >= 0, got " + base::number(value));
    }
  }
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

double value_or_one(const std::map<std::string, double>& numbers, const std::string& name) {
  const auto place = numbers.find(name);
  return place == numbers.end() ? 1.0 : place->second;
}

/// Whether the options leave this row a choice.
bool admitted(const affinity::AffinityRow& row, const Options& options) {
  if (options.max_order > 0 && row.sources.size() > options.max_order) return false;
  if (contains(options.exclude, row.target) || contains(options.source_only, row.target)) return false;
  return std::none_of(row.sources.begin(), row.sources.end(), [&](const std::string& source) {
    return contains(options.exclude, source) || contains(options.target_only, source);
  });
}

/// Best first; equals: fewer sources, then name order (indices are in name order).
bool better(const Edge& a, const Edge& b) {
  if (a.value != b.value) return a.value > b.value;
  if (a.sources.size() != b.sources.size()) return a.sources.size() < b.sources.size();
  return a.sources < b.sources;
}

/// Keeps the edges that no better one makes needless: one whose sources are all among theirs, free ones
/// aside.
std::vector<Edge> undominated(std::vector<Edge> edges, const std::vector<double>& cost) {
  std::sort(edges.begin(), edges.end(), better);
  std::vector<Edge> kept;
  std::vector<std::vector<std::size_t>> paid_of_kept;
  for (auto& edge : edges) {
    std::vector<std::size_t> paid;
    for (const auto source : edge.sources) {
      if (cost[source] > 0.0) paid.push_back(source);
    }
    const bool needless = std::any_of(paid_of_kept.begin(), paid_of_kept.end(), [&](const auto& fewer) {
      return std::includes(paid.begin(), paid.end(), fewer.begin(), fewer.end());
    });
    if (needless) continue;
    kept.push_back(std::move(edge));
    paid_of_kept.push_back(std::move(paid));
  }
  return kept;
}

}  // namespace

std::string name_of(Transform transform) { return transform == Transform::raw ? "raw" : "sqrt"; }

void Options::validate(const affinity::AffinityTable& table) const {
  const auto tasks = table.tasks();
  check_numbers(tasks, "importance", importance);
  check_numbers(tasks, "cost", cost);
  check_names(tasks, "exclude", exclude);
  check_names(tasks, "source-only", source_only);
  check_names(tasks, "target-only", target_only);
  for (const auto& name : source_only) {
    if (contains(target_only, name))
      throw base::Error("\"" + name + "\" cannot be both source-only and target-only");
  }
}

double Problem::total_cost() const { return std::accumulate(cost.begin(), cost.end(), 0.0); }

Problem make_problem(const affinity::AffinityTable& table, const Options& options) {
  options.validate(table);
  Problem problem;
  std::set<std::string> used;
  for (const auto& row : table.rows) {
    if (admitted(row, options)) used.insert(row.sources.begin(), row.sources.end());
  }
  problem.sources.assign(used.begin(), used.end());
  for (const auto& source : problem.sources) problem.cost.push_back(value_or_one(options.cost, source));
  for (const auto& target : table.targets()) {
    if (contains(options.exclude, target) || contains(options.source_only, target)) continue;
    std::vector<Edge> edges;
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
      const auto& row = table.rows[i];
      if (row.target != target || !admitted(row, options)) continue;
      Edge edge{i, {}, options.transform == Transform::sqrt ? std::sqrt(row.affinity) : row.affinity};
      for (const auto& source : row.sources) {
        const auto place = std::lower_bound(problem.sources.begin(), problem.sources.end(), source);
        edge.sources.push_back(static_cast<std::size_t>(place - problem.sources.begin()));
      }
      std::sort(edge.sources.begin(), edge.sources.end());
      edges.push_back(std::move(edge));
    }
    if (edges.empty()) {
      throw base::Error("no taxonomy: no transfer to \"" + target +
                            "\" is left; make it source-only, or allow more sources or a higher order",
                        base::ExitCode::infeasible);
    }
    problem.targets.push_back(target);
    problem.importance.push_back(value_or_one(options.importance, target));
    problem.edges.push_back(undominated(std::move(edges), problem.cost));
  }
  if (problem.targets.empty()) throw base::Error("no targets are left: all are excluded or source-only");
  return problem;
}

std::optional<Assignment> assign(const Problem& problem, const SourceSet& sources) {
  Assignment result;
  for (std::size_t t = 0; t < problem.targets.size(); ++t) {
    const auto& edges = problem.edges[t];
    const auto first = std::find_if(edges.begin(), edges.end(), [&](const Edge& edge) {
      return std::all_of(edge.sources.begin(), edge.sources.end(),
                         [&](std::size_t s) { return sources[s] != 0; });
    });
    if (first == edges.end()) return std::nullopt;
    result.edge.push_back(static_cast<std::size_t>(first - edges.begin()));
    result.objective += problem.importance[t] * first->value;
  }
  return result;
}

double cost_of(const Problem& problem, const SourceSet& sources) {
  double cost = 0.0;
  for (std::size_t s = 0; s < sources.size(); ++s) cost += sources[s] ? problem.cost[s] : 0.0;
  return cost;
}

bool within(double cost, double budget) { return cost <= budget + 1e-9 * std::max(1.0, std::abs(budget)); }

}  // namespace taskonomy::taxonomy
