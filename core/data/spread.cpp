#include "core/data/spread.hpp"

#include <algorithm>
#include <string>

#include "core/base/hash.hpp"

namespace taskonomy::data {

std::vector<std::int64_t> spread(std::int64_t size, std::int64_t count) {
  count = std::min(count, size);
  std::vector<std::int64_t> indices;
  indices.reserve(static_cast<std::size_t>(count));
  for (std::int64_t part = 0; part < count; ++part) {
    const std::int64_t begin = part * size / count, length = (part + 1) * size / count - begin;
    const std::uint64_t drawn = base::seed_of(0, "spread/" + std::to_string(part));
    indices.push_back(begin + static_cast<std::int64_t>(drawn % static_cast<std::uint64_t>(length)));
  }
  return indices;
}

}  // namespace taskonomy::data
