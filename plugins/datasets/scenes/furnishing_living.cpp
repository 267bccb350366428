// Rooms to live in: bedroom, living room, dining room.
#include "furnishing.hpp"

namespace taskonomy::scenes {

void furnish_bedroom(Furnisher& f) {
  Style& s = f.style;
  Rng& rng = f.rng;
  f.hang_curtains(0.8F);
  int bed_index = -1;
  for (const float width : {rng.pick(std::vector<float>{0.95F, 1.4F, 1.6F, 1.8F}), 1.4F, 0.95F}) {
    const WallSpot spot{
        .along = width < 1.2F ? Along::corner : Along::middle, .avoid_door_wall = true, .tries = 24};
    bed_index = f.placer.put_at_wall(bed(s, rng, width), spot);
    if (bed_index >= 0) break;
  }
  const Object night = nightstand(s, rng);
  const Object lamp = table_lamp(s, rng);
  for (const float side : {-1.0F, 1.0F}) {
    const int stand = f.put_beside(bed_index, night, side, rng.range(0.02F, 0.12F));
    if (rng.chance(0.8F)) f.placer.put_on_top(stand, lamp);
    if (rng.chance(0.5F))
      f.placer.put_on_top(stand, rng.chance(0.5F) ? alarm_clock(s, rng) : book_stack(s, rng));
  }
  if (rng.chance(0.75F)) f.hang_above(bed_index, picture(s, rng), rng.range(1.35F, 1.5F));
  for (const float width : {rng.range(1.5F, 2.1F), 1.1F})
    if (f.placer.put_at_wall(wardrobe(s, rng, width), {.along = Along::corner, .free_in_front = 0.4F}) >= 0)
      break;
  const int chest = rng.chance(0.75F) ? f.placer.put_at_wall(dresser(s, rng, rng.range(0.75F, 1.3F)),
                                                             {.free_in_front = 0.3F})
                                      : -1;
  if (chest >= 0) {
    if (rng.chance(0.4F))
      f.placer.put_on_top(chest, television(s, rng, rng.range(0.6F, 0.75F), true), 0.05F);
    else
      f.hang_above(chest, picture(s, rng), rng.range(1.3F, 1.5F));
    for (int i = 0; i < 3; ++i) f.placer.put_on_top(chest, f.make_ornament());
  }
  if (rng.chance(0.35F)) {
    const int table = f.placer.put_at_wall(desk(s, rng, rng.range(0.9F, 1.2F)));
    f.put_seat_at(table, chair(s, rng));
    f.placer.put_on_top(table, rng.chance(0.5F) ? laptop(s, rng) : table_lamp(s, rng), 0.1F);
    f.placer.put_on_top(table, book_stack(s, rng));
  } else if (rng.chance(0.4F)) {
    f.placer.put_at_wall(couch(s, rng, 1), {.along = Along::corner, .gap = 0.1F});
  }
  if (rng.chance(0.4F)) {
    const int shelf = f.placer.put_at_wall(bookshelf(s, rng, rng.range(0.6F, 0.9F), rng.range(1.1F, 1.9F)));
    f.fill_shelf(shelf, 0.75F);
  }
  if (rng.chance(0.6F)) f.lay_rug_under(bed_index, rng.range(0.25F, 0.5F));
  f.put_plants(rng.below(3));
  f.put_radiators();
  f.hang_pictures(1 + rng.below(3));
  f.hang_clock(0.3F);
}

namespace {

/// A couch that looks at the television over a coffee table, or one at a wall.
int seating_group(Furnisher& f, int bench) {
  Style& s = f.style;
  Rng& rng = f.rng;
  int sofa = -1;
  const Object couch_object = couch(s, rng, 2 + rng.below(2));
  const float deep = couch_object.mesh.bounds().hi.y;
  if (bench >= 0) {
    for (int attempt = 0; attempt < 14 && sofa < 0; ++attempt) {
      const float distance = rng.range(1.7F, 3.4F);
      const Stand stand = f.placer[bench].stand;
      sofa = f.placer.put_at(couch_object,
                             {stand.point({rng.range(-0.3F, 0.3F), distance + deep, 0}), stand.yaw + kPi});
    }
  }
  if (sofa < 0) sofa = f.placer.put_at_wall(couch_object, {.along = Along::middle, .gap = 0.06F});
  if (sofa < 0) sofa = f.placer.put_at_wall(couch(s, rng, 2), {.gap = 0.06F, .tries = 40});
  if (sofa < 0) return sofa;
  const Stand stand = f.placer[sofa].stand;
  const Box box = f.placer[sofa].object.mesh.bounds();
  const int low = f.placer.put_at(coffee_table(s, rng),
                                  {stand.point({0, box.hi.y + rng.range(0.3F, 0.45F), 0}), stand.yaw});
  for (int i = 0; i < 3; ++i) f.placer.put_on_top(low, i == 0 ? book_stack(s, rng) : f.make_ornament());
  if (rng.chance(0.3F)) f.placer.put_on_top(low, mug(s, rng));
  if (rng.chance(0.75F)) f.lay_rug_under(low, rng.range(0.4F, 0.75F));
  for (const float side : {-1.0F, 1.0F}) {  // armchairs at the ends of the coffee table
    if (!rng.chance(0.5F)) continue;
    const Object seat = couch(s, rng, 1);
    const float turn = stand.yaw + side * (0.5F * kPi + rng.range(-0.3F, 0.3F));
    f.placer.put_at(
        seat,
        {stand.point({side * (0.5F * box.size().x + rng.range(0.5F, 1.0F)), box.hi.y + 0.6F, 0}), turn});
  }
  return sofa;
}

}  // namespace

void furnish_living_room(Furnisher& f) {
  Style& s = f.style;
  Rng& rng = f.rng;
  f.hang_curtains(0.75F);
  const float width = rng.range(1.3F, 1.9F);
  const int bench = f.placer.put_at_wall(tv_bench(s, rng, width),
                                         {.along = Along::middle, .free_in_front = 0.5F, .tries = 50});
  int tv = -1;
  if (rng.chance(0.55F))
    tv = f.placer.put_on_top(bench, television(s, rng, rng.range(0.85F, 1.2F), true), 0.0F);
  if (tv < 0)
    tv = f.hang_above(bench, television(s, rng, rng.range(0.85F, 1.3F), false), rng.range(0.8F, 1.0F));
  if (tv < 0) tv = f.placer.put_on_top(bench, television(s, rng, 0.75F, true), 0.0F, 20);
  if (tv < 0) f.placer.put_at_wall(television(s, rng, 0.9F, false), {.z = 1.0F, .gap = 0.003F});
  const int sofa = seating_group(f, bench);
  for (int i = 0; i < 2; ++i) f.placer.put_on_top(bench, f.make_ornament());
  for (int i = 0; i < 1 + rng.below(2); ++i) {
    const int shelf = f.placer.put_at_wall(bookshelf(s, rng, rng.range(0.7F, 1.3F), rng.range(1.2F, 2.1F)),
                                           {.free_in_front = 0.3F});
    f.fill_shelf(shelf, rng.range(0.55F, 0.9F));
  }
  f.put_beside(sofa, floor_lamp(s, rng), rng.chance(0.5F) ? 1.0F : -1.0F, 0.1F);
  if (rng.chance(0.4F)) {
    const int board = f.placer.put_at_wall(console_table(s, rng, rng.range(0.8F, 1.2F)));
    for (int i = 0; i < 3; ++i) f.placer.put_on_top(board, f.make_ornament());
    f.hang_above(board, picture(s, rng), 1.3F);
  }
  if (rng.chance(0.3F)) {
    const int table = f.placer.put_free_standing(round_table(s, rng, rng.range(0.42F, 0.52F)), false, 0.95F);
    f.put_chairs_around(table, 4);
  }
  f.put_plants(1 + rng.below(3));
  f.put_radiators();
  f.hang_pictures(2 + rng.below(3));
  f.hang_clock(0.4F);
}

void furnish_dining_room(Furnisher& f) {
  Style& s = f.style;
  Rng& rng = f.rng;
  f.hang_curtains(0.75F);
  int table = -1;
  bool round = rng.chance(0.3F);
  const Box room = f.room.plan.bounds();
  for (int attempt = 0; attempt < 30 && table < 0; ++attempt) {
    const float width = attempt < 15 ? rng.range(1.5F, 2.1F) : 1.2F,
                radius = attempt < 15 ? rng.range(0.52F, 0.68F) : 0.48F;
    const Object object =
        round ? round_table(s, rng, radius) : dining_table(s, rng, width, rng.range(0.8F, 0.95F));
    const Vec3 size = object.mesh.bounds().size();
    const float yaw = room.size().x > room.size().y ? 0.0F : 0.5F * kPi;
    const float loose = 0.03F * static_cast<float>(attempt);
    const Stand turn{{0, 0, 0}, yaw};
    const Vec3 centre = room.centre() + Vec3{rng.range(-loose, loose), rng.range(-loose, loose), 0};
    if (!f.room.plan.contains(centre.x, centre.y) ||
        f.room.plan.distance_to_walls(centre.x, centre.y) < 0.5F * size.y + 0.6F)
      continue;
    const Vec3 foot = centre - turn.direction({0, 0.5F * size.y, 0});
    table = f.placer.put_at(object, {{foot.x, foot.y, 0}, yaw});
  }
  f.put_chairs_around(table, 4 + 2 * rng.below(2));
  if (table >= 0) {
    const Placed& t = f.placer[table];
    const Vec3 middle = t.stand.point(t.object.mesh.bounds().centre());
    if (rng.chance(0.75F))
      f.placer.put_at(pendant_lamp(s, rng, rng.range(0.7F, 0.95F)),
                      {{middle.x, middle.y, f.room.plan.height}, 0});
    f.placer.put_on_top(table, rng.chance(0.6F) ? vase(s, rng) : bowl(s, rng));
    for (int i = 0; i < 2 + rng.below(4); ++i) f.placer.put_on_top(table, plate(s, rng));
    for (int i = 0; i < rng.below(3); ++i) f.placer.put_on_top(table, bottle(s, rng));
    if (rng.chance(0.5F)) f.lay_rug_under(table, rng.range(0.5F, 0.75F));
  }
  const int sideboard = f.placer.put_at_wall(dresser(s, rng, rng.range(1.1F, 1.6F)),
                                             {.along = Along::middle, .free_in_front = 0.25F});
  for (int i = 0; i < 4; ++i)
    f.placer.put_on_top(sideboard, rng.chance(0.35F) ? bottle(s, rng) : f.make_ornament());
  f.hang_above(sideboard, picture(s, rng), rng.range(1.3F, 1.5F));
  if (rng.chance(0.5F)) {
    const int shelf = f.placer.put_at_wall(bookshelf(s, rng, rng.range(0.7F, 1.0F), rng.range(1.4F, 2.0F)));
    f.fill_shelf(shelf, 0.25F);
  }
  f.put_plants(1 + rng.below(2));
  f.put_radiators();
  f.hang_pictures(2 + rng.below(3));
  f.hang_clock(0.6F);
}

}  // namespace taskonomy::scenes
