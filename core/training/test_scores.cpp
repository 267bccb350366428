#include "core/training/test_scores.hpp"

#include <limits>
#include <vector>

#include "core/base/error.hpp"
#include "core/data/tensor_file.hpp"
#include "core/host/boundary.hpp"

namespace taskonomy::training {

namespace {

/// Puts the values [n,...] of the images at `indices` at their places among all `size`; NaN elsewhere.
torch::Tensor place_among_all(const torch::Tensor& values, const torch::Tensor& indices, std::int64_t size) {
  auto shape = values.sizes().vec();
  shape.front() = size;
  auto all = torch::full(shape, std::numeric_limits<double>::quiet_NaN(), values.options());
  all.index_copy_(0, indices, values);
  return all;
}

/// The metrics of one batch, float32 [B,K] on the CPU. Throws Error when the task gives another shape.
torch::Tensor measure(const sdk::Metrics& metrics, const torch::Tensor& prediction,
                      const data::Batch& labels) {
  const network::FullPrecision full;
  const auto values = metrics.measure(prediction, labels.target, labels.mask);
  const auto count = static_cast<std::int64_t>(metrics.metrics().size());
  if (!values.defined() || values.sizes() != c10::IntArrayRef({prediction.size(0), count}))
    throw base::Error("its metrics are " + (values.defined() ? data::describe(values) : "undefined") +
                      ", expected " + data::describe(torch::empty({prediction.size(0), count})));
  return values.to(torch::kCPU, torch::kFloat32);
}

/// Adds up what a task counts for its metrics of all images together.
class Pool {
 public:
  explicit Pool(const sdk::Task& task) : pooled_(sdk::extension_of<sdk::PooledMetrics>(task)) {}

  void add(const torch::Tensor& prediction, const data::Batch& labels) {
    if (pooled_ == nullptr) return;
    const network::FullPrecision full;
    const auto counts =
        pooled_->count(prediction, labels.target, labels.mask).to(torch::kCPU, torch::kFloat64).sum(0);
    sums_ = sums_.defined() ? sums_ + counts : counts;
  }

  /// float64 [P], NaN without an image. Throws Error when the task gives another shape.
  [[nodiscard]] torch::Tensor values() const {
    if (pooled_ == nullptr) return torch::empty({0}, torch::kFloat64);
    const auto size = static_cast<std::int64_t>(pooled_->pooled_metrics().size());
    if (!sums_.defined())
      return torch::full({size}, std::numeric_limits<double>::quiet_NaN(), torch::kFloat64);
    const auto values = pooled_->pool(sums_);
    if (!values.defined() || values.sizes() != c10::IntArrayRef({size}))
      throw base::Error("its pooled metrics are " +
                        (values.defined() ? data::describe(values) : "undefined") + ", expected " +
                        data::describe(torch::empty({size})));
    return values.to(torch::kCPU, torch::kFloat64);
  }

 private:
  const sdk::PooledMetrics* pooled_;
  torch::Tensor sums_;
};

/// NaN as infinity: a loss of a network that gave no number is worse than any other.
torch::Tensor nan_as_lost(const torch::Tensor& losses) {
  return torch::where(losses.isnan(),
                      torch::full({}, std::numeric_limits<double>::infinity(), losses.options()), losses);
}

}  // namespace

torch::Tensor losses_of(const sdk::Task& task, const torch::Tensor& prediction, const data::Batch& labels) {
  const network::FullPrecision full;
  return task.loss(prediction, labels.target, labels.mask);
}

TestScores score_on_test_split(torch::nn::Module& module, const sdk::Task& task,
                               const data::ExampleSet& examples, const Predictor& predict,
                               const Evaluation& evaluation) {
  const auto* metrics = sdk::extension_of<sdk::Metrics>(task);
  const auto count = metrics == nullptr ? 0 : static_cast<std::int64_t>(metrics->metrics().size());
  std::vector<torch::Tensor> pieces{torch::empty({0, count})};
  Pool pool(task);
  const auto losses = [&](const torch::Tensor& indices) {
    return host::call_task(task.info().id, "test", [&] {
      const auto labels = examples.labels(data::Split::test, indices, evaluation.hardware.device);
      const auto prediction = predict(indices);
      if (count > 0) pieces.push_back(measure(*metrics, prediction, labels));
      pool.add(prediction, labels);
      return losses_of(task, prediction, labels);
    });
  };
  const auto indices = examples.valid(data::Split::test);
  const auto size = examples.size(data::Split::test);
  const auto test_losses = nan_as_lost(evaluate(module, losses, indices, evaluation));
  const auto values = count > 0 ? torch::cat(pieces) : torch::empty({indices.numel(), 0});
  const auto pooled = host::call_task(task.info().id, "test", [&] { return pool.values(); });
  return {place_among_all(test_losses, indices, size), place_among_all(values, indices, size), pooled};
}

}  // namespace taskonomy::training
