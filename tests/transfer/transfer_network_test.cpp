// The network between frozen features and a target: what it does to features that the transfer split never
// showed.
#include "core/transfer/transfer_network.hpp"

#include <taskonomy/sdk/decoder.hpp>

#include "core/data/tensor_file.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/testing.hpp"

namespace taskonomy::transfer {

namespace {

constexpr std::int64_t kImageSide = 16, kFeatureChannels = 2, kFeatureSide = 2;

/// Predicts a number per pixel.
class Pixels final : public sdk::Task {
 public:
  Pixels() {
    info_.id = "pixels";
    info_.target.shape = info_.prediction.shape = {1, -1, -1};
  }
  const sdk::TaskInfo& info() const noexcept override { return info_; }
  sdk::Example make_example(const sdk::Sample&, torch::Generator&) const override { return {}; }
  std::shared_ptr<sdk::Decoder> make_decoder(const sdk::DecoderConfig& config) const override {
    return sdk::make_pixel_decoder(config, 1);
  }
  torch::Tensor loss(const torch::Tensor& prediction, const torch::Tensor& target,
                     const torch::Tensor&) const override {
    return (prediction - target).abs().flatten(1).mean(1);
  }

 private:
  sdk::TaskInfo info_;
};

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
  TransferNetwork network(recipe, Pixels(), features);
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
