// The test scenes in two halves: one chooses, the other judges (cross_fit.hpp, best_tests.hpp).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/affinity/loss_table.hpp"

namespace taskonomy::analysis {

/// Which test images judge a choice.
enum class Judge {
  halves,  ///< those of the scenes that did not choose it
  paper    ///< the same that chose it, as in the paper: too favourable to whatever was chosen
};
[[nodiscard]] std::string name_of(Judge judge);
[[nodiscard]] constexpr std::array<Judge, 2> all_of(Judge) { return {Judge::halves, Judge::paper}; }

/// The test scenes in two halves; of tables whose scenes are not apart, the test images, each of which is a scene here.
/// A scene (scene_of()) is in the same half for all targets, whatever view kinds they have. Which half depends on
/// the seed and the names of the scenes alone.
struct Halves {
  std::size_t scenes = 0;
  std::vector<char> half;  ///< per scene: 0 or 1; as many of each, or one more of the second
  std::vector<std::vector<std::size_t>> scene_of_image;  ///< per table, [N]
};
[[nodiscard]] Halves halve(const std::vector<affinity::LossTable>& tables, std::uint64_t seed);

inline constexpr std::size_t kScenesToHalve = 4;  ///< fewer leave a half that is one scene
inline constexpr std::size_t kImagesPerHalf = 30;

/// Why the test images do not suffice for halves: too few scenes in all, or too few usable images of a target in one
/// half. "" where they do. Throws Error as LossTable::usable_images().
[[nodiscard]] std::string too_few_to_halve(const std::vector<affinity::LossTable>& tables,
                                           const Halves& halves);

/// One target's table in two halves; nothing where too_few_to_halve().
[[nodiscard]] std::optional<std::array<affinity::LossTable, 2>> halved(const affinity::LossTable& losses,
                                                                       std::uint64_t seed);

}  // namespace taskonomy::analysis
