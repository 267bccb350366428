// Losses that are read now and then.
#include "core/training/step_losses.hpp"

#include <limits>

#include "core/base/error.hpp"

#include "tests/support/testing.hpp"

namespace taskonomy::training {

namespace {

torch::Tensor loss_number(double value) { return torch::tensor(static_cast<float>(value)); }

}  // namespace

TEST_CASE("losses are read the first time at once, then together, and none is lost") {
  StepLosses losses("line", 4);
  losses.add(loss_number(1));
  CHECK(losses.latest() == 1.0);
  for (int step = 2; step <= 4; ++step) losses.add(loss_number(step));
  CHECK(losses.latest() == 1.0);
  losses.add(loss_number(5));
  CHECK(losses.latest() == 5.0);
  losses.add(loss_number(6));
  losses.read();
  losses.read();
  CHECK(losses.latest() == 6.0);
  CHECK(losses.mean_of_last(3) == 5.0);
  CHECK(losses.mean_of_last(6) == 3.5);
}

TEST_CASE("a loss that is not finite is told by its own step, however late it is read") {
  StepLosses losses("line", 50);
  const auto give = [&](int first, int last) {
    for (int step = first; step <= last; ++step)
      losses.add(loss_number(step >= 37 ? std::numeric_limits<double>::quiet_NaN() : 1.0));
  };
  give(1, 50);
  CHECK_THROWS_WITH_AS(give(51, 51), doctest::Contains("line: step 37: the loss is nan"), base::Error);
  StepLosses short_training("line", 50);
  short_training.add(loss_number(1));
  short_training.add(loss_number(std::numeric_limits<double>::infinity()));
  CHECK_THROWS_WITH_AS(short_training.read(), doctest::Contains("step 2: the loss is inf"), base::Error);
}

}  // namespace taskonomy::training
