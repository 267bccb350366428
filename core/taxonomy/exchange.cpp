#include "core/taxonomy/exchange.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace taskonomy::taxonomy {

namespace {

/// Losses of objective below this are rounding, not loss.
double slack(double objective) { return 1e-12 * std::max(1.0, std::abs(objective)); }

/// Value of a target without an edge, importance included. It is so low that no choice of other edges makes
/// up for it.
double unserved(const Problem& problem) {
  double most = 1.0;
  for (std::size_t t = 0; t < problem.targets.size(); ++t) {
    most += problem.importance[t] * problem.edges[t].front().value;
  }
  return -most;
}

/// The one source that an edge still needs; kNone when it needs more than one.
std::size_t only_missing(const Edge& edge, const SourceSet& sources) {
  std::size_t missing = kNone;
  for (const auto source : edge.sources) {
    if (sources[source]) continue;
    if (missing != kNone) return kNone;
    missing = source;
  }
  return missing;
}

bool available(const Edge& edge, const SourceSet& sources) {
  return std::all_of(edge.sources.begin(), edge.sources.end(),
                     [&](std::size_t source) { return sources[source] != 0; });
}

SourceSet with_free(const Problem& problem, SourceSet sources) {
  for (std::size_t s = 0; s < sources.size(); ++s) {
    if (problem.cost[s] <= 0.0) sources[s] = 1;
  }
  return sources;
}

/// Adds the source with the largest gain per cost among those that the budget still allows. Returns false
/// when none gains.
bool add_best(const Problem& problem, double budget, SourceSet& sources) {
  const auto additions = additions_to(problem, sources);
  const double cost = cost_of(problem, sources);
  std::size_t best = kNone;
  double most = slack(additions.value);
  for (std::size_t s = 0; s < sources.size(); ++s) {
    if (sources[s] || additions.gain[s] <= slack(additions.value)) continue;
    if (!within(cost + problem.cost[s], budget)) continue;
    if (best != kNone && additions.gain[s] / problem.cost[s] <= most) continue;
    best = s;
    most = additions.gain[s] / problem.cost[s];
  }
  if (best == kNone) return false;
  sources[best] = 1;
  return true;
}

/// The best exchange of one source for another, if one gains.
bool exchange_best(const Problem& problem, double budget, SourceSet& sources) {
  const double now = additions_to(problem, sources).value;
  double most = now + slack(now);
  std::size_t best_out = kNone;
  std::size_t best_in = kNone;
  for (std::size_t out = 0; out < sources.size(); ++out) {
    if (!sources[out] || problem.cost[out] <= 0.0) continue;
    SourceSet rest = sources;
    rest[out] = 0;
    const auto additions = additions_to(problem, rest);
    const double cost = cost_of(problem, rest);
    for (std::size_t in = 0; in < sources.size(); ++in) {
      if (sources[in] || !within(cost + problem.cost[in], budget)) continue;
      if (additions.value + additions.gain[in] <= most) continue;
      most = additions.value + additions.gain[in];
      best_out = out;
      best_in = in;
    }
  }
  if (best_out == kNone) return false;
  sources[best_out] = 0;
  sources[best_in] = 1;
  return true;
}

/// Goes through the sources once, last in name order first, and drops each one whose loss costs nothing.
void leave_needless_out(const Problem& problem, SourceSet& sources) {
  const double now = additions_to(problem, sources).value;
  for (std::size_t s = sources.size(); s-- > 0;) {
    if (!sources[s]) continue;
    sources[s] = 0;
    if (additions_to(problem, sources).value < now - slack(now)) sources[s] = 1;
  }
}

/// Exchanges one source for the earliest in name order that does as well.
bool exchange_for_earlier(const Problem& problem, double budget, SourceSet& sources) {
  const double now = additions_to(problem, sources).value;
  for (std::size_t out = sources.size(); out-- > 1;) {
    if (!sources[out]) continue;
    SourceSet rest = sources;
    rest[out] = 0;
    const auto additions = additions_to(problem, rest);
    const double cost = cost_of(problem, rest);
    for (std::size_t in = 0; in < out; ++in) {
      if (rest[in] || additions.value + additions.gain[in] < now - slack(now)) continue;
      if (!within(cost + problem.cost[in], budget)) continue;
      sources = rest;
      sources[in] = 1;
      return true;
    }
  }
  return false;
}

/// The edge that adds the most value per cost to the one in use, among those that `left` still pays for;
/// kNone when there is none.
struct Upgrade {
  std::size_t target = kNone;
  std::size_t edge = 0;
};
Upgrade best_upgrade(const Problem& problem, const SourceSet& sources, const Assignment& now, double left) {
  Upgrade best;
  double most = 0.0;
  for (std::size_t t = 0; t < problem.targets.size(); ++t) {
    const auto& edges = problem.edges[t];
    const Edge& current = edges[now.edge[t]];
    for (std::size_t e = 0; e < now.edge[t]; ++e) {  // best first: the ones before are no worse
      const double cost = edges[e].cost - current.cost;
      const double gain = problem.importance[t] * (edges[e].value - current.value);
      if (gain <= 0.0 || cost > left || !available(edges[e], sources)) continue;
      const double rate = cost > 0.0 ? gain / cost : std::numeric_limits<double>::infinity();
      if (best.target != kNone && rate <= most) continue;
      best = {t, e};
      most = rate;
    }
  }
  return best;
}

}  // namespace

