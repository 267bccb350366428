#include "core/base/hash.hpp"

#include <cstdio>

namespace taskonomy::base {

namespace {

constexpr std::uint64_t kOffset = 0xcbf29ce484222325ULL;
constexpr std::uint64_t kPrime = 0x100000001b3ULL;

/// splitmix64's finaliser: every input bit reaches every output bit.
std::uint64_t avalanche(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

std::uint64_t fnv1a(std::string_view bytes, std::uint64_t state) {
  for (const char byte : bytes) state = (state ^ static_cast<unsigned char>(byte)) * kPrime;
  return avalanche(state);
}

}  // namespace

std::uint64_t hash(std::string_view bytes) { return fnv1a(bytes, kOffset); }

std::string fingerprint(std::string_view bytes) {
  char text[33];
  std::snprintf(text, sizeof text, "%016llx%016llx", static_cast<unsigned long long>(fnv1a(bytes, kOffset)),
                static_cast<unsigned long long>(fnv1a(bytes, ~kOffset)));
  return text;
}

std::uint64_t seed_of(std::uint64_t seed, std::string_view name) { return avalanche(seed ^ hash(name)); }

}  // namespace taskonomy::base
