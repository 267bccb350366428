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

/// A set of sources, its value, and what each missing source would add by itself, kept up to date while sources
/// come and go: only the targets with an edge from that source are looked at again.
class Additions {
 public:
  Additions(const Problem& problem, SourceSet sources)
      : problem_(problem),
        sources_(std::move(sources)),
        penalty_(unserved(problem)),
        cost_(cost_of(problem, sources_)),
        gain_(sources_.size()),
        targets_of_(sources_.size()),
        of_target_(problem.targets.size()) {
    for (std::size_t t = 0; t < problem.targets.size(); ++t) {
      for (const auto& edge : problem.edges[t])
        for (const auto source : edge.sources)
          if (targets_of_[source].empty() || targets_of_[source].back() != t)
            targets_of_[source].push_back(t);
      count(t);
    }
  }

  [[nodiscard]] const SourceSet& sources() const { return sources_; }
  /// Of the set, labels free. A target that no edge serves counts as a loss larger than any objective, so that
  /// serving all targets comes first.
  [[nodiscard]] double value() const { return worth(all_); }
  [[nodiscard]] bool serves_all() const { return all_.unserved == 0; }
  [[nodiscard]] double cost() const { return cost_; }
  /// What a missing source adds, >= 0; 0 for those in the set.
  [[nodiscard]] double gain(std::size_t source) const { return worth(gain_[source]); }

  /// Takes a source in or out.
  void set(std::size_t source, bool in) {
    sources_[source] = in ? 1 : 0;
    cost_ += in ? problem_.cost[source] : -problem_.cost[source];
    for (const auto target : targets_of_[source]) {
      forget(target);
      count(target);
    }
    if (in) gain_[source] = {};  // no rest of rounding
  }

 private:
  /// Values of served targets, and the number of targets without an edge: apart, because the loss of one would
  /// drown the rounding of the other.
  struct Sum {
    double value = 0.0;
    int unserved = 0;
    void operator+=(const Sum& other) { value += other.value, unserved += other.unserved; }
    void operator-=(const Sum& other) { value -= other.value, unserved -= other.unserved; }
  };
  struct OfTarget {
    Sum now;
    std::vector<std::pair<std::size_t, Sum>> gains;  ///< per source that would serve it better alone
  };

  [[nodiscard]] double worth(const Sum& sum) const { return sum.value + penalty_ * sum.unserved; }

  void forget(std::size_t target) {
    all_ -= of_target_[target].now;
    for (const auto& [source, more] : of_target_[target].gains) gain_[source] -= more;
  }

