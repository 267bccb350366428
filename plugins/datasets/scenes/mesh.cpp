// Parametric meshes: boxes, rounded boxes, lathed and general surfaces, with analytic normals and curvatures.
#include "mesh.hpp"

namespace taskonomy::scenes {
namespace {

Point cross(Point a, Point b) {
  return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
double dot(Point a, Point b) { return a.x * b.x + a.y * b.y + a.z * b.z; }

Vec3 axis(int i) { return {i == 0 ? 1.0F : 0.0F, i == 1 ? 1.0F : 0.0F, i == 2 ? 1.0F : 0.0F}; }
float component(Vec3 v, int i) { return i == 0 ? v.x : i == 1 ? v.y : v.z; }

/// Catmull-Rom through the points; t in 0..1 over the whole curve.
std::pair<double, double> spline(const std::vector<std::pair<float, float>>& p, double t) {
  const auto n = static_cast<int>(p.size()) - 1;
  const double s = t * n;
  const int i = std::clamp(static_cast<int>(std::floor(s)), 0, n - 1);
  const double x = s - i;
  const auto at = [&](int k) {
    if (k < 0)
      return std::pair<double, double>{2.0 * p[0].first - p[1].first, 2.0 * p[0].second - p[1].second};
    const auto m = static_cast<std::size_t>(n);
    if (k > n)
      return std::pair<double, double>{2.0 * p[m].first - p[m - 1].first,
                                       2.0 * p[m].second - p[m - 1].second};
    return std::pair<double, double>{p[static_cast<std::size_t>(k)].first,
                                     p[static_cast<std::size_t>(k)].second};
  };
  const double w0 = -0.5 * x + x * x - 0.5 * x * x * x, w1 = 1 - 2.5 * x * x + 1.5 * x * x * x;
  const double w2 = 0.5 * x + 2 * x * x - 1.5 * x * x * x, w3 = -0.5 * x * x + 0.5 * x * x * x;
  const auto a = at(i - 1), b = at(i), c = at(i + 1), d = at(i + 2);
  return {w0 * a.first + w1 * b.first + w2 * c.first + w3 * d.first,
          w0 * a.second + w1 * b.second + w2 * c.second + w3 * d.second};
}

}  // namespace

SurfacePoint surface_point(const SurfaceDerivatives& d) {
  SurfacePoint out{{static_cast<float>(d.p.x), static_cast<float>(d.p.y), static_cast<float>(d.p.z)},
                   {0, 0, 1},
                   0,
                   0,
                   false};
  Point n = cross(d.pu, d.pv);
  const double area = std::sqrt(dot(n, n));
  if (area < 1e-9) return out;
  out.regular = true;
  n = {n.x / area, n.y / area, n.z / area};
  out.normal = {static_cast<float>(n.x), static_cast<float>(n.y), static_cast<float>(n.z)};
  // First form (e, f, g), second form (l, m, o); minus because a convex surface bends away from its normal.
  const double e = dot(d.pu, d.pu), f = dot(d.pu, d.pv), g = dot(d.pv, d.pv);
  const double l = -dot(d.puu, n), m = -dot(d.puv, n), o = -dot(d.pvv, n);
  const double det = e * g - f * f;
  const double mean = (e * o - 2 * f * m + g * l) / (2 * det), gauss = (l * o - m * m) / det;
  const double root = std::sqrt(std::max(0.0, mean * mean - gauss));
  const double k1 = mean >= 0 ? mean + root : mean - root, k2 = mean >= 0 ? mean - root : mean + root;
  out.k1 = static_cast<float>(k1);
  out.k2 = static_cast<float>(k2);
  return out;
}

Box Mesh::bounds() const {
  Box all = empty_box();
  for (const Box& hull : hulls) {
    all.include(hull.lo);
    all.include(hull.hi);
  }
  return all;
}

void Mesh::add_hull(std::uint32_t first_vertex) {
  Box hull = empty_box();
  for (std::size_t i = first_vertex; i < vertices.size(); ++i) hull.include(vertices[i].position);
  hulls.push_back(hull);
}

void Mesh::stitch(std::uint32_t first, int nu, int nv, int material) {
  const auto row = static_cast<std::uint32_t>(nu + 1);
  for (int j = 0; j < nv; ++j) {
    for (int i = 0; i < nu; ++i) {
      const std::uint32_t a = first + static_cast<std::uint32_t>(j) * row + static_cast<std::uint32_t>(i);
      triangles.push_back({a, a + 1, a + row + 1, material});
      triangles.push_back({a, a + row + 1, a + row, material});
    }
  }
}

void Mesh::quad(Vec3 corner, Vec3 eu, Vec3 ev, int material, bool unit_uv) {
  const auto first = static_cast<std::uint32_t>(vertices.size());
  const Vec3 n = normalize(scenes::cross(eu, ev));
  const float lu = unit_uv ? 1.0F : length(eu), lv = unit_uv ? 1.0F : length(ev);
  vertices.push_back({corner, n, 0, 0, 0, 0});
  vertices.push_back({corner + eu, n, lu, 0, 0, 0});
  vertices.push_back({corner + eu + ev, n, lu, lv, 0, 0});
  vertices.push_back({corner + ev, n, 0, lv, 0, 0});
  triangles.push_back({first, first + 1, first + 2, material});
  triangles.push_back({first, first + 2, first + 3, material});
}

void Mesh::box(Vec3 lo, Vec3 hi, int material) {
  const auto first = static_cast<std::uint32_t>(vertices.size());
  const Vec3 size = hi - lo;
  for (int k = 0; k < 3; ++k) {
    int i = (k + 1) % 3, j = (k + 2) % 3;
    for (int side = 0; side < 2; ++side) {
      Vec3 eu = axis(i) * component(size, i), ev = axis(j) * component(size, j);
      Vec3 corner = lo;
      if (side == 1)
        corner = lo + axis(k) * component(size, k);
      else
        std::swap(eu, ev);
      const auto base = vertices.size();
      quad(corner, eu, ev, material);
      const bool turn =
          length(eu) < length(ev);  // u, the direction of wood grain, runs along the longer side
      for (auto v = base; v < base + 4; ++v) {
        if (turn) std::swap(vertices[v].u, vertices[v].v);
        vertices[v].u += lo.x + 0.37F * lo.y;  // neighbours with one material do not repeat each other
        vertices[v].v += lo.z + 0.61F * lo.y;
      }
    }
  }
  add_hull(first);
}

void Mesh::rounded_box(Vec3 lo, Vec3 hi, float radius, int material, int segments) {
  const auto first = static_cast<std::uint32_t>(vertices.size());
  const Vec3 size = hi - lo;
  const float r = std::min(radius, 0.49F * std::min({size.x, size.y, size.z}));
  const int lines = 2 * (segments + 1),
            middle = segments;  // cell `middle` is the flat part, the others are arcs
  const auto slope = [&](int i) {
    const int k = i <= segments ? i - segments : i - segments - 1;
    return std::tan(static_cast<float>(k) / static_cast<float>(segments) * kPi / 4.0F);
  };
  for (int face = 0; face < 6; ++face) {
    const int k = face / 2;
    const float sign = face % 2 == 0 ? -1.0F : 1.0F;
    const int i = sign > 0 ? (k + 1) % 3 : (k + 2) % 3, j = sign > 0 ? (k + 2) % 3 : (k + 1) % 3;
    const auto vertex = [&](int a, int b, float k1, float k2) {
      const Vec3 n = normalize(axis(i) * slope(a) + axis(j) * slope(b) + axis(k) * sign);
      const auto inner = [&](int dimension, bool high) {
        return high ? component(hi, dimension) - r : component(lo, dimension) + r;
      };
      const Vec3 core =
          axis(i) * inner(i, a > segments) + axis(j) * inner(j, b > segments) + axis(k) * inner(k, sign > 0);
      const Vec3 p = core + n * r;
      vertices.push_back({p, n, component(p, i), component(p, j), k1, k2});
    };
    for (int b = 0; b + 1 < lines; ++b) {
      for (int a = 0; a + 1 < lines; ++a) {
        const int bent = (a != middle ? 1 : 0) + (b != middle ? 1 : 0);
        const float k1 = bent > 0 ? 1.0F / r : 0.0F, k2 = bent > 1 ? 1.0F / r : 0.0F;
        const auto base = static_cast<std::uint32_t>(vertices.size());
        vertex(a, b, k1, k2);
        vertex(a + 1, b, k1, k2);
        vertex(a + 1, b + 1, k1, k2);
        vertex(a, b + 1, k1, k2);
        triangles.push_back({base, base + 1, base + 2, material});
        triangles.push_back({base, base + 2, base + 3, material});
      }
    }
  }
  add_hull(first);
}

void Mesh::lathe(Vec3 foot, const std::vector<std::pair<float, float>>& profile, int sides, int material) {
  const auto start = static_cast<std::uint32_t>(vertices.size());
  for (std::size_t s = 0; s + 1 < profile.size(); ++s) {
    const auto [r0, z0] = profile[s];
    const auto [r1, z1] = profile[s + 1];
    const float dr = r1 - r0, dz = z1 - z0, slant = std::max(std::sqrt(dr * dr + dz * dz), 1e-9F);
    const auto first = static_cast<std::uint32_t>(vertices.size());
    for (int j = 0; j <= 1; ++j) {
      for (int i = 0; i <= sides; ++i) {
        const float angle = 2.0F * kPi * static_cast<float>(i) / static_cast<float>(sides);
        const float r = j == 0 ? r0 : r1, z = j == 0 ? z0 : z1, c = std::cos(angle), n = std::sin(angle);
        // Cone: straight along the profile, 1 / (distance to the axis along the normal) around it.
        const float around = dz / slant / std::max(r, 1e-3F);
        const bool flat = dz == 0.0F;  // a disc: its texture lies on it like a board's
        vertices.push_back({foot + Vec3{r * c, r * n, z},
                            {c * dz / slant, n * dz / slant, -dr / slant},
                            flat ? r * c : angle * std::max(r0, r1),
                            flat ? r * n : z,
                            around,
                            0.0F});
      }
    }
    stitch(first, sides, 1, material);
  }
  add_hull(start);
}

void Mesh::smooth_lathe(Vec3 foot, const std::vector<std::pair<float, float>>& profile, int sides, int rings,
                        int material) {
  const auto point = [&](double u, double v) {
    const auto [r, z] = spline(profile, v);
    const double angle = 2.0 * M_PI * u, radius = std::max(r, 1e-4);
    return Point{foot.x + radius * std::cos(angle), foot.y + radius * std::sin(angle), foot.z + z};
  };
  const float height = profile.back().second - profile.front().second;
  surface(point, sides, rings, material, {0.4F, std::max(height, 0.05F)});
}

void Mesh::cylinder(Vec3 foot, float radius, float height, int sides, int material) {
  lathe(foot, {{0.0F, 0.0F}, {radius, 0.0F}, {radius, height}, {0.0F, height}}, sides, material);
}

void Mesh::ball(Vec3 centre, Vec3 radii, int sides, int material) {
  const auto point = [&](double u, double v) {
    const double a = 2.0 * M_PI * u, b = M_PI * (v - 0.5);
    return Point{centre.x + radii.x * std::cos(a) * std::cos(b),
                 centre.y + radii.y * std::sin(a) * std::cos(b), centre.z + radii.z * std::sin(b)};
  };
  surface(point, sides, std::max(4, sides / 2), material, {6.28F * radii.x, 3.14F * radii.z});
}

void Mesh::rod(Vec3 from, Vec3 to, float r_from, float r_to, int sides, int material) {
  const auto first = static_cast<std::uint32_t>(vertices.size());
  const Vec3 along = to - from, w = normalize(along);
  const Vec3 u = normalize(scenes::cross(std::abs(w.z) < 0.9F ? Vec3{0, 0, 1} : Vec3{1, 0, 0}, w)),
             v = scenes::cross(w, u);
  const float tall = length(along), slope = (r_from - r_to) / tall,
              lean = 1.0F / std::sqrt(1.0F + slope * slope);
  for (int j = 0; j <= 1; ++j) {
    for (int i = 0; i <= sides; ++i) {
      const float angle = 2.0F * kPi * static_cast<float>(i) / static_cast<float>(sides);
      const float r = j == 0 ? r_from : r_to;
      const Vec3 radial = u * std::cos(angle) + v * std::sin(angle);
      const Vec3 base = j == 0 ? from : to;
      vertices.push_back({base + radial * r, normalize(radial + w * slope), tall * static_cast<float>(j),
                          angle * r_from, lean / std::max(r, 1e-3F), 0.0F});
    }
  }
  stitch(first, sides, 1, material);
  add_hull(first);
}

void Mesh::cushion(Vec3 centre, Vec3 half, bool upright, int material) {
  for (const double side : {1.0, -1.0}) {
    const auto point = [&](double u, double v) {
      const double a = 2 * u - 1, b = side * (2 * v - 1), a2 = a * a, b2 = b * b;
      const double swell = side * (1 - a2 * a2) * (1 - b2 * b2);
      if (upright)
        return Point{centre.x + half.x * a * (1 - 0.08 * b2), centre.y - half.y * swell,
                     centre.z + half.z * b * (1 - 0.08 * a2)};
      return Point{centre.x + half.x * a * (1 - 0.08 * b2), centre.y + half.y * b * (1 - 0.08 * a2),
                   centre.z + half.z * swell};
    };
    surface(point, 6, 6, material, {2 * half.x, 2 * (upright ? half.z : half.y)});
  }
}

}  // namespace taskonomy::scenes
