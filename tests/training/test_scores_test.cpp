// Losses and metrics of the test split at their places, whatever the batch; metrics that fail cost the metrics
// alone.
#include "core/training/test_scores.hpp"
#include "core/base/error.hpp"

#include <unistd.h>

#include <cmath>
#include <limits>
#include <map>
#include <string>

#include "core/affinity/loss_file.hpp"
#include "core/data/tensor_file.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// Predicts a number per image; its second metric has a value only where the target is positive.
class Number : public sdk::Task, private sdk::Metrics {
 public:
  explicit Number(std::int64_t columns) : columns_(columns) { info_.id = "number"; }
  const sdk::TaskInfo& info() const noexcept override { return info_; }
  sdk::Example make_example(const sdk::Sample&, torch::Generator&) const override { return {}; }
  std::shared_ptr<sdk::Decoder> make_decoder(const sdk::DecoderConfig&) const override { return nullptr; }
  torch::Tensor loss(const torch::Tensor& prediction, const torch::Tensor& target,
                     const torch::Tensor&) const override {
    return (prediction - target).abs().squeeze(1);
  }
  const void* extension(std::string_view id) const noexcept override {
    return id == sdk::Metrics::kId ? static_cast<const sdk::Metrics*>(this) : nullptr;
  }
  const std::vector<sdk::Metric>& metrics() const noexcept override { return metrics_; }
  torch::Tensor measure(const torch::Tensor& prediction, const torch::Tensor& target,
                        const torch::Tensor&) const override {
    if (columns_ == 0) throw std::runtime_error("no luck\nin the second line");
    const auto square = (prediction - target).square();
    const auto some = torch::where(target.gt(0), square, torch::full_like(square, NAN));
    return torch::cat({square, some}, 1).narrow(1, 0, columns_);
  }

 private:
  std::int64_t columns_;
  sdk::TaskInfo info_;
  std::vector<sdk::Metric> metrics_{{"square", "", false}, {"positive", "", false}};
};

/// Its loss and its metric are distances from 1 by a matrix product, as embeddings have them. Both are those of
/// numbers that bfloat16 cannot tell apart.
class Product final : public sdk::Task, private sdk::Metrics {
 public:
  Product() { info_.id = "product"; }
  const sdk::TaskInfo& info() const noexcept override { return info_; }
  sdk::Example make_example(const sdk::Sample&, torch::Generator&) const override { return {}; }
  std::shared_ptr<sdk::Decoder> make_decoder(const sdk::DecoderConfig&) const override { return nullptr; }
  torch::Tensor loss(const torch::Tensor& prediction, const torch::Tensor&,
                     const torch::Tensor&) const override {
    return torch::matmul(prediction, torch::ones({1, 1})).sub(1.0).squeeze(1);
  }
  const void* extension(std::string_view id) const noexcept override {
    return id == sdk::Metrics::kId ? static_cast<const sdk::Metrics*>(this) : nullptr;
  }
  const std::vector<sdk::Metric>& metrics() const noexcept override { return metrics_; }
  torch::Tensor measure(const torch::Tensor& prediction, const torch::Tensor& target,
                        const torch::Tensor& mask) const override {
    return loss(prediction, target, mask).unsqueeze(1);
  }

 private:
  sdk::TaskInfo info_;
  std::vector<sdk::Metric> metrics_{{"distance", "", false}};
};

struct Nothing : torch::nn::Module {};

/// Five test images with targets -2..2, of which the middle one does not count.
struct Examples {
  tests::Folder folder;
  torch::Tensor valid;
  data::ExampleSet set;
  explicit Examples(const torch::Tensor& counts = torch::tensor({1, 1, 0, 1, 1}))
      : valid(counts.to(torch::kBool)), set(write_images(), write_examples()) {}
  std::filesystem::path write_images() const {
    data::save_tensors(
        folder / "images", {{"test.rgb", torch::zeros({5, 1, 3, 8, 8}, torch::kUInt8)}},
        {{"ids", R"({"train":[],"validation":[],"transfer":[],"test":["a","b","c","d","e"]})"}});
    return folder / "images";
  }
  std::filesystem::path write_examples() const {
    data::save_tensors(
        folder / "examples",
        {{"test.target", torch::arange(-2, 3).to(torch::kFloat32).unsqueeze(1)}, {"test.valid", valid}}, {});
    return folder / "examples";
  }
};

training::TestScores score(const Examples& examples, std::int64_t batch, std::int64_t columns) {
  Nothing module;
  const auto predict = [](const torch::Tensor& indices) { return torch::full({indices.numel(), 1}, 1.0); };
  return training::score_on_test_split(module, Number(columns), examples.set, predict,
                                       {batch, {torch::kCPU, false}});
}

}  // namespace

TEST_CASE("losses and metrics lie at their images' places, NaN where there is no target, for any batch") {
  const Examples examples;
  for (const std::int64_t batch : {1, 3, 64}) {
    const auto scores = score(examples, batch, 2);
    CHECK(torch::allclose(scores.losses, torch::tensor({3.0, 2.0, kNone, 0.0, 1.0}, torch::kFloat64), 1e-6,
                          1e-6, true));
    CHECK(torch::allclose(scores.metrics.select(1, 0),
                          torch::tensor({9.0, 4.0, kNone, 0.0, 1.0}, torch::kFloat32), 1e-6, 1e-6, true));
    CHECK(torch::allclose(scores.metrics.select(1, 1),
                          torch::tensor({kNone, kNone, kNone, 0.0, 1.0}, torch::kFloat32), 1e-6, 1e-6, true));
  }
}

