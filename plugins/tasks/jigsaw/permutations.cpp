#include "permutations.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace taskonomy::jigsaw {

namespace {

constexpr int kField = 8, kInfinity = 8;

/// Product in GF(8) = GF(2)[t] / (t^3 + t + 1); bit i of a number is the coefficient of t^i.
int product(int a, int b) {
  int result = 0;
  for (int bit = 0; bit < 3; ++bit)
    if ((b >> bit) & 1) result ^= a << bit;
  for (int bit = 4; bit >= 3; --bit)
    if ((result >> bit) & 1) result ^= 0b1011 << (bit - 3);
  return result;
}

/// 1 / a = a^6, a != 0.
int inverse(int a) {
  const int square = product(a, a);
  return product(product(square, square), square);
}

/// (a x + b) / (c x + d) for each of the nine points; addition in GF(8) is exclusive or.
Permutation fractional_map(int a, int b, int c, int d) {
  Permutation map{};
  for (int x = 0; x < kField; ++x) {
    const int below = product(c, x) ^ d;
    map[static_cast<std::size_t>(x)] = below == 0 ? kInfinity : product(product(a, x) ^ b, inverse(below));
  }
  map[kInfinity] = c == 0 ? kInfinity : product(a, inverse(c));
  return map;
}

/// All maps of PSL(2,8) in lexicographic order. Minus is plus in GF(8).
std::vector<Permutation> group() {
  std::vector<Permutation> maps;
  for (int a = 0; a < kField; ++a)
    for (int b = 0; b < kField; ++b)
      for (int c = 0; c < kField; ++c)
        for (int d = 0; d < kField; ++d)
          if ((product(a, d) ^ product(b, c)) == 1) maps.push_back(fractional_map(a, b, c, d));
  std::sort(maps.begin(), maps.end());
  return maps;
}

}  // namespace

int hamming(const Permutation& a, const Permutation& b) {
  int differing = 0;
  for (std::size_t place = 0; place < kTiles; ++place) differing += a[place] != b[place] ? 1 : 0;
  return differing;
}

std::vector<Permutation> distant_permutations(std::size_t count) {
  std::vector<Permutation> candidates = group();
  if (count < 1 || count > candidates.size())
    throw std::invalid_argument("distant_permutations: " + std::to_string(count) + " is not in 1.." +
                                std::to_string(candidates.size()));
  std::vector<int> summed(candidates.size(), 0);
  std::vector<Permutation> chosen;
  for (std::size_t next = 0;;) {  // the identity is the first in lexicographic order
    chosen.push_back(candidates[next]);
    if (chosen.size() == count) return chosen;
    summed[next] = -1;
    for (std::size_t i = 0; i < candidates.size(); ++i)
      if (summed[i] >= 0) summed[i] += hamming(candidates[i], chosen.back());
    next = static_cast<std::size_t>(std::max_element(summed.begin(), summed.end()) - summed.begin());
  }
}

}  // namespace taskonomy::jigsaw
