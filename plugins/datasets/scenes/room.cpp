// A room from its seed, and its lights.
#include "room.hpp"

namespace taskonomy::scenes {
namespace {

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

void hang_ceiling_lamps(Room& room, Rng& rng) {
  Placer placer(room.plan, room.placed, rng);
  int wanted = room.plan.floor_area() > 14.0F ? 2 : 1;
  if (room.kind == RoomKind::corridor) wanted = 2;
  for (const Placed& p : room.placed)
    if (p.object.name == "pendant lamp") --wanted;
  const Object lamp = ceiling_lamp(room, rng);
  const Box box = room.plan.bounds();
  const Vec3 size = box.size();
  for (int i = 0; i < wanted; ++i) {
    for (int attempt = 0; attempt < 20; ++attempt) {
      float tx = 0.5F, ty = 0.5F;
      if (wanted > 1) (size.x > size.y ? tx : ty) = i == 0 ? 0.27F : 0.73F;
      const float loose = 0.04F * static_cast<float>(attempt);
      const float x = box.lo.x + size.x * (tx + rng.range(-loose, loose)),
                  y = box.lo.y + size.y * (ty + rng.range(-loose, loose));
      if (!room.plan.contains(x, y) || room.plan.distance_to_walls(x, y) < 0.45F) continue;
      if (placer.at(lamp, {{x, y, room.plan.height}, size.x > size.y ? 0.0F : 0.5F * kPi}) >= 0) break;
    }
  }
}

}  // namespace

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
  // Light that bounced: flux spread over all surfaces, a geometric series in their mean reflectance.
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

Room make_room(RoomKind kind, std::uint64_t seed) {
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
  return room;
}

}  // namespace taskonomy::scenes
