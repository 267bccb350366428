#include "core/training/trainer.hpp"

#include <chrono>
#include <cmath>
#include <limits>
#include <numbers>
#include <optional>
#include <utility>

#include <torch/nn/utils/clip_grad.h>
#include <torch/optim/adam.h>

#include "core/base/error.hpp"
#include "core/base/hash.hpp"
#include "core/base/text.hpp"
#include "core/network/weights.hpp"

namespace taskonomy::training {

namespace {

/// Draws examples in random order, epoch after epoch. The last batch of an epoch is completed from the next
/// one, so that every batch is full and batch statistics stay comparable.
class Sampler {
 public:
  Sampler(torch::Tensor indices, std::int64_t first_epoch, std::uint64_t seed)
      : indices_(std::move(indices)),
        generator_(torch::make_generator<torch::CPUGeneratorImpl>(seed)),
        epoch_(first_epoch - 1) {}

  data::Epoch next(std::int64_t batch) {
    std::vector<torch::Tensor> pieces, epochs;
    for (std::int64_t wanted = batch; wanted > 0;) {
      if (position_ == order_.numel()) reshuffle();
      const std::int64_t taken = std::min(wanted, order_.numel() - position_);
      pieces.push_back(order_.narrow(0, position_, taken));
      epochs.push_back(torch::full({taken}, epoch_, torch::kInt64));
      position_ += taken;
      wanted -= taken;
    }
    return {torch::cat(pieces), torch::cat(epochs)};
  }
  /// The epoch after the last one that was begun.
  [[nodiscard]] std::int64_t next_epoch() const { return epoch_ + 1; }

 private:
  void reshuffle() {
    ++epoch_;
    order_ = indices_.index_select(0, torch::randperm(indices_.numel(), generator_, torch::kInt64));
    position_ = 0;
  }

  torch::Tensor indices_, order_ = torch::empty({0}, torch::kInt64);
  torch::Generator generator_;
  std::int64_t position_ = 0, epoch_;
};

torch::Tensor require_one_each(const torch::Tensor& losses, const torch::Tensor& indices,
                               const std::string& place) {
  if (losses.dim() != 1 || losses.size(0) != indices.numel())
    throw base::Error(place + ": the task's loss gave " + std::to_string(losses.dim()) + " dimensions and " +
                      std::to_string(losses.numel()) + " values for " + std::to_string(indices.numel()) +
                      " images; expected one number per image, [B]");
  return losses;
}

double require_finite(double loss, const std::string& place) {
  if (!std::isfinite(loss))
    throw base::Error(
        place + ": the loss is " + base::number(loss) +
        "; a lower learning_rate or gradient_clip = 1 may help, else the task's loss or label is at fault");
  return loss;
}

void set_learning_rate(torch::optim::Adam& adam, double rate) {
  for (auto& group : adam.param_groups()) static_cast<torch::optim::AdamOptions&>(group.options()).lr(rate);
}

/// Keeps the weights with the lowest validation loss.
class BestWeights {
 public:
  explicit BestWeights(torch::nn::Module& module) : module_(module) {}
  void consider(std::int64_t step, double loss) {
    if (!(loss < loss_)) return;
    loss_ = loss;
    step_ = step;
    weights_ = network::weights_of(module_);
  }
  void restore(Summary& summary) const {
    summary.best_step = weights_.empty() ? summary.steps : step_;
    summary.validation_loss = weights_.empty() ? std::numeric_limits<double>::quiet_NaN() : loss_;
    if (!weights_.empty()) network::load_weights(module_, weights_);
  }

