// Which sources are joined into transfers of higher order. Trying all combinations is out of reach, so they
// come from the sources that were best alone (paper section 3.2; method.md, step II).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace taskonomy::transfer {

/// A transfer into one target: its sources, best first-order source first.
using Sources = std::vector<std::string>;

/// "a+b+c": the name of a transfer's sources.
[[nodiscard]] std::string name_of(const Sources& sources);

/// The combinations to train of the given orders (>= 2), from sources that are ranked by first-order
/// affinity, best first:
///
///   order 2..4   every combination of the `top` best
///   order >= 5   one: the `order` best
///
/// They come ascending by order, then by rank. An order beyond the number of sources, or up to 4 beyond
/// `top`, gives nothing.
[[nodiscard]] std::vector<Sources> higher_orders(const Sources& ranked,
                                                 const std::vector<std::int64_t>& orders, std::int64_t top);

}  // namespace taskonomy::transfer
