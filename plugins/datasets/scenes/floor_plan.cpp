// Sizes by room kind, L-shapes, doors near corners, windows in the free walls.
#include "floor_plan.hpp"

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

std::vector<Box> FloorPlan::rectangles() const {
  const Box box = bounds();
  for (const Vec3& c : corners) {
    const bool inner =
        c.x > box.lo.x + 0.01F && c.x < box.hi.x - 0.01F && c.y > box.lo.y + 0.01F && c.y < box.hi.y - 0.01F;
    if (!inner) continue;
    const bool left = contains(0.5F * (box.lo.x + c.x), 0.5F * (box.lo.y + c.y)) &&
                      contains(0.5F * (box.lo.x + c.x), 0.5F * (c.y + box.hi.y));
    Box whole = box, rest = box;
    (left ? whole.hi.x : whole.lo.x) = c.x;
    (left ? rest.lo.x : rest.hi.x) = c.x;
    const bool low = contains(rest.centre().x, 0.5F * (box.lo.y + c.y));
    (low ? rest.hi.y : rest.lo.y) = c.y;
    return {whole, rest};
  }
  return {box};
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

}  // namespace taskonomy::scenes
