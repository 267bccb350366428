// Losses against scalar loops in double, under masks, NaN and reduced precision.
#include "tests/support/testing.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include <taskonomy/sdk/losses.hpp>

using namespace taskonomy;

namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

/// Random batch with a pixel mask; the last image's mask is empty.
struct Batch {
  torch::Tensor prediction, target, mask;

  Batch() {
    torch::manual_seed(7);
    prediction = torch::randn({4, 3, 5, 6});
    target = torch::randn({4, 3, 5, 6});
    mask = torch::rand({4, 1, 5, 6}) > 0.4;
    mask[3].fill_(false);
  }
};

/// Mean of f(prediction, target) over masked values of image b, by loops in double; 0 where the mask is
/// empty.
template <typename F>
double looped_mean(const Batch& batch, std::int64_t b, F f) {
  double sum = 0.0, count = 0.0;
  const auto p = batch.prediction.accessor<float, 4>();
  const auto t = batch.target.accessor<float, 4>();
  const auto m = batch.mask.accessor<bool, 4>();
  for (std::int64_t c = 0; c < p.size(1); ++c)
    for (std::int64_t y = 0; y < p.size(2); ++y)
      for (std::int64_t x = 0; x < p.size(3); ++x)
        if (m[b][0][y][x]) sum += f(double(p[b][c][y][x]), double(t[b][c][y][x])), count += 1.0;
  return count > 0.0 ? sum / count : 0.0;
}

/// -log softmax of logits[b,:,y,x] at `label`, in double.
double looped_entropy(const torch::Tensor& logits, std::int64_t b, std::int64_t label, std::int64_t y,
                      std::int64_t x) {
  const auto l = logits.accessor<float, 4>();
  double sum = 0.0;
  for (std::int64_t c = 0; c < l.size(1); ++c) sum += std::exp(double(l[b][c][y][x]));
  return std::log(sum) - double(l[b][label][y][x]);
}

double number_at(const torch::Tensor& values, std::int64_t index) { return values[index].item<double>(); }

}  // namespace

TEST_CASE("l1 and l2 are masked means per image, one number each, float32") {
  const Batch batch;
  const torch::Tensor l1 = sdk::l1_loss(batch.prediction, batch.target, batch.mask);
  const torch::Tensor l2 = sdk::l2_loss(batch.prediction, batch.target, batch.mask);
  REQUIRE((l1.sizes() == torch::IntArrayRef({4})));
  CHECK((l1.scalar_type() == torch::kFloat32));
  for (std::int64_t b = 0; b < 4; ++b) {
    CHECK(number_at(l1, b) ==
          doctest::Approx(looped_mean(batch, b, [](double p, double t) { return std::abs(p - t); })));
    CHECK(number_at(l2, b) ==
          doctest::Approx(looped_mean(batch, b, [](double p, double t) { return (p - t) * (p - t); })));
  }
  CHECK(number_at(l1, 3) == 0.0);
  CHECK(number_at(sdk::l1_loss(batch.prediction, batch.target, {}), 3) > 0.5);
}

TEST_CASE("bfloat16 predictions give float32 losses computed in float32") {
  const Batch batch;
  const torch::Tensor coarse = batch.prediction.to(torch::kBFloat16);
  for (const torch::Tensor& mask : {batch.mask, torch::Tensor()}) {
    const torch::Tensor loss = sdk::l1_loss(coarse, batch.target, mask);
    CHECK((loss.scalar_type() == torch::kFloat32));
    CHECK(torch::equal(loss, sdk::l1_loss(coarse.to(torch::kFloat32), batch.target, mask)));
  }
}

TEST_CASE("NaN and infinity under the mask reach neither value nor gradient") {
  const Batch batch;
  const torch::Tensor classes = torch::randint(0, 3, {4, 1, 5, 6}, torch::kUInt8);
  const torch::Tensor hidden = batch.mask.logical_not();
  for (const float poison : {kNaN, std::numeric_limits<float>::infinity()}) {
    for (int loss = 0; loss < 4; ++loss) {
      const auto evaluate = [&](const torch::Tensor& p, const torch::Tensor& t) {
        if (loss == 0) return sdk::l1_loss(p, t, batch.mask);
        if (loss == 1) return sdk::l2_loss(p, t, batch.mask);
        if (loss == 2) return sdk::pixel_cross_entropy(p, classes, batch.mask);
        return sdk::masked_mean(p, batch.mask);
      };
      torch::Tensor clean = batch.prediction.clone().requires_grad_();
      torch::Tensor poisoned = batch.prediction.masked_fill(hidden, poison).requires_grad_();
      const torch::Tensor expected = evaluate(clean, batch.target);
      const torch::Tensor got = evaluate(poisoned, batch.target.masked_fill(hidden, kNaN));
      CHECK(torch::equal(got, expected));
      expected.sum().backward();
      got.sum().backward();
      CHECK(torch::equal(poisoned.grad(), clean.grad()));
      CHECK(poisoned.grad()[3].abs().max().item<float>() == 0.0F);  // the empty mask
    }
  }
}

