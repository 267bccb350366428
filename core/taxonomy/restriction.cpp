#include "core/taxonomy/restriction.hpp"

#include <algorithm>
#include <set>

namespace taskonomy::taxonomy {

namespace {

void commit(Problem& problem, std::size_t source) {
  if (std::find(problem.forced.begin(), problem.forced.end(), source) != problem.forced.end()) return;
  problem.forced.push_back(source);
  problem.committed += problem.cost[source];
  problem.cost[source] = 0.0;
}

/// Sources that are not paid for yet although the only edge of some target needs them.
std::set<std::size_t> indispensable(const Problem& problem) {
  std::set<std::size_t> sources;
  for (const auto& edges : problem.edges) {
    if (edges.size() != 1) continue;
    for (const auto source : edges.front().sources) {
      if (problem.cost[source] > 0.0) sources.insert(source);
    }
  }
  return sources;
}

/// What a target's edges ask for: the sources that cost something, and the cost of labels. Targets that ask
/// for the same are served together.
std::set<std::pair<std::vector<std::size_t>, double>> demand_of(const Problem& problem,
                                                                const std::vector<Edge>& edges) {
  std::set<std::pair<std::vector<std::size_t>, double>> demand;
  for (const auto& edge : edges) {
    std::vector<std::size_t> paid;
    for (const auto source : edge.sources) {
      if (problem.cost[source] > 0.0) paid.push_back(source);
    }
    demand.emplace(std::move(paid), edge.cost);
  }
  return demand;
}

}  // namespace

std::optional<Problem> restrict_to(const Problem& problem, const Restriction& restriction) {
  Problem result = problem;
  for (const auto source : restriction.in) commit(result, source);
  std::vector<char> gone(problem.sources.size(), 0);
  for (const auto source : restriction.out) gone[source] = 1;
  for (auto& edges : result.edges) {
    const auto last = std::remove_if(edges.begin(), edges.end(), [&](const Edge& edge) {
      return std::any_of(edge.sources.begin(), edge.sources.end(),
                         [&](std::size_t source) { return gone[source] != 0; });
    });
    edges.erase(last, edges.end());
    if (edges.empty()) return std::nullopt;
    if (!restriction.in.empty()) edges = drop_dominated(std::move(edges), result.cost);
  }
  return result;
}

std::optional<Problem> fix_edge(const Problem& problem, std::size_t target, const Edge& edge) {
  Problem result = problem;
  result.edges[target] = {edge};
  return restrict_to(result, {edge.sources, {}});
}

Problem make_cover(const Problem& problem) {
  Problem result = problem;
  for (auto& edges : result.edges) {
    for (auto& edge : edges) edge.value = 0.0;
    edges = drop_dominated(std::move(edges), result.cost);
  }
  for (auto needed = indispensable(result); !needed.empty(); needed = indispensable(result)) {
    for (const auto source : needed) commit(result, source);
    for (auto& edges : result.edges) edges = drop_dominated(std::move(edges), result.cost);
  }
  if (problem.priced_labels) return result;
  Problem distinct = result;
  distinct.targets.clear();
  distinct.importance.clear();
  distinct.edges.clear();
  std::set<std::set<std::pair<std::vector<std::size_t>, double>>> seen;
  for (std::size_t t = 0; t < result.targets.size(); ++t) {
    if (!seen.insert(demand_of(result, result.edges[t])).second) continue;
    distinct.targets.push_back(result.targets[t]);
    distinct.importance.push_back(result.importance[t]);
    distinct.edges.push_back(result.edges[t]);
  }
  return distinct;
}

}  // namespace taskonomy::taxonomy
