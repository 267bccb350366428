// What the statistics draw: random numbers that are the same on every machine, blocks of test images that are
// drawn together, and tournaments on resampled test sets.
#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/affinity/loss_table.hpp"
#include "core/affinity/tournament.hpp"
#include "core/base/hash.hpp"

namespace taskonomy::analysis {

/// A stream of random numbers, seeded by a number and a name. Each statistic has a stream of its own, so that
/// what one of them draws does not change the others.
class Draws {
 public:
  Draws(std::uint64_t seed, std::string_view name) : engine_(base::seed_of(seed, name)) {}

  /// Uniform in 0..count-1, count >= 1. By rejection: std::uniform_int_distribution
  /// differs between standard libraries.
  [[nodiscard]] std::size_t below(std::size_t count) {
    const std::uint64_t range = count;
    const std::uint64_t surplus = (0 - range) % range;  // 2^64 mod count
    std::uint64_t bits = engine_();
    while (bits < surplus) bits = engine_();
    return static_cast<std::size_t>(bits % range);
  }

  /// Shuffles so that all orders are equally likely.
  template <typename Value>
  void shuffle(std::vector<Value>& values) {
    for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[below(i)]);
  }

 private:
  std::mt19937_64 engine_;
};

/// What is drawn, left out or flipped together: one test image, or all test images of a scene. Views of one
/// room are alike; taken as independent images they make every interval too short. Choose `scene` when in
/// doubt: its intervals are wider and safer.
enum class Block { image, scene };
[[nodiscard]] std::string name_of(Block block);

/// The scene of a sample id, as datasets name them: "kitchen-00012/single_3" -> "kitchen-00012". An id
/// without '/' is a scene of its own.
[[nodiscard]] std::string scene_of(const std::string& image);

/// N images in `count` blocks, numbered by first appearance.
struct Blocks {
  std::size_t count = 0;
  std::vector<std::size_t> of_image;  ///< [N]
};
[[nodiscard]] Blocks blocks_of(const std::vector<std::string>& images, Block block);

/// Scenes where there are eight or more, else images: of seven scenes no outcome of a test could be
/// significant, and resampled they would say little.
[[nodiscard]] Block block_for(const std::vector<std::string>& images);

/// What statistics of a run draw together where nobody says: images where its splits do not keep scenes apart,
/// since then it asks about other images of scenes that it knows; else block_for().
[[nodiscard]] Block default_block(const affinity::LossTable& losses);

/// How often each image was drawn: [N,R], N images, R draws; whole numbers.
using ImageWeights = Eigen::MatrixXf;

/// Plays the tournament of all rows of a loss table, references included, once per draw; in draw r image n
/// counts weights(n, r) times. Images with a NaN in any row do not count. With weights 1 the result equals
/// affinity::play(). All draws share one product of matrices: sums of halves below 2^24 are exact in float,
/// so that no order of summation matters. Throws std::logic_error for a draw without a usable image, and
/// Error as LossTable::usable_images().
[[nodiscard]] std::vector<affinity::Tournament> play_resampled(const affinity::LossTable& losses,
                                                               const ImageWeights& weights);

}  // namespace taskonomy::analysis
