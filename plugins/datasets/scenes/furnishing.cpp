// Habits that rooms of all kinds share.
#include "furnishing.hpp"

namespace taskonomy::scenes {

void Furnisher::hang_curtains(float probability) {
  for (const Opening& o : room.plan.openings) {
    if (o.door || !rng.chance(probability)) continue;
    const Wall& wall = room.plan.walls[static_cast<std::size_t>(o.wall)];
    const float foot = rng.chance(0.6F) ? 0.04F : std::max(0.05F, o.bottom - 0.15F),
                top = std::min(room.plan.height - 0.08F, o.top + 0.12F);
    const float width = rng.range(0.22F, 0.5F);
    const Object cloth = curtain(style, rng, width, top - foot);
    bool hung = false;
    for (const float s : {o.from + 0.05F, o.to - 0.05F})
      hung = placer.put_at(cloth, wall.at(s, 0.03F, foot), true) >= 0 || hung;
    if (!hung) continue;
    Object rod{"curtain rod", Label::background, {}};
    const float half = 0.5F * (o.to - o.from) + 0.2F;
    rod.mesh.rod({-half, 0.06F, 0.012F}, {half, 0.06F, 0.012F}, 0.011F, 0.011F, 6, style.metal);
    placer.put_at(rod, wall.at(0.5F * (o.from + o.to), 0.03F, top + 0.005F), true);
  }
}

void Furnisher::hang_pictures(int count) {
  for (int i = 0; i < count; ++i)
    placer.put_at_wall(picture(style, rng), {.z = rng.range(1.2F, 1.5F), .gap = 0.003F, .tries = 12});
}

void Furnisher::hang_clock(float probability) {
  if (rng.chance(probability))
    placer.put_at_wall(wall_clock(style, rng), {.z = rng.range(1.6F, 1.85F), .gap = 0.003F, .tries = 12});
}

void Furnisher::put_radiators() {
  for (const Opening& o : room.plan.openings) {
    if (o.door || o.bottom < 0.75F || !rng.chance(0.6F)) continue;
    const float width = std::min(1.2F, 0.8F * (o.to - o.from));
    placer.put_at(radiator(style, rng, width),
                  room.plan.walls[static_cast<std::size_t>(o.wall)].at(0.5F * (o.from + o.to), 0.02F, 0),
                  true);
  }
}

void Furnisher::put_plants(int count) {
  for (int i = 0; i < count; ++i)
    placer.put_at_wall(potted_plant(style, rng, rng.range(0.7F, 1.5F)),
                       {.along = Along::corner, .tries = 14});
}

void Furnisher::lay_rug_under(int index, float margin) {
  if (index < 0) return;
  const Placed& p = placer[index];
  const Box box = p.object.mesh.bounds();
  const float width = box.size().x + 2 * margin, depth = box.size().y + 2 * margin;
  const Stand stand{p.stand.point({box.centre().x, box.lo.y - margin, 0}), p.stand.yaw};
  const Solid foot = solid_of({{-0.5F * width, 0, 0}, {0.5F * width, depth, 0.01F}}, stand);
  for (const float sx : {-1.0F, 1.0F})
    for (const float sy : {-1.0F, 1.0F}) {
      const Vec3 corner = stand.point({sx * foot.half_x, (0.5F + 0.5F * sy) * depth, 0});
      if (!room.plan.contains(corner.x, corner.y)) return;
    }
  placer.put_at(floor_rug(style, rng, width, depth), stand);
}

Object Furnisher::make_ornament() {
  switch (rng.below(6)) {
    case 0:
      return vase(style, rng);
    case 1:
      return potted_plant(style, rng, rng.range(0.2F, 0.3F));
    case 2:
      return bowl(style, rng);
    case 3:
      return alarm_clock(style, rng);
    case 4:
      return book_stack(style, rng);
    default:
      return vase(style, rng);
  }
}

void Furnisher::fill_shelf(int shelf, float books) {
  if (shelf < 0) return;
  const std::vector<Support> supports = placer[shelf].object.mesh.supports;
  for (std::size_t i = 0; i < supports.size(); ++i) {
    const Support& board = supports[i];
    float x = board.x0 + rng.range(0.0F, 0.05F);
    while (x < board.x1 - 0.05F) {
      if (!rng.chance(books)) {
        const Object thing = make_ornament();
        const Box box = thing.mesh.bounds();
        placer.put_on_support(shelf, i, thing, x - box.lo.x, 0.5F * (board.y0 + board.y1) - box.centre().y,
                              0.0F);
        x += box.size().x + rng.range(0.03F, 0.15F);
        continue;
      }
      const int run = 3 + rng.below(8);
      for (int b = 0; b < run && x < board.x1 - 0.05F; ++b) {
        const Object book = book_upright(style, rng, board.room - 0.02F);
        const Box box = book.mesh.bounds();
        const float y = board.y1 - box.hi.y - 0.012F - 0.02F * rng.uniform();
        placer.put_on_support(shelf, i, book, x, std::max(board.y0, y), 0.0F);
        x += box.hi.x + 0.0015F;
      }
      x += rng.range(0.0F, 0.12F);
    }
  }
}

void Furnisher::put_chairs_around(int table, int count) {
  if (table < 0) return;
  const Box top = placer[table].object.mesh.bounds();
  const Stand stand = placer[table].stand;
  const Object seat = chair(style, rng);
  const float deep = seat.mesh.bounds().hi.y, wide = seat.mesh.bounds().size().x;
  const int rows = std::max(1, std::min(count / 2, static_cast<int>(top.size().x / (wide + 0.1F))));
  const auto place =
      [&](Vec3 edge,
          float yaw) {  // edge: middle of the place at the table; the chair looks along +y, turned by yaw
        const float turn = rng.range(-0.12F, 0.12F);
        for (const float tuck : {rng.range(0.05F, 0.3F), 0.1F, -0.05F}) {
          const Stand look{{0, 0, 0}, yaw + turn};
          const Vec3 back = edge - look.direction({0, deep - tuck, 0});
          if (placer.put_at(seat, {back, yaw + turn}) >= 0) return;
        }
      };
  for (int i = 0; i < rows; ++i) {
    const float x = top.lo.x + top.size().x * (static_cast<float>(i) + 0.5F) / static_cast<float>(rows);
    place(stand.point({x, top.lo.y, 0}), stand.yaw);
    place(stand.point({x, top.hi.y, 0}), stand.yaw + kPi);
  }
  if (count > 2 * rows) {
    const float y = top.centre().y;
    place(stand.point({top.lo.x, y, 0}), stand.yaw - 0.5F * kPi);
    place(stand.point({top.hi.x, y, 0}), stand.yaw + 0.5F * kPi);
  }
}

int Furnisher::put_seat_at(int desk, const Object& seat) {
  if (desk < 0) return -1;
  const Stand stand = placer[desk].stand;
  const Box box = placer[desk].object.mesh.bounds();
  const float deep = seat.mesh.bounds().hi.y;
  for (int attempt = 0; attempt < 12; ++attempt) {
    const float x = rng.range(-0.25F, 0.25F) * box.size().x, tuck = rng.range(-0.15F, 0.25F),
                turn = rng.range(-0.5F, 0.5F);
    const Stand look{{0, 0, 0}, stand.yaw + kPi + turn};
    const Vec3 front = stand.point({x, box.hi.y - tuck, 0});
    const int placed = placer.put_at(seat, {front - look.direction({0, deep, 0}), look.yaw});
    if (placed >= 0) return placed;
  }
  return -1;
}

int Furnisher::put_beside(int index, const Object& object, float side, float gap) {
  if (index < 0) return -1;
  const Box theirs = placer[index].object.mesh.bounds(), ours = object.mesh.bounds();
  const float x = side > 0 ? theirs.hi.x + gap - ours.lo.x : theirs.lo.x - gap - ours.hi.x;
  const Stand stand = placer[index].stand;
  return placer.put_at(object, {stand.point({x, 0, 0}), stand.yaw});
}

int Furnisher::hang_above(int index, const Object& object, float z) {
  if (index < 0) return -1;
  const Stand stand = placer[index].stand;
  Vec3 position = stand.point({0, -0.017F, 0});  // the object below stands 2 cm off the wall
  position.z = z;
  return placer.put_at(object, {position, stand.yaw});
}

void furnish(Room& room, Rng& rng) {
  Furnisher f(room, rng);
  switch (room.kind) {
    case RoomKind::bedroom:
      return furnish_bedroom(f);
    case RoomKind::living_room:
      return furnish_living_room(f);
    case RoomKind::kitchen:
      return furnish_kitchen(f);
    case RoomKind::bathroom:
      return furnish_bathroom(f);
    case RoomKind::dining_room:
      return furnish_dining_room(f);
    case RoomKind::office:
      return furnish_office(f);
    case RoomKind::corridor:
      return furnish_corridor(f);
    case RoomKind::storage:
      return furnish_storage(f);
  }
}

}  // namespace taskonomy::scenes
