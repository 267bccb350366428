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

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// What one batch gives: float [B,n]. Throws Error for another shape.
torch::Tensor rows_of(const torch::Tensor& values, std::int64_t images, std::int64_t columns) {
  if (!values.defined() || values.dim() != 2 || values.size(0) != images ||
      (columns >= 0 && values.size(1) != columns))
    throw base::Error("gives " + (values.defined() ? data::describe(values) : "nothing") + ", expected [" +
                      std::to_string(images) + ", " + (columns < 0 ? "any number" : std::to_string(columns)) +
                      "] Float");
  return values;
}

/// The task's metrics over the batches of a test split. The first failure ends those of its kind: a network that
/// was trained for hours is not lost to a number that nobody's tournament asks for.
class Measurement {
 public:
  explicit Measurement(const sdk::Task& task)
      : single_(sdk::extension_of<sdk::Metrics>(task)),
        pooled_(sdk::extension_of<sdk::PooledMetrics>(task)),
        columns_(single_ == nullptr ? 0 : static_cast<std::int64_t>(single_->metrics().size())),
        results_(pooled_ == nullptr ? 0 : static_cast<std::int64_t>(pooled_->pooled_metrics().size())) {
    pieces_.push_back(torch::empty({0, columns_}));
  }

  void add(const torch::Tensor& prediction, const data::Batch& labels) {
    const network::FullPrecision full;
    if (columns_ > 0 && !single_failed_)
      single_failed_ = !keeps("measure", [&] {
        const auto values = single_->measure(prediction, labels.target, labels.mask);
        pieces_.push_back(rows_of(values, prediction.size(0), columns_).to(torch::kCPU, torch::kFloat32));
      });
    if (results_ > 0 && !pooled_failed_)
      pooled_failed_ = !keeps("count", [&] {
        const auto counts = pooled_->count(prediction, labels.target, labels.mask);
        const auto sum = rows_of(counts, prediction.size(0), -1).to(torch::kCPU, torch::kFloat64).sum(0);
        sums_ = sums_.defined() ? sums_ + sum : sum;
      });
  }

  /// float32 [images,K], NaN after a failure.
  [[nodiscard]] torch::Tensor of_images(std::int64_t images) const {
    const bool none = single_failed_ || columns_ == 0;  // no batch has left a piece
    return none ? torch::full({images, columns_}, kNaN, torch::kFloat32) : torch::cat(pieces_);
  }

  /// float64 [P], NaN without an image and after a failure.
  [[nodiscard]] torch::Tensor of_all() {
    auto values = torch::full({results_}, kNaN, torch::kFloat64);
    if (results_ == 0 || pooled_failed_ || !sums_.defined()) return values;
    pooled_failed_ = !keeps("pool", [&] {
      const auto found = pooled_->pool(sums_);
      if (!found.defined() || found.sizes() != c10::IntArrayRef({results_}))
        throw base::Error("gives " + (found.defined() ? data::describe(found) : "nothing") + ", expected " +
                          data::describe(values));
      values = found.to(torch::kCPU, torch::kFloat64);
    });
    return values;
  }

  [[nodiscard]] const std::string& failure() const { return failure_; }

 private:
  /// Runs body, which calls a function of the task; notes the first exception. Returns whether there was none.
  template <typename Body>
  bool keeps(const std::string& function, Body&& body) {
    try {
      host::call_plugin(function, "test images", std::forward<Body>(body));
      return true;
    } catch (const base::Error& error) {
      const std::string text = error.what();
      if (failure_.empty()) failure_ = text.substr(0, text.find('\n'));
      return false;
    }
  }

  const sdk::Metrics* single_;
  const sdk::PooledMetrics* pooled_;
  std::int64_t columns_, results_;
  bool single_failed_ = false, pooled_failed_ = false;
  std::vector<torch::Tensor> pieces_;
  torch::Tensor sums_;
  std::string failure_;
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
  Measurement measurement(task);
  const auto losses_at = [&](const torch::Tensor& indices) {
    return host::call_task(task.info().id, "test", [&] {
      const auto labels = examples.labels(data::Split::test, indices, evaluation.hardware.device);
      const auto prediction = predict(indices);
      const auto losses = losses_of(task, prediction, labels);
      measurement.add(prediction, labels);  // afterwards, because metrics that write to a tensor cost no loss
      return losses;
    });
  };
  const auto indices = examples.valid(data::Split::test);
  const auto size = examples.size(data::Split::test);
  const auto test_losses = nan_as_lost(evaluate(module, losses_at, indices, evaluation));
  const auto values = measurement.of_images(indices.numel());
  const auto pooled = measurement.of_all();
  return {place_among_all(test_losses, indices, size), place_among_all(values, indices, size), pooled,
          measurement.failure()};
}

}  // namespace taskonomy::training
