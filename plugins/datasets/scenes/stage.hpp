// A room made ready for cameras: its furniture as one set of world triangles, and the rays that find them.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "mesh.hpp"
#include "room.hpp"

namespace taskonomy::scenes {

/// Number of rays in a packet.
constexpr int kPacket = 16;

/// A ray, and the distances between which it looks.
struct Ray {
  Vec3 origin, direction;  ///< unit direction: distances are metres
  float nearest = 1e-4F, farthest = 1e4F;
};

/// What a ray met.
struct Hit {
  float distance = -1.0F;  ///< negative: nothing hit
  std::uint32_t triangle = 0;
  float u = 0.0F, v = 0.0F;  ///< barycentric weights of the triangle's second and third corner
  [[nodiscard]] bool any() const { return distance >= 0.0F; }
};

/// An Embree device. It uses one thread, because worker processes run side by side. [any thread]
class RayDevice {
 public:
  RayDevice();
  ~RayDevice();
  RayDevice(const RayDevice&) = delete;
  RayDevice& operator=(const RayDevice&) = delete;
  [[nodiscard]] void* handle() const { return handle_; }

 private:
  void* handle_;
};

/// A committed scene of triangles. [any thread]
class RayCaster {
 public:
  /// Throws std::runtime_error with Embree's own message when the scene cannot be built.
  RayCaster(const RayDevice& device, const std::vector<Vertex>& vertices,
            const std::vector<Triangle>& triangles);
  ~RayCaster();
  RayCaster(const RayCaster&) = delete;
  RayCaster& operator=(const RayCaster&) = delete;

  /// Finds the nearest hits of up to kPacket rays. `coherent`: they leave one point in similar directions.
  void intersect(const Ray* rays, int count, Hit* hits, bool coherent) const;
  /// Finds out, for up to kPacket rays, whether anything lies between nearest and farthest.
  void occluded(const Ray* rays, int count, bool* blocked) const;
  [[nodiscard]] Hit intersect(const Ray& ray) const;
  [[nodiscard]] bool occluded(const Ray& ray) const;

 private:
  void* scene_;
};

/// The surface that a ray met.
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

/// The room, its triangles in world coordinates, and the caster that finds them.
struct Stage {
  Room room;
  std::vector<Vertex> vertices;
  std::vector<Triangle> triangles;
  std::vector<std::uint32_t> object_of;  ///< triangle -> index into room.placed
  std::unique_ptr<RayCaster> caster;

  /// The surface at a hit of this ray.
  [[nodiscard]] SurfaceHit surface(const Ray& ray, const Hit& hit) const;
};

/// Moves every mesh to its place and commits the scene.
Stage make_stage(Room room, const RayDevice& device);

}  // namespace taskonomy::scenes
