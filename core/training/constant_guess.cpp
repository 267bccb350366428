#include "core/training/constant_guess.hpp"

#include <algorithm>
#include <bit>
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

using Shape = std::vector<std::int64_t>;

/// A module whose prediction does not look at its input.
class Constant : public torch::nn::Module {
 public:
  /// Values of a shape that expands to that of a prediction. They start near zero, but not at it: a loss that
  /// only compares the parts of a prediction with each other (that of embeddings) has no gradient where all
  /// are equal.
  Constant(const Shape& values, Shape prediction, std::uint64_t seed) : prediction_(std::move(prediction)) {
    auto generator = torch::make_generator<torch::CPUGeneratorImpl>(seed);
    value_ = register_parameter("value", 0.01 * torch::randn(values, generator, torch::kFloat32));
  }
  torch::Tensor forward(std::int64_t batch) {
    Shape shape = prediction_;
    shape.insert(shape.begin(), batch);
    return value_.unsqueeze(0).expand(shape);
  }
  [[nodiscard]] torch::Tensor value() const { return value_.detach().clone(); }
  void set(const torch::Tensor& value) {
    const torch::NoGradGuard no_grad;
    value_.copy_(value.view_as(value_));
  }

 private:
  Shape prediction_;
  torch::Tensor value_;
};

/// Values [n,c] of n images at c places and the weight of each, 0 where an image has no value there.
struct Places {
  torch::Tensor values, weights;
};

/// How many places of each image count: masks uint8 [N,P] -> int64 [N]; 256 images at a time.
torch::Tensor counted_in(const torch::Tensor& masks) {
  std::vector<torch::Tensor> counts;
  for (const auto& some : masks.split(256)) counts.push_back(some.ne(0).sum(1));
  return torch::cat(counts);
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
    weight_ = 1.0 / counted_in(mask).index_select(0, valid_).clamp_min(1).to(torch::kFloat32).unsqueeze(1);
    // One mask for all channels, or one for the whole image.
    if (mask.size(1) > 1) mask_ = mask;
  }

  [[nodiscard]] torch::IntArrayRef shape() const { return stored_.target.sizes().slice(1); }
  [[nodiscard]] bool integral() const { return !stored_.target.is_floating_point(); }
  [[nodiscard]] std::int64_t most() const { return target_.max().item<std::int64_t>(); }
  [[nodiscard]] double images() const { return static_cast<double>(valid_.numel()); }
  [[nodiscard]] std::int64_t places() const { return target_.size(1); }

  /// Shows `count` places from `first` on, as many at a time as keep the memory small.
  void visit(std::int64_t first, std::int64_t count, const std::function<void(const Places&)>& see) const {
    constexpr std::int64_t kValuesAtOnce = 1 << 23;
    const std::int64_t at_once = std::max<std::int64_t>(1, kValuesAtOnce / valid_.numel());
    for (std::int64_t done = 0; done < count; done += at_once)
      see(some(first + done, std::min(at_once, count - done)));
  }

 private:
  [[nodiscard]] Places some(std::int64_t first, std::int64_t count) const {
    Places places;
    places.values = target_.narrow(1, first, count).index_select(0, valid_).to(torch::kFloat32);
    places.weights = torch::ones_like(places.values);
    if (weight_.defined()) places.weights = places.weights * weight_;
    if (mask_.defined()) {
      const auto pixel = torch::arange(first, first + count).remainder(mask_.size(1));
      const auto mask = mask_.index_select(1, pixel).index_select(0, valid_).ne(0);
      places.weights = torch::where(mask, places.weights, torch::zeros({}));
      places.values = torch::where(mask, places.values, torch::zeros({}));
    }
    return places;
  }

  data::Batch stored_;
  torch::Tensor valid_, target_, mask_, weight_;
};

/// What the closed forms are made of, for every value that a guess has.
class Statistics {
 public:
  virtual ~Statistics() = default;
  /// The smallest value that at least half of the weight does not exceed.
  [[nodiscard]] virtual torch::Tensor median() const = 0;
  [[nodiscard]] virtual torch::Tensor mean() const = 0;
  /// Shares of class ids: [classes] for each place or for all.
  [[nodiscard]] virtual torch::Tensor shares(std::int64_t classes) const = 0;
};

/// At every place of the label by itself: [K] in the order of the target's places.
class OfPlaces final : public Statistics {
 public:
  explicit OfPlaces(const Labels& labels) : labels_(labels) {
    known_ = collect([](const Places& places) { return places.weights.sum(0).gt(0.0); });
  }

