// What else there is beside the optimum: the K best taxonomies, what other transfers would lose, what
// restrictions cost, what more budget is worth.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/base/record.hpp"
#include "core/taxonomy/solver.hpp"

namespace taskonomy::taxonomy {

/// Finds the `count` best taxonomies within a budget, best first; fewer when there are no more. Two differ
/// when they pay for different sources, free ones aside. Each has the best transfers that its sources allow
/// and uses all of them, so that none is another with a useless source. Throws Error as solve().
///
/// By Murty's partition (1968): whatever is found splits the rest into parts, and a part is solved when its
/// bound comes to the top. An answer is Status::time_limit when its part, or one that should have come before
/// it, was not solved in time; there are fewer of them when time is over.
[[nodiscard]] std::vector<Taxonomy> best_taxonomies(Solver& solver, double budget, std::size_t count);

/// A transfer that the optimum did not choose for a target.
struct Alternative {
  affinity::AffinityRow row;
  double value = 0.0;  ///< f(affinity), gain or quality, as the objective counts it
  /// Loss of objective when it is taken and all else is best within the same budget. NaN: no taxonomy within
  /// the budget has it.
  double loss = 0.0;
  /// Smallest budget at which a taxonomy with it is as good as the optimum is now. NaN: there is none.
  double budget_needed = 0.0;
};

struct Reasons {
  Taxonomy optimum;
  affinity::AffinityRow chosen;           ///< the target's transfer in the optimum
  std::vector<Alternative> alternatives;  ///< best value first
  bool in_time = true;       ///< false: the time limit came before all alternatives were looked at
  std::size_t needless = 0;  ///< number of transfers to the target that others dominate: no budget needs them
};

/// The reasons for one target at one budget, with the `count` alternatives of the highest value. Throws Error
/// as solve(), and one with the nearest target's name when `target` is none.
[[nodiscard]] Reasons reasons_for(Solver& solver, const std::string& target, double budget,
                                  std::size_t count = 8);

/// What one name in Options::force or Options::forbid costs.
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
