// Step III, first half: pairwise tournaments. Two competitors meet on every test
// image, and the lower loss wins.
#pragma once

#include <Eigen/Core>
#include <filesystem>
#include <string>
#include <vector>

#include "core/affinity/loss_table.hpp"

namespace taskonomy::affinity {

/// wins(i, j) is the share of test images on which i beats j, in [0,1]. A win is a strictly lower loss. Ties
/// count half for each, so wins(i, j) + wins(j, i) = 1 and wins(i, i) = 0.5. Images with a NaN in any row are
/// left out for all.
struct Tournament {
  std::vector<std::string> competitors;  ///< K names, in the order of the loss table
  Eigen::MatrixXd wins;                  ///< [K,K], unclipped
  std::size_t images = 0;                ///< number of images on which they met
};

/// Plays the tournament of all rows of a loss table, reference rows included, in O(K^2 N): 170 x 5000 in
/// about 0.1 s. Throws Error as LossTable::validate(), and one naming the target when no image is left.
[[nodiscard]] Tournament play(const LossTable& losses);

/// The win rate of each competitor against the row `reference`, [K] in [0,1]: Gain against kScratch, Quality
/// against self. All are NaN when there is no such row.
[[nodiscard]] std::vector<double> win_rates_against(const Tournament& tournament,
                                                    const std::string& reference);

/// The part of a tournament between transfers and self, in the same order: what competes for the target.
[[nodiscard]] Tournament without_references(const Tournament& tournament);

/// Writes the win matrix as CSV, with the competitors' names as header and first column. Throws Error naming
/// the path.
void write_tournament(const std::filesystem::path& path, const Tournament& tournament);

}  // namespace taskonomy::affinity
