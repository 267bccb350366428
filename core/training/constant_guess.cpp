#include "core/training/constant_guess.hpp"

#include <algorithm>

#include "core/base/hash.hpp"
#include "core/host/boundary.hpp"
#include "core/training/trainer.hpp"

namespace taskonomy::training {

namespace {

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

 private:
  torch::Tensor value_;
};

}  // namespace

TestScores score_constant_guess(const sdk::Task& task, const data::ExampleSet& examples, std::int64_t side,
                                const network::Hardware& hardware, std::uint64_t seed) {
  auto shape = task.info().prediction.shape;
  std::replace(shape.begin(), shape.end(), std::int64_t{-1}, side);
  const auto constant = std::make_shared<Constant>(shape, base::seed_of(seed, "start"));
  constant->to(hardware.device);

  const auto predict = [&](const torch::Tensor& indices) { return constant->forward(indices.numel()); };
  const auto train_losses = [&](const torch::Tensor& indices) {
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
                  .train_losses = train_losses,
                  .validation_losses = {}};
  const network::Hardware exact{hardware.device, false};
  (void)train(learner, options, exact, seed);
  return score_on_test_split(*constant, task, examples, predict, {options.batch, exact});
}

}  // namespace taskonomy::training
