// Which sources are joined: the combinations of first and higher order (method.md "Easy to get wrong", 5).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace taskonomy::transfer {

/// A transfer into one target: its sources, best first-order source first.
using Sources = std::vector<std::string>;

/// "a+b+c": the name of a transfer's sources.
[[nodiscard]] std::string name_of(const Sources& sources);

/// Combinations of the given orders (>= 2), from sources ranked by first-order affinity, best first.
///   order 2..4   every combination of the `top` best
///   order >= 5   one: the `order` best
/// Orders beyond the number of sources give nothing. Ascending by order, then by rank.
[[nodiscard]] std::vector<Sources> higher_orders(const Sources& ranked,
                                                 const std::vector<std::int64_t>& orders, std::int64_t top);

}  // namespace taskonomy::transfer
