#include "core/analysis/pair_tests.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>

#include "core/base/error.hpp"

namespace taskonomy::analysis {

namespace {

/// P(|X| >= observed) of X = the sum of `steps` independent signs, by the binomial distribution.
double binomial_p(int steps, int observed) {
  double sum = 0.0;
  const double all = std::lgamma(steps + 1.0) - steps * std::log(2.0);
  for (int up = (steps + observed) / 2; up <= steps; ++up)
    sum += std::exp(all - std::lgamma(up + 1.0) - std::lgamma(steps - up + 1.0));
  return observed == 0 ? 1.0 : std::min(1.0, 2.0 * sum);
}

/// The same for signs of any size, by convolution: share[x] of the flips end at x - reach.
double convolved_p(const std::vector<int>& steps, int reach, int observed) {
  std::vector<double> share(static_cast<std::size_t>(2 * reach + 1), 0.0);
  share[static_cast<std::size_t>(reach)] = 1.0;
  std::vector<double> next(share.size());
  int reached = 0;
  for (const int step : steps) {
    std::fill(next.begin(), next.end(), 0.0);
    for (int x = reach - reached; x <= reach + reached; ++x) {
      const double half = 0.5 * share[static_cast<std::size_t>(x)];
      next[static_cast<std::size_t>(x - step)] += half;
      next[static_cast<std::size_t>(x + step)] += half;
    }
    reached += step;
    share.swap(next);
  }
  double sum = 0.0;
  for (int x = -reach; x <= reach; ++x) {
    if (std::abs(x) >= observed) sum += share[static_cast<std::size_t>(x + reach)];
  }
  return std::min(1.0, sum);
}

/// Wins of a over b minus losses, per block of images.
std::vector<int> outcomes(const std::vector<double>& a, const std::vector<double>& b,
                          const std::vector<std::size_t>& usable, const Blocks& blocks) {
  std::vector<int> sums(blocks.count, 0);
  for (const auto n : usable) sums[blocks.of_image[n]] += (a[n] < b[n] ? 1 : 0) - (b[n] < a[n] ? 1 : 0);
  return sums;
}

/// Rows i and j of a table, tested alone.
PairTest test_of(const affinity::LossTable& table, std::size_t i, std::size_t j,
                 const std::vector<std::size_t>& usable, const Blocks& blocks) {
  const auto sums = outcomes(table.loss[i], table.loss[j], usable, blocks);
  const int lead = std::accumulate(sums.begin(), sums.end(), 0);
  const double win_rate = 0.5 + 0.5 * std::abs(lead) / static_cast<double>(usable.size());
  const double p = sign_flip_p(sums);
  return {table.target,
          table.competitors[lead >= 0 ? i : j],
          table.competitors[lead >= 0 ? j : i],
          win_rate,
          p,
          p};
}

}  // namespace

double sign_flip_p(const std::vector<int>& sums) {
  std::vector<int> steps;
  for (const int sum : sums) {
    if (sum != 0) steps.push_back(std::abs(sum));
  }
  const int reach = std::accumulate(steps.begin(), steps.end(), 0);
  const int observed = std::abs(std::accumulate(sums.begin(), sums.end(), 0));
  const bool units = reach == static_cast<int>(steps.size());
  return units ? binomial_p(reach, observed) : convolved_p(steps, reach, observed);
}

std::vector<double> benjamini_hochberg(const std::vector<double>& p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
  std::vector<double> q(p.size());
  double smallest = 1.0;
  for (std::size_t rank = p.size(); rank > 0; --rank) {
    const auto at = order[rank - 1];
    smallest = std::min(smallest, p[at] * static_cast<double>(p.size()) / static_cast<double>(rank));
    q[at] = smallest;
  }
  return q;
}

std::vector<double> benjamini_yekutieli(const std::vector<double>& p) {
  double harmonic = 0.0;
  for (std::size_t k = 1; k <= p.size(); ++k) harmonic += 1.0 / static_cast<double>(k);
  auto q = benjamini_hochberg(p);
  for (auto& one : q) one = std::min(1.0, one * harmonic);
  return q;
}

PairTest compare(const affinity::LossTable& table, const std::string& first, const std::string& second,
                 Block block) {
  affinity::LossTable pair{table.target, table.images, {}, {}, table.scenes_apart};
  for (const auto& name : {first, second}) {
    const auto row = table.find(name);
    if (!row) throw base::Error("target \"" + table.target + "\": \"" + name + "\" has no losses");
    pair.add(name, table.loss[*row]);
  }
  return test_of(pair, 0, 1, pair.usable_images(), blocks_of(pair.images, block));
}

std::vector<PairTest> pair_tests(const std::vector<affinity::LossTable>& tables, Block block) {
  std::vector<PairTest> tests;
  std::vector<double> p;
  for (const auto& table : tables) {
    const auto usable = table.usable_images();
    const auto blocks = blocks_of(table.images, block);
    for (std::size_t i = 0; i < table.competitors.size(); ++i) {
      for (std::size_t j = i + 1; j < table.competitors.size(); ++j) {
        if (affinity::is_reference(table.competitors[i]) || affinity::is_reference(table.competitors[j]))
          continue;
        tests.push_back(test_of(table, i, j, usable, blocks));
        p.push_back(tests.back().p);
      }
    }
  }
  const auto q = benjamini_yekutieli(p);
  for (std::size_t k = 0; k < tests.size(); ++k) tests[k].q = q[k];
  return tests;
}

}  // namespace taskonomy::analysis