  [[nodiscard]] torch::Tensor median() const override { return fill_unknown(collect(median_of)); }
  [[nodiscard]] torch::Tensor mean() const override { return fill_unknown(collect(mean_of)); }
  [[nodiscard]] torch::Tensor shares(std::int64_t classes) const override {
    return collect([classes](const Places& some) {
      std::vector<torch::Tensor> shares;
      for (std::int64_t id = 0; id < classes; ++id)
        shares.push_back(mean_of({some.values.eq(id).to(torch::kFloat32), some.weights}));
      return torch::stack(shares);
    });
  }

 private:
  static torch::Tensor median_of(const Places& places) {
    // LibTorch sorts along the last dimension twice as fast as along the first, and a median takes a quarter
    // of a sort.
    const auto rows = places.values.t().contiguous(), weights = places.weights.t().contiguous();
    if (weights.eq(weights.max()).all().item<bool>()) return std::get<0>(rows.median(1));
    const auto [values, order] = rows.sort(1);
    const auto sums = weights.gather(1, order).to(torch::kFloat64).cumsum(1);
    const auto first = sums.ge(0.5 * sums.slice(1, -1)).to(torch::kUInt8).argmax(1, true);
    return values.gather(1, first).squeeze(1);
  }
  static torch::Tensor mean_of(const Places& places) {
    return (places.values * places.weights).sum(0) / places.weights.sum(0).clamp_min(1e-30);
  }

  /// What a statistic gives at every place: [...,K].
  [[nodiscard]] torch::Tensor collect(const std::function<torch::Tensor(const Places&)>& statistic) const {
    std::vector<torch::Tensor> pieces;
    labels_.visit(0, labels_.places(), [&](const Places& places) { pieces.push_back(statistic(places)); });
    return torch::cat(pieces, -1);
  }
  /// A value for places that no training image has one at: that of the places which have, in their middle.
  [[nodiscard]] torch::Tensor fill_unknown(const torch::Tensor& values) const {
    if (known_.all().item<bool>() || !known_.any().item<bool>()) return values;
    return torch::where(known_, values, values.masked_select(known_).median());
  }

  const Labels& labels_;
  torch::Tensor known_;  // bool [K]: whether some image has a value there
};

/// Over all places of a channel together: [C]. Labels are read several times, never kept.
class OfChannels final : public Statistics {
 public:
  OfChannels(const Labels& labels, std::int64_t channels) : labels_(labels), channels_(channels) {}

  [[nodiscard]] torch::Tensor median() const override {
    return of_each([this](std::int64_t channel) { return torch::tensor(median_of(channel)); });
  }
  [[nodiscard]] torch::Tensor mean() const override {
    return of_each([this](std::int64_t channel) {
      return add_up(channel,
                    [](const Places& some) {
                      return (some.values * some.weights).view({-1, 1});
                    }) /
             weight_of(channel);
    });
  }
  [[nodiscard]] torch::Tensor shares(std::int64_t classes) const override {
    const auto count = [classes](const Places& some) {
      const auto ids = some.values.flatten().to(torch::kInt64);
      const auto weights = some.weights.flatten().to(torch::kFloat64) * ids.ge(0);  // below 0 is no class
      return torch::bincount(ids.clamp_min(0), weights, classes).unsqueeze(0);
    };
    return (add_up(0, count) / weight_of(0)).to(torch::kFloat32);
  }

 private:
  void visit(std::int64_t channel, const std::function<void(const Places&)>& see) const {
    const std::int64_t size = labels_.places() / channels_;
    labels_.visit(channel * size, size, see);
  }
  /// Sums over the rows that a statistic gives of pieces of a channel, in float64.
  [[nodiscard]] torch::Tensor add_up(std::int64_t channel,
                                     const std::function<torch::Tensor(const Places&)>& statistic) const {
    torch::Tensor sums;
    visit(channel, [&](const Places& some) {
      const auto sum = statistic(some).to(torch::kFloat64).sum(0);
      sums = sums.defined() ? sums + sum : sum;
    });
    return sums;
  }
  [[nodiscard]] torch::Tensor weight_of(std::int64_t channel) const {
    return add_up(channel, [](const Places& some) { return some.weights.view({-1, 1}); }).clamp_min(1e-30);
  }
  [[nodiscard]] torch::Tensor of_each(const std::function<torch::Tensor(std::int64_t)>& statistic) const {
    std::vector<torch::Tensor> values;
    for (std::int64_t c = 0; c < channels_; ++c) values.push_back(statistic(c).view({1}).to(torch::kFloat32));
    return torch::cat(values);
  }

