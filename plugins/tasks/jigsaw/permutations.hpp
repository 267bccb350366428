// The arrangements of nine tiles that the jigsaw task tells apart.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace taskonomy::jigsaw {

inline constexpr std::size_t kTiles = 9;
/// An arrangement: place -> the tile that lies there, both counted row by row.
using Permutation = std::array<int, kTiles>;

/// Size of the group that arrangements are chosen from.
inline constexpr std::size_t kMostPermutations = 504;

/// Number of places at which two arrangements differ.
[[nodiscard]] int hamming(const Permutation& a, const Permutation& b);

/// Chooses `count` (1..504) arrangements that are easy to tell apart: the first is the identity, and any two
/// differ in at least 7 of the 9 places. That is the largest minimum for 73 arrangements and more: if all
/// differed in 8 places, any two would agree in one place at most and so have different pairs (tile at place
/// 0, tile at place 1), of which there are 9 * 8 = 72 (Deza and Vanstone, "Bounds for permutation arrays", J.
/// Stat. Plan. Inference 2, 1978).
///
/// They are taken from the group PSL(2,8): the maps x -> (a x + b) / (c x + d) with a d - b c = 1 of the nine
/// points GF(8) and infinity. A map other than the identity fixes at most two points, because c x^2 + (d - a)
/// x - b = 0 has at most two roots; so any two maps agree in at most two points. Each next one is that whose
/// summed distance to the chosen ones is largest, and among equals the first in lexicographic order. There is
/// no random start.
[[nodiscard]] std::vector<Permutation> distant_permutations(std::size_t count);

}  // namespace taskonomy::jigsaw
