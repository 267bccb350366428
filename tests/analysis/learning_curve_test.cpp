// Learning curves whose truth is known: what is read off them, and how often their intervals hold it.
#include "core/analysis/learning_curve.hpp"

#include <array>
#include <cmath>
#include <random>

#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
using analysis::CurveLosses;
using analysis::learning_curves;

namespace {

constexpr std::size_t kImages = 400;

/// A network that beats the constant guess, whose losses are 1, on exactly this share of the images.
std::vector<double> winning(double share, std::size_t images = kImages) {
  std::vector<double> losses;
  for (std::size_t n = 0; n < images; ++n)
    losses.push_back(static_cast<double>(n) < share * static_cast<double>(images) - 0.5 ? 0.5 : 1.5);
  return losses;
}

/// Trained on 100, 200 and 400 images, judged on images of a scene each.
CurveLosses curve(double quarter, double half, double full) {
  CurveLosses task{"depth",
                   {},
                   std::vector<double>(kImages, 1.0),
                   {100, winning(quarter)},
                   {200, winning(half)},
                   {400, winning(full)}};
  for (std::size_t n = 0; n < kImages; ++n) task.images.push_back(std::to_string(n) + "/0");
  return task;
}

}  // namespace

TEST_CASE("a straight line is extended by as many images again") {
  const auto curves = learning_curves({curve(0.5, 0.6, 0.7)});
  REQUIRE(curves.size() == 1);
  const auto& one = curves[0];
  CHECK(one.quarter == doctest::Approx(0.5));
  CHECK(one.half == doctest::Approx(0.6));
  CHECK(one.full == doctest::Approx(0.7));
  CHECK(one.more == 400);
  CHECK(one.gain == doctest::Approx(0.1));  // a doubling brings .1
  // Nothing lies off the line, so that the interval is that of the test images. The last network differs from
  // the first on a fifth of them: a binomial share of .2 of 400, its root of variance .02, two doublings
  // apart.
  CHECK(one.low == doctest::Approx(0.1 - 1.96 * 0.01).epsilon(0.05));
  CHECK(one.high == doctest::Approx(0.1 + 1.96 * 0.01).epsilon(0.05));
  CHECK(one.holds());
  // Ten images more are hardly anything: log2(410 / 400) of a doubling, if that were asked for.
  CHECK(analysis::further_images(437) == 400);
  CHECK(analysis::further_images(96) == 90);
  CHECK(analysis::further_images(10) == 10);
  CHECK(analysis::further_images(7) == 7);
  CHECK(analysis::further_images(0) == 0);
}

TEST_CASE("a flat curve, and one that bends without end, promise nothing for sure") {
  const auto flat = learning_curves({curve(0.6, 0.6, 0.6)});
  CHECK(flat[0].gain == doctest::Approx(0.0));
  CHECK_FALSE(flat[0].holds());
  const auto zigzag = learning_curves({curve(0.5, 0.9, 0.6)});  // off its line by far: chance of training
  CHECK(zigzag[0].gain == doctest::Approx(0.05));
  CHECK(zigzag[0].low < -0.2);
  CHECK_FALSE(zigzag[0].holds());
}

TEST_CASE("no share is promised beyond 1") {
  const auto curves = learning_curves({curve(0.75, 0.85, 0.95)});
  CHECK(curves[0].gain == doctest::Approx(0.05));
  CHECK(curves[0].high == doctest::Approx(0.05));
}

TEST_CASE("the chance of training is learnt from all curves, and one that bends widens the others") {
  const auto alone = learning_curves({curve(0.5, 0.6, 0.7), curve(0.5, 0.6, 0.7)});
  const auto beside = learning_curves({curve(0.5, 0.6, 0.7), curve(0.5, 0.75, 0.7)});
  CHECK(beside[0].gain == alone[0].gain);
  CHECK(beside[0].low < alone[0].low - 0.05);
}

