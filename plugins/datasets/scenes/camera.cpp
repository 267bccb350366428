// Choosing views: candidates by the score of a coarse grid of rays, then partners that see the same things.
#include "camera.hpp"

#include <array>

namespace taskonomy::scenes {
namespace {

constexpr int kGrid = 8;  ///< coarse view: kGrid x kGrid rays
constexpr float kDegree = kPi / 180.0F;

struct Glance {
  float score = -1e9F;
  bool good = false;
  std::array<Vec3, static_cast<std::size_t>(kGrid* kGrid)> points;
};

/// Judges what a camera sees by a coarse grid of rays: bare walls, close-ups and blocked views score low.
Glance judge_view(const Stage& stage, const Camera& camera) {
  Glance out;
  std::array<std::uint32_t, static_cast<std::size_t>(kGrid * kGrid)> objects{};
  float nearest = 1e9F, spread = 0.0F, mean = 0.0F;
  int close = 0, building = 0, n = 0;
  for (int row = 0; row < kGrid; row += 2) {
    Ray rays[kPacket];
    Hit hits[kPacket];
    for (int i = 0; i < kPacket; ++i) {
      const int below = row + i / kGrid;
      const float x = static_cast<float>(i % kGrid) + 0.5F, y = static_cast<float>(below) + 0.5F;
      rays[i] = {camera.position, camera.direction(x, y, kGrid), 1e-4F, 1e4F};
    }
    stage.caster->intersect(rays, kPacket, hits, true);
    for (int i = 0; i < kPacket; ++i, ++n) {
      const float t = hits[i].any() ? hits[i].distance : 0.0F;
      const std::uint32_t object = hits[i].any() ? stage.object_of[hits[i].triangle] : 0;
      out.points[static_cast<std::size_t>(n)] = camera.position + rays[i].direction * t;
      objects[static_cast<std::size_t>(n)] = object;
      nearest = std::min(nearest, t);
      close += t < 0.8F ? 1 : 0;
      building += object < stage.room.building ? 1 : 0;
      mean += t;
      spread += t * t;
    }
  }
  mean /= static_cast<float>(n);
  spread = std::sqrt(std::max(0.0F, spread / static_cast<float>(n) - mean * mean));
  std::sort(objects.begin(), objects.end());
  float things = 0.0F;
  for (std::size_t i = 0; i < objects.size(); ++i) {
    if (objects[i] < stage.room.building || (i > 0 && objects[i] == objects[i - 1])) continue;
    const Object& object = stage.room.placed[objects[i]].object;
    const bool row =
        object.label == Label::book || object.name == "box";  // a full shelf is one thing to look at
    things += row ? 0.08F : object.label != Label::background ? 1.5F : 1.0F;
  }
  const float bare = static_cast<float>(building) / static_cast<float>(n),
              crowd = static_cast<float>(close) / static_cast<float>(n);
  const bool narrow = stage.room.kind == RoomKind::corridor || stage.room.kind == RoomKind::bathroom;
  out.good = nearest > 0.35F && crowd < (narrow ? 0.3F : 0.15F) &&
             bare < (stage.room.kind == RoomKind::corridor ? 0.8F : 0.72F) && things >= 3.0F &&
             spread > 0.35F;
  out.score = std::min(things, 9.0F) + 5.0F * std::min(1.0F - bare, 0.6F) + 0.8F * std::min(mean, 3.5F) -
              12.0F * crowd - (nearest < 0.35F ? 6.0F : 0.0F);
  return out;
}

/// A camera at `eye` that looks at `target`.
Camera aim(Vec3 eye, Vec3 target, float fov, float roll = 0.0F) {
  const Vec3 d = target - eye;
  return {eye, std::atan2(d.y, d.x), std::atan2(d.z, std::sqrt(d.x * d.x + d.y * d.y)), fov, roll};
}

/// How far a hand turns the camera about its axis; small angles are likelier.
float random_roll(const Handling& handling, Rng& rng) {
  if (handling.roll <= 0.0F) return 0.0F;
  return 2.0F * handling.roll * (rng.uniform() + rng.uniform() + rng.uniform() - 1.5F);
}

std::optional<Vec3> random_eye(const Stage& stage, const Handling& handling, Rng& rng) {
  const Box box = stage.room.plan.bounds();
  for (int attempt = 0; attempt < 40; ++attempt) {
    const float level = 0.5F * (rng.uniform() + rng.uniform());
    const Vec3 eye{rng.range(box.lo.x, box.hi.x), rng.range(box.lo.y, box.hi.y),
                   mix(handling.lowest, handling.highest, level)};
    if (free_place(stage.room, eye, 0.15F)) return eye;
  }
  return std::nullopt;
}

/// Draws something to look at: furniture, the larger the likelier, and labelled things more often.
Vec3 random_target(const Stage& stage, Rng& rng) {
  const Room& room = stage.room;
  float total = 0.0F;
  const auto weight = [&](const Placed& p) {
    if (p.solids.empty()) return 0.0F;
    const Solid& s = p.around;
    const float size = std::sqrt(std::max(4.0F * s.half_x * s.half_y, s.half_x * (s.z1 - s.z0)));
    if (p.object.label == Label::book || p.object.name == "box") return 0.05F;
    return std::min(size, 1.4F) * (p.object.label != Label::background ? 2.0F : 1.0F) *
           (s.z0 > 2.0F ? 0.0F : 1.0F);
  };
  for (std::size_t i = room.building; i < room.placed.size(); ++i) total += weight(room.placed[i]);
  float pick = rng.uniform() * total;
  for (std::size_t i = room.building; i < room.placed.size(); ++i) {
    const float w = weight(room.placed[i]);
    pick -= w;
    if (w > 0.0F && pick <= 0.0F) {
      const Solid& s = room.placed[i].around;
      return {s.centre.x, s.centre.y, 0.5F * (s.z0 + s.z1)};
    }
  }
  return room.plan.bounds().centre();
}

bool sees(const Stage& stage, Vec3 eye, Vec3 point) {
  const Vec3 d = point - eye;
  const float distance = length(d);
  return !stage.caster->occluded(Ray{eye, d / distance, 1e-4F, distance - 2e-3F});
}

/// The farthest end of a corridor that is in sight.
Vec3 far_end(const Stage& stage, Vec3 eye) {
  Vec3 best = eye;
  for (const Wall& wall : stage.room.plan.walls) {
    const Vec3 middle = (wall.a + wall.b) * 0.5F + wall.inward * 0.1F + Vec3{0, 0, 1.0F};
    if (wall.length < 2.2F && length(middle - eye) > length(best - eye) && sees(stage, eye, middle))
      best = middle;
  }
  return best;
}

/// A camera that shows the room well: the better of two that are good, or the best of all that were tried.
Camera good_camera(const Stage& stage, const Handling& handling, Rng& rng) {
  Camera best({0, 0, 1.5F}, 0, 0, 1.2F);
  float best_score = -1e9F;
  int good = 0;
  for (int attempt = 0; attempt < 60 && good < 2; ++attempt) {
    const std::optional<Vec3> eye = random_eye(stage, handling, rng);
    if (!eye) continue;
    const Vec3 target = stage.room.kind == RoomKind::corridor && rng.chance(0.6F) ? far_end(stage, *eye)
                                                                                  : random_target(stage, rng);
    if (length(target - *eye) < 1.1F) continue;
    const float fov = rng.range(handling.narrowest, handling.widest) * kDegree;
    Camera camera = aim(*eye, target, fov);
    camera = Camera(*eye, camera.yaw + rng.range(-0.25F, 0.25F),
                    std::clamp(camera.pitch * 0.6F + rng.range(-0.08F, 0.06F), -handling.down, handling.up),
                    fov, random_roll(handling, rng));
    const Glance seen = judge_view(stage, camera);
    good += seen.good ? 1 : 0;
    const float score = seen.score + (seen.good ? 20.0F : 0.0F);
    if (score > best_score) best_score = score, best = camera;
  }
  return best;
}

Vec3 centre_point(const Stage& stage, const Camera& camera) {
  const Hit hit = stage.caster->intersect(Ray{camera.position, camera.forward, 1e-4F, 1e4F});
  return camera.position + camera.forward * (hit.any() ? hit.distance : 1.0F);
}

/// Another camera that looks exactly at `point`, from a different side than `others`.
Camera fixating_camera(const Stage& stage, Vec3 point, const std::vector<Camera>& others,
                       const Handling& handling, Rng& rng) {
  const Camera& first = others.front();
  const float reference = length(first.position - point);
  for (int attempt = 0; attempt < 150; ++attempt) {
    const std::optional<Vec3> eye = random_eye(stage, handling, rng);
    if (!eye) continue;
    const float distance = length(*eye - point);
    if (distance < 0.6F || distance > 2.2F * reference || distance < 0.4F * reference) continue;
    const Camera camera = aim(*eye, point, first.fov, random_roll(handling, rng));
    if (std::abs(camera.pitch) > 0.62F) continue;
    bool apart = true;
    for (const Camera& other : others) {
      const float cosine = dot(camera.forward, other.forward);
      apart = apart && cosine < 0.985F && cosine > 0.2F;
    }
    if (!apart || !sees(stage, *eye, point)) continue;
    if (attempt < 110 && !judge_view(stage, camera).good) continue;
    return camera;
  }
  // No other place was found, so the camera steps along the line of sight, which is free up to the point.
  const float step = 0.22F * static_cast<float>(others.size());
  return aim(mix(first.position, point, step), point, first.fov, first.roll);
}

bool in_view(const Camera& camera, Vec3 point, float limit) {
  const Vec3 p = camera.to_camera(point - camera.position);
  const float edge = limit * std::tan(0.5F * camera.fov);
  return p.z > 0.05F && std::abs(p.x) < edge * p.z && std::abs(p.y) < edge * p.z;
}

/// A camera that shares part of the first one's view but not its centre.
Camera overlapping_camera(const Stage& stage, const Camera& first, Vec3 point, const Handling& handling,
                          Rng& rng) {
  const Glance seen = judge_view(stage, first);
  for (int attempt = 0; attempt < 120; ++attempt) {
    const std::optional<Vec3> eye = random_eye(stage, handling, rng);
    if (!eye || length(*eye - first.position) < 0.25F) continue;
    const Vec3 near = seen.points[static_cast<std::size_t>(rng.below(kGrid * kGrid))];
    if (length(near - *eye) < 0.8F || length(near - point) < 0.3F) continue;
    const Camera camera = aim(*eye, near, first.fov, random_roll(handling, rng));
    if (std::abs(camera.pitch) > 0.5F) continue;
    if (in_view(camera, point, 0.15F)) continue;
    int shared = 0;
    for (const Vec3& p : seen.points) shared += in_view(camera, p, 1.0F) && sees(stage, *eye, p) ? 1 : 0;
    if (shared < kGrid * kGrid / 4) continue;
    if (attempt < 80 && !judge_view(stage, camera).good) continue;
    return camera;
  }
  const float turn = (rng.chance(0.5F) ? 0.3F : -0.3F) * first.fov;  // the same place, turned aside
  return {first.position, first.yaw + turn, first.pitch, first.fov, first.roll};
}

}  // namespace

Camera::Camera(Vec3 eye, float yaw_angle, float pitch_angle, float full_angle, float roll_angle)
    : position(eye), yaw(yaw_angle), pitch(pitch_angle), roll(roll_angle), fov(full_angle) {
  const float c = std::cos(pitch);
  forward = {std::cos(yaw) * c, std::sin(yaw) * c, std::sin(pitch)};
  right = {std::sin(yaw), -std::cos(yaw), 0.0F};
  down = cross(forward, right);
  if (roll == 0.0F) return;
  const Vec3 level = right, below = down;
  right = level * std::cos(roll) + below * std::sin(roll);
  down = below * std::cos(roll) - level * std::sin(roll);
}

float Camera::focal(int side) const { return 0.5F * static_cast<float>(side) / std::tan(0.5F * fov); }

Vec3 Camera::direction(float x, float y, int side) const {
  const float f = focal(side), middle = 0.5F * static_cast<float>(side);
  return normalize(right * ((x - middle) / f) + down * ((y - middle) / f) + forward);
}

std::array<Vec3, 3> axes_seen_from(const Camera& camera) {
  const float x = camera.forward.x, y = camera.forward.y;
  const Vec3 ahead =
      std::abs(x) >= std::abs(y) ? Vec3{std::copysign(1.0F, x), 0, 0} : Vec3{0, std::copysign(1.0F, y), 0};
  return {cross(ahead, {0, 0, 1}), ahead, Vec3{0, 0, 1}};
}

bool free_place(const Room& room, Vec3 eye, float margin) {
  if (!room.plan.contains(eye.x, eye.y) || room.plan.distance_to_walls(eye.x, eye.y) < 0.25F) return false;
  if (eye.z > room.plan.height - 0.3F) return false;
  for (std::size_t i = room.building; i < room.placed.size(); ++i) {
    const Placed& p = room.placed[i];
    if (p.solids.empty() || !inside(p.around, eye, margin)) continue;
    for (const Solid& s : p.solids)
      if (inside(s, eye, margin)) return false;
  }
  return true;
}

Rig choose_rig(const Stage& stage, Views kind, std::int64_t index, std::uint64_t seed,
               const Handling& handling) {
  Rng rng(
      mix_bits(seed ^ mix_bits(static_cast<std::uint64_t>(index) * 8U + static_cast<std::uint64_t>(kind))));
  Rig rig;
  rig.cameras.push_back(good_camera(stage, handling, rng));
  if (kind == Views::single) return rig;
  const Vec3 point = centre_point(stage, rig.cameras.front());
  if (kind == Views::nonfixated_pair) {
    rig.cameras.push_back(overlapping_camera(stage, rig.cameras.front(), point, handling, rng));
    return rig;
  }
  if (kind == Views::matching_pair && index % 2 != 0) {
    rig.match = false;
    rig.cameras.push_back(overlapping_camera(stage, rig.cameras.front(), point, handling, rng));
    return rig;
  }
  const int wanted = kind == Views::fixated_triplet ? 3 : 2;
  while (static_cast<int>(rig.cameras.size()) < wanted)
    rig.cameras.push_back(fixating_camera(stage, point, rig.cameras, handling, rng));
  return rig;
}

}  // namespace taskonomy::scenes
