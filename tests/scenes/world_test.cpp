// What the rendered world promises: same seed, same pixels; labels that agree with each other and with the
// cameras.
#include <algorithm>
#include <cmath>
#include <thread>

#include "plugins/datasets/scenes/world.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy::scenes;

namespace {

WorldOptions small_world(std::int64_t rooms = 16) {
  WorldOptions options;
  options.rooms = rooms;
  options.views_per_room = 4;
  options.render.side = 32;
  return options;
}

bool same(const View& a, const View& b) {
  return a.rgb == b.rgb && a.depth_zbuffer == b.depth_zbuffer && a.normal == b.normal &&
         a.curvature == b.curvature && a.semantic == b.semantic && a.instance == b.instance &&
         a.pose == b.pose;
}

Vec3 position(const View& v) { return {v.pose[3], v.pose[7], v.pose[11]}; }

Vec3 world_from_camera(const View& v, Vec3 p) {
  return {v.pose[0] * p.x + v.pose[1] * p.y + v.pose[2] * p.z + v.pose[3],
          v.pose[4] * p.x + v.pose[5] * p.y + v.pose[6] * p.z + v.pose[7],
          v.pose[8] * p.x + v.pose[9] * p.y + v.pose[10] * p.z + v.pose[11]};
}

Vec3 camera_from_world(const View& v, Vec3 p) {
  const Vec3 d = p - position(v);
  return {v.pose[0] * d.x + v.pose[4] * d.y + v.pose[8] * d.z,
          v.pose[1] * d.x + v.pose[5] * d.y + v.pose[9] * d.z,
          v.pose[2] * d.x + v.pose[6] * d.y + v.pose[10] * d.z};
}

/// World point of a pixel by its z depth.
Vec3 unproject(const View& v, int row, int column) {
  const float z = v.depth_zbuffer[static_cast<std::size_t>(row * v.side + column)];
  const float x = (static_cast<float>(column) + 0.5F - v.intrinsics[2]) / v.intrinsics[0];
  const float y = (static_cast<float>(row) + 0.5F - v.intrinsics[5]) / v.intrinsics[4];
  return world_from_camera(v, {x * z, y * z, z});
}

}  // namespace

TEST_CASE("same seed, same pixels: in any order, from any thread, from any world") {
  const World first(small_world()), second(small_world());
  std::vector<View> forwards, backwards(12), threaded(12);
  for (int i = 0; i < 12; ++i) forwards.push_back(first.sample(i, i % 4, Views::single).views[0]);
  for (int i = 11; i >= 0; --i)
    backwards[static_cast<std::size_t>(i)] = second.sample(i, i % 4, Views::single).views[0];
  std::vector<std::thread> crew;
  for (int t = 0; t < 3; ++t)
    crew.emplace_back([&, t] {
      for (int i = t; i < 12; i += 3)
        threaded[static_cast<std::size_t>(i)] = first.sample(i, i % 4, Views::single).views[0];
    });
  for (std::thread& thread : crew) thread.join();
  for (std::size_t i = 0; i < 12; ++i) {
    CHECK(same(forwards[i], backwards[i]));
    CHECK(same(forwards[i], threaded[i]));
  }
  WorldOptions other = small_world();
  other.seed = 2;
  CHECK_FALSE(same(forwards[0], World(other).sample(0, 0, Views::single).views[0]));
  CHECK_FALSE(same(forwards[0], first.sample(0, 1, Views::single).views[0]));
}

TEST_CASE("a room does not depend on how many there are, and rgb does not change the labels") {
  const World small(small_world(4)), large(small_world(400));
  CHECK(same(small.sample(3, 1, Views::single).views[0], large.sample(3, 1, Views::single).views[0]));
  const View bare = small.sample(3, 1, Views::single, false).views[0];
  CHECK(bare.rgb.empty());
  CHECK(bare.normal == large.sample(3, 1, Views::single).views[0].normal);
}

