#include "core/analysis/verdicts.hpp"

#include <algorithm>

#include "core/affinity/affinity_table.hpp"

namespace taskonomy::analysis {

namespace {

/// Of seven scenes 2^-6 = 0.016 is the smallest p-value, and one scene that differs makes it 0.125.
constexpr std::size_t kScenesNeeded = 8;

Block block_for(const std::vector<std::string>& images) {
  return blocks_of(images, Block::scene).count < kScenesNeeded ? Block::image : Block::scene;
}

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
  const PairTest test = compare(losses, subject, reference, block_for(losses.images));
  const double win_rate = test.better == subject ? test.win_rate : 1.0 - test.win_rate;
  return Verdict{losses.target, question, subject, reference, win_rate, test.p};
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

std::vector<Verdict> on_transfers(const affinity::LossTable& losses) {
  const auto sources = best_first(losses);
  std::vector<Verdict> verdicts;
  const auto ask = [&](Question question, const std::string& subject, const std::string& reference) {
    if (auto verdict = verdict_on(losses, question, subject, reference))
      verdicts.push_back(std::move(*verdict));
  };
  if (!sources.empty()) ask(Question::transferred, sources[0], affinity::kConstant);
  if (sources.size() > 1) ask(Question::told_apart, sources[0], sources[1]);
  return verdicts;
}

}  // namespace taskonomy::analysis
