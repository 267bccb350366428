#include "core/taxonomy/alternatives.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <queue>

#include "core/base/error.hpp"
#include "core/base/text.hpp"

namespace taskonomy::taxonomy {

namespace {

/// What one search may take of the time that is left where it is limited: how many will follow is not known.
constexpr double kShare = 0.25;

/// The part of all taxonomies that trains these sources and not those.
struct Part {
  Restriction restriction;
  double bound = 0.0;  ///< of its best; exact once solved
  std::optional<Found> found;
  std::shared_ptr<const Problem> problem;  ///< restricted; once solved
};

struct LowerBound {
  bool operator()(const Part& a, const Part& b) const { return a.bound < b.bound; }
};

bool contains(const std::vector<std::size_t>& sources, std::size_t source) {
  return std::find(sources.begin(), sources.end(), source) != sources.end();
}

/// Sources that tell one taxonomy from another: those that cost something and are not forced.
std::vector<std::size_t> paid_sources(const Problem& problem) {
  std::vector<std::size_t> result;
  for (std::size_t s = 0; s < problem.sources.size(); ++s) {
    if (problem.cost[s] > 0.0) result.push_back(s);
  }
  return result;
}

class Enumeration {
 public:
  Enumeration(Solver& solver, double budget)
      : solver_(solver), budget_(budget), paid_(paid_sources(solver.problem())) {
    parts_.push({{}, solver.ceiling(), std::nullopt, nullptr});
  }

  /// The next best taxonomy; nothing when there are no more.
  std::optional<Taxonomy> next() {
    while (!parts_.empty() && !solver_.late()) {
      Part part = parts_.top();
      parts_.pop();
      if (!part.found) {
        solve(std::move(part));
        continue;
      }
      if (split(part)) return described(part);
    }
    return std::nullopt;
  }

 private:
  void solve(Part part) {
    const Problem& whole = solver_.problem();
    if (useless(part.restriction)) return;
    auto problem = restrict_to(whole, part.restriction);
    if (!problem || !within(problem->committed, budget_)) return;
    part.found = solver_.search(*problem, budget_, kShare);
    complete_ = complete_ && part.found->complete;
    if (!part.found->best) return;
    part.bound = part.found->best->objective;
    part.problem = std::make_shared<const Problem>(std::move(*problem));
    parts_.push(std::move(part));
  }

  /// Whether one of the sources that are in is useless: no best choice takes any of its edges, because the
  /// sources that are in allow a better edge by themselves. This holds only where targets do not compete for
  /// the budget.
  [[nodiscard]] bool useless(const Restriction& restriction) const {
    const Problem& problem = solver_.problem();
    if (problem.priced_labels) return false;
    SourceSet in(problem.sources.size(), 0);
    for (std::size_t s = 0; s < in.size(); ++s) in[s] = problem.cost[s] <= 0.0 ? 1 : 0;
    for (const auto s : restriction.in) in[s] = 1;
    SourceSet hopeful(problem.sources.size(), 0);
    for (const auto& edges : problem.edges) {
      for (const auto& edge : edges) {
        bool available = true;
        bool gone = false;
        for (const auto s : edge.sources) {
          available = available && in[s];
          gone = gone || contains(restriction.out, s);
        }
        if (gone) continue;
        for (const auto s : edge.sources) hopeful[s] = 1;
        if (available) break;
      }
    }
    return std::any_of(restriction.in.begin(), restriction.in.end(),
                       [&](std::size_t s) { return !hopeful[s]; });
  }

  /// Splits a solved part into parts that hold everything but the set of sources that was found. Returns true
  /// when that set is a taxonomy of its own, which means that each of its sources is used.
  bool split(const Part& part) {
    const SourceSet now = sources_of(*part.problem, *part.found->best);
    Restriction taken = part.restriction;
    const auto child = [&](const Restriction& restriction) {
      parts_.push({restriction, part.bound, std::nullopt, nullptr});
    };
    bool own = true;
    for (const auto s : part.restriction.in) own = own && now[s];
    for (const auto s : paid_) {
      if (!now[s] || contains(taken.in, s)) continue;
      Restriction without = taken;
      without.out.push_back(s);
      child(without);
      taken.in.push_back(s);
    }
    for (const auto s : paid_) {
      if (contains(taken.in, s) || contains(taken.out, s)) continue;
      Restriction with = taken;
      with.in.push_back(s);
      child(with);
      taken.out.push_back(s);
    }
    return own;
  }

  Taxonomy described(const Part& part) const {
    Found found = *part.found;
    found.complete = complete_;
    return solver_.describe(*part.problem, budget_, found);
  }

