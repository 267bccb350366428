#include "core/analysis/label_plan.hpp"

#include <cmath>
#include <stdexcept>

#include "core/base/text.hpp"

namespace taskonomy::analysis {

namespace {

using Names = std::vector<std::string>;

/// What one taxonomy means for the targets that have to borrow.
LabelStep step_of(const taxonomy::Taxonomy& taxonomy, const Prices& prices, double full) {
  LabelStep step;
  step.budget = taxonomy.budget;
  step.label = asked_of(taxonomy.sources, prices).label;
  step.reached = {full > 0.0 ? taxonomy.objective / full : 1.0};
  taxonomy::Taxonomy borrowed;
  for (const auto& row : taxonomy.transfers) {
    if (row.is_self()) continue;
    step.others.push_back(row.target);
    borrowed.transfers.push_back(row);
  }
  step.means = means_of(borrowed);
  return step;
}

/// The first step behind which no step adds kPays per unit of cost.
std::size_t last_that_pays(const std::vector<LabelStep>& steps) {
  for (std::size_t k = steps.size() - 1; k > 0; --k) {
    const double more = steps[k].reached.estimate - steps[k - 1].reached.estimate;
    if (more >= kPays * (steps[k].budget - steps[k - 1].budget)) return k;
  }
  return 0;
}

}  // namespace

Asked asked_of(const std::vector<std::string>& sources, const Prices& prices) {
  Asked asked;
  for (const auto& source : sources) {
    if (prices.untrained.contains(source))
      asked.untrained.push_back(source);
    else
      (prices.is_labelled(source) ? asked.label : asked.train).push_back(source);
  }
  return asked;
}

LabelPlan label_plan(const std::vector<taxonomy::Taxonomy>& sweep, const Prices& prices,
                     const std::optional<Judgement>& judgement) {
  if (sweep.empty()) throw std::logic_error("label_plan: an empty sweep");
  LabelPlan plan;
  for (const auto& taxonomy : sweep) {
    LabelStep step = step_of(taxonomy, prices, sweep.back().objective);
    const Names before = plan.steps.empty() ? Names{} : plan.steps.back().label;
    if (!plan.steps.empty() && step.label == before) continue;
    if (judgement && judgement->judge == Judge::halves)
      if (const auto* judged = judgement->at(step.budget); judged && !std::isnan(judged->reached.estimate))
        step.reached = judged->reached;
    step.added = base::without(step.label, before);
    step.gone = base::without(before, step.label);
    plan.steps.push_back(std::move(step));
  }
  plan.enough = last_that_pays(plan.steps);
  return plan;
}

}  // namespace taskonomy::analysis