 private:
  torch::nn::Module& module_;
  double loss_ = std::numeric_limits<double>::infinity();
  std::int64_t step_ = 0;
  network::Weights weights_;
};

/// Whether to validate after a step. Validation costs images too, so it comes after every tenth of the steps
/// in the second half of a training, and at its end.
bool validates_at(std::int64_t step, std::int64_t steps) {
  const std::int64_t period = std::max<std::int64_t>(1, steps / 10);
  return step == steps || (step > steps / 2 && (steps - step) % period == 0);
}

/// From `from` at progress 0 to `to` at progress 1 along half a cosine.
double anneal(double from, double to, double progress) {
  return to + (from - to) * 0.5 * (1.0 + std::cos(std::numbers::pi * progress));
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

Summary train(Learner& learner, const recipe::Training& options, const network::Hardware& hardware,
              std::uint64_t seed) {
  if (learner.train.numel() == 0) throw base::Error(learner.name + ": no example to train on");
  Sampler sampler(learner.train, learner.first_epoch, seed);
  const auto parameters = learner.module.parameters();
  torch::optim::Adam adam(
      parameters, torch::optim::AdamOptions(options.learning_rate).weight_decay(options.weight_decay));
  BestWeights best(learner.module);
  Summary summary{.steps = options.steps};
  const std::int64_t tail = std::max<std::int64_t>(1, options.steps / 10);
  const Evaluation validation{options.batch, hardware};
  double seconds = 0.0;

  for (std::int64_t step = 1; step <= options.steps; ++step) {
    const auto start = std::chrono::steady_clock::now();
    const std::string place = learner.name + ": step " + std::to_string(step);
    learner.module.train();
    set_learning_rate(adam, learning_rate(options, step - 1));
    adam.zero_grad();
    const auto batch = sampler.next(options.batch);
    const auto loss = [&] {
      const network::Autocast autocast(hardware);
      return require_one_each(learner.train_losses(batch), batch.indices, place).mean();
    }();
    const double value = require_finite(loss.item<double>(), place);
    loss.backward();
    if (options.gradient_clip > 0.0) torch::nn::utils::clip_grad_norm_(parameters, options.gradient_clip);
    adam.step();
    seconds += seconds_since(start);

    if (learner.on_step) learner.on_step(step, options.steps, value);
    if (step > options.steps - tail) summary.train_loss += value / static_cast<double>(tail);
    if (learner.validation.numel() > 0 && validates_at(step, options.steps))
      best.consider(step, evaluate(learner.module, learner.validation_losses, learner.validation, validation)
                              .mean()
                              .item<double>());
  }
  best.restore(summary);
  summary.epochs = sampler.next_epoch() - learner.first_epoch;
  summary.images_per_second = static_cast<double>(options.steps * options.batch) / seconds;
  return summary;
}

Summary train_until_flat(Learner& learner, const recipe::Training& options, const network::Hardware& hardware,
                         std::uint64_t seed) {
  if (learner.validation.numel() == 0) throw base::Error(learner.name + ": no example to validate with");
  const StepListener outer = learner.on_step;
  const std::int64_t first_epoch = learner.first_epoch;
  std::optional<Summary> best;
  network::Weights weights;
  std::int64_t before = 0;
  double seconds = 0.0;
  for (const std::int64_t times : kRounds) {
    recipe::Training round = options;
    round.steps = times * options.steps;
    if (outer)
      learner.on_step = [&](std::int64_t step, std::int64_t steps, double loss) {
        outer(before + step, before + steps, loss);
      };
    Summary summary =
        train(learner, round, hardware, base::seed_of(seed, "round at " + std::to_string(before)));
    seconds += static_cast<double>(round.steps * round.batch) / summary.images_per_second;
    learner.first_epoch += summary.epochs;
    summary.best_step += before;
    before += round.steps;
    // A loss that is no number is never lower, and the first round has nothing to be lower than.
    const bool better = !best || summary.validation_loss < best->validation_loss;
    if (!better) break;
    best = summary;
    weights = network::weights_of(learner.module);
  }
  learner.on_step = outer;
  best->epochs = std::exchange(learner.first_epoch, first_epoch) - first_epoch;
  network::load_weights(learner.module, weights);
  best->steps = before;
  best->images_per_second = static_cast<double>(before * options.batch) / seconds;
  return *best;
}

double learning_rate(const recipe::Training& options, std::int64_t step) {
  const double peak = options.learning_rate;
  const double last = static_cast<double>(options.steps - 1);
  if (options.schedule == "constant" || last < 1.0) return peak;
  const double progress = static_cast<double>(step) / last;
  if (options.schedule == "step") return progress < options.step_at ? peak : 0.1 * peak;
  constexpr double kWarm = 0.3;
  return progress < kWarm ? anneal(peak / 25.0, peak, progress / kWarm)
                          : anneal(peak, peak / 1e4, (progress - kWarm) / (1.0 - kWarm));
}

torch::Tensor evaluate(torch::nn::Module& module, const LossFunction& losses, const torch::Tensor& indices,
                       const Evaluation& evaluation) {
  const torch::NoGradGuard no_grad;
  module.eval();
  std::vector<torch::Tensor> pieces;
  for (const auto& piece : indices.split(evaluation.batch)) {
    const network::Autocast autocast(evaluation.hardware);
    pieces.push_back(require_one_each(losses(piece), piece, "evaluation").to(torch::kCPU, torch::kFloat64));
  }
  return pieces.empty() ? torch::empty({0}, torch::kFloat64) : torch::cat(pieces);
}

}  // namespace taskonomy::training
