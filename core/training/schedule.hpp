// How fast a training learns at each of its steps, and when it ends.
#pragma once

#include <cstdint>
#include <deque>

#include <taskonomy/sdk/torch.hpp>

#include "core/recipe/recipe.hpp"

namespace taskonomy::training {

/// Learning rate of the step 0 <= step < options.steps:
///
///   constant    the recipe's rate
///   step        the rate, and a tenth of it after the share `step_at` (the paper's 1e-4, then 1e-5)
///   one_cycle   along a cosine from rate/25 up to the rate in the first 30 % of the steps, then down to
///               rate/1e4 (Smith and Topin 2017)
///   cosine      along a line up to the rate in the first 5 % of the steps, then along a cosine down to
///               rate/1e4 (Loshchilov and Hutter 2017)
///
/// The rates of until_flat depend on losses: Pace has them.
[[nodiscard]] double learning_rate(const recipe::Training& options, std::int64_t step);

/// Tells whether a loss that is measured now and then still falls. Two things make the question hard. A network
/// that learns at a high rate jumps from one measurement to the next: the median of an image's last three losses
/// is what counts. And few images are held out: a fall counts where the mean of the images' own differences
/// exceeds its standard error, so that twenty images have to say it more clearly than two hundred. A fall by less
/// than 1 % of the loss does not count.
class Plateau {
 public:
  /// Losses of the same images at every call, float64 [n], in the order of training.
  void observe(const torch::Tensor& losses);
  /// Whether the last `patience` measurements brought no fall below the lowest level before them.
  [[nodiscard]] bool is_flat(std::int64_t patience) const { return since_fall_ >= patience; }

 private:
  std::deque<torch::Tensor> recent_;  ///< at most three
  torch::Tensor lowest_;              ///< [n], the level that a fall is measured from
  std::int64_t since_fall_ = 0;       ///< measurements
};

/// The rates of a training, and its number of steps, which the validation losses decide where the schedule is
/// "until_flat": the rate rises along a line in the first 5 % of options.steps, then stays, and falls to nearly 0
/// (as 1 - sqrt(progress)) over a quarter of the whole training once the validation loss has stopped falling,
/// at the latest after 75 % of options.steps (warm-up, stable, decay: Zhai et al., "Scaling Vision Transformers",
/// CVPR 2022; Hägele et al., "Scaling Laws and Compute-Optimal Training Beyond Fixed Training Durations", NeurIPS
/// 2024). A training that ends early has still cooled down, which no schedule of a fixed length allows.
class Pace {
 public:
  explicit Pace(const recipe::Training& options);
  /// Rate of a step, 1 <= step <= steps().
  [[nodiscard]] double rate(std::int64_t step) const;
  /// Number of steps as far as it is known: never more than options.steps, and never raised.
  [[nodiscard]] std::int64_t steps() const { return steps_; }
  /// Whether to validate after a step. Validation costs images too: after every twentieth of the steps where the
  /// losses decide the end, otherwise after every tenth of them in the second half; and at the end.
  [[nodiscard]] bool validates_at(std::int64_t step) const;
  /// Hears the validation losses after a step, float64 [n].
  void observe(std::int64_t step, const torch::Tensor& losses);

 private:
  [[nodiscard]] bool is_adaptive() const { return options_.schedule == "until_flat"; }

  recipe::Training options_;
  std::int64_t steps_, last_stable_;  ///< after the step last_stable_ the rate of until_flat falls
  Plateau plateau_;
};

}  // namespace taskonomy::training
