#include "core/base/hash.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdio>
#include <cstring>

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

// The constants and steps of XXH64, as its specification has them
// (github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md).
constexpr std::uint64_t kXx1 = 0x9E3779B185EBCA87ULL, kXx2 = 0xC2B2AE3D27D4EB4FULL,
                        kXx3 = 0x165667B19E3779F9ULL, kXx4 = 0x85EBCA77C2B2AE63ULL,
                        kXx5 = 0x27D4EB2F165667C5ULL;

template <typename Word>
std::uint64_t word_at(const char* bytes) {
  Word word = 0;
  std::memcpy(&word, bytes, sizeof word);  // little-endian, as everywhere in this program
  return word;
}

std::uint64_t xx_round(std::uint64_t lane, std::uint64_t word) {
  return std::rotl(lane + word * kXx2, 31) * kXx1;
}

/// Takes in all whole blocks of 32 bytes and moves `at` behind them.
std::uint64_t xx_blocks(std::string_view bytes, std::size_t& at) {
  std::array<std::uint64_t, 4> lanes{kXx1 + kXx2, kXx2, 0, 0 - kXx1};
  for (; at + 32 <= bytes.size(); at += 32)
    for (std::size_t i = 0; i < lanes.size(); ++i)
      lanes[i] = xx_round(lanes[i], word_at<std::uint64_t>(bytes.data() + at + 8 * i));
  std::uint64_t state =
      std::rotl(lanes[0], 1) + std::rotl(lanes[1], 7) + std::rotl(lanes[2], 12) + std::rotl(lanes[3], 18);
  for (const auto lane : lanes) state = (state ^ xx_round(0, lane)) * kXx1 + kXx4;
  return state;
}

std::uint64_t xxh64(std::string_view bytes) {
  std::size_t at = 0;
  std::uint64_t state = bytes.size() >= 32 ? xx_blocks(bytes, at) : kXx5;
  state += bytes.size();
  for (; at + 8 <= bytes.size(); at += 8)
    state = std::rotl(state ^ xx_round(0, word_at<std::uint64_t>(bytes.data() + at)), 27) * kXx1 + kXx4;
  for (; at + 4 <= bytes.size(); at += 4)
    state = std::rotl(state ^ word_at<std::uint32_t>(bytes.data() + at) * kXx1, 23) * kXx2 + kXx3;
  for (; at < bytes.size(); ++at)
    state = std::rotl(state ^ static_cast<unsigned char>(bytes[at]) * kXx5, 11) * kXx1;
  state = (state ^ (state >> 33)) * kXx2;
  state = (state ^ (state >> 29)) * kXx3;
  return state ^ (state >> 32);
}

}  // namespace

std::string checksum(std::string_view bytes) {
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(xxh64(bytes)));
  return text;
}

std::uint64_t hash(std::string_view bytes) { return fnv1a(bytes, kOffset); }

std::string fingerprint(std::string_view bytes) {
  char text[33];
  std::snprintf(text, sizeof text, "%016llx%016llx", static_cast<unsigned long long>(fnv1a(bytes, kOffset)),
                static_cast<unsigned long long>(fnv1a(bytes, ~kOffset)));
  return text;
}

std::uint64_t seed_of(std::uint64_t seed, std::string_view name) { return avalanche(seed ^ hash(name)); }

}  // namespace taskonomy::base