TEST_CASE("pixel cross entropy is the mean of -log softmax over masked pixels, in either memory format") {
  const Batch batch;
  const torch::Tensor classes = torch::randint(0, 3, {4, 1, 5, 6}, torch::kUInt8);
  const torch::Tensor loss = sdk::pixel_cross_entropy(batch.prediction, classes, batch.mask);
  for (std::int64_t b = 0; b < 4; ++b) {
    double sum = 0.0, count = 0.0;
    for (std::int64_t y = 0; y < 5; ++y)
      for (std::int64_t x = 0; x < 6; ++x)
        if (batch.mask[b][0][y][x].item<bool>()) {
          sum += looped_entropy(batch.prediction, b, classes[b][0][y][x].item<std::int64_t>(), y, x),
              count += 1.0;
        }
    CHECK(number_at(loss, b) == doctest::Approx(count > 0.0 ? sum / count : 0.0));
  }
  const torch::Tensor last = batch.prediction.contiguous(torch::MemoryFormat::ChannelsLast);
  CHECK(torch::allclose(sdk::pixel_cross_entropy(last, classes, batch.mask), loss));
  // A class id outside 0..C-1 is harmless under the mask and an error elsewhere.
  const torch::Tensor wild = torch::where(batch.mask, classes, torch::full({}, 200, torch::kUInt8));
  CHECK(torch::equal(sdk::pixel_cross_entropy(batch.prediction, wild, batch.mask), loss));
  CHECK_THROWS(sdk::pixel_cross_entropy(batch.prediction, classes + 3, batch.mask));
}

TEST_CASE("pixel cross entropy in float32 and bfloat16 follows the one in double, value and gradient") {
  torch::manual_seed(11);
  for (const std::int64_t channels : {1, 2, 39}) {  // 9 x 15 pixels: two whole tiles and a rest
    const torch::Tensor exact =
        (4.0 * torch::randn({3, channels, 9, 15})).to(torch::kBFloat16).to(torch::kFloat64);
    const torch::Tensor classes = torch::randint(0, channels, {3, 1, 9, 15});
    const torch::Tensor mask = torch::rand({3, 1, 9, 15}) > 0.3;
    const torch::Tensor weight = torch::tensor({1.0, -2.0, 0.5}, torch::kFloat64);
    for (const torch::Tensor& used : {mask, torch::Tensor()}) {
      torch::Tensor reference = exact.clone().requires_grad_();
      const torch::Tensor expected = sdk::pixel_cross_entropy(reference, classes, used);
      (expected * weight).sum().backward();
      for (const auto type : {torch::kFloat32, torch::kBFloat16}) {
        for (const auto format : {torch::MemoryFormat::Contiguous, torch::MemoryFormat::ChannelsLast}) {
          torch::Tensor logits = exact.to(type).contiguous(format).requires_grad_();
          const torch::Tensor loss = sdk::pixel_cross_entropy(logits, classes, used);
          (loss * weight).sum().backward();
          CHECK((loss.scalar_type() == torch::kFloat32));
          CHECK(torch::allclose(loss.to(torch::kFloat64), expected, 1e-5, 1e-6));
          const double tolerance = type == torch::kFloat32 ? 1e-5 : 1e-2;
          CHECK(torch::allclose(logits.grad().to(torch::kFloat64), reference.grad(), tolerance, 1e-7));
          CHECK((logits.grad().scalar_type() == type));
        }
      }
    }
  }
  const torch::Tensor huge = torch::tensor({1e4F, -1e4F}).reshape({1, 2, 1, 1});
  CHECK(sdk::pixel_cross_entropy(huge, torch::ones({1, 1, 1, 1}, torch::kInt64), {}).item<float>() == 2e4F);
  for (const float bad :
       {kNaN, std::numeric_limits<float>::infinity()}) {  // a broken network must not look well
    const torch::Tensor logits = torch::tensor({0.0F, bad}).reshape({1, 2, 1, 1});
    CHECK(std::isnan(
        sdk::pixel_cross_entropy(logits, torch::zeros({1, 1, 1, 1}, torch::kInt64), {}).item<float>()));
  }
}

