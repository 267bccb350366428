// Against arithmetic: what a network of known layers holds.
#include "core/training/memory_forecast.hpp"
#include "core/recipe/recipe.hpp"
#include "core/training/trainer.hpp"
#include "tests/support/pixel_task.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;

TEST_CASE("the peak of tensors is what is held at a time, not what is allocated in all") {
  constexpr std::uint64_t kMiB = 1 << 20;
  const auto mebibytes = [](std::int64_t count) { return torch::empty({count << 20}, torch::kUInt8); };
  const auto before = mebibytes(5);
  CHECK(training::peak_of_tensors([&] {
          for (int i = 0; i < 10; ++i) static_cast<void>(mebibytes(3));
          const auto kept = mebibytes(4);
          static_cast<void>(mebibytes(2));
        }) == 6 * kMiB);
  CHECK(training::peak_of_tensors([&] { CHECK(before.numel() == 5 << 20); }) == 0);
  // What a product keeps for its gradients: both factors are there before, the product is new.
  auto a = torch::ones({1 << 18}).requires_grad_(), b = torch::ones({1 << 18});
  CHECK(training::peak_of_tensors([&] { (a * b).sum().backward(); }) >= 2 * kMiB);
}

TEST_CASE(
    "GPU memory of a training: grows with the batch by the same for each image, and with the side's square") {
  const tests::PixelTask task;
  recipe::Recipe recipe;
  recipe.network.width = 16;
  const auto with = [&](std::int64_t batch, std::int64_t side) {
    recipe.source.batch = batch;
    recipe.data.side = side;
    return static_cast<double>(training::gpu_memory_of_training(recipe, task));
  };
  const double none = with(0, 64), ten = with(10, 64), twenty = with(20, 64);
  CHECK(twenty - ten == doctest::Approx(ten - none));
  CHECK(none > 600.0 * (1 << 20));
  const double of_image = (twenty - ten) / 10.0;
  // At least the float32 output of the first block, 16 channels at half the side, and at most hundreds of it.
  const double block = 4.0 * 16 * 32 * 32;
  CHECK(of_image > block);
  CHECK(of_image < 300.0 * block);
  const double large = (with(20, 128) - with(10, 128)) / 10.0;
  CHECK(large / of_image == doctest::Approx(4.0).epsilon(0.1));
}

TEST_CASE("judgement takes as many images at once as there is room for, at least one") {
  training::Evaluation evaluation{.batch = 64, .hardware = {}};
  CHECK(evaluation.at_once() == 64);
  evaluation.hardware.share = 0.5;
  CHECK(evaluation.at_once() == 32);
  evaluation.batch = 1;
  CHECK(evaluation.at_once() == 1);
}
