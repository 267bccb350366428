// From furniture to world triangles, and from hits to surfaces.
#include "stage.hpp"

namespace taskonomy::scenes {

Stage make_stage(Room room, const RayDevice& device) {
  Stage stage;
  stage.room = std::move(room);
  for (std::uint32_t index = 0; index < stage.room.placed.size(); ++index) {
    const Placed& placed = stage.room.placed[index];
    const auto first = static_cast<std::uint32_t>(stage.vertices.size());
    const float c = std::cos(placed.stand.yaw), s = std::sin(placed.stand.yaw);
    const auto turn = [&](Vec3 v) { return Vec3{c * v.x - s * v.y, s * v.x + c * v.y, v.z}; };
    for (Vertex v : placed.object.mesh.vertices) {
      v.position = turn(v.position) + placed.stand.position;
      v.normal = turn(v.normal);
      stage.vertices.push_back(v);
    }
    for (const Triangle& t : placed.object.mesh.triangles) {
      stage.triangles.push_back({t.a + first, t.b + first, t.c + first, t.material});
      stage.object_of.push_back(index);
    }
  }
  stage.caster = std::make_unique<RayCaster>(device, stage.vertices, stage.triangles);
  return stage;
}

SurfaceHit Stage::surface(const Ray& ray, const Hit& hit) const {
  const Triangle& t = triangles[hit.triangle];
  const Vertex &a = vertices[t.a], &b = vertices[t.b], &c = vertices[t.c];
  const float w = 1.0F - hit.u - hit.v;
  SurfaceHit s;
  s.distance = hit.distance;
  s.position = ray.origin + ray.direction * hit.distance;
  s.normal = normalize(a.normal * w + b.normal * hit.u + c.normal * hit.v);
  const Vec3 ab = b.position - a.position, ac = c.position - a.position, n = cross(ab, ac);
  const float twice_area = std::max(length(n), 1e-12F);
  s.facet = n / twice_area;
  s.k1 = a.k1 * w + b.k1 * hit.u + c.k1 * hit.v;
  s.k2 = a.k2 * w + b.k2 * hit.u + c.k2 * hit.v;
  if (dot(s.facet, s.normal) < 0.0F) s.facet = -s.facet;
  if (dot(s.facet, ray.direction) > 0.0F) {  // the back of the surface: what bulged now caves in
    s.facet = -s.facet;
    s.normal = -s.normal;
    s.k1 = -s.k1;
    s.k2 = -s.k2;
  }
  // Near a tessellated silhouette the smooth normal may look away although its facet is seen: bend it back.
  const float away = dot(s.normal, ray.direction);
  if (away > -0.02F) s.normal = normalize(s.normal - ray.direction * (away + 0.02F));
  if (std::abs(s.k2) > std::abs(s.k1)) std::swap(s.k1, s.k2);
  s.u = a.u * w + b.u * hit.u + c.u * hit.v;
  s.v = a.v * w + b.v * hit.u + c.v * hit.v;
  const float twice_uv = std::abs((b.u - a.u) * (c.v - a.v) - (c.u - a.u) * (b.v - a.v));
  s.uv_per_metre = std::sqrt(twice_uv / twice_area);
  s.material = &room.style.materials[static_cast<std::size_t>(t.material)];
  s.object = object_of[hit.triangle];
  return s;
}

}  // namespace taskonomy::scenes
