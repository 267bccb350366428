// Rooms as a carpenter would check them: nothing interpenetrates, doors are free, kinds hold what they
// should, cameras stand where a person could.
#include <map>
#include <set>

#include "plugins/datasets/scenes/camera.hpp"
#include "plugins/datasets/scenes/world.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy::scenes;

namespace {

struct Quad {
  double x[4], y[4];
};

Quad footprint(const Placed& p, const Box& hull) {
  const double c = std::cos(p.stand.yaw), s = std::sin(p.stand.yaw);
  Quad q{};
  const double xs[] = {hull.lo.x, hull.hi.x, hull.hi.x, hull.lo.x},
               ys[] = {hull.lo.y, hull.lo.y, hull.hi.y, hull.hi.y};
  for (int i = 0; i < 4; ++i) {
    q.x[i] = c * xs[i] - s * ys[i] + p.stand.position.x;
    q.y[i] = s * xs[i] + c * ys[i] + p.stand.position.y;
  }
  return q;
}

/// How far a edge line separates the quads (positive = apart); independent of the placer's own test.
double separation(const Quad& a, const Quad& b) {
  double best = -1e9;
  for (const Quad* own : {&a, &b}) {
    const Quad& other = own == &a ? b : a;
    for (int i = 0; i < 4; ++i) {
      const int j = (i + 1) % 4;
      double nx = own->y[j] - own->y[i], ny = own->x[i] - own->x[j];
      const double l = std::hypot(nx, ny);
      if (l < 1e-9) continue;
      double gap = 1e9;
      for (int k = 0; k < 4; ++k)
        gap = std::min(gap, ((other.x[k] - own->x[i]) * nx + (other.y[k] - own->y[i]) * ny) / l);
      best = std::max(best, gap);
    }
  }
  return best;
}

/// Depth by which two placed things interpenetrate, metres; 0 or less when they do not.
double penetration(const Placed& a, const Placed& b) {
  double deepest = -1e9;
  for (const Box& ha : a.object.mesh.hulls) {
    for (const Box& hb : b.object.mesh.hulls) {
      const double z = std::min(a.stand.position.z + ha.hi.z, b.stand.position.z + hb.hi.z) -
                       std::max(a.stand.position.z + ha.lo.z, b.stand.position.z + hb.lo.z);
      if (z <= deepest) continue;
      deepest = std::max(deepest, std::min(z, -separation(footprint(a, ha), footprint(b, hb))));
    }
  }
  return deepest;
}

Room room_of(int number) {
  return make_room(static_cast<RoomKind>(number % kRoomKinds), static_cast<std::uint64_t>(number) * 31 + 7);
}

}  // namespace

TEST_CASE("furniture does not interpenetrate, and every vertex lies in its object's hulls") {
  for (int number = 0; number < 56; ++number) {
    const Room room = room_of(number);
    for (std::size_t i = room.building; i < room.placed.size(); ++i) {
      const Placed& a = room.placed[i];
      const Box around = a.object.mesh.bounds();
      int loose = 0;
      for (const Vertex& v : a.object.mesh.vertices)
        for (const auto& [p, lo, hi] : {std::tuple{v.position.x, around.lo.x, around.hi.x},
                                        {v.position.y, around.lo.y, around.hi.y},
                                        {v.position.z, around.lo.z, around.hi.z}})
          loose += p < lo - 0.011F || p > hi + 0.011F ? 1 : 0;
      INFO("room ", number, " ", a.object.name);
      if (!a.object.mesh.hulls.empty()) CHECK(loose == 0);
      for (std::size_t j = i + 1; j < room.placed.size(); ++j) {
        const Placed& b = room.placed[j];
        INFO("and ", b.object.name);
        CHECK(penetration(a, b) < 0.002);
      }
    }
  }
}

