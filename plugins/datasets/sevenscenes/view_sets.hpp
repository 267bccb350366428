// Which frames of a chunk make pairs and triplets: what one camera's pixels show of another's, by
// reprojection with a depth check.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <taskonomy/sdk/sample.hpp>

#include "camera.hpp"
#include "sequence.hpp"

namespace sevenscenes {

/// A frame made ready for comparing: its pose, and its depth on a coarse grid. How views relate can be told
/// without looking at every pixel.
struct View {
  std::size_t frame = 0;  ///< within its sequence
  Pose pose;
  Intrinsics camera;             ///< of the whole image
  double width = 0, height = 0;  ///< of the whole image, pixels
  std::int64_t columns = 0, rows = 0;
  std::vector<float> depth;  ///< metres at the centre of each cell, row by row; 0 = no reading

  /// The centre of a cell.
  [[nodiscard]] Pixel pixel(std::int64_t row, std::int64_t column) const;
  /// Its depth.
  [[nodiscard]] float depth_at(std::int64_t row, std::int64_t column) const {
    return depth[static_cast<std::size_t>(row * columns + column)];
  }
  /// Depth of the cell under a pixel; 0 outside the image.
  [[nodiscard]] float depth_under(const Pixel& pixel) const;
};

/// Where `to` sees the surface that `from` sees under a pixel. None when the pixel has no depth reading, when
/// the surface lies outside of `to`'s image, or when `to` reads another depth there (more than 5 % and 2 cm
/// off), because then something stands in between.
[[nodiscard]] std::optional<Pixel> correspondence(const View& from, const Pixel& pixel, const View& to);

/// Share of `from`'s cells with a depth reading that `to` sees, 0..1; 0 without readings.
[[nodiscard]] double overlap(const View& from, const View& to);

/// Whether the cameras look at one point: each sees the point under the other's image centre within
/// `tolerance` of its own centre. `tolerance` is a share of the image's short side.
[[nodiscard]] bool fixate(const View& a, const View& b, double tolerance);

/// Reads frame number `frame` of a sequence on a grid of about 80 columns. Throws std::runtime_error naming
/// the file that cannot be read.
[[nodiscard]] View read_view(const Sequence& sequence, std::size_t frame);

/// Consecutive frames [first, last) of a sequence: the unit of splitting.
struct Chunk {
  std::string id;  ///< "seq-01-0003"
  const Sequence* sequence = nullptr;
  std::size_t first = 0, last = 0;
};

/// Which views make a sample. The head of sevenscenes.cpp advises on choosing.
struct PairOptions {
  double tolerance = 0.15;      ///< of fixation, a share of the image's short side
  double least_move = 0.05;     ///< metres or radians by which two views must differ at least
  double least_overlap = 0.25;  ///< of non-fixated and matching pairs
  double greatest_overlap = 0.9;
  double crop = 0.5;        ///< side of a matching pair's crops, a share of the image's short side
  std::int64_t most = 100;  ///< samples of a kind in a chunk, spread evenly over those found
  std::uint64_t seed = 1;   ///< of the points of matching pairs
};

/// The views of one sample.
struct ViewSet {
  std::vector<std::size_t> frames;  ///< their numbers within the sequence
  std::vector<Pixel> centres{};     ///< of a matching pair: the centre of each view's crop
  bool match = true;                ///< of a matching pair: both crops show one point
};

/// Finds the samples of a kind in a chunk, in a stable order that depends on the files and the options alone.
/// Frames without a pose or depth are in no pair; their single samples say why.
///   fixated pair, triplet  every two of the views fixate one point
///   non-fixated pair       two views whose overlap lies within the range and that do not fixate one point
///   matching pair          two views that overlap. Even numbers: crops around one visible point. Odd
///                          numbers: the second crop shows another place, at least half a crop and 0.3 m
///                          away from the first
[[nodiscard]] std::vector<ViewSet> find_view_sets(const Chunk& chunk, taskonomy::sdk::ViewKind kind,
                                                  const PairOptions& options);

}  // namespace sevenscenes
