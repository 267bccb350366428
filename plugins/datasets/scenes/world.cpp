// Rooms by number: ids, seeds and the cache of stages.
#include "world.hpp"

#include <cstdio>
#include <stdexcept>

namespace taskonomy::scenes {
namespace {

/// How many rooms are kept. Several views of a room are asked for in a row, from a few threads.
constexpr std::size_t kCached = 6;

}  // namespace

struct World::Entry {
  std::int64_t room = 0;
  std::once_flag once;
  std::shared_ptr<const Stage> stage;
};

World::World(WorldOptions options) : options_(std::move(options)) {
  const auto require = [](bool holds, const char* what) {
    if (!holds) throw std::invalid_argument(std::string("scenes: ") + what);
  };
  require(options_.rooms >= 1 && options_.rooms <= 99999, "rooms must lie in 1..99999");
  require(options_.views_per_room >= 1 && options_.views_per_room <= 1000,
          "views_per_room must lie in 1..1000");
  require(options_.render.side >= 8 && options_.render.side <= 2048, "side must lie in 8..2048");
  require(options_.render.samples >= 1 && options_.render.samples <= 64, "samples must lie in 1..64");
  require(options_.render.shadow_rays >= 1 && options_.render.shadow_rays <= 16,
          "shadow_rays must lie in 1..16");
  require(options_.render.ao_rays >= 0 && options_.render.ao_rays <= 16, "ao_rays must lie in 0..16");
  if (options_.kinds.empty())
    for (int k = 0; k < kRoomKinds; ++k) options_.kinds.push_back(static_cast<RoomKind>(k));
}

World::~World() = default;

RoomKind World::kind_of(std::int64_t room) const {
  return options_.kinds[static_cast<std::size_t>(room) % options_.kinds.size()];
}

std::string World::room_id(std::int64_t room) const {
  char number[16];
  std::snprintf(number, sizeof number, "-%05lld", static_cast<long long>(room));
  return room_kind_names()[static_cast<std::size_t>(kind_of(room))] + number;
}

std::int64_t World::room_number(std::string_view id) const {
  const std::size_t dash = id.rfind('-');
  std::int64_t number = -1;
  if (dash != std::string_view::npos && id.size() - dash - 1 <= 9 && dash + 1 < id.size()) {
    number = 0;
    for (const char c : id.substr(dash + 1))
      number = c >= '0' && c <= '9' && number >= 0 ? number * 10 + (c - '0') : -1;
  }
  if (number < 0 || number >= options_.rooms || room_id(number) != id)
    throw std::invalid_argument("scenes: no room \"" + std::string(id) + "\" among the " +
                                std::to_string(options_.rooms) + " of this world");
  return number;
}

Room World::build_room(std::int64_t room) const {
  return make_room(kind_of(room), hash_text(room_id(room), options_.seed), options_.render.look);
}

std::shared_ptr<const Stage> World::stage(std::int64_t room) const {
  std::shared_ptr<Entry> entry;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (auto it = recent_.begin(); it != recent_.end(); ++it) {
      if ((*it)->room != room) continue;
      recent_.splice(recent_.begin(), recent_, it);
      entry = *it;
      break;
    }
    if (!entry) {
      entry = std::make_shared<Entry>();
      entry->room = room;
      recent_.push_front(entry);
      if (recent_.size() > kCached) recent_.pop_back();
    }
  }
  // Outside of the lock, so that threads build different rooms side by side and wait for one
  // another only on the same room.
  std::call_once(entry->once, [&] {
    entry->stage = std::make_shared<const Stage>(make_stage(build_room(room), device_));
  });
  return entry->stage;
}

SampleViews World::sample(std::int64_t room, std::int64_t index, Views kind, bool colour) const {
  if (room < 0 || room >= options_.rooms || index < 0 || index >= options_.views_per_room)
    throw std::out_of_range("scenes: no sample " + std::to_string(index) + " in room " +
                            std::to_string(room));
  const std::shared_ptr<const Stage> here = stage(room);
  const std::uint64_t seed = hash_text(room_id(room), mix_bits(options_.seed));
  const Rig rig = choose_rig(*here, kind, index, seed, handling_of(options_.render.look));
  SampleViews out;
  out.match = rig.match;
  for (std::size_t v = 0; v < rig.cameras.size(); ++v) {
    const std::uint64_t own = mix_bits(
        seed ^ mix_bits(static_cast<std::uint64_t>(index) * 64U + static_cast<std::uint64_t>(kind) * 8U + v));
    out.views.push_back(render(*here, rig.cameras[v], options_.render, own, colour));
  }
  return out;
}

}  // namespace taskonomy::scenes
