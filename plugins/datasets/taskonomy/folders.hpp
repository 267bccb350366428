// The Taskonomy data set's folders: <root>/<building>/<domain>/point_P_view_V_domain_<domain>.<png|jpg|json>.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <torch/torch.h>

namespace taskonomy_dataset {

/// What lies under a root folder. Found once; files are opened later.
class Folders {
 public:
  /// Throws std::runtime_error naming the folder when it is missing, unreadable or holds no building with an
  /// rgb image.
  explicit Folders(std::filesystem::path root);

  /// building -> names of its views ("point_0647_view_0"), both sorted. A view is one with an rgb image.
  [[nodiscard]] const std::map<std::string, std::vector<std::string>>& buildings() const {
    return buildings_;
  }
  /// Domains with at least one file in at least one building.
  [[nodiscard]] const std::set<std::string>& domains() const { return domains_; }
  /// The file of a view in a domain. Throws std::runtime_error naming it when there is none.
  [[nodiscard]] std::filesystem::path file(const std::string& building, const std::string& view,
                                           const std::string& domain) const;

 private:
  std::filesystem::path root_;
  std::map<std::string, std::vector<std::string>> buildings_;
  std::set<std::string> domains_;
};

/// Intrinsics float32 [3,3] from a point_info file, in pixels of an image of this size: camera_intrinsics
/// {fx,fy,cx,cy} where the file has them, otherwise from field_of_view_rads (across the width) with the
/// centre in the middle. Throws std::runtime_error naming the file and what is wrong with it.
[[nodiscard]] torch::Tensor read_intrinsics(const std::filesystem::path& file, std::int64_t height,
                                            std::int64_t width);

}  // namespace taskonomy_dataset
