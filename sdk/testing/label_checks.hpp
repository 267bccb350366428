// What both groups of label checks ask of one example.
#pragma once

#include <cstdint>

#include "checks.hpp"

namespace taskonomy::sdk::testing {

/// Target, mask and input of an example of an image H x W have the record's shapes and types.
void expect_shapes(Problems& problems, const TaskInfo& info, const Example& example, std::int64_t height,
                   std::int64_t width);

/// The target's values for which the mask is true, float64 [n].
[[nodiscard]] torch::Tensor counted_values(const Example& example);
/// How many of them are NaN or infinite.
[[nodiscard]] std::int64_t not_finite_where_counted(const Example& example);
/// The finite ones among them lie in the record's range, and the input's in [-1,1].
void expect_range(Problems& problems, const TaskInfo& info, const Example& example);
/// They are finite and in range.
void expect_values(Problems& problems, const TaskInfo& info, const Example& example);
/// Shapes, and where these are right, values.
void expect_sound(Problems& problems, const TaskInfo& info, const Example& example, std::int64_t height,
                  std::int64_t width);

}  // namespace taskonomy::sdk::testing
