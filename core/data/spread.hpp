// A few samples that stand for many, to look at.
#pragma once

#include <cstdint>
#include <vector>

namespace taskonomy::data {

/// `count` of the indices 0..size-1, ascending, one from each of as many equal parts, all when there are no
/// more; 0 <= size, count. Where in its part is drawn by name, the same every time: a plain stride would meet
/// one phase only of samples that alternate, such as matching pairs and others.
[[nodiscard]] std::vector<std::int64_t> spread(std::int64_t size, std::int64_t count);

}  // namespace taskonomy::data
