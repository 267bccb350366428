// The rules by which rooms are furnished: habits that kinds of rooms share, then one function per kind.
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

  // Habits. Every index is one of room.placed; -1 stands for a thing that did not fit, which nothing is put
  // at.
  void hang_curtains(float probability);
  void hang_pictures(int count);
  void hang_clock(float probability);
  void put_radiators();
  void put_plants(int count);
  void lay_rug_under(int index, float margin);
  /// Puts runs of books with gaps and ornaments on every board; `books` is the share of a board given to
  /// books.
  void fill_shelf(int shelf, float books);
  /// Puts chairs along the long sides (and heads) of a table, tucked in by different amounts.
  void put_chairs_around(int table, int count);
  /// Puts a seat before a desk, facing it.
  int put_seat_at(int desk, const Object& seat);
  /// Puts a thing beside another, with their backs in one line: side = -1 left, +1 right.
  int put_beside(int index, const Object& object, float side, float gap);
  /// Hangs a thing on the wall above another, with its foot at height z.
  int hang_above(int index, const Object& object, float z);
  /// Draws one of several small things.
  Object make_ornament();
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
