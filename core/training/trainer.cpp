#include "core/training/trainer.hpp"

#include <chrono>
#include <functional>
#include <limits>
#include <optional>
#include <utility>

#include "core/base/error.hpp"
#include "core/base/hash.hpp"
#include "core/network/weights.hpp"
#include "core/training/flat_adam.hpp"
#include "core/training/schedule.hpp"
#include "core/training/step_losses.hpp"

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

/// `place` says where, if it comes to that.
torch::Tensor require_one_each(const torch::Tensor& losses, const torch::Tensor& indices,
                               const std::function<std::string()>& place) {
  if (losses.dim() != 1 || losses.size(0) != indices.numel())
    throw base::Error(place() + ": the task's loss gave " + std::to_string(losses.dim()) +
                      " dimensions and " + std::to_string(losses.numel()) + " values for " +
                      std::to_string(indices.numel()) + " images; expected one number per image, [B]");
  return losses;
}

/// The loss of a batch, a number without dimensions, and the graph behind it.
torch::Tensor loss_of(const Learner& learner, const data::Epoch& batch, const network::Hardware& hardware,
                      std::int64_t step) {
  const network::Autocast autocast(hardware);
  return require_one_each(learner.train_losses(batch), batch.indices,
                          [&] { return learner.name + ": step " + std::to_string(step); })
      .mean();
}

/// Steps whose losses are read from the device at once. On a CPU a loss is there as soon as it is computed, and one
/// that is not finite ends the training before a task sees what it made of the weights.
std::int64_t read_together(const network::Hardware& hardware) { return hardware.device.is_cuda() ? 50 : 1; }

std::vector<ParameterGroup> groups_of(const Learner& learner) {
  return learner.groups.empty() ? std::vector<ParameterGroup>{{learner.module.parameters()}} : learner.groups;
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
  FlatAdam optimizer(groups_of(learner), options.weight_decay);
  StepLosses losses(learner.name, read_together(hardware));
  BestWeights best(learner.module);
  Pace pace(options);
  const Evaluation validation{options.batch, hardware};
  double seconds = 0.0;

  for (std::int64_t step = 1; step <= pace.steps(); ++step) {
    const auto start = std::chrono::steady_clock::now();
    const bool validates = learner.validation.numel() > 0 && pace.validates_at(step);
    learner.module.train();
    const auto batch = sampler.next(options.batch);
    const auto loss = loss_of(learner, batch, hardware, step);
    losses.add(loss);
    optimizer.clear_gradients();
    loss.backward();
    optimizer.clip_gradients(options.gradient_clip);
    optimizer.step(pace.rate(step));
    if (validates || step == pace.steps()) losses.read();
    seconds += seconds_since(start);

    if (learner.on_step) learner.on_step(step, pace.steps(), losses.latest());
    if (validates) {
      const auto judged = evaluate(learner.module, learner.validation_losses, learner.validation, validation);
      best.consider(step, judged.mean().item<double>());
      pace.observe(step, judged);
    }
  }
  Summary summary;
  summary.steps = pace.steps();
  summary.train_loss = losses.mean_of_last(tail_of(summary.steps));
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
  for (const auto& piece : indices.split(evaluation.at_once())) {
    const network::Autocast autocast(evaluation.hardware);
    pieces.push_back(require_one_each(losses(piece), piece, [] { return "evaluation"; }));
  }
  return pieces.empty() ? torch::empty({0}, torch::kFloat64)
                        : torch::cat(pieces).to(torch::kCPU, torch::kFloat64);
}

}  // namespace taskonomy::training
