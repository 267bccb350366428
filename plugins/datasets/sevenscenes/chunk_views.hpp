// Which frames of a chunk make pairs and triplets.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <taskonomy/sdk/sample.hpp>

#include "overlap.hpp"
#include "sequence.hpp"

namespace sevenscenes {

/// Consecutive frames [first, last) of a sequence: the unit of splitting.
struct Chunk {
  std::string id;  ///< "seq-01-0003"
  const Sequence* sequence = nullptr;
  std::size_t first = 0, last = 0;
};

struct PairOptions {
  double tolerance = 0.15;      ///< of fixation, a share of the image's short side
  double least_move = 0.05;     ///< metres or radians between two views, so that they are two
  double least_overlap = 0.25;  ///< of non-fixated and matching pairs
  double greatest_overlap = 0.9;
  double crop = 0.5;        ///< side of a matching pair's crops, a share of the image's short side
  std::int64_t most = 100;  ///< samples of a kind in a chunk, spread evenly over those found
  std::uint64_t seed = 1;   ///< of the points of matching pairs
};

/// The views of one sample, by number of the frame. In matching pairs the crops' centres.
struct ViewSet {
  std::vector<std::size_t> frames;
  std::vector<Pixel> centres{};
  bool match = true;
};

/// The samples of a kind in a chunk, in a stable order: a pure function of the files and options. Frames
/// without a pose or depth are in none (their single samples say why).
///   fixated pair, triplet  every two of the views fixate one point
///   non-fixated pair       overlap within the range, not fixating one point
///   matching pair          two views that overlap; even: crops around one visible point; odd: the second
///   crop shows
///                          another place, at least half a crop and 0.3 m away from the first's point
[[nodiscard]] std::vector<ViewSet> view_sets(const Chunk& chunk, taskonomy::sdk::ViewKind kind,
                                             const PairOptions& options);

}  // namespace sevenscenes
