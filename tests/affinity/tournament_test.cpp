// Contracts of the tournament: strict wins, halved ties, NaN images left out, indifference to scale.
#include "core/affinity/tournament.hpp"

#include <cmath>
#include <limits>
#include <random>

#include "core/base/error.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
using affinity::play;

namespace {
const double kNaN = std::numeric_limits<double>::quiet_NaN();

affinity::LossTable random_table(std::size_t rows, std::size_t images, unsigned seed, int levels) {
  std::mt19937 engine(seed);
  affinity::LossTable table{"t", {}, {}, {}};
  for (std::size_t n = 0; n < images; ++n) table.images.push_back(std::to_string(n));
  for (std::size_t k = 0; k < rows; ++k) {
    std::vector<double> row;
    for (std::size_t n = 0; n < images; ++n) row.push_back(static_cast<double>(engine() % levels) / levels);
    table.add("s" + std::to_string(k), row);
  }
  return table;
}

/// The share of images on which i beats j, ties half, counted one by one.
double counted(const affinity::LossTable& table, int i, int j) {
  double points = 0.0;
  for (std::size_t n = 0; n < table.images.size(); ++n) {
    const double a = table.loss[static_cast<std::size_t>(i)][n];
    const double b = table.loss[static_cast<std::size_t>(j)][n];
    points += a < b ? 1.0 : a == b ? 0.5 : 0.0;
  }
  return points / static_cast<double>(table.images.size());
}
}  // namespace

TEST_CASE("a win is a strictly lower loss, a tie counts half for each") {
  const affinity::LossTable table{"t", {"1", "2", "3", "4"}, {"a", "b"}, {{1, 2, 3, 4}, {2, 2, 2, 2}}};
  const auto result = play(table);
  CHECK(result.wins(0, 1) == doctest::Approx((1 + 0.5) / 4));
  CHECK(result.wins(1, 0) == doctest::Approx((2 + 0.5) / 4));
  CHECK(result.wins(0, 0) == 0.5);
  CHECK(result.images == 4);
}

TEST_CASE("an image with a NaN anywhere is left out for everyone") {
  affinity::LossTable table{"t", {"1", "2", "3"}, {"a", "b", "c"}, {{1, 1, 9}, {2, 2, 2}, {3, 3, kNaN}}};
  const auto result = play(table);
  CHECK(result.images == 2);
  CHECK(result.wins(0, 1) == 1.0);
  table.loss[2] = {kNaN, kNaN, kNaN};
  CHECK_THROWS_AS((void)play(table), base::Error);
}

TEST_CASE("wins agree with counting image by image, also across blocks, and sum to one") {
  const auto table = random_table(7, 1031, 3, 20);
  const auto result = play(table);
  for (int i = 0; i < 7; ++i) {
    for (int j = 0; j < 7; ++j) {
      CHECK(result.wins(i, j) == doctest::Approx(counted(table, i, j)).epsilon(1e-14));
      CHECK(result.wins(i, j) + result.wins(j, i) == doctest::Approx(1.0).epsilon(1e-15));
    }
  }
}

TEST_CASE("any increasing change of an image's losses changes nothing: per-image scale does not matter") {
  auto table = random_table(6, 300, 5, 1000);
  const auto before = play(table);
  for (std::size_t n = 0; n < table.images.size(); ++n) {
    for (auto& row : table.loss) row[n] = std::exp(0.001 * static_cast<double>(n + 1) * row[n]) * 1e3 - 7.0;
  }
  CHECK(play(table).wins == before.wins);
}

TEST_CASE("win rates against a reference are its column; without the row they are unknown") {
  const auto table = random_table(4, 50, 9, 10);
  const auto result = play(table);
  const auto rates = affinity::win_rates_against(result, "s2");
  for (int k = 0; k < 4; ++k) CHECK(rates[static_cast<std::size_t>(k)] == result.wins(k, 2));
  CHECK(rates[2] == 0.5);
  CHECK(std::isnan(affinity::win_rates_against(result, "nobody")[0]));
}

TEST_CASE("without references the others keep their order and their wins") {
  auto table = random_table(4, 50, 9, 10);
  table.competitors[1] = affinity::kScratch;
  const auto result = play(table);
  const auto part = affinity::without_references(result);
  CHECK(part.competitors == std::vector<std::string>{"s0", "s2", "s3"});
  CHECK(part.images == result.images);
  CHECK(part.wins(0, 2) == result.wins(0, 3));
  CHECK(part.wins(2, 1) == result.wins(3, 2));
}

TEST_CASE(
    "170 competitors on 5000 images, as many as in the paper's largest tournaments, are counted as few are") {
  const auto table = random_table(170, 5000, 1, 1000000);
  const auto result = play(table);
  for (int j = 0; j < 170; ++j)
    CHECK(result.wins(0, j) == doctest::Approx(counted(table, 0, j)).epsilon(1e-14));
}
