// Finished networks beside others: values by hand, and intervals that hold a known truth.
#include "core/analysis/finished.hpp"

#include <cmath>
#include <random>

#include "tests/support/testing.hpp"

using namespace taskonomy;
using analysis::FinishedScores;

namespace {

/// Four images of two scenes; the finished network is better by 2, 2, 0 and -1, and the last image has no label.
FinishedScores by_hand() {
  FinishedScores scores{.target = "normal",
                        .sources = {"a"},
                        .metric = "angle",
                        .unit = "degrees",
                        .images = {"x/0", "x/1", "y/0", "y/1", "y/2"},
                        .finished = {{1, 1, 3, 4, NAN}, {10, 10, 10, 11, NAN}, 10.25},
                        .compared = {{3, 3, 3, 3, NAN}, {12, 12, 10, 10, NAN}, 11.0}};
  return scores;
}

}  // namespace

TEST_CASE("better is better in either direction, a tie is half a win, and what was not trained is unknown") {
  auto scores = by_hand();
  const auto lower = analysis::compare_finished(scores, {});
  CHECK(lower.value == 10.25);
  CHECK(lower.compared.value == 11.0);
  CHECK(lower.compared.better.estimate == doctest::Approx(0.75));
  CHECK(lower.compared.wins.estimate == doctest::Approx(2.5 / 4.0));
  // Two scenes: a draw has each once, or one of them twice.
  CHECK(lower.compared.better.low == doctest::Approx(-0.5));
  CHECK(lower.compared.better.high == doctest::Approx(2.0));
  CHECK(std::isnan(lower.own.value));
  CHECK(std::isnan(lower.own.better.estimate));
  scores.higher_is_better = true;
  CHECK(analysis::compare_finished(scores, {}).compared.better.estimate == doctest::Approx(-0.75));
}

TEST_CASE("a metric of all images together has a difference and no interval") {
  auto scores = by_hand();
  scores.finished.metric.clear();
  scores.compared.metric.clear();
  const auto target = analysis::compare_finished(scores, {});
  CHECK(target.compared.better.estimate == doctest::Approx(0.75));
  CHECK(std::isnan(target.compared.better.low));
  scores.metric = "";
  CHECK(std::isnan(analysis::compare_finished(scores, {}).compared.better.estimate));
}

TEST_CASE("intervals hold a known difference in about 95 of 100 test sets") {
  std::mt19937_64 engine(7);
  std::normal_distribution<double> noise;
  int held = 0;
  constexpr int kSets = 300;
  for (int set = 0; set < kSets; ++set) {
    FinishedScores scores{
        .target = std::to_string(set), .sources = {"a"}, .metric = "error", .block = analysis::Block::scene};
    for (int scene = 0; scene < 50; ++scene) {
      const double of_scene = noise(engine);
      for (int view = 0; view < 3; ++view) {
        scores.images.push_back(std::to_string(scene) + "/" + std::to_string(view));
        const double difficulty = 3.0 * noise(engine);  // both networks meet it
        scores.finished.metric.push_back(difficulty);
        scores.compared.metric.push_back(difficulty + 0.3 + of_scene + 0.5 * noise(engine));
      }
    }
    scores.finished.losses = scores.finished.metric;
    scores.compared.losses = scores.compared.metric;
    const auto better = analysis::compare_finished(scores, {.replicates = 300}).compared.better;
    held += better.low <= 0.3 && 0.3 <= better.high ? 1 : 0;
  }
  CHECK(held >= 0.91 * kSets);
  CHECK(held <= 0.985 * kSets);
}
