// One view: geometry and labels from the centre ray of each pixel, the numbers that describe the camera, and
// colours from stratified rays.
#include "render.hpp"

#include "photography.hpp"
#include "shading.hpp"

namespace taskonomy::scenes {
namespace {

/// When two pixels count as seeing one surface.
struct SameSurface {
  float least_cosine;  ///< between their normals
  float most_step;     ///< between their distances, as a share of the distance
};

/// An edge-aware filter: calls add(pixel, weight) for the pixels of a 5 x 5 window around (row, column) that
/// see the same surface, that one included. The weights average any pattern that repeats every 4 x 4 pixels
/// to a constant, which is how rays are spread.
template <typename Add>
void for_neighbours_on_surface(const View& view, int row, int column, const SameSurface& limits,
                               const Add& add) {
  constexpr int kReach = 2;
  constexpr float kWeights[] = {1.0F, 1.0F, 0.5F};
  const int side = view.side;
  const auto area = static_cast<std::size_t>(side * side);
  const auto here = static_cast<std::size_t>(row * side + column);
  for (int y = std::max(0, row - kReach); y <= std::min(side - 1, row + kReach); ++y) {
    for (int x = std::max(0, column - kReach); x <= std::min(side - 1, column + kReach); ++x) {
      const auto there = static_cast<std::size_t>(y * side + x);
      const float cosine = view.normal[here] * view.normal[there] +
                           view.normal[area + here] * view.normal[area + there] +
                           view.normal[2 * area + here] * view.normal[2 * area + there];
      const float step = std::abs(view.depth_euclidean[here] - view.depth_euclidean[there]);
      if (cosine < limits.least_cosine || step > limits.most_step * view.depth_euclidean[here]) continue;
      add(there, kWeights[std::abs(y - row)] * kWeights[std::abs(x - column)]);
    }
  }
}

/// Smooths the one noisy ray per pixel by averaging over neighbours on the same surface.
std::vector<float> smooth_openness(const View& view, const std::vector<float>& raw) {
  std::vector<float> out(raw.size(), 1.0F);
  for (int r = 0; r < view.side; ++r) {
    for (int c = 0; c < view.side; ++c) {
      float sum = 2.4F, weight = 3.0F;  // three rays of an ordinary place: small faces must not flicker
      for_neighbours_on_surface(view, r, c, {0.9F, 0.08F}, [&](std::size_t there, float share) {
        sum += share * raw[there];
        weight += share;
      });
      out[static_cast<std::size_t>(r * view.side + c)] = 0.25F + 0.75F * sum / weight;
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

/// The centre rays of a view, in packets of 4 x 4 pixels: what they find, and how open its surroundings are.
class GeometryPass {
 public:
  GeometryPass(const Stage& stage, const Camera& camera, const RenderOptions& options, std::uint64_t seed,
               View& view)
      : stage_(stage),
        camera_(camera),
        options_(options),
        view_(view),
        start_u_(unit_float(mix_bits(seed))),
        start_v_(unit_float(mix_bits(seed + 1))),
        openness_(static_cast<std::size_t>(options.side * options.side), 1.0F) {}

  /// Fills the view; returns the raw openness of each pixel, 1 = open.
  std::vector<float> run() {
    for (int top = 0; top < options_.side; top += 4) {
      for (int left = 0; left < options_.side; left += 4) {
        aim(top, left);
        cast();
        for (int k = 0; k < options_.ao_rays; ++k) probe(k);
      }
    }
    return std::move(openness_);
  }

 private:
  void aim(int top, int left) {
    const int side = options_.side;
    count_ = 0;
    for (int r = top; r < std::min(top + 4, side); ++r) {
      for (int c = left; c < std::min(left + 4, side); ++c) {
        at_[count_] = static_cast<std::size_t>(r * side + c);
        const Vec3 d = camera_.direction(static_cast<float>(c) + 0.5F, static_cast<float>(r) + 0.5F, side);
        rays_[count_++] = {camera_.position, d, 1e-4F, 1e4F};
      }
    }
  }

  void cast() {
    Hit hits[kPacket];
    stage_.caster->intersect(rays_, count_, hits, true);
    for (int i = 0; i < count_; ++i) {
      Ray& ray = rays_[i];
      if (!hits[i].any()) {  // it went through a seam between walls: take the ray just beside it
        ray.direction = normalize(ray.direction + camera_.right * 1e-4F + camera_.down * 1.3e-4F);
        hits[i] = stage_.caster->intersect(ray);
      }
      surfaces_[i] = {};
      if (hits[i].any()) {
        surfaces_[i] = stage_.surface(ray, hits[i]);
        store(stage_, camera_, surfaces_[i], ray.direction, at_[i], view_);
      } else {
        surfaces_[i].normal = surfaces_[i].facet = -ray.direction;
      }
    }
  }

  /// The k-th openness ray of each pixel of the packet.
  void probe(int k) {
    float pairs[2 * kPacket], open[kPacket];
    for (int i = 0; i < count_; ++i) {
      // Blocks of 4x4 pixels share one low-discrepancy sequence (Roberts' R2), turned by the seed: the filter
      // over them sees all directions.
      const auto r = static_cast<int>(at_[i]) / options_.side, c = static_cast<int>(at_[i]) % options_.side;
      const auto n = static_cast<float>(((r & 3) * 4 + (c & 3)) * 5 % 16 + 16 * k);
      const float x = start_u_ + 0.7548777F * n, y = start_v_ + 0.5698403F * n;
      pairs[2 * i] = x - std::floor(x);
      pairs[2 * i + 1] = y - std::floor(y);
    }
    probe_openness(stage_, surfaces_, pairs, count_, open);
    for (int i = 0; i < count_; ++i) {
      float& mean = openness_[at_[i]];
      mean = (mean * static_cast<float>(k) + open[i]) / static_cast<float>(k + 1);
    }
  }

  const Stage& stage_;
  const Camera& camera_;
  const RenderOptions& options_;
  View& view_;
  float start_u_, start_v_;
  std::vector<float> openness_;
  int count_ = 0;
  Ray rays_[kPacket];
  std::size_t at_[kPacket];
  SurfaceHit surfaces_[kPacket];
};

void clear(View& view, int side) {
  const auto area = static_cast<std::size_t>(side * side);
  view.side = side;
  view.depth_zbuffer.assign(area, 0.0F);
  view.depth_euclidean.assign(area, 0.0F);
  view.normal.assign(3 * area, 0.0F);
  view.curvature.assign(2 * area, 0.0F);
  view.reshading.assign(area, 0.0F);
  view.semantic.assign(area, 0);
  view.instance.assign(area, 0);
}

/// Renders depth, normals and labels by one ray through each pixel's centre. Returns the openness of each
/// pixel, 1 = open.
std::vector<float> render_geometry(const Stage& stage, const Camera& camera, const RenderOptions& options,
                                   std::uint64_t seed, View& view) {
  clear(view, options.side);
  const std::vector<float> raw = GeometryPass(stage, camera, options, seed, view).run();
  count_classes(view);
  view.class_scene[static_cast<std::size_t>(stage.room.kind)] = 1.0F;
  describe_camera(stage, camera, view);
  return options.ao_rays > 0 ? smooth_openness(view, raw) : raw;
}

/// The rays that colour a view, shaded in packets.
class ColourPass {
 public:
  ColourPass(const Stage& stage, const Camera& camera, const RenderOptions& options, std::uint64_t seed,
             const std::vector<float>& openness)
      : stage_(stage),
        camera_(camera),
        options_(options),
        seed_(seed),
        openness_(openness),
        shader_(stage),
        strata_(static_cast<int>(std::lround(std::sqrt(static_cast<float>(options.samples))))),
        pixels_(static_cast<std::size_t>(options.side * options.side)) {}

  /// Returns the mean colour, colour * direct and rest of every pixel.
  std::vector<Shader::Shade> run() {
    for (int top = 0; top < options_.side; top += 2)
      for (int left = 0; left < options_.side; left += 2)
        for (int r = top; r < std::min(top + 2, options_.side); ++r)
          for (int c = left; c < std::min(left + 2, options_.side); ++c)
            for (int k = 0; k < options_.samples; ++k) add(r, c, k);
    flush();
    return std::move(pixels_);
  }

 private:
  void add(int row, int column, int k) {
    const auto pixel = static_cast<std::size_t>(row * options_.side + column);
    const std::uint64_t bits = mix_bits(seed_ ^ mix_bits(pixel * 256U + static_cast<unsigned>(k)));
    float x = unit_float(bits), y = unit_float(bits << 24);
    if (strata_ * strata_ == options_.samples) {
      const int column = k % strata_, row = k / strata_;
      x = (static_cast<float>(column) + x) / static_cast<float>(strata_);
      y = (static_cast<float>(row) + y) / static_cast<float>(strata_);
    }
    at_[count_] = pixel;
    // Blocks of 4x4 pixels share one low-discrepancy sequence: neighbours look at different parts of the
    // lamps, and the filter over them sees an even spread.
    order_[count_] = (((row & 3) * 4 + (column & 3)) * 5 % 16) * options_.samples + k;
    rays_[count_] = {
        camera_.position,
        camera_.direction(static_cast<float>(column) + x, static_cast<float>(row) + y, options_.side), 1e-4F,
        1e4F};
    if (++count_ == kPacket) flush();
  }

  void flush() {
    if (count_ == 0) return;
    Hit hits[kPacket];
    stage_.caster->intersect(rays_, count_, hits, true);
    const float pixel_angle = 1.0F / camera_.focal(options_.side);
    int live = 0;
    for (int i = 0; i < count_; ++i) {
      if (!hits[i].any()) continue;
      Shader::Request& q = requests_[live];
      q.surface = stage_.surface(rays_[i], hits[i]);
      q.view = rays_[i].direction;
      const float slant = std::max(0.12F, -dot(q.surface.facet, q.view));
      q.footprint = q.surface.distance * pixel_angle * 0.7F / std::sqrt(slant);
      q.openness = openness_[at_[i]];
      const auto spread = [&](float step) {
        const float x = 0.5F + step * static_cast<float>(order_[i] * options_.shadow_rays);
        return x - std::floor(x);
      };
      q.pick = spread(0.8191725F);
      q.sample_u = spread(0.6710436F);
      q.sample_v = spread(0.5497005F);
      at_[live++] = at_[i];
    }
    Shader::Shade shades[kPacket];
    shader_.shade(requests_, live, options_.shadow_rays, shades);
    const float share = 1.0F / static_cast<float>(options_.samples);
    for (int i = 0; i < live; ++i) {
      // Clamped before averaging, because one bright sample would leave a speck.
      const float y = luminance(shades[i].rest);
      Shader::Shade& pixel = pixels_[at_[i]];
      pixel.colour += shades[i].colour * share;
      pixel.direct += shades[i].colour * shades[i].direct * share;
      pixel.rest += shades[i].rest * (share * (y > 4.0F ? 4.0F / y : 1.0F));
    }
    count_ = 0;
  }

  const Stage& stage_;
  const Camera& camera_;
  const RenderOptions& options_;
  std::uint64_t seed_;
  const std::vector<float>& openness_;
  Shader shader_;
  int strata_;
  std::vector<Shader::Shade> pixels_;
  int count_ = 0;
  Ray rays_[kPacket];
  Shader::Request requests_[kPacket];
  std::size_t at_[kPacket];
  int order_[kPacket];
};

/// Averages the light on each pixel with that on its neighbours on the same surface: soft shadows without
/// grain.
std::vector<Vec3> smooth_direct(const View& view, const std::vector<Shader::Shade>& pixels) {
  std::vector<Vec3> light(pixels.size()), out(pixels.size());
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    const Vec3 c = pixels[i].colour, d = pixels[i].direct;
    light[i] = {d.x / std::max(c.x, 1e-4F), d.y / std::max(c.y, 1e-4F), d.z / std::max(c.z, 1e-4F)};
  }
  for (int r = 0; r < view.side; ++r) {
    for (int c = 0; c < view.side; ++c) {
      const auto here = static_cast<std::size_t>(r * view.side + c);
      Vec3 sum;
      float total = 0.0F;
      for_neighbours_on_surface(view, r, c, {0.93F, 0.05F}, [&](std::size_t there, float weight) {
        sum += light[there] * weight;
        total += weight;
      });
      out[here] = total > 0.0F ? sum / total : light[here];
    }
  }
  return out;
}

/// Renders colours by jittered rays, shaded and developed. The filters need the geometry in `view`.
void render_colour(const Stage& stage, const Camera& camera, const RenderOptions& options, std::uint64_t seed,
                   const std::vector<float>& openness, View& view) {
  const auto area = static_cast<std::size_t>(options.side * options.side);
  const std::vector<Shader::Shade> shades = ColourPass(stage, camera, options, seed, openness).run();
  const std::vector<Vec3> light = smooth_direct(view, shades);
  std::vector<Vec3> pixels(area);
  for (std::size_t i = 0; i < area; ++i) pixels[i] = shades[i].colour * light[i] + shades[i].rest;
  Rng rng(seed ^ 0xE7U);
  view.rgb = develop(std::move(pixels), options.side, options.look, rng);
}

}  // namespace

View render(const Stage& stage, const Camera& camera, const RenderOptions& options, std::uint64_t seed,
            bool colour) {
  View view;
  const std::vector<float> openness = render_geometry(stage, camera, options, seed, view);
  if (colour) render_colour(stage, camera, options, seed, openness, view);
  return view;
}

}  // namespace taskonomy::scenes
