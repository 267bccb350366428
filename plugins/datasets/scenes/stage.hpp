// A room made ready for cameras: its furniture as one set of world triangles, with what a hit needs to know.
#pragma once

#include <memory>

#include "raycaster.hpp"
#include "room.hpp"

namespace taskonomy::scenes {

/// What a ray found.
struct SurfaceHit {
  float distance = 0.0F;
  Vec3 position;
  Vec3 normal;                 ///< unit, of the true (smooth) surface, towards the ray's origin
  Vec3 facet;                  ///< unit normal of the triangle itself, towards the ray's origin
  float k1 = 0.0F, k2 = 0.0F;  ///< principal curvatures seen from this side
  float u = 0.0F, v = 0.0F;
  const Material* material = nullptr;
  std::uint32_t object = 0;   ///< index into Room::placed
  float uv_per_metre = 1.0F;  ///< texture units that one metre of the surface covers
};

struct Stage {
  Room room;
  std::vector<Vertex> vertices;
  std::vector<Triangle> triangles;
  std::vector<std::uint32_t> object_of;  ///< triangle -> index into room.placed
  std::unique_ptr<RayCaster> caster;

  /// The surface that `hit` of a ray in `direction` found.
  [[nodiscard]] SurfaceHit surface(const Ray& ray, const Hit& hit) const;
};

/// Moves every mesh to its place and commits the scene.
Stage make_stage(Room room, const RayDevice& device);

}  // namespace taskonomy::scenes
