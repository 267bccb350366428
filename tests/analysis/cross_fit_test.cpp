// Choice and judgement apart: a simulation in which the truth is known, and the rules of the halves.
#include "core/analysis/cross_fit.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <random>
#include <set>

#include "core/analysis/best_tests.hpp"
#include "core/base/error.hpp"
#include "core/taxonomy/taxonomy.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
using analysis::Block;
using analysis::Judge;

namespace {

// ---- a world of known win rates

constexpr int kWorldTargets = 4, kWorldSources = 6, kWorldScenes = 72, kWorldViews = 2;
constexpr double kWorldBudget = 3.0;

double uniform(std::mt19937_64& engine) { return (static_cast<double>(engine() >> 11) + 0.5) * 0x1p-53; }

double normal(std::mt19937_64& engine) {  // Box and Muller
  const double radius = std::sqrt(-2.0 * std::log(uniform(engine)));
  return radius * std::cos(2.0 * std::numbers::pi * uniform(engine));
}

/// A loss is -skill + difficulty of the image + luck, both normal; their variances add up to 1. A competitor of skill m
/// beats the network from scratch, whose skill is 0, with probability Phi(m / sqrt(2 (1 - shared))).
struct World {
  double shared = 0.0;  ///< variance of the difficulty, which all competitors of an image have in common
  std::vector<std::vector<double>> skill;  ///< [target][source]

