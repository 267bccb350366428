// Floor plans: sizes by room kind, L-shapes, doors near corners, windows in the free walls. Placement by
// rejection: draw a place, test hulls against walls, zones and everything that already stands.
#include "plan.hpp"

namespace taskonomy::scenes {
namespace {

struct Usual {
  float width_lo, width_hi, depth_lo, depth_hi, l_shape, windows;
};

Usual usual(RoomKind kind) {
  switch (kind) {
    case RoomKind::bedroom:
      return {3.0F, 4.4F, 3.2F, 4.6F, 0.2F, 1.4F};
    case RoomKind::living_room:
      return {3.8F, 5.6F, 4.0F, 6.0F, 0.35F, 1.9F};
    case RoomKind::kitchen:
      return {2.6F, 4.2F, 3.2F, 4.6F, 0.15F, 1.2F};
    case RoomKind::bathroom:
      return {1.9F, 2.8F, 2.3F, 3.2F, 0.08F, 0.6F};
    case RoomKind::dining_room:
      return {3.2F, 4.4F, 3.4F, 5.0F, 0.15F, 1.6F};
    case RoomKind::office:
      return {2.8F, 4.4F, 3.0F, 4.8F, 0.2F, 1.3F};
    case RoomKind::corridor:
      return {1.3F, 1.9F, 4.0F, 7.5F, 0.25F, 0.3F};
    case RoomKind::storage:
      return {2.0F, 3.2F, 2.4F, 3.8F, 0.2F, 0.25F};
  }
  return {3, 4, 3, 4, 0, 1};
}

bool clear_of_openings(const FloorPlan& plan, int wall, float from, float to) {
  for (const Opening& o : plan.openings)
    if (o.wall == wall && from < o.to + 0.25F && to > o.from - 0.25F) return false;
  return true;
}

void draw_doors(FloorPlan& plan, RoomKind kind, Rng& rng) {
  const int wanted = kind == RoomKind::corridor ? 3 + rng.below(3) : rng.chance(0.25F) ? 2 : 1;
  int made = 0;
  for (int attempt = 0; attempt < 60 && made < wanted; ++attempt) {
    const int w = rng.below(static_cast<int>(plan.walls.size()));
    const float width = rng.range(0.8F, 0.95F), length = plan.walls[static_cast<std::size_t>(w)].length;
    if (length < width + 0.3F) continue;
    float from = rng.chance(0.5F) ? 0.15F : length - width - 0.15F;
    if (kind == RoomKind::corridor || rng.chance(0.2F)) from = rng.range(0.15F, length - width - 0.15F);
    if (!clear_of_openings(plan, w, from, from + width)) continue;
    plan.openings.push_back({true, w, from, from + width, 0.0F, rng.range(1.98F, 2.08F)});
    ++made;
  }
}

void draw_windows(FloorPlan& plan, float wanted, Rng& rng) {
  int count = static_cast<int>(wanted) + (rng.chance(wanted - std::floor(wanted)) ? 1 : 0);
  for (int attempt = 0; attempt < 30 && count > 0; ++attempt) {
    const int w = rng.below(static_cast<int>(plan.walls.size()));
    const float length = plan.walls[static_cast<std::size_t>(w)].length;
    const float width = std::min(rng.range(0.8F, 2.0F), length - 0.8F);
    if (width < 0.5F) continue;
    const float from = rng.chance(0.5F) ? 0.5F * (length - width) : rng.range(0.4F, length - width - 0.4F);
    if (!clear_of_openings(plan, w, from, from + width)) continue;
    const float sill = rng.chance(0.15F) ? 0.25F : rng.range(0.85F, 1.1F);
    plan.openings.push_back(
        {false, w, from, from + width, sill, std::min(plan.height - 0.2F, sill + rng.range(1.0F, 1.35F))});
    --count;
  }
}

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

Stand Wall::at(float s, float gap, float z) const {
  return {a + along * s + inward * gap + Vec3{0, 0, z}, std::atan2(-inward.x, inward.y)};
}

bool FloorPlan::contains(float x, float y) const {
  bool inside = false;
  for (const Wall& w : walls) {
    if ((w.a.y > y) != (w.b.y > y) && x < w.a.x + (w.b.x - w.a.x) * (y - w.a.y) / (w.b.y - w.a.y))
      inside = !inside;
  }
  return inside;
}

float FloorPlan::distance_to_walls(float x, float y) const {
  float nearest = 1e9F;
  for (const Wall& w : walls) {
    const Vec3 p{x - w.a.x, y - w.a.y, 0};
    const float s = std::clamp(dot(p, w.along), 0.0F, w.length);
    nearest = std::min(nearest, length(p - w.along * s));
  }
  return nearest;
}

Box FloorPlan::bounds() const {
  Box box = empty_box();
  for (const Vec3& c : corners) box.include(c);
  box.hi.z = height;
  return box;
}

float FloorPlan::floor_area() const {
  float twice = 0.0F;
  for (const Wall& w : walls) twice += w.a.x * w.b.y - w.b.x * w.a.y;
  return 0.5F * twice;
}

bool FloorPlan::has_opening(int wall, bool door) const {
  return std::any_of(openings.begin(), openings.end(),
                     [&](const Opening& o) { return o.wall == wall && o.door == door; });
}

FloorPlan make_plan(RoomKind kind, Rng& rng) {
  const Usual u = usual(kind);
  FloorPlan plan;
  plan.height = rng.range(2.3F, 3.2F) * 0.5F + rng.range(2.4F, 2.7F) * 0.5F;
  float w = rng.range(u.width_lo, u.width_hi), d = rng.range(u.depth_lo, u.depth_hi);
  const bool l_shape = rng.chance(u.l_shape);
  if (l_shape && kind == RoomKind::corridor) {  // a corridor around a corner: two arms of its width
    const float arm = w;
    w = arm + rng.range(1.6F, 3.0F);
    plan.corners = {{0, 0, 0}, {w, 0, 0}, {w, arm, 0}, {arm, arm, 0}, {arm, d, 0}, {0, d, 0}};
  } else if (l_shape) {
    w *= 1.15F;
    d *= 1.15F;
    const float cw = w * rng.range(0.28F, 0.45F), cd = d * rng.range(0.25F, 0.45F);
    plan.corners = {{0, 0, 0}, {w, 0, 0}, {w, d - cd, 0}, {w - cw, d - cd, 0}, {w - cw, d, 0}, {0, d, 0}};
  } else {
    plan.corners = {{0, 0, 0}, {w, 0, 0}, {w, d, 0}, {0, d, 0}};
  }
  const bool mirrored = rng.chance(0.5F), turned = rng.chance(0.5F);
  for (Vec3& c : plan.corners) {
    c = c - Vec3{0.5F * w, 0.5F * d, 0};
    if (turned) c = {-c.y, c.x, 0};
    if (mirrored) c.x = -c.x;
  }
  if (mirrored) std::reverse(plan.corners.begin(), plan.corners.end());
  for (std::size_t i = 0; i < plan.corners.size(); ++i) {
    Wall wall;
    wall.a = plan.corners[i];
    wall.b = plan.corners[(i + 1) % plan.corners.size()];
    wall.length = length(wall.b - wall.a);
    wall.along = (wall.b - wall.a) / wall.length;
    wall.inward = {-wall.along.y, wall.along.x, 0};
    plan.walls.push_back(wall);
  }
  draw_doors(plan, kind, rng);
  draw_windows(plan, u.windows, rng);
  return plan;
}

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
