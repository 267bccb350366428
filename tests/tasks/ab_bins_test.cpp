// Colorization's bins and soft codes, against their definitions.
#include "plugins/tasks/colorization/ab_bins.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>
#include <vector>

#include <taskonomy/sdk/toolbox/colour.hpp>

#include "tests/support/testing.hpp"

using namespace taskonomy;
using namespace taskonomy::colorization;

TEST_CASE("261 bins on the grid; every colour of the cube's interior falls into one of them") {
  const auto bins = gamut_bins();
  CHECK(bins.sizes() == torch::IntArrayRef({261, 2}));
  CHECK(torch::equal(bins, (bins / 10.0).round() * 10.0));
  std::set<std::pair<int, int>> cells;
  for (std::int64_t q = 0; q < bins.size(0); ++q)
    cells.insert({bins[q][0].item<int>() / 10, bins[q][1].item<int>() / 10});
  CHECK(cells.size() == 261);
  CHECK(cells.count({0, 0}) == 1);
  auto generator = at::detail::createCPUGenerator(1);
  const auto rgb = torch::randint(0, 256, {3, 100, 200}, generator, torch::kFloat32);
  const auto cell = (sdk::lab_from_rgb(rgb).slice(0, 1).flatten(1) / 10.0).round().to(torch::kInt64);
  int missing = 0;
  for (std::int64_t i = 0; i < cell.size(1); ++i)
    missing += cells.count({cell[0][i].item<int>(), cell[1][i].item<int>()}) == 0 ? 1 : 0;
  CHECK(missing == 0);
}

TEST_CASE("a code is the ten nearest bins with Gaussian weights") {
  const auto bins = gamut_bins();
  const SoftCode encoder(bins);
  for (const auto& [a, b] :
       std::vector<std::pair<int, int>>{{0, 0}, {3, -7}, {-86, 83}, {79, -108}, {110, -110}}) {
    const auto code = encoder.of(torch::tensor({a, b}, torch::kInt8).reshape({1, 2, 1, 1}));
    std::vector<std::pair<double, int>> by_distance;
    for (std::int64_t q = 0; q < bins.size(0); ++q) {
      const double da = bins[q][0].item<double>() - a, db = bins[q][1].item<double>() - b;
      by_distance.emplace_back(da * da + db * db, static_cast<int>(q));
    }
    std::sort(by_distance.begin(), by_distance.end());
    double sum = 0.0;
    for (int i = 0; i < 10; ++i)
      sum += std::exp(-(by_distance[static_cast<std::size_t>(i)].first - by_distance[0].first) / 50.0);
    CHECK(code.share.sum().item<double>() == doctest::Approx(1.0));
    for (int i = 0; i < 10; ++i) {
      const double expected = by_distance[static_cast<std::size_t>(i)].first;
      const auto bin = code.bin[0][i][0][0].item<std::int64_t>();
      const double da = bins[bin][0].item<double>() - a, db = bins[bin][1].item<double>() - b;
      CHECK(da * da + db * db == doctest::Approx(expected));  // equals may come in any order
      CHECK(code.share[0][i][0][0].item<double>() ==
            doctest::Approx(std::exp(-(expected - by_distance[0].first) / 50.0) / sum).epsilon(1e-4));
    }
  }
}

TEST_CASE("codes keep their places") {
  const SoftCode encoder(gamut_bins());
  const auto ab = torch::randint(-60, 60, {2, 2, 3, 5}, torch::kInt8);
  const auto all = encoder.of(ab);
  CHECK(all.bin.sizes() == torch::IntArrayRef({2, 10, 3, 5}));
  const auto one = encoder.of(ab.slice(0, 1, 2).slice(2, 2, 3).slice(3, 4, 5));
  CHECK(torch::equal(one.bin.flatten(), all.bin[1].select(1, 2).select(1, 4)));
}

TEST_CASE("rare colours weigh more, and the average under the prior is 1") {
  const auto bins = gamut_bins();
  const auto weights = rarity_weights(bins, 15.0);
  const auto chroma = bins.norm(2, 1);
  CHECK(weights[chroma.argmin()].item<float>() == weights.min().item<float>());
  CHECK(weights[chroma.argmax()].item<float>() == weights.max().item<float>());
  const auto prior = torch::softmax(-2.0 / 15.0 * chroma, 0);
  CHECK((prior * weights).sum().item<double>() == doctest::Approx(1.0));
  // lambda = 1/2: no bin weighs more than a colour that never occurs, twice its share of the whole.
  CHECK((weights.max() / weights.min()).item<double>() <=
        1.0 + static_cast<double>(bins.size(0)) * prior.max().item<double>() + 1e-3);
}
