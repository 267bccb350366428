// Shading. Radiances leave out the common factor 1/pi; the exposure of photographs takes care of scale.
#include "shading.hpp"

namespace taskonomy::scenes {
namespace {

constexpr int kMostLights = 12;
constexpr float kLift = 1e-3F;  ///< shadow rays start this far off the surface

/// Unshadowed irradiance at x from one light, by its centre: power * cos / (distance^2 + size^2).
Vec3 irradiance(const Light& light, Vec3 x, Vec3 n) {
  const Vec3 d = light.centre - x;
  const float square = dot(d, d), distance = std::sqrt(square);
  if (light.radius > 0.0F) {
    const float soft = light.radius / std::max(distance, light.radius);
    const float cosine =
        std::max(0.0F, (dot(n, d) / std::max(distance, 1e-4F) + 0.5F * soft) / (1.0F + 0.5F * soft));
    return light.power * (cosine / (square + light.radius * light.radius));
  }
  const float leaving = -dot(light.normal, d) / std::max(distance, 1e-4F);
  if (leaving <= 0.0F) return {};
  const float size = dot(light.half_u, light.half_u) + dot(light.half_v, light.half_v);
  const float soft = std::sqrt(size) / (distance + std::sqrt(size));
  const float cosine =
      std::max(0.0F, (dot(n, d) / std::max(distance, 1e-4F) + 0.4F * soft) / (1.0F + 0.4F * soft));
  return light.power * (cosine * leaving / (square + 0.5F * size));
}

/// A point of the light: on the ball's disc that faces x, flattened so that it stays below the
/// ceiling, or on the rectangle.
Vec3 point_on(const Light& light, Vec3 x, float u, float v) {
  if (light.radius <= 0.0F) return light.centre + light.half_u * (2 * u - 1) + light.half_v * (2 * v - 1);
  const Vec3 w = normalize(light.centre - x);
  const Vec3 side = normalize(cross(std::abs(w.z) < 0.9F ? Vec3{0, 0, 1} : Vec3{1, 0, 0}, w)),
             up = cross(w, side);
  const float r = light.radius * std::sqrt(u), angle = 2.0F * kPi * v;
  Vec3 offset = side * (r * std::cos(angle)) + up * (r * std::sin(angle));
  offset.z *= offset.z > 0.0F ? 0.1F : 0.4F;
  return light.centre + offset - w * (0.5F * light.radius);
}

}  // namespace

Shader::Direct Shader::choose_light(const Request& request) const {
  const auto& lights = stage_.room.lights;
  const int count = std::min(kMostLights, static_cast<int>(lights.size()));
  const SurfaceHit& s = request.surface;
  Vec3 each[kMostLights];
  float total = 0.0F;
  for (int i = 0; i < count; ++i) {
    each[i] = irradiance(lights[static_cast<std::size_t>(i)], s.position, s.normal);
    total += luminance(each[i]);
  }
  Direct out{};
  if (total <= 1e-9F) return out;
  float left = request.pick * total;
  int chosen = 0;
  for (; chosen + 1 < count; ++chosen) {
    left -= luminance(each[chosen]);
    if (left <= 0.0F) break;
  }
  while (chosen > 0 && luminance(each[chosen]) <= 0.0F) --chosen;
  const float own = luminance(each[chosen]);
  if (own <= 0.0F) return out;
  out.power = each[chosen] * (total / own);
  const Vec3 from = s.position + s.facet * kLift;
  const Vec3 target =
      point_on(lights[static_cast<std::size_t>(chosen)], s.position, request.sample_u, request.sample_v);
  const Vec3 d = target - from;
  const float distance = std::max(length(d), 1e-4F);
  out.towards = normalize(lights[static_cast<std::size_t>(chosen)].centre - s.position);
  out.ray = {from, d / distance, 0.0F, distance * 0.999F};
  return out;
}

bool Shader::sunlit(const Request& request, Ray& ray) const {
  const Sun& sun = stage_.room.sun;
  const SurfaceHit& s = request.surface;
  if (!sun.shines || dot(s.normal, sun.towards) <= 0.02F || dot(s.facet, sun.towards) <= 0.0F) return false;
  for (const Light& window : stage_.room.lights) {
    if (window.radius > 0.0F) continue;
    const float slope = dot(sun.towards, window.normal);
    if (slope > -0.05F) continue;
    const float t = dot(window.centre - s.position, window.normal) / slope;
    if (t <= 0.01F) continue;
    const Vec3 p = s.position + sun.towards * t - window.centre;
    const float u = dot(p, window.half_u) / dot(window.half_u, window.half_u),
                v = dot(p, window.half_v) / dot(window.half_v, window.half_v);
    if (std::abs(u) > 1.0F || std::abs(v) > 1.0F) continue;
    const Vec3 from = s.position + s.facet * kLift;
    // The sun is spread a little, so that its patches have soft edges.
    const Vec3 wobble = normalize(sun.towards + window.half_u * (0.02F * (request.sample_u - 0.5F)) +
                                  window.half_v * (0.02F * (request.sample_v - 0.5F)));
    ray = {from, wobble, 0.0F, t - 0.005F};
    return true;
  }
  return false;
}

Vec3 Shader::mirrored(const Request& request, Vec3 direction) const {
  // A glossy surface shows the room: bright above, darker below, windows and lamps where they are.
  Vec3 light = stage_.room.ambient * (0.75F + 0.45F * direction.z);
  const SurfaceHit& s = request.surface;
  for (const Light& lamp : stage_.room.lights) {
    const Vec3 to = lamp.centre - s.position;
    if (lamp.radius > 0.0F) {
      const float cosine = std::max(0.0F, dot(direction, normalize(to)));
      light += lamp.power * (std::pow(cosine, s.material->gloss) * 0.1F * std::sqrt(s.material->gloss));
      continue;
    }
    const float slope = dot(direction, lamp.normal);
    if (slope >= -0.01F) continue;
    const float t = dot(to, lamp.normal) / slope;
    const Vec3 p = direction * t - to;
    const float u = std::abs(dot(p, lamp.half_u) / dot(lamp.half_u, lamp.half_u)),
                v = std::abs(dot(p, lamp.half_v) / dot(lamp.half_v, lamp.half_v));
    const float blur = 2.0F / std::sqrt(s.material->gloss);
    const float inside =
        (1.0F - smoothstep(1.0F - blur, 1.0F + blur, u)) * (1.0F - smoothstep(1.0F - blur, 1.0F + blur, v));
    const float area = 4.0F * std::sqrt(dot(lamp.half_u, lamp.half_u) * dot(lamp.half_v, lamp.half_v));
    light += lamp.power * (0.9F * inside / std::max(area, 0.2F));
  }
  return light;
}

void Shader::add_direct(const Request* requests, int count, float weight, Shade* shades) const {
  Direct direct[kPacket];
  Ray rays[kPacket];
  int owner[kPacket], used = 0;
  bool dark[kPacket];
  for (int i = 0; i < count; ++i) {
    direct[i] = choose_light(requests[i]);
    if (luminance(direct[i].power) > 0.0F) rays[used] = direct[i].ray, owner[used++] = i;
  }
  if (used > 0) stage_.caster->occluded(rays, used, dark);
  for (int k = 0; k < used; ++k)
    if (!dark[k]) shades[owner[k]].direct += direct[owner[k]].power * weight;
}

Shader::Shade Shader::reflect(const Request& request, float open_to_sun) const {
  const SurfaceHit& s = request.surface;
  const Material& m = *s.material;
  const Vec3 colour = colour_at(m, s.u, s.v, request.footprint * s.uv_per_metre);
  Shade out;
  if (m.emission > 0.0F) {
    out.rest = colour * m.emission;
    if (m.pattern != Pattern::screen && m.pattern != Pattern::outdoors) return out;
  }
  const Sun& sun = stage_.room.sun;
  // Floors bounce more light up than walls and the ceiling send down: the ambient term leans on the normal.
  Vec3 light = stage_.room.ambient * ((0.85F + 0.2F * s.normal.z) * request.openness);
  if (open_to_sun > 0.0F) light += sun.power * std::max(0.0F, dot(s.normal, sun.towards));
  const bool metal = m.pattern == Pattern::brushed;
  out.colour = colour * (metal ? 0.4F : m.emission > 0.0F ? 0.05F : 1.0F);
  out.rest += out.colour * light;
  if (m.specular <= 0.01F) return out;
  const float facing = std::max(0.0F, -dot(s.normal, request.view));
  const Vec3 reflected = request.view + s.normal * (2.0F * facing);
  const float back = 1.0F - facing, grazing = back * back * back * back * back;
  const float fresnel = metal ? 0.6F : m.specular * (0.06F + 0.25F * grazing);
  out.rest += mirrored(request, reflected) * (metal ? colour : Vec3{1, 1, 1}) *
              (fresnel * (0.4F + 0.6F * request.openness));
  return out;
}

void Shader::shade(const Request* requests, int count, int shadow_rays, Shade* shades) const {
  Ray rays[kPacket];
  int owner[kPacket], used = 0;
  bool dark[kPacket];
  float open_to_sun[kPacket] = {};
  for (int i = 0; i < count; ++i)
    if (sunlit(requests[i], rays[used])) owner[used++] = i;
  if (used > 0) stage_.caster->occluded(rays, used, dark);
  for (int k = 0; k < used; ++k) open_to_sun[owner[k]] = dark[k] ? 0.0F : 1.0F;
  for (int i = 0; i < count; ++i) shades[i] = reflect(requests[i], open_to_sun[i]);
  Request again[kPacket];
  std::copy(requests, requests + count, again);
  for (int k = 0; k < shadow_rays; ++k) {
    add_direct(again, count, 1.0F / static_cast<float>(shadow_rays), shades);
    for (int i = 0; i < count; ++i) {  // the next point of an additive low-discrepancy sequence (Roberts' R3)
      const auto step = [](float& x, float by) { x = x + by < 1.0F ? x + by : x + by - 1.0F; };
      step(again[i].pick, 0.8191725F);
      step(again[i].sample_u, 0.6710436F);
      step(again[i].sample_v, 0.5497005F);
    }
  }
}

void probe_openness(const Stage& stage, const SurfaceHit* surfaces, const float* random_pairs, int count,
                    float* openness) {
  Ray rays[kPacket];
  bool blocked[kPacket];
  for (int i = 0; i < count; ++i) {
    const Vec3 n = surfaces[i].normal;
    const Vec3 side = normalize(cross(std::abs(n.z) < 0.9F ? Vec3{0, 0, 1} : Vec3{1, 0, 0}, n)),
               up = cross(n, side);
    const float r = std::sqrt(random_pairs[2 * i]), angle = 2.0F * kPi * random_pairs[2 * i + 1];
    const Vec3 d = side * (r * std::cos(angle)) + up * (r * std::sin(angle)) +
                   n * std::sqrt(std::max(0.0F, 1.0F - r * r));
    rays[i] = {surfaces[i].position + surfaces[i].facet * kLift, d, 0.0F, 0.7F};
  }
  stage.caster->occluded(rays, count, blocked);
  for (int i = 0; i < count; ++i) openness[i] = blocked[i] ? 0.0F : 1.0F;
}

}  // namespace taskonomy::scenes