TEST_CASE("a task of which no test image has a label is named, with what to do") {
  CHECK_THROWS_WITH_AS(
      (void)score(Examples(torch::zeros({5})), 2, 2),
      "task \"number\": no test image has a label of it; give more labelled images, or another "
      "[split] test",
      base::Error);
}

TEST_CASE("a task without metrics has losses, and no metric of any image") {
  class Plain final : public sdk::Task {
   public:
    Plain() { info_.id = "plain"; }
    const sdk::TaskInfo& info() const noexcept override { return info_; }
    sdk::Example make_example(const sdk::Sample&, torch::Generator&) const override { return {}; }
    std::shared_ptr<sdk::Decoder> make_decoder(const sdk::DecoderConfig&) const override { return nullptr; }
    torch::Tensor loss(const torch::Tensor& prediction, const torch::Tensor& target,
                       const torch::Tensor&) const override {
      return (prediction - target).abs().squeeze(1);
    }

   private:
    sdk::TaskInfo info_;
  };
  const Examples examples;
  Nothing module;
  const auto predict = [](const torch::Tensor& indices) { return torch::full({indices.numel(), 1}, 1.0); };
  const auto scores =
      training::score_on_test_split(module, Plain(), examples.set, predict, {2, {torch::kCPU, false}});
  CHECK(torch::allclose(scores.losses, score(examples, 2, 2).losses, 0.0, 0.0, true));
  CHECK((scores.metrics.sizes() == torch::IntArrayRef({5, 0})));
}

TEST_CASE("losses and metrics are in float32 where networks compute in bfloat16") {
  const Examples examples;
  Nothing module;
  const network::Hardware half{torch::kCPU, true};
  const auto predict = [](const torch::Tensor& indices) {
    CHECK((torch::matmul(torch::ones({1, 1}), torch::ones({1, 1})).scalar_type() == torch::kBFloat16));
    return torch::full({indices.numel(), 1}, 1.001F);  // 1 in bfloat16
  };
  const auto scores = training::score_on_test_split(module, Product(), examples.set, predict, {64, half});
  CHECK(scores.losses[0].item<double>() == doctest::Approx(0.001).epsilon(0.01));
  CHECK(scores.metrics[0][0].item<double>() == doctest::Approx(0.001).epsilon(0.01));
}

TEST_CASE(
    "a network that gives no number for an image has lost there; an image without a target is nobody's") {
  const Examples examples;
  Nothing module;
  const auto predict = [](const torch::Tensor& indices) {
    return torch::where(indices.eq(1), torch::full({}, NAN), torch::full({}, 1.0F)).unsqueeze(1);
  };
  const auto scores =
      training::score_on_test_split(module, Number(2), examples.set, predict, {64, {torch::kCPU, false}});
  CHECK(std::isinf(scores.losses[1].item<double>()));
  CHECK(std::isnan(scores.losses[2].item<double>()));
  CHECK(scores.losses[3].item<double>() == 0.0);
}

TEST_CASE(
    "metrics that are computed apart are the same, and one that ends its process costs the metrics and no "
    "loss") {
  const Examples examples;
  const auto score_apart = [&](const sdk::Task& task) {
    Nothing module;
    const auto predict = [](const torch::Tensor& indices) { return torch::full({indices.numel(), 1}, 1.0); };
    return training::score_on_test_split(module, task, examples.set, predict,
                                         {2, {torch::kCPU, false}, /*metrics_apart=*/true});
  };
  const auto here = score(examples, 2, 2), apart = score_apart(Number(2));
  CHECK(torch::allclose(apart.metrics, here.metrics, 0.0, 0.0, true));
  CHECK(torch::allclose(apart.losses, here.losses, 0.0, 0.0, true));
  CHECK(score_apart(Number(0)).metrics_failure == "measure: test images: no luck");

  class Ends final : public Number {
   public:
    Ends() : Number(2) {}
    torch::Tensor measure(const torch::Tensor&, const torch::Tensor&, const torch::Tensor&) const override {
      ::_exit(3);
    }
  };
  const auto ended = score_apart(Ends());
  CHECK(ended.metrics_failure == "measure ended the process with exit code 3");
  CHECK(torch::allclose(ended.losses, here.losses, 0.0, 0.0, true));
  CHECK(ended.metrics.isnan().all().item<bool>());
}

TEST_CASE("metrics of another number than the task declares, or that throw, cost the metrics and no loss") {
  const Examples examples;
  const auto sound = score(examples, 2, 2);
  CHECK(sound.metrics_failure.empty());
  for (const auto& [columns, failure] : std::map<std::int64_t, std::string>{
           {1, "measure: test images: gives [2, 1] Float, expected [2, 2] Float"},
           {0, "measure: test images: no luck"}}) {
    const auto scores = score(examples, 2, columns);
    CHECK(scores.metrics_failure == failure);
    CHECK(torch::allclose(scores.losses, sound.losses, 0.0, 0.0, true));
    CHECK((scores.metrics.sizes() == sound.metrics.sizes()));
    CHECK(scores.metrics.isnan().all().item<bool>());
  }
}
