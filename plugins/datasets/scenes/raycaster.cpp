// Embree 3, fenced in this file.
#include "raycaster.hpp"

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

}  // namespace taskonomy::scenes
