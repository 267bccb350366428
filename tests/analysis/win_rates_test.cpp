// Table 1, mean Gain and Quality, and the published anchors.
#include <cmath>

#include "core/analysis/win_rates.hpp"
#include "core/base/error.hpp"
#include "tests/support/published.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
using tests::published;

TEST_CASE("Table 1: shares of images, each against its reference") {
  affinity::LossTable table{"t", {"1", "2", "3", "4"}, {}, {}};
  table.add("s", {std::nan(""), 1, 1, 1});  // a NaN of a transfer takes nothing from the check
  table.add(affinity::kConstant, {3, 3, 3, 1});
  table.add("t", {1, 1, 3, 2});
  auto check = analysis::check_source(table);
  CHECK(check.images == 4);
  CHECK(check.beats_constant == doctest::Approx(2.5 / 4));
  CHECK(std::isnan(check.beats_average));
  CHECK(std::isnan(check.beats_random));
  table.add(affinity::kAverage, {3, 3, 4, 3});
  table.add(affinity::kRandom, {2, 2, 4, 3});
  check = analysis::check_source(table);
  CHECK(check.beats_average == 1.0);
  CHECK(check.beats_constant == doctest::Approx(2.5 / 4));
  CHECK(check.beats_random == 1.0);
  CHECK_THROWS_AS((void)analysis::check_source({"t", {"1"}, {"s"}, {{1}}}), base::Error);
}

TEST_CASE("means are over targets with a known rate") {
  taxonomy::Taxonomy taxonomy;
  CHECK(std::isnan(analysis::means_of(taxonomy).gain));
  taxonomy.transfers = {{{"a"}, "a", 1.0, 0.8, 0.5}, {{"a"}, "b", 1.0, 0.4}};
  CHECK(analysis::means_of(taxonomy).gain == doctest::Approx(0.6));
  CHECK(analysis::means_of(taxonomy).quality == 0.5);
}

TEST_CASE("the published table at orders 1 to 4 has the published Gain and Quality") {
  // The anchors are those of the authors' later solver: square roots of the affinities.
  taxonomy::Options options;
  options.max_order = 4;
  options.transform = taxonomy::Transform::sqrt;
  options.cost["random"] = 0;
  const auto table = published();
  const double anchors[][3] = {{2, .66, .27}, {4, .76, .31}, {8, .85, .41}};
  for (const auto& [budget, gain, quality] : anchors) {
    const auto means = analysis::means_of(taxonomy::solve(table, budget, options));
    CHECK(std::abs(means.gain - gain) < 0.0075);
    CHECK(std::abs(means.quality - quality) < 0.0075);
  }
}