TEST_CASE("95 % intervals hold what a further doubling brings in about 95 % of worlds") {
  // A world: four tasks; the share that a network wins is a line in log2 n plus its own chance; each test
  // image has a difficulty that all three networks share.
  constexpr int kWorlds = 80;
  constexpr std::size_t kTest = 200;
  std::mt19937_64 engine(5);
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> uniform;
  int held = 0, all = 0;
  for (int world = 0; world < kWorlds; ++world) {
    std::vector<CurveLosses> tasks;
    for (const double slope : {0.0, 0.02, 0.04, 0.06}) {
      CurveLosses task{
          "t" + std::to_string(slope), {}, std::vector<double>(kTest, 1.0), {100, {}}, {200, {}}, {400, {}}};
      double height = 0.55;
      std::array<double, 3> shares{};
      for (double& share : shares) {
        share = height + 0.03 * normal(engine);
        height += slope;
      }
      for (std::size_t n = 0; n < kTest; ++n) {
        task.images.push_back(std::to_string(n));
        const double difficulty = uniform(engine);
        task.quarter.losses.push_back(difficulty < shares[0] ? 0.5 : 1.5);
        task.half.losses.push_back(difficulty < shares[1] ? 0.5 : 1.5);
        task.full.losses.push_back(difficulty < shares[2] ? 0.5 : 1.5);
      }
      tasks.push_back(std::move(task));
    }
    const auto curves = learning_curves(tasks, {.replicates = 200});
    for (std::size_t t = 0; t < curves.size(); ++t) {
      const double truth = 0.02 * static_cast<double>(t);
      held += curves[t].low <= truth && truth <= curves[t].high ? 1 : 0;
      ++all;
    }
  }
  CHECK(held >= 0.91 * all);
  CHECK(held < all);  // an interval that always holds it says nothing
}

TEST_CASE("scenes are drawn together where there are enough of them") {
  auto task = curve(0.5, 0.6, 0.7);
  const auto by_image = learning_curves({task});
  for (std::size_t n = 0; n < kImages; ++n)
    task.images[n] = "room-" + std::to_string(n / 40) + "/" + std::to_string(n);
  const auto by_scene = learning_curves({task});
  CHECK(by_scene[0].gain == by_image[0].gain);
  CHECK(by_scene[0].high - by_scene[0].low > 2.0 * (by_image[0].high - by_image[0].low));
}

TEST_CASE("metrics are extended in the same way; of all images together they have no interval") {
  auto task = curve(0.5, 0.6, 0.7);
  task.metric = "abs_rel";
  for (auto* point : {&task.quarter, &task.half, &task.full}) {
    point->metric = point == &task.quarter ? 0.5 : point == &task.half ? 0.4 : 0.3;
    for (std::size_t n = 0; n < kImages; ++n)
      point->metric_of_image.push_back(point->metric + (n % 2 == 0 ? 0.1 : -0.1));
  }
  task.full.metric_of_image[0] = affinity::kUnknown;
  const auto curves = learning_curves({task});
  CHECK(curves[0].metric == "abs_rel");
  CHECK(curves[0].metric_gain == doctest::Approx(-0.1));
  CHECK(curves[0].metric_low == doctest::Approx(-0.1));  // every image gained as much
  for (auto* point : {&task.quarter, &task.half, &task.full}) point->metric_of_image.clear();
  const auto pooled = learning_curves({task});
  CHECK(pooled[0].metric_gain == doctest::Approx(-0.1));
  CHECK(std::isnan(pooled[0].metric_low));
}

TEST_CASE("an image that one network has no loss for counts for none") {
  auto task = curve(0.5, 0.6, 0.7);
  for (std::size_t n = 0; n < kImages / 2; ++n) task.half.losses[n] = affinity::kUnknown;
  const auto curves =
      learning_curves({task});  // the second half of the images: nobody wins before number 200
  CHECK(curves[0].quarter == doctest::Approx(0.0));
  CHECK(curves[0].full == doctest::Approx(0.4));
  task.half.losses.assign(kImages, affinity::kUnknown);
  CHECK_THROWS_WITH_AS((void)learning_curves({task}), doctest::Contains("\"depth\": no test image"),
                       base::Error);
  task.half.losses.pop_back();
  CHECK_THROWS_WITH_AS((void)learning_curves({task}), doctest::Contains("399 losses for 400"), base::Error);
}

TEST_CASE("a curve whose parts are no smaller than the whole is left out") {
  auto task = curve(0.5, 0.6, 0.7);
  task.half.images = 400;
  CHECK(learning_curves({task}).empty());
  task.half.images = 200, task.quarter.images = 0;
  CHECK(learning_curves({task}).empty());
}

TEST_CASE("curves are a table that is read back as it was written") {
  const auto curves = learning_curves({curve(0.5, 0.6, 0.7)});
  const tests::Folder folder;
  base::write_file(folder / "curve.csv", base::to_csv(curves));
  const auto again = base::read_records<analysis::LearningCurve>(folder / "curve.csv");
  REQUIRE(again.size() == 1);
  CHECK(again[0].target == "depth");
  CHECK(again[0].more == 400);
  CHECK(again[0].gain == doctest::Approx(curves[0].gain));
  CHECK(std::isnan(again[0].metric_gain));
  CHECK_FALSE(again[0].higher_is_better);
}
