// The rules by which rooms are furnished: habits shared by kinds, then one function per kind.
#pragma once

#include "room.hpp"

namespace taskonomy::scenes {

/// What the rules work with.
struct Furnisher {
  Room& room;
  Style& style;
  Rng& rng;
  Placer placer;
  Furnisher(Room& target, Rng& stream)
      : room(target), style(target.style), rng(stream), placer(target.plan, target.placed, stream) {}

  // Habits. Indices are of room.placed, -1 = did not fit.
  void curtains(float probability);
  void pictures(int count);
  void hang_clock(float probability);
  void radiators();
  void plants(int count);
  void rug_under(int index, float margin);
  /// Books in runs, with gaps and ornaments; `books` = share of a board given to books.
  void fill_shelf(int shelf, float books);
  /// Chairs along the long sides (and heads) of a table, tucked in by different amounts.
  void chairs_around(int table, int count);
  /// A seat before a desk, facing it.
  int seat_at(int desk, const Object& seat);
  /// Puts a thing beside another, same back line: side = -1 left, +1 right.
  int beside(int index, const Object& object, float side, float gap);
  /// A thing on the wall above another, its foot at height z.
  int above(int index, const Object& object, float z);
  /// One of several small things.
  Object ornament();
};

void furnish_bedroom(Furnisher& f);
void furnish_living_room(Furnisher& f);
void furnish_kitchen(Furnisher& f);
void furnish_bathroom(Furnisher& f);
void furnish_dining_room(Furnisher& f);
void furnish_office(Furnisher& f);
void furnish_corridor(Furnisher& f);
void furnish_storage(Furnisher& f);

}  // namespace taskonomy::scenes
