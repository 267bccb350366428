// Which samples train source networks, which train transfers and which judge them (paper section 4: disjoint
// buildings).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include <taskonomy/sdk/dataset.hpp>

#include "core/recipe/recipe.hpp"

namespace taskonomy::data {

/// The splits in the order in which their samples are stored.
enum class Split { train, validation, transfer, test };
inline constexpr std::array kSplits{Split::train, Split::validation, Split::transfer, Split::test};
[[nodiscard]] std::string name_of(Split split);

/// One sample of a dataset, and the split that it belongs to.
struct SampleKey {
  std::string scene;
  std::int64_t index = 0;
  Split split = Split::train;
};

/// Every sample of the scenes in exactly one split or, beyond the recipe's shares, in none; ordered by split,
/// then by scene and index. A pure function of the scene names, the shares and the seed: by scene, no scene
/// is in two of train, transfer and test; validation is a share of the training images. Scenes whose data set
/// says their split go there whole, the recipe's shares divide the others. Throws Error naming the split that
/// would be empty and what the dataset offers.
[[nodiscard]] std::vector<SampleKey> make_splits(const std::vector<sdk::Scene>& scenes,
                                                 const recipe::Split& shares, std::uint64_t seed);

}  // namespace taskonomy::data
