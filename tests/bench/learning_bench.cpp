// What this machine trains in a second: images of sources, of transfers of order 2 and of frozen encoders' features,
// with the demo's networks on one thread, in float32 and, where the processor computes it fast, bfloat16. Seconds are
// of processor time, so that a busy machine tells the same as a quiet one.
//
// learning_bench [STAGE]         a table, and what convolutions take of the time
// learning_bench rates [STAGE]   lines "sources float32 81.2", for comparisons with other programs
#include <unistd.h>

#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/losses.hpp>
#include <taskonomy/sdk/task.hpp>

#include "core/data/tensor_file.hpp"
#include "core/network/encoder.hpp"
#include "core/network/precision.hpp"
#include "core/training/source_network.hpp"
#include "core/training/trainer.hpp"
#include "core/transfer/features.hpp"
#include "core/transfer/transfer_network.hpp"

#include "tests/bench/convolutions.hpp"

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

constexpr std::int64_t kImages = 256, kBatch = 32, kSide = 64;
constexpr double kSeconds = 2.0;  ///< that a figure is measured for, about

/// How fast a stage went.
struct Rate {
  double images_per_second;
  bench::Work convolutions;
  double seconds;
};

/// Does `steps` steps of a batch each.
using Steps = std::function<void(std::int64_t steps)>;

Rate measure(const Steps& run) {
  run(2);  // caches of the first steps
  const double first = bench::processor_seconds();
  run(2);
  const double step = (bench::processor_seconds() - first) / 2.0;
  const auto steps = std::max<std::int64_t>(3, static_cast<std::int64_t>(kSeconds / step));
  const bench::ConvolutionMeter meter;
  const double start = bench::processor_seconds();
  run(steps);
  const double seconds = bench::processor_seconds() - start;
  return {static_cast<double>(steps * kBatch) / seconds, meter.work(), seconds};
}

Steps training_of(torch::nn::Module& module, const training::LossFunction& losses,
                  const network::Hardware& hardware) {
  network::prepare_module(module, hardware);
  return [&module, losses, hardware](std::int64_t steps) {
    training::Learner learner{.name = "bench",
                              .module = module,
                              .train = torch::arange(kImages),
                              .validation = torch::empty({0}, torch::kInt64),
                              .train_losses = [&](const data::Epoch& batch) { return losses(batch.indices); },
                              .validation_losses = {}};
    (void)training::train(learner, {.steps = steps, .batch = kBatch}, hardware, 1);
  };
}

/// Images and targets that all stages share.
struct Data {
  Pixels task;
  recipe::Recipe recipe;
  torch::Tensor images = torch::randint(0, 256, {kImages, 1, 3, kSide, kSide}, torch::kUInt8);
  torch::Tensor targets = torch::rand({kImages, 3, kSide, kSide}, torch::kFloat32).to(torch::kFloat16);

  Data() { recipe.data.side = kSide; }
  [[nodiscard]] torch::Tensor input(const torch::Tensor& i) const {
    return data::to_network_input(images.index_select(0, i), torch::kCPU);
  }
  [[nodiscard]] torch::Tensor loss(const torch::Tensor& prediction, const torch::Tensor& i) const {
    return task.loss(prediction, targets.index_select(0, i).to(torch::kFloat32), {});
  }
};

Rate measure_sources(const Data& data, const network::Hardware& hardware) {
  training::SourceNetwork network(data.recipe.network, data.task, kSide);
  return measure(training_of(
      network, [&](const torch::Tensor& i) { return data.loss(network.forward(data.input(i)), i); },
      hardware));
}

Rate measure_transfers(const Data& data, const network::Hardware& hardware) {
  const auto folder =
      std::filesystem::temp_directory_path() / ("taskonomy-bench-" + std::to_string(::getpid()));
  const auto file = folder / "features.safetensors";
  const std::int64_t side = kSide / network::stride_of(data.recipe.network.encoder);
  const auto values =
      torch::randn({kImages, 1, data.recipe.network.channels, side, side}).to(torch::kFloat16);
  data::save_tensors(
      file,
      {{"transfer", values}, {"test", values}, {"mean", torch::zeros({8})}, {"deviation", torch::ones({8})}},
      {});
  const transfer::FeatureSet features({file, file});
  transfer::TransferNetwork network(data.recipe, data.task, features);
  const Rate rate = measure(training_of(
      network,
      [&](const torch::Tensor& i) {
        return data.loss(network.forward(features.batch(data::Split::transfer, i, torch::kCPU)), i);
      },
      hardware));
  std::filesystem::remove_all(folder);
  return rate;
}

