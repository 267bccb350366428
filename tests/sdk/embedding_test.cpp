// The metric loss against its definition, pair by pair; clusters and the Rand index on closed cases.
#include <taskonomy/sdk/toolbox/embedding.hpp>

#include <algorithm>
#include <cmath>

#include "tests/support/testing.hpp"

using namespace taskonomy;

namespace {

/// -mean over pairs i != j of [same: log s, different: log(1 - s)], s = 2 / (1 + exp(d)), in double.
double written_out(const torch::Tensor& points, const torch::Tensor& regions, const torch::Tensor& counted) {
  double sum = 0.0;
  int pairs = 0;
  for (std::int64_t i = 0; i < points.size(0); ++i) {
    for (std::int64_t j = 0; j < points.size(0); ++j) {
      if (i == j || !counted[i].item<bool>() || !counted[j].item<bool>()) continue;
      const double square = (points[i] - points[j]).to(torch::kFloat64).square().sum().item<double>();
      const double s = 2.0 / (1.0 + std::exp(std::clamp(square, sdk::kLeastSquare, 80.0)));
      sum -= regions[i].item<int>() == regions[j].item<int>() ? std::log(s) : std::log(1.0 - s);
      ++pairs;
    }
  }
  return pairs > 0 ? sum / pairs : 0.0;
}

torch::Tensor random_points(std::int64_t n, double spread, std::uint64_t seed) {
  auto generator = at::detail::createCPUGenerator(seed);
  return torch::randn({2, n, 5}, generator, torch::kFloat32) * spread;
}

torch::Tensor grouping(std::initializer_list<int> groups) { return torch::tensor(std::vector<int>(groups)); }

}  // namespace

TEST_CASE("the metric loss is what the double loop says, near and far") {
  const auto regions = torch::randint(0, 3, {2, 12}, torch::kInt16);
  auto counted = torch::ones({2, 12}, torch::kBool);
  counted[1].slice(0, 7).fill_(false);
  for (const double spread : {0.1, 1.0, 5.0}) {
    const auto points = random_points(12, spread, 4);
    const auto loss = sdk::metric_loss(points, regions, counted);
    REQUIRE(loss.sizes() == torch::IntArrayRef({2}));
    for (std::int64_t image = 0; image < 2; ++image) {
      CHECK(loss[image].item<double>() ==
            doctest::Approx(written_out(points[image], regions[image], counted[image])).epsilon(1e-4));
    }
  }
}

TEST_CASE(
    "moving all points, and their order, does not change the metric loss; far points have no gradient") {
  const auto regions = torch::randint(0, 3, {2, 12}, torch::kInt16);
  const auto counted = torch::ones({2, 12}, torch::kBool);
  const auto points = random_points(12, 1.0, 8);
  const auto loss = sdk::metric_loss(points, regions, counted);
  CHECK(torch::allclose(loss, sdk::metric_loss(points + 1000.0, regions, counted), 1e-2, 1e-2));
  CHECK(torch::allclose(loss, sdk::metric_loss(points.flip(1), regions.flip(1), counted), 1e-5, 1e-6));
  const auto far = (random_points(12, 100.0, 8)).requires_grad_(true);
  sdk::metric_loss(far, regions, counted).sum().backward();
  CHECK(far.grad().abs().max().item<float>() < 1e-6F);
}

TEST_CASE("points in the right places cost next to nothing, in one place a known amount") {
  const auto regions = torch::tensor({0, 0, 1, 1}, torch::kInt16).unsqueeze(0);
  const auto counted = torch::ones({1, 4}, torch::kBool);
  const auto apart = torch::tensor({0.F, 0.F, 6.F, 6.F}).reshape({1, 4, 1});
  CHECK(sdk::metric_loss(apart, regions, counted).item<double>() < 1e-3);
  const double together = -std::log(std::tanh(sdk::kLeastSquare / 2.0));  // -log(1 - s) = -log tanh(d / 2)
  CHECK(sdk::metric_loss(torch::zeros({1, 4, 1}), regions, counted).item<double>() ==
        doctest::Approx(together * 2.0 / 3.0).epsilon(1e-3));  // 8 of 12 ordered pairs differ
  CHECK(sdk::metric_loss(apart, regions, torch::zeros({1, 4}, torch::kBool)).item<double>() == 0.0);
}

