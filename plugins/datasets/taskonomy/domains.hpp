// Which folders hold which labels, under their current and their older names.
#pragma once

#include <string>
#include <vector>

namespace taskonomy_dataset {

/// One kind of files in a building.
struct Domain {
  std::string id;                  ///< current name
  std::vector<std::string> names;  ///< of the folder and at the end of its files' names, current one first
  bool image = true;               ///< PNG or JPEG; otherwise .npy or .json
};

/// Every kind that is read; the id of an image or npy domain is that of its modality (sdk/sample.hpp).
inline const std::vector<Domain>& known_domains() {
  static const std::vector<Domain> domains = {
      {"rgb", {"rgb"}},
      {"depth_zbuffer", {"depth_zbuffer", "depth"}},
      {"depth_euclidean", {"depth_euclidean", "mist"}},
      {"normal", {"normal"}},
      {"principal_curvature", {"principal_curvature", "curvature"}},
      {"reshading", {"reshading", "reshade"}},
      {"edge_texture", {"edge_texture", "edge2d"}},
      {"edge_occlusion", {"edge_occlusion", "edge"}},
      {"keypoints2d", {"keypoints2d", "keypoint2d"}},
      {"keypoints3d", {"keypoints3d", "keypoint"}},
      {"segment_unsup2d", {"segment_unsup2d", "segment2d"}},
      {"segment_unsup25d", {"segment_unsup25d", "segment25d"}},
      {"segment_semantic", {"segment_semantic", "segmentsemantic"}},
      {"class_object", {"class_object", "softmax1000"}, false},
      {"class_scene", {"class_scene", "places", "class_places"}, false},
      {"point_info", {"point_info", "points", "fixatedpose"}, false}};
  return domains;
}

}  // namespace taskonomy_dataset
