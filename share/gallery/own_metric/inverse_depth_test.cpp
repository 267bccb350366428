// The contract of every task, labels that are known beforehand, and metrics computed by hand.
#include "inverse_depth.cpp"  // the class is hidden in there

#include <taskonomy/sdk/testing.hpp>

#include <doctest/doctest.h>  // after LibTorch, which has a CHECK of its own; main() comes with TESTS in CMakeLists.txt

namespace testing = taskonomy::sdk::testing;

TEST_CASE("inverse_depth keeps the contract of a task") { CHECK(testing::conforms<InverseDepth>()); }

TEST_CASE("inverse_depth: a wall at 1, 2 and 4 m where `nearest` is 1 m") {
  testing::SubjectOptions options;
  options.params["nearest"].value = 1.0;
  const auto subject = testing::subject_of<InverseDepth>(options);
  const torch::Tensor depth = torch::tensor({1.0F, 2.0F, 4.0F, 0.0F}).reshape({1, 1, 2, 2});
  torch::Generator generator = at::detail::createCPUGenerator(1);
  const auto example = subject.task().make_example({"wall", {{"depth_zbuffer", depth}}}, generator);
  CHECK(example.target.flatten().allclose(torch::tensor({1.0F, 0.0F, -0.5F, 0.0F})));
  CHECK_FALSE(example.mask.flatten()[3].item<bool>());
}

TEST_CASE("inverse_depth: metrics of guesses at 2.2 m and 8 m for walls at 2 m and 4 m") {
  testing::SubjectOptions options;
  options.params["nearest"].value = 1.0;
  const auto subject = testing::subject_of<InverseDepth>(options);
  const auto label = [](float depth) { return 2.0F / depth - 1.0F; };
  const torch::Tensor target = torch::tensor({label(2.0F), label(4.0F)}).reshape({1, 1, 1, 2});
  const torch::Tensor guess = torch::tensor({label(2.2F), label(8.0F)}).reshape({1, 1, 1, 2});
  const auto* metrics = sdk::extension_of<sdk::Metrics>(subject.task());
  REQUIRE(metrics != nullptr);
  // 10 % and 100 % off; the first is within 25 %.
  CHECK(metrics->measure(guess, target, {}).allclose(torch::tensor({55.0F, 50.0F}).unsqueeze(0), 1e-3));
}
