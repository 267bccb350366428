// Parts of figures: marks lie where a camera sees them, keys and bars name what is there and nothing else.
#include <cmath>
#include <limits>

#include <taskonomy/sdk/figure.hpp>
#include <taskonomy/sdk/vector_task.hpp>

#include "tests/support/testing.hpp"

using namespace taskonomy;

namespace {

torch::Tensor metres(float x, float y, float z) { return torch::tensor({x, y, z}); }

/// Names of a figure's words.
std::vector<std::string> words_of(const sdk::Figure& figure) {
  std::vector<std::string> words;
  for (const auto& mark : figure.marks)
    if (mark.kind == sdk::Mark::Kind::word) words.push_back(mark.text);
  return words;
}

}  // namespace

TEST_CASE("a lens places points as the sample's intrinsics do") {
  const sdk::Sample sample{
      "room",
      {{"intrinsics", torch::tensor({{{50.0F, 0.0F, 30.0F}, {0.0F, 60.0F, 20.0F}, {0.0F, 0.0F, 1.0F}}})}}};
  const sdk::Lens lens(sample, 100);
  CHECK(lens.at(0.0F, 0.0F).x == doctest::Approx(0.3));
  CHECK(lens.at(1.0F, 0.5F).x == doctest::Approx(0.8));
  CHECK(lens.at(1.0F, 0.5F).y == doctest::Approx(0.5));
  const sdk::Lens unknown({}, 100);  // 60 degrees from edge to edge
  CHECK(unknown.at(std::tan(30.0F * 3.14159265F / 180.0F), 0.0F).x == doctest::Approx(1.0).epsilon(0.001));
}

TEST_CASE("segments behind the camera leave no mark, others end at it") {
  const sdk::Lens lens({}, 64);
  std::vector<sdk::Mark> marks;
  lens.add(marks, metres(0, 0, -1), metres(1, 0, -2), sdk::kWhite);
  lens.add(marks, metres(0, 0, 1), metres(std::nanf(""), 0, 1), sdk::kWhite);
  CHECK(marks.empty());
  lens.add(marks, metres(1, 0, 2), metres(1, 0, -2), sdk::kWhite, sdk::Mark::Kind::arrow);
  REQUIRE(marks.size() == 1);
  CHECK((marks[0].kind == sdk::Mark::Kind::arrow));
  CHECK(marks[0].points[0].x == doctest::Approx(0.5 + 0.866 * 0.5));
  CHECK(marks[0].points[1].x > 10.0F);  // far to the right, where the segment passes the camera
}

TEST_CASE("a figure of classes names the largest shares, with per cents") {
  const sdk::Figure figure = sdk::class_figure(torch::tensor({0.1F, 0.0F, 0.62F, 0.28F, 0.0F}),
                                               {"bed", "bath", "sofa", "desk", "oven"});
  CHECK(words_of(figure) == std::vector<std::string>{"sofa  62 %", "desk  28 %", "bed  10 %"});
  CHECK(words_of(sdk::class_figure(torch::tensor({0.0F, 1.0F}), {"a", "b"})).size() == 1);
  CHECK_THROWS_AS((void)sdk::class_figure(torch::ones({3}), {"a", "b"}), std::invalid_argument);
}

TEST_CASE("the key of a segmentation has the classes of the image alone, the largest first") {
  const torch::Tensor classes = torch::tensor({{{0, 2, 2}, {2, 1, 7}}});
  const sdk::Figure figure = sdk::segmentation_figure(classes, {"wall", "floor", "bed", "lamp"});
  REQUIRE(figure.key.size() == 3);  // 7 has no name
  CHECK(figure.key[0].name == "bed");
  CHECK(figure.hard_pixels);
  for (std::int64_t channel = 0; channel < 3; ++channel)
    CHECK(figure.picture[channel][0][1].item<int>() ==
          figure.key[0].colour[static_cast<std::size_t>(channel)]);
  const sdk::Figure masked = sdk::segmentation_figure(classes, {"wall", "floor", "bed"}, classes.eq(1));
  REQUIRE(masked.key.size() == 1);
  CHECK(masked.key[0].name == "floor");
  CHECK(sdk::segmentation_figure(classes, {"wall"}, torch::zeros({1, 2, 3}, torch::kBool)).key.empty());
}

TEST_CASE("a quantity has no number where the mask is false") {
  const sdk::Figure figure =
      sdk::quantity_figure(torch::tensor({{{1.0F, 2.0F}}}), "m", torch::tensor({{{true, false}}}));
  CHECK(figure.quantity[0][0][0].item<float>() == 1.0F);
  CHECK(std::isnan(figure.quantity[0][0][1].item<float>()));
}

TEST_CASE("class colours differ from each other, and none is loud") {
  for (std::int64_t a = 0; a < 40; ++a) {
    const sdk::Colour one = sdk::class_colour(a);
    CHECK(*std::max_element(one.begin(), one.end()) - *std::min_element(one.begin(), one.end()) < 220);
    for (std::int64_t b = 0; b < a; ++b) {
      const sdk::Colour other = sdk::class_colour(b);
      double squared = 0.0;
      for (std::size_t channel = 0; channel < 3; ++channel)
        squared += std::pow(one[channel] - other[channel], 2.0);
      INFO(a, " and ", b);
      CHECK(squared > 100.0);
    }
  }
}

namespace {

/// A base that does not know Illustrate by inheritance.
class Chairs : public sdk::VectorTask {
 public:
  Chairs() : VectorTask(sdk::vector_task_info("chairs", "Chairs", "semantic", 1), 16, {}) {}
  [[nodiscard]] sdk::Example make_example(const sdk::Sample&, torch::Generator&) const override { return {}; }

 private:
  [[nodiscard]] torch::Tensor judge(const torch::Tensor&, const torch::Tensor&) const override { return {}; }
  [[nodiscard]] torch::Tensor draw_values(const torch::Tensor&) const override { return {}; }
};

class DrawnChairs final : public Chairs, public sdk::Illustrate {
 public:
  [[nodiscard]] sdk::Figure illustrate(const torch::Tensor&, const torch::Tensor&,
                                       const sdk::Sample&) const override {
    return {.ground = sdk::Ground::photograph, .caption = "a chair"};
  }
};

}  // namespace

TEST_CASE("bases offer figures for classes that derive from Illustrate, and only for those") {
  CHECK(sdk::extension_of<sdk::Illustrate>(Chairs()) == nullptr);
  const DrawnChairs chairs;
  const auto* illustrate = sdk::extension_of<sdk::Illustrate>(chairs);
  REQUIRE(illustrate != nullptr);
  CHECK(illustrate->illustrate({}, {}, {}).caption == "a chair");
}
