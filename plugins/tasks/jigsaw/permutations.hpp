// The arrangements of nine tiles that the jigsaw task tells apart.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace taskonomy::jigsaw {

inline constexpr std::size_t kTiles = 9;
/// Place -> tile that lies there, both row by row.
using Permutation = std::array<int, kTiles>;

/// How many there are to choose from.
inline constexpr std::size_t kMostPermutations = 504;

/// Places at which two arrangements differ.
[[nodiscard]] int hamming(const Permutation& a, const Permutation& b);

/// `count` (1..504) arrangements, the first the identity, any two of which differ in at least 7 of 9 places.
/// More than 72 cannot all differ in 8: arrangements that agree in at most one place have different pairs
/// (tile at place 0, tile at place 1), and there are 9 * 8 of those (Deza and Vanstone, "Bounds for
/// permutation arrays", J. Stat. Plan. Inference 2, 1978). So for 73 and more, 7 is the largest minimum.
///
/// They are taken from the group PSL(2,8), the maps x -> (a x + b) / (c x + d) with a d - b c = 1 of the nine
/// points GF(8) and infinity. A map other than the identity fixes at most two points, because
/// c x^2 + (d - a) x - b = 0 has two roots at most; so two maps agree in at most two points. Of the 504, each
/// next is the one whose summed distance to those before is largest, the first in lexicographic order of
/// equals: no random start.
[[nodiscard]] std::vector<Permutation> distant_permutations(std::size_t count);

}  // namespace taskonomy::jigsaw