  [[nodiscard]] double rate(std::size_t target, std::size_t source) const {
    return analysis::normal_share(skill[target][source] / std::sqrt(2.0 * (1.0 - shared)));
  }
};

World make_world(double shared, std::mt19937_64& engine) {
  World world{shared, {}};
  for (int t = 0; t < kWorldTargets; ++t) {
    world.skill.emplace_back();
    for (int s = 0; s < kWorldSources; ++s)  // nearly equal, all of them worse than scratch: .30 +- .02
      world.skill.back().push_back((-0.74 + 0.08 * normal(engine)) * std::sqrt(1.0 - shared));
  }
  return world;
}

std::vector<affinity::LossTable> draw_losses(const World& world, std::mt19937_64& engine) {
  std::vector<std::string> images;
  for (int scene = 0; scene < kWorldScenes; ++scene)
    for (int view = 0; view < kWorldViews; ++view)
      images.push_back("scene-" + std::to_string(scene) + "/" + std::to_string(view));
  std::vector<affinity::LossTable> tables;
  for (int t = 0; t < kWorldTargets; ++t) {
    affinity::LossTable table{"t" + std::to_string(t), images, {}, {}};
    std::vector<double> difficulty;
    for (std::size_t n = 0; n < images.size(); ++n)
      difficulty.push_back(std::sqrt(world.shared) * normal(engine));
    const auto add = [&](const std::string& name, double skill) {
      std::vector<double> losses;
      for (std::size_t n = 0; n < images.size(); ++n)
        losses.push_back(difficulty[n] - skill + std::sqrt(1.0 - world.shared) * normal(engine));
      table.add(name, losses);
    };
    add(affinity::kScratch, 0.0);
    for (int s = 0; s < kWorldSources; ++s)
      add("s" + std::to_string(s), world.skill[static_cast<std::size_t>(t)][static_cast<std::size_t>(s)]);
    tables.push_back(std::move(table));
  }
  return tables;
}

/// Step III on infinitely many images.
affinity::AffinityTable true_affinities(const World& world) {
  affinity::AffinityTable table;
  for (std::size_t t = 0; t < world.skill.size(); ++t) {
    const auto& skill = world.skill[t];
    affinity::Tournament tournament{{}, Eigen::MatrixXd(kWorldSources, kWorldSources), 1};
    for (int i = 0; i < kWorldSources; ++i) {
      tournament.competitors.push_back("s" + std::to_string(i));
      for (int j = 0; j < kWorldSources; ++j)
        tournament.wins(i, j) =
            analysis::normal_share((skill[static_cast<std::size_t>(i)] - skill[static_cast<std::size_t>(j)]) /
                                   std::sqrt(2.0 * (1.0 - world.shared)));
    }
    const auto rows = affinity::affinity_of("t" + std::to_string(t), tournament);
    table.rows.insert(table.rows.end(), rows.begin(), rows.end());
  }
  return table;
}

/// What a choice at kWorldBudget is truly worth, as a share of a choice without limit.
double true_reached(const affinity::AffinityTable& truth, const taxonomy::Taxonomy& chosen,
                    const taxonomy::Taxonomy& unlimited) {
  const auto objective = [&](const taxonomy::Taxonomy& taxonomy) {
    double sum = 0.0;
    for (const auto& row : taxonomy.transfers)
      for (const auto& real : truth.rows)
        if (real.target == row.target && real.sources == row.sources) sum += real.affinity;
    return sum;
  };
  return objective(chosen) / objective(unlimited);
}

double true_gain(const World& world, const taxonomy::Taxonomy& taxonomy) {
  double sum = 0.0;
  for (const auto& row : taxonomy.transfers)
    sum += world.rate(std::stoul(row.target.substr(1)), std::stoul(row.sources.front().substr(1)));
  return sum / static_cast<double>(taxonomy.transfers.size());
}

affinity::AffinityTable affinities(const std::vector<affinity::LossTable>& losses) {
  affinity::AffinityTable table;
  for (const auto& one : losses) {
    const auto rows = affinity::affinity_of(one);
    table.rows.insert(table.rows.end(), rows.begin(), rows.end());
  }
  return table;
}

struct Simulated {
  int covered = 0;
  double bias = 0.0, paper_bias = 0.0;  ///< means
  double error = 0.0;                   ///< standard deviation of the estimate about the truth
  int reached_covered = 0;              ///< the same of what the budget reaches
  double reached_bias = 0.0, reached_paper_bias = 0.0, reached_error = 0.0;
};

/// The optimum at kWorldBudget, judged in `draws` worlds.
Simulated simulate(double shared, int draws) {
  std::mt19937_64 engine(static_cast<std::uint64_t>(1000 * shared) + 7);
  Simulated result;
  double squares = 0.0, reached_squares = 0.0;
  for (int draw = 0; draw < draws; ++draw) {
    const World world = make_world(shared, engine);
    const auto losses = draw_losses(world, engine);
    const auto table = affinities(losses);
    analysis::CrossFitOptions how;
    how.replicates = 50;
    how.seed = static_cast<std::uint64_t>(draw);
    const auto judged = analysis::judge_by_halves(table, losses, {}, how);
    REQUIRE(judged.judge == Judge::halves);
    const auto& at = *judged.at(kWorldBudget);
    const double truth = 0.5 * (true_gain(world, at.chosen[0]) + true_gain(world, at.chosen[1]));
    result.covered += at.gain.low <= truth && truth <= at.gain.high ? 1 : 0;
    result.bias += (at.gain.estimate - truth) / draws;
    squares += (at.gain.estimate - truth) * (at.gain.estimate - truth) / draws;
    const auto optimum = taxonomy::solve(table, kWorldBudget, {});
    result.paper_bias += (analysis::means_of(optimum).gain - true_gain(world, optimum)) / draws;

    const auto real = true_affinities(world);
    const auto& last = judged.budgets.back().chosen;
    const double reached =
        0.5 * (true_reached(real, at.chosen[0], last[0]) + true_reached(real, at.chosen[1], last[1]));
    result.reached_covered += at.reached.low <= reached && reached <= at.reached.high ? 1 : 0;
    result.reached_bias += (at.reached.estimate - reached) / draws;
    reached_squares += (at.reached.estimate - reached) * (at.reached.estimate - reached) / draws;
    const auto unlimited = taxonomy::sweep(table, {}).back();
    result.reached_paper_bias +=
        (optimum.objective / unlimited.objective - true_reached(real, optimum, unlimited)) / draws;
  }
  result.error = std::sqrt(squares);
  result.reached_error = std::sqrt(reached_squares);
  return result;
}

}  // namespace

