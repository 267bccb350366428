// The base of tasks whose label is a response: where it comes from, how it is clipped, and what is masked.
#include <cmath>
#include <initializer_list>
#include <vector>

#include <taskonomy/sdk/response_task.hpp>

#include "tests/support/testing.hpp"

using namespace taskonomy;

namespace {

/// A response that is the first view of the modality "raw".
class RawResponse : public sdk::ResponseTask {
 public:
  RawResponse(sdk::MaskKind mask, const sdk::ResponseScale& scale)
      : ResponseTask(describe(mask), scale, "m") {}

 private:
  static sdk::TaskInfo describe(sdk::MaskKind mask) {
    sdk::TaskInfo info = sdk::pixel_task_info("raw_task", "Raw", "2D", 1, -1.0, 1.0);
    info.mask = mask;
    return info;
  }
  [[nodiscard]] torch::Tensor derived_response(const sdk::Sample& sample) const override {
    return sample.data.at("raw").select(0, 0);
  }
};

torch::Tensor pixels_of(std::initializer_list<float> values) {
  return torch::tensor(std::vector<float>(values))
      .reshape({1, 1, 1, static_cast<std::int64_t>(values.size())});
}

sdk::Example response_example(const RawResponse& task, const std::string& modality,
                              const torch::Tensor& values) {
  auto generator = at::detail::createCPUGenerator(1);
  return task.make_example({"made_up", {{modality, values}}}, generator);
}

bool same_values(const torch::Tensor& a, const torch::Tensor& b) {
  return torch::equal(a.flatten(), b.flatten());
}

}  // namespace

TEST_CASE("a derived response is clipped by clip, a stored one by stored_clip, and 0..clip becomes -1..1") {
  const RawResponse task(sdk::MaskKind::none, {.clip = 4.0, .stored_clip = 2.0});
  CHECK(same_values(response_example(task, "raw", pixels_of({-1, 0, 1, 2, 4, 9})).target,
                    torch::tensor({-1.F, -1.F, -.5F, 0.F, 1.F, 1.F})));
  const sdk::Example stored = response_example(task, "raw_task", pixels_of({0, 1, 2, 9}));
  CHECK(same_values(stored.target, torch::tensor({-1.F, 0.F, 1.F, 1.F})));
  CHECK(stored.target.sizes() == torch::IntArrayRef({1, 1, 4}));
}

TEST_CASE("what is not finite is masked where the task has a mask, and of strength 0 where it has none") {
  const torch::Tensor values = pixels_of({NAN, 1, INFINITY});
  const sdk::Example masked = response_example({sdk::MaskKind::pixel, {}}, "raw", values);
  CHECK(same_values(masked.mask, torch::tensor({false, true, false})));
  CHECK(masked.mask.sizes() == torch::IntArrayRef({1, 1, 3}));
  CHECK(same_values(masked.target, torch::tensor({0.F, 1.F, 0.F})));
  const sdk::Example whole =
      response_example({sdk::MaskKind::none, {}}, "raw", pixels_of({NAN, 1, INFINITY, -INFINITY}));
  CHECK_FALSE(whole.mask.defined());
  CHECK(same_values(whole.target, torch::tensor({-1.F, 1.F, -1.F, -1.F})));
}

TEST_CASE("a response with a sign keeps it, and its metric has the response's unit") {
  const RawResponse task(sdk::MaskKind::pixel, {.clip = 2.0, .stored_clip = 2.0, .has_sign = true});
  CHECK(same_values(response_example(task, "raw", pixels_of({-9, -1, 0, 1, 9})).target,
                    torch::tensor({-1.F, -.5F, 0.F, .5F, 1.F})));
  const auto* metrics = sdk::extension_of<sdk::Metrics>(task);
  REQUIRE(metrics != nullptr);
  CHECK(metrics->metrics()[0].unit == "m");
  const torch::Tensor zero = torch::zeros({1, 1, 1, 1}), half = torch::full({1, 1, 1, 1}, 0.5);
  CHECK(metrics->measure(half, zero, {}).item<double>() == doctest::Approx(1.0));  // half of a clip of 2 m
}
