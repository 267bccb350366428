// Adam on flat memory beside LibTorch's, which knows each parameter by itself.
#include "core/training/flat_adam.hpp"

#include <algorithm>

#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/utils/clip_grad.h>
#include <torch/optim/adam.h>

#include "core/network/precision.hpp"

#include "tests/support/testing.hpp"

namespace taskonomy::training {

namespace {

constexpr double kAlike = 1e-6, kRate = 0.01;

/// A small network of channels-last convolutions; every call gives the same weights.
torch::nn::Sequential small_net() {
  torch::manual_seed(3);
  torch::nn::Sequential net(torch::nn::Conv2d(torch::nn::Conv2dOptions(3, 5, 3)), torch::nn::BatchNorm2d(5),
                            torch::nn::Conv2d(torch::nn::Conv2dOptions(5, 2, 3).bias(false)));
  network::prepare_module(*net, {torch::kCPU, false});
  return net;
}

/// The loss of a step; its images are the same for both.
torch::Tensor loss_of_step(torch::nn::Sequential& net, int step) {
  const auto generator = torch::make_generator<torch::CPUGeneratorImpl>(static_cast<std::uint64_t>(step));
  const auto images = torch::randn({4, 3, 8, 8}, generator);
  return net->forward(images).square().mean() * (step % 3 == 0 ? 100.0 : 1.0);
}

double furthest(const torch::nn::Sequential& one, const torch::nn::Sequential& other) {
  double most = 0.0;
  for (std::size_t i = 0; i < one->parameters().size(); ++i)
    most = std::max(most, (one->parameters()[i] - other->parameters()[i]).abs().max().item<double>());
  return most;
}

/// How far 100 steps of both end from one another.
double difference_after_100_steps(double weight_decay, double clip, double first_rate) {
  auto ours = small_net(), theirs = small_net();
  const auto first = [](const torch::nn::Sequential& net) { return net->children()[0]->parameters(); };
  const auto rest = [](const torch::nn::Sequential& net) {
    const auto all = net->parameters();
    return std::vector<torch::Tensor>(all.begin() + 2, all.end());
  };
  FlatAdam flat({{first(ours), first_rate}, {rest(ours)}}, weight_decay);
  torch::optim::Adam adam(
      {torch::optim::OptimizerParamGroup(first(theirs)), torch::optim::OptimizerParamGroup(rest(theirs))},
      torch::optim::AdamOptions(kRate).weight_decay(weight_decay));
  static_cast<torch::optim::AdamOptions&>(adam.param_groups()[0].options()).lr(kRate * first_rate);
  for (int step = 0; step < 100; ++step) {
    flat.clear_gradients();
    loss_of_step(ours, step).backward();
    flat.clip_gradients(clip);
    flat.step(kRate);
    adam.zero_grad();
    loss_of_step(theirs, step).backward();
    if (clip > 0.0) (void)torch::nn::utils::clip_grad_norm_(theirs->parameters(), clip);
    adam.step();
  }
  CHECK(furthest(theirs, small_net()) > 0.1);  // they went somewhere
  return furthest(ours, theirs);
}

}  // namespace

TEST_CASE("flat Adam goes where LibTorch's goes") {
  CHECK(difference_after_100_steps(0.0, 0.0, 1.0) <= kAlike);
  CHECK(difference_after_100_steps(0.01, 0.0, 1.0) <= kAlike);
  CHECK(difference_after_100_steps(0.01, 1.0, 1.0) <= kAlike);
  CHECK(difference_after_100_steps(0.01, 1.0, 0.1) <= kAlike);
}

TEST_CASE(
    "flat Adam moves parameters into one buffer: shape, layout and values stay, frozen ones are left alone") {
  const auto net = small_net(), before = small_net();
  auto parameters = net->parameters();
  parameters[1].set_requires_grad(false);
  const void* frozen = parameters[1].data_ptr();
  const FlatAdam flat({{parameters}}, 0.0);
  CHECK(furthest(net, before) == 0.0);
  const auto layout = before->parameters();
  for (std::size_t i = 0; i < layout.size(); ++i) {
    CHECK(net->parameters()[i].sizes() == layout[i].sizes());
    CHECK(net->parameters()[i].strides() == layout[i].strides());
  }
  CHECK(parameters[0].storage().is_alias_of(parameters[4].storage()));
  CHECK(parameters[0].grad().storage().is_alias_of(parameters[4].grad().storage()));
  CHECK(parameters[1].data_ptr() == frozen);
  CHECK_FALSE(parameters[1].grad().defined());
}

TEST_CASE("flat Adam clips all gradients together, and none that are short enough") {
  auto first = torch::zeros({2}).set_requires_grad(true),
       second = torch::zeros({1}, torch::kFloat64).set_requires_grad(true);
  FlatAdam flat({{{first, second}}}, 0.0);
  const auto set = [&] {
    first.grad().copy_(torch::tensor({2.0, 4.0}));
    second.grad().copy_(torch::tensor({4.0}));
  };
  set();  // together they are 6 long
  flat.clip_gradients(3.0);
  CHECK(torch::allclose(first.grad(), torch::tensor({1.0F, 2.0F})));
  CHECK(second.grad().item<double>() == doctest::Approx(2.0));
  set();
  flat.clip_gradients(7.0);
  CHECK(torch::equal(first.grad(), torch::tensor({2.0F, 4.0F})));
  flat.clip_gradients(0.0);
  CHECK(second.grad().item<double>() == 4.0);
  flat.clear_gradients();
  CHECK(second.grad().item<double>() == 0.0);
}

}  // namespace taskonomy::training
