// The Taskonomy data set's folders: <root>/<building>/<domain>/point_P_view_V_domain_<domain>.<ending>.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace taskonomy_dataset {

/// What lies under a root folder. Found once; files are opened later. [any thread]
class Folders {
 public:
  /// Throws std::runtime_error naming the folder when it is missing, unreadable or holds no building with an
  /// rgb image.
  explicit Folders(std::filesystem::path root);

  /// building -> names of its views ("point_0647_view_0"), both sorted. A view is one with an rgb image.
  [[nodiscard]] const std::map<std::string, std::vector<std::string>>& buildings() const {
    return buildings_;
  }
  /// Ids (domains.hpp) of domains with at least one file in at least one building.
  [[nodiscard]] const std::set<std::string>& domains() const { return domains_; }
  /// The file of a view in a domain. Throws std::runtime_error naming it when there is none.
  [[nodiscard]] std::filesystem::path file(const std::string& building, const std::string& view,
                                           const std::string& domain) const;
  /// Some file of the domain, the first by name in the first building that has one; none where there is none.
  [[nodiscard]] std::optional<std::filesystem::path> some_file(const std::string& domain) const;
  [[nodiscard]] std::filesystem::path folder(const std::string& building) const { return root_ / building; }
  /// Keeps the buildings for which `keep` holds.
  template <typename Keep>
  void keep_buildings(const Keep& keep) {
    std::erase_if(buildings_, [&](const auto& building) { return !keep(building.first); });
  }

 private:
  /// Where a building keeps a domain: the folder, and what its files' names end in.
  struct Place {
    std::filesystem::path folder;
    std::string tail;
  };
  [[nodiscard]] std::optional<Place> find_place(const std::filesystem::path& building,
                                                const std::string& domain) const;
  std::filesystem::path root_;
  std::map<std::string, std::vector<std::string>> buildings_;
  std::map<std::pair<std::string, std::string>, Place> places_;  ///< (building, domain id)
  std::set<std::string> domains_;
};

}  // namespace taskonomy_dataset
