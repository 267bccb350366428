// Tournaments on resampled test images, many at once: all pairs meet once, each draw only weighs the images
// anew.
#pragma once

#include <Eigen/Core>
#include <vector>

#include "core/affinity/loss_table.hpp"
#include "core/affinity/tournament.hpp"

namespace taskonomy::analysis {

/// How often each image was drawn: [N,R], N images, R draws; whole numbers.
using ImageWeights = Eigen::MatrixXf;

/// The tournaments of all rows of a loss table, references included, when image n counts weights(n, r) times.
/// Images with a NaN in any row weigh nothing. With weights 1 they equal affinity::play(). A product of
/// matrices: sums of halves below 2^24 are exact in float, so no order of summation matters. Every draw must
/// give some usable image weight (std::logic_error else). Throws Error as LossTable::usable_images().
[[nodiscard]] std::vector<affinity::Tournament> resampled(const affinity::LossTable& losses,
                                                          const ImageWeights& weights);

}  // namespace taskonomy::analysis
