// What solve, analyse, compare, tree and report are asked about: an affinity table, from a CSV file or of a
// run, and the options of every command that solves.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "apps/taskonomy/command.hpp"
#include "core/affinity/affinity_table.hpp"
#include "core/analysis/cross_fit.hpp"
#include "core/analysis/resampling.hpp"
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

/// Their values, in the names that were given. Throws a usage Error for malformed ones.
[[nodiscard]] taxonomy::Options read_solver_options(const Values& values);

/// What a person calls tasks, in the names of one table, or of a run. The authors' names stand for ours and ours for
/// theirs, as the installation's published/task_names.csv has them: in the published table "normal" is
/// "rgb2sfnorm". Each one that is translated is told on standard error, once. Names that mean no task stay as they
/// are: who uses them refuses them.
class TaskFinder {
 public:
  /// `tasks`: the names that there are; `where`, for people: "the table".
  TaskFinder(std::vector<std::string> tasks, std::string where);
  [[nodiscard]] std::string find(const std::string& name);
  [[nodiscard]] std::vector<std::string> find(std::vector<std::string> names);
  /// Throws Error where two of the names mean the same task.
  [[nodiscard]] std::map<std::string, double> find(const std::map<std::string, double>& numbers);

 private:
  std::vector<std::string> tasks_;
  std::string where_;
  std::map<std::string, std::string> found_;  ///< by other names
};
[[nodiscard]] TaskFinder finder_of(const affinity::AffinityTable& table);

/// Says the options in the table's names and adds the costs that came with it; those of the options come first.
void fit_to(const TableInput& input, TaskFinder& finder, taxonomy::Options& options);

/// --judge: on which images what was chosen is judged.
[[nodiscard]] Option judge_option();
[[nodiscard]] analysis::Judge read_judge(const Values& values);

/// --block: which test images are drawn, or flipped, together.
[[nodiscard]] Option block_option();
/// Nothing where it was not given. Throws a usage Error for another word.
[[nodiscard]] std::optional<analysis::Block> read_block(const Values& values);

/// The losses of a run's test images, with what its recipe says of their scenes. Throws Error as
/// affinity::read_run_losses(), and for a folder that is no run.
[[nodiscard]] std::vector<affinity::LossTable> losses_of(const std::filesystem::path& run,
                                                         const std::vector<std::string>& targets);

/// A table with tasks under our names where they have the authors', as the installation's
/// published/task_names.csv says. Throws Error when that file is missing or malformed.
[[nodiscard]] affinity::AffinityTable with_our_names(affinity::AffinityTable table);
/// The same of read_table_input(). A run's table has our names, so that none of its tasks is renamed.
[[nodiscard]] affinity::AffinityTable read_table_in_our_names(const std::string& argument);

}  // namespace taskonomy::cli
