// Placement by rejection: draw a place, test hulls against walls, zones and everything that already stands.
#include "placer.hpp"

namespace taskonomy::scenes {

namespace {

constexpr float kTouch = 0.0015F;  ///< things may touch: up to this depth an overlap is contact

Vec3 turned(float yaw) { return {std::cos(yaw), std::sin(yaw), 0}; }

/// How far a solid's foot print reaches from its centre along a direction.
float reach(const Solid& s, Vec3 direction) {
  const Vec3 x = turned(s.yaw), y{-x.y, x.x, 0};
  return s.half_x * std::abs(dot(x, direction)) + s.half_y * std::abs(dot(y, direction));
}

bool inside_room(const FloorPlan& plan, const Solid& s) {
  if (s.z1 > plan.height + kTouch || s.z0 < -kTouch) return false;
  const Vec3 x = turned(s.yaw), y{-x.y, x.x, 0};
  for (const float sx : {-1.0F, 1.0F}) {
    for (const float sy : {-1.0F, 1.0F}) {
      const Vec3 p = s.centre + x * (sx * (s.half_x - kTouch)) + y * (sy * (s.half_y - kTouch));
      if (!plan.contains(p.x, p.y)) return false;
    }
  }
  // A foot print whose own corners are all inside may still hold the inner corner of an L.
  for (const Vec3& c : plan.corners) {
    const Vec3 d = c - s.centre;
    if (std::abs(dot(d, x)) < s.half_x - kTouch && std::abs(dot(d, y)) < s.half_y - kTouch) return false;
  }
  return true;
}

}  // namespace

float overlap(const Solid& a, const Solid& b) {
  float depth = std::min(a.z1, b.z1) - std::max(a.z0, b.z0);
  if (depth <= 0.0F) return depth;
  const Vec3 between = b.centre - a.centre;
  for (const float yaw : {a.yaw, a.yaw + 0.5F * kPi, b.yaw, b.yaw + 0.5F * kPi}) {  // separating axes
    const Vec3 axis = turned(yaw);
    depth = std::min(depth, reach(a, axis) + reach(b, axis) - std::abs(dot(between, axis)));
    if (depth <= 0.0F) return depth;
  }
  return depth;
}

Solid solid_of(const Box& hull, const Stand& stand) {
  Vec3 middle = stand.point({hull.centre().x, hull.centre().y, 0});
  middle.z = 0;
  const Vec3 size = hull.size();
  return {middle,
          0.5F * size.x,
          0.5F * size.y,
          stand.yaw,
          stand.position.z + hull.lo.z,
          stand.position.z + hull.hi.z};
}

bool inside(const Solid& s, Vec3 point, float margin) {
  if (point.z < s.z0 - margin || point.z > s.z1 + margin) return false;
  const Vec3 d = point - s.centre, x = turned(s.yaw);
  return std::abs(d.x * x.x + d.y * x.y) < s.half_x + margin &&
         std::abs(-d.x * x.y + d.y * x.x) < s.half_y + margin;
}

Placer::Placer(const FloorPlan& plan, std::vector<Placed>& placed, Rng& rng)
    : plan_(plan), placed_(placed), rng_(rng) {
  for (const Opening& o : plan.openings) {
    const Wall& w = plan.walls[static_cast<std::size_t>(o.wall)];
    const float deep = o.door ? 0.85F : 0.3F;
    const Stand stand = w.at(0.5F * (o.from + o.to), 0.0F, 0.0F);
    const float margin = o.door ? 0.07F : 0.0F, half = 0.5F * (o.to - o.from) + margin;
    zones_.push_back({solid_of({{-half, 0, o.bottom}, {half, deep, o.top + margin}}, stand), !o.door});
  }
}

bool Placer::fits(const Object& object, const Stand& stand, bool over_windows) const {
  const Solid whole = solid_of(object.mesh.bounds(), stand);
  std::vector<Solid> solids;
  solids.reserve(object.mesh.hulls.size());
  for (const Box& hull : object.mesh.hulls) {
    solids.push_back(solid_of(hull, stand));
    if (!inside_room(plan_, solids.back())) return false;
  }
  for (const Zone& zone : zones_) {
    if ((zone.window && over_windows) || overlap(zone.solid, whole) <= kTouch) continue;
    for (const Solid& s : solids)
      if (overlap(zone.solid, s) > kTouch) return false;
  }
  for (const Placed& other : placed_) {
    if (other.solids.empty()) continue;
    if (overlap(other.around, whole) <= kTouch) continue;
    for (const Solid& theirs : other.solids) {
      if (overlap(theirs, whole) <= kTouch) continue;
      for (const Solid& ours : solids)
        if (overlap(theirs, ours) > kTouch) return false;
    }
  }
  return true;
}

int Placer::put_at(Object object, const Stand& stand, bool over_windows) {
  if (!fits(object, stand, over_windows)) return -1;
  Placed placed{std::move(object), stand, {}};
  placed.around = solid_of(placed.object.mesh.bounds(), stand);
  for (const Box& hull : placed.object.mesh.hulls) placed.solids.push_back(solid_of(hull, stand));
  placed_.push_back(std::move(placed));
  return static_cast<int>(placed_.size()) - 1;
}

int Placer::put_at_wall(const Object& object, const WallSpot& spot) {
  const Box box = object.mesh.bounds();
  const float left = -box.lo.x, right = box.hi.x;
  for (int attempt = 0; attempt < spot.tries; ++attempt) {
    const int w = spot.wall >= 0 ? spot.wall : rng_.below(static_cast<int>(plan_.walls.size()));
    const Wall& wall = plan_.walls[static_cast<std::size_t>(w)];
    if (wall.length < left + right + 0.04F) continue;
    if (spot.avoid_door_wall && attempt < spot.tries / 2 && plan_.has_opening(w, true)) continue;
    const float first = left + 0.02F, last = wall.length - right - 0.02F;
    float s = rng_.range(first, last);
    if (spot.along == Along::corner) s = rng_.chance(0.5F) ? first : last;
    if (spot.along == Along::middle && attempt < spot.tries / 2) s = 0.5F * (first + last);
    const Stand stand = wall.at(s, spot.gap, spot.z);
    const Solid front =
        solid_of({{box.lo.x, box.hi.y, 0.0F}, {box.hi.x, box.hi.y + spot.free_in_front, 1.5F}}, stand);
    if (spot.free_in_front > 0.0F) {
      bool blocked = !inside_room(plan_, {front.centre, front.half_x, front.half_y, front.yaw, 0.0F, 1.5F});
      for (const Placed& other : placed_)
        for (const Solid& theirs : other.solids) blocked = blocked || overlap(theirs, front) > kTouch;
      if (blocked) continue;
    }
    const int placed = put_at(object, stand);
    if (placed < 0) continue;
    if (spot.free_in_front > 0.0F) keep_free(front);
    return placed;
  }
  return -1;
}

int Placer::put_free_standing(const Object& object, bool any_angle, float from_walls, int tries) {
  const Box room = plan_.bounds();
  const Vec3 middle = object.mesh.bounds().centre();
  for (int attempt = 0; attempt < tries; ++attempt) {
    const float x = rng_.range(room.lo.x, room.hi.x), y = rng_.range(room.lo.y, room.hi.y);
    if (!plan_.contains(x, y) || plan_.distance_to_walls(x, y) < from_walls) continue;
    const float yaw =
        any_angle ? rng_.range(0.0F, 2.0F * kPi) : 0.5F * kPi * static_cast<float>(rng_.below(4));
    const Stand turn{{0, 0, 0}, yaw};
    const Vec3 offset = turn.direction({middle.x, middle.y, 0});
    const int placed = put_at(object, {{x - offset.x, y - offset.y, 0}, yaw});
    if (placed >= 0) return placed;
  }
  return -1;
}

int Placer::put_on_support(int parent, std::size_t support, const Object& object, float x, float y,
                           float turn) {
  const Placed& below = placed_[static_cast<std::size_t>(parent)];
  const Support& top = below.object.mesh.supports[support];
  const Box box = object.mesh.bounds();
  if (box.hi.z - box.lo.z > top.room) return -1;
  // Everything must stand on the support, turned or not.
  const Solid local = solid_of({{box.lo.x, box.lo.y, 0}, {box.hi.x, box.hi.y, 0.1F}}, {{0, 0, 0}, turn});
  const float rx = reach(local, {1, 0, 0}), ry = reach(local, {0, 1, 0});
  const float cx = x + local.centre.x, cy = y + local.centre.y;
  if (cx - rx < top.x0 || cx + rx > top.x1 || cy - ry < top.y0 || cy + ry > top.y1) return -1;
  const Stand stand{below.stand.point({x, y, top.z}), below.stand.yaw + turn};
  return put_at(object, stand);
}

int Placer::put_on_top(int parent, const Object& object, float turn, int tries) {
  if (parent < 0) return -1;
  for (int attempt = 0; attempt < tries; ++attempt) {
    const auto& supports = placed_[static_cast<std::size_t>(parent)].object.mesh.supports;
    if (supports.empty()) return -1;
    const auto i = static_cast<std::size_t>(rng_.below(static_cast<int>(supports.size())));
    const Support top = supports[i];
    const Vec3 middle = object.mesh.bounds().centre();
    const float x = rng_.range(top.x0, top.x1) - middle.x, y = rng_.range(top.y0, top.y1) - middle.y;
    const int placed = put_on_support(parent, i, object, x, y, rng_.range(-turn, turn));
    if (placed >= 0) return placed;
  }
  return -1;
}

}  // namespace taskonomy::scenes