TEST_CASE("soft cross entropy: equals the label's entropy at best, ignores masked images") {
  torch::manual_seed(3);
  const torch::Tensor labels = torch::softmax(torch::randn({3, 5}), 1);
  const torch::Tensor mask = torch::tensor({true, true, false}).reshape({3, 1});
  const torch::Tensor entropy = -(labels * labels.log()).sum(1);
  const torch::Tensor best = sdk::soft_cross_entropy(labels.log() + 4.0, labels, mask);
  CHECK(number_at(best, 0) == doctest::Approx(number_at(entropy, 0)));
  CHECK(number_at(best, 2) == 0.0);
  torch::Tensor logits = torch::randn({3, 5});
  CHECK((sdk::soft_cross_entropy(logits, labels, {}) >= entropy - 1e-6).all().item<bool>());
  logits[2].fill_(kNaN);
  logits.requires_grad_();
  const torch::Tensor poisoned = labels.clone();
  poisoned[2].fill_(kNaN);
  sdk::soft_cross_entropy(logits, poisoned, mask).sum().backward();
  CHECK(torch::isfinite(logits.grad()).all().item<bool>());
  CHECK(logits.grad()[2].abs().max().item<float>() == 0.0F);
}

TEST_CASE("gradients equal finite differences in double") {
  const Batch batch;
  const torch::Tensor classes = torch::randint(0, 3, {4, 1, 5, 6});
  const torch::Tensor target = batch.target.to(torch::kFloat64);
  for (int loss = 0; loss < 3; ++loss) {
    const auto total = [&](const torch::Tensor& p) {
      if (loss == 0) return sdk::l1_loss(p, target, batch.mask).sum();
      if (loss == 1) return sdk::l2_loss(p, target, batch.mask).sum();
      return sdk::pixel_cross_entropy(p, classes, batch.mask).sum();
    };
    torch::Tensor point = batch.prediction.to(torch::kFloat64).requires_grad_();
    total(point).backward();
    const torch::Tensor gradient = point.grad().flatten();
    for (std::int64_t i = 0; i < gradient.size(0); i += 17) {
      torch::Tensor step = torch::zeros_like(gradient);
      step[i] = 1e-6;
      step = step.reshape_as(point);
      const torch::NoGradGuard no_gradient;
      const double numeric = (total(point + step) - total(point - step)).item<double>() / 2e-6;
      CHECK(gradient[i].item<double>() == doctest::Approx(numeric).epsilon(1e-5));
    }
  }
}

TEST_CASE("each image's loss is its own: permuting the batch permutes the losses") {
  const Batch batch;
  const torch::Tensor order = torch::tensor({2, 0, 3, 1});
  const torch::Tensor loss = sdk::l2_loss(batch.prediction, batch.target, batch.mask);
  CHECK(torch::equal(
      sdk::l2_loss(batch.prediction.index({order}), batch.target.index({order}), batch.mask.index({order})),
      loss.index({order})));
  CHECK(torch::equal(sdk::l2_loss(batch.prediction[1].unsqueeze(0), batch.target[1].unsqueeze(0),
                                  batch.mask[1].unsqueeze(0))[0],
                     loss[1]));
}

TEST_CASE("shapes that do not fit are refused with both shapes") {
  const Batch batch;
  CHECK_THROWS_WITH_AS(sdk::l1_loss(batch.prediction, batch.target.slice(1, 0, 1), {}),
                       "l1_loss: prediction [4, 3, 5, 6] and target [4, 1, 5, 6] differ in shape",
                       std::invalid_argument);
  CHECK_THROWS_AS(sdk::masked_mean(batch.prediction, torch::ones({4, 2}, torch::kBool)),
                  std::invalid_argument);
  CHECK(sdk::masked_mean(batch.prediction, torch::tensor({true, false, true, true}))[1].item<float>() ==
        0.0F);
}
