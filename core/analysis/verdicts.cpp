#include "core/analysis/verdicts.hpp"

#include <algorithm>

#include "core/affinity/affinity_table.hpp"

namespace taskonomy::analysis {

namespace {

/// The sources of the first-order transfers, best first.
std::vector<std::string> best_first(const affinity::LossTable& losses) {
  auto rows = affinity::affinity_of(losses);
  std::erase_if(rows,
                [](const affinity::AffinityRow& row) { return row.is_self() || row.sources.size() > 1; });
  std::stable_sort(rows.begin(), rows.end(),
                   [](const auto& a, const auto& b) { return a.affinity > b.affinity; });
  std::vector<std::string> sources;
  for (const auto& row : rows) sources.push_back(row.sources.front());
  return sources;
}

std::optional<Verdict> verdict_on(const affinity::LossTable& losses, Question question,
                                  const std::string& subject, const std::string& reference) {
  if (!losses.find(subject) || !losses.find(reference)) return std::nullopt;
  const PairTest test = compare(losses, subject, reference, default_block(losses));
  const double win_rate = test.better == subject ? test.win_rate : 1.0 - test.win_rate;
  return Verdict{losses.target, question, subject, reference, win_rate, test.p, Judge::paper};
}

/// The two competitors of a question: what is chosen as best, and what it has to beat.
struct Duel {
  std::string subject, reference;
};

/// Those that some images choose; nothing where the table lacks one.
std::optional<Duel> duel_of(const affinity::LossTable& losses, Question question) {
  const auto sources = best_first(losses);
  if (question == Question::transferred && !sources.empty() && losses.find(affinity::kConstant))
    return Duel{sources[0], affinity::kConstant};
  if (question == Question::told_apart && sources.size() > 1) return Duel{sources[0], sources[1]};
  return std::nullopt;
}

/// Both halves' verdicts, each on what the other one chose.
Verdict by_halves(const std::array<affinity::LossTable, 2>& half, Question question, const Duel& named) {
  Verdict both{half[0].target, question, named.subject, named.reference, 0.0, 0.0, Judge::halves};
  for (const std::size_t h : {0, 1}) {
    const auto chosen = duel_of(half[h], question);
    const auto one = verdict_on(half[1 - h], question, chosen->subject, chosen->reference);
    both.win_rate += 0.5 * one->win_rate;
    both.p += one->win_rate > 0.5 ? 0.5 * one->p : 1.0;
  }
  both.p = std::min(1.0, both.p);
  return both;
}

}  // namespace

std::string name_of(Question question) {
  switch (question) {
    case Question::learned:
      return "learned";
    case Question::transferred:
      return "transferred";
    case Question::told_apart:
      return "told_apart";
  }
  return "";
}

std::optional<Verdict> has_learned(const affinity::LossTable& losses) {
  return verdict_on(losses, Question::learned, losses.target, affinity::kConstant);
}

std::vector<Verdict> on_transfers(const affinity::LossTable& losses, std::uint64_t seed) {
  (void)best_first(losses);  // refuses a table without a competitor
  const auto halves = halved(losses, seed);
  std::vector<Verdict> verdicts;
  for (const auto question : {Question::transferred, Question::told_apart}) {
    const auto named = duel_of(losses, question);
    if (!named) continue;
    verdicts.push_back(halves ? by_halves(*halves, question, *named)
                              : *verdict_on(losses, question, named->subject, named->reference));
  }
  return verdicts;
}

}  // namespace taskonomy::analysis
