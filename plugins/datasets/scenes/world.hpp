// The rendered world: rooms by number, views by room and index. It needs no LibTorch; the adapter
// turns views into tensors.
#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "render.hpp"

namespace taskonomy::scenes {

/// What the world is made of; the head of scenes.cpp advises on choosing.
struct WorldOptions {
  std::int64_t rooms = 500;
  std::int64_t views_per_room = 8;  ///< samples of every view kind in a room
  std::uint64_t seed = 1;           ///< of everything
  std::vector<RoomKind> kinds;      ///< in rotation over the rooms; empty = all eight
  RenderOptions render;
};

/// One sample: its views, and whether the centres of a matching pair show the same point.
struct SampleViews {
  std::vector<View> views;
  bool match = true;
};

/// Rooms and their views. A view depends on the options, the room, the kind and the index alone: its pixels
/// are the same in any order and from any thread. [any thread]
class World {
 public:
  /// Throws std::invalid_argument naming the option when one is out of range.
  explicit World(WorldOptions options);
  ~World();

  [[nodiscard]] const WorldOptions& options() const { return options_; }
  /// "kitchen-00042": the room's kind and number.
  [[nodiscard]] std::string room_id(std::int64_t room) const;
  /// The number in a room id. Throws std::invalid_argument where this world has no such room.
  [[nodiscard]] std::int64_t room_number(std::string_view id) const;
  [[nodiscard]] RoomKind kind_of(std::int64_t room) const;
  /// The room without what rays need to find it.
  [[nodiscard]] Room build_room(std::int64_t room) const;
  /// The room ready for cameras, from the cache of the last few or built anew.
  [[nodiscard]] std::shared_ptr<const Stage> stage(std::int64_t room) const;
  /// Renders sample `index` (0..views_per_room-1) of a room. Without `colour`, rgb stays empty.
  /// Throws std::out_of_range.
  [[nodiscard]] SampleViews sample(std::int64_t room, std::int64_t index, Views kind,
                                   bool colour = true) const;

 private:
  struct Entry;
  WorldOptions options_;
  RayDevice device_;
  mutable std::mutex mutex_;
  mutable std::list<std::shared_ptr<Entry>> recent_;  ///< latest first
};

}  // namespace taskonomy::scenes
