#include "core/analysis/consistency.hpp"

#include "core/affinity/ahp.hpp"
#include "core/analysis/bradley_terry.hpp"
#include "core/analysis/rank_correlation.hpp"
#include "core/base/error.hpp"

namespace taskonomy::analysis {

namespace {

std::vector<double> listed(const Eigen::VectorXd& values) { return {values.begin(), values.end()}; }

}  // namespace

double random_index(std::size_t competitors) {
  if (competitors < 3) return affinity::kUnknown;
  const auto size = static_cast<double>(competitors);
  return (2.7699 * size - 4.3513 - size) / (size - 1.0);
}

double cyclic_share(const Eigen::MatrixXd& wins) {
  const Eigen::Index size = wins.rows();
  if (size < 3) return affinity::kUnknown;
  const auto beats = [&](Eigen::Index a, Eigen::Index b) { return wins(a, b) > 0.5; };
  double cyclic = 0.0;
  double all = 0.0;
  for (Eigen::Index a = 0; a < size; ++a) {
    for (Eigen::Index b = a + 1; b < size; ++b) {
      for (Eigen::Index c = b + 1; c < size; ++c, ++all) {
        const bool one_way = beats(a, b) && beats(b, c) && beats(c, a);
        const bool other_way = beats(b, a) && beats(c, b) && beats(a, c);
        cyclic += one_way || other_way ? 1.0 : 0.0;
      }
    }
  }
  return cyclic / all;
}

Consistency consistency_of(const std::string& target, const affinity::Tournament& tournament) {
  const auto competing = affinity::among(
      tournament, [](const std::string& competitor) { return !affinity::is_reference(competitor); });
  if (competing.competitors.empty())
    throw base::Error("target \"" + target +
                      "\": nothing competes for it, so there is no consistency to judge");
  Consistency result;
  result.target = target;
  result.competitors = competing.competitors;
  const auto size = static_cast<double>(competing.competitors.size());
  const auto weights = affinity::priorities(competing.wins);
  result.eigenvalue = ((affinity::win_ratios(competing.wins) * weights).array() / weights.array()).mean();
  result.index = size < 2.0 ? 0.0 : (result.eigenvalue - size) / (size - 1.0);
  result.ratio = result.index / random_index(competing.competitors.size());
  result.cyclic_share = cyclic_share(competing.wins);
  result.ahp = listed(weights);
  result.bradley_terry = listed(bradley_terry(competing.wins));
  result.spearman = spearman(result.ahp, result.bradley_terry);
  return result;
}

}  // namespace taskonomy::analysis
