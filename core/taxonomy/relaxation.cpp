#include "core/taxonomy/relaxation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/taxonomy/restriction.hpp"

namespace taskonomy::taxonomy {

Relaxation::Relaxation(const Problem& problem, double budget)
    : problem_(problem), budget_(budget - problem.committed + 1e-9 * std::max(1.0, std::abs(budget))) {
  first_pair_.push_back(0);
  for (std::size_t t = 0; t < problem.targets.size(); ++t) add_target(t);
  lambda_.assign(source_of_pair_.size(), 0.0);
  income_.assign(problem.sources.size(), 0.0);
}

void Relaxation::add_target(std::size_t target) {
  const std::size_t first = first_pair_.back();
  const auto& choices = problem_.edges[target];
  for (const auto& edge : choices) {
    for (const auto s : edge.sources) {
      if (problem_.cost[s] > 0.0) source_of_pair_.push_back(s);
    }
  }
  const auto begin = source_of_pair_.begin() + static_cast<std::ptrdiff_t>(first);
  std::sort(begin, source_of_pair_.end());
  source_of_pair_.erase(std::unique(begin, source_of_pair_.end()), source_of_pair_.end());
  first_pair_.push_back(source_of_pair_.size());
  edges_.emplace_back();
  for (const auto& edge : choices) {
    PricedEdge priced{problem_.importance[target] * edge.value, edge.cost, pair_of_use_.size(), 0};
    for (const auto s : edge.sources) {
      if (problem_.cost[s] <= 0.0) continue;
      const auto place = std::lower_bound(begin, source_of_pair_.end(), s);
      pair_of_use_.push_back(static_cast<std::size_t>(place - source_of_pair_.begin()));
    }
    priced.last = pair_of_use_.size();
    edges_.back().push_back(priced);
  }
}

void Relaxation::load(const Prices& prices) {
  std::fill(lambda_.begin(), lambda_.end(), 0.0);
  for (std::size_t t = 0; t < std::min(prices.size(), edges_.size()); ++t) {
    auto entry = prices[t].begin();
    for (std::size_t pair = first_pair_[t]; pair < first_pair_[t + 1]; ++pair) {
      while (entry != prices[t].end() && entry->first < source_of_pair_[pair]) ++entry;
      if (entry != prices[t].end() && entry->first == source_of_pair_[pair]) lambda_[pair] = entry->second;
    }
  }
}

Prices Relaxation::stored(const std::vector<double>& lambda) const {
  Prices prices(edges_.size());
  for (std::size_t t = 0; t < edges_.size(); ++t) {
    for (std::size_t pair = first_pair_[t]; pair < first_pair_[t + 1]; ++pair) {
      if (lambda[pair] > 0.0) prices[t].emplace_back(source_of_pair_[pair], lambda[pair]);
    }
  }
  return prices;
}

double Relaxation::worth(const PricedEdge& edge, double budget_price) const {
  double value = edge.value - budget_price * edge.cost;
  for (std::size_t use = edge.first; use < edge.last; ++use) value -= lambda_[pair_of_use_[use]];
  return value;
}

std::size_t Relaxation::best_edge(std::size_t target, double budget_price) const {
  const auto& edges = edges_[target];
  std::size_t best = 0;
  double most = -std::numeric_limits<double>::infinity();
  for (std::size_t e = 0; e < edges.size() && edges[e].value > most; ++e) {  // best first: prices only take
    const double value = worth(edges[e], budget_price);
    if (value <= most) continue;
    most = value;
    best = e;
  }
  return best;
}

void Relaxation::fill_budget(Point& point) const {
  std::vector<std::size_t> order;
  for (std::size_t s = 0; s < income_.size(); ++s) {
    if (problem_.cost[s] > 0.0 && income_[s] > 0.0) order.push_back(s);
  }
  const auto rate = [&](std::size_t s) { return income_[s] / problem_.cost[s]; };
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return rate(a) != rate(b) ? rate(a) > rate(b) : a < b; });
  double left = budget_;
  for (const auto s : order) {
    point.trained[s] = std::clamp(left / problem_.cost[s], 0.0, 1.0);
    left -= problem_.cost[s];
    if (left > 0.0) continue;
    point.budget_price = rate(s);
    break;
  }
}

double Relaxation::spent(double budget_price) const {
  double cost = 0.0;
  for (std::size_t t = 0; t < edges_.size(); ++t) cost += edges_[t][best_edge(t, budget_price)].cost;
  for (std::size_t s = 0; s < income_.size(); ++s) {
    if (income_[s] > budget_price * problem_.cost[s]) cost += problem_.cost[s];
  }
  return cost;
}

void Relaxation::balance_budget(Point& point) const {
  double low = 0.0;
  double high = 0.0;
  if (spent(0.0) > budget_) {
    high = 1e-6;
    while (spent(high) > budget_ && high < 1e12) high *= 4.0;
    constexpr int kHalvings = 40;
    for (int i = 0; i < kHalvings; ++i) {
      const double middle = 0.5 * (low + high);
      (spent(middle) > budget_ ? low : high) = middle;
    }
  }
  point.budget_price = high;
  for (std::size_t s = 0; s < income_.size(); ++s) {
    if (problem_.cost[s] > 0.0 && income_[s] > high * problem_.cost[s]) point.trained[s] = 1.0;
  }
}

double Relaxation::value_at(double budget_price) const {
  double value = budget_price * budget_;
  for (std::size_t s = 0; s < income_.size(); ++s) {
    value += std::max(0.0, income_[s] - budget_price * problem_.cost[s]);
  }
  for (std::size_t t = 0; t < edges_.size(); ++t) {
    value += worth(edges_[t][best_edge(t, budget_price)], budget_price);
  }
  return value;
}

