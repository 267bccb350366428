// Geometry and labels of a view, from the centre ray of each pixel; and the numbers that describe the camera.
#include "render.hpp"
#include "shading.hpp"

namespace taskonomy::scenes {
namespace {

float unit_float(std::uint64_t bits) { return static_cast<float>(bits >> 40) * 0x1p-24F; }

/// One noisy ray per pixel becomes smooth by averaging over neighbours on the same surface.
std::vector<float> smooth_openness(const View& view, const std::vector<float>& raw) {
  const int side = view.side;
  const auto area = static_cast<std::size_t>(side * side);
  constexpr int kReach = 2;
  constexpr float kWeights[] = {1.0F, 1.0F, 0.5F};  // averages the 4x4 pattern of the rays to a constant
  std::vector<float> out(area, 1.0F);
  for (int r = 0; r < side; ++r) {
    for (int c = 0; c < side; ++c) {
      const auto here = static_cast<std::size_t>(r * side + c);
      float sum = 2.4F, weight = 3.0F;  // three rays of an ordinary place: small faces must not flicker
      for (int y = std::max(0, r - kReach); y <= std::min(side - 1, r + kReach); ++y) {
        for (int x = std::max(0, c - kReach); x <= std::min(side - 1, c + kReach); ++x) {
          const auto there = static_cast<std::size_t>(y * side + x);
          const float same = view.normal[here] * view.normal[there] +
                             view.normal[area + here] * view.normal[area + there] +
                             view.normal[2 * area + here] * view.normal[2 * area + there];
          const float step = std::abs(view.depth_euclidean[here] - view.depth_euclidean[there]);
          if (same < 0.9F || step > 0.08F * view.depth_euclidean[here]) continue;
          const float share = kWeights[std::abs(y - r)] * kWeights[std::abs(x - c)];
          sum += share * raw[there];
          weight += share;
        }
      }
      out[here] = 0.25F + 0.75F * sum / weight;
    }
  }
  return out;
}

void store(const Stage& stage, const Camera& camera, const SurfaceHit& s, Vec3 direction, std::size_t at,
           View& view) {
  const auto area = static_cast<std::size_t>(view.side * view.side);
  const Vec3 n = camera.to_camera(s.normal);
  view.depth_euclidean[at] = s.distance;
  view.depth_zbuffer[at] = s.distance * dot(direction, camera.forward);
  view.normal[at] = n.x;
  view.normal[area + at] = n.y;
  view.normal[2 * area + at] = n.z;
  view.curvature[at] = s.k1;
  view.curvature[area + at] = s.k2;
  view.reshading[at] = clamp01(-dot(s.normal, direction));
  view.semantic[at] = static_cast<std::uint8_t>(stage.room.placed[s.object].object.label);
  view.instance[at] = static_cast<std::int32_t>(s.object) + 1;
}

void describe_camera(const Stage& stage, const Camera& camera, View& view) {
  const float f = camera.focal(view.side), middle = 0.5F * static_cast<float>(view.side);
  view.intrinsics = {f, 0, middle, 0, f, middle, 0, 0, 1};
  const Vec3 r = camera.right, d = camera.down, w = camera.forward, p = camera.position;
  view.pose = {r.x, d.x, w.x, p.x, r.y, d.y, w.y, p.y, r.z, d.z, w.z, p.z, 0, 0, 0, 1};
  const auto axes = axes_seen_from(camera);
  Vec3 rows[3];
  for (int i = 0; i < 3; ++i) {
    rows[i] = camera.to_camera(axes[static_cast<std::size_t>(i)]);
    view.vanishing_points[static_cast<std::size_t>(3 * i)] = rows[i].x;
    view.vanishing_points[static_cast<std::size_t>(3 * i + 1)] = rows[i].y;
    view.vanishing_points[static_cast<std::size_t>(3 * i + 2)] = rows[i].z;
  }
  const Box box = stage.room.plan.bounds();
  const Vec3 centre = camera.to_camera(box.centre() - camera.position), size = box.size();
  const bool swapped = std::abs(axes[0].y) > 0.5F;  // the camera's x axis is the plan's y axis
  // Columns of the rotation box -> camera are the axes in camera coordinates: R = Rz(c) Ry(b) Rx(a).
  const float b = std::asin(std::clamp(-rows[0].z, -1.0F, 1.0F));
  const float a = std::atan2(rows[1].z, rows[2].z), c = std::atan2(rows[0].y, rows[0].x);
  view.room_layout = {
      centre.x, centre.y, centre.z, a, b, c, swapped ? size.y : size.x, swapped ? size.x : size.y, size.z};
}

void count_classes(View& view) {
  float labelled = 0.0F;
  for (const std::uint8_t id : view.semantic) {
    if (id < 2) continue;
    view.class_object[static_cast<std::size_t>(id - 2)] += 1.0F;
    labelled += 1.0F;
  }
  if (labelled > 0.0F)
    for (float& share : view.class_object) share /= labelled;
}

}  // namespace

std::array<Vec3, 3> axes_seen_from(const Camera& camera) {
  const float x = camera.forward.x, y = camera.forward.y;
  const Vec3 ahead =
      std::abs(x) >= std::abs(y) ? Vec3{std::copysign(1.0F, x), 0, 0} : Vec3{0, std::copysign(1.0F, y), 0};
  return {cross(ahead, {0, 0, 1}), ahead, Vec3{0, 0, 1}};
}

void render_geometry(const Stage& stage, const Camera& camera, const RenderOptions& options,
                     std::uint64_t seed, View& view, std::vector<float>& openness) {
  const int side = options.side;
  const auto area = static_cast<std::size_t>(side * side);
  view.side = side;
  view.depth_zbuffer.assign(area, 0.0F);
  view.depth_euclidean.assign(area, 0.0F);
  view.normal.assign(3 * area, 0.0F);
  view.curvature.assign(2 * area, 0.0F);
  view.reshading.assign(area, 0.0F);
  view.semantic.assign(area, 0);
  view.instance.assign(area, 0);
  std::vector<float> raw(area, 1.0F);
  const float start_u = unit_float(mix_bits(seed)), start_v = unit_float(mix_bits(seed + 1));
  for (int top = 0; top < side; top += 4) {
    for (int left = 0; left < side; left += 4) {
      Ray rays[kPacket];
      Hit hits[kPacket];
      std::size_t at[kPacket];
      int count = 0;
      for (int r = top; r < std::min(top + 4, side); ++r) {
        for (int c = left; c < std::min(left + 4, side); ++c) {
          at[count] = static_cast<std::size_t>(r * side + c);
          const Vec3 d = camera.direction(static_cast<float>(c) + 0.5F, static_cast<float>(r) + 0.5F, side);
          rays[count++] = {camera.position, d, 1e-4F, 1e4F};
        }
      }
      stage.caster->intersect(rays, count, hits, true);
      SurfaceHit surfaces[kPacket];
      for (int i = 0; i < count; ++i) {
        if (!hits[i].any()) {  // a seam between walls: take the ray just beside it
          rays[i].direction = normalize(rays[i].direction + camera.right * 1e-4F + camera.down * 1.3e-4F);
          hits[i] = stage.caster->intersect(rays[i]);
        }
        if (hits[i].any()) {
          surfaces[i] = stage.surface(rays[i], hits[i]);
          store(stage, camera, surfaces[i], rays[i].direction, at[i], view);
        } else {
          surfaces[i].normal = surfaces[i].facet = -rays[i].direction;
        }
      }
      for (int k = 0; k < options.ao_rays; ++k) {
        float pairs[2 * kPacket], open[kPacket];
        for (int i = 0; i < count; ++i) {
          // Blocks of 4x4 pixels share one low-discrepancy sequence (Roberts' R2), turned by the seed: the
          // filter over them sees all directions.
          const auto r = static_cast<int>(at[i]) / side, c = static_cast<int>(at[i]) % side;
          const auto n = static_cast<float>(((r & 3) * 4 + (c & 3)) * 5 % 16 + 16 * k);
          const float x = start_u + 0.7548777F * n, y = start_v + 0.5698403F * n;
          pairs[2 * i] = x - std::floor(x);
          pairs[2 * i + 1] = y - std::floor(y);
        }
        probe_openness(stage, surfaces, pairs, count, open);
        for (int i = 0; i < count; ++i)
          raw[at[i]] = (raw[at[i]] * static_cast<float>(k) + open[i]) / static_cast<float>(k + 1);
      }
    }
  }
  openness = options.ao_rays > 0 ? smooth_openness(view, raw) : raw;
  count_classes(view);
  view.class_scene[static_cast<std::size_t>(stage.room.kind)] = 1.0F;
  describe_camera(stage, camera, view);
}

}  // namespace taskonomy::scenes
