#include "core/taxonomy/search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "core/taxonomy/exchange.hpp"
#include "core/taxonomy/program.hpp"
#include "core/taxonomy/restriction.hpp"

namespace taskonomy::taxonomy {

namespace {

constexpr int kRootSteps = 1000;
constexpr int kNodeSteps = 30;
// lp_solve settles programs of this size in some hundredths of a second. Larger ones are split sooner.
constexpr std::size_t kProgramPairs = 160;
constexpr std::size_t kProgramEdges = 400;

std::size_t edges_of(const Problem& problem) {
  std::size_t count = 0;
  for (const auto& edges : problem.edges) count += edges.size();
  return count;
}

double ceiling(const Problem& problem) {
  double value = 0.0;
  for (std::size_t t = 0; t < problem.targets.size(); ++t) {
    value += problem.importance[t] * problem.edges[t].front().value;
  }
  return value;
}

/// Chooses the source to split at: the one that the relaxation trains closest to half the time. Returns
/// nothing when all sources are settled.
std::optional<std::size_t> most_undecided(const Problem& node, const Bound& bound) {
  std::vector<char> occurs(node.sources.size(), 0);
  for (const auto& edges : node.edges) {
    for (const auto& edge : edges) {
      for (const auto source : edge.sources) occurs[source] = 1;
    }
  }
  std::optional<std::size_t> best;
  double nearest = std::numeric_limits<double>::infinity();
  for (std::size_t s = 0; s < occurs.size(); ++s) {
    if (!occurs[s] || node.cost[s] <= 0.0) continue;
    const double distance = std::abs(bound.trained[s] - 0.5);
    if (distance >= nearest) continue;
    nearest = distance;
    best = s;
  }
  return best;
}

/// Sources that the relaxation trains most often, as far as the budget goes.
SourceSet round_relaxation(const Problem& node, double budget, const Bound& bound) {
  std::vector<std::size_t> order;
  for (std::size_t s = 0; s < node.sources.size(); ++s) {
    if (bound.trained[s] > 0.1) order.push_back(s);
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return bound.trained[a] > bound.trained[b]; });
  SourceSet sources(node.sources.size(), 0);
  double cost = node.committed;
  for (const auto s : order) {
    if (!within(cost + node.cost[s], budget)) continue;
    cost += node.cost[s];
    sources[s] = 1;
  }
  return sources;
}

}  // namespace

Search::Search(const Problem& problem, double budget, const Deadline& deadline)
    : problem_(problem),
      budget_(budget),
      deadline_(deadline),
      open_bound_(-std::numeric_limits<double>::infinity()) {}

double Search::cutoff() const {
  if (!best_) return -std::numeric_limits<double>::infinity();
  return best_->objective + 1e-12 * std::max(1.0, std::abs(best_->objective));
}

void Search::offer(const Assignment& assignment) {
  if (!within(cost_of(problem_, assignment), budget_) || assignment.objective <= cutoff()) return;
  best_ = assignment;
}

void Search::offer(const SourceSet& sources) {
  if (const auto choice = choose_edges(problem_, budget_, sources)) offer(*choice);
}

Found Search::run(Prices& prices) {
  if (!problem_.priced_labels) {
    const SourceSet start = best_ ? sources_of(problem_, *best_) : SourceSet(problem_.sources.size(), 0);
    offer(improve(problem_, budget_, start, deadline_));
  }
  if (!best_) {
    if (deadline_.over()) return {std::nullopt, false, ceiling(problem_)};
    const auto least = cheapest(problem_, deadline_);
    if (!least) return {std::nullopt, false, ceiling(problem_)};
    if (!within(cost_of(problem_, *least), budget_)) return {};
    offer(*least);
    offer(sources_of(problem_, *least));
  }
  if (prices.service.empty()) {  // what the known taxonomy makes of each target is not far off
    for (std::size_t t = 0; t < problem_.targets.size(); ++t) {
      prices.service.push_back(problem_.importance[t] * problem_.edges[t][best_->edge[t]].value);
    }
  }
  explore(problem_, prices, kRootSteps, &prices);
  Found found{best_, complete_, best_->objective};
  if (!complete_) found.bound = std::max(open_bound_, best_->objective);
  return found;
}

Bound Search::tighten_bound(Relaxation& relaxation, const Problem& node, const Prices& prices, int steps) {
  Relaxation::Effort effort;
  effort.steps = steps;
  effort.cutoff = cutoff();
  effort.stop = [this] { return deadline_.over(); };
  effort.candidate = [&](const SourceSet& sources) {
    if (const auto choice = choose_edges(node, budget_, sources)) offer(lift_to_root(node, *choice));
  };
  return relaxation.tighten(prices, effort);
}

