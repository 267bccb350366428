// What solve, analyse, compare, tree and report are asked about: an affinity table, from a CSV file or of a
// run, and the options of every command that solves.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "apps/taskonomy/command.hpp"
#include "core/affinity/affinity_table.hpp"
#include "core/recipe/prices.hpp"
#include "core/taxonomy/problem.hpp"

namespace taskonomy::cli {

/// A table and the prices that come with it.
struct TableInput {
  affinity::AffinityTable table;
  recipe::Prices prices;  ///< from a run's manifest, of the tasks in the table; empty for a CSV file
  bool of_run = false;    ///< read from a run's folder
};

/// Reads a CSV file, or affinity.csv and manifest.json of a run's folder. Warns on standard error of columns
/// that are not used. Throws Error as read_affinity() does, when the folder has no affinities, and for a
/// malformed manifest.
[[nodiscard]] TableInput read_table_input(const std::string& argument);

/// Those of the numbers, such as label costs, whose task the table has.
[[nodiscard]] std::map<std::string, double> of_tasks(const std::map<std::string, double>& numbers,
                                                     const affinity::AffinityTable& table);

/// --max-order, --importance, --cost, --exclude, --source-only, --target-only, --transform.
[[nodiscard]] std::vector<Option> solver_options();

/// Their values. `cost`: label costs that came with the table; those of --cost replace them. Throws a usage
/// Error for malformed ones.
[[nodiscard]] taxonomy::Options read_solver_options(const Values& values,
                                                    const std::map<std::string, double>& cost);

/// A table with tasks under our names where they have the authors', as the installation's
/// published/task_names.csv says. Throws Error when that file is missing or malformed.
[[nodiscard]] affinity::AffinityTable with_our_names(affinity::AffinityTable table);
/// The same of read_table_input(). A run's table has our names, so that none of its tasks is renamed.
[[nodiscard]] affinity::AffinityTable read_table_in_our_names(const std::string& argument);

}  // namespace taskonomy::cli