  void count(std::size_t target) {
    OfTarget& own = of_target_[target];
    own = {{0.0, 1}, {}};
    for (const auto& edge : problem_.edges[target]) {  // best first
      const double value = problem_.importance[target] * edge.value;
      if (available(edge, sources_)) {
        own.now = {value, 0};
        break;
      }
      if (const auto missing = only_missing(edge, sources_); missing != kNone)
        own.gains.emplace_back(missing, Sum{value, 0});
    }
    // One source may open several edges. Only the best of them counts, and it comes first.
    std::stable_sort(own.gains.begin(), own.gains.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    own.gains.erase(std::unique(own.gains.begin(), own.gains.end(),
                                [](const auto& a, const auto& b) { return a.first == b.first; }),
                    own.gains.end());
    for (auto& [source, more] : own.gains) {
      more -= own.now;
      gain_[source] += more;
    }
    all_ += own.now;
  }

  const Problem& problem_;
  SourceSet sources_;
  double penalty_;
  double cost_;  ///< of the sources, with what is committed
  Sum all_;
  std::vector<Sum> gain_;
  std::vector<std::vector<std::size_t>> targets_of_;
  std::vector<OfTarget> of_target_;
};

/// Adds the source with the largest gain per cost among those that the budget still allows. Returns false
/// when none gains.
bool add_best(const Problem& problem, double budget, Additions& set) {
  const double cost = set.cost();
  const double least = slack(set.value());
  std::size_t best = kNone;
  double most = 0.0;
  for (std::size_t s = 0; s < set.sources().size(); ++s) {
    if (set.sources()[s] || set.gain(s) <= least) continue;
    if (!within(cost + problem.cost[s], budget)) continue;
    if (best != kNone && set.gain(s) / problem.cost[s] <= most) continue;
    best = s;
    most = set.gain(s) / problem.cost[s];
  }
  if (best == kNone) return false;
  set.set(best, true);
  return true;
}

/// The best exchange of one source for another, if one gains.
bool exchange_best(const Problem& problem, double budget, Additions& set, const Deadline& deadline) {
  const double now = set.value();
  double most = now + slack(now);
  std::size_t best_out = kNone;
  std::size_t best_in = kNone;
  for (std::size_t out = 0; out < set.sources().size() && !deadline.over(); ++out) {
    if (!set.sources()[out] || problem.cost[out] <= 0.0) continue;
    set.set(out, false);
    const double cost = set.cost();
    for (std::size_t in = 0; in < set.sources().size(); ++in) {
      if (set.sources()[in] || !within(cost + problem.cost[in], budget)) continue;
      if (set.value() + set.gain(in) <= most) continue;
      most = set.value() + set.gain(in);
      best_out = out;
      best_in = in;
    }
    set.set(out, true);
  }
  if (best_out == kNone) return false;
  set.set(best_out, false);
  set.set(best_in, true);
  return true;
}

/// Goes through the sources once, last in name order first, and drops each one whose loss costs nothing.
void leave_needless_out(Additions& set, const Deadline& deadline) {
  const double now = set.value();
  for (std::size_t s = set.sources().size(); s-- > 0 && !deadline.over();) {
    if (!set.sources()[s]) continue;
    set.set(s, false);
    if (set.value() < now - slack(now)) set.set(s, true);
  }
}

/// Exchanges one source for the earliest in name order that does as well.
bool exchange_for_earlier(const Problem& problem, double budget, Additions& set, const Deadline& deadline) {
  const double now = set.value();
  for (std::size_t out = set.sources().size(); out-- > 1 && !deadline.over();) {
    if (!set.sources()[out]) continue;
    set.set(out, false);
    const double cost = set.cost();
    for (std::size_t in = 0; in < out; ++in) {
      if (set.sources()[in] || set.value() + set.gain(in) < now - slack(now)) continue;
      if (!within(cost + problem.cost[in], budget)) continue;
      set.set(in, true);
      return true;
    }
    set.set(out, true);
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

SourceSet serve_all(const Problem& problem, const Deadline& deadline) {
  Additions set(problem, with_free(problem, SourceSet(problem.sources.size(), 0)));
  while (!set.serves_all() && !deadline.over() && add_best(problem, problem.total_cost(), set)) {
  }
  leave_needless_out(set, deadline);
  return set.sources();
}

SourceSet improve(const Problem& problem, double budget, SourceSet sources, const Deadline& deadline) {
  constexpr double kPolishing = 0.25;  // share of the time once every target is served: bounds need the rest
  const Deadline polished = deadline.share(kPolishing);
  Additions set(problem, with_free(problem, std::move(sources)));
  const auto late = [&] { return set.serves_all() ? polished.over() : deadline.over(); };
  do {
    while (!late() && add_best(problem, budget, set)) {
    }
  } while (exchange_best(problem, budget, set, polished));
  return set.sources();
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

SourceSet break_ties(const Problem& problem, double budget, const SourceSet& sources,
                     const Deadline& deadline) {
  Additions set(problem, sources);
  do {
    leave_needless_out(set, deadline);
  } while (exchange_for_earlier(problem, budget, set, deadline));
  return sources_of(problem, *assign(problem, set.sources()));
}

}  // namespace taskonomy::taxonomy
