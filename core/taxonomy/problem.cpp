#include "core/taxonomy/problem.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <set>
#include <unordered_map>

#include "core/base/error.hpp"
#include "core/base/text.hpp"

namespace taskonomy::taxonomy {

namespace {

void check_names(const std::vector<std::string>& tasks, const std::string& option,
                 const std::vector<std::string>& names) {
  constexpr std::size_t kReadable = 60;
  for (const auto& name : names) {
    if (std::binary_search(tasks.begin(), tasks.end(), name)) continue;
    throw base::Error(option + ": no task \"" + name + "\" in the table" + base::did_you_mean(name, tasks) +
                      "\ntasks: " + base::join_first(tasks, ", ", kReadable));
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

/// Whether a task may be a source at all.
bool may_be_source(const std::string& name, const Options& options) {
  return !contains(options.exclude, name) && !contains(options.target_only, name) &&
         !contains(options.forbid, name);
}

std::string arrow(const affinity::AffinityRow& row) {
  return base::join(row.sources, "+") + " -> " + row.target;
}

double value_of(const affinity::AffinityRow& row, const Options& options) {
  double value = row.affinity;
  if (options.objective == Objective::gain) value = row.gain;
  if (options.objective == Objective::quality) value = row.quality;
  if (std::isnan(value)) {
    throw base::Error("objective: " + arrow(row) + " has no " + name_of(options.objective) +
                      "; solve by affinity, or leave the transfer out of the table");
  }
  return options.transform == Transform::sqrt ? std::sqrt(value) : value;
}

double label_cost(const affinity::AffinityRow& row, const Options& options) {
  if (options.label_price == 0.0 || row.is_self()) return 0.0;
  if (std::isnan(row.labels)) {
    throw base::Error("label-price: " + arrow(row) +
                      " does not say how many labels it was trained with; the table needs a column "
                      "\"labels\" with a number in each row but those of self");
  }
  return options.label_price * row.labels;
}

/// Best first; equals: fewer sources, name order (indices are in name order), fewer labels.
bool better(const Edge& a, const Edge& b) {
  if (a.value != b.value) return a.value > b.value;
  if (a.sources.size() != b.sources.size()) return a.sources.size() < b.sources.size();
  return a.sources != b.sources ? a.sources < b.sources : a.cost < b.cost;
}

void check_forced(const affinity::AffinityTable& table, const Options& options) {
  const auto sources = table.sources();
  for (const auto& name : options.force) {
    const auto refuse = [&](const std::string& why) { throw base::Error("force: \"" + name + "\" " + why); };
    if (contains(options.forbid, name)) refuse("is forbidden too");
    if (contains(options.exclude, name)) refuse("is excluded too");
    if (contains(options.target_only, name)) refuse("is target-only too");
    if (!contains(sources, name)) refuse("is the source of no transfer in the table");
  }
}

/// The rows that the options admit, by target in the table's order.
struct Admitted {
  std::vector<std::string> targets;
  std::vector<std::vector<std::size_t>> rows;
};

Admitted admitted_rows(const affinity::AffinityTable& table, const Options& options) {
  Admitted result;
  std::unordered_map<std::string, std::size_t> place;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const auto& row = table.rows[i];
    if (contains(options.exclude, row.target) || contains(options.source_only, row.target)) continue;
    const auto [found, fresh] = place.emplace(row.target, result.targets.size());
    if (fresh) {
      result.targets.push_back(row.target);
      result.rows.emplace_back();
    }
    if (is_admitted(row, options)) result.rows[found->second].push_back(i);
  }
  return result;
}

std::size_t index_of(const std::vector<std::string>& sorted, const std::string& name) {
  return static_cast<std::size_t>(std::lower_bound(sorted.begin(), sorted.end(), name) - sorted.begin());
}

/// Sources of admitted rows and forced ones, and what each costs.
void add_sources(Problem& problem, const affinity::AffinityTable& table, const Admitted& admitted,
                 const Options& options) {
  std::set<std::string> used(options.force.begin(), options.force.end());
  for (const auto& rows : admitted.rows) {
    for (const auto i : rows) used.insert(table.rows[i].sources.begin(), table.rows[i].sources.end());
  }
  problem.sources.assign(used.begin(), used.end());
  for (std::size_t s = 0; s < problem.sources.size(); ++s) {
    const double cost = value_or_one(options.cost, problem.sources[s]);
    const bool forced = contains(options.force, problem.sources[s]);
    problem.cost.push_back(forced ? 0.0 : cost);
    if (!forced) continue;
    problem.forced.push_back(s);
    problem.committed += cost;
  }
}

Edge edge_of(const affinity::AffinityTable& table, std::size_t row, const Problem& problem,
             const Options& options) {
  Edge edge{row, {}, value_of(table.rows[row], options), label_cost(table.rows[row], options)};
  for (const auto& source : table.rows[row].sources)
    edge.sources.push_back(index_of(problem.sources, source));
  std::sort(edge.sources.begin(), edge.sources.end());
  return edge;
}

}  // namespace

std::string name_of(Transform transform) { return transform == Transform::raw ? "raw" : "sqrt"; }

std::string name_of(Objective objective) {
  if (objective == Objective::gain) return "gain";
  return objective == Objective::quality ? "quality" : "affinity";
}

double objective_of(const std::vector<affinity::AffinityRow>& transfers, const Options& options) {
  double sum = 0.0;
  for (const auto& row : transfers)
    sum += value_or_one(options.importance, row.target) * value_of(row, options);
  return sum;
}

bool is_admitted(const affinity::AffinityRow& row, const Options& options) {
  if (options.max_order > 0 && row.sources.size() > options.max_order) return false;
  if (contains(options.exclude, row.target) || contains(options.source_only, row.target)) return false;
  return std::all_of(row.sources.begin(), row.sources.end(),
                     [&](const std::string& source) { return may_be_source(source, options); });
}

void Options::validate(const affinity::AffinityTable& table) const {
  const auto tasks = table.tasks();
  check_numbers(tasks, "importance", importance);
  check_numbers(tasks, "cost", cost);
  check_names(tasks, "exclude", exclude);
  check_names(tasks, "source-only", source_only);
  check_names(tasks, "target-only", target_only);
  check_names(tasks, "force", force);
  check_names(tasks, "forbid", forbid);
  for (const auto& name : source_only) {
    if (contains(target_only, name))
      throw base::Error("\"" + name + "\" cannot be both source-only and target-only");
  }
  check_forced(table, *this);
  if (!std::isfinite(label_price) || label_price < 0.0) {
    throw base::Error("label-price: expected a number >= 0, got " + base::number(label_price));
  }
  if (transform == Transform::sqrt && objective != Objective::affinity) {
    throw base::Error("transform: sqrt is of affinities; the objective is " + name_of(objective));
  }
}

double Problem::total_cost() const {
  double total = std::accumulate(cost.begin(), cost.end(), committed);
  for (const auto& choices : edges) {
    double dearest = 0.0;
    for (const auto& edge : choices) dearest = std::max(dearest, edge.cost);
    total += dearest;
  }
  return total;
}

std::vector<Edge> drop_dominated(std::vector<Edge> edges, const std::vector<double>& cost) {
  struct Paid {
    std::vector<std::size_t> sources;
    std::uint64_t digest;  // bit s mod 64 of each: tells most pairs apart without a look at the sources
    double labels;
  };
  std::sort(edges.begin(), edges.end(), better);
  std::vector<Edge> kept;
  std::vector<Paid> paid_of_kept;
  for (auto& edge : edges) {
    Paid paid{{}, 0, edge.cost};
    for (const auto source : edge.sources) {
      if (cost[source] <= 0.0) continue;
      paid.sources.push_back(source);
      paid.digest |= std::uint64_t{1} << (source % 64);
    }
    const bool needless = std::any_of(paid_of_kept.begin(), paid_of_kept.end(), [&](const Paid& less) {
      return (less.digest & ~paid.digest) == 0 && less.labels <= paid.labels &&
             std::includes(paid.sources.begin(), paid.sources.end(), less.sources.begin(),
                           less.sources.end());
    });
    if (needless) continue;
    kept.push_back(std::move(edge));
    paid_of_kept.push_back(std::move(paid));
  }
  return kept;
}

Problem make_problem(const affinity::AffinityTable& table, const Options& options) {
  options.validate(table);
  const auto admitted = admitted_rows(table, options);
  if (admitted.targets.empty()) throw base::Error("no targets are left: all are excluded or source-only");
  Problem problem;
  add_sources(problem, table, admitted, options);
  for (std::size_t t = 0; t < admitted.targets.size(); ++t) {
    const auto& target = admitted.targets[t];
    if (admitted.rows[t].empty()) {
      throw base::Error("no taxonomy: no transfer to \"" + target +
                            "\" is left; make it source-only, or allow more sources or a higher order",
                        base::ExitCode::infeasible);
    }
    std::vector<Edge> edges;
    for (const auto row : admitted.rows[t]) edges.push_back(edge_of(table, row, problem, options));
    problem.targets.push_back(target);
    problem.importance.push_back(value_or_one(options.importance, target));
    problem.edges.push_back(drop_dominated(std::move(edges), problem.cost));
    for (const auto& edge : problem.edges.back()) problem.priced_labels |= edge.cost > 0.0;
  }
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

SourceSet sources_of(const Problem& problem, const Assignment& assignment) {
  SourceSet sources(problem.sources.size(), 0);
  for (std::size_t t = 0; t < problem.targets.size(); ++t) {
    for (const auto source : problem.edges[t][assignment.edge[t]].sources) sources[source] = 1;
  }
  return sources;
}

double cost_of(const Problem& problem, const Assignment& assignment) {
  double cost = cost_of(problem, sources_of(problem, assignment));
  for (std::size_t t = 0; t < problem.targets.size(); ++t) cost += problem.edges[t][assignment.edge[t]].cost;
  return cost;
}

double cost_of(const Problem& problem, const SourceSet& sources) {
  double cost = problem.committed;
  for (std::size_t s = 0; s < sources.size(); ++s) cost += sources[s] ? problem.cost[s] : 0.0;
  return cost;
}

bool within(double cost, double budget) { return cost <= budget + 1e-9 * std::max(1.0, std::abs(budget)); }

}  // namespace taskonomy::taxonomy
