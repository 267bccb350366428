// Curvatures and normals of parametric surfaces against closed forms.
#include "plugins/datasets/scenes/mesh.hpp"
#include "plugins/datasets/scenes/texture.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy::scenes;

TEST_CASE("a ball has 1/r twice and points outwards") {
  Mesh mesh;
  mesh.ball({1, 2, 3}, {0.25F, 0.25F, 0.25F}, 16, 0);
  for (const Vertex& v : mesh.vertices) {
    CHECK(v.k1 == doctest::Approx(4.0).epsilon(1e-3));
    CHECK(v.k2 == doctest::Approx(4.0).epsilon(1e-3));
    if (std::abs(v.position.z - 3) < 0.24F)
      CHECK(length(v.normal - normalize(v.position - Vec3{1, 2, 3})) < 1e-3F);
  }
}

TEST_CASE("cylinders, rods and cones curve around their axis alone") {
  Mesh mesh;
  mesh.cylinder({0, 0, 0}, 0.5F, 2.0F, 24, 0);
  int caps = 0, sides = 0;
  for (const Vertex& v : mesh.vertices) {
    const bool flat = std::abs(v.normal.z) > 0.5F;
    CHECK(v.k1 == doctest::Approx(flat ? 0.0 : 2.0));
    CHECK(v.k2 == 0.0F);
    ++(flat ? caps : sides);
  }
  CHECK(caps > 0);
  CHECK(sides > 0);
  Mesh cone;
  cone.lathe({0, 0, 0}, {{1.0F, 0.0F}, {0.5F, 0.5F}}, 24, 0);  // 45 degrees: 1 / (r sqrt 2)
  for (const Vertex& v : cone.vertices)
    CHECK(v.k1 == doctest::Approx(1.0 / (std::hypot(v.position.x, v.position.y) * std::sqrt(2.0))));
  Mesh rod;
  rod.rod({0, 0, 0}, {1, 1, 1}, 0.1F, 0.1F, 8, 0);
  for (const Vertex& v : rod.vertices) {
    CHECK(v.k1 == doctest::Approx(10.0));
    CHECK(std::abs(dot(v.normal, {1, 1, 1})) < 1e-5F);
  }
}

TEST_CASE("boxes are flat; rounded boxes are flat, cylinder and ball in their places") {
  Mesh flat, round;
  flat.box({0, 0, 0}, {1, 2, 3}, 0);
  for (const Vertex& v : flat.vertices) {
    CHECK(v.k1 == 0.0F);
    // The normal points away from the box's middle.
    CHECK(dot(v.normal, v.position - Vec3{0.5F, 1.0F, 1.5F}) > 0.0F);
  }
  round.rounded_box({0, 0, 0}, {1, 1, 1}, 0.2F, 0, 2);
  bool kinds[3] = {false, false, false};
  for (const Vertex& v : round.vertices) {
    const int kind = v.k2 != 0.0F ? 2 : v.k1 != 0.0F ? 1 : 0;
    kinds[kind] = true;
    if (kind > 0) CHECK(v.k1 == doctest::Approx(5.0));
    if (kind > 1) CHECK(v.k2 == doctest::Approx(5.0));
    CHECK(length(v.normal) == doctest::Approx(1.0));
    CHECK(std::max({std::abs(v.position.x - 0.5F), std::abs(v.position.y - 0.5F),
                    std::abs(v.position.z - 0.5F)}) < 0.50001F);
  }
  CHECK((kinds[0] && kinds[1] && kinds[2]));
}

TEST_CASE("a saddle curves both ways, larger magnitude first") {
  Mesh mesh;  // z = x^2 - y^2 / 4 at the origin: -2 and +1/2 seen from above (convex positive)
  mesh.surface(
      [](double u, double v) {
        return Point{u - 0.5, v - 0.5, (u - 0.5) * (u - 0.5) - 0.25 * (v - 0.5) * (v - 0.5)};
      },
      2, 2, 0, {1, 1});
  const Vertex& middle = mesh.vertices[4];
  CHECK(middle.normal.z == doctest::Approx(1.0));
  CHECK(middle.k1 == doctest::Approx(-2.0).epsilon(1e-4));
  CHECK(middle.k2 == doctest::Approx(0.5).epsilon(1e-4));
}

TEST_CASE("a texture seen from far away is its own mean, not a moire") {
  Material stripes;
  stripes.pattern = Pattern::stripes;
  stripes.a = {1, 1, 1};
  stripes.b = {0, 0, 0};
  stripes.size_u = 0.05F;
  for (int i = 0; i < 50; ++i) {
    const float u = 0.0137F * static_cast<float>(i);
    CHECK(colour_at(stripes, u, 0, 2.0F).x == doctest::Approx(0.5).epsilon(0.06));
    const float sharp = colour_at(stripes, u, 0, 1e-4F).x;
    CHECK((sharp < 0.02F || sharp > 0.98F || std::abs(u / 0.05F - std::round(u / 0.05F)) < 0.01F));
  }
}
