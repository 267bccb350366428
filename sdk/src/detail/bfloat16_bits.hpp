// Numbers as loops store them: float32, or bfloat16 as its bits.
#pragma once

#include <cstdint>
#include <cstring>

namespace taskonomy::sdk::detail {

using Bfloat16 = std::uint16_t;  ///< its bits: the upper half of a float32

// They vanish in the loops that call them, or those would not be vectorised.

[[gnu::always_inline]] inline float to_float(float value) { return value; }
[[gnu::always_inline]] inline float to_float(Bfloat16 bits) {
  const std::uint32_t wide = static_cast<std::uint32_t>(bits) << 16;
  float value = 0.0F;
  std::memcpy(&value, &wide, sizeof value);
  return value;
}
[[gnu::always_inline]] inline void store(float value, float& place) { place = value; }
[[gnu::always_inline]] inline void store(float value,
                                         Bfloat16& place) {  // to the nearest, ties to even; NaN stays NaN
  std::uint32_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  const std::uint32_t rounded = (bits + 0x7FFFU + ((bits >> 16) & 1U)) >> 16;
  place = static_cast<Bfloat16>(value == value ? rounded : 0x7FC0U);
}

}  // namespace taskonomy::sdk::detail