void Search::explore(Problem node, Prices prices, int steps, Prices* root_prices) {
  for (;;) {
    if (deadline_.over()) return leave_open(ceiling(node));
    Relaxation relaxation(node, budget_);
    const Bound bound = tighten_bound(relaxation, node, prices, steps);
    if (root_prices) *root_prices = bound.prices;
    root_prices = nullptr;
    if (bound.value <= cutoff()) return;
    if (!node.priced_labels && steps == kRootSteps) {
      const auto sources = improve(node, budget_, round_relaxation(node, budget_, bound), deadline_);
      if (const auto choice = choose_edges(node, budget_, sources)) offer(lift_to_root(node, *choice));
      if (bound.value <= cutoff()) return;
    }
    if (deadline_.over()) return leave_open(std::min(bound.value, ceiling(node)));
    auto smaller = relaxation.reduce(bound, cutoff());
    if (!smaller) return;
    const bool shrunk = edges_of(*smaller) * 10 < edges_of(node) * 9;
    node = std::move(*smaller);
    prices = bound.prices;
    if (shrunk) continue;
    const bool small = relaxation.pairs() <= kProgramPairs && edges_of(node) <= kProgramEdges;
    return small || !most_undecided(node, bound) ? solve_program(node, bound.value) : branch(node, bound);
  }
}

void Search::branch(const Problem& node, const Bound& bound) {
  const std::size_t source = *most_undecided(node, bound);
  const bool in_first = bound.trained[source] >= 0.5;
  for (const bool in : {in_first, !in_first}) {
    if (deadline_.over()) return leave_open(bound.value);
    const Restriction split = in ? Restriction{{source}, {}} : Restriction{{}, {source}};
    auto part = restrict_to(node, split);
    if (!part || !within(part->committed, budget_)) continue;
    explore(std::move(*part), bound.prices, kNodeSteps, nullptr);
  }
}

void Search::solve_program(const Problem& node, double bound) {
  Program program(node);
  const auto result = program.maximise(budget_, deadline_.left());
  if (result.outcome == Outcome::optimal || result.outcome == Outcome::best_in_time) {
    offer(lift_to_root(node, result.assignment));
  }
  if (result.outcome == Outcome::best_in_time || result.outcome == Outcome::none_in_time) leave_open(bound);
}

Assignment Search::lift_to_root(const Problem& node, const Assignment& choice) const {
  Assignment result;
  for (std::size_t t = 0; t < problem_.targets.size(); ++t) {
    const auto& edges = problem_.edges[t];
    const std::size_t row = node.edges[t][choice.edge[t]].row;
    const auto place = std::find_if(edges.begin(), edges.end(), [&](const Edge& e) { return e.row == row; });
    result.edge.push_back(static_cast<std::size_t>(place - edges.begin()));
  }
  result.objective = choice.objective;
  return result;
}

void Search::leave_open(double bound) {
  complete_ = false;
  open_bound_ = std::max(open_bound_, bound);
}

std::optional<Assignment> cheapest(const Problem& problem, const Deadline& deadline) {
  const Problem cover = make_cover(problem);
  Program program(cover);
  const auto result = program.cheapest(deadline.left());
  if (result.outcome == Outcome::none_in_time) return std::nullopt;
  if (result.outcome == Outcome::infeasible) {
    throw std::logic_error("a program without a budget is infeasible");
  }
  // `cover` drops targets that are like another one; they are served by the same sources. Edges are
  // recognised by their rows.
  SourceSet sources = sources_of(cover, result.assignment);
  for (std::size_t s = 0; s < sources.size(); ++s) sources[s] |= cover.cost[s] <= 0.0 ? 1 : 0;
  if (!problem.priced_labels) return assign(problem, sources);
  Assignment choice;
  for (std::size_t t = 0; t < problem.targets.size(); ++t) {
    const std::size_t row = cover.edges[t][result.assignment.edge[t]].row;
    const auto& edges = problem.edges[t];
    const auto place = std::find_if(edges.begin(), edges.end(), [&](const Edge& e) { return e.row == row; });
    choice.edge.push_back(static_cast<std::size_t>(place - edges.begin()));
    choice.objective += problem.importance[t] * place->value;
  }
  return choice;
}

}  // namespace taskonomy::taxonomy