  /// Exact without sorting, which would need all values of a channel at once: a first pass over the labels
  /// finds the upper half of the median's 32 bits, and a second one the lower half.
  [[nodiscard]] float median_of(std::int64_t channel) const {
    constexpr std::int64_t kHalf = 1 << 16;
    const auto weigh = [&](const std::function<torch::Tensor(const torch::Tensor&)>& bin) {
      // A bin that a value does not count in is the last one.
      return add_up(channel, [&](const Places& some) {
        return torch::bincount(bin(ranks_of(some.values.flatten())),
                               some.weights.flatten().to(torch::kFloat64), kHalf + 1)
            .unsqueeze(0);
      });
    };
    const auto upper = weigh([](const torch::Tensor& ranks) { return ranks.floor_divide(kHalf); });
    const double middle = 0.5 * upper.sum().item<double>();
    if (middle == 0.0) return 0.0F;  // no image has a value
    const auto [high, below] = bin_of(upper, middle, 0.0);
    const auto lower = weigh([high = high](const torch::Tensor& ranks) {
      const auto inside = ranks.floor_divide(kHalf).eq(high);
      return torch::where(inside, ranks.remainder(kHalf), torch::full({}, kHalf, torch::kInt64));
    });
    return value_at(high * kHalf + bin_of(lower, middle, below).first);
  }
  /// The first bin up to which at least `middle` of the weight lies, and the weight before it.
  static std::pair<std::int64_t, double> bin_of(const torch::Tensor& weights, double middle, double before) {
    const auto sums = weights.cumsum(0) + before;
    const auto bin = sums.ge(middle).to(torch::kUInt8).argmax(0).item<std::int64_t>();
    return {bin, bin == 0 ? before : sums[bin - 1].item<double>()};
  }
  /// The bits of floats as numbers 0 to 2^32 - 1 in the order of the values: those of negative ones run
  /// backwards.
  static torch::Tensor ranks_of(const torch::Tensor& values) {
    const auto bits = values.contiguous().view(torch::kInt32);
    const auto ordered = torch::where(bits.lt(0), bits.bitwise_xor(0x7fffffff), bits);
    return ordered.to(torch::kInt64) + (std::int64_t{1} << 31);
  }
  static float value_at(std::int64_t rank) {
    const auto ordered = static_cast<std::int32_t>(rank - (std::int64_t{1} << 31));
    return std::bit_cast<float>(ordered < 0 ? ordered ^ 0x7fffffff : ordered);
  }

  const Labels& labels_;
  std::int64_t channels_;
};

/// How the best constant is found for a loss.
enum class Form { median, mean, log_mean, log_shares, descent };

/// The closed forms whose shape is that of the prediction.
std::vector<Form> forms_for(const Labels& labels, const Shape& prediction) {
  const auto size =
      std::accumulate(prediction.begin(), prediction.end(), std::int64_t{1}, std::multiplies<>());
  if (labels.integral()) {
    const bool fits = prediction[0] * labels.places() == size && labels.most() < prediction[0];
    return fits ? std::vector{Form::log_shares} : std::vector<Form>{};
  }
  if (labels.shape() != prediction) return {};
  return {Form::median, Form::mean, Form::log_mean};
}

/// The constant of a closed form; nothing where the labels have negative values and it needs shares.
torch::Tensor value_of(Form form, const Statistics& statistics, const Labels& labels, std::int64_t classes) {
  if (form == Form::median) return statistics.median();
  if (form == Form::log_shares) return statistics.shares(classes).clamp_min(kUnseen / labels.images()).log();
  const auto mean = statistics.mean();
  if (form == Form::mean) return mean;
  return mean.min().item<float>() < 0.0F ? torch::Tensor() : mean.clamp_min(1e-6).log();
}

constexpr std::int64_t kBatch = 32;

/// Finds the best constants for one task.
class Guesser {
 public:
  Guesser(const sdk::Task& task, const data::ExampleSet& examples, std::int64_t side, const Evaluation& exact)
      : task_(task),
        examples_(examples),
        labels_(examples, data::Split::train),
        exact_(exact),
        prediction_(task.info().prediction.shape) {
    std::replace(prediction_.begin(), prediction_.end(), std::int64_t{-1}, side);
  }

