// Which views of a building make pairs and triplets.
#pragma once

#include <string>
#include <vector>

#include <taskonomy/sdk/sample.hpp>

#include "folders.hpp"

namespace taskonomy_dataset {

/// Views of one sample, by name; or why there is none, for a file that lists them and cannot be read.
struct ViewSet {
  std::vector<std::string> views;
  bool match = true;  ///< of a matching pair: the centres show the same point
  std::string damage{};
};

/// The samples of a kind in a building, in a stable order:
///   fixated pairs, triplets  any two or three views with the same point: their file names begin alike
///   non-fixated pairs        the first view of a point with each view of another point that sees it, from
///                            nonfixated_matches/point_P_*.json, otherwise from nonfixated_points_in_view
///   matching pairs           even: a fixated pair, whose centres show the point; odd: a non-fixated pair, or
///                            without those the pair's first view with a view of the next point
[[nodiscard]] std::vector<ViewSet> view_sets(const Folders& folders, const std::string& building,
                                             taskonomy::sdk::ViewKind kind);

}  // namespace taskonomy_dataset