TEST_CASE("of 500 worlds the intervals hold the truth in 93 to 97 %, and nothing is too favourable") {
  for (const double shared : {0.0, 0.6}) {
    CAPTURE(shared);
    constexpr int kDraws = 500;
    const auto result = simulate(shared, kDraws);
    MESSAGE("shared " << shared << ": covered " << 100.0 * result.covered / kDraws << " %, bias "
                      << result.bias << ", standard error " << result.error << ", the paper's bias "
                      << result.paper_bias);
    CHECK(result.covered >= 0.93 * kDraws);
    CHECK(result.covered <= 0.97 * kDraws);
    CHECK(std::abs(result.bias) < 0.1 * result.error);
    CHECK(result.paper_bias > 0.5 * result.error);  // what the halves are for
    MESSAGE("reached: covered " << 100.0 * result.reached_covered / kDraws << " %, bias "
                                << result.reached_bias << ", standard error " << result.reached_error
                                << ", the paper's bias " << result.reached_paper_bias);
    // A ratio of sums of eigenvectors: its intervals are a little too short.
    CHECK(result.reached_covered >= 0.91 * kDraws);
    CHECK(result.reached_covered <= 0.97 * kDraws);
    CHECK(std::abs(result.reached_bias) < 0.25 * result.reached_error);
  }
}

TEST_CASE("halves: by scene, the same for all targets, as many scenes each, by seed and name alone") {
  std::mt19937_64 engine(3);
  auto losses = draw_losses(make_world(0.0, engine), engine);
  losses[1].images.front() = "another scene/0";
  const auto halves = analysis::halve(losses, 1);
  CHECK(halves.scenes == kWorldScenes + 1);
  CHECK(std::count(halves.half.begin(), halves.half.end(), 0) == (kWorldScenes + 1) / 2);
  std::map<std::string, char> half_of;
  for (std::size_t t = 0; t < losses.size(); ++t)
    for (std::size_t n = 0; n < losses[t].images.size(); ++n) {
      const char half = halves.half[halves.scene_of_image[t][n]];
      CHECK(half_of.emplace(analysis::scene_of(losses[t].images[n]), half).first->second == half);
    }
  auto turned = losses;
  std::reverse(turned.begin(), turned.end());
  const auto again = analysis::halve(turned, 1);
  CHECK(again.half == halves.half);
  CHECK(analysis::halve(losses, 2).half != halves.half);
}

TEST_CASE("too few scenes, or too few images in a half: the paper's way, with the reason") {
  affinity::LossTable table{"t", {}, {}, {}};
  const auto with = [&](int scenes, int views) {
    table = {"t", {}, {}, {}};
    for (int scene = 0; scene < scenes; ++scene)
      for (int view = 0; view < views; ++view)
        table.images.push_back("room-" + std::to_string(scene) + "/" + std::to_string(view));
    for (const char* name : {"(scratch)", "a", "b"}) {
      std::vector<double> losses;
      for (std::size_t n = 0; n < table.images.size(); ++n)
        losses.push_back(std::sin(static_cast<double>(n) * (name[0] + 1)));
      table.add(name, losses);
    }
    return analysis::judge_by_halves(affinities({table}), {table}, {}, {});
  };
  const auto scenes = with(3, 40);
  CHECK(scenes.judge == Judge::paper);
  CHECK(scenes.reason == "the test images show 3 scenes, and halves need 4");
  CHECK(scenes.budgets.size() == 1);
  CHECK(std::isnan(scenes.budgets.front().gain.low));
  const auto images = with(4, 14);
  CHECK(images.judge == Judge::paper);
  CHECK(images.reason == "a half of the test scenes has 28 usable images of \"t\", and halves need 30");
  CHECK(with(4, 15).judge == Judge::halves);
  table.loss[0][3] = std::nan("");
  CHECK(analysis::judge_by_halves(affinities({table}), {table}, {}, {}).judge == Judge::paper);
}

