#include "core/taxonomy/relaxation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/taxonomy/restriction.hpp"

namespace taskonomy::taxonomy {

Relaxation::Relaxation(const Problem& problem, double budget)
    : problem_(problem), budget_(budget - problem.committed + 1e-9 * std::max(1.0, std::abs(budget))) {
  first_pair_.push_back(0);
  for (std::size_t t = 0; t < problem.targets.size(); ++t) add_target(t);
  multipliers_.assign(edges_.size() + source_of_pair_.size(), 0.0);
  slope_.assign(multipliers_.size(), 0.0);
  joined_.assign(edges_.size(), kNone);
  joined_surplus_.assign(edges_.size(), 0.0);
  single_surplus_.assign(source_of_pair_.size(), 0.0);
  single_cost_.assign(source_of_pair_.size(), 0.0);
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
  std::fill(multipliers_.begin(), multipliers_.end(), 0.0);
  for (std::size_t t = 0; t < edges_.size(); ++t) {
    multipliers_[t] = prices.service.empty() ? edges_[t].front().value : prices.service[t];
    if (prices.use.empty()) continue;
    auto entry = prices.use[t].begin();
    for (std::size_t pair = first_pair_[t]; pair < first_pair_[t + 1]; ++pair) {
      while (entry != prices.use[t].end() && entry->first < source_of_pair_[pair]) ++entry;
      if (entry == prices.use[t].end()) break;
      if (entry->first == source_of_pair_[pair]) multipliers_[edges_.size() + pair] = entry->second;
    }
  }
}

Prices Relaxation::prices_of(const Multipliers& multipliers) const {
  Prices prices;
  for (std::size_t t = 0; t < edges_.size(); ++t) {
    prices.service.push_back(multipliers[t]);
    prices.use.emplace_back();
    for (std::size_t pair = first_pair_[t]; pair < first_pair_[t + 1]; ++pair) {
      const double price = multipliers[edges_.size() + pair];
      if (price > 0.0) prices.use.back().emplace_back(source_of_pair_[pair], price);
    }
  }
  return prices;
}

double Relaxation::surplus(std::size_t target, const PricedEdge& edge, double budget_price) const {
  double value = edge.value - budget_price * edge.cost - service(target);
  if (is_single(edge)) return value;
  for (std::size_t i = edge.first; i < edge.last; ++i) value -= use(pair_of_use_[i]);
  return value;
}

void Relaxation::solve_subproblems(double budget_price) {
  std::fill(single_surplus_.begin(), single_surplus_.end(), 0.0);
  if (problem_.priced_labels) std::fill(single_cost_.begin(), single_cost_.end(), 0.0);  // no one else asks
  std::fill(income_.begin(), income_.end(), 0.0);
  for (std::size_t t = 0; t < edges_.size(); ++t) {
    joined_[t] = kNone;
    joined_surplus_[t] = 0.0;
    for (std::size_t e = 0; e < edges_[t].size(); ++e) {
      const auto& edge = edges_[t][e];
      if (edge.value <= service(t)) break;  // best first, and prices only take
      const double gain = surplus(t, edge, budget_price);
      if (is_single(edge)) {
        const std::size_t pair = pair_of_use_[edge.first];
        if (gain <= single_surplus_[pair]) continue;
        single_surplus_[pair] = gain;
        single_cost_[pair] = edge.cost;
      } else if (gain > joined_surplus_[t]) {
        joined_surplus_[t] = gain;
        joined_[t] = e;
      }
    }
  }
  for (std::size_t pair = 0; pair < single_surplus_.size(); ++pair) {
    income_[source_of_pair_[pair]] += std::max(single_surplus_[pair], use(pair));
  }
}

double Relaxation::profit(std::size_t source, double budget_price) const {
  return income_[source] - budget_price * problem_.cost[source];
}

double Relaxation::cost_of_subproblems(double budget_price) const {
  double cost = 0.0;
  for (std::size_t t = 0; t < edges_.size(); ++t) {
    if (joined_[t] != kNone) cost += edges_[t][joined_[t]].cost;
  }
  for (std::size_t s = 0; s < income_.size(); ++s) {
    if (profit(s, budget_price) > 0.0) cost += problem_.cost[s];
  }
  for (std::size_t pair = 0; pair < single_cost_.size(); ++pair) {
    const bool taken = single_surplus_[pair] > use(pair) && profit(source_of_pair_[pair], budget_price) > 0.0;
    if (taken) cost += single_cost_[pair];
  }
  return cost;
}

double Relaxation::value_at(double budget_price) const {
  double value = budget_price * budget_;
  for (std::size_t s = 0; s < income_.size(); ++s) value += std::max(0.0, profit(s, budget_price));
  for (std::size_t t = 0; t < edges_.size(); ++t) value += service(t) + joined_surplus_[t];
  return value;
}

void Relaxation::fill_budget(Point& point) const {
  std::vector<std::pair<double, std::size_t>>
      rates;  // income per cost; negative, so that the best comes first
  for (std::size_t s = 0; s < income_.size(); ++s) {
    if (problem_.cost[s] > 0.0 && income_[s] > 0.0) rates.emplace_back(-income_[s] / problem_.cost[s], s);
  }
  std::sort(rates.begin(), rates.end());
  double left = budget_;
  for (const auto& [rate, s] : rates) {
    point.trained[s] = std::clamp(left / problem_.cost[s], 0.0, 1.0);
    left -= problem_.cost[s];
    if (left > 0.0) continue;
    point.budget_price = -rate;
    break;
  }
}

void Relaxation::balance_budget(Point& point) {
  const auto too_much = [&](double budget_price) {
    solve_subproblems(budget_price);
    return cost_of_subproblems(budget_price) > budget_;
  };
  double low = 0.0;
  double high = 0.0;
  if (too_much(0.0)) {
    high = 1e-6;
    while (too_much(high) && high < 1e12) high *= 4.0;
    constexpr int kHalvings = 40;
    for (int i = 0; i < kHalvings; ++i) {
      const double middle = 0.5 * (low + high);
      (too_much(middle) ? low : high) = middle;
    }
  }
  solve_subproblems(high);
  point.budget_price = high;
  for (std::size_t s = 0; s < income_.size(); ++s) {
    if (problem_.cost[s] > 0.0 && profit(s, high) > 0.0) point.trained[s] = 1.0;
  }
}

Relaxation::Point Relaxation::evaluate() {
  Point point;
  point.trained.assign(income_.size(), 0.0);
  if (problem_.priced_labels) {
    balance_budget(point);
  } else {
    solve_subproblems(0.0);
    fill_budget(point);
  }
  point.value = value_at(point.budget_price);
  point.joined = joined_;
  return point;
}

void Relaxation::find_subgradient(const Point& point, Multipliers& slope) const {
  const std::size_t targets = edges_.size();
  for (std::size_t t = 0; t < targets; ++t) {
    slope[t] = 1.0;
    for (std::size_t pair = first_pair_[t]; pair < first_pair_[t + 1]; ++pair) {
      const double trained = point.trained[source_of_pair_[pair]];
      const bool single = single_surplus_[pair] > use(pair);
      if (single) slope[t] -= trained;
      slope[targets + pair] = single ? 0.0 : trained;
    }
    if (joined_[t] == kNone) continue;
    slope[t] -= 1.0;
    const auto& edge = edges_[t][joined_[t]];
    for (std::size_t i = edge.first; i < edge.last; ++i) slope[targets + pair_of_use_[i]] -= 1.0;
  }
}

SourceSet Relaxation::sources_at(const Point& point) const {
  SourceSet sources(income_.size(), 0);
  for (std::size_t s = 0; s < sources.size(); ++s) {
    sources[s] = point.trained[s] >= 1.0 || problem_.cost[s] <= 0.0 ? 1 : 0;
  }
  return sources;
}

bool Relaxation::step(const Point& point, double aim, double length, Multipliers& direction) {
  constexpr double kDeflection = 0.7;  // share of the last direction that is kept
  find_subgradient(point, slope_);
  const auto at_its_end = [&](std::size_t i) {  // lambda >= 0
    return i >= edges_.size() && multipliers_[i] <= 0.0 && direction[i] > 0.0;
  };
  double square = 0.0;
  for (std::size_t i = 0; i < direction.size(); ++i) {
    direction[i] = slope_[i] + kDeflection * direction[i];
    if (at_its_end(i)) direction[i] = 0.0;
    square += direction[i] * direction[i];
  }
  if (square == 0.0) return false;
  const double scale = length * (point.value - aim + 1e-4 * std::abs(point.value)) / square;
  for (std::size_t i = 0; i < direction.size(); ++i) {
    multipliers_[i] -= scale * direction[i];
    if (i >= edges_.size()) multipliers_[i] = std::max(0.0, multipliers_[i]);
  }
  return true;
}

Bound Relaxation::tighten(const Prices& start, const Effort& effort) {
  constexpr int kPatience = 20;  // steps without progress before the step length shrinks
  constexpr int kCandidateStep = 10;
  load(start);
  Bound best{std::numeric_limits<double>::infinity(), 0.0, {}, std::vector<double>(income_.size(), 0.0)};
  Multipliers best_multipliers = multipliers_;
  Multipliers direction(multipliers_.size(), 0.0);
  double length = 1.0;
  int idle = 0;
  for (int steps = 0; steps < effort.steps && length > 1e-5; ++steps) {
    if (effort.stop && effort.stop()) break;
    const Point point = evaluate();
    for (std::size_t s = 0; s < income_.size(); ++s) {
      best.trained[s] += 0.1 * (point.trained[s] - best.trained[s]);
    }
    if (effort.candidate && steps % kCandidateStep == 0) effort.candidate(sources_at(point));
    idle = point.value < best.value - 1e-9 * std::abs(best.value) ? 0 : idle + 1;
    if (point.value < best.value) {
      best.value = point.value;
      best.budget_price = point.budget_price;
      best_multipliers = multipliers_;
      if (best.value <= effort.cutoff) break;
    }
    if (idle >= kPatience) {
      length *= 0.7;
      idle = 0;
      multipliers_ = best_multipliers;
      std::fill(direction.begin(), direction.end(), 0.0);
      continue;
    }
    const double aim = std::max(effort.cutoff, best.value - 0.1 * std::abs(best.value));
    if (!step(point, aim, length, direction)) break;
  }
  best.prices = prices_of(best_multipliers);
  return best;
}

double Relaxation::bound_with_edge(std::size_t target, std::size_t index, double value,
                                   double budget_price) const {
  const auto& edge = edges_[target][index];
  double with = value - joined_surplus_[target] + surplus(target, edge, budget_price);
  for (std::size_t i = edge.first; i < edge.last; ++i) {
    const std::size_t pair = pair_of_use_[i];
    const double gain = profit(source_of_pair_[pair], budget_price);
    with += std::min(0.0, gain);  // its sources are trained, even at a loss
    if (is_single(edge)) with -= std::max(single_surplus_[pair], use(pair));
  }
  return with;
}

std::optional<Problem> Relaxation::reduce(const Bound& bound, double cutoff) {
  load(bound.prices);
  const double price = bound.budget_price;
  solve_subproblems(price);
  const double value = value_at(price);
  Restriction restriction;
  for (std::size_t s = 0; s < income_.size(); ++s) {
    if (problem_.cost[s] <= 0.0) continue;
    const double gain = profit(s, price);
    if (gain > 0.0 && value - gain <= cutoff) restriction.in.push_back(s);
    if (gain < 0.0 && value + gain <= cutoff) restriction.out.push_back(s);
  }
  Problem smaller = problem_;
  for (std::size_t t = 0; t < edges_.size(); ++t) {
    std::vector<Edge> kept;
    for (std::size_t e = 0; e < edges_[t].size(); ++e) {
      if (bound_with_edge(t, e, value, price) > cutoff) kept.push_back(problem_.edges[t][e]);
    }
    smaller.edges[t] = std::move(kept);
  }
  return restrict_to(smaller, restriction);
}

}  // namespace taskonomy::taxonomy