  [[nodiscard]] bool is_image() const { return prediction_.size() == 3; }

  /// The best constant with a value for each place of the prediction; sets `form` to what found it.
  [[nodiscard]] std::shared_ptr<Constant> of_places(std::uint64_t seed, Form& form) const {
    const auto constant = descend(prediction_, seed);
    const OfPlaces statistics(labels_);
    auto best = constant->value();
    double least = cost_of(*constant);
    least += kHeadStart * std::abs(least);
    form = Form::descent;
    for (const Form candidate : forms_for(labels_, prediction_)) {
      const auto value = value_of(candidate, statistics, labels_, prediction_[0]);
      if (!value.defined()) continue;
      constant->set(value);
      if (const double now = cost_of(*constant); now <= least) {
        least = now;
        best = constant->value();
        form = candidate;
      }
    }
    constant->set(best);
    return constant;
  }

  /// The best constant with a value for each channel of an image-like prediction. Which form is best depends
  /// on the loss alone, so that it is the same as with a value for each place.
  [[nodiscard]] std::shared_ptr<Constant> of_channels(std::uint64_t seed, Form form) const {
    const Shape values{prediction_[0], 1, 1};
    if (form == Form::descent) return descend(values, seed);
    const auto constant = fresh(values, seed);
    const OfChannels statistics(labels_, labels_.integral() ? 1 : prediction_[0]);
    const auto value = value_of(form, statistics, labels_, prediction_[0]);
    constant->set(value);
    return constant;
  }

  [[nodiscard]] TestScores score(Constant& constant) const {
    return score_on_test_split(constant, task_, examples_, predictor(constant), exact_);
  }

 private:
  [[nodiscard]] std::shared_ptr<Constant> fresh(const Shape& values, std::uint64_t seed) const {
    auto constant = std::make_shared<Constant>(values, prediction_, base::seed_of(seed, "start"));
    constant->to(exact_.hardware.device);
    return constant;
  }
  static Predictor predictor(Constant& constant) {
    return [&](const torch::Tensor& indices) { return constant.forward(indices.numel()); };
  }
  [[nodiscard]] torch::Tensor losses(Constant& constant, const torch::Tensor& indices) const {
    return host::call_task(task_.info().id, "constant guess", [&] {
      const auto labels = examples_.labels(data::Split::train, indices, exact_.hardware.device);
      return losses_of(task_, constant.forward(indices.numel()), labels);
    });
  }
  [[nodiscard]] double cost_of(Constant& constant) const {
    const auto of = [&](const torch::Tensor& indices) { return losses(constant, indices); };
    return evaluate(constant, of, examples_.valid(data::Split::train), exact_).mean().item<double>();
  }

  /// Gradient descent on the values themselves. Adam moves every parameter by about the rate in each step, so
  /// 150 steps of 0.1 cross any target range that is used in practice. The rate falls to nothing at the end,
  /// which leaves an error of a few thousandths.
  [[nodiscard]] std::shared_ptr<Constant> descend(const Shape& values, std::uint64_t seed) const {
    const auto constant = fresh(values, seed);
    recipe::Training options{.steps = 150, .batch = kBatch, .learning_rate = 0.1};
    options.weight_decay = 0.0;
    Learner learner{
        .name = "constant/" + task_.info().id,
        .module = *constant,
        .train = examples_.valid(data::Split::train),
        .validation = torch::empty({0}, torch::kInt64),
        .train_losses = [&](const data::Epoch& epoch) { return losses(*constant, epoch.indices); },
        .validation_losses = {}};
    (void)train(learner, options, exact_.hardware, seed);
    return constant;
  }

  const sdk::Task& task_;
  const data::ExampleSet& examples_;
  Labels labels_;
  Evaluation exact_;
  Shape prediction_;
};

}  // namespace

GuessScores score_constant_guesses(const sdk::Task& task, const data::ExampleSet& examples, std::int64_t side,
                                   const network::Hardware& hardware, std::uint64_t seed,
                                   bool metrics_apart) {
  const Guesser guesser(task, examples, side, {kBatch, {hardware.device, false}, metrics_apart});
  Form form = Form::descent;
  GuessScores scores;
  scores.constant = guesser.score(*guesser.of_places(seed, form));
  scores.average = guesser.is_image()
                       ? guesser.score(*guesser.of_channels(base::seed_of(seed, "average"), form))
                       : scores.constant;
  return scores;
}

}  // namespace taskonomy::training
