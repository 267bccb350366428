// Affinities of transfers: what step III makes and step IV chooses from. Larger is better, everywhere.
#pragma once

#include <filesystem>
#include <limits>
#include <optional>
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
  double affinity = 0.0;      ///< >= 0; sums to 1 over the rows of a target as step III leaves it
  double gain = kUnknown;     ///< win rate against the network from scratch, in [0,1]; NaN: unknown
  double quality = kUnknown;  ///< win rate against self, whose own is 0.5, in [0,1]; NaN: unknown
  double labels = kUnknown;   ///< number of labelled target images it was trained with; NaN: unknown
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

/// A table, and the columns of its file that were ignored.
struct ReadTable {
  AffinityTable table;
  std::vector<std::string> ignored_columns;
};

/// Reads CSV with a header: sources,target,affinity[,gain,quality,labels], columns in any order. Sources are
/// joined by '+'; an empty gain, quality or labels is unknown. A transfer may come several times with
/// different labels. Other columns are ignored and named in the result. Throws Error "FILE:LINE: ..." for an
/// empty file, a missing or double column, a wrong number of cells, an empty or repeated name, a duplicate
/// transfer (whatever the order of its sources, with the same labels), and numbers that are malformed, NaN,
/// infinite, negative, or (gain, quality) above 1.
[[nodiscard]] ReadTable read_affinity(const std::filesystem::path& path);
/// Reads the same from text; `name` stands for the file in messages.
[[nodiscard]] ReadTable parse_affinity(std::string_view text, const std::string& name);

/// The table with one row for each transfer: those that were trained with `labels` labelled images, where the table has a
/// column of that name; rows without a number (self) stay. Without `labels` the table has to have one size alone. Throws
/// Error naming a transfer that comes with several sizes and the sizes to choose from, and for a size that no row has.
[[nodiscard]] AffinityTable with_labels(AffinityTable table, std::optional<double> labels);

/// The table as CSV, which parse_affinity() reads back as the same table. Numbers are the shortest text that
/// reads back the same. The columns gain, quality and labels are there only where some row has a value.
[[nodiscard]] std::string to_csv(const AffinityTable& table);
/// Writes to_csv() atomically. Throws Error naming the path.
void write_affinity(const std::filesystem::path& path, const AffinityTable& table);

/// Step III for one target: plays the tournament of its loss table and weighs the competitors by AHP
/// (ahp.hpp). The competitors are all transfers and self, the row named like the target; reference rows
/// (loss_table.hpp) do not compete. Affinities of all competitors sum to 1. Gain is taken against kScratch
/// and quality against self, where those rows are there. Rows come in the order of the loss table. Throws
/// Error naming the target when there is no competitor or no usable image.
[[nodiscard]] std::vector<AffinityRow> affinity_of(const LossTable& losses);
/// The same from a tournament that was played already.
[[nodiscard]] std::vector<AffinityRow> affinity_of(const std::string& target, const Tournament& tournament);

}  // namespace taskonomy::affinity