TEST_CASE("by hand: each half's choice has the win rate that the other half gives it") {
  // 8 scenes of 10 images. In the first half a wins 7 of 10 against scratch and b 6; in the second a wins 2 and b 9.
  affinity::LossTable table{"t", {}, {}, {}};
  for (int scene = 0; scene < 8; ++scene)
    for (int view = 0; view < 10; ++view)
      table.images.push_back("room-" + std::to_string(scene) + "/" + std::to_string(view));
  table.add(affinity::kScratch, std::vector<double>(80, 1.0));
  const auto halves = analysis::halve({table}, 1);
  std::vector<double> a, b;
  for (std::size_t n = 0; n < 80; ++n) {
    const bool first = halves.half[halves.scene_of_image[0][n]] == 0;
    const int view = static_cast<int>(n % 10);
    a.push_back(view < (first ? 7 : 2) ? 0.4 : 1.4);
    b.push_back(view >= (first ? 4 : 1) ? 0.5 : 1.5);
  }
  table.add("a", a);
  table.add("b", b);
  const auto real = affinities({table});
  const auto judged = analysis::judge_by_halves(real, {table}, {}, {});
  REQUIRE(judged.judge == Judge::halves);
  CHECK(judged.scenes == 8);
  const auto& at = judged.budgets.front();
  REQUIRE(at.chosen.size() == 2);
  CHECK(at.chosen[0].sources == std::vector<std::string>{"a"});
  CHECK(at.chosen[1].sources == std::vector<std::string>{"b"});
  CHECK(at.gain.estimate == doctest::Approx(0.5 * (0.2 + 0.6)));
  CHECK(std::isnan(at.quality.estimate));
  REQUIRE(judged.orders.size() == 1);
  CHECK(judged.orders.front().gain == doctest::Approx(0.4));
  // What random taxonomies are judged by: each row on both halves.
  CHECK(judged.table.rows[0].gain == doctest::Approx(0.5 * (0.7 + 0.2)));
  CHECK(judged.table.rows[1].gain == doctest::Approx(0.5 * (0.6 + 0.9)));
  const auto paper = analysis::judge_as_paper(real, {});
  CHECK(paper.budgets.front().gain.estimate == doctest::Approx(0.75));
  CHECK(paper.budgets.front().reached.estimate == 1.0);
  CHECK(std::isnan(paper.budgets.front().reached.low));
}

TEST_CASE(
    "with label prices: where nobody borrows, Gain and Quality of the borrowers are unknown, and their "
    "intervals") {
  // Both targets may have their own networks (labels of t cost 1, of u 2), or borrow from a, which costs
  // nothing.
  std::vector<affinity::LossTable> losses;
  for (const std::string target : {"t", "u"}) {
    affinity::LossTable table{target, {}, {}, {}};
    for (int scene = 0; scene < 8; ++scene)
      for (int view = 0; view < 10; ++view)
        table.images.push_back("room-" + std::to_string(scene) + "/" + std::to_string(view));
    std::vector<double> own, borrowed;
    for (std::size_t n = 0; n < table.images.size(); ++n) {
      own.push_back(n % 10 < 8 ? 1.0 : 3.0);
      borrowed.push_back(2.0);
    }
    table.add(affinity::kScratch, std::vector<double>(table.images.size(), 2.5));
    table.add(target, own);
    table.add("a", borrowed);
    losses.push_back(std::move(table));
  }
  taxonomy::Options options;
  options.cost = {{"a", 0.0}, {"t", 1.0}, {"u", 2.0}};
  const auto judged = analysis::judge_by_halves(affinities(losses), losses, options, {});
  REQUIRE(judged.judge == Judge::halves);
  REQUIRE(judged.budgets.size() == 4);  // 0: both borrow; 1: u does; 2: t does; 3: nobody
  for (std::size_t b = 0; b < 3; ++b) {
    CHECK(judged.budgets[b].borrowed_gain.estimate == 1.0);
    CHECK(judged.budgets[b].borrowed_quality.estimate == doctest::Approx(0.2));
    CHECK_FALSE(std::isnan(judged.budgets[b].borrowed_quality.low));
    CHECK(judged.budgets[b].reached.estimate < 1.0);
  }
  const auto& nobody = judged.budgets[3];
  for (const auto& interval : {nobody.borrowed_gain, nobody.borrowed_quality}) {
    CHECK(std::isnan(interval.estimate));
    CHECK(std::isnan(interval.low));
    CHECK(std::isnan(interval.high));
  }
  CHECK(nobody.quality.estimate == 0.5);
  CHECK_FALSE(std::isnan(nobody.quality.low));
  CHECK(nobody.reached.estimate == 1.0);
  CHECK(nobody.reached.low == 1.0);
  // Halves judge the labels that a run has, all of one number: a price of each label cannot be said.
  options.label_price = 0.01;
  CHECK_THROWS_AS((void)analysis::judge_by_halves(affinities(losses), losses, options, {}), base::Error);
}

