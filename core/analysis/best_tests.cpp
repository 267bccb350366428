#include "core/analysis/best_tests.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "core/affinity/affinity_table.hpp"
#include "core/base/text.hpp"

namespace taskonomy::analysis {

using affinity::LossTable;

namespace {

/// The transfer with the highest affinity, self aside; ties: the first.
std::optional<std::string> best_of(const LossTable& losses) {
  std::optional<std::string> best;
  double most = -1.0;
  for (const auto& row : affinity::affinity_of(losses)) {
    if (row.is_self() || row.affinity <= most) continue;
    best = base::join(row.sources, "+");
    most = row.affinity;
  }
  return best;
}

/// What one half says of its best against one other competitor.
struct HalfTest {
  double win_rate = 0.5;
  double p = 1.0;  ///< one-sided: that the best is no better
};

HalfTest test_on(const LossTable& judging, const std::string& best, const std::string& other, Block block) {
  if (best == other) return {};
  const auto test = compare(judging, best, other, block);
  if (test.better != best || test.win_rate == 0.5) return {1.0 - test.win_rate, 1.0};
  return {test.win_rate, 0.5 * test.p};
}

void adjust(std::vector<PairTest>& tests) {
  std::vector<double> p;
  for (const auto& test : tests) p.push_back(test.p);
  const auto q = benjamini_hochberg(p);
  for (std::size_t k = 0; k < tests.size(); ++k) tests[k].q = q[k];
}

/// On all images, chosen there too.
PairTest test_as_paper(const LossTable& losses, const std::string& best, const std::string& other,
                       Block block) {
  auto test = compare(losses, best, other, block);
  if (test.better != best) test = {losses.target, best, other, 1.0 - test.win_rate, 1.0, 1.0};
  return test;
}

/// Two halves and the best transfer of each.
struct HalvesWithBest {
  std::array<LossTable, 2> losses;
  std::array<std::string, 2> best;
};

std::optional<HalvesWithBest> halves_with_best(const LossTable& losses, std::uint64_t seed) {
  auto half = halved(losses, seed);
  if (!half) return std::nullopt;
  const std::array best{*best_of((*half)[0]), *best_of((*half)[1])};
  return HalvesWithBest{std::move(*half), best};
}

/// The best of each half on the other one.
PairTest test_by_halves(const HalvesWithBest& half, const std::string& best, const std::string& other,
                        Block block) {
  const auto first = test_on(half.losses[1], half.best[0], other, block);
  const auto second = test_on(half.losses[0], half.best[1], other, block);
  const double p = std::min(1.0, first.p + second.p);
  return {half.losses[0].target, best, other, 0.5 * (first.win_rate + second.win_rate), p, 1.0};
}

}  // namespace

BestTests test_best(const LossTable& losses, Judge judge, Block block, std::uint64_t seed) {
  BestTests result{losses.target, Judge::paper, {}};
  const auto best = best_of(losses);
  if (!best) return result;
  const auto half = judge == Judge::halves ? halves_with_best(losses, seed) : std::nullopt;
  if (half) result.judge = Judge::halves;
  for (const auto& other : losses.competitors) {
    if (other == *best || other == losses.target || affinity::is_reference(other)) continue;
    result.tests.push_back(half ? test_by_halves(*half, *best, other, block)
                                : test_as_paper(losses, *best, other, block));
  }
  adjust(result.tests);
  return result;
}

}  // namespace taskonomy::analysis