Additions additions_to(const Problem& problem, const SourceSet& sources) {
  Additions result{0.0, std::vector<double>(sources.size(), 0.0)};
  const double penalty = unserved(problem);
  std::vector<std::pair<std::size_t, double>> better;
  for (std::size_t t = 0; t < problem.targets.size(); ++t) {
    better.clear();
    double value = penalty;
    for (const auto& edge : problem.edges[t]) {
      if (available(edge, sources)) {
        value = problem.importance[t] * edge.value;
        break;
      }
      const auto missing = only_missing(edge, sources);
      if (missing != kNone) better.emplace_back(missing, problem.importance[t] * edge.value);
    }
    result.value += value;
    // One source may open several edges. Only the best of them counts, and it comes first.
    std::stable_sort(better.begin(), better.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (std::size_t i = 0; i < better.size(); ++i) {
      if (i > 0 && better[i].first == better[i - 1].first) continue;
      result.gain[better[i].first] += better[i].second - value;
    }
  }
  return result;
}

SourceSet improve(const Problem& problem, double budget, SourceSet sources) {
  sources = with_free(problem, std::move(sources));
  do {
    while (add_best(problem, budget, sources)) {
    }
  } while (exchange_best(problem, budget, sources));
  return sources;
}

std::optional<Assignment> choose_edges(const Problem& problem, double budget, const SourceSet& sources) {
  if (!problem.priced_labels) {
    return within(cost_of(problem, sources), budget) ? assign(problem, sources) : std::nullopt;
  }
  Assignment result;
  double cost = cost_of(problem, sources);
  for (std::size_t t = 0; t < problem.targets.size(); ++t) {
    const auto& edges = problem.edges[t];
    std::size_t cheapest = edges.size();
    for (std::size_t e = 0; e < edges.size(); ++e) {
      if (!available(edges[e], sources)) continue;
      if (cheapest == edges.size() || edges[e].cost < edges[cheapest].cost) cheapest = e;
    }
    if (cheapest == edges.size()) return std::nullopt;
    result.edge.push_back(cheapest);
    cost += edges[cheapest].cost;
  }
  if (!within(cost, budget)) return std::nullopt;
  for (auto up = best_upgrade(problem, sources, result, budget - cost); up.target != kNone;
       up = best_upgrade(problem, sources, result, budget - cost)) {
    auto& edge = result.edge[up.target];
    cost += problem.edges[up.target][up.edge].cost - problem.edges[up.target][edge].cost;
    edge = up.edge;
  }
  for (std::size_t t = 0; t < problem.targets.size(); ++t) {
    result.objective += problem.importance[t] * problem.edges[t][result.edge[t]].value;
  }
  return result;
}

SourceSet break_ties(const Problem& problem, double budget, const SourceSet& sources) {
  SourceSet result = sources;
  do {
    leave_needless_out(problem, result);
  } while (exchange_for_earlier(problem, budget, result));
  return sources_of(problem, *assign(problem, result));
}

}  // namespace taskonomy::taxonomy