TEST_CASE("ids name kind and number, kinds in rotation; other ids are refused") {
  const World world(small_world(20));
  CHECK(world.room_id(2) == "kitchen-00002");
  CHECK(world.room_id(10) == "kitchen-00010");
  for (std::int64_t room = 0; room < 20; ++room) CHECK(world.room_number(world.room_id(room)) == room);
  for (const char* id : {"", "kitchen", "kitchen-", "kitchen-00003", "kitchen-2", "kitchen-00026",
                         "kitchen-0000x", "attic-00002"}) {
    INFO(id);
    CHECK_THROWS_AS(static_cast<void>(world.room_number(id)), std::invalid_argument);
  }
  CHECK_THROWS_AS(static_cast<void>(world.sample(0, 4, Views::single)), std::out_of_range);
  WorldOptions none = small_world();
  none.rooms = 0;
  CHECK_THROWS_AS(World{none}, std::invalid_argument);
}

TEST_CASE("depths, normals, shading and shares agree with each other in every pixel") {
  const World world(small_world());
  for (int room = 0; room < 16; ++room) {
    const View v = world.sample(room, 0, Views::single).views[0];
    const auto area = static_cast<std::size_t>(v.side * v.side);
    int no_reading = 0, wrong = 0, labelled = 0;
    for (std::size_t i = 0; i < area; ++i) {
      const std::size_t column = i % 32, row = i / 32;
      const float x = (static_cast<float>(column) + 0.5F - v.intrinsics[2]) / v.intrinsics[0];
      const float y = (static_cast<float>(row) + 0.5F - v.intrinsics[5]) / v.intrinsics[4];
      const float ray = std::sqrt(x * x + y * y + 1.0F);
      no_reading += v.depth_zbuffer[i] > 0.0F ? 0 : 1;
      wrong +=
          std::abs(v.depth_euclidean[i] - v.depth_zbuffer[i] * ray) > 1e-3F * v.depth_euclidean[i] ? 1 : 0;
      const Vec3 n{v.normal[i], v.normal[area + i], v.normal[2 * area + i]};
      wrong += std::abs(length(n) - 1.0F) > 1e-3F ? 1 : 0;
      const float cosine = -(n.x * x + n.y * y + n.z) / ray;
      wrong += cosine <= 0.0F || std::abs(cosine - v.reshading[i]) > 1e-3F ? 1 : 0;
      wrong += std::abs(v.curvature[i]) + 1e-6F < std::abs(v.curvature[area + i]) ? 1 : 0;
      wrong += v.semantic[i] < 1 || v.semantic[i] >= kSemanticClasses || v.instance[i] < 1 ? 1 : 0;
      labelled += v.semantic[i] >= 2 ? 1 : 0;
    }
    INFO("room ", room);
    CHECK(no_reading == 0);
    CHECK(wrong == 0);
    float sum = 0.0F;
    for (const float share : v.class_object) sum += share;
    CHECK(sum == doctest::Approx(labelled > 0 ? 1.0 : 0.0));
    CHECK(v.class_scene[static_cast<std::size_t>(world.kind_of(room))] == 1.0F);
  }
}

namespace {

/// Mean and spread of an image's bytes, and how many of them are blown out.
struct Exposure {
  double mean = 0, spread = 0, blown_out = 0;
};

Exposure exposure_of(const View& v) {
  double sum = 0, square = 0, white = 0;
  for (const std::uint8_t byte : v.rgb) sum += byte, square += byte * byte, white += byte >= 254 ? 1 : 0;
  const double n = static_cast<double>(v.rgb.size()), mean = sum / n;
  return {mean, std::sqrt(square / n - mean * mean), white / n};
}

}  // namespace

TEST_CASE("no picture is black, blown out or flat") {
  const World world(small_world());
  for (int room = 0; room < 16; ++room) {
    for (int index = 0; index < 2; ++index) {
      const Exposure e = exposure_of(world.sample(room, index, Views::single).views[0]);
      INFO("room ", room, " view ", index);
      CHECK(e.mean > 60);
      CHECK(e.mean < 215);
      CHECK(e.spread > 18);
      CHECK(e.blown_out < 0.25);
    }
  }
}

