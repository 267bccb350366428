#include "core/analysis/random_taxonomies.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>

#include "core/analysis/resampling.hpp"
#include "core/analysis/win_rates.hpp"
#include "core/base/error.hpp"
#include "core/base/text.hpp"

namespace taskonomy::analysis {

namespace {

using taxonomy::Problem;
using taxonomy::SourceSet;

/// A row of the table that a target may take. Problem::edges cannot stand in,
/// because it leaves out dominated rows.
struct Candidate {
  const affinity::AffinityRow* row;
  std::vector<std::size_t> sources;  ///< indices into Problem::sources
};

/// Per target of the problem, all its rows within the order whose sources may be used.
std::vector<std::vector<Candidate>> candidates_of(const affinity::AffinityTable& table,
                                                  const taxonomy::Options& options, const Problem& problem) {
  std::map<std::string, std::size_t> target_index, source_index;
  for (std::size_t t = 0; t < problem.targets.size(); ++t) target_index[problem.targets[t]] = t;
  for (std::size_t s = 0; s < problem.sources.size(); ++s) source_index[problem.sources[s]] = s;
  std::vector<std::vector<Candidate>> result(problem.targets.size());
  for (const auto& row : table.rows) {
    const auto target = target_index.find(row.target);
    if (target == target_index.end()) continue;
    if (options.max_order > 0 && row.sources.size() > options.max_order) continue;
    Candidate candidate{&row, {}};
    for (const auto& source : row.sources) {
      if (const auto at = source_index.find(source); at != source_index.end())
        candidate.sources.push_back(at->second);
    }
    if (candidate.sources.size() == row.sources.size()) result[target->second].push_back(candidate);
  }
  return result;
}

/// Goes through the sources in random order and takes each one that the budget still allows. Free sources
/// are always taken.
SourceSet random_sources(const Problem& problem, double budget, Draws& draws) {
  std::vector<std::size_t> order(problem.sources.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  draws.shuffle(order);
  SourceSet sources(order.size(), 0);
  for (const auto s : order) {
    sources[s] = 1;
    if (!taxonomy::within(taxonomy::cost_of(problem, sources), budget)) sources[s] = 0;
  }
  return sources;
}

/// Draws a transfer for each target; nothing when a target has none from these sources.
std::optional<taxonomy::Taxonomy> random_taxonomy(const std::vector<std::vector<Candidate>>& candidates,
                                                  const SourceSet& sources, Draws& draws) {
  taxonomy::Taxonomy result;
  for (const auto& rows : candidates) {
    std::vector<const affinity::AffinityRow*> open;
    const affinity::AffinityRow* self = nullptr;
    for (const auto& candidate : rows) {
      const bool there = std::all_of(candidate.sources.begin(), candidate.sources.end(),
                                     [&](std::size_t s) { return sources[s] != 0; });
      if (!there) continue;
      open.push_back(candidate.row);
      if (candidate.row->is_self()) self = candidate.row;
    }
    if (open.empty()) return std::nullopt;
    result.transfers.push_back(self != nullptr ? *self : *open[draws.below(open.size())]);
  }
  return result;
}

AgainstRandom against_random(double optimum, std::vector<double> random) {
  const auto count = static_cast<double>(random.size());
  const double mean = std::accumulate(random.begin(), random.end(), 0.0) / count;
  double squares = 0.0;
  double as_good = 0.0;
  for (const double value : random) {
    squares += (value - mean) * (value - mean);
    as_good += value >= optimum ? 1.0 : 0.0;
  }
  const double p =
      std::isnan(mean) || std::isnan(optimum) ? affinity::kUnknown : (1.0 + as_good) / (1.0 + count);
  return {optimum, mean, std::sqrt(squares / std::max(1.0, count - 1.0)), p, std::move(random)};
}

}  // namespace

Significance significance_of(const affinity::AffinityTable& table, const taxonomy::Options& options,
                             double budget, const Means& optimum, std::size_t count, std::uint64_t seed) {
  if (count < 2) throw base::Error("random taxonomies: expected at least 2, got " + std::to_string(count));
  const Problem problem = taxonomy::make_problem(table, options);
  const auto candidates = candidates_of(table, options, problem);
  Draws draws(seed, "random taxonomies/" + base::number(budget));
  std::vector<double> gain, quality;
  constexpr std::size_t kTries = 1000;
  for (std::size_t tries = 0; gain.size() < count; ++tries) {
    if (tries >= kTries * count) {
      throw base::Error("only " + std::to_string(gain.size()) + " of " + std::to_string(tries) +
                        " random choices of sources within a budget of " + base::number(budget) +
                        " serve every target; compare at a larger budget");
    }
    const auto drawn = random_taxonomy(candidates, random_sources(problem, budget, draws), draws);
    if (!drawn) continue;
    const auto means = means_of(*drawn);
    gain.push_back(means.gain);
    quality.push_back(means.quality);
  }
  return {budget, against_random(optimum.gain, std::move(gain)),
          against_random(optimum.quality, std::move(quality))};
}

std::vector<Significance> significance_by_budget(const Judgement& judgement, const taxonomy::Options& options,
                                                 std::size_t count, std::uint64_t seed,
                                                 std::vector<std::string>& notes) {
  std::vector<Significance> result;
  for (const auto& one : judgement.budgets) {
    try {
      result.push_back(significance_of(judgement.table, options, one.budget,
                                       {one.gain.estimate, one.quality.estimate}, count, seed));
    } catch (const base::Error& error) {
      notes.push_back("against random taxonomies: " + std::string(error.what()));
    }
  }
  return result;
}

}  // namespace taskonomy::analysis