  Solver& solver_;
  double budget_;
  std::vector<std::size_t> paid_;
  std::priority_queue<Part, std::vector<Part>, LowerBound> parts_;
  bool complete_ = true;
};

std::size_t index_of_target(const Problem& problem, const std::string& target) {
  constexpr std::size_t kReadable = 60;
  const auto place = std::find(problem.targets.begin(), problem.targets.end(), target);
  if (place != problem.targets.end()) return static_cast<std::size_t>(place - problem.targets.begin());
  throw base::Error("why: \"" + target + "\" is no target of the taxonomy" +
                    base::did_you_mean(target, problem.targets) +
                    "\ntargets: " + base::join_first(problem.targets, ", ", kReadable));
}

/// The best objective of a part within a budget; NaN when nothing fits.
double objective_within(Solver& solver, const Problem& part, double budget) {
  const auto found = solver.search(part, budget, kShare);
  return found.best ? found.best->objective : affinity::kUnknown;
}

/// The first of the ascending budgets at which the part is as good as `objective`; NaN when none is. The
/// objective never falls with the budget, so halving finds it.
double first_as_good(Solver& solver, const Problem& part, const std::vector<double>& budgets,
                     double objective) {
  const auto good = [&](double budget) {
    return !solver.late() && as_good(objective_within(solver, part, budget), objective);  // NaN is not
  };
  if (budgets.empty() || !good(budgets.back())) return affinity::kUnknown;
  return *std::partition_point(budgets.begin(), budgets.end(), [&](double budget) { return !good(budget); });
}

Alternative alternative_of(Solver& solver, std::size_t target, const Edge& edge, const Taxonomy& optimum,
                           const std::vector<double>& larger) {
  Alternative result{solver.table().rows[edge.row], edge.value, affinity::kUnknown, affinity::kUnknown};
  const auto part = fix_edge(solver.problem(), target, edge);
  if (!part) return result;
  const double objective = objective_within(solver, *part, optimum.budget);
  result.loss = std::max(0.0, optimum.objective - objective);
  if (std::isnan(objective)) result.loss = affinity::kUnknown;
  result.budget_needed = as_good(objective, optimum.objective)
                             ? optimum.budget
                             : first_as_good(solver, *part, larger, optimum.objective);
  return result;
}

std::size_t rows_to(const affinity::AffinityTable& table, const Options& options, const std::string& target) {
  return static_cast<std::size_t>(std::count_if(
      table.rows.begin(), table.rows.end(),
      [&](const affinity::AffinityRow& row) { return row.target == target && is_admitted(row, options); }));
}

}  // namespace

std::vector<Taxonomy> best_taxonomies(Solver& solver, double budget, std::size_t count) {
  if (count == 0) return {};
  std::vector<Taxonomy> results{solver.at(budget, 0.5)};  // says what is wrong when there is none
  Enumeration enumeration(solver, budget);
  bool met = false;  // the first again, which among equals may not come first
  while (results.size() < count) {
    auto taxonomy = enumeration.next();
    if (!taxonomy) break;
    const bool again = !met && taxonomy->sources == results.front().sources;
    met = met || again;
    if (!again) results.push_back(std::move(*taxonomy));
  }
  return results;
}

Reasons reasons_for(Solver& solver, const std::string& target, double budget, std::size_t count) {
  const Problem& problem = solver.problem();
  const std::size_t t = index_of_target(problem, target);
  Reasons reasons;
  reasons.optimum = solver.at(budget, 0.5);
  reasons.chosen = reasons.optimum.transfers[t];
  reasons.needless = rows_to(solver.table(), solver.options(), target) - problem.edges[t].size();
  std::vector<double> larger;
  for (const double other : solver.budgets_from(budget)) {
    if (!within(other, budget)) larger.push_back(other);
  }
  for (const auto& edge : problem.edges[t]) {
    if (reasons.alternatives.size() == count) break;
    const auto& row = solver.table().rows[edge.row];
    const bool same_labels = row.labels == reasons.chosen.labels || std::isnan(row.labels);
    if (row.sources == reasons.chosen.sources && same_labels) continue;
    auto alternative = alternative_of(solver, t, edge, reasons.optimum, larger);
    reasons.in_time = !solver.late();
    if (!reasons.in_time) break;
    reasons.alternatives.push_back(std::move(alternative));
  }
  return reasons;
}

RestrictionCosts restriction_costs(const affinity::AffinityTable& table, const Options& options,
                                   const Taxonomy& restricted) {
  Options free = options;
  free.force.clear();
  free.forbid.clear();
  RestrictionCosts costs;
  costs.free_objective = solve(table, restricted.budget, free).objective;
  costs.loss = std::max(0.0, costs.free_objective - restricted.objective);
  const auto add = [&](const std::string& name, bool forced) {
    Options one = free;
    (forced ? one.force : one.forbid).push_back(name);
    const double objective = solve(table, restricted.budget, one).objective;
    costs.single.push_back({name, forced, std::max(0.0, costs.free_objective - objective)});
  };
  for (const auto& name : options.force) add(name, true);
  for (const auto& name : options.forbid) add(name, false);
  return costs;
}

double marginal_value(Solver& solver, const Taxonomy& taxonomy) {
  return std::max(0.0, solver.at(taxonomy.budget + 1.0).objective - taxonomy.objective);
}

}  // namespace taskonomy::taxonomy
