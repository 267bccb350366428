// Rank correlation, Table 1, mean Gain and Quality, and the published anchors.
#include <cmath>
#include <random>

#include "core/analysis/agreement.hpp"
#include "core/analysis/means.hpp"
#include "core/analysis/source_check.hpp"
#include "core/base/error.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
using analysis::spearman;

namespace {
affinity::AffinityTable published() {
  return affinity::read_affinity(TASKONOMY_SOURCE_DIR "/share/published/taskonomy-16k.csv").table;
}
}  // namespace

TEST_CASE("Spearman: order alone counts, ties share ranks, textbook value") {
  CHECK(spearman({1, 2, 3, 4}, {10, 200, 3000, 3001}) == doctest::Approx(1.0));
  CHECK(spearman({1, 2, 3, 4}, {4, 3, 2, 1}) == doctest::Approx(-1.0));
  // IQ and hours of television, the usual textbook example: -29/165.
  CHECK(spearman({106, 100, 86, 101, 99, 103, 97, 113, 112, 110}, {7, 27, 2, 50, 28, 29, 20, 12, 6, 17}) ==
        doctest::Approx(-29.0 / 165.0));
  // Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: covariance 4.5, variances 4.5 and 5.
  CHECK(spearman({0, 1, 1, 2}, {1, 2, 3, 4}) == doctest::Approx(4.5 / std::sqrt(4.5 * 5.0)));
  CHECK(std::isnan(spearman({1, 1, 1}, {1, 2, 3})));
  CHECK(std::isnan(spearman({1}, {1})));
  CHECK_THROWS_AS((void)spearman({1}, {1, 2}), std::logic_error);
}

TEST_CASE("a table agrees with itself under other names; self and higher orders play no part") {
  const auto table = published();
  const auto ours = analysis::with_our_names(table);
  const auto result = analysis::agreement(ours, ours);
  CHECK(result.size() == 22);
  CHECK(analysis::mean_spearman(result) == doctest::Approx(1.0));
  auto changed = ours;
  for (auto& row : changed.rows) {
    if (row.is_self() || row.sources.size() > 1) row.affinity = 0.0;
    row.affinity *= row.affinity;
  }
  CHECK(analysis::mean_spearman(analysis::agreement(ours, changed)) == doctest::Approx(1.0));
  for (const auto& one : result) {
    for (const auto& source : one.sources) CHECK(source != one.target);
  }
  // Only names both have are compared: the random source stands under the same name.
  const affinity::AffinityTable small{
      {{{"random"}, "normal", 0.1}, {{"reshading"}, "normal", 0.5}, {{"x"}, "normal", 0.2}}};
  const auto shared = analysis::agreement(small, ours);
  REQUIRE(shared.size() == 1);
  CHECK(shared[0].sources == std::vector<std::string>{"random", "reshading"});
  CHECK(shared[0].spearman == doctest::Approx(1.0));
}

TEST_CASE("Table 1: shares of images, each against its reference") {
  losses::LossTable table{"t", {"1", "2", "3", "4"}, {}, {}};
  table.add("s", {std::nan(""), 1, 1, 1});  // a NaN of a transfer takes nothing from the check
  table.add(losses::kConstant, {3, 3, 3, 1});
  table.add("t", {1, 1, 3, 2});
  auto check = analysis::check_source(table);
  CHECK(check.images == 4);
  CHECK(check.beats_constant == doctest::Approx(2.5 / 4));
  CHECK(std::isnan(check.beats_random));
  table.add(losses::kRandom, {2, 2, 4, 3});
  check = analysis::check_source(table);
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

TEST_CASE(
    "the optimum stands out from random taxonomies as far as was published: .60 +- .05 and .26 +- .03") {
  const auto table = published();
  taxonomy::Options options;
  options.max_order = 4;
  options.cost["random"] = 0;
  const auto optimum = analysis::means_of(taxonomy::solve(table, 8, options));
  CHECK(optimum.gain > .60 + 3 * .05);
  CHECK(optimum.quality > .26 + 3 * .03);
}
