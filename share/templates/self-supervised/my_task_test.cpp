// The contract of every task, and examples of this one that are known beforehand.
#include "my_task.cpp"  // the class is hidden in there

#include <taskonomy/sdk/testing.hpp>

#include <doctest/doctest.h>  // after LibTorch, which has a CHECK of its own; main() comes with TESTS in CMakeLists.txt

namespace testing = taskonomy::sdk::testing;

TEST_CASE("my_task keeps the contract of a task") { CHECK(testing::conforms<MyTask>()); }

TEST_CASE("my_task: hidden pixels are grey, the others and the label are the image") {
  testing::SubjectOptions options;
  options.params["hidden"].value = 0.25;
  const auto subject = testing::subject_of<MyTask>(options);
  torch::Generator generator = at::detail::createCPUGenerator(1);
  const torch::Tensor white = torch::full({1, 3, 64, 64}, 255, torch::kUInt8);
  const auto example = subject.task().make_example({"white", {{"rgb", white}}}, generator);
  CHECK(example.target.equal(torch::ones({3, 64, 64})));
  CHECK(example.input.eq(0.0).logical_or(example.input.eq(1.0)).all().item<bool>());
  const double hidden = example.input.eq(0.0).to(torch::kFloat64).mean().item<double>();
  CHECK(hidden == doctest::Approx(0.25).epsilon(0.6));  // 64 cells: 0.25 +- 0.054
}
