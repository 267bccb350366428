// Random numbers that depend on nothing but their seed: splitmix64 streams and stable hashes of names.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace taskonomy::scenes {

/// Mixes the bits of x well (the finaliser of splitmix64).
constexpr std::uint64_t mix_bits(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15ULL;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31);
}

/// Hashes a name with a seed (FNV-1a); the value is the same on every machine.
constexpr std::uint64_t hash_text(std::string_view text, std::uint64_t seed) {
  std::uint64_t h = 0xCBF29CE484222325ULL ^ mix_bits(seed);
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  return mix_bits(h);
}

/// A number in [0,1) from the upper bits of a mixed value.
constexpr float unit_float(std::uint64_t bits) { return static_cast<float>(bits >> 40) * 0x1p-24F; }

/// One stream of random numbers. Copy it to repeat it, fork() it for an independent one.
class Rng {
 public:
  explicit Rng(std::uint64_t seed) : state_(mix_bits(seed)) {}
  std::uint64_t next() { return mix_bits(state_ += 0x9E3779B97F4A7C15ULL); }
  /// A number in [0,1).
  float uniform() { return unit_float(next()); }
  float range(float lo, float hi) { return lo + (hi - lo) * uniform(); }
  /// A whole number in 0..count-1; count must be positive.
  int below(int count) { return static_cast<int>(next() % static_cast<std::uint64_t>(count)); }
  bool chance(float probability) { return uniform() < probability; }
  template <typename T>
  T pick(const std::vector<T>& choices) {
    return choices[static_cast<std::size_t>(below(static_cast<int>(choices.size())))];
  }
  /// A stream that depends on this one's state and on `stream`, without advancing this one.
  [[nodiscard]] Rng fork(std::uint64_t stream) const { return Rng(state_ ^ mix_bits(stream)); }

 private:
  std::uint64_t state_;
};

}  // namespace taskonomy::scenes