TEST_CASE("2000 rooms of every kind have a light, and none of a sample of them looks black or flat") {
  constexpr int kRooms = 2000, kLookAtEvery = 8;
  for (int kind = 0; kind < kRoomKinds; ++kind) {
    WorldOptions options = small_world(kRooms);
    options.kinds = {static_cast<RoomKind>(kind)};
    options.render.side = 8;
    options.render.samples = 1;
    const World world(options);
    for (int room = 0; room < kRooms; ++room) {
      INFO(world.room_id(room));
      const Vec3 ambient = world.build_room(room).ambient;
      CHECK(std::min({ambient.x, ambient.y, ambient.z}) > 0.005F);
      if (room % kLookAtEvery != 0) continue;
      const Exposure e = exposure_of(world.sample(room, 0, Views::single).views[0]);
      CHECK(e.mean > 30);
      CHECK(e.spread > 3);
    }
  }
}

TEST_CASE("the axes are orthonormal and the layout box is theirs, in level and in tilted views") {
  bool tilted = false;
  SUBCASE("plain") {}
  SUBCASE("varied") { tilted = true; }
  WorldOptions options = small_world();
  if (tilted) options.render.look = Look::varied;
  const World world(options);
  for (int room = 0; room < 16; ++room) {
    const View v = world.sample(room, 1, Views::single).views[0];
    const auto& p = v.vanishing_points;
    const Vec3 x{p[0], p[1], p[2]}, y{p[3], p[4], p[5]}, z{p[6], p[7], p[8]};
    CHECK(std::abs(dot(x, y)) + std::abs(dot(y, z)) + std::abs(dot(z, x)) < 1e-5F);
    CHECK(length(cross(x, y) - z) < 1e-5F);
    CHECK(y.z > 0.6F);                       // ahead
    CHECK(x.x > 0.6F);                       // to the right
    CHECK(z.y < (tilted ? -0.7F : -0.85F));  // up is up in the picture: little roll, small pitch
    const auto& l = v.room_layout;
    const float ca = std::cos(l[3]), sa = std::sin(l[3]), cb = std::cos(l[4]), sb = std::sin(l[4]),
                cc = std::cos(l[5]), sc = std::sin(l[5]);
    const auto turned = [&](Vec3 q) {  // Rz(c) Ry(b) Rx(a)
      const Vec3 r1{q.x, ca * q.y - sa * q.z, sa * q.y + ca * q.z};
      const Vec3 r2{cb * r1.x + sb * r1.z, r1.y, -sb * r1.x + cb * r1.z};
      return Vec3{cc * r2.x - sc * r2.y, sc * r2.x + cc * r2.y, r2.z};
    };
    CHECK(length(turned({1, 0, 0}) - x) < 1e-4F);
    CHECK(length(turned({0, 1, 0}) - y) < 1e-4F);
    CHECK(length(turned({0, 0, 1}) - z) < 1e-4F);
    // Every visible point lies in the box.
    int outside = 0;
    for (int i = 0; i < 32 * 32; ++i) {
      const Vec3 d = camera_from_world(v, unproject(v, i / 32, i % 32)) - Vec3{l[0], l[1], l[2]};
      const float slack = 0.16F;  // window panes lie in the wall's depth
      outside += std::abs(dot(d, x)) > 0.5F * l[6] + slack || std::abs(dot(d, y)) > 0.5F * l[7] + slack ||
                 std::abs(dot(d, z)) > 0.5F * l[8] + slack;
    }
    CHECK(outside == 0);
  }
}

