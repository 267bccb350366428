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

/// The target with several edges whose best and worst edge differ most; nothing when each has one edge, or labels have
/// no price and each takes its best.
std::optional<std::size_t> most_at_stake(const Problem& node) {
  std::optional<std::size_t> best;
  double most = -1.0;
  for (std::size_t t = 0; t < node.targets.size() && node.priced_labels; ++t) {
    const auto& edges = node.edges[t];
    const double stake = node.importance[t] * (edges.front().value - edges.back().value);
    if (edges.size() < 2 || stake <= most) continue;
    most = stake;
    best = t;
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
      floor_(-std::numeric_limits<double>::infinity()),
      open_bound_(-std::numeric_limits<double>::infinity()) {}

double Search::cutoff() const {
  if (!best_) return floor_;
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
    const Found serving = serve_within(problem_, budget_, deadline_);
    if (!serving.best) return {std::nullopt, serving.complete, ceiling(problem_)};
    offer(*serving.best);
    offer(sources_of(problem_, *serving.best));
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

Found Search::run_above(double least) {
  floor_ = least;
  explore(problem_, {}, kRootSteps);
  return {best_, complete_, complete_ ? cutoff() : open_bound_};
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
    if (!smaller || !within(smaller->committed, budget_)) return;
    const bool shrunk = edges_of(*smaller) * 10 < edges_of(node) * 9;
    node = std::move(*smaller);
    prices = bound.prices;
    if (shrunk) continue;
    return branch(node, bound);
  }
}

void Search::branch(const Problem& node, const Bound& bound) {
  const auto source = most_undecided(node, bound);
  if (!source) return branch_on_labels(node, bound);
  const bool in_first = bound.trained[*source] >= 0.5;
  for (const bool in : {in_first, !in_first}) {
    if (deadline_.over()) return leave_open(bound.value);
    const Restriction split = in ? Restriction{{*source}, {}} : Restriction{{}, {*source}};
    auto part = restrict_to(node, split);
    if (!part || !within(part->committed, budget_)) continue;
    explore(std::move(*part), bound.prices, kNodeSteps);
  }
}

/// All sources are decided. Without prices of labels each target takes its best edge; else the target with the most at
/// stake either takes its best edge or loses it.
void Search::branch_on_labels(const Problem& node, const Bound& bound) {
  const auto target = most_at_stake(node);
  if (!target) {
    SourceSet decided(node.sources.size(), 0);
    for (std::size_t s = 0; s < decided.size(); ++s) decided[s] = node.cost[s] <= 0.0 ? 1 : 0;
    if (const auto choice = choose_edges(node, budget_, decided)) offer(lift_to_root(node, *choice));
    return;
  }
  Problem with = node, without = node;
  auto& left = without.edges[*target];
  with.edges[*target] = {left.front()};
  left.erase(left.begin());
  for (Problem* part : {&with, &without}) {
    if (deadline_.over()) return leave_open(bound.value);
    explore(std::move(*part), bound.prices, kNodeSteps);
  }
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

namespace {

/// Serving every target as an objective: each edge is worth 1, so that a taxonomy is worth the number of targets, and
/// no relaxation of a budget that is too small is.
Problem count_served(Problem cover) {
  for (auto& edges : cover.edges)
    for (auto& edge : edges) edge.value = 1.0;
  cover.importance.assign(cover.targets.size(), 1.0);
  return cover;
}

/// A choice of `cover` as one of the whole problem. `cover` drops targets that are like another one; they are served by
/// the same sources. Edges are recognised by their rows.
Assignment lift_cover(const Problem& problem, const Problem& cover, const Assignment& covering) {
  SourceSet sources = sources_of(cover, covering);
  for (std::size_t s = 0; s < sources.size(); ++s) sources[s] |= cover.cost[s] <= 0.0 ? 1 : 0;
  if (!problem.priced_labels) return *assign(problem, sources);
  Assignment choice;
  for (std::size_t t = 0; t < problem.targets.size(); ++t) {
    const std::size_t row = cover.edges[t][covering.edge[t]].row;
    const auto& edges = problem.edges[t];
    const auto place = std::find_if(edges.begin(), edges.end(), [&](const Edge& e) { return e.row == row; });
    choice.edge.push_back(static_cast<std::size_t>(place - edges.begin()));
    choice.objective += problem.importance[t] * place->value;
  }
  return choice;
}

/// A choice of `cover`, made by count_served(), within the budget, or that there is none.
Found find_cover(const Problem& cover, double budget, const Deadline& deadline) {
  if (!within(cover.committed, budget)) return {};
  return Search(cover, budget, deadline).run_above(static_cast<double>(cover.targets.size()) - 0.5);
}

}  // namespace

Found serve_within(const Problem& problem, double budget, const Deadline& deadline) {
  const Problem cover = count_served(make_cover(problem));
  const auto answer = guess_cheapest(cover, deadline.left());
  if (answer && within(cost_of(cover, *answer), budget)) return {lift_cover(problem, cover, *answer), true};
  const auto found = find_cover(cover, budget, deadline);
  if (!found.best) return {std::nullopt, found.complete};
  return {lift_cover(problem, cover, *found.best), true};
}

std::optional<Assignment> cheapest(const Problem& problem, const Deadline& deadline) {
  const Problem cover = count_served(make_cover(problem));
  std::optional<Assignment> best = guess_cheapest(cover, deadline.left());
  if (!best) best = choose_edges(cover, cover.total_cost(), serve_all(cover, deadline));
  for (auto cheaper = best; cheaper;) {
    best = cheaper;
    const double cost = cost_of(cover, *best);
    cheaper =
        find_cover(cover, cost - 4e-9 * std::max(1.0, cost), deadline).best;  // what within() tells apart
  }
  if (!best) return std::nullopt;
  return lift_cover(problem, cover, *best);
}

}  // namespace taskonomy::taxonomy
