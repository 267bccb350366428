// Which samples train source networks, which train transfers and which judge them. Scenes do not straddle the
// borders, as the paper's buildings do not (section 4).
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <taskonomy/sdk/dataset.hpp>

#include "core/recipe/recipe.hpp"

namespace taskonomy::data {

/// The splits in the order in which their samples are stored.
enum class Split { train, validation, transfer, test };
inline constexpr std::array kSplits{Split::train, Split::validation, Split::transfer, Split::test};
[[nodiscard]] std::string name_of(Split split);
/// The split of that name; nothing for another word.
[[nodiscard]] std::optional<Split> split_named(std::string_view word);

/// One sample of a dataset, and the split that it belongs to.
struct SampleKey {
  std::string scene;
  std::int64_t index = 0;
  Split split = Split::train;
};

/// Gives every sample of the scenes to one split or, where the recipe's shares add up to less than 1, to
/// none. The keys come ordered by split, then by scene and index.
///
/// Scenes whose data set says their split go there whole; the shares divide the others, by a hash of their
/// names, so that the result is a function of names, shares and seed alone. With unit = "scene" no scene is
/// in two splits, as far as there are two training scenes: the validation split is a share of them, because
/// weights that are chosen by views of the rooms they were trained on are those that know the rooms by heart.
/// With unit = "image" it is a share of the training images; use this only for data sets whose samples share
/// no photograph, the functions below for others. A training split of one unit holds out nothing, so that
/// there is no validation split. Throws Error naming the split that would be empty and what the dataset
/// offers.
[[nodiscard]] std::vector<SampleKey> make_splits(const std::vector<sdk::Scene>& scenes,
                                                 const recipe::Split& shares, std::uint64_t seed);

/// The samples of one kind of views of a data set whose samples share photographs.
struct SampleViews {
  std::vector<sdk::Scene> scenes;
  /// The photographs that a sample shows, by names within its scene (sdk::SharedPhotographs).
  std::function<std::vector<std::string>(const std::string& scene, std::int64_t index)> photographs;
  bool fixated = false;  ///< the views of a sample look at one point
};

/// Where a photograph belongs.
struct PhotographPlace {
  std::string group;           ///< the name of one of those that stay together
  Split split = Split::train;  ///< train, transfer or test
};
/// "scene#photograph" -> its place; photographs that are in no split are missing.
using PhotographSplits = std::map<std::string, PhotographPlace>;

/// Divides photographs as make_splits() divides images. `kinds` are all that the data set offers, whatever a recipe
/// uses, so that every kind of views goes by the same splits. Photographs that one fixated sample shows stay
/// together: they look at one point.
[[nodiscard]] PhotographSplits divide_photographs(const std::vector<SampleViews>& kinds,
                                                  const recipe::Split& shares, std::uint64_t seed);

/// Samples in their splits, and how many are in none because they show photographs of two.
struct SplitSamples {
  std::vector<SampleKey> keys;
  std::int64_t straddling = 0;
};

/// Gives the samples of a kind to the split of their photographs. The validation split is a share of the kind's own
/// training samples; what shows one of its photographs does not train. Throws Error naming the split that
/// would be empty.
[[nodiscard]] SplitSamples make_splits(const SampleViews& kind, const PhotographSplits& splits,
                                       const recipe::Split& shares, std::uint64_t seed);

/// Chooses the samples to keep from training, so that they may tell when it learns: all of a share of the
/// groups (scenes), rounded up, those with the smallest hashes of their names. `groups` and `places` have one
/// name per sample; where all are of one group, single places are chosen. Returns their indices, ascending.
[[nodiscard]] std::vector<std::size_t> hold_out(const std::vector<std::string>& groups,
                                                const std::vector<std::string>& places, double share,
                                                std::uint64_t seed);

/// Picks `count` of the indices 0..size-1 to look at, ascending, one from each of as many equal parts; all
/// of them when there are no more. Which one of its part is drawn from the part's number, the same every
/// time: a plain stride would meet only one phase of samples that alternate, such as matching pairs and
/// others. 0 <= size, count.
[[nodiscard]] std::vector<std::int64_t> pick_evenly(std::int64_t size, std::int64_t count);
/// Picks samples in the same way, in their order.
[[nodiscard]] std::vector<SampleKey> pick_evenly(const std::vector<SampleKey>& keys, std::int64_t count);

}  // namespace taskonomy::data
