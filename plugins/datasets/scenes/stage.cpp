// Embree 3, fenced in this file; from furniture to world triangles, and from hits to surfaces.
#include "stage.hpp"

#include <embree3/rtcore.h>

#include <stdexcept>
#include <string>

namespace taskonomy::scenes {
namespace {

RTCDevice device_of(const RayDevice& device) { return static_cast<RTCDevice>(device.handle()); }
RTCScene scene_of(void* scene) { return static_cast<RTCScene>(scene); }

[[noreturn]] void fail(const char* what, RTCError code) {
  throw std::runtime_error(std::string("Embree: ") + what + " (error " +
                           std::to_string(static_cast<int>(code)) + ")");
}

void fill(RTCRay16& out, const Ray* rays, int count, int* valid) {
  for (int i = 0; i < kPacket; ++i) {
    valid[i] = i < count ? -1 : 0;
    const Ray& ray = rays[i < count ? i : 0];
    out.org_x[i] = ray.origin.x;
    out.org_y[i] = ray.origin.y;
    out.org_z[i] = ray.origin.z;
    out.dir_x[i] = ray.direction.x;
    out.dir_y[i] = ray.direction.y;
    out.dir_z[i] = ray.direction.z;
    out.tnear[i] = ray.nearest;
    out.tfar[i] = ray.farthest;
    out.time[i] = 0.0F;
    out.mask[i] = ~0U;
    out.id[i] = static_cast<unsigned>(i);
    out.flags[i] = 0;
  }
}

}  // namespace

RayDevice::RayDevice() : handle_(rtcNewDevice("threads=1")) {
  if (handle_ == nullptr) fail("no device", rtcGetDeviceError(nullptr));
}

RayDevice::~RayDevice() { rtcReleaseDevice(static_cast<RTCDevice>(handle_)); }

RayCaster::RayCaster(const RayDevice& device, const std::vector<Vertex>& vertices,
                     const std::vector<Triangle>& triangles)
    : scene_(rtcNewScene(device_of(device))) {
  RTCGeometry geometry = rtcNewGeometry(device_of(device), RTC_GEOMETRY_TYPE_TRIANGLE);
  auto* points = static_cast<float*>(rtcSetNewGeometryBuffer(
      geometry, RTC_BUFFER_TYPE_VERTEX, 0, RTC_FORMAT_FLOAT3, 3 * sizeof(float), vertices.size()));
  auto* corners = static_cast<unsigned*>(rtcSetNewGeometryBuffer(
      geometry, RTC_BUFFER_TYPE_INDEX, 0, RTC_FORMAT_UINT3, 3 * sizeof(unsigned), triangles.size()));
  if (points == nullptr || corners == nullptr) {
    rtcReleaseGeometry(geometry);
    rtcReleaseScene(scene_of(scene_));
    fail("no memory for a scene", rtcGetDeviceError(device_of(device)));
  }
  for (const Vertex& v : vertices) {
    *points++ = v.position.x;
    *points++ = v.position.y;
    *points++ = v.position.z;
  }
  for (const Triangle& t : triangles) {
    *corners++ = t.a;
    *corners++ = t.b;
    *corners++ = t.c;
  }
  rtcCommitGeometry(geometry);
  rtcAttachGeometry(scene_of(scene_), geometry);
  rtcReleaseGeometry(geometry);
  rtcSetSceneBuildQuality(scene_of(scene_), RTC_BUILD_QUALITY_MEDIUM);
  rtcCommitScene(scene_of(scene_));
}

RayCaster::~RayCaster() { rtcReleaseScene(scene_of(scene_)); }

void RayCaster::intersect(const Ray* rays, int count, Hit* hits, bool coherent) const {
  alignas(64) int valid[kPacket];
  RTCRayHit16 packet;
  fill(packet.ray, rays, count, valid);
  for (unsigned& id : packet.hit.geomID) id = RTC_INVALID_GEOMETRY_ID;
  RTCIntersectContext context;
  rtcInitIntersectContext(&context);
  context.flags = coherent ? RTC_INTERSECT_CONTEXT_FLAG_COHERENT : RTC_INTERSECT_CONTEXT_FLAG_INCOHERENT;
  rtcIntersect16(valid, scene_of(scene_), &context, &packet);
  for (int i = 0; i < count; ++i) {
    if (packet.hit.geomID[i] == RTC_INVALID_GEOMETRY_ID)
      hits[i] = {};
    else
      hits[i] = {packet.ray.tfar[i], packet.hit.primID[i], packet.hit.u[i], packet.hit.v[i]};
  }
}

void RayCaster::occluded(const Ray* rays, int count, bool* blocked) const {
  alignas(64) int valid[kPacket];
  RTCRay16 packet;
  fill(packet, rays, count, valid);
  RTCIntersectContext context;
  rtcInitIntersectContext(&context);
  rtcOccluded16(valid, scene_of(scene_), &context, &packet);
  for (int i = 0; i < count; ++i) blocked[i] = packet.tfar[i] < 0.0F;
}

Hit RayCaster::intersect(const Ray& ray) const {
  Hit hit;
  intersect(&ray, 1, &hit, false);
  return hit;
}

bool RayCaster::occluded(const Ray& ray) const {
  bool blocked = false;
  occluded(&ray, 1, &blocked);
  return blocked;
}

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
  if (dot(s.facet, ray.direction) > 0.0F) {  // seen from the back, what bulged is hollow
    s.facet = -s.facet;
    s.normal = -s.normal;
    s.k1 = -s.k1;
    s.k2 = -s.k2;
  }
  // Near a tessellated silhouette the smooth normal may look away although its facet is seen. It is bent
  // back.
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
