// Tournaments on resampled test images, many at once: all pairs meet once, each draw only weighs the images
// anew.
#pragma once

#include <Eigen/Core>
#include <vector>

#include "core/losses/loss_table.hpp"
#include "core/tournament/tournament.hpp"

namespace taskonomy::analysis {

/// How often each image was drawn: [N,R], N images, R draws; whole numbers.
using ImageWeights = Eigen::MatrixXf;

/// The tournaments of all rows of a loss table, references included, when image n counts weights(n, r) times.
/// Images with a NaN in any row weigh nothing. With weights 1 they equal tournament::play(). A product of
/// matrices: sums of halves below 2^24 are exact in float, so no order of summation matters. Every draw must
/// give some usable image weight (std::logic_error else). Throws Error as LossTable::usable_images().
[[nodiscard]] std::vector<tournament::Tournament> resampled(const losses::LossTable& losses,
                                                            const ImageWeights& weights);

}  // namespace taskonomy::analysis
