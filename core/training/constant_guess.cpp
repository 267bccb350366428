#include "core/training/constant_guess.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "core/base/hash.hpp"
#include "core/host/boundary.hpp"
#include "core/training/trainer.hpp"

namespace taskonomy::training {

namespace {

/// A closed form may be this share worse than descent: what a class that never stood there costs it.
constexpr double kHeadStart = 0.01;
constexpr double kUnseen = 0.01;  ///< images that such a class counts as

/// A module whose prediction does not look at its input.
class Constant : public torch::nn::Module {
 public:
  /// Starts near zero, but not at it: a loss that only compares the parts of a prediction with each other
  /// (that of embeddings) has no gradient where all are equal.
  Constant(const std::vector<std::int64_t>& shape, std::uint64_t seed) {
    auto generator = torch::make_generator<torch::CPUGeneratorImpl>(seed);
    value_ = register_parameter("value", 0.01 * torch::randn(shape, generator, torch::kFloat32));
  }
  torch::Tensor forward(std::int64_t batch) {
    std::vector<std::int64_t> shape = value_.sizes().vec();
    shape.insert(shape.begin(), batch);
    return value_.unsqueeze(0).expand(shape);
  }
  [[nodiscard]] torch::Tensor value() const { return value_.detach().clone(); }
  void set(const torch::Tensor& value) {
    const torch::NoGradGuard no_grad;
    value_.copy_(value.view_as(value_));
  }

 private:
  torch::Tensor value_;
};

/// Values [n,c] of n images at c places and the weight of each, 0 where an image has no value there.
struct Places {
  torch::Tensor values, weights;
};

/// The smallest value of each place that at least half of its weight does not exceed -> [c].
torch::Tensor median_of(const Places& places) {
  // LibTorch sorts along the last dimension twice as fast as along the first, and a median takes a quarter of a sort.
  const auto rows = places.values.t().contiguous(), weights = places.weights.t().contiguous();
  if (weights.eq(weights.max()).all().item<bool>()) return std::get<0>(rows.median(1));
  const auto [values, order] = rows.sort(1);
  const auto sums = weights.gather(1, order).to(torch::kFloat64).cumsum(1);
  const auto first = sums.ge(0.5 * sums.slice(1, -1)).to(torch::kUInt8).argmax(1, true);
  return values.gather(1, first).squeeze(1);
}

torch::Tensor mean_of(const Places& places) {
  return (places.values * places.weights).sum(0) / places.weights.sum(0).clamp_min(1e-30);
}

/// Logarithms of the shares of `classes` class ids -> [classes,c].
torch::Tensor log_shares_of(const Places& places, std::int64_t classes) {
  const double images = static_cast<double>(places.values.size(0));
  std::vector<torch::Tensor> shares;
  for (std::int64_t id = 0; id < classes; ++id)
    shares.push_back(mean_of({places.values.eq(id).to(torch::kFloat32), places.weights}));
  return torch::stack(shares).clamp_min(kUnseen / images).log();
}

/// The labels of a training split, some places at a time: all of them would not fit into memory at the paper's
/// size.
class Labels {
 public:
  Labels(const data::ExampleSet& examples, data::Split split)
      : stored_(examples.stored_labels(split)), valid_(examples.valid(split)) {
    target_ = stored_.target.flatten(1);
    if (!stored_.mask.defined()) return;
    const auto mask = stored_.mask.flatten(1);
    weight_ = 1.0 / mask.sum(1).index_select(0, valid_).clamp_min(1).to(torch::kFloat32).unsqueeze(1);
    // One mask for all channels, or one for the whole image.
    if (mask.size(1) > 1) mask_ = mask;
  }

  [[nodiscard]] torch::IntArrayRef shape() const { return stored_.target.sizes().slice(1); }
  [[nodiscard]] bool integral() const { return !stored_.target.is_floating_point(); }
  [[nodiscard]] std::int64_t most() const { return target_.max().item<std::int64_t>(); }

  /// What a statistic gives at every place: [...,K] in the order of the target's places.
  [[nodiscard]] torch::Tensor collect(const std::function<torch::Tensor(const Places&)>& statistic) const {
    constexpr std::int64_t kValuesAtOnce = 1 << 24;
    const std::int64_t places = target_.size(1),
                       at_once = std::max<std::int64_t>(1, kValuesAtOnce / valid_.numel());
    std::vector<torch::Tensor> pieces;
    for (std::int64_t first = 0; first < places; first += at_once)
      pieces.push_back(statistic(some(first, std::min(at_once, places - first))));
    return torch::cat(pieces, -1);
  }