Rate measure_features(const Data& data, const network::Hardware& hardware) {
  const torch::NoGradGuard no_grad;
  const auto encoder = network::make_encoder(data.recipe.network);
  network::prepare_module(*encoder, hardware);
  encoder->eval();
  const auto batch = torch::arange(kBatch);
  return measure([&](std::int64_t steps) {
    const network::Autocast autocast(hardware);
    for (std::int64_t step = 0; step < steps; ++step) (void)encoder->forward(data.input(batch));
  });
}

/// The fastest that this machine multiplies two large matrices, in GFLOP/s: by LibTorch's product, or as a 1x1
/// convolution, since the product uses whatever BLAS is installed.
double matrix_product(torch::ScalarType type) {
  constexpr std::int64_t kSize = 768;
  const auto factor = torch::randn({kSize, kSize}).to(type);
  const auto pixels =
      factor.t().contiguous().view({1, kSize, kSize, 1}).contiguous(torch::MemoryFormat::ChannelsLast);
  const auto weights = factor.view({kSize, kSize, 1, 1});
  const auto rate = [](const auto& multiply) {
    constexpr int kTimes = 3;
    multiply();
    const double start = bench::processor_seconds();
    for (int k = 0; k < kTimes; ++k) multiply();
    return 2e-9 * kTimes * static_cast<double>(kSize * kSize * kSize) / (bench::processor_seconds() - start);
  };
  return std::max(rate([&] { (void)torch::mm(factor, factor); }),
                  rate([&] { (void)torch::conv2d(pixels, weights); }));
}

struct Stage {
  const char* name;
  Rate (*measure)(const Data&, const network::Hardware&);
};
using Stages = std::vector<Stage>;
constexpr Stage kStages[] = {
    {"sources", measure_sources}, {"transfers", measure_transfers}, {"features", measure_features}};

void print_table(const Stages& stages, const Data& data, const network::Hardware& hardware) {
  std::printf("%s, one thread; a matrix product reaches %.0f GFLOP/s\n",
              hardware.bfloat16 ? "bfloat16" : "float32",
              matrix_product(hardware.bfloat16 ? torch::kBFloat16 : torch::kFloat32));
  std::printf("  %-10s %10s %22s %14s\n", "", "images/s", "time in convolutions", "their GFLOP/s");
  for (const auto& stage : stages) {
    const auto [images_per_second, convolutions, seconds] = stage.measure(data, hardware);
    std::printf("  %-10s %10.1f %20.0f %% %14.0f\n", stage.name, images_per_second,
                100.0 * convolutions.seconds / seconds, 1e-9 * convolutions.flops / convolutions.seconds);
  }
}

void print_rates(const Stages& stages, const Data& data, const network::Hardware& hardware) {
  for (const auto& stage : stages)
    std::printf("%s %s %.2f\n", stage.name, hardware.bfloat16 ? "bfloat16" : "float32",
                stage.measure(data, hardware).images_per_second);
}

}  // namespace

int main(int count, char** arguments) {
  using namespace taskonomy;
  std::vector<std::string> words(arguments + 1, arguments + count);
  const bool rates = !words.empty() && words.front() == "rates";
  if (rates) words.erase(words.begin());
  Stages stages;
  for (const auto& stage : kStages)
    if (words.empty() || words.front() == stage.name) stages.push_back(stage);
  if (words.size() > 1 || stages.empty()) {
    std::fprintf(stderr, "usage: learning_bench [rates] [sources|transfers|features]\n");
    return 2;
  }
  network::set_up_process();
  torch::manual_seed(1);
  const Data data;
  const auto print = rates ? print_rates : print_table;
  print(stages, data, {torch::kCPU, false});
  if (network::resolve_hardware({.precision = "auto"}).bfloat16)
    print(stages, data, {torch::kCPU, true});
  else if (!rates)
    std::printf("bfloat16: not measured, this processor does not compute it fast and right\n");
}
