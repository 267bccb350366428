// The contract of every task, and labels of this one that are known beforehand.
#include "my_task.cpp"  // the class is hidden in there

#include <cmath>

#include <taskonomy/sdk/testing.hpp>

#include <doctest/doctest.h>  // after LibTorch, which has a CHECK of its own; main() comes with TESTS in CMakeLists.txt

namespace testing = taskonomy::sdk::testing;

TEST_CASE("my_task keeps the contract of a task") { CHECK(testing::conforms<MyTask>()); }

TEST_CASE("my_task: 5 m to the side and a quarter turn; a pose that is no motion is not known") {
  testing::SubjectOptions options;
  options.params["mean"].value = std::vector<double>{0.0, 0.0};  // no whitening: metres and radians
  options.params["deviation"].value = std::vector<double>{1.0, 1.0};
  const auto subject = testing::subject_of<MyTask>(options);
  torch::Tensor poses = torch::eye(4).repeat({2, 1, 1});
  poses[1] = taskonomy::sdk::decode_pose(torch::tensor({0.0, 0.0, std::acos(0.0), 3.0, 4.0, 0.0}));
  torch::Generator generator = at::detail::createCPUGenerator(1);
  const auto known = subject.task().make_example({"pair", {{"pose", poses}}}, generator);
  CHECK(known.target.allclose(torch::tensor({5.0, std::acos(0.0)}, torch::kFloat32)));
  poses[1] *= 2.0;
  const auto unknown = subject.task().make_example({"pair", {{"pose", poses}}}, generator);
  CHECK_FALSE(unknown.mask.item<bool>());
}
