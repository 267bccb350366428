// What a sample is, for everybody: a dataset fills it, a task reads it. Step 1 of the path of data: what a
// dataset yields for one point of a scene, seen from V = 1..3 views.
//
// Conventions of the whole library
//   layout      [V,C,H,W] per sample, [B,C,H,W] per batch; rows go down, columns go right
//   pixels      the centre of pixel (row r, column c) lies at (c + 0.5, r + 0.5)
//   camera      x right, y down, z forward; metres
//   world       z up; metres
//   loss        lower is better; affinity: larger is better
//
// Modalities (keys of Sample::data). A dataset offers any subset and says so in DatasetInfo::modalities.
//   rgb                 uint8   [V,3,H,W]  0..255, sRGB
//   depth_zbuffer       float32 [V,1,H,W]  metres along the optical axis; 0 = no reading
//   depth_euclidean     float32 [V,1,H,W]  metres from the camera centre; 0 = no reading
//   normal              float32 [V,3,H,W]  unit, camera coordinates, facing the camera; (0,0,0) = none
//   principal_curvature float32 [V,2,H,W]  1/m, larger magnitude first; NaN = none
//   reshading           float32 [V,1,H,W]  0..1, Lambert from a light at the camera; NaN = none
//   edge_texture        float32 [V,1,H,W]  0..1, as stored by the data set; NaN = none
//   edge_occlusion      float32 [V,1,H,W]  the same
//   keypoints2d         float32 [V,1,H,W]  the same
//   keypoints3d         float32 [V,1,H,W]  the same
//   segment_unsup2d     int32   [V,1,H,W]  region id; -1 = none
//   segment_unsup25d    int32   [V,1,H,W]  the same
//   segment_semantic    uint8   [V,1,H,W]  class id; 0 = uncertain (masked), names in class_names
//   instance            int32   [V,1,H,W]  object id within the scene, the same in all its views; walls, floor
//                                          and ceiling count as objects; 0 = none
//   class_object        float32 [V,C]      soft labels, sum 1 (0 everywhere = no label)
//   class_scene         float32 [V,C]      soft labels, sum 1 (0 everywhere = no label)
//   intrinsics          float32 [V,3,3]    [fx 0 cx; 0 fy cy; 0 0 1] in pixels of this sample
//   pose                float32 [V,4,4]    world from camera
//   room_layout         float32 [V,9]      box around the room in camera coordinates: centre 3 (m),
//                                          Euler xyz 3 (rad), scale 3 (m)
//   vanishing_points    float32 [V,3,3]    rows: unit directions of the room's x, y, z axes in camera
//                                          coordinates
//   match               float32 [1]        1 = the centre pixels of both views show the same physical
//                                          point, 0 = they do not
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/detail/api.hpp>

namespace taskonomy::sdk {

/// How the views of one sample are related.
enum class ViewKind {
  single,           ///< one image
  fixated_pair,     ///< two cameras at different places, both centred on one physical point
  fixated_triplet,  ///< three such cameras
  nonfixated_pair,  ///< two cameras that see a part of each other's view and are centred on different points
  matching_pair  ///< two images whose centres show one point (`match` 1) or two different ones (`match` 0), half each
};

/// Every kind, in the order of the enumeration.
inline constexpr std::array kViewKinds{ViewKind::single, ViewKind::fixated_pair, ViewKind::fixated_triplet,
                                       ViewKind::nonfixated_pair, ViewKind::matching_pair};

/// The kind's one name, in messages, job ids, file names and JSON: "single", "fixated_pair", ...
[[nodiscard]] TX_API std::string word_of(ViewKind kind);

/// The kind with this name, if there is one.
[[nodiscard]] TX_API std::optional<ViewKind> view_kind_of(std::string_view word);

/// Number of views V of a kind: 1, 2 or 3.
constexpr int views_of(ViewKind kind) {
  return kind == ViewKind::single ? 1 : kind == ViewKind::fixated_triplet ? 3 : 2;
}

/// One point of a scene with its modalities. All tensors are contiguous and on the CPU.
struct Sample {
  std::string id;                                       ///< unique within the dataset, stable between runs
  std::unordered_map<std::string, torch::Tensor> data;  ///< modality name -> tensor
  /// Modality -> why this sample lacks it although the dataset offers it: "FILE: reason". Tasks that need the
  /// modality leave the sample out, others use it. rgb is never absent: without it there is no sample.
  std::unordered_map<std::string, std::string> absent{};
};

}  // namespace taskonomy::sdk
