// Three-dimensional vectors of the rendered world: metres, z up. Like all of scenes but its
// adapter, they need no LibTorch.
#pragma once

#include <algorithm>
#include <cmath>

namespace taskonomy::scenes {

constexpr float kPi = 3.14159265358979F;

/// A point, a direction or a linear RGB colour.
struct Vec3 {
  float x = 0.0F, y = 0.0F, z = 0.0F;
};

constexpr Vec3 operator+(Vec3 a, Vec3 b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
constexpr Vec3 operator-(Vec3 a, Vec3 b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
constexpr Vec3 operator-(Vec3 a) { return {-a.x, -a.y, -a.z}; }
constexpr Vec3 operator*(Vec3 a, float s) { return {a.x * s, a.y * s, a.z * s}; }
constexpr Vec3 operator*(float s, Vec3 a) { return a * s; }
constexpr Vec3 operator*(Vec3 a, Vec3 b) { return {a.x * b.x, a.y * b.y, a.z * b.z}; }
constexpr Vec3 operator/(Vec3 a, float s) { return a * (1.0F / s); }
constexpr Vec3& operator+=(Vec3& a, Vec3 b) { return a = a + b; }
constexpr float dot(Vec3 a, Vec3 b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
constexpr Vec3 cross(Vec3 a, Vec3 b) {
  return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
inline float length(Vec3 a) { return std::sqrt(dot(a, a)); }
inline Vec3 normalize(Vec3 a) { return a / std::max(length(a), 1e-20F); }
constexpr Vec3 mix(Vec3 a, Vec3 b, float t) { return a + (b - a) * t; }
constexpr float mix(float a, float b, float t) { return a + (b - a) * t; }
constexpr float clamp01(float x) { return x < 0.0F ? 0.0F : x > 1.0F ? 1.0F : x; }
constexpr float smoothstep(float lo, float hi, float x) {
  const float t = clamp01((x - lo) / (hi - lo));
  return t * t * (3.0F - 2.0F * t);
}
/// Rec. 709 luminance of a linear colour.
constexpr float luminance(Vec3 c) { return 0.2126F * c.x + 0.7152F * c.y + 0.0722F * c.z; }

/// How furniture stands in a room: a rotation by `yaw` (radians, counter-clockwise seen from
/// above), then a translation.
struct Stand {
  Vec3 position;
  float yaw = 0.0F;
  [[nodiscard]] Vec3 direction(Vec3 v) const {
    const float c = std::cos(yaw), s = std::sin(yaw);
    return {c * v.x - s * v.y, s * v.x + c * v.y, v.z};
  }
  [[nodiscard]] Vec3 point(Vec3 v) const { return direction(v) + position; }
};

/// Axis-aligned box, metres.
struct Box {
  Vec3 lo, hi;
  [[nodiscard]] Vec3 size() const { return hi - lo; }
  [[nodiscard]] Vec3 centre() const { return (lo + hi) * 0.5F; }
  void include(Vec3 p) {
    lo = {std::min(lo.x, p.x), std::min(lo.y, p.y), std::min(lo.z, p.z)};
    hi = {std::max(hi.x, p.x), std::max(hi.y, p.y), std::max(hi.z, p.z)};
  }
};

/// A box that holds nothing, for include() to grow.
constexpr Box empty_box() { return {{1e9F, 1e9F, 1e9F}, {-1e9F, -1e9F, -1e9F}}; }

}  // namespace taskonomy::scenes
