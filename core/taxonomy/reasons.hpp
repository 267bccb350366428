// Why the optimum is what it is: what other choices would lose, what restrictions cost, what more budget is
// worth.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/base/record.hpp"
#include "core/taxonomy/solver.hpp"

namespace taskonomy::taxonomy {

/// A transfer that the optimum did not choose for a target.
struct Alternative {
  affinity::AffinityRow row;
  double value = 0.0;          ///< f(affinity), gain or quality, as the objective counts it
  double loss = 0.0;           ///< of objective when it is taken and all else is best within the same budget;
                               ///< NaN when no taxonomy within the budget has it
  double budget_needed = 0.0;  ///< smallest budget at which a taxonomy with it is as good as the optimum now;
                               ///< NaN when none is
};

struct Reasons {
  Taxonomy optimum;
  affinity::AffinityRow chosen;           ///< the target's transfer in the optimum
  std::vector<Alternative> alternatives;  ///< best value first
  std::size_t needless = 0;  ///< transfers that no budget needs: others ask less and give no less
};

/// The reasons for one target at one budget, with at most `count` alternatives, those of the highest value.
/// Throws as solve(), and Error naming the nearest target when it is none.
[[nodiscard]] Reasons reasons_for(Solver& solver, const std::string& target, double budget,
                                  std::size_t count = 8);

/// What one name given to Options::force or forbid costs.
struct RestrictionCost {
  std::string name;
  bool forced = false;  ///< else forbidden
  double loss = 0.0;    ///< of objective, with this restriction alone

  static void visit(auto& self, auto&& field) {
    field("name", self.name);
    field("kind", base::TwoWords{self.forced, "force", "forbid"});
    field("loss", self.loss);
  }
};

struct RestrictionCosts {
  double free_objective = 0.0;          ///< of the optimum without them
  double loss = 0.0;                    ///< with all of them
  std::vector<RestrictionCost> single;  ///< each alone, forced ones first

  static void visit(auto& self, auto&& field) {
    field("free_objective", self.free_objective);
    field("loss", self.loss);
    field("single", self.single);
  }
};

/// What force and forbid cost at one budget, against `restricted`, the answer with all of them.
[[nodiscard]] RestrictionCosts restriction_costs(const affinity::AffinityTable& table, const Options& options,
                                                 const Taxonomy& restricted);

/// What one more unit of budget adds to the objective of `taxonomy`.
[[nodiscard]] double marginal_value(Solver& solver, const Taxonomy& taxonomy);

}  // namespace taskonomy::taxonomy
