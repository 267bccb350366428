// Furniture: one function per object, real proportions in metres, drawn from the room's style.
//
// The frame of every object: x points to the right seen from the back, y is 0 at its back and grows towards
// its front, z points up from its foot. What hangs on a wall has its foot at its lower edge; what hangs from
// the ceiling has its top at z = 0.
#pragma once

#include <string>

#include "mesh.hpp"
#include "style.hpp"

namespace taskonomy::scenes {

/// A thing with one class and one instance id.
struct Object {
  std::string name;
  Label label = Label::background;
  Mesh mesh;
};

// seating
Object chair(Style& s, Rng& rng);
Object office_chair(Style& s, Rng& rng);
Object couch(Style& s, Rng& rng, int seats);
Object stool(Style& s, Rng& rng);
Object bench(Style& s, Rng& rng, float width);

// tables
Object dining_table(Style& s, Rng& rng, float width, float depth);
Object round_table(Style& s, Rng& rng, float radius);
Object coffee_table(Style& s, Rng& rng);
Object desk(Style& s, Rng& rng, float width);
Object nightstand(Style& s, Rng& rng);
Object console_table(Style& s, Rng& rng, float width);

// sleeping and storing
Object bed(Style& s, Rng& rng, float width);
Object wardrobe(Style& s, Rng& rng, float width);
Object dresser(Style& s, Rng& rng, float width);
Object bookshelf(Style& s, Rng& rng, float width, float height);
Object metal_rack(Style& s, Rng& rng, float width);
Object tv_bench(Style& s, Rng& rng, float width);
Object coat_rack(Style& s, Rng& rng, float width);

// kitchen
Object base_cabinet(Style& s, Rng& rng, float width);
Object sink_cabinet(Style& s, Rng& rng, float width);
Object kitchen_sink(Style& s, Rng& rng, float width);
Object wall_cabinet(Style& s, Rng& rng, float width, float height);
Object backsplash(Style& s, float width, float height);
Object range_hood(Style& s, Rng& rng);
Object oven(Style& s, Rng& rng);
Object refrigerator(Style& s, Rng& rng);
Object microwave(Style& s, Rng& rng);
Object toaster(Style& s, Rng& rng);
Object kettle(Style& s, Rng& rng);
Object pot(Style& s, Rng& rng);

// bathroom
Object toilet(Style& s, Rng& rng);
Object washbasin(Style& s, Rng& rng);
Object vanity(Style& s, Rng& rng, float width);
Object vanity_basin(Style& s, Rng& rng);
Object bathtub(Style& s, Rng& rng, float width);
Object shower(Style& s, Rng& rng);
Object mirror_cabinet(Style& s, Rng& rng, float width);
Object towel_rail(Style& s, Rng& rng);
Object washing_machine(Style& s, Rng& rng);
Object paper_holder(Style& s, Rng& rng);

// small things and decoration
Object bottle(Style& s, Rng& rng);
Object vase(Style& s, Rng& rng);
Object potted_plant(Style& s, Rng& rng, float height);
Object book_upright(Style& s, Rng& rng, float max_height);
Object book_stack(Style& s, Rng& rng);
Object wall_clock(Style& s, Rng& rng);
Object alarm_clock(Style& s, Rng& rng);
Object television(Style& s, Rng& rng, float width, bool standing);
Object laptop(Style& s, Rng& rng);
Object picture(Style& s, Rng& rng);
Object curtain(Style& s, Rng& rng, float width, float height);
Object floor_rug(Style& s, Rng& rng, float width, float depth);
Object bowl(Style& s, Rng& rng);
Object plate(Style& s, Rng& rng);
Object mug(Style& s, Rng& rng);
Object carton(Style& s, Rng& rng, Vec3 largest);
Object bin(Style& s, Rng& rng);
Object bucket(Style& s, Rng& rng);
Object radiator(Style& s, Rng& rng, float width);
Object broom(Style& s, Rng& rng);
Object ladder(Style& s, Rng& rng);

// lamps; each carries a Glow
Object floor_lamp(Style& s, Rng& rng);
Object table_lamp(Style& s, Rng& rng);
Object pendant_lamp(Style& s, Rng& rng, float drop);
Object ceiling_disc(Style& s, Rng& rng);
Object ceiling_panel(Style& s, Rng& rng, float width, float depth);

}  // namespace taskonomy::scenes
