// Differences of two runs against what a normal distribution says of paired and of independent test images.
#include "core/analysis/run_difference.hpp"

#include <cmath>

#include "core/affinity/affinity_table.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;

namespace {

/// Target t with its own network, a transfer from u that beats the one from scratch on the images for which `wins` says
/// so, and always loses to the own network.
affinity::LossTable transfer_that_wins(std::size_t images, bool (*wins)(std::size_t)) {
  affinity::LossTable table{"t", {}, {}, {}};
  std::vector<double> transfer;
  for (std::size_t n = 0; n < images; ++n) {
    table.images.push_back("image-" + std::to_string(n));
    transfer.push_back(wins(n) ? 1.0 : 3.0);
  }
  table.add("t", std::vector<double>(images, 0.0));
  table.add("u", transfer);
  table.add(affinity::kScratch, std::vector<double>(images, 2.0));
  return table;
}

analysis::ComparedRun run_of(const affinity::LossTable& losses) {
  affinity::AffinityTable table;
  table.rows = affinity::affinity_of(losses);
  table.rows.push_back({{"u"}, "u", 1.0, 0.9, 0.5});
  taxonomy::Options options;
  options.cost = {{"t", 5.0}};
  return {taxonomy::sweep(table, options), {losses}, {{"t", losses.loss[1]}}};
}

bool in_even(std::size_t n) { return n % 2 == 0; }
bool in_three_of_four(std::size_t n) { return n % 4 != 3; }

analysis::BootstrapOptions many() {
  analysis::BootstrapOptions how;
  how.replicates = 2000;
  return how;
}

}  // namespace

TEST_CASE("differences of paired images are as sure as the images on which the runs differ") {
  constexpr std::size_t kImages = 400;
  const auto a = run_of(transfer_that_wins(kImages, in_even)),
             b = run_of(transfer_that_wins(kImages, in_three_of_four));
  const auto paired = analysis::run_difference(a, b, true, many());
  CHECK(paired.targets == std::vector<std::string>{"t", "u"});
  REQUIRE_FALSE(paired.budgets.empty());
  const auto& t = paired.budgets[0].targets[0];  // budget 1: u alone
  CHECK(t.a.sources == std::vector<std::string>{"u"});
  CHECK(t.gain.estimate == doctest::Approx(0.25));  // b wins on a quarter more, on those that a lost
  const double half = 1.96 * std::sqrt(0.25 * 0.75 / kImages);
  CHECK(t.gain.high - t.gain.low == doctest::Approx(2 * half).epsilon(0.1));
  CHECK(t.quality.estimate == 0.0);
  CHECK(t.quality.low == 0.0);
  CHECK(t.quality.high == 0.0);

  const auto independent = analysis::run_difference(a, b, false, many());
  const auto& apart = independent.budgets[0].targets[0].gain;
  CHECK(apart.estimate == doctest::Approx(0.25));
  const double wider = 1.96 * std::sqrt((0.5 * 0.5 + 0.75 * 0.25) / kImages);
  CHECK(apart.high - apart.low == doctest::Approx(2 * wider).epsilon(0.1));

  // The mean over t and u, whose losses are unknown, has no interval; the values of metrics have one.
  CHECK(std::isnan(paired.budgets[0].gain.low));
  REQUIRE(paired.values.size() == 1);
  CHECK(paired.values[0].difference.estimate == doctest::Approx(-0.5));
  CHECK(paired.values[0].difference.high < 0.0);
}

TEST_CASE("a run differs from itself by nothing, and from one without losses without intervals") {
  const auto a = run_of(transfer_that_wins(100, in_even));
  const auto same = analysis::run_difference(a, a, true, many());
  CHECK(same.has_intervals);
  for (const auto& budget : same.budgets)
    for (const auto& target : budget.targets) {
      CHECK(target.same_sources());
      CHECK(target.gain.estimate == 0.0);
      if (target.a.target == "t") CHECK(target.gain.high - target.gain.low == 0.0);
    }
  auto bare = a;
  bare.losses.clear();
  const auto without = analysis::run_difference(a, bare, true, many());
  CHECK_FALSE(without.has_intervals);
  CHECK(without.budgets[0].gain.estimate == 0.0);
  CHECK(std::isnan(without.budgets[0].gain.low));
}

TEST_CASE("targets of one run alone are named, budgets are those at which both have an optimum") {
  affinity::AffinityTable a, b;
  a.rows = {{{"x"}, "x", 1.0, 0.9, 0.5}, {{"x"}, "y", 0.4, 0.6, 0.2}, {{"y"}, "y", 0.6, 0.9, 0.5}};
  b.rows = {{{"x"}, "y", 0.5, 0.7, 0.3}, {{"x"}, "z", 0.5, 0.7, 0.3}, {{"z"}, "y", 0.5, 0.7, 0.3}};
  taxonomy::Options dear;
  dear.cost = {{"x", 1.5}};
  const analysis::ComparedRun one{taxonomy::sweep(a, {})}, other{taxonomy::sweep(b, dear)};
  const auto difference = analysis::run_difference(one, other, false, {});
  CHECK(difference.targets == std::vector<std::string>{"y"});
  CHECK(difference.only_a == std::vector<std::string>{"x"});
  CHECK(difference.only_b == std::vector<std::string>{"z"});
  REQUIRE(difference.budgets.size() == 2);
  CHECK(difference.budgets[0].budget == 1.5);  // not 1, at which the second has nothing
  CHECK(difference.budgets[0].a.budget == 1.0);
  CHECK(difference.budgets[0].gain.estimate == doctest::Approx(0.1));
  CHECK(difference.budgets[1].gain.estimate ==
        doctest::Approx(-0.2));  // y has labels of its own in the first
  CHECK(difference.budgets[1].mean_a.gain == doctest::Approx(0.9));

  affinity::AffinityTable foreign;
  foreign.rows = {{{"q"}, "q", 1.0}};
  const auto nothing = analysis::run_difference(one, {taxonomy::sweep(foreign, {})}, false, {});
  CHECK(nothing.targets.empty());
  CHECK(nothing.budgets.empty());
}
