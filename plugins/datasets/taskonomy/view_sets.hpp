// Which views of a building make pairs and triplets.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <taskonomy/sdk/sample.hpp>

#include "folders.hpp"

namespace taskonomy_dataset {

/// The views of one sample.
struct ViewSet {
  std::vector<std::string> views;  ///< their names
  bool match = true;               ///< of a matching pair: the centres show the same point
  std::string damage{};            ///< why there are no views: the file that lists them cannot be read
};

/// Finds the samples of a kind in a building, in a stable order:
///   fixated pairs, triplets  any two or three views of one point, whose file names begin alike
///   non-fixated pairs        the first view of a point with each view of another point that sees it, from
///                            nonfixated_matches/point_P_*.json, otherwise from nonfixated_points_in_view
///   matching pairs           even numbers: a fixated pair, whose centres show the point; odd numbers: a
///                            non-fixated pair or, without those, the pair's first view with a view of the
///                            next point
[[nodiscard]] std::vector<ViewSet> find_view_sets(const Folders& folders, const std::string& building,
                                                  taskonomy::sdk::ViewKind kind);

/// The folder of nonfixated_matches files that decide which views of a building make pairs; nothing
/// where point_info files do.
[[nodiscard]] std::optional<std::filesystem::path> matches_folder(const Folders& folders,
                                                                  const std::string& building);
/// The nonfixated_matches files in such a folder, by name.
[[nodiscard]] std::vector<std::filesystem::path> match_files(const std::filesystem::path& folder);

}  // namespace taskonomy_dataset
