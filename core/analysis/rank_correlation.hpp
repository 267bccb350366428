// Rank correlations, which ask whether two lists order the same items alike, and intervals for them.
#pragma once

#include <cstddef>
#include <vector>

#include "core/analysis/interval.hpp"

namespace taskonomy::analysis {

/// Spearman's rank correlation of two equally long lists, in [-1,1]: Pearson's correlation of the ranks,
/// where tied values share their mean rank. NaN for fewer than two values or when one list is constant.
[[nodiscard]] double spearman(const std::vector<double>& a, const std::vector<double>& b);

/// Kendall's tau-b, in [-1,1]: (concordant - discordant pairs) / sqrt(pairs untied in a * pairs untied in b).
/// NaN as spearman().
[[nodiscard]] double kendall(const std::vector<double>& a, const std::vector<double>& b);

/// Intervals for a correlation over n items on Fisher's scale, tanh(atanh(r) +- z s), with the standard
/// errors of Bonett and Wright (2000): s^2 = (1 + r^2/2) / (n - 3) for Spearman, 0.437 / (n - 4) for Kendall.
/// A perfect order has no finite atanh; its open end is that of the next value that n items can have, an
/// exchange of two neighbours. Ends are NaN for n < 4 (Kendall: 5), where there is no such error. level in
/// (0,1).
[[nodiscard]] Interval spearman_interval(double r, std::size_t n, double level);
[[nodiscard]] Interval kendall_interval(double r, std::size_t n, double level);

}  // namespace taskonomy::analysis
