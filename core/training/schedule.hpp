// Learning rate over the course of a training.
#pragma once

#include <cstdint>

#include "core/recipe/recipe.hpp"

namespace taskonomy::training {

/// Rate for step 0 <= step < training.steps.
///   constant   rate
///   step       rate, a tenth of it after 80 % of the steps (the paper's 1e-4 -> 1e-5)
///   one_cycle  cosine from rate/25 up to rate over the first 30 % of the steps, then down to rate/1e4 (Smith
///   and Topin 2017)
[[nodiscard]] double learning_rate(const recipe::Training& training, std::int64_t step);

}  // namespace taskonomy::training
