// An affinity table from the command line's TABLE|RUN argument.
#pragma once

#include <map>
#include <string>

#include "core/affinity/affinity_table.hpp"

namespace taskonomy::cli {

/// A table and the label costs that come with it.
struct TableInput {
  affinity::AffinityTable table;
  std::map<std::string, double> cost;  ///< per task, from a run's manifest; empty for a CSV file
};

/// Reads a CSV file, or affinity.csv and manifest.json of a run's folder. Warns on stderr of columns that are
/// not used. Throws Error as read_affinity() does, when the folder has no affinities, and for a malformed
/// manifest.
[[nodiscard]] TableInput read_table_input(const std::string& argument);

}  // namespace taskonomy::cli
