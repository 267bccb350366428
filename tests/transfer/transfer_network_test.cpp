// The network between frozen features and a target: what it does to features that the transfer split never
// showed.
#include "core/transfer/transfer_network.hpp"

#include "core/data/tensor_file.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/pixel_task.hpp"
#include "tests/support/testing.hpp"

namespace taskonomy::transfer {

namespace {

constexpr std::int64_t kImageSide = 16, kFeatureChannels = 2, kFeatureSide = 2;

/// Features of 8 transfer images whose second channel is always 0, and of 4 test images where it is 50.
FeatureSet with_sleeping_channel(const std::filesystem::path& file) {
  torch::manual_seed(4);
  auto transfer = torch::randn({8, 1, kFeatureChannels, kFeatureSide, kFeatureSide}),
       test = torch::randn({4, 1, kFeatureChannels, kFeatureSide, kFeatureSide});
  transfer.select(2, 1).zero_();
  test.select(2, 1).fill_(50.0);
  data::save_tensors(file,
                     {{"transfer", transfer.to(torch::kFloat16)},
                      {"test", test.to(torch::kFloat16)},
                      {"mean", transfer.mean({0, 1, 3, 4})},
                      {"deviation", transfer.std({0, 1, 3, 4}, false)}},
                     {});
  return FeatureSet({file});
}

}  // namespace

TEST_CASE(
    "features are clipped in judgement as in training: a channel that first wakes there changes nothing") {
  const tests::Folder folder;
  const FeatureSet features = with_sleeping_channel(folder / "features.safetensors");
  recipe::Recipe recipe;
  recipe.data.side = kImageSide;
  torch::manual_seed(1);
  TransferNetwork network(recipe, tests::PixelTask(), features);
  const torch::NoGradGuard no_grad;
  network.train();
  for (int step = 0; step < 100; ++step)
    (void)network.forward(features.batch(data::Split::transfer, torch::arange(8), torch::kCPU));
  network.eval();
  const auto awake = features.batch(data::Split::test, torch::arange(4), torch::kCPU);
  auto asleep = awake.clone();
  asleep.select(1, 1).zero_();
  CHECK(torch::allclose(network.forward(awake), network.forward(asleep), 1e-4, 1e-4));
}

}  // namespace taskonomy::transfer
