#include "core/taxonomy/front.hpp"

#include <algorithm>
#include <limits>
#include <map>

#include "core/taxonomy/solver.hpp"

namespace taskonomy::taxonomy {

std::vector<FrontPoint> pareto_front(const std::vector<Taxonomy>& sweep) {
  std::vector<FrontPoint> front;
  for (const auto& taxonomy : sweep) {
    if (!front.empty() && as_good(front.back().objective, taxonomy.objective)) continue;
    front.push_back({taxonomy.budget, taxonomy.objective});
  }
  return front;
}

std::vector<SourceSpans> source_spans(const std::vector<Taxonomy>& sweep) {
  constexpr double kStays = std::numeric_limits<double>::infinity();
  std::map<std::string, std::vector<std::pair<double, double>>> spans_of;
  for (const auto& taxonomy : sweep) {
    for (auto& [source, spans] : spans_of) {
      const bool trained = std::binary_search(taxonomy.sources.begin(), taxonomy.sources.end(), source);
      if (!trained && spans.back().second == kStays) spans.back().second = taxonomy.budget;
    }
    for (const auto& source : taxonomy.sources) {
      auto& spans = spans_of[source];
      if (spans.empty() || spans.back().second != kStays) spans.emplace_back(taxonomy.budget, kStays);
    }
  }
  std::vector<SourceSpans> result;
  for (auto& [source, spans] : spans_of) result.push_back({source, std::move(spans)});
  std::stable_sort(result.begin(), result.end(), [](const SourceSpans& a, const SourceSpans& b) {
    return a.spans.front().first < b.spans.front().first;
  });
  return result;
}

}  // namespace taskonomy::taxonomy
