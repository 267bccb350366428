// The names that labels speak of: room kinds (class_scene) and object classes (segment_semantic,
// class_object).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace taskonomy::scenes {

enum class RoomKind { bedroom, living_room, kitchen, bathroom, dining_room, office, corridor, storage };
constexpr int kRoomKinds = 8;

/// Room kinds in the order of RoomKind; also the first part of scene ids.
inline const std::vector<std::string>& room_kind_names() {
  static const std::vector<std::string> names = {"bedroom",     "living_room", "kitchen",  "bathroom",
                                                 "dining_room", "office",      "corridor", "storage"};
  return names;
}

/// Class ids of segment_semantic: "uncertain" (which a rendered world does not need), "background" (walls,
/// floors, furniture without a class of its own), then the 16 object classes of Taskonomy's pseudo labels.
enum class Label : std::uint8_t {
  uncertain,
  background,
  bottle,
  chair,
  couch,
  potted_plant,
  bed,
  dining_table,
  toilet,
  tv,
  microwave,
  oven,
  toaster,
  sink,
  refrigerator,
  book,
  clock,
  vase
};
constexpr int kSemanticClasses = 18;
constexpr int kObjectClasses = 16;  ///< class_object: semantic ids 2..17, in their order

/// Names of the semantic classes, index = class id.
inline const std::vector<std::string>& semantic_class_names() {
  static const std::vector<std::string> names = {
      "uncertain", "background",   "bottle",       "chair", "couch",     "potted plant",
      "bed",       "dining table", "toilet",       "tv",    "microwave", "oven",
      "toaster",   "sink",         "refrigerator", "book",  "clock",     "vase"};
  return names;
}

}  // namespace taskonomy::scenes
