// Exact permutation tests against all flips counted out, and false discoveries against simulation.
#include "core/analysis/pair_tests.hpp"

#include <cmath>
#include <cstdlib>
#include <random>

#include "core/base/error.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
using analysis::Block;

namespace {

/// p by trying all 2^B flips.
double by_enumeration(const std::vector<int>& sums) {
  int observed = 0;
  for (const int sum : sums) observed += sum;
  int as_far = 0;
  for (unsigned flips = 0; flips < 1U << sums.size(); ++flips) {
    int total = 0;
    for (std::size_t b = 0; b < sums.size(); ++b) total += (flips >> b & 1U) != 0 ? -sums[b] : sums[b];
    as_far += std::abs(total) >= std::abs(observed) ? 1 : 0;
  }
  return as_far / static_cast<double>(1U << sums.size());
}

}  // namespace

TEST_CASE("p is the share of all flips that are as far from even") {
  std::mt19937 engine(1);
  for (int trial = 0; trial < 60; ++trial) {
    const int most = 1 + trial % 5;
    std::vector<int> sums(static_cast<std::size_t>(1 + trial % 12));
    for (auto& sum : sums) sum = static_cast<int>(engine() % static_cast<unsigned>(2 * most + 1)) - most;
    CHECK(analysis::sign_flip_p(sums) == doctest::Approx(by_enumeration(sums)));
  }
  CHECK(analysis::sign_flip_p({}) == 1.0);
  CHECK(analysis::sign_flip_p({0, 0}) == 1.0);
  CHECK(analysis::sign_flip_p({1, 1, 1, 1, 1}) == doctest::Approx(2.0 / 32.0));
  // 480 images, 300 to 180: far out in the tail, where only logarithms of factorials reach.
  std::vector<int> many(480, 1);
  for (int n = 0; n < 180; ++n) many[static_cast<std::size_t>(n)] = -1;
  const double z = 120.0 / std::sqrt(480.0);
  CHECK(std::log(analysis::sign_flip_p(many)) ==
        doctest::Approx(std::log(std::erfc(z / std::sqrt(2.0)))).epsilon(0.03));
}

TEST_CASE("Benjamini and Hochberg's example, and its order") {
  // The 15 p-values of their paper, section 3.2: at 0.05 the first four are rejected.
  const std::vector<double> p{.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344,
                              .0459, .3240, .4262, .5719, .6528, .7590, 1.000};
  const auto q = analysis::benjamini_hochberg(p);
  CHECK(q[3] == doctest::Approx(.0095 * 15 / 4));
  for (std::size_t k = 0; k < p.size(); ++k) CHECK((q[k] <= 0.05) == (k < 4));
  const auto turned = analysis::benjamini_hochberg({p.rbegin(), p.rend()});
  for (std::size_t k = 0; k < p.size(); ++k) CHECK(turned[k] == q[p.size() - 1 - k]);
  CHECK(analysis::benjamini_hochberg({}).empty());
  double harmonic = 0.0;
  for (int k = 1; k <= 15; ++k) harmonic += 1.0 / k;
  const auto any = analysis::benjamini_yekutieli(p);
  CHECK(any[3] == doctest::Approx(harmonic * q[3]));
  CHECK(any.back() == 1.0);
}

TEST_CASE("among equals hardly anything is found, a better one is; blocks of like images weigh as one") {
  std::mt19937 engine(4);
  std::uniform_real_distribution<double> uniform;
  affinity::LossTable table{"t", {}, {}, {}};
  for (int room = 0; room < 30; ++room) {
    for (int view = 0; view < 8; ++view)
      table.images.push_back("room-" + std::to_string(room) + "/single_" + std::to_string(view));
  }
  for (int k = 0; k < 8; ++k) {
    std::vector<double> row;
    for (std::size_t n = 0; n < table.images.size(); ++n) row.push_back(uniform(engine));
    table.add("equal" + std::to_string(k), row);
  }
  std::vector<double> better, alike;
  for (int room = 0; room < 30; ++room) {
    const double all_views = room < 19 ? -1.0 : 2.0;  // 19 rooms of 30: not so rare among 30 coins
    for (int view = 0; view < 8; ++view) {
      better.push_back(0.6 * uniform(engine));
      alike.push_back(all_views);
    }
  }
  table.add("better", better);
  table.add("alike", alike);
  table.add(affinity::kScratch, alike);
  const auto by_image = analysis::pair_tests({table}, Block::image);
  CHECK(by_image.size() == 45);  // 10 competitors; the reference does not play
  const auto by_scene = analysis::pair_tests({table}, Block::scene);
  int wrong = 0;
  for (std::size_t k = 0; k < by_image.size(); ++k) {
    const auto& test = by_image[k];
    CHECK(test.q >= test.p);
    CHECK(test.win_rate >= 0.5);
    const bool both_equal = test.better.rfind("equal", 0) == 0 && test.worse.rfind("equal", 0) == 0;
    wrong += both_equal && test.q <= 0.05 ? 1 : 0;
    if (test.better == "better" && test.worse != "alike") CHECK(test.q <= 0.05);
    if (test.better == "alike" && test.worse.rfind("equal", 0) == 0) {
      CHECK(test.q <= 0.05);  // 240 images, as if they were independent
      CHECK(by_scene[k].q > 0.05);
    }
  }
  CHECK(wrong <= 1);
}

TEST_CASE("ties and images without a loss count for nobody") {
  affinity::LossTable table{"t", {"1", "2", "3", "4"}, {}, {}};
  table.add("a", {1, 1, 1, std::nan("")});
  table.add("b", {2, 2, 1, 0});
  const auto tests = analysis::pair_tests({table}, Block::image);
  REQUIRE(tests.size() == 1);
  CHECK(tests[0].better == "a");
  CHECK(tests[0].win_rate == doctest::Approx(2.5 / 3));
  CHECK(tests[0].p == doctest::Approx(0.5));  // two wins of two: 2 / 2^2
  CHECK(analysis::scene_of("kitchen-1/single_3") == "kitchen-1");
  CHECK(analysis::scene_of("17") == "17");
}
