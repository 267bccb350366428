// Schedules against their formulas, and a training that ends when its loss is flat.
#include "core/training/schedule.hpp"

#include <cmath>

#include "tests/support/testing.hpp"

namespace taskonomy::training {

namespace {

const recipe::Training kUntilFlat{.steps = 200, .learning_rate = 1.0, .schedule = "until_flat"};

/// Losses of images whose own levels differ by far more than what training changes, and which each change by
/// `spread` in their own way beside the common change.
torch::Tensor losses_of(std::int64_t images, double level, double spread, torch::Generator& generator) {
  const torch::Tensor own = torch::linspace(1.0, 5.0, images, torch::kFloat64);
  return own + level + spread * torch::randn({images}, generator, torch::kFloat64);
}

/// Number of measurements that a plateau hears before it is flat, of a loss with this level at measurement k; at
/// most 100.
template <typename Level>
int measurements_until_flat(std::int64_t images, double spread, Level level) {
  auto generator = torch::make_generator<torch::CPUGeneratorImpl>(7);
  Plateau plateau;
  for (int k = 0; k < 100; ++k) {
    if (plateau.is_flat(4)) return k;
    plateau.observe(losses_of(images, level(k), spread, generator));
  }
  return 100;
}

/// Number of steps that a pace takes when the loss falls until a step, then stays.
std::int64_t steps_when_falling_until(std::int64_t step) {
  Pace pace(kUntilFlat);
  for (std::int64_t k = 1; k <= pace.steps(); ++k)
    if (pace.validates_at(k))
      pace.observe(
          k, torch::linspace(1.0, 2.0, 30, torch::kFloat64) - 0.01 * static_cast<double>(std::min(k, step)));
  return pace.steps();
}

}  // namespace

TEST_CASE("schedules reach their rates where they say") {
  recipe::Training options{.steps = 101, .learning_rate = 1.0};
  CHECK(learning_rate(options, 0) == doctest::Approx(1.0 / 25));
  CHECK(learning_rate(options, 30) == doctest::Approx(1.0));
  CHECK(learning_rate(options, 100) == doctest::Approx(1e-4));
  options.schedule = "step";
  CHECK(learning_rate(options, 79) == 1.0);
  CHECK(learning_rate(options, 80) == 0.1);
  options.step_at = 0.5;
  CHECK(learning_rate(options, 49) == 1.0);
  CHECK(learning_rate(options, 50) == 0.1);
  options.schedule = "constant";
  CHECK(learning_rate(options, 100) == 1.0);
}

TEST_CASE("cosine rises in a twentieth of the steps, is at half the rate midway and ends near 0") {
  recipe::Training options{.steps = 101, .learning_rate = 2.0, .schedule = "cosine"};
  CHECK(learning_rate(options, 0) == doctest::Approx(2.0 / 5));
  CHECK(learning_rate(options, 4) == doctest::Approx(2.0));
  CHECK(learning_rate(options, 5) == doctest::Approx(2.0));
  CHECK(learning_rate(options, 53) == doctest::Approx(1.0).epsilon(1e-3));
  CHECK(learning_rate(options, 100) < 2e-3);
  for (std::int64_t step = 5; step < 100; ++step)
    CHECK(learning_rate(options, step + 1) < learning_rate(options, step));
}

TEST_CASE("a loss that falls is not flat, however slowly; one that only jumps is") {
  CHECK(measurements_until_flat(200, 0.02, [](int k) { return -0.012 * k; }) == 100);
  CHECK(measurements_until_flat(200, 0.02, [](int k) { return k % 2 == 0 ? 0.3 : 0.0; }) < 15);
  CHECK(measurements_until_flat(200, 0.02, [](int k) { return 0.05 * k; }) == 7);  // rises
  CHECK(measurements_until_flat(200, 0.0, [](int k) { return -1e-3 * k; }) == 7);  // falls by next to nothing
}

TEST_CASE("few images must say it more clearly than many") {
  const auto slow = [](int k) { return -0.02 * std::min(k, 20); };
  CHECK(measurements_until_flat(10, 0.5, slow) < 15);
  CHECK(measurements_until_flat(4000, 0.5, slow) > 20);
}

TEST_CASE("one measurement out of line neither counts as a fall nor hides one") {
  const auto with_spike = [](double spike) {
    return [spike](int k) { return k == 4 ? spike : -0.05 * std::min(k, 8); };
  };
  const int plain = measurements_until_flat(50, 0.0, with_spike(-0.2));
  CHECK(plain < 20);
  CHECK(measurements_until_flat(50, 0.0, with_spike(-9.0)) == plain);
  CHECK(measurements_until_flat(50, 0.0, with_spike(9.0)) >= plain);
}

TEST_CASE("until_flat: a loss that falls to the end takes all steps, one that stops earlier fewer") {
  CHECK(steps_when_falling_until(1000) == 200);
  const std::int64_t some = steps_when_falling_until(50);
  CHECK(some > 50);
  CHECK(some < 200);
  CHECK(steps_when_falling_until(0) < some);
}

TEST_CASE("until_flat: the rate rises, stays, and falls to nearly 0 over the last quarter of what was done") {
  Pace pace(kUntilFlat);
  CHECK(pace.rate(1) == doctest::Approx(0.1));
  CHECK(pace.rate(10) == 1.0);
  CHECK(pace.rate(150) == 1.0);
  CHECK(pace.rate(151) < 1.0);
  CHECK(pace.rate(200) < 0.02);
  for (std::int64_t step = 10; step <= 70; step += 10) {
    CHECK(pace.validates_at(step));
    pace.observe(step, torch::ones({4}, torch::kFloat64));
  }
  CHECK(pace.steps() == 93);
  CHECK(pace.rate(70) == 1.0);
  CHECK(pace.rate(71) == doctest::Approx(1.0 - std::sqrt(1.0 / 24)));
  CHECK(pace.rate(93) == doctest::Approx(1.0 - std::sqrt(23.0 / 24)));
  CHECK(pace.validates_at(93));
}

TEST_CASE("a training of very few steps has a warm-up and an end") {
  for (const std::int64_t steps : {1, 2, 3, 5}) {
    Pace pace({.steps = steps, .learning_rate = 1.0, .schedule = "until_flat"});
    for (std::int64_t step = 1; step <= pace.steps(); ++step) {
      CHECK(pace.rate(step) > 0.0);
      if (pace.validates_at(step)) pace.observe(step, torch::ones({2}, torch::kFloat64));
    }
    CHECK(pace.steps() == steps);
  }
}

TEST_CASE("other schedules hear nothing and validate in their second half") {
  Pace pace({.steps = 100, .learning_rate = 1.0});
  for (std::int64_t step = 1; step <= 100; ++step) {
    CHECK(pace.validates_at(step) == (step > 50 && step % 10 == 0));
    pace.observe(step, torch::ones({2}, torch::kFloat64));
    CHECK(pace.rate(step) == learning_rate({.steps = 100, .learning_rate = 1.0}, step - 1));
  }
  CHECK(pace.steps() == 100);
}

}  // namespace taskonomy::training
