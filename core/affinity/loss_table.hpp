// Per-image losses of everything that competes for one target: what step III starts from.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace taskonomy::affinity {

// Reference rows: competitors are measured against them, but they never compete. Their names stand in
// parentheses, which no task id has.

/// The best constant guess, of pixel tasks a full image: a stricter reading of Table 1's `avg`.
inline constexpr const char* kConstant = "(constant)";
/// The best constant guess with one value for each channel, Table 1's `avg` as the paper has it.
inline constexpr const char* kAverage = "(average)";
/// A transfer from an untrained encoder, Table 1's `rand`.
inline constexpr const char* kRandom = "(random readout)";
/// The network trained from scratch on the transfer split, which Gain is measured against.
inline constexpr const char* kScratch = "(scratch)";

/// Whether a row of this name is a reference: its name begins with "(".
[[nodiscard]] bool is_reference(const std::string& competitor);

/// Losses of K competitors on N test images of one target; lower is better. NaN: the image has no target;
/// infinity: the competitor gave no number, and has lost.
struct LossTable {
  std::string target;
  std::vector<std::string> images;        ///< N sample ids
  std::vector<std::string> competitors;   ///< K names: "s1", "s1+s2", ...; the target's own name = self
  std::vector<std::vector<double>> loss;  ///< [K][N]
  /// Whether the run's splits keep scenes apart ([split] unit = "scene"), so that views of one scene count together.
  /// false: its data set has no scenes to speak of, such as one folder of photographs, and each image is a
  /// scene of its own.
  bool scenes_apart = true;

  /// Throws Error naming the target and the competitor when sizes disagree or a name appears twice.
  void validate() const;
  /// The row of this name, or nothing.
  [[nodiscard]] std::optional<std::size_t> find(const std::string& competitor) const;
  /// Appends a row. Throws Error naming target and competitor when the length is not
  /// N or the name is there already.
  void add(const std::string& competitor, std::vector<double> losses);
  /// Ascending indices of the images that no row has a NaN for: a NaN in one row leaves its image out for
  /// all. Throws Error naming the row with most NaNs when no image is left.
  [[nodiscard]] std::vector<std::size_t> usable_images() const;
};

/// Joins tables of one target into one with all their rows, in their order. Throws Error when targets or
/// images differ, or a name repeats.
[[nodiscard]] LossTable combine(const std::vector<LossTable>& parts);

}  // namespace taskonomy::affinity
