#include "core/training/constant_guess.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "core/base/hash.hpp"
#include "core/host/boundary.hpp"
#include "core/training/label_statistics.hpp"
#include "core/training/trainer.hpp"

namespace taskonomy::training {

namespace {

/// A closed form may be this share worse than descent: what a class that never stood there costs it.
constexpr double kHeadStart = 0.01;
constexpr double kUnseen = 0.01;  ///< images that such a class counts as

/// Most training images that a guess is made of. Of as many, a median at a place is right to within half a percent of
/// the images, and labels at the paper's size, 60 GB, would be read through hundreds of times.
constexpr std::int64_t kMostImages = 1 << 14;

using Shape = std::vector<std::int64_t>;

/// The training images that a guess is made of, int64 indices into the split.
torch::Tensor guessed_from(const data::ExampleSet& examples) {
  const auto valid = examples.valid(data::Split::train);
  return valid.index_select(0, torch::tensor(data::pick_evenly(valid.numel(), kMostImages), torch::kInt64));
}

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
        train_(guessed_from(examples)),
        labels_(examples, train_),
        exact_(exact),
        prediction_(task.info().prediction.shape) {
    std::replace(prediction_.begin(), prediction_.end(), std::int64_t{-1}, side);
  }

  [[nodiscard]] bool is_image() const { return prediction_.size() == 3; }

  /// The best constant with a value for each place of the prediction; sets `form` to what found it.
  [[nodiscard]] std::shared_ptr<Constant> of_places(std::uint64_t seed, Form& form) const {
    const auto constant = descend(prediction_, seed);
    const auto statistics = statistics_of_places(labels_);
    auto best = constant->value();
    double least = cost_of(*constant);
    least += kHeadStart * std::abs(least);
    form = Form::descent;
    for (const Form candidate : forms_for(labels_, prediction_)) {
      const auto value = value_of(candidate, *statistics, labels_, prediction_[0]);
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
    const auto statistics = statistics_of_channels(labels_, labels_.integral() ? 1 : prediction_[0]);
    const auto value = value_of(form, *statistics, labels_, prediction_[0]);
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
    return evaluate(constant, of, train_, exact_).mean().item<double>();
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
        .train = train_,
        .validation = torch::empty({0}, torch::kInt64),
        .train_losses = [&](const data::Epoch& epoch) { return losses(*constant, epoch.indices); },
        .validation_losses = {}};
    (void)train(learner, options, exact_.hardware, seed);
    return constant;
  }

  const sdk::Task& task_;
  const data::ExampleSet& examples_;
  torch::Tensor train_;
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
