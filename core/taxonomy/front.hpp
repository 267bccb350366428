// What a sweep over budgets tells beside its taxonomies: which budgets matter, and when each source pays.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/taxonomy/taxonomy.hpp"

namespace taskonomy::taxonomy {

/// One point of the Pareto front: no smaller budget reaches the objective.
struct FrontPoint {
  double budget = 0.0;
  double objective = 0.0;
};
/// The points of a sweep that better all before them, in order.
[[nodiscard]] std::vector<FrontPoint> pareto_front(const std::vector<Taxonomy>& sweep);

/// When a source is part of the optimum. Optima of larger budgets need not contain those of smaller ones, so
/// a source may come and go more than once.
struct SourceSpans {
  std::string source;
  /// (budget at which it enters, budget at which it leaves); infinite where it stays to the end of the sweep.
  std::vector<std::pair<double, double>> spans;
};
/// Of all sources that some taxonomy of the sweep trains: by the budget at which they first enter, then name.
[[nodiscard]] std::vector<SourceSpans> source_spans(const std::vector<Taxonomy>& sweep);

}  // namespace taskonomy::taxonomy
