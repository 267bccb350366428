#include "core/training/test_scores.hpp"

#include <cstring>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "core/base/error.hpp"
#include "core/data/tensor_file.hpp"
#include "core/host/boundary.hpp"
#include "core/host/child.hpp"

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

/// How long the metrics of one batch may take in a copy of this process.
constexpr host::ChildLimit kLimit{.processor_seconds = 60.0, .idle_seconds = 60.0};

std::string bytes_of(const torch::Tensor& numbers) {
  return {reinterpret_cast<const char*>(numbers.data_ptr<double>()),
          static_cast<std::size_t>(numbers.numel()) * sizeof(double)};
}

torch::Tensor numbers_of(const std::string& bytes) {
  const auto numbers =
      torch::empty({static_cast<std::int64_t>(bytes.size() / sizeof(double))}, torch::kFloat64);
  std::memcpy(numbers.data_ptr<double>(), bytes.data(), bytes.size());
  return numbers;
}

/// The task's metrics over the batches of a test split. The first failure ends those of its kind: a network that
/// was trained for hours is not lost to a number that nobody's tournament asks for.
class Measurement {
 public:
  /// `apart`: Evaluation::metrics_apart.
  Measurement(const sdk::Task& task, bool apart)
      : single_(sdk::extension_of<sdk::Metrics>(task)),
        pooled_(sdk::extension_of<sdk::PooledMetrics>(task)),
        apart_(apart),
        columns_(single_ == nullptr ? 0 : static_cast<std::int64_t>(single_->metrics().size())),
        results_(pooled_ == nullptr ? 0 : static_cast<std::int64_t>(pooled_->pooled_metrics().size())) {
    pieces_.push_back(torch::empty({0, columns_}));
  }

  void add(torch::Tensor prediction, data::Batch labels) {
    const network::FullPrecision full;
    if (columns_ == 0 && results_ == 0) return;
    if (apart_) {  // a copy of this process knows no GPU
      prediction = prediction.cpu();
      labels.target = labels.target.cpu();
      if (labels.mask.defined()) labels.mask = labels.mask.cpu();
    }
    if (columns_ > 0 && !single_failed_) {
      const auto values = numbers("measure", [&] {
        return rows_of(single_->measure(prediction, labels.target, labels.mask), prediction.size(0),
                       columns_);
      });
      single_failed_ = !values;
      if (values) pieces_.push_back(values->view({-1, columns_}).to(torch::kFloat32));
    }
    if (results_ > 0 && !pooled_failed_) {
      const auto counts = numbers("count", [&] {
        const auto rows =
            rows_of(pooled_->count(prediction, labels.target, labels.mask), prediction.size(0), -1);
        return rows.to(torch::kFloat64).sum(0);
      });
      pooled_failed_ = !counts;
      if (counts) sums_ = sums_.defined() ? sums_ + *counts : *counts;
    }
  }

  /// float32 [images,K], NaN after a failure.
  [[nodiscard]] torch::Tensor of_images(std::int64_t images) const {
    const bool none = single_failed_ || columns_ == 0;  // no batch has left a piece
    return none ? torch::full({images, columns_}, kNaN, torch::kFloat32) : torch::cat(pieces_);
  }

  /// float64 [P], NaN without an image and after a failure.
  [[nodiscard]] torch::Tensor of_all() {
    const auto nothing = torch::full({results_}, kNaN, torch::kFloat64);
    if (results_ == 0 || pooled_failed_ || !sums_.defined()) return nothing;
    return numbers("pool",
                   [&] {
                     const auto found = pooled_->pool(sums_);
                     if (!found.defined() || found.sizes() != c10::IntArrayRef({results_}))
                       throw base::Error("gives " + (found.defined() ? data::describe(found) : "nothing") +
                                         ", expected " + data::describe(nothing));
                     return found;
                   })
        .value_or(nothing);
  }

  [[nodiscard]] const std::string& failure() const { return failure_; }

 private:
  /// What body, which calls a function of the task, gives, in a row of float64; nothing, and a note of the first
  /// failure, when it fails.
  template <typename Body>
  std::optional<torch::Tensor> numbers(const std::string& function, Body&& body) {
    const auto row = [&] {
      return host::call_plugin(function, "test images", body)
          .to(torch::kCPU, torch::kFloat64)
          .flatten()
          .contiguous();
    };
    try {
      if (!apart_) return row();
      return numbers_of(host::compute_in_child(function, kLimit, [&] { return bytes_of(row()); }));
    } catch (const base::Error& error) {
      const std::string text = error.what();
      if (failure_.empty()) failure_ = text.substr(0, text.find('\n'));
      return std::nullopt;
    }
  }

  const sdk::Metrics* single_;
  const sdk::PooledMetrics* pooled_;
  bool apart_;
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
  Measurement measurement(task, evaluation.metrics_apart);
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
  if (indices.numel() == 0)
    throw base::Error(
        "task \"" + task.info().id +
        "\": no test image has a label of it; give more labelled images, or another [split] test");
  const auto size = examples.size(data::Split::test);
  const auto test_losses = nan_as_lost(evaluate(module, losses_at, indices, evaluation));
  const auto values = measurement.of_images(indices.numel());
  const auto pooled = measurement.of_all();
  return {place_among_all(test_losses, indices, size), place_among_all(values, indices, size), pooled,
          measurement.failure()};
}

}  // namespace taskonomy::training
