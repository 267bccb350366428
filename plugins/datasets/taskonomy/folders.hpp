// The Taskonomy data set's folders, ROOT/BUILDING/DOMAIN/point_P_view_V_domain_DOMAIN.ENDING, or plain
// folders of photographs; which of them hold which labels, and the data set's split files.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace taskonomy_dataset {

/// One kind of files in a building.
struct Domain {
  std::string id;                  ///< current name
  std::vector<std::string> names;  ///< of the folder and at the end of its files' names, current one first
};

/// Every kind that is read; the id of an image or npy domain is that of its modality (sdk/sample.hpp).
inline const std::vector<Domain>& known_domains() {
  static const std::vector<Domain> domains = {{"rgb", {"rgb"}},
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
                                              {"class_object", {"class_object", "softmax1000"}},
                                              {"class_scene", {"class_scene", "places", "class_places"}},
                                              {"point_info", {"point_info", "points", "fixatedpose"}}};
  return domains;
}

/// What lies under a root folder. It is looked up once, when built; files are opened later. [any thread]
///
/// Where no file is called as in the data set, photographs may have any names, and labels those of their
/// photographs: ROOT/rgb/IMG_1.jpg or ROOT/IMG_1.jpg with ROOT/depth_zbuffer/IMG_1.png. ROOT is then the one
/// building; where it has no photographs itself, each of its sub-folders is one.
class Folders {
 public:
  /// Throws std::runtime_error naming the folder when it is missing, unreadable or holds no
  /// building with an rgb image.
  explicit Folders(std::filesystem::path root);

  /// building -> names of its views ("point_0647_view_0"), both sorted. Only what has an rgb image is a view.
  [[nodiscard]] const std::map<std::string, std::vector<std::string>>& buildings() const {
    return buildings_;
  }
  /// Ids (known_domains()) of domains with at least one file in at least one building.
  [[nodiscard]] const std::set<std::string>& domains() const { return domains_; }
  /// The file of a view in a domain. Throws std::runtime_error naming it when there is none.
  [[nodiscard]] std::filesystem::path file(const std::string& building, const std::string& view,
                                           const std::string& domain) const;
  /// The files of a building in a domain, by view, found in one pass through their folder. Views
  /// without a file are left out.
  [[nodiscard]] std::map<std::string, std::filesystem::path> files(const std::string& building,
                                                                   const std::string& domain) const;
  /// A file of the domain to look at: the first by name in the first building that has one. None where there
  /// is none.
  [[nodiscard]] std::optional<std::filesystem::path> some_file(const std::string& domain) const;
  /// What lies in the folders and is not used, a sentence each: images that are no PNG or JPEG, and names that
  /// no view can have.
  [[nodiscard]] std::vector<std::string> notes() const;
  /// Why a domain is not among domains() although there are folders for it; "" where there are none.
  [[nodiscard]] std::string why_not_offered(const std::string& domain) const;
  /// Whether the root itself is the one building: a single folder of photographs.
  [[nodiscard]] bool root_is_building() const { return root_is_building_; }
  /// Where a building's domains lie.
  [[nodiscard]] std::filesystem::path folder(const std::string& building) const {
    return root_is_building_ ? root_ : root_ / building;
  }
  /// Drops the buildings for which `keep` does not hold.
  template <typename Keep>
  void keep_buildings(const Keep& keep) {
    std::erase_if(buildings_, [&](const auto& building) { return !keep(building.first); });
  }

 private:
  /// Where a building keeps a domain: the folder, and what its files' names end in.
  struct Place {
    std::filesystem::path folder;
    std::string tail;  ///< "_domain_rgb"; "" where labels have the names of their photographs
  };
  /// Files that are not used.
  struct Unused {
    std::size_t count = 0;
    std::filesystem::path first;  ///< by name
    void add(const std::filesystem::path& file);
  };
  /// Buildings as the data set has them.
  void find_buildings();
  /// Buildings of photographs with any names.
  void find_plain_buildings();
  [[nodiscard]] bool add_plain_building(const std::string& name, const std::filesystem::path& folder);
  [[nodiscard]] std::vector<std::string> find_views(const std::filesystem::path& folder);
  [[nodiscard]] std::optional<Place> find_place(const std::filesystem::path& building, const Domain& domain);
  /// The same in a plain building: the first folder with a file that has the name of one of its photographs.
  [[nodiscard]] std::optional<Place> find_plain_place(const std::filesystem::path& building,
                                                      const Domain& domain,
                                                      const std::vector<std::string>& photographs);
  std::filesystem::path root_;
  std::map<std::string, std::vector<std::string>> buildings_;
  std::map<std::pair<std::string, std::string>, Place> places_;  ///< (building, domain id)
  std::set<std::string> domains_;
  bool plain_ = false;                           ///< photographs have any names
  bool root_is_building_ = false;                ///< of those
  std::vector<std::string> unknown_folders_;     ///< beside photographs with any names
  Unused other_images_, misnamed_;               ///< in folders of photographs
  std::map<std::string, Unused> unused_labels_;  ///< in folders of a domain without a file that is used
};

/// Reads one of the data set's standard split files: building -> "train", "transfer" or "test". The file's
/// "val" is our "transfer", because the paper trains transfers on its validation images. Two forms:
///   CSV   a header `id,train,val,test`, then 0 or 1 in the columns
///   JSON  {"train": [buildings], "val": [...], "test": [...]}, or several of those by size,
///         {"tiny": {...}, "medium": {...}}, of which `size` names one
/// Throws std::runtime_error naming the file and what is wrong: a building in two splits, no building at all,
/// an unknown size (with those there are).
[[nodiscard]] std::map<std::string, std::string> read_split_file(const std::filesystem::path& file,
                                                                 const std::string& size);

}  // namespace taskonomy_dataset