TEST_CASE("fixated views look at one point; relative poses around a triplet compose to nothing") {
  const World world(small_world());
  for (int room = 0; room < 16; ++room) {
    const SampleViews sample = world.sample(room, 0, Views::fixated_triplet, false);
    REQUIRE(sample.views.size() == 3);
    const Stage& stage = *world.stage(room);
    std::vector<Vec3> seen;
    for (const View& v : sample.views) {
      const Vec3 forward{v.pose[2], v.pose[6], v.pose[10]};
      const Hit hit = stage.caster->intersect(Ray{position(v), forward, 1e-4F, 1e4F});
      seen.push_back(position(v) + forward * hit.distance);
    }
    INFO("room ", room);
    CHECK(length(seen[0] - seen[1]) < 0.01F);
    CHECK(length(seen[0] - seen[2]) < 0.01F);
    CHECK(length(position(sample.views[0]) - position(sample.views[1])) > 0.1F);
    // a -> b -> c -> a brings a camera point back.
    const Vec3 start{0.3F, -0.2F, 1.5F};
    const auto hop = [&](std::size_t from, std::size_t to, Vec3 p) {
      return camera_from_world(sample.views[to], world_from_camera(sample.views[from], p));
    };
    CHECK(length(hop(2, 0, hop(1, 2, hop(0, 1, start))) - start) < 1e-4F);
  }
}

TEST_CASE("pixels of one view land on the depth of the other") {
  const World world(small_world());
  int agree = 0, hidden = 0, contradiction = 0;
  for (int room = 0; room < 16; ++room) {
    for (const Views kind : {Views::fixated_pair, Views::nonfixated_pair}) {
      const SampleViews sample = world.sample(room, 1, kind, false);
      const View &a = sample.views[0], &b = sample.views[1];
      for (int i = 0; i < 32 * 32; ++i) {
        const Vec3 p = camera_from_world(b, unproject(a, i / 32, i % 32));
        if (p.z < 0.1F) continue;
        const int column = static_cast<int>(std::floor(b.intrinsics[0] * p.x / p.z + b.intrinsics[2]));
        const int row = static_cast<int>(std::floor(b.intrinsics[4] * p.y / p.z + b.intrinsics[5]));
        if (column < 1 || column > 30 || row < 1 || row > 30) continue;
        float lo = 1e9F, hi = 0.0F;  // the pixel's neighbourhood brackets the depth of anything in the pixel
        for (int y = row - 1; y <= row + 1; ++y)
          for (int x = column - 1; x <= column + 1; ++x) {
            lo = std::min(lo, b.depth_zbuffer[static_cast<std::size_t>(y * 32 + x)]);
            hi = std::max(hi, b.depth_zbuffer[static_cast<std::size_t>(y * 32 + x)]);
          }
        if (p.z < lo * 0.97F)
          ++contradiction;  // before everything b sees there
        else if (p.z > hi * 1.03F)
          ++hidden;
        else
          ++agree;
      }
    }
  }
  CHECK(agree > 4000);
  CHECK(hidden < agree);
  CHECK(contradiction < agree / 100);  // slats thinner than a pixel
}

TEST_CASE("matching pairs: even samples match, odd ones do not") {
  const World world(small_world());
  for (int room = 0; room < 16; ++room) {
    for (int index = 0; index < 4; ++index) {
      const SampleViews sample = world.sample(room, index, Views::matching_pair, false);
      REQUIRE(sample.views.size() == 2);
      CHECK(sample.match == (index % 2 == 0));
      Vec3 seen[2];
      for (std::size_t v = 0; v < 2; ++v) {
        const Vec3 forward{sample.views[v].pose[2], sample.views[v].pose[6], sample.views[v].pose[10]};
        const Hit hit =
            world.stage(room)->caster->intersect(Ray{position(sample.views[v]), forward, 1e-4F, 1e4F});
        seen[v] = position(sample.views[v]) + forward * hit.distance;
      }
      INFO("room ", room, " index ", index);
      if (sample.match)
        CHECK(length(seen[0] - seen[1]) < 0.01F);
      else
        CHECK(length(seen[0] - seen[1]) > 0.15F);
    }
  }
}
