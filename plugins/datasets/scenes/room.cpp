// A room from its seed: the building around the furniture (floor, ceiling, walls cut by doors and windows,
// skirting, frames, panes), and its lights.
#include "room.hpp"

namespace taskonomy::scenes {
namespace {

constexpr float kReveal = 0.14F;

/// Adds a part of a wall, s0..s1 along and z0..z1 high; the texture runs over the whole wall.
void wall_patch(Mesh& m, const Wall& w, float s0, float s1, float z0, float z1, int material) {
  if (s1 - s0 < 1e-4F || z1 - z0 < 1e-4F) return;
  m.quad(w.a + w.along * s1 + Vec3{0, 0, z0}, w.along * (s0 - s1), {0, 0, z1 - z0}, material);
  for (std::size_t i = m.vertices.size() - 4; i < m.vertices.size(); ++i) {
    m.vertices[i].u = dot(m.vertices[i].position - w.a, w.along);
    m.vertices[i].v = m.vertices[i].position.z;
  }
}

struct WallLook {
  int upper, lower;
  float border;  ///< height where `lower` ends
};

void wall_surface(Mesh& m, const Wall& w, float height, std::vector<Opening> openings, const WallLook& look) {
  const auto column = [&](float s0, float s1, float z0, float z1) {
    wall_patch(m, w, s0, s1, z0, std::min(z1, look.border), look.lower);
    wall_patch(m, w, s0, s1, std::max(z0, look.border), z1, look.upper);
  };
  std::sort(openings.begin(), openings.end(),
            [](const Opening& a, const Opening& b) { return a.from < b.from; });
  float s = 0.0F;
  for (const Opening& o : openings) {
    column(s, o.from, 0, height);
    column(o.from, o.to, 0, o.bottom);
    column(o.from, o.to, o.top, height);
    s = o.to;
  }
  column(s, w.length, 0, height);
}

void skirting(Mesh& m, const Wall& w, const std::vector<Opening>& openings, float height, int material) {
  const auto board = [&](float s0, float s1) {
    if (s1 - s0 < 0.02F) return;
    const Vec3 foot = w.a + w.along * s1 + w.inward * 0.012F;
    m.quad(foot, w.along * (s0 - s1), {0, 0, height}, material);
    m.quad(foot + Vec3{0, 0, height}, w.along * (s0 - s1), w.inward * -0.012F, material);
  };
  float s = 0.0F;
  std::vector<Opening> doors;
  for (const Opening& o : openings)
    if (o.door) doors.push_back(o);
  std::sort(doors.begin(), doors.end(), [](const Opening& a, const Opening& b) { return a.from < b.from; });
  for (const Opening& o : doors) {
    board(s, o.from - 0.07F);
    s = o.to + 0.07F;
  }
  board(s, w.length);
}

/// Adds the four sides of a hole in a wall, `deep` metres to the outside, in the frame of the wall's
/// stand: x along it, y inwards.
void reveal(Mesh& m, float half, float z0, float z1, float deep, int material) {
  m.quad({-half, -deep, z0}, {0, deep, 0}, {0, 0, z1 - z0}, material);
  m.quad({half, 0, z0}, {0, -deep, 0}, {0, 0, z1 - z0}, material);
  m.quad({-half, 0, z1}, {2 * half, 0, 0}, {0, -deep, 0}, material);
  m.quad({-half, -deep, z0}, {2 * half, 0, 0}, {0, deep, 0}, material);
}

Object door(Style& s, Rng& rng, const Opening& o) {
  Object out{"door", Label::background, {}};
  Mesh& m = out.mesh;
  const float half = 0.5F * (o.to - o.from), back = -0.05F;
  reveal(m, half, 0, o.top, -back, s.frame);
  m.quad({half, back, 0}, {-2 * half, 0, 0}, {0, 0, o.top}, s.door);
  const int panels = 1 + rng.below(3);
  for (int i = 0; i < panels; ++i) {
    const float z0 = 0.15F + (o.top - 0.25F) * static_cast<float>(i) / static_cast<float>(panels);
    const float z1 = 0.05F + (o.top - 0.25F) * static_cast<float>(i + 1) / static_cast<float>(panels);
    m.box({-half + 0.13F, back, z0}, {half - 0.13F, back + 0.012F, z1}, s.door);
  }
  for (const float side : {-1.0F, 1.0F}) {
    const float x0 = side > 0 ? half : -half - 0.07F;
    m.box({x0, 0, 0}, {x0 + 0.07F, 0.018F, o.top + 0.07F}, s.frame);
  }
  m.box({-half, 0, o.top}, {half, 0.018F, o.top + 0.07F}, s.frame);
  const float hx = (rng.chance(0.5F) ? 1.0F : -1.0F) * (half - 0.07F);
  m.rod({hx, back, 1.02F}, {hx, back + 0.05F, 1.02F}, 0.012F, 0.012F, 6, s.metal);
  m.rod({hx, back + 0.05F, 1.02F}, {hx - std::copysign(0.12F, hx), back + 0.05F, 1.02F}, 0.01F, 0.01F, 6,
        s.metal);
  m.hulls.clear();
  return out;
}

Object window(Style& s, Rng& rng, const Opening& o, int pane) {
  Object out{"window", Label::background, {}};
  Mesh& m = out.mesh;
  const float half = 0.5F * (o.to - o.from), w = 0.05F, back = -kReveal;
  reveal(m, half, o.bottom, o.top, kReveal, s.frame);
  m.quad({half, back, o.bottom}, {-2 * half, 0, 0}, {0, 0, o.top - o.bottom}, pane, true);
  const float y0 = back + 0.002F, y1 = back + 0.045F;
  m.box({-half, y0, o.bottom}, {half, y1, o.bottom + w}, s.frame);
  m.box({-half, y0, o.top - w}, {half, y1, o.top}, s.frame);
  const int bars = std::max(1, static_cast<int>(2 * half / rng.range(0.55F, 0.9F)));
  for (int i = 0; i <= bars; ++i) {
    const float x = mix(-half, half - w, static_cast<float>(i) / static_cast<float>(bars));
    m.box({x, y0, o.bottom + w}, {x + w, y1, o.top - w}, s.frame);
  }
  if (rng.chance(0.35F))
    m.box({-half, y0, mix(o.bottom, o.top, 0.6F)}, {half, y1 - 0.005F, mix(o.bottom, o.top, 0.6F) + 0.035F},
          s.frame);
  m.box({-half - 0.05F, 0, o.bottom - 0.03F}, {half + 0.05F, 0.015F, o.bottom}, s.frame);
  m.hulls.clear();
  return out;
}

void floor_and_ceiling(Room& room) {
  Object floor{"floor", Label::background, {}}, ceiling{"ceiling", Label::background, {}};
  for (const Box& p : room.plan.rectangles()) {
    const Vec3 size = p.size();
    for (Mesh* m : {&floor.mesh, &ceiling.mesh}) {
      const bool up = m == &floor.mesh;
      const Vec3 corner{p.lo.x, p.lo.y, up ? 0.0F : room.plan.height};
      if (up)
        m->quad(corner, {size.x, 0, 0}, {0, size.y, 0}, room.style.floor);
      else
        m->quad(corner, {0, size.y, 0}, {size.x, 0, 0}, room.style.ceiling);
      for (std::size_t i = m->vertices.size() - 4; i < m->vertices.size(); ++i) {
        m->vertices[i].u = m->vertices[i].position.x + 20.0F;
        m->vertices[i].v = m->vertices[i].position.y + 20.0F;
      }
    }
  }
  room.placed.push_back({std::move(floor), {}, {}});
  room.placed.push_back({std::move(ceiling), {}, {}});
}

void window_light(Room& room, const Opening& o, float day, Vec3 tint) {
  const Wall& w = room.plan.walls[static_cast<std::size_t>(o.wall)];
  const Stand stand = w.at(0.5F * (o.from + o.to), 0, 0);
  Light light;
  light.half_u = stand.direction({0.5F * (o.to - o.from) - 0.05F, 0, 0});
  light.half_v = {0, 0, 0.5F * (o.top - o.bottom) - 0.05F};
  light.centre = stand.point({0, -kReveal + 0.05F, 0.5F * (o.bottom + o.top)});
  light.normal = w.inward;
  light.power = tint * (day * (o.to - o.from) * (o.top - o.bottom));
  room.lights.push_back(light);
}

Object ceiling_lamp(Room& room, Rng& rng) {
  const bool plain =
      room.kind == RoomKind::office || room.kind == RoomKind::storage || room.kind == RoomKind::kitchen;
  if (plain && rng.chance(0.7F))
    return rng.chance(0.5F) ? ceiling_panel(room.style, rng, 0.6F, 0.6F)
                            : ceiling_panel(room.style, rng, 1.2F, 0.25F);
  if (room.kind == RoomKind::living_room && rng.chance(0.4F) && room.plan.height > 2.45F)
    return pendant_lamp(room.style, rng, 0.45F);
  return ceiling_disc(room.style, rng);
}

/// Hangs up to `wanted` lamps evenly along the room's longer side; how many found a place. An L's inner corner
/// may take the place of all of them.
int hang_along_the_room(Room& room, Placer& placer, const Object& lamp, int wanted, Rng& rng) {
  const Box box = room.plan.bounds();
  const Vec3 size = box.size();
  int hung = 0;
  for (int i = 0; i < wanted; ++i) {
    for (int attempt = 0; attempt < 20; ++attempt) {
      float tx = 0.5F, ty = 0.5F;
      if (wanted > 1) (size.x > size.y ? tx : ty) = i == 0 ? 0.27F : 0.73F;
      const float loose = 0.04F * static_cast<float>(attempt);
      const float x = box.lo.x + size.x * (tx + rng.range(-loose, loose)),
                  y = box.lo.y + size.y * (ty + rng.range(-loose, loose));
      if (!room.plan.contains(x, y) || room.plan.distance_to_walls(x, y) < 0.45F) continue;
      if (placer.put_at(lamp, {{x, y, room.plan.height}, size.x > size.y ? 0.0F : 0.5F * kPi}) < 0) continue;
      ++hung;
      break;
    }
  }
  return hung;
}

void hang_ceiling_lamps(Room& room, Rng& rng) {
  Placer placer(room.plan, room.placed, rng);
  int wanted = room.plan.floor_area() > 14.0F ? 2 : 1;
  if (room.kind == RoomKind::corridor) wanted = 2;
  for (const Placed& p : room.placed)
    if (p.object.name == "pendant lamp") --wanted;
  const Object lamp = ceiling_lamp(room, rng);
  if (wanted < 1 || hang_along_the_room(room, placer, lamp, wanted, rng) > 0) return;
  // No room stays without a lamp: one in the middle of each of the floor's rectangles, over whatever stands there.
  for (const Box& part : room.plan.rectangles()) {
    const Vec3 middle = part.centre();
    room.placed.push_back({lamp, {{middle.x, middle.y, room.plan.height}, 0.0F}, {}});
  }
}

}  // namespace

void build_shell(Room& room, Rng& rng) {
  floor_and_ceiling(room);
  Style& s = room.style;
  const bool wet = room.kind == RoomKind::bathroom;
  const float border = wet ? (rng.chance(0.5F) ? room.plan.height : rng.range(1.2F, 2.1F)) : 0.0F;
  const float board = rng.range(0.06F, 0.12F);
  const int accent = rng.below(static_cast<int>(room.plan.walls.size()));
  for (std::size_t i = 0; i < room.plan.walls.size(); ++i) {
    std::vector<Opening> here;
    for (const Opening& o : room.plan.openings)
      if (o.wall == static_cast<int>(i)) here.push_back(o);
    Object wall{"wall", Label::background, {}};
    const int upper = static_cast<int>(i) == accent ? s.accent_wall : s.wall;
    wall_surface(wall.mesh, room.plan.walls[i], room.plan.height, here, {upper, s.wet_wall, border});
    if (!wet) skirting(wall.mesh, room.plan.walls[i], here, board, s.trim);
    room.placed.push_back({std::move(wall), {}, {}});
  }
  const bool day = rng.chance(0.8F);
  const float sky = day ? rng.range(0.7F, 2.0F) : 0.02F;
  const Vec3 tint = mix(Vec3{1.0F, 0.95F, 0.88F}, Vec3{0.85F, 0.95F, 1.1F}, rng.uniform());
  Material outside;
  outside.pattern = Pattern::outdoors;
  outside.a = hsv(0.57F, rng.range(0.2F, 0.6F), 0.95F);
  outside.b = hsv(rng.range(0.2F, 0.35F), 0.5F, rng.range(0.3F, 0.55F));
  outside.c = hsv(rng.uniform(), 0.15F, 0.6F);
  outside.emission = day ? 1.3F * sky : 0.03F;
  outside.specular = 0.2F;
  outside.gloss = 200.0F;
  for (const Opening& o : room.plan.openings) {
    const Wall& w = room.plan.walls[static_cast<std::size_t>(o.wall)];
    const Stand stand = w.at(0.5F * (o.from + o.to), 0, 0);
    outside.seed = static_cast<std::uint32_t>(rng.next());
    room.placed.push_back({o.door ? door(s, rng, o) : window(s, rng, o, s.add(outside)), stand, {}});
    if (o.door) continue;
    window_light(room, o, sky, tint);
    if (!room.sun.shines && day && rng.chance(0.6F)) {
      const float turn = rng.range(-0.9F, 0.9F), rise = rng.range(0.25F, 0.9F);
      const Vec3 out = -w.inward, flat = normalize(out * std::cos(turn) + w.along * std::sin(turn));
      room.sun = {true, normalize(flat * std::cos(rise) + Vec3{0, 0, std::sin(rise)}),
                  Vec3{1.0F, 0.9F, 0.72F} * rng.range(1.5F, 3.5F)};
    }
  }
}

void light_room(Room& room, Rng& rng) {
  hang_ceiling_lamps(room, rng);
  const bool lamps_on = !room.sun.shines || rng.chance(0.6F);
  int balls = 0;
  for (const Placed& p : room.placed) {
    for (const Glow& glow : p.object.mesh.glows) {
      const bool ceiling = p.stand.position.z > 2.0F;
      if (balls >= 4 || (ceiling && !lamps_on && !room.lights.empty())) continue;
      Light light;
      light.centre = p.stand.point(glow.centre);
      light.radius = glow.radius;
      light.power = glow.power;
      room.lights.push_back(light);
      ++balls;
    }
  }
}

void bounce_light(Room& room) {
  // Light that bounced: its flux, spread over all surfaces, is a geometric series in their mean reflectance.
  Vec3 flux;
  for (const Light& light : room.lights) flux += light.power * (light.radius > 0.0F ? 4.0F * kPi : kPi);
  if (room.sun.shines) flux += room.sun.power * 0.5F;
  float surface = 2.0F * room.plan.floor_area();
  for (const Wall& wall : room.plan.walls) surface += wall.length * room.plan.height;
  const Material& wall = room.style.materials[static_cast<std::size_t>(room.style.wall)];
  const Vec3 reflectance = mix({0.5F, 0.48F, 0.45F}, wall.a, 0.4F) * 0.95F;
  const auto series = [](float r) { return r / (1.0F - std::min(r, 0.8F)); };
  room.ambient =
      flux * Vec3{series(reflectance.x), series(reflectance.y), series(reflectance.z)} * (0.85F / surface);
}

Room make_room(RoomKind kind, std::uint64_t seed, Look look) {
  Rng rng(seed);
  Room room;
  room.kind = kind;
  // One stream per step: more furniture in one rule must not change the plan or the colours.
  Rng plan_rng = rng.fork(1), style_rng = rng.fork(2), shell_rng = rng.fork(3), furniture_rng = rng.fork(4),
      light_rng = rng.fork(5);
  room.plan = make_plan(kind, plan_rng);
  room.style = make_style(kind, style_rng);
  build_shell(room, shell_rng);
  room.building = room.placed.size();
  furnish(room, furniture_rng);
  light_room(room, light_rng);
  Rng look_rng = rng.fork(6);
  if (look == Look::varied) {
    vary_finishes(room.style, look_rng);
    vary_lights(room, look_rng);
  }
  bounce_light(room);
  if (look == Look::varied) vary_ambient(room, look_rng);
  return room;
}

}  // namespace taskonomy::scenes
