// Parametric meshes. Every primitive knows its normals and principal curvatures exactly, and leaves a box as
// its hull.
#pragma once

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "vec.hpp"

namespace taskonomy::scenes {

/// A corner of triangles. Curvatures are in 1/m, the larger magnitude first, and positive where the surface
/// is convex seen from the side that its normal points to: +1/r twice for a ball of radius r seen from
/// outside.
struct Vertex {
  Vec3 position, normal;
  float u = 0.0F, v = 0.0F;    ///< texture coordinates, metres unless the pattern says otherwise
  float k1 = 0.0F, k2 = 0.0F;  ///< principal curvatures
};

struct Triangle {
  std::uint32_t a = 0, b = 0, c = 0;
  std::int32_t material = 0;  ///< index into Style::materials
};

/// A horizontal place on which small things may stand, in the object's own frame.
struct Support {
  float x0, y0, x1, y1;  ///< metres
  float z;               ///< its height
  float room;            ///< free height above it
};

/// A shining part of an object: a ball that illuminates the room.
struct Glow {
  Vec3 centre;
  float radius;
  Vec3 power;  ///< radiance times area, linear RGB
};

/// A point of a parametric surface, in double precision for its derivatives.
struct Point {
  double x, y, z;
};

/// Position, unit normal (along dP/du x dP/dv) and principal curvatures of a parametric surface at (u, v).
struct SurfacePoint {
  Vec3 position, normal;
  float k1, k2;
  bool regular = true;  ///< false where the parametrisation degenerates and says nothing about the surface
};

/// First and second derivatives of a surface, enough for its shape operator.
struct SurfaceDerivatives {
  Point p, pu, pv, puu, puv, pvv;
};

/// Principal curvatures from the first and second fundamental forms.
SurfacePoint surface_point(const SurfaceDerivatives& d);

/// What u = 1 and v = 1 of a parametric surface are in texture coordinates.
struct TextureSize {
  float u, v;
};

/// One object's triangles in its own frame: x to the right, y = 0 at the back and growing to the
/// front, z up from its foot.
class Mesh {
 public:
  std::vector<Vertex> vertices;
  std::vector<Triangle> triangles;
  std::vector<Box> hulls;  ///< one box per primitive; boxes of two objects must not interpenetrate
  std::vector<Support> supports;
  std::vector<Glow> glows;

  /// Box around all hulls.
  [[nodiscard]] Box bounds() const;

  // Each of these adds one primitive.

  /// A flat parallelogram corner + s*eu + t*ev with its normal along eu x ev. Texture coordinates are metres,
  /// or 0..1 where `unit_uv`. It leaves no hull.
  void quad(Vec3 corner, Vec3 eu, Vec3 ev, int material, bool unit_uv = false);
  /// An axis-aligned box; the texture runs along its longest side.
  void box(Vec3 lo, Vec3 hi, int material);
  /// A box whose edges and corners are rounded by `radius`, with `segments` per 45 degrees.
  void rounded_box(Vec3 lo, Vec3 hi, float radius, int material, int segments = 1);
  /// A round column from `foot` up: radii and heights (r, z) joined by straight lines, creased at each point.
  void lathe(Vec3 foot, const std::vector<std::pair<float, float>>& profile, int sides, int material);
  /// A round column with a smooth (Catmull-Rom) profile through the points.
  void smooth_lathe(Vec3 foot, const std::vector<std::pair<float, float>>& profile, int sides, int rings,
                    int material);
  void cylinder(Vec3 foot, float radius, float height, int sides, int material);
  void ball(Vec3 centre, Vec3 radii, int sides, int material);
  /// A tapered rod between any two points, without caps.
  void rod(Vec3 from, Vec3 to, float r_from, float r_to, int sides, int material);
  /// A cushion: a swollen rectangle in x and z (upright) or in x and y.
  void cushion(Vec3 centre, Vec3 half, bool upright, int material);

  /// A general surface P(u, v), u and v in 0..1, whose outside is along dP/du x dP/dv; texture
  /// coordinates are (u*size.u, v*size.v). Derivatives are central differences in double precision, exact to
  /// about 1e-5 of the curvature.
  template <typename F>
  void surface(F&& f, int nu, int nv, int material, TextureSize size) {
    const auto first = static_cast<std::uint32_t>(vertices.size());
    for (int j = 0; j <= nv; ++j) {
      for (int i = 0; i <= nu; ++i) {
        const double u = static_cast<double>(i) / nu, v = static_cast<double>(j) / nv;
        SurfacePoint s = surface_point(derivatives(f, u, v, u, v));
        if (!s.regular) {  // a pole: the frame is taken a little inside, the position at the place itself
          const double h = 2e-3;
          s = surface_point(derivatives(f, u, v, std::clamp(u, h, 1 - h), std::clamp(v, h, 1 - h)));
        }
        vertices.push_back({s.position, s.normal, static_cast<float>(u) * size.u,
                            static_cast<float>(v) * size.v, s.k1, s.k2});
      }
    }
    stitch(first, nu, nv, material);
    add_hull(first);
  }

 private:
  template <typename F>
  static SurfaceDerivatives derivatives(F&& f, double u, double v, double cu, double cv) {
    constexpr double h = 1e-3;
    const auto combine = [](Point a, double x, Point b, double y, Point c, double z) {
      return Point{a.x * x + b.x * y + c.x * z, a.y * x + b.y * y + c.y * z, a.z * x + b.z * y + c.z * z};
    };
    const Point centre = f(cu, cv), left = f(cu - h, cv), right = f(cu + h, cv), down = f(cu, cv - h),
                up = f(cu, cv + h);
    const Point ll = f(cu - h, cv - h), rr = f(cu + h, cv + h), lr = f(cu - h, cv + h),
                rl = f(cu + h, cv - h);
    SurfaceDerivatives d;
    d.p = f(u, v);
    d.pu = combine(right, 0.5 / h, left, -0.5 / h, centre, 0);
    d.pv = combine(up, 0.5 / h, down, -0.5 / h, centre, 0);
    d.puu = combine(right, 1 / (h * h), left, 1 / (h * h), centre, -2 / (h * h));
    d.pvv = combine(up, 1 / (h * h), down, 1 / (h * h), centre, -2 / (h * h));
    const Point a = combine(rr, 0.25 / (h * h), lr, -0.25 / (h * h), centre, 0);
    d.puv = combine(ll, 0.25 / (h * h), rl, -0.25 / (h * h), a, 1);
    return d;
  }

  void stitch(std::uint32_t first, int nu, int nv, int material);
  void add_hull(std::uint32_t first_vertex);
};

}  // namespace taskonomy::scenes
