// Colours as classes: the bins of CIELAB's a*b* plane that colorization chooses among.
// Zhang, Isola, Efros: "Colorful Image Colorization", ECCV 2016.
#pragma once

#include <cstdint>
#include <mutex>
#include <vector>

#include <taskonomy/sdk/torch.hpp>

namespace taskonomy::colorization {

inline constexpr double kBinSize = 10.0;          ///< CIELAB units
inline constexpr std::int64_t kNeighbours = 10;   ///< bins that share one colour
inline constexpr double kSpread = 5.0;            ///< sigma of their weights, CIELAB units
inline constexpr std::int64_t kMostChroma = 110;  ///< |a*| and |b*| of every sRGB colour lie below

/// Finds the bins: centres float32 [Q,2] (a*, b*) of the squares of side kBinSize, centred on multiples of
/// it, into which at least one 8-bit sRGB colour falls, in ascending order of a*, then b*. Q = 261. The
/// surface of the RGB cube is enough to find them, because raising L* at constant a*b* leads from any colour
/// to it. The paper counts 313 bins, some of which only colours beyond sRGB reach.
[[nodiscard]] torch::Tensor gamut_bins();

/// Softened one-hot codes of colours: the kNeighbours nearest bins with weights proportional to
/// exp(-distance^2 / (2 kSpread^2)), sum 1. They are looked up in a table over whole CIELAB units, which is
/// what labels hold. The whole table takes most of a second, so that a row is made when a colour of it comes. [any
/// thread]
class SoftCode {
 public:
  explicit SoftCode(const torch::Tensor& bins);
  /// The codes of a batch of labels.
  struct Code {
    torch::Tensor bin;    ///< int64 [B,kNeighbours,h,w], nearest first
    torch::Tensor share;  ///< float32 [B,kNeighbours,h,w]
  };
  /// For ab [B,2,h,w], whole numbers in -kMostChroma..kMostChroma.
  [[nodiscard]] Code of(const torch::Tensor& ab) const;

 private:
  /// Makes the rows of the table that colours with these a* [any shape] are in.
  void make_rows(const torch::Tensor& a) const;

  torch::Tensor bins_;
  torch::Tensor b_squares_;    ///< [2 kMostChroma + 1, Q]: of the differences of b* to the bins
  torch::Tensor bin_, share_;  ///< [(2 kMostChroma + 1)^2, kNeighbours], a row of b* after the other
  mutable std::mutex making_;
  mutable std::vector<bool> made_;  ///< which rows are there
};

/// Weights [Q] of the bins by rarity: w = 1 / (p / 2 + 1 / (2 Q)), scaled so that the sum of p w is 1 (Zhang
/// et al., section 2.2, lambda = 1/2). The prior p is proportional to exp(-2 chroma / mean_chroma): the share
/// of colours falls with their chroma sqrt(a*^2 + b*^2), and mean_chroma is its mean.
[[nodiscard]] torch::Tensor rarity_weights(const torch::Tensor& bins, double mean_chroma);

}  // namespace taskonomy::colorization
