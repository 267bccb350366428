// What a person may believe of a run: whether each network learned anything, whether transfers carry anything
// over, and whether the best source can be told from the second best.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "core/affinity/loss_table.hpp"
#include "core/analysis/best_tests.hpp"

namespace taskonomy::analysis {

/// A question that a run answers about one target.
enum class Question {
  learned,      ///< does its own network beat the best constant guess?
  transferred,  ///< does the best transfer into it from one source beat the best constant guess?
  told_apart    ///< does the best source beat the second best?
};
[[nodiscard]] std::string name_of(Question question);
/// All questions, in the order in which a person asks them.
[[nodiscard]] constexpr std::array<Question, 3> all_of(Question) {
  return {Question::learned, Question::transferred, Question::told_apart};
}

/// The answer to one of them: a paired test over test images or scenes.
struct Verdict {
  std::string target;
  Question question = Question::learned;
  std::string subject;    ///< the competitor in question: the target itself, or a source
  std::string reference;  ///< what it has to beat: "(constant)", or the second-best source
  double win_rate = 0.5;  ///< of the subject, in [0,1]; a tie counts half
  double p = 1.0;         ///< exact: the chance of a win rate as far from .5 if both were equally good
  /// Whether the subject was chosen on other images than judge it; "paper" too where nothing was chosen.
  Judge judge = Judge::paper;

  /// Whether the subject wins more often, and more so than luck would let it (p < 0.05).
  [[nodiscard]] bool holds() const { return win_rate > 0.5 && p < 0.05; }

  static void visit(auto& self, auto&& field) {
    field("target", self.target);
    field("question", self.question);
    field("subject", self.subject);
    field("reference", self.reference);
    field("win_rate", self.win_rate);
    field("p", self.p);
    field("judge", self.judge);
  }
};

// What the tests flip are scenes, since views of one room are alike; images where there are fewer than eight
// scenes, of which no outcome could be significant.

/// Whether the target's own network learned; nothing where the table lacks it or the constant guess. Throws
/// Error as LossTable::usable_images().
[[nodiscard]] std::optional<Verdict> has_learned(const affinity::LossTable& losses);

/// Whether the best transfer from one source carries anything over, and whether it can be told from the second
/// best; a question whose competitors the table lacks has no verdict. "Best" is by affinity (step III). Each half of the
/// scenes chooses its best two and the other half judges them; the win rate is the mean of both, p twice the mean of
/// the one-sided p-values (test_best()). Subject and reference are named as all images choose them. Where
/// too_few_to_halve(), all images choose and judge, and p is two-sided. The seed is of the halves. Throws Error as
/// affinity_of().
[[nodiscard]] std::vector<Verdict> on_transfers(const affinity::LossTable& losses, std::uint64_t seed = 1);

}  // namespace taskonomy::analysis
