// The contract of every task, a label that is known beforehand, and what the decoder promises by its shape.
#include "nearer_view.cpp"  // the class is hidden in there

#include <cmath>

#include <taskonomy/sdk/testing.hpp>

#include <doctest/doctest.h>  // after LibTorch, which has a CHECK of its own; main() comes with TESTS in CMakeLists.txt

namespace testing = taskonomy::sdk::testing;

TEST_CASE("nearer_view keeps the contract of a task") { CHECK(testing::conforms<NearerView>()); }

TEST_CASE("nearer_view: cameras at 2 m and 3 m; without a reading at a centre nothing is known") {
  const auto subject = testing::subject_of<NearerView>();
  torch::Tensor depth = torch::full({2, 1, 8, 8}, 9.0);
  depth.select(0, 0).select(1, 4).select(1, 4).fill_(2.0);
  depth.select(0, 1).select(1, 4).select(1, 4).fill_(3.0);
  torch::Generator generator = at::detail::createCPUGenerator(1);
  const auto known = subject.task().make_example({"pair", {{"depth_zbuffer", depth}}}, generator);
  CHECK(known.target.item<float>() == doctest::Approx(std::log(1.5)));
  depth.select(0, 1).select(1, 4).select(1, 4).fill_(0.0);
  const auto unknown = subject.task().make_example({"pair", {{"depth_zbuffer", depth}}}, generator);
  CHECK_FALSE(unknown.mask.item<bool>());
}

TEST_CASE("nearer_view: exchanging the views turns the sign of every answer") {
  const auto subject = testing::subject_of<NearerView>();
  const auto decoder = subject.task().make_decoder(subject.decoder_config(8));
  const torch::Tensor first = torch::randn({3, 8, 4, 4}), second = torch::randn({3, 8, 4, 4});
  const torch::Tensor there = decoder->forward(torch::cat({first, second}, 1));
  const torch::Tensor back = decoder->forward(torch::cat({second, first}, 1));
  CHECK(there.allclose(-back));
  CHECK(there.abs().max().item<float>() > 0.0F);
}
