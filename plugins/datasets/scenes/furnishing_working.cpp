// Rooms to work and pass in: kitchen, bathroom, office, corridor, storage.
#include "furnishing.hpp"

namespace taskonomy::scenes {
namespace {

enum class Unit { fridge, base, sink, stove };

Object unit_object(Style& s, Rng& rng, Unit unit, float width) {
  switch (unit) {
    case Unit::fridge:
      return refrigerator(s, rng);
    case Unit::sink:
      return sink_cabinet(s, rng, width);
    case Unit::stove:
      return oven(s, rng);
    case Unit::base:
      break;
  }
  return base_cabinet(s, rng, width);
}

/// One kitchen run along a wall; what did not fit stays in `wanted` for the next wall.
void kitchen_run(Furnisher& f, int wall_index, float start, std::vector<Unit>& wanted,
                 std::vector<int>& worktops) {
  Style& s = f.style;
  Rng& rng = f.rng;
  const Wall& wall = f.room.plan.walls[static_cast<std::size_t>(wall_index)];
  float at = start;
  while (at < wall.length - 0.3F) {
    const float left = wall.length - 0.01F - at;
    bool placed = false;
    const Unit unit = wanted.empty() ? Unit::base : wanted.front();
    const float width = unit == Unit::sink ? 0.8F
                        : unit == Unit::stove
                            ? 0.6F
                            : std::min(left, rng.pick(std::vector<float>{0.4F, 0.5F, 0.6F}));
    const Object object = unit_object(s, rng, unit, width);
    const float real = object.mesh.bounds().size().x;
    if (real <= left) {
      const int index = f.placer.put_at(object, wall.at(at + 0.5F * real, 0.02F, 0), unit != Unit::fridge);
      placed = index >= 0;
      if (placed) {
        if (!wanted.empty()) wanted.erase(wanted.begin());
        if (unit == Unit::sink) f.placer.put_at(kitchen_sink(s, rng, width), f.placer[index].stand, true);
        if (unit == Unit::base) worktops.push_back(index);
        if (unit != Unit::fridge)
          f.placer.put_at(backsplash(s, real, 0.55F), wall.at(at + 0.5F * real, 0.004F, 0.9F));
        if (unit == Unit::stove) {
          f.placer.put_at(range_hood(s, rng), wall.at(at + 0.5F * real, 0.013F, 1.55F));
          if (rng.chance(0.6F)) f.placer.put_on_top(index, pot(s, rng));
        } else if (unit != Unit::fridge && rng.chance(0.85F)) {
          f.placer.put_at(wall_cabinet(s, rng, real, 0.7F), wall.at(at + 0.5F * real, 0.013F, 1.46F));
        }
        at += real + 0.001F;
      }
    }
    if (!placed) {
      if (!wanted.empty() && real > left) {
        std::rotate(wanted.begin(), wanted.begin() + 1, wanted.end());
        if (left < 0.62F) {  // nothing that is wanted fits any more: close the run with a narrow cabinet
          const int index =
              f.placer.put_at(base_cabinet(s, rng, left), wall.at(at + 0.5F * left, 0.02F, 0), true);
          if (index >= 0) worktops.push_back(index);
          return;
        }
      }
      at += 0.07F;
    }
  }
}

}  // namespace

void furnish_kitchen(Furnisher& f) {
  Style& s = f.style;
  Rng& rng = f.rng;
  const auto walls = static_cast<int>(f.room.plan.walls.size());
  int first = 0;
  float best = -1.0F;
  for (int w = 0; w < walls; ++w) {  // the longest wall, better without a door
    const float score = f.room.plan.walls[static_cast<std::size_t>(w)].length -
                        (f.room.plan.has_opening(w, true) ? 1.5F : 0.0F);
    if (score > best) best = score, first = w;
  }
  std::vector<Unit> wanted{Unit::fridge, Unit::base, Unit::sink, Unit::base, Unit::stove, Unit::base};
  if (rng.chance(0.5F)) wanted = {Unit::base, Unit::stove, Unit::base, Unit::sink, Unit::base, Unit::fridge};
  std::vector<int> worktops;
  kitchen_run(f, first, 0.02F, wanted, worktops);
  const bool missing = std::any_of(wanted.begin(), wanted.end(), [](Unit u) { return u != Unit::base; });
  if (missing || rng.chance(0.55F)) kitchen_run(f, (first + 1) % walls, 0.66F, wanted, worktops);
  if (std::any_of(wanted.begin(), wanted.end(), [](Unit u) { return u != Unit::base; }))
    kitchen_run(f, (first + walls - 1) % walls, 0.3F, wanted, worktops);
  const auto top = [&] { return worktops.empty() ? -1 : rng.pick(worktops); };
  f.placer.put_on_top(top(), microwave(s, rng), 0.05F, 12);
  f.placer.put_on_top(top(), microwave(s, rng), 0.05F, 3);
  for (int i = 0; i < 3; ++i)
    if (f.placer.put_on_top(top(), toaster(s, rng), 0.2F) >= 0) break;
  f.placer.put_on_top(top(), kettle(s, rng));
  for (int i = 0; i < 3 + rng.below(4); ++i) {
    const int index = top();
    const int pick = rng.below(5);
    f.placer.put_on_top(index, pick < 2    ? bottle(s, rng)
                               : pick == 2 ? bowl(s, rng)
                               : pick == 3 ? mug(s, rng)
                                           : potted_plant(s, rng, 0.28F));
  }
  f.hang_curtains(0.2F);
  int table = rng.chance(0.5F)
                  ? f.placer.put_free_standing(round_table(s, rng, rng.range(0.4F, 0.5F)), false, 0.9F)
                  : f.placer.put_at_wall(dining_table(s, rng, rng.range(0.9F, 1.2F), 0.72F), {.gap = 0.5F});
  if (table < 0) table = f.placer.put_at_wall(dining_table(s, rng, 0.8F, 0.6F), {.gap = 0.03F});
  f.put_chairs_around(table, 4);
  if (table >= 0 && rng.chance(0.7F))
    f.placer.put_on_top(table, rng.chance(0.5F) ? bowl(s, rng) : vase(s, rng));
  f.hang_clock(0.6F);
  f.hang_pictures(rng.below(2));
  if (rng.chance(0.4F)) f.placer.put_at_wall(bin(s, rng));
  f.put_plants(rng.below(2));
  f.put_radiators();
}

void furnish_bathroom(Furnisher& f) {
  Style& s = f.style;
  Rng& rng = f.rng;
  int tub = -1;
  if (rng.chance(0.6F))
    tub = f.placer.put_at_wall(bathtub(s, rng, rng.range(1.5F, 1.7F)), {.along = Along::corner});
  if (tub < 0) f.placer.put_at_wall(shower(s, rng), {.along = Along::corner, .free_in_front = 0.2F});
  const int wc = f.placer.put_at_wall(toilet(s, rng), {.free_in_front = 0.45F, .tries = 60});
  f.put_beside(wc, bin(s, rng), rng.chance(0.5F) ? 1.0F : -1.0F, 0.15F);
  int below = -1;
  if (rng.chance(0.5F)) {
    below = f.placer.put_at_wall(vanity(s, rng, rng.range(0.7F, 1.0F)), {.free_in_front = 0.4F, .tries = 50});
    if (below >= 0) {
      f.placer.put_on_support(below, 0, vanity_basin(s, rng), 0, 0.02F, 0);
      for (int i = 0; i < 2; ++i) f.placer.put_on_top(below, bottle(s, rng));
    }
  }
  if (below < 0) below = f.placer.put_at_wall(washbasin(s, rng), {.free_in_front = 0.4F, .tries = 60});
  f.hang_above(below, mirror_cabinet(s, rng, rng.range(0.5F, 0.7F)), 1.25F);
  if (rng.chance(0.5F)) {
    const int machine = f.placer.put_at_wall(washing_machine(s, rng), {.free_in_front = 0.3F});
    for (int i = 0; i < 2; ++i) f.placer.put_on_top(machine, bottle(s, rng));
  }
  for (int i = 0; i < 2; ++i)
    f.placer.put_at_wall(towel_rail(s, rng), {.z = rng.range(0.8F, 1.1F), .gap = 0.003F});
  f.placer.put_at_wall(paper_holder(s, rng), {.z = 0.65F, .gap = 0.003F});
  if (rng.chance(0.4F)) {
    const int cabinet = f.placer.put_at_wall(nightstand(s, rng));
    f.placer.put_on_top(cabinet, f.make_ornament());
  }
  if (rng.chance(0.4F)) f.put_plants(1);
  if (wc >= 0 && rng.chance(0.6F)) {
    const Stand stand = f.placer[wc].stand;
    const Vec3 spot = stand.point({rng.range(-0.2F, 0.2F), 0.75F, 0});
    if (f.room.plan.distance_to_walls(spot.x, spot.y) > 0.5F && f.room.plan.contains(spot.x, spot.y))
      f.placer.put_at(floor_rug(s, rng, 0.8F, 0.5F), {spot, stand.yaw});
  }
  f.put_radiators();
}

void furnish_office(Furnisher& f) {
  Style& s = f.style;
  Rng& rng = f.rng;
  f.hang_curtains(0.4F);
  const int desks = f.room.plan.floor_area() > 13.0F ? 2 : 1 + rng.below(2);
  for (int i = 0; i < desks; ++i) {
    const Object table = desk(s, rng, rng.range(1.2F, 1.7F));
    int index = f.placer.put_at_wall(table, {.along = Along::anywhere, .free_in_front = 0.0F, .tries = 40});
    if (index < 0) index = f.placer.put_at_wall(desk(s, rng, 1.1F), {.tries = 40});
    if (index < 0) continue;
    f.put_seat_at(index, office_chair(s, rng));
    if (rng.chance(0.8F)) f.placer.put_on_top(index, television(s, rng, rng.range(0.5F, 0.62F), true), 0.15F);
    if (rng.chance(0.5F)) f.placer.put_on_top(index, laptop(s, rng), 0.3F);
    if (rng.chance(0.6F)) f.placer.put_on_top(index, table_lamp(s, rng));
    for (int k = 0; k < 2; ++k)
      f.placer.put_on_top(index, rng.chance(0.6F) ? book_stack(s, rng) : mug(s, rng));
    f.put_beside(index, bin(s, rng), rng.chance(0.5F) ? 1.0F : -1.0F, 0.08F);
  }
  for (int i = 0; i < 1 + rng.below(3); ++i) {
    const int shelf = f.placer.put_at_wall(bookshelf(s, rng, rng.range(0.8F, 1.4F), rng.range(1.5F, 2.15F)),
                                           {.free_in_front = 0.3F});
    f.fill_shelf(shelf, 0.93F);
  }
  if (rng.chance(0.6F)) {
    const int cabinet = f.placer.put_at_wall(dresser(s, rng, rng.range(0.5F, 0.8F)));
    f.placer.put_on_top(cabinet, rng.chance(0.5F) ? carton(s, rng, {0.3F, 0.25F, 0.2F}) : f.make_ornament());
  }
  if (rng.chance(0.4F)) f.placer.put_at_wall(chair(s, rng), {.gap = 0.05F});
  f.put_plants(1 + rng.below(2));
  f.hang_clock(0.75F);
  f.put_radiators();
  f.hang_pictures(1 + rng.below(3));
}

void furnish_corridor(Furnisher& f) {
  Style& s = f.style;
  Rng& rng = f.rng;
  if (rng.chance(0.65F)) {  // a runner along the first long arm
    int longest = 0;
    for (std::size_t i = 0; i < f.room.plan.walls.size(); ++i)
      if (f.room.plan.walls[i].length > f.room.plan.walls[static_cast<std::size_t>(longest)].length)
        longest = static_cast<int>(i);
    const Wall& wall = f.room.plan.walls[static_cast<std::size_t>(longest)];
    const float width = wall.length - 0.9F, depth = rng.range(0.6F, 0.75F);
    f.placer.put_at(floor_rug(s, rng, width, depth), wall.at(0.5F * wall.length, 0.32F, 0));
  }
  if (rng.chance(0.75F)) {
    const int board = f.placer.put_at_wall(console_table(s, rng, rng.range(0.7F, 1.1F)), {.tries = 40});
    for (int i = 0; i < 2; ++i) f.placer.put_on_top(board, f.make_ornament());
    f.hang_above(board, rng.chance(0.5F) ? mirror_cabinet(s, rng, 0.5F) : picture(s, rng), 1.25F);
  }
  f.placer.put_at_wall(coat_rack(s, rng, rng.range(0.7F, 1.2F)), {.gap = 0.003F, .tries = 40});
  if (rng.chance(0.6F)) f.placer.put_at_wall(bench(s, rng, rng.range(0.8F, 1.1F)), {.tries = 40});
  if (rng.chance(0.5F)) f.placer.put_at_wall(chair(s, rng), {.tries = 20});
  if (rng.chance(0.35F)) {
    const int shelf = f.placer.put_at_wall(bookshelf(s, rng, rng.range(0.6F, 0.9F), rng.range(0.9F, 1.9F)));
    f.fill_shelf(shelf, 0.6F);
  }
  f.put_plants(1 + rng.below(2));
  f.hang_pictures(4 + rng.below(3));
  f.hang_clock(0.5F);
  f.put_radiators();
}

void furnish_storage(Furnisher& f) {
  Style& s = f.style;
  Rng& rng = f.rng;
  for (int i = 0; i < 2 + rng.below(3); ++i) {
    const int rack =
        f.placer.put_at_wall(metal_rack(s, rng, rng.range(0.8F, 1.4F)),
                             {.along = i == 0 ? Along::corner : Along::anywhere, .free_in_front = 0.3F});
    if (rack < 0) continue;
    const std::vector<Support> boards = f.placer[rack].object.mesh.supports;
    for (std::size_t b = 0; b < boards.size(); ++b) {
      float x = boards[b].x0 + rng.range(0.0F, 0.1F);
      while (x < boards[b].x1 - 0.12F) {
        const int what = rng.below(8);
        const float high = std::min(0.34F, boards[b].room - 0.03F);
        const Object thing = what < 5   ? carton(s, rng, {rng.range(0.22F, 0.5F), 0.34F, high})
                             : what < 6 ? bottle(s, rng)
                             : what < 7 ? bucket(s, rng)
                                        : book_stack(s, rng);
        const Box box = thing.mesh.bounds();
        f.placer.put_on_support(rack, b, thing, x - box.lo.x,
                                0.5F * (boards[b].y0 + boards[b].y1) - box.centre().y, 0.0F);
        x += box.size().x + rng.range(0.01F, 0.12F);
      }
    }
  }
  for (int i = 0; i < 3 + rng.below(4); ++i) {
    const Object box =
        carton(s, rng, {rng.range(0.35F, 0.6F), rng.range(0.3F, 0.5F), rng.range(0.28F, 0.45F)});
    const int index = f.placer.put_at_wall(box, {.gap = rng.range(0.03F, 0.12F)});
    if (index < 0 || !rng.chance(0.6F)) continue;
    const Placed& below = f.placer[index];
    const Object second = carton(s, rng, {0.34F, 0.28F, 0.3F});
    Vec3 position = below.stand.position;
    position.z = below.object.mesh.bounds().hi.z;
    f.placer.put_at(second, {position, below.stand.yaw + rng.range(-0.2F, 0.2F)});
  }
  if (rng.chance(0.6F)) f.placer.put_at_wall(ladder(s, rng));
  if (rng.chance(0.6F)) f.placer.put_at_wall(broom(s, rng));
  if (rng.chance(0.6F)) f.placer.put_at_wall(bucket(s, rng));
  if (rng.chance(0.35F)) f.placer.put_at_wall(washing_machine(s, rng));
  if (rng.chance(0.35F)) f.placer.put_at_wall(chair(s, rng));
  if (rng.chance(0.3F)) f.placer.put_at_wall(bin(s, rng));
  if (rng.chance(0.25F)) f.placer.put_at_wall(refrigerator(s, rng));
  f.put_radiators();
}

}  // namespace taskonomy::scenes
