// From a stage and a camera to every modality of one view.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "camera.hpp"
#include "classes.hpp"
#include "look.hpp"

namespace taskonomy::scenes {

/// Size and quality of a view; more rays mean less noise and more time.
struct RenderOptions {
  int side = 64;            ///< pixels, square
  int samples = 4;          ///< rays per pixel for the colours
  int shadow_rays = 2;      ///< rays per sample towards lamps and windows
  int ao_rays = 1;          ///< rays per pixel that look for nearby surfaces; 0 = no ambient occlusion
  Look look = Look::plain;  ///< of rooms, cameras and photographs
};

/// One view. Images are planar: [C][side][side], row by row; units and signs as in the SDK's sample.hpp.
struct View {
  int side = 0;
  std::vector<std::uint8_t> rgb;       ///< 3 planes, sRGB
  std::vector<float> depth_zbuffer;    ///< metres along the optical axis
  std::vector<float> depth_euclidean;  ///< metres
  std::vector<float> normal;           ///< 3 planes, camera coordinates
  std::vector<float> curvature;        ///< 2 planes, 1/m, larger magnitude first, convex positive
  std::vector<float> reshading;        ///< cosine between the normal and the way back to the camera
  std::vector<std::uint8_t> semantic;
  std::vector<std::int32_t> instance;                ///< 1 + index into Room::placed
  std::array<float, kObjectClasses> class_object{};  ///< share of the labelled pixels; all 0 without any
  std::array<float, kRoomKinds> class_scene{};
  std::array<float, 9> intrinsics{};
  std::array<float, 16> pose{};        ///< world from camera
  std::array<float, 9> room_layout{};  ///< centre, Euler xyz (R = Rz Ry Rx), full extents; see axes_seen_from
  std::array<float, 9> vanishing_points{};
};

/// Renders every modality, rgb only where `colour`. `seed` drives the jitter of rays and lights and nothing
/// else.
View render(const Stage& stage, const Camera& camera, const RenderOptions& options, std::uint64_t seed,
            bool colour = true);

}  // namespace taskonomy::scenes
