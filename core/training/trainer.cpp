#include "core/training/trainer.hpp"

#include <chrono>
#include <cmath>
#include <limits>

#include <torch/nn/utils/clip_grad.h>
#include <torch/optim/adam.h>

#include "core/base/error.hpp"
#include "core/base/text.hpp"
#include "core/network/weights.hpp"
#include "core/training/schedule.hpp"

namespace taskonomy::training {

namespace {

/// Examples in random order, epoch after epoch; the last batch of an epoch is completed from the next one, so
/// that every batch is full and batch statistics stay comparable.
class Sampler {
 public:
  Sampler(torch::Tensor indices, std::uint64_t seed)
      : indices_(std::move(indices)), generator_(torch::make_generator<torch::CPUGeneratorImpl>(seed)) {}

  torch::Tensor next(std::int64_t batch) {
    std::vector<torch::Tensor> pieces;
    for (std::int64_t wanted = batch; wanted > 0;) {
      if (position_ == order_.numel()) reshuffle();
      const std::int64_t taken = std::min(wanted, order_.numel() - position_);
      pieces.push_back(order_.narrow(0, position_, taken));
      position_ += taken;
      wanted -= taken;
    }
    return torch::cat(pieces);
  }

 private:
  void reshuffle() {
    order_ = indices_.index_select(0, torch::randperm(indices_.numel(), generator_, torch::kInt64));
    position_ = 0;
  }

  torch::Tensor indices_, order_ = torch::empty({0}, torch::kInt64);
  torch::Generator generator_;
  std::int64_t position_ = 0;
};

torch::Tensor checked(const torch::Tensor& losses, const torch::Tensor& indices, const std::string& place) {
  if (losses.dim() != 1 || losses.size(0) != indices.numel())
    throw base::Error(place + ": the task's loss gave " + std::to_string(losses.dim()) + " dimensions and " +
                      std::to_string(losses.numel()) + " values for " + std::to_string(indices.numel()) +
                      " images; expected one number per image, [B]");
  return losses;
}

double finite(double loss, const std::string& place) {
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
class Best {
 public:
  explicit Best(const Problem& problem) : problem_(problem) {}
  void consider(std::int64_t step, double loss) {
    if (!(loss < loss_)) return;
    loss_ = loss;
    step_ = step;
    weights_ = network::weights_of(problem_.module);
  }
  void restore(Summary& summary) const {
    summary.best_step = weights_.empty() ? summary.steps : step_;
    summary.validation_loss = weights_.empty() ? std::numeric_limits<double>::quiet_NaN() : loss_;
    if (!weights_.empty()) network::load(problem_.module, weights_);
  }

 private:
  const Problem& problem_;
  double loss_ = std::numeric_limits<double>::infinity();
  std::int64_t step_ = 0;
  network::Weights weights_;
};

/// Validation costs images too: ten times in a training, in its second half, and at the end.
bool validates_at(std::int64_t step, std::int64_t steps) {
  const std::int64_t period = std::max<std::int64_t>(1, steps / 10);
  return step == steps || (step > steps / 2 && (steps - step) % period == 0);
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

Summary train(Problem& problem, const recipe::Training& options, const network::Hardware& hardware,
              std::uint64_t seed) {
  if (problem.train.numel() == 0) throw base::Error(problem.name + ": no example to train on");
  Sampler sampler(problem.train, seed);
  const auto parameters = problem.module.parameters();
  torch::optim::Adam adam(
      parameters, torch::optim::AdamOptions(options.learning_rate).weight_decay(options.weight_decay));
  Best best(problem);
  Summary summary{.steps = options.steps};
  const std::int64_t tail = std::max<std::int64_t>(1, options.steps / 10);
  double seconds = 0.0;

  for (std::int64_t step = 1; step <= options.steps; ++step) {
    const auto start = std::chrono::steady_clock::now();
    const std::string place = problem.name + ": step " + std::to_string(step);
    problem.module.train();
    set_learning_rate(adam, learning_rate(options, step - 1));
    adam.zero_grad();
    const auto batch = sampler.next(options.batch);
    const auto loss = [&] {
      const network::Autocast autocast(hardware);
      return checked(problem.train_losses(batch), batch, place).mean();
    }();
    const double value = finite(loss.item<double>(), place);
    loss.backward();
    if (options.gradient_clip > 0.0) torch::nn::utils::clip_grad_norm_(parameters, options.gradient_clip);
    adam.step();
    seconds += seconds_since(start);

    if (step > options.steps - tail) summary.train_loss += value / static_cast<double>(tail);
    if (problem.validation.numel() > 0 && validates_at(step, options.steps))
      best.consider(step, evaluate(problem.module, problem.validation_losses, problem.validation,
                                   options.batch, hardware)
                              .mean()
                              .item<double>());
  }
  best.restore(summary);
  summary.images_per_second = static_cast<double>(options.steps * options.batch) / seconds;
  return summary;
}

torch::Tensor evaluate(torch::nn::Module& module,
                       const std::function<torch::Tensor(const torch::Tensor&)>& losses,
                       const torch::Tensor& indices, std::int64_t batch, const network::Hardware& hardware) {
  const torch::NoGradGuard no_grad;
  module.eval();
  std::vector<torch::Tensor> pieces;
  for (const auto& piece : indices.split(batch)) {
    const network::Autocast autocast(hardware);
    pieces.push_back(checked(losses(piece), piece, "evaluation").to(torch::kCPU, torch::kFloat64));
  }
  return pieces.empty() ? torch::empty({0}, torch::kFloat64) : torch::cat(pieces);
}

}  // namespace taskonomy::training