TEST_CASE("a half chooses higher orders of its own shortlist alone") {
  // a and b lead on all images, and a+b is the only pair. In one half c comes before b, so that half has no pair.
  affinity::LossTable table{"t", {}, {}, {}};
  for (int scene = 0; scene < 8; ++scene)
    for (int view = 0; view < 10; ++view)
      table.images.push_back("room-" + std::to_string(scene) + "/" + std::to_string(view));
  const auto halves = analysis::halve({table}, 1);
  std::map<std::string, std::vector<double>> losses;
  for (std::size_t n = 0; n < 80; ++n) {
    const bool first = halves.half[halves.scene_of_image[0][n]] == 0;
    losses[affinity::kScratch].push_back(5.0);
    losses["a"].push_back(2.0);
    losses["b"].push_back(first ? 4.0 : 2.5);
    losses["c"].push_back(first ? 3.0 : 4.5);
    losses["a+b"].push_back(1.0);
  }
  for (const auto& [name, row] : losses) table.add(name, row);
  const auto judged = analysis::judge_by_halves(affinities({table}), {table}, {}, {});
  REQUIRE(judged.budgets.back().chosen.size() == 2);
  CHECK(judged.budgets.back().chosen[0].transfers.front().sources == std::vector<std::string>{"a"});
  CHECK(judged.budgets.back().chosen[1].transfers.front().sources == std::vector<std::string>{"a", "b"});
}

TEST_CASE("the best against each other one: chosen here, tested there; q within the target") {
  std::mt19937_64 engine(5);
  World world = make_world(0.0, engine);
  for (auto& skills : world.skill) skills = {2.5, 0.0, 0.0, 0.0, 0.0, -0.1};  // s0 is far better
  const auto losses = draw_losses(world, engine);
  const auto halves = analysis::test_best(losses[0], Judge::halves, Block::scene, 1);
  CHECK(halves.judge == Judge::halves);
  REQUIRE(halves.tests.size() == kWorldSources - 1);
  for (const auto& test : halves.tests) {
    CHECK(test.better == "s0");
    CHECK(test.q < 1e-4);
    CHECK(test.q >= test.p);
  }
  CHECK(analysis::test_best(losses[0], Judge::paper, Block::scene, 1).judge == Judge::paper);
  // Among equals the paper's way finds differences; across halves they vanish.
  int paper = 0, honest = 0;
  for (auto& skills : world.skill) skills = std::vector<double>(kWorldSources, 0.0);
  for (int draw = 0; draw < 60; ++draw) {
    const auto equal = draw_losses(world, engine);
    const auto count = [&](Judge judge) {
      const auto tests = analysis::test_best(equal[0], judge, Block::image, 1).tests;
      return std::any_of(tests.begin(), tests.end(), [](const auto& test) { return test.q < 0.05; }) ? 1 : 0;
    };
    paper += count(Judge::paper);
    honest += count(Judge::halves);
  }
  CHECK(honest <= 6);  // 5 % of 60 would be 3
  CHECK(paper > honest);
}
