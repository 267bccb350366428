// The contract of every task, and labels of this one that are known beforehand.
#include "my_task.cpp"  // the class is hidden in there

#include <taskonomy/sdk/testing.hpp>

#include <doctest/doctest.h>  // after LibTorch, which has a CHECK of its own; main() comes with TESTS in CMakeLists.txt

namespace testing = taskonomy::sdk::testing;

TEST_CASE("my_task keeps the contract of a task") { CHECK(testing::conforms<MyTask>()); }

TEST_CASE("my_task: three walls at 1, 2 and 4 m; without a reading in a third nothing is known") {
  testing::SubjectOptions options;
  options.params["mean"].value = std::vector<double>{0.0, 0.0, 0.0};  // no whitening: metres
  options.params["deviation"].value = std::vector<double>{1.0, 1.0, 1.0};
  const auto subject = testing::subject_of<MyTask>(options);
  torch::Tensor depth = torch::tensor({1.0F, 2.0F, 4.0F}).expand({1, 1, 5, 3}).clone();
  torch::Generator generator = at::detail::createCPUGenerator(1);
  const auto known = subject.task().make_example({"walls", {{"depth_zbuffer", depth}}}, generator);
  CHECK(known.target.allclose(torch::tensor({1.0F, 2.0F, 4.0F})));
  depth.select(3, 1).zero_();
  const auto unknown = subject.task().make_example({"walls", {{"depth_zbuffer", depth}}}, generator);
  CHECK_FALSE(unknown.mask.item<bool>());
}
