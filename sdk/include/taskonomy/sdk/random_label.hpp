// How a task says that its label is drawn by chance.
#pragma once

#include <string_view>

#include <taskonomy/sdk/extensions.hpp>

namespace taskonomy::sdk {

/// An extension without functions: the target itself depends on make_example's generator though the network
/// sees the plain image, as where region tasks draw the pixels that they compare. Tasks with an input of
/// their own need not declare it: what they hide or add is in the input.
struct RandomLabel {
  static constexpr std::string_view kId = "taskonomy.random-label/1";
};

}  // namespace taskonomy::sdk