  /// Whether some image has a value at each place, bool [K].
  [[nodiscard]] torch::Tensor known() const {
    return collect([](const Places& places) { return places.weights.sum(0).gt(0.0); });
  }

 private:
  [[nodiscard]] Places some(std::int64_t first, std::int64_t count) const {
    Places places;
    places.values = target_.narrow(1, first, count).index_select(0, valid_).to(torch::kFloat32);
    places.weights = torch::ones_like(places.values);
    if (weight_.defined()) places.weights = places.weights * weight_;
    if (mask_.defined()) {
      const auto pixel = torch::arange(first, first + count).remainder(mask_.size(1));
      const auto mask = mask_.index_select(0, valid_).index_select(1, pixel);
      places.weights = torch::where(mask, places.weights, torch::zeros({}));
      places.values = torch::where(mask, places.values, torch::zeros({}));
    }
    return places;
  }

  data::Batch stored_;
  torch::Tensor valid_, target_, mask_, weight_;
};

/// A value for places that no training image has one at: that of the places which have, in their middle.
torch::Tensor fill_unknown(const torch::Tensor& values, const torch::Tensor& known) {
  if (known.all().item<bool>() || !known.any().item<bool>()) return values;
  return torch::where(known, values, values.masked_select(known).median());
}

/// The constants that are best for the common losses, each of the prediction's shape; those that fit the shapes.
std::vector<torch::Tensor> closed_forms(const data::ExampleSet& examples, torch::IntArrayRef prediction) {
  const Labels labels(examples, data::Split::train);
  const auto known = labels.known();
  std::vector<torch::Tensor> all;
  if (!labels.integral() && labels.shape() == prediction) {
    all.push_back(fill_unknown(labels.collect(median_of), known));
    all.push_back(fill_unknown(labels.collect(mean_of), known));
    if (all.back().min().item<float>() >= 0.0F) all.push_back(all.back().clamp_min(1e-6).log());
  }
  const std::int64_t classes = prediction[0], places = known.numel();
  const auto size =
      std::accumulate(prediction.begin(), prediction.end(), std::int64_t{1}, std::multiplies<>());
  if (labels.integral() && classes * places == size && labels.most() < classes)
    all.push_back(labels.collect([&](const Places& some) { return log_shares_of(some, classes); }));
  return all;
}

}  // namespace

TestScores score_constant_guess(const sdk::Task& task, const data::ExampleSet& examples, std::int64_t side,
                                const network::Hardware& hardware, std::uint64_t seed) {
  auto shape = task.info().prediction.shape;
  std::replace(shape.begin(), shape.end(), std::int64_t{-1}, side);
  const auto constant = std::make_shared<Constant>(shape, base::seed_of(seed, "start"));
  constant->to(hardware.device);

  const auto predict = [&](const torch::Tensor& indices) { return constant->forward(indices.numel()); };
  const auto losses = [&](const torch::Tensor& indices) {
    return host::call_task(task.info().id, "constant guess", [&] {
      const auto labels = examples.labels(data::Split::train, indices, hardware.device);
      return losses_of(task, predict(indices), labels);
    });
  };
  // Adam moves every parameter by about the rate in each step, so 150 steps of 0.1 cross any target range
  // that is used in practice. The rate falls to nothing at the end, which leaves an error of a few
  // thousandths.
  recipe::Training options{.steps = 150, .batch = 32, .learning_rate = 0.1};
  options.weight_decay = 0.0;
  Learner learner{.name = "constant/" + task.info().id,
                  .module = *constant,
                  .train = examples.valid(data::Split::train),
                  .validation = torch::empty({0}, torch::kInt64),
                  .train_losses = [&](const data::Epoch& epoch) { return losses(epoch.indices); },
                  .validation_losses = {}};
  const network::Hardware exact{hardware.device, false};
  const Evaluation evaluation{options.batch, exact};
  (void)train(learner, options, exact, seed);

  const auto cost = [&] {
    return evaluate(*constant, losses, learner.train, evaluation).mean().item<double>();
  };
  auto best = constant->value();
  double least = cost();
  least += kHeadStart * std::abs(least);
  for (const auto& candidate : closed_forms(examples, shape)) {
    constant->set(candidate);
    if (const double now = cost(); now <= least) {
      least = now;
      best = constant->value();
    }
  }
  constant->set(best);
  return score_on_test_split(*constant, task, examples, predict, evaluation);
}

}  // namespace taskonomy::training
