// Affinities of transfers: what step III makes and step IV chooses from. Larger is better, everywhere.
#pragma once

#include <filesystem>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "core/affinity/loss_table.hpp"
#include "core/affinity/tournament.hpp"

namespace taskonomy::affinity {

inline constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

/// One transfer sources -> target; sources == {target} is the target's own fully supervised network, "self".
struct AffinityRow {
  std::vector<std::string> sources;
  std::string target;
  double affinity = 0.0;  ///< >= 0; sums to 1 over the rows of a target as step III leaves it
  double gain =
      kUnknown;  ///< win rate against a network trained from scratch on the transfer split; NaN = unknown
  double quality = kUnknown;  ///< win rate against self (self's own: 0.5); NaN = unknown
  double labels = kUnknown;   ///< labelled images of the target that it was trained with; NaN = not told
  [[nodiscard]] bool is_self() const { return sources.size() == 1 && sources.front() == target; }
};

struct AffinityTable {
  std::vector<AffinityRow> rows;
  /// Names of all tasks in it, sorted.
  [[nodiscard]] std::vector<std::string> tasks() const;
  /// Names of the targets, in order of first appearance.
  [[nodiscard]] std::vector<std::string> targets() const;
  /// Names that occur as a source of some row (self included), in order of first appearance.
  [[nodiscard]] std::vector<std::string> sources() const;
  /// The largest number of sources of one row; 0 when empty.
  [[nodiscard]] std::size_t max_order() const;
};

/// A table and what was passed over in its file.
struct ReadTable {
  AffinityTable table;
  std::vector<std::string> ignored_columns;
};

/// CSV with a header: sources,target,affinity[,gain,quality,labels] in any order, sources joined by '+',
/// empty gain, quality or labels = unknown. A transfer may come several times with different labels. Other
/// columns are ignored and named. Throws Error "FILE:LINE: ..." for an empty file, a missing or double
/// column, a wrong number of cells, an empty or repeated name, a duplicate transfer (in whatever order of
/// sources, with the same labels), and numbers that are malformed, NaN, infinite, negative, or (gain,
/// quality) above 1.
[[nodiscard]] ReadTable read_affinity(const std::filesystem::path& path);
/// The same from text; `name` stands for the file in messages.
[[nodiscard]] ReadTable parse_affinity(std::string_view text, const std::string& name);

/// The table as CSV: numbers as the shortest text that reads back the same; gain, quality and
/// labels columns only where some row has them. parse_affinity() of it gives the same table.
[[nodiscard]] std::string to_csv(const AffinityTable& table);
/// Writes to_csv() atomically. Throws Error naming the path.
void write_affinity(const std::filesystem::path& path, const AffinityTable& table);

/// Step III for one target, from the losses of all its transfers, of self (the row named like the target),
/// and of the reference rows (loss_table.hpp), which do not compete. Affinity over all competitors sums to 1;
/// gain against kScratch and quality against self where those rows are there. Rows in the order of the loss
/// table. Throws Error naming the target when there is no competitor or no usable image.
[[nodiscard]] std::vector<AffinityRow> affinity_of(const affinity::LossTable& losses);
/// The same from a tournament that was played already.
[[nodiscard]] std::vector<AffinityRow> affinity_of(const std::string& target,
                                                   const affinity::Tournament& tournament);

}  // namespace taskonomy::affinity
