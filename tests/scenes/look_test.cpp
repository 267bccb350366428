// The varied look: the rooms of the plain one with their labels, in pictures that differ far more.
#include "plugins/datasets/scenes/look.hpp"

#include <array>
#include <cmath>
#include <vector>

#include "plugins/datasets/scenes/world.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy::scenes;

namespace {

WorldOptions plain_world(std::int64_t rooms = 16) {
  WorldOptions options;
  options.rooms = rooms;
  options.views_per_room = 4;
  options.render.side = 32;
  return options;
}

WorldOptions varied_world(std::int64_t rooms = 16) {
  WorldOptions options = plain_world(rooms);
  options.render.look = Look::varied;
  return options;
}

/// Mean and standard deviation.
struct Spread {
  double mean = 0, deviation = 0;
};

Spread spread_of(const std::vector<double>& values) {
  double sum = 0, square = 0;
  for (const double v : values) sum += v, square += v * v;
  const double n = static_cast<double>(values.size()), mean = sum / n;
  return {mean, std::sqrt(std::max(0.0, square / n - mean * mean))};
}

/// Numbers of a picture: brightness, contrast, log of red over blue, steps from pixel to pixel.
std::array<double, 4> looks_of(const View& v) {
  const auto side = static_cast<std::size_t>(v.side), area = side * side;
  double red = 1, blue = 1, steps = 0;
  for (std::size_t i = 0; i < area; ++i) red += v.rgb[i], blue += v.rgb[2 * area + i];
  for (std::size_t i = 0; i + 1 < area; ++i) steps += std::abs(v.rgb[area + i] - v.rgb[area + i + 1]);
  const Spread bytes = spread_of({v.rgb.begin(), v.rgb.end()});
  return {bytes.mean, bytes.deviation, std::log(red / blue), steps / static_cast<double>(area)};
}

}  // namespace

TEST_CASE("varied look: same seed, same pixels; no picture is without content") {
  const World first(varied_world(80)), second(varied_world(80));
  int flat = 0;
  for (int room = 79; room >= 0; --room) {
    const View a = first.sample(room, room % 4, Views::single).views[0];
    if (room % 5 == 0) CHECK(a.rgb == second.sample(room, room % 4, Views::single).views[0].rgb);
    const Spread bytes = spread_of({a.rgb.begin(), a.rgb.end()});
    flat += bytes.mean < 12 || bytes.mean > 243 || bytes.deviation < 10 ? 1 : 0;
  }
  CHECK(flat <= 2);
}

TEST_CASE("varied look: the rooms of the plain one, seen by the same camera, have the same labels") {
  const World plain(plain_world()), varied(varied_world());
  const RenderOptions plainly = plain.options().render, otherwise = varied.options().render;
  for (int room = 0; room < 16; ++room) {
    const auto tidy = plain.stage(room), worn = varied.stage(room);
    const Camera camera = choose_rig(*tidy, Views::single, 0, 3).cameras[0];
    const View a = render(*tidy, camera, plainly, 5), b = render(*worn, camera, otherwise, 5);
    INFO("room ", room);
    CHECK(a.rgb != b.rgb);
    CHECK(a.depth_euclidean == b.depth_euclidean);
    CHECK(a.depth_zbuffer == b.depth_zbuffer);
    CHECK(a.normal == b.normal);
    CHECK(a.curvature == b.curvature);
    CHECK(a.reshading == b.reshading);
    CHECK(a.semantic == b.semantic);
    CHECK(a.instance == b.instance);
    CHECK(a.class_object == b.class_object);
    CHECK(a.class_scene == b.class_scene);
    CHECK(a.intrinsics == b.intrinsics);
    CHECK(a.pose == b.pose);
    CHECK(a.room_layout == b.room_layout);
    CHECK(a.vanishing_points == b.vanishing_points);
  }
}

TEST_CASE("varied look: brightness, contrast, colour and detail spread wider than in the plain one") {
  const World plain(plain_world(48)), varied(varied_world(48));
  std::array<std::vector<double>, 4> narrow, wide;
  for (int room = 0; room < 48; ++room) {
    const auto a = looks_of(plain.sample(room, 0, Views::single).views[0]);
    const auto b = looks_of(varied.sample(room, 0, Views::single).views[0]);
    for (std::size_t k = 0; k < a.size(); ++k) narrow[k].push_back(a[k]), wide[k].push_back(b[k]);
  }
  const double least[] = {2.0, 1.2, 2.0, 1.2};
  for (std::size_t k = 0; k < narrow.size(); ++k) {
    INFO("number ", k);
    CHECK(spread_of(wide[k]).deviation > least[k] * spread_of(narrow[k]).deviation);
  }
}

TEST_CASE("varied look: cameras roll a little, and keep to their ranges") {
  const World world(varied_world(40));
  const Handling handling = handling_of(Look::varied);
  std::vector<double> rolls;
  for (int room = 0; room < 40; ++room) {
    for (const Views kind : {Views::single, Views::nonfixated_pair}) {
      for (const Camera& c : choose_rig(*world.stage(room), kind, 1, 9, handling).cameras) {
        CHECK(c.fov >= handling.narrowest * kPi / 180.0F);
        CHECK(c.fov <= handling.widest * kPi / 180.0F);
        CHECK(c.position.z >= handling.lowest);
        CHECK(c.position.z <= handling.highest);
        CHECK(length(cross(c.right, c.down) - c.forward) < 1e-5F);
        CHECK(std::abs(c.right.z) ==
              doctest::Approx(std::abs(std::sin(c.roll) * std::cos(c.pitch))).epsilon(0.01));
        rolls.push_back(c.roll);
      }
    }
  }
  CHECK(std::abs(spread_of(rolls).mean) < 0.02);
  CHECK(spread_of(rolls).deviation == doctest::Approx(handling.roll).epsilon(0.3));
}
