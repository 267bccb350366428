// Random draws of the statistics: seeded by name, the same on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/hash.hpp"

namespace taskonomy::analysis {

/// A stream of draws of its own for each name: what one statistic draws changes no other.
class Draws {
 public:
  Draws(std::uint64_t seed, std::string_view name) : engine_(base::seed_of(seed, name)) {}

  /// Uniform in 0..count-1, count >= 1. Rejection instead of std::uniform_int_distribution, whose answers
  /// differ between standard libraries.
  [[nodiscard]] std::size_t below(std::size_t count) {
    const std::uint64_t range = count;
    const std::uint64_t surplus = (0 - range) % range;  // 2^64 mod count
    std::uint64_t bits = engine_();
    while (bits < surplus) bits = engine_();
    return static_cast<std::size_t>(bits % range);
  }

  /// All orders equally likely.
  template <typename Value>
  void shuffle(std::vector<Value>& values) {
    for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[below(i)]);
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace taskonomy::analysis
