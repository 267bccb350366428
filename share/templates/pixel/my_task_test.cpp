// The contract of every task, and labels of this one that are known beforehand.
#include "my_task.cpp"  // the class is hidden in there

#include <taskonomy/sdk/testing.hpp>

#include <doctest/doctest.h>  // after LibTorch, which has a CHECK of its own; main() comes with TESTS in CMakeLists.txt

namespace testing = taskonomy::sdk::testing;

TEST_CASE("my_task keeps the contract of a task") { CHECK(testing::conforms<MyTask>()); }

TEST_CASE("my_task: a wall at 1 m is 0, at 3 m -0.5; pixels without a reading do not count") {
  const auto subject = testing::subject_of<MyTask>();
  const torch::Tensor depth = torch::tensor({1.0F, 3.0F, 0.0F, NAN}).reshape({1, 1, 2, 2});
  torch::Generator generator = at::detail::createCPUGenerator(1);
  const auto example = subject.task().make_example({"wall", {{"depth_zbuffer", depth}}}, generator);
  CHECK(example.mask.equal(torch::tensor({1, 1, 0, 0}).to(torch::kBool).reshape({1, 2, 2})));
  CHECK(example.target.masked_select(example.mask).allclose(torch::tensor({0.0F, -0.5F})));
}
