#include "core/training/trainer.hpp"

#include <chrono>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include <torch/nn/utils/clip_grad.h>
#include <torch/optim/adam.h>

#include "core/base/error.hpp"
#include "core/base/hash.hpp"
#include "core/base/text.hpp"
#include "core/network/weights.hpp"
#include "core/training/schedule.hpp"

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

/// Adam over groups of parameters, each with its own share of the learning rate.
class Optimizer {
 public:
  Optimizer(const std::vector<ParameterGroup>& groups, const recipe::Training& options)
      : adam_(parameters_of(groups),
              torch::optim::AdamOptions(options.learning_rate).weight_decay(options.weight_decay)) {
    for (const auto& group : groups) shares_.push_back(group.rate);
  }
  void clear_gradients() { adam_.zero_grad(); }
  void step(double rate) {
    auto& groups = adam_.param_groups();
    for (std::size_t i = 0; i < shares_.size(); ++i)
      static_cast<torch::optim::AdamOptions&>(groups[i].options()).lr(rate * shares_[i]);
    adam_.step();
  }

 private:
  static std::vector<torch::optim::OptimizerParamGroup> parameters_of(
      const std::vector<ParameterGroup>& groups) {
    std::vector<torch::optim::OptimizerParamGroup> all;
    for (const auto& group : groups) all.emplace_back(group.parameters);
    return all;
  }

  torch::optim::Adam adam_;
  std::vector<double> shares_;
};

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

/// Number of steps over which the training loss is averaged.
std::int64_t tail_of(std::int64_t steps) { return std::max<std::int64_t>(1, steps / 10); }

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

Summary train(Learner& learner, const recipe::Training& options, const network::Hardware& hardware,
              std::uint64_t seed) {
  if (learner.train.numel() == 0) throw base::Error(learner.name + ": no example to train on");
  if (options.schedule == "until_flat" && learner.validation.numel() == 0)
    throw base::Error(learner.name +
                      ": no example to validate with, so that schedule = \"until_flat\" cannot tell when the "
                      "loss stops falling; raise [split] validation or take another schedule");
  Sampler sampler(learner.train, learner.first_epoch, seed);
  const auto parameters = learner.module.parameters();
  Optimizer optimizer(learner.groups.empty() ? std::vector<ParameterGroup>{{parameters}} : learner.groups,
                      options);
  BestWeights best(learner.module);
  Pace pace(options);
  Summary summary;
  const Evaluation validation{options.batch, hardware};
  double seconds = 0.0;

  for (std::int64_t step = 1; step <= pace.steps(); ++step) {
    const auto start = std::chrono::steady_clock::now();
    const std::string place = learner.name + ": step " + std::to_string(step);
    learner.module.train();
    optimizer.clear_gradients();
    const auto batch = sampler.next(options.batch);
    const auto loss = [&] {
      const network::Autocast autocast(hardware);
      return require_one_each(learner.train_losses(batch), batch.indices, place).mean();
    }();
    const double value = require_finite(loss.item<double>(), place);
    loss.backward();
    if (options.gradient_clip > 0.0) torch::nn::utils::clip_grad_norm_(parameters, options.gradient_clip);
    optimizer.step(pace.rate(step));
    seconds += seconds_since(start);

    if (learner.on_step) learner.on_step(step, pace.steps(), value);
    if (step > pace.steps() - tail_of(pace.steps())) summary.train_loss += value;
    if (learner.validation.numel() > 0 && pace.validates_at(step)) {
      const auto losses = evaluate(learner.module, learner.validation_losses, learner.validation, validation);
      best.consider(step, losses.mean().item<double>());
      pace.observe(step, losses);
    }
  }
  summary.steps = pace.steps();
  summary.train_loss /= static_cast<double>(tail_of(summary.steps));
  best.restore(summary);
  summary.epochs = sampler.next_epoch() - learner.first_epoch;
  summary.images_per_second = static_cast<double>(summary.steps * options.batch) / seconds;
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