Relaxation::Point Relaxation::evaluate() {
  Point point;
  point.trained.assign(income_.size(), 0.0);
  std::fill(income_.begin(), income_.end(), 0.0);
  for (std::size_t pair = 0; pair < lambda_.size(); ++pair) income_[source_of_pair_[pair]] += lambda_[pair];
  if (problem_.priced_labels) {
    balance_budget(point);
  } else {
    fill_budget(point);
  }
  point.value = point.budget_price * budget_;
  for (std::size_t s = 0; s < income_.size(); ++s) {
    point.value += std::max(0.0, income_[s] - point.budget_price * problem_.cost[s]);
  }
  for (std::size_t t = 0; t < edges_.size(); ++t) {
    point.chosen.push_back(best_edge(t, point.budget_price));
    point.value += worth(edges_[t][point.chosen.back()], point.budget_price);
  }
  return point;
}

std::vector<double> Relaxation::slope(const Point& point) const {
  std::vector<double> slope(lambda_.size());
  for (std::size_t pair = 0; pair < slope.size(); ++pair) slope[pair] = point.trained[source_of_pair_[pair]];
  for (std::size_t t = 0; t < edges_.size(); ++t) {
    const auto& edge = edges_[t][point.chosen[t]];
    for (std::size_t use = edge.first; use < edge.last; ++use) slope[pair_of_use_[use]] -= 1.0;
  }
  return slope;
}

Bound Relaxation::tighten(const Prices& start, const Effort& effort) {
  constexpr double kDeflection = 0.7;  // share of the last direction that is kept
  constexpr int kPatience = 20;        // steps without progress before the step length shrinks
  load(start);
  Bound best{std::numeric_limits<double>::infinity(), 0.0, {}, std::vector<double>(income_.size(), 0.0)};
  std::vector<double> best_lambda = lambda_;
  std::vector<double> direction(lambda_.size(), 0.0);
  double length = 1.0;
  int idle = 0;
  for (int step = 0; step < effort.steps && length > 1e-5; ++step) {
    if (effort.stop && effort.stop()) break;
    const Point point = evaluate();
    for (std::size_t s = 0; s < income_.size(); ++s) {
      best.trained[s] += 0.1 * (point.trained[s] - best.trained[s]);
    }
    if (effort.candidate && step % 10 == 0) {
      SourceSet sources(income_.size(), 0);
      for (std::size_t s = 0; s < sources.size(); ++s)
        sources[s] = point.trained[s] >= 1.0 || problem_.cost[s] <= 0.0;
      effort.candidate(sources);
    }
    idle = point.value < best.value - 1e-9 * std::abs(best.value) ? 0 : idle + 1;
    if (point.value < best.value) {
      best.value = point.value;
      best.budget_price = point.budget_price;
      best_lambda = lambda_;
      if (best.value <= effort.cutoff) break;
    }
    if (idle >= kPatience) {
      length *= 0.7;
      idle = 0;
      lambda_ = best_lambda;
      std::fill(direction.begin(), direction.end(), 0.0);
      continue;
    }
    const auto slope_now = slope(point);
    double square = 0.0;
    for (std::size_t pair = 0; pair < direction.size(); ++pair) {
      direction[pair] = slope_now[pair] + kDeflection * direction[pair];
      if (lambda_[pair] <= 0.0 && direction[pair] > 0.0) direction[pair] = 0.0;
      square += direction[pair] * direction[pair];
    }
    if (square == 0.0) break;
    // Polyak's step towards the cutoff, which is at most a little under the minimum; never of no length.
    const double aim = std::max(effort.cutoff, best.value - 0.1 * std::abs(best.value));
    const double scale = length * (point.value - aim + 1e-4 * std::abs(point.value)) / square;
    for (std::size_t pair = 0; pair < direction.size(); ++pair) {
      lambda_[pair] = std::max(0.0, lambda_[pair] - scale * direction[pair]);
    }
  }
  best.prices = stored(best_lambda);
  return best;
}

std::optional<Problem> Relaxation::reduced(const Bound& bound, double cutoff) {
  load(bound.prices);
  std::fill(income_.begin(), income_.end(), 0.0);
  for (std::size_t pair = 0; pair < lambda_.size(); ++pair) income_[source_of_pair_[pair]] += lambda_[pair];
  const double value = value_at(bound.budget_price);
  Restriction restriction;
  for (std::size_t s = 0; s < income_.size(); ++s) {
    if (problem_.cost[s] <= 0.0) continue;
    const double profit = income_[s] - bound.budget_price * problem_.cost[s];
    if (profit > 0.0 && value - profit <= cutoff) restriction.in.push_back(s);
    if (profit < 0.0 && value + profit <= cutoff) restriction.out.push_back(s);
  }
  Problem smaller = problem_;
  for (std::size_t t = 0; t < edges_.size(); ++t) {
    const double most = worth(edges_[t][best_edge(t, bound.budget_price)], bound.budget_price);
    std::vector<Edge> kept;
    for (std::size_t e = 0; e < edges_[t].size(); ++e) {
      const double loss = most - worth(edges_[t][e], bound.budget_price);
      if (value - loss > cutoff) kept.push_back(problem_.edges[t][e]);
    }
    smaller.edges[t] = std::move(kept);
  }
  return restricted(smaller, restriction);
}

}  // namespace taskonomy::taxonomy
