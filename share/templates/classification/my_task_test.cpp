// The contract of every task, and labels of this one that are known beforehand.
#include "my_task.cpp"  // the class is hidden in there

#include <taskonomy/sdk/testing.hpp>

#include <doctest/doctest.h>  // after LibTorch, which has a CHECK of its own; main() comes with TESTS in CMakeLists.txt

namespace testing = taskonomy::sdk::testing;

TEST_CASE("my_task keeps the contract of a task") { CHECK(testing::conforms<MyTask>()); }

TEST_CASE("my_task: walls at 1, 2.2 and 6 m are of the three classes; without a reading nothing is known") {
  const auto subject = testing::subject_of<MyTask>();
  torch::Generator generator = at::detail::createCPUGenerator(1);
  const auto wall_at = [&](double metres) {
    const torch::Tensor depth = torch::full({1, 1, 4, 4}, metres);
    return subject.task().make_example({"wall", {{"depth_zbuffer", depth}}}, generator);
  };
  CHECK(wall_at(1.0).target.equal(torch::tensor({1.0F, 0.0F, 0.0F})));
  CHECK(wall_at(2.2).target.equal(torch::tensor({0.0F, 1.0F, 0.0F})));
  CHECK(wall_at(6.0).target.equal(torch::tensor({0.0F, 0.0F, 1.0F})));
  CHECK_FALSE(wall_at(0.0).mask.item<bool>());
}
