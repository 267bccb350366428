// Random feasible taxonomies: the published anchors, a mean counted out by hand, and what is refused. Benefit
// of orders.
#include "core/analysis/random_taxonomies.hpp"

#include <cmath>

#include "core/analysis/win_rates.hpp"
#include "core/base/error.hpp"
#include "tests/support/published.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
using tests::published;

namespace {

analysis::Significance against_random(const affinity::AffinityTable& table, double budget,
                                      const taxonomy::Options& options, std::size_t count) {
  const auto means = analysis::means_of(taxonomy::solve(table, budget, options));
  return analysis::significance_of(table, options, budget, means, count, 1);
}

}  // namespace

TEST_CASE(
    "random taxonomies of the published table at budget 8 have .60 +- .05 and .26 +- .03, far below the "
    "optimum") {
  taxonomy::Options options;
  options.max_order = 4;
  const auto result = against_random(published(), 8, options, 1000);
  CHECK(result.gain.mean == doctest::Approx(.60).epsilon(0.025));
  CHECK(result.gain.deviation == doctest::Approx(.05).epsilon(0.15));
  CHECK(result.quality.mean == doctest::Approx(.26).epsilon(0.025));
  CHECK(result.quality.deviation == doctest::Approx(.03).epsilon(0.2));
  CHECK(result.gain.optimum > result.gain.mean + 3 * result.gain.deviation);
  CHECK(result.gain.p == doctest::Approx(1.0 / 1001));
  CHECK(result.quality.p == doctest::Approx(1.0 / 1001));
  CHECK(result.gain.random.size() == 1000);
}

TEST_CASE("the mean over random taxonomies is that over all of them") {
  // Budget 1 of a, b (cost 1) with f free. {a}: t takes a, f, or a+f at random, a its own labels; {b}: t
  // takes b or f, a takes b. So the mean Gain of t is ((.9+.3+.6)/3 + (.5+.3)/2) / 2 = .5, of a (1 + .2) / 2
  // = .6.
  const affinity::AffinityTable table{{{{"a"}, "t", 0.5, 0.9, 0.1},
                                       {{"b"}, "t", 0.3, 0.5, 0.1},
                                       {{"f"}, "t", 0.1, 0.3, 0.1},
                                       {{"a", "f"}, "t", 0.1, 0.6, 0.1},
                                       {{"a"}, "a", 0.7, 1.0, 0.5},
                                       {{"b"}, "a", 0.3, 0.2, 0.1}}};
  taxonomy::Options options;
  options.cost["f"] = 0.0;
  const auto result = against_random(table, 1, options, 4000);
  CHECK(result.gain.mean == doctest::Approx(0.55).epsilon(0.02));
  CHECK(result.gain.optimum == doctest::Approx(0.95));
  // The optimum is itself among the random ones: one in two times three.
  CHECK(result.gain.p == doctest::Approx(1.0 / 6.0).epsilon(0.1));
  CHECK(against_random(table, 1, options, 4000).gain.random == result.gain.random);
}

TEST_CASE("options hold for random ones too; too small a budget for most draws is said") {
  const auto table = published();
  taxonomy::Options options;
  options.max_order = 1;
  options.exclude = {"random"};
  options.target_only = {"curvature"};
  CHECK(against_random(table, 2, options, 50).gain.random.size() == 50);
  // Each of ten targets can be served by its own source alone: a random two of them serve nobody else.
  affinity::AffinityTable apart;
  for (int k = 0; k < 10; ++k) {
    apart.rows.push_back({{"s" + std::to_string(k)}, "t" + std::to_string(k), 0.5, 0.5, 0.5});
    apart.rows.push_back({{"all"}, "t" + std::to_string(k), 0.1, 0.5, 0.5});
  }
  options = {};
  options.cost["all"] = 5.0;
  for (int k = 0; k < 10; ++k) options.cost["s" + std::to_string(k)] = 0.6;
  CHECK_THROWS_WITH_AS((void)against_random(apart, 5.0, options, 1), doctest::Contains("at least 2"),
                       base::Error);
  options.cost["s9"] = 4.9;  // "all" fits only as the very first choice
  CHECK(against_random(apart, 5.0, options, 20).gain.random.size() == 20);
}

TEST_CASE("benefit of orders: by hand, and saturating on the published table") {
  const affinity::AffinityTable table{{{{"t"}, "t", 0.9, 1.0, 0.5},
                                       {{"a"}, "t", 0.3, 0.6, 0.2},
                                       {{"b"}, "t", 0.2, 0.9, 0.3},
                                       {{"a", "b"}, "t", 0.4, 0.8, 0.4},
                                       {{"a"}, "u", 0.5, 0.4, 0.1}}};
  const auto small = analysis::benefit_of_orders(table);
  REQUIRE(small.size() == 2);
  CHECK(small[0].order == 1);
  CHECK(small[0].targets == 2);
  CHECK(small[0].gain ==
        doctest::Approx(0.5));  // of a into t and u: self does not count, nor the larger Gain of b
  CHECK(small[1].targets == 1);
  CHECK(small[1].gain == doctest::Approx(0.8));
  CHECK(small[1].gain_up_to == doctest::Approx(0.6));
  CHECK(small[1].quality_up_to == doctest::Approx(0.25));

  const auto orders = analysis::benefit_of_orders(published());
  REQUIRE(orders.size() > 5);
  CHECK(orders[0].targets == 22);
  const double to_three = orders[2].gain_up_to - orders[0].gain_up_to;
  const double beyond_five = orders.back().gain_up_to - orders[4].gain_up_to;
  CHECK(to_three > 0.01);
  CHECK(beyond_five < 0.5 * to_three);
}
