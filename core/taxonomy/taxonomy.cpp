#include "core/taxonomy/taxonomy.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "core/base/error.hpp"
#include "core/base/text.hpp"
#include "core/taxonomy/program.hpp"

namespace taskonomy::taxonomy {

namespace {

/// Losses of objective below this are rounding, not loss.
double slack(double objective) { return 1e-12 * std::max(1.0, std::abs(objective)); }

/// Sources that some chosen edge needs.
SourceSet used(const Problem& problem, const Assignment& assignment) {
  SourceSet sources(problem.sources.size(), 0);
  for (std::size_t t = 0; t < problem.targets.size(); ++t) {
    for (const auto source : problem.edges[t][assignment.edge[t]].sources) sources[source] = 1;
  }
  return sources;
}

/// Replaces sources by trial if that costs nothing of the objective.
bool take(const Problem& problem, double budget, SourceSet& sources, const SourceSet& trial) {
  if (!within(cost_of(problem, trial), budget)) return false;
  const auto before = assign(problem, sources);
  const auto after = assign(problem, trial);
  if (!after || after->objective < before->objective - slack(before->objective)) return false;
  sources = trial;
  return true;
}

/// Leaves out one source that is not needed, the last in name order first.
bool leave_one_out(const Problem& problem, double budget, SourceSet& sources) {
  for (std::size_t s = sources.size(); s-- > 0;) {
    if (!sources[s]) continue;
    SourceSet trial = sources;
    trial[s] = 0;
    if (take(problem, budget, sources, trial)) return true;
  }
  return false;
}

/// Exchanges one source for an earlier one in name order.
bool exchange_one(const Problem& problem, double budget, SourceSet& sources) {
  for (std::size_t in = 0; in < sources.size(); ++in) {
    if (sources[in]) continue;
    for (std::size_t out = sources.size(); out-- > in + 1;) {
      if (!sources[out]) continue;
      SourceSet trial = sources;
      trial[out] = 0;
      trial[in] = 1;
      if (take(problem, budget, sources, trial)) return true;
    }
  }
  return false;
}

/// Breaks ties as taxonomy.hpp says. Each step shortens the set or moves it forward in name order, so it
/// ends.
SourceSet settled(const Problem& problem, double budget, SourceSet sources) {
  while (leave_one_out(problem, budget, sources) || exchange_one(problem, budget, sources)) {
  }
  return used(problem, *assign(problem, sources));
}

Taxonomy describe(const affinity::AffinityTable& table, const Options& options, const Problem& problem,
                  const SourceSet& sources) {
  Taxonomy result;
  const auto assignment = *assign(problem, sources);
  result.max_order = options.max_order > 0 ? options.max_order : table.max_order();
  result.transform = options.transform;
  result.objective = assignment.objective;
  result.cost = cost_of(problem, sources);
  for (std::size_t s = 0; s < sources.size(); ++s) {
    if (sources[s]) result.sources.push_back(problem.sources[s]);
  }
  for (std::size_t t = 0; t < problem.targets.size(); ++t) {
    result.transfers.push_back(table.rows[problem.edges[t][assignment.edge[t]].row]);
  }
  return result;
}

base::Error out_of_time(const Options& options) {
  return base::Error("no taxonomy was found within " + base::number(options.time_limit) +
                     " s; give more time, or fewer sources or orders");
}

/// The smallest budget that serves every target.
double smallest_budget(Program& program, const Problem& problem, const Options& options) {
  const auto result = program.cheapest(options.time_limit);
  if (result.outcome == Outcome::none_in_time) throw out_of_time(options);
  if (result.sources.empty()) throw std::logic_error("a program without a budget is infeasible");
  return cost_of(problem, used(problem, *assign(problem, result.sources)));
}

Taxonomy solve_one(const affinity::AffinityTable& table, double budget, const Options& options,
                   const Problem& problem, Program& program) {
  const auto begin = std::chrono::steady_clock::now();
  const auto found = program.maximise(budget, options.time_limit);
  if (found.outcome == Outcome::none_in_time) throw out_of_time(options);
  if (found.outcome == Outcome::infeasible) {
    throw base::Error("no taxonomy serves all " + std::to_string(problem.targets.size()) +
                          " targets within a budget of " + base::number(budget) +
                          "; the smallest that works is " +
                          base::number(smallest_budget(program, problem, options)),
                      base::ExitCode::infeasible);
  }
  if (!assign(problem, found.sources) || !within(cost_of(problem, found.sources), budget)) {
    throw std::logic_error("lp_solve's answer breaks the program's own constraints");
  }
  Taxonomy result = describe(table, options, problem, settled(problem, budget, found.sources));
  result.budget = budget;
  result.status = found.outcome == Outcome::optimal ? Status::optimal : Status::time_limit;
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return result;
}

/// The objective without a budget: each target takes its best edge.
double ceiling(const Problem& problem) {
  return assign(problem, SourceSet(problem.sources.size(), 1))->objective;
}

}  // namespace

std::string name_of(Status status) { return status == Status::optimal ? "optimal" : "time_limit"; }

Taxonomy solve(const affinity::AffinityTable& table, double budget, const Options& options) {
  const Problem problem = make_problem(table, options);
  Program program(problem);
  return solve_one(table, budget, options, problem, program);
}

std::vector<Taxonomy> sweep(const affinity::AffinityTable& table, const Options& options) {
  const Problem problem = make_problem(table, options);
  Program program(problem);
  const double smallest = smallest_budget(program, problem, options);
  const double best = ceiling(problem);
  std::vector<Taxonomy> results;
  for (const double budget : budgets_of(problem.cost)) {
    if (!within(smallest, budget)) continue;
    results.push_back(solve_one(table, budget, options, problem, program));
    if (results.back().objective >= best - slack(best)) break;
  }
  return results;
}

std::vector<double> budgets_of(const std::vector<double>& costs, std::size_t limit) {
  // Sums are told apart by a billionth; past this many the steps are too fine to matter and only a grid is
  // left.
  constexpr std::size_t kMost = 100000;
  std::vector<double> sums{0.0};
  const auto close = [](double a, double b) { return within(std::max(a, b), std::min(a, b)); };
  for (const double cost : costs) {
    if (cost == 0.0) continue;
    const std::size_t before = sums.size();
    for (std::size_t i = 0; i < before; ++i) sums.push_back(sums[i] + cost);
    std::sort(sums.begin(), sums.end());
    sums.erase(std::unique(sums.begin(), sums.end(), close), sums.end());
    if (sums.size() <= kMost) continue;
    double total = 0.0;
    for (const double each : costs) total += each;
    sums.clear();
    for (std::size_t i = 0; i < limit; ++i) {
      sums.push_back(total * static_cast<double>(i) / static_cast<double>(limit - 1));
    }
    return sums;
  }
  if (sums.size() <= limit) return sums;
  std::vector<double> picked;
  for (std::size_t i = 0; i < limit; ++i) picked.push_back(sums[i * (sums.size() - 1) / (limit - 1)]);
  return picked;
}

}  // namespace taskonomy::taxonomy
