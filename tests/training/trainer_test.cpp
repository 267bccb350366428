// The training loop on problems with known answers.
#include "core/training/trainer.hpp"

#include <cmath>
#include <map>
#include <set>

#include <torch/nn/modules/linear.h>

#include "core/base/error.hpp"

#include "tests/support/testing.hpp"

namespace taskonomy::training {

namespace {

const network::Hardware kExact{torch::kCPU, false};

/// y = 3x - 1 with noise-free data, fitted by one linear layer.
struct Line {
  torch::Tensor x = torch::linspace(-1, 1, 50).unsqueeze(1);
  torch::Tensor y = 3 * x - 1;
  torch::nn::Linear layer{nullptr};

  Line() {
    torch::manual_seed(5);
    layer = torch::nn::Linear(1, 1);
  }
  torch::Tensor losses(const torch::Tensor& i) {
    return (layer(x.index_select(0, i)) - y.index_select(0, i)).square().mean(1);
  }
  Learner learner(torch::Tensor validation = torch::empty({0}, torch::kInt64)) {
    const auto call = [this](const torch::Tensor& i) { return losses(i); };
    const auto in_epoch = [this](const data::Epoch& epoch) { return losses(epoch.indices); };
    return {"line", *layer, torch::arange(40), std::move(validation), in_epoch, call};
  }
};

const recipe::Training kOptions{.steps = 300, .batch = 8, .learning_rate = 0.1, .weight_decay = 0.0};

}  // namespace

TEST_CASE("training finds the line, and the same seed finds the same bits") {
  Line first, second, other;
  auto a = first.learner(), b = second.learner(), c = other.learner();
  (void)train(a, kOptions, kExact, 1);
  (void)train(b, kOptions, kExact, 1);
  (void)train(c, kOptions, kExact, 2);
  CHECK(first.layer->weight.item<double>() == doctest::Approx(3.0).epsilon(0.01));
  CHECK(torch::equal(first.layer->weight, second.layer->weight));
  CHECK_FALSE(torch::equal(first.layer->weight, other.layer->weight));
}

TEST_CASE("the weights with the lowest validation loss are kept") {
  Line line;
  auto learner = line.learner(torch::arange(40, 48));
  std::vector<double> seen;
  learner.validation_losses = [&](const torch::Tensor& i) {
    // Validation that likes early weights: it grows with every call.
    seen.push_back(static_cast<double>(seen.size()));
    return torch::full({i.numel()}, seen.back());
  };
  const auto summary = train(learner, kOptions, kExact, 1);
  CHECK(summary.validation_loss == 0.0);
  CHECK(summary.best_step < summary.steps);
}

TEST_CASE("every example is seen once an epoch") {
  Line line;
  auto learner = line.learner();
  std::map<std::int64_t, std::vector<std::int64_t>> seen;  // example -> its epochs
  learner.train_losses = [&](const data::Epoch& epoch) {
    for (std::int64_t k = 0; k < epoch.indices.numel(); ++k)
      seen[epoch.indices[k].item<std::int64_t>()].push_back(epoch.epochs[k].item<std::int64_t>());
    return line.losses(epoch.indices);
  };
  CHECK(train(learner, {.steps = 10, .batch = 8}, kExact, 1).epochs == 2);
  CHECK(seen.size() == 40);
  for (const auto& [example, epochs] : seen)
    CHECK_MESSAGE((epochs == std::vector<std::int64_t>{0, 1}), example);
}

TEST_CASE("epochs are counted on from round to round, so that no chance is drawn twice") {
  Line line;
  auto learner = line.learner(torch::arange(40, 48));
  std::set<std::int64_t> seen;
  learner.train_losses = [&](const data::Epoch& epoch) {
    for (std::int64_t k = 0; k < epoch.epochs.numel(); ++k) seen.insert(epoch.epochs[k].item<std::int64_t>());
    return line.losses(epoch.indices);
  };
  const auto summary = train_until_flat(learner, {.steps = 10, .batch = 8, .learning_rate = 0.01}, kExact, 1);
  CHECK(summary.epochs == summary.steps / 5);
  CHECK(static_cast<std::int64_t>(seen.size()) == summary.epochs);
}

TEST_CASE(
    "training until the loss stops falling: at most four times the steps, and the best round's weights") {
  Line line;
  auto learner = line.learner(torch::arange(40, 48));
  const recipe::Training options{.steps = 20, .batch = 8, .learning_rate = 0.02, .weight_decay = 0.0};
  std::vector<std::int64_t> told;
  learner.on_step = [&](std::int64_t step, std::int64_t steps, double) {
    CHECK(step <= steps);
    told.push_back(step);
  };
  const auto going_on = train_until_flat(learner, options, kExact, 1);  // slow: each round helps
  CHECK(going_on.steps == 80);
  REQUIRE(told.size() == 80);
  for (std::size_t i = 0; i < told.size(); ++i) CHECK(told[i] == static_cast<std::int64_t>(i) + 1);
  CHECK(going_on.validation_loss ==
        doctest::Approx(evaluate(*line.layer, learner.validation_losses, learner.validation, {8, kExact})
                            .mean()
                            .item<double>()));

  // Validation that begins to rise after the first round: a second one is tried, its weights are dropped.
  Line flat;
  auto risen = flat.learner(torch::arange(40, 48));
  int calls = 0;
  std::vector<torch::Tensor> kept;
  risen.validation_losses = [&](const torch::Tensor& i) {
    kept.push_back(flat.layer->weight.detach().clone());
    return torch::full({i.numel()}, calls++ < 5 ? -calls : calls);
  };
  const auto stopped = train_until_flat(risen, options, kExact, 1);
  CHECK(stopped.steps == 40);
  CHECK(stopped.best_step <= 20);
  CHECK(std::any_of(kept.begin(), kept.begin() + 5,
                    [&](const torch::Tensor& weight) { return torch::equal(weight, flat.layer->weight); }));
}

TEST_CASE("losses that are not finite or not [B] end the training with the step and a cure") {
  Line line;
  auto learner = line.learner();
  int step = 0;
  learner.train_losses = [&](const data::Epoch& epoch) {
    return line.losses(epoch.indices) * (++step == 7 ? std::numeric_limits<double>::quiet_NaN() : 1.0);
  };
  CHECK_THROWS_WITH_AS(train(learner, kOptions, kExact, 1), doctest::Contains("step 7"), base::Error);
  learner.train_losses = [&](const data::Epoch& epoch) { return line.losses(epoch.indices).mean(); };
  CHECK_THROWS_WITH_AS(train(learner, kOptions, kExact, 1), doctest::Contains("[B]"), base::Error);
}

TEST_CASE("until_flat ends before the most steps where the loss is flat, and keeps the best weights") {
  const recipe::Training options{
      .steps = 400, .batch = 8, .learning_rate = 0.1, .schedule = "until_flat", .weight_decay = 0.0};
  Line first, second;
  auto learner = first.learner(torch::arange(40, 48)), again = second.learner(torch::arange(40, 48));
  // The best line is off by 1 on every validation image: the loss cannot fall below 1.
  for (auto* line : {&first, &second})
    line->y.slice(0, 40, 48).add_(torch::tensor({1, -1}).repeat(4).unsqueeze(1));
  std::vector<std::int64_t> told;
  learner.on_step = [&](std::int64_t step, std::int64_t steps, double) {
    CHECK(step <= steps);
    told.push_back(step);
  };
  const auto summary = train(learner, options, kExact, 1);
  CHECK(summary.steps < 400);
  CHECK(static_cast<std::int64_t>(told.size()) == summary.steps);
  CHECK(first.layer->weight.item<double>() == doctest::Approx(3.0).epsilon(0.01));
  CHECK(train(again, options, kExact, 1).steps == summary.steps);
  CHECK(torch::equal(first.layer->weight, second.layer->weight));
}

TEST_CASE("until_flat without validation examples is refused, naming the cures") {
  Line line;
  auto learner = line.learner();
  CHECK_THROWS_WITH_AS(train(learner, {.schedule = "until_flat"}, kExact, 1),
                       doctest::Contains("raise [split] validation"), base::Error);
}

TEST_CASE("groups of parameters learn at their share of the rate") {
  Line whole, half;
  auto all = whole.learner(), parts = half.learner();
  parts.groups = {{{half.layer->weight}, 0.5}, {{half.layer->bias}}};
  const auto moved = [](const Line& line, const torch::Tensor& from) {
    return (line.layer->weight - from).item<double>();
  };
  const auto from = whole.layer->weight.detach().clone();
  const recipe::Training one{
      .steps = 1, .batch = 8, .learning_rate = 0.01, .schedule = "constant", .weight_decay = 0.0};
  (void)train(all, one, kExact, 1);
  (void)train(parts, one, kExact, 1);
  // Adam's first step is as long as the rate, whatever the gradient.
  CHECK(std::abs(moved(whole, from)) == doctest::Approx(0.01).epsilon(1e-3));
  CHECK(moved(half, from) == doctest::Approx(0.5 * moved(whole, from)).epsilon(1e-3));
  CHECK(torch::equal(whole.layer->bias, half.layer->bias));
}

}  // namespace taskonomy::training
