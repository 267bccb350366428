// Images per second of source training and of transfers, one thread, as the demo's networks: float32 beside
// bfloat16.
#include <chrono>
#include <cstdio>

#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/losses.hpp>
#include <taskonomy/sdk/task.hpp>

#include "core/data/tensor_file.hpp"
#include "core/network/precision.hpp"
#include "core/training/source_network.hpp"
#include "core/training/trainer.hpp"
#include "core/transfer/features.hpp"
#include "core/transfer/transfer_network.hpp"

namespace {

using namespace taskonomy;

/// A three-channel pixel task without data behind it.
class Pixels : public sdk::Task {
 public:
  Pixels() {
    info_.id = "pixels";
    info_.target.shape = info_.prediction.shape = {3, -1, -1};
  }
  const sdk::TaskInfo& info() const noexcept override { return info_; }
  sdk::Example make_example(const sdk::Sample&, torch::Generator&) const override { return {}; }
  std::shared_ptr<sdk::Decoder> make_decoder(const sdk::DecoderConfig& config) const override {
    return sdk::make_pixel_decoder(config, 3, sdk::Range::tanh);
  }
  torch::Tensor loss(const torch::Tensor& prediction, const torch::Tensor& target,
                     const torch::Tensor& mask) const override {
    return sdk::l1_loss(prediction, target, mask);
  }

 private:
  sdk::TaskInfo info_;
};

constexpr std::int64_t kImages = 256;

double rate(torch::nn::Module& module, const training::LossFunction& losses,
            const network::Hardware& hardware, std::int64_t steps) {
  network::prepare_module(module, hardware);
  training::Learner learner{.name = "bench",
                            .module = module,
                            .train = torch::arange(kImages),
                            .validation = torch::empty({0}, torch::kInt64),
                            .train_losses = [&](const data::Epoch& batch) { return losses(batch.indices); },
                            .validation_losses = {}};
  (void)training::train(learner, {.steps = 3}, hardware, 1);  // caches of the first steps
  return training::train(learner, {.steps = steps}, hardware, 1).images_per_second;
}

void measure(bool bfloat16) {
  const network::Hardware hardware{torch::kCPU, bfloat16};
  const Pixels task;
  recipe::Recipe recipe;
  recipe.data.side = 64;
  torch::manual_seed(1);
  const auto images = torch::randint(0, 256, {kImages, 1, 3, 64, 64}, torch::kUInt8);
  const auto targets = torch::rand({kImages, 3, 64, 64}, torch::kFloat32).to(torch::kFloat16);
  const auto target_at = [&](const torch::Tensor& i) {
    return targets.index_select(0, i).to(torch::kFloat32);
  };

  training::SourceNetwork source(recipe.network, task, 64);
  const double source_rate = rate(
      source,
      [&](const torch::Tensor& i) {
        const auto input = data::to_network_input(images.index_select(0, i), torch::kCPU);
        return task.loss(source.forward(input), target_at(i), {});
      },
      hardware, 20);

  const auto folder =
      std::filesystem::temp_directory_path() / ("taskonomy-bench-" + std::to_string(::getpid()));
  const auto file = folder / "features.safetensors";
  const auto values = torch::randn({kImages, 1, 8, 8, 8}).to(torch::kFloat16);
  data::save_tensors(
      file,
      {{"transfer", values}, {"test", values}, {"mean", torch::zeros({8})}, {"deviation", torch::ones({8})}},
      {});
  const transfer::FeatureSet features({file, file});
  transfer::TransferNetwork transfer(recipe, task, features);
  const double transfer_rate = rate(
      transfer,
      [&](const torch::Tensor& i) {
        return task.loss(transfer.forward(features.batch(data::Split::transfer, i, torch::kCPU)),
                         target_at(i), {});
      },
      hardware, 40);
  std::filesystem::remove_all(folder);
  std::printf("%-9s source training %6.0f images/s   transfers of order 2 %6.0f images/s   (one thread)\n",
              bfloat16 ? "bfloat16" : "float32", source_rate, transfer_rate);
}

}  // namespace

int main() {
  taskonomy::network::set_up_process();
  measure(false);
  measure(true);
}
