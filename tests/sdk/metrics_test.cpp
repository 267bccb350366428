// Per-image statistics of metrics: what the mask hides does not count, an empty mask has no value.
#include "tests/support/testing.hpp"

#include <cmath>

#include <taskonomy/sdk/metrics.hpp>

using namespace taskonomy;

TEST_CASE("mean and median per image count masked pixels alone") {
  const torch::Tensor values =
      torch::tensor({1.0F, 2.0F, 9.0F, NAN, 4.0F, 4.0F, 4.0F, 4.0F}).reshape({2, 1, 2, 2});
  const torch::Tensor mask =
      torch::tensor({true, true, true, false, false, false, false, false}).reshape({2, 1, 2, 2});
  const torch::Tensor means = sdk::mean_per_image(values, mask);
  const torch::Tensor medians = sdk::median_per_image(values, mask);
  CHECK(means[0].item<double>() == doctest::Approx(4.0));
  CHECK(medians[0].item<double>() == doctest::Approx(2.0));
  CHECK(std::isnan(means[1].item<double>()));
  CHECK(std::isnan(medians[1].item<double>()));
  CHECK(sdk::mean_per_image(values, {})[1].item<double>() == doctest::Approx(4.0));
  CHECK(sdk::median_per_image(values, {})[1].item<double>() == doctest::Approx(4.0));
}

TEST_CASE("l1 is the mean distance in the label's unit, over all channels") {
  const sdk::L1Metric metric(5.0, "1/m");
  REQUIRE(metric.metrics().size() == 1);
  CHECK(metric.metrics()[0].name == "l1");
  CHECK(metric.metrics()[0].unit == "1/m");
  CHECK_FALSE(metric.metrics()[0].higher_is_better);
  const torch::Tensor target = torch::zeros({2, 2, 1, 2});
  torch::Tensor prediction = torch::zeros({2, 2, 1, 2});
  prediction[0][0][0][0] = 0.4;
  prediction[0][1][0][1] = 7.0;  // under the mask
  const torch::Tensor mask = torch::tensor({true, false, false, false}).reshape({2, 1, 1, 2});
  const torch::Tensor measured = metric.measure(prediction, target, mask);
  CHECK(measured.sizes() == torch::IntArrayRef({2, 1}));
  CHECK(measured[0][0].item<double>() == doctest::Approx(5.0 * 0.4 / 2.0));
  CHECK(std::isnan(measured[1][0].item<double>()));
}
