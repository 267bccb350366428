#include "core/affinity/tournament.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>

#include "core/base/csv.hpp"
#include "core/base/files.hpp"
#include "core/base/text.hpp"

namespace taskonomy::affinity {

namespace {

/// Twice the number of images on which a beats b, ties counting one. Whole numbers, so that the order of
/// additions cannot change the result.
std::int64_t half_wins(const double* a, const double* b, std::size_t count) {
  std::int64_t less = 0;
  std::int64_t not_greater = 0;
  for (std::size_t n = 0; n < count; ++n) {
    less += a[n] < b[n] ? 1 : 0;
    not_greater += a[n] <= b[n] ? 1 : 0;
  }
  return less + not_greater;
}

}  // namespace

Tournament play(const LossTable& losses) {
  losses.validate();
  const auto usable = losses.usable_images();
  const std::size_t rows = losses.competitors.size();
  // Images are taken in blocks: 170 rows of 256 doubles stay in the second-level cache while every pair
  // passes over them.
  constexpr std::size_t kBlock = 256;
  std::vector<std::int64_t> counts(rows * rows, 0);
  std::vector<double> block(rows * kBlock);
  for (std::size_t begin = 0; begin < usable.size(); begin += kBlock) {
    const std::size_t size = std::min(kBlock, usable.size() - begin);
    for (std::size_t k = 0; k < rows; ++k) {
      for (std::size_t n = 0; n < size; ++n) block[k * kBlock + n] = losses.loss[k][usable[begin + n]];
    }
    for (std::size_t i = 0; i < rows; ++i) {
      for (std::size_t j = i + 1; j < rows; ++j) {
        counts[i * rows + j] += half_wins(&block[i * kBlock], &block[j * kBlock], size);
      }
    }
  }
  const auto size = static_cast<Eigen::Index>(rows);
  Tournament result{losses.competitors, Eigen::MatrixXd::Constant(size, size, 0.5), usable.size()};
  const double games = 2.0 * static_cast<double>(usable.size());
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = i + 1; j < rows; ++j) {
      const auto count = static_cast<double>(counts[i * rows + j]);
      result.wins(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) = count / games;
      result.wins(static_cast<Eigen::Index>(j), static_cast<Eigen::Index>(i)) = (games - count) / games;
    }
  }
  return result;
}

std::vector<double> win_rates_against(const Tournament& tournament, const std::string& reference) {
  std::vector<double> rates(tournament.competitors.size(), std::numeric_limits<double>::quiet_NaN());
  const auto place = std::find(tournament.competitors.begin(), tournament.competitors.end(), reference);
  if (place == tournament.competitors.end()) return rates;
  const auto column = place - tournament.competitors.begin();
  for (std::size_t k = 0; k < rates.size(); ++k)
    rates[k] = tournament.wins(static_cast<Eigen::Index>(k), column);
  return rates;
}

Tournament without_references(const Tournament& tournament) {
  std::vector<Eigen::Index> chosen;
  Tournament part{{}, {}, tournament.images};
  for (std::size_t k = 0; k < tournament.competitors.size(); ++k) {
    if (is_reference(tournament.competitors[k])) continue;
    chosen.push_back(static_cast<Eigen::Index>(k));
    part.competitors.push_back(tournament.competitors[k]);
  }
  part.wins = tournament.wins(chosen, chosen);
  return part;
}

void write_tournament(const std::filesystem::path& path, const Tournament& tournament) {
  std::string text = "wins of row over column";
  for (const auto& name : tournament.competitors) text += "," + base::csv_cell(name);
  text += "\n";
  for (std::size_t i = 0; i < tournament.competitors.size(); ++i) {
    text += base::csv_cell(tournament.competitors[i]);
    for (Eigen::Index j = 0; j < tournament.wins.cols(); ++j) {
      text += "," + base::number(tournament.wins(static_cast<Eigen::Index>(i), j));
    }
    text += "\n";
  }
  base::write_file(path, text);
}

}  // namespace taskonomy::affinity