TEST_CASE("the gradient of the metric loss is that of its values") {
  const auto regions = torch::randint(0, 2, {2, 6}, torch::kInt16);
  const auto counted = torch::ones({2, 6}, torch::kBool);
  const auto points = random_points(6, 0.7, 2).to(torch::kFloat64);
  const auto variable = points.clone().requires_grad_(true);
  sdk::metric_loss(variable, regions, counted).sum().backward();
  const auto direction = random_points(6, 1.0, 3).to(torch::kFloat64);
  const double step = 1e-5;
  const auto up = sdk::metric_loss(points + step * direction, regions, counted).sum();
  const auto down = sdk::metric_loss(points - step * direction, regions, counted).sum();
  CHECK((variable.grad() * direction).sum().item<double>() ==
        doctest::Approx((up - down).item<double>() / (2.0 * step)).epsilon(1e-5));
}

TEST_CASE("clusters are the groups that lie apart, named by size") {
  const auto points = torch::tensor({0.F, 9.F, 0.1F, 9.1F, 9.2F, 20.F}).reshape({6, 1});
  CHECK(torch::equal(sdk::cluster_embeddings(points), torch::tensor({1, 0, 1, 0, 0, 2}, torch::kInt64)));
  CHECK(sdk::cluster_embeddings(torch::zeros({4, 3})).max().item<int>() == 0);
  CHECK(sdk::cluster_embeddings(torch::zeros({0, 3})).numel() == 0);
}

TEST_CASE("adjusted Rand index: closed cases") {
  CHECK(sdk::adjusted_rand_index(grouping({0, 0, 1, 1}), grouping({5, 5, 2, 2})) == 1.0);
  // Contingency 2,0 / 1,1: together 1, in a 2, in b 3, expected 2*3/6 = 1 -> (1 - 1) / (2.5 - 1) = 0.
  CHECK(sdk::adjusted_rand_index(grouping({0, 0, 1, 1}), grouping({0, 0, 0, 1})) == doctest::Approx(0.0));
  // 2,0,0 / 0,1,1: together 1, in a 2, in b 1, expected 1/3 -> (2/3) / (7/6) = 4/7.
  CHECK(sdk::adjusted_rand_index(grouping({0, 0, 1, 1}), grouping({0, 0, 1, 2})) ==
        doctest::Approx(4.0 / 7.0));
  // 1,1 / 1,1: together 0, expected 2*2/6 -> (-2/3) / (4/3) = -1/2.
  CHECK(sdk::adjusted_rand_index(grouping({0, 0, 1, 1}), grouping({0, 1, 0, 1})) == doctest::Approx(-0.5));
  CHECK(sdk::adjusted_rand_index(grouping({3, 3, 3}), grouping({7, 7, 7})) == 1.0);
  CHECK(sdk::adjusted_rand_index(grouping({0, 1, 2}), grouping({2, 1, 0})) == 1.0);
  CHECK(sdk::adjusted_rand_index(grouping({0, 0, 0}), grouping({0, 1, 2})) == doctest::Approx(0.0));
  const auto a = torch::randint(0, 4, {500}), b = torch::randint(0, 4, {500});
  CHECK(std::abs(sdk::adjusted_rand_index(a, b)) < 0.05);
  CHECK(sdk::adjusted_rand_index(a, b) == doctest::Approx(sdk::adjusted_rand_index(b, a)));
}

TEST_CASE("pictures of embeddings: alike is alike, apart is apart, constant and few dimensions work") {
  auto embedding = torch::zeros({8, 16, 16});
  embedding.slice(2, 8).fill_(3.0);
  const auto picture = sdk::draw_embedding(embedding).to(torch::kInt32);
  CHECK(picture.sizes() == torch::IntArrayRef({3, 16, 16}));
  CHECK(torch::equal(picture.slice(2, 0, 1), picture.slice(2, 7, 8)));
  CHECK((picture.slice(2, 0, 1) - picture.slice(2, 8, 9)).abs().max().item<int>() > 60);
  CHECK(sdk::draw_embedding(torch::zeros({2, 4, 4})).sizes() == torch::IntArrayRef({3, 4, 4}));
}