TEST_CASE("furniture stays in the room and doors stay free") {
  for (int number = 0; number < 56; ++number) {
    const Room room = room_of(number);
    CHECK(room.plan.height >= 2.3F);
    CHECK(room.plan.height <= 3.2F);
    CHECK(std::any_of(room.plan.openings.begin(), room.plan.openings.end(),
                      [](const Opening& o) { return o.door; }));
    for (std::size_t i = room.building; i < room.placed.size(); ++i) {
      const Placed& p = room.placed[i];
      for (const Box& hull : p.object.mesh.hulls) {
        const Quad q = footprint(p, hull);
        INFO("room ", number, " ", p.object.name);
        for (int k = 0; k < 4; ++k) {
          const bool in = room.plan.contains(static_cast<float>(q.x[k]), static_cast<float>(q.y[k]));
          CHECK((in || room.plan.distance_to_walls(static_cast<float>(q.x[k]), static_cast<float>(q.y[k])) <
                           0.003F));
        }
        CHECK(p.stand.position.z + hull.hi.z < room.plan.height + 0.003F);
        for (const Opening& o : room.plan.openings) {
          if (!o.door) continue;
          const Wall& w = room.plan.walls[static_cast<std::size_t>(o.wall)];
          Quad way{};  // what a person walks through: the door's width, 0.7 m deep
          const Vec3 corners[] = {w.a + w.along * o.from, w.a + w.along * o.to,
                                  w.a + w.along * o.to + w.inward * 0.7F,
                                  w.a + w.along * o.from + w.inward * 0.7F};
          // Counter-clockwise, as footprint() makes them: along, then inward.
          for (int k = 0; k < 4; ++k) way.x[k] = corners[k].x, way.y[k] = corners[k].y;
          if (p.stand.position.z + hull.lo.z < o.top) CHECK(separation(q, way) > -0.002);
        }
      }
    }
  }
}

TEST_CASE("each kind of room holds what makes it one") {
  std::map<std::string, int> with;
  constexpr int kEach = 20;
  for (int number = 0; number < kEach * kRoomKinds; ++number) {
    const Room room = room_of(number);
    std::set<std::string> here;
    for (std::size_t i = room.building; i < room.placed.size(); ++i) {
      here.insert(room.placed[i].object.name);
      here.insert(semantic_class_names()[static_cast<std::size_t>(room.placed[i].object.label)]);
    }
    for (const std::string& name : here)
      ++with[room_kind_names()[static_cast<std::size_t>(room.kind)] + ": " + name];
    CHECK(room.placed.size() - room.building >= 5);
    CHECK(room.lights.size() >= 1);
  }
  const auto often = [&](const char* what, double share) {
    INFO(std::string(what), " in ", with[what], " of ", kEach);
    CHECK(with[what] >= share * kEach);
  };
  often("bedroom: bed", 0.95);
  often("living_room: couch", 0.95);
  often("living_room: tv", 0.9);
  often("kitchen: oven", 0.9);
  often("kitchen: sink", 0.9);
  often("kitchen: refrigerator", 0.9);
  often("bathroom: toilet", 0.9);
  often("bathroom: sink", 0.9);
  often("dining_room: dining table", 0.95);
  often("dining_room: chair", 0.95);
  often("office: desk", 0.95);
  often("office: chair", 0.9);
  often("corridor: coat rack", 0.5);
  often("storage: rack", 0.95);
  std::set<std::string> classes;
  for (const auto& [name, count] : with) classes.insert(name.substr(name.find(": ") + 2));
  for (int id = 2; id < kSemanticClasses; ++id) {
    INFO(semantic_class_names()[static_cast<std::size_t>(id)]);
    CHECK(classes.count(semantic_class_names()[static_cast<std::size_t>(id)]) == 1);
  }
}

TEST_CASE("cameras stand in free space at eye height, without roll, and see more than a wall") {
  const RayDevice device;
  for (int number = 0; number < 24; ++number) {
    const Stage stage = make_stage(room_of(number), device);
    for (int index = 0; index < 4; ++index) {
      const Rig rig = choose_rig(stage, Views::single, index, 99);
      const Camera& c = rig.cameras[0];
      INFO("room ", number, " view ", index);
      CHECK(free_place(stage.room, c.position, 0.05F));
      CHECK(c.position.z >= 0.6F);
      CHECK(c.position.z <= 1.9F);
      CHECK(c.fov >= 45.0F * kPi / 180.0F);
      CHECK(c.fov <= 75.0F * kPi / 180.0F);
      CHECK(std::abs(c.pitch) < 0.45F);
      CHECK(std::abs(c.right.z) < 1e-6F);
      CHECK(length(cross(c.right, c.down) - c.forward) < 1e-5F);
      std::set<std::uint32_t> objects;
      for (int i = 0; i < 256; ++i) {
        const int column = i % 16, row = i / 16;
        const Hit hit = stage.caster->intersect(Ray{
            c.position, c.direction(static_cast<float>(column) + 0.5F, static_cast<float>(row) + 0.5F, 16),
            1e-4F, 1e4F});
        if (hit.any()) objects.insert(stage.object_of[hit.triangle]);
      }
      CHECK(objects.size() >= 4);
    }
  }
}
