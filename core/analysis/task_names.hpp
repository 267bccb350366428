// The names of tasks in tables that others published, and ours: the task "normal" is "rgb2sfnorm" there.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/affinity/affinity_table.hpp"

namespace taskonomy::analysis {

/// Our names of the tasks in tables that others published, by theirs: "rgb2sfnorm" -> "normal".
using TaskNames = std::map<std::string, std::string>;
/// Reads them from CSV with the columns published,ours (share/published/task_names.csv). Throws Error
/// "FILE:LINE: ..." for another header, a wrong number of cells, and a name that is empty or published twice,
/// and "FILE: ..." for a file without names.
[[nodiscard]] TaskNames read_task_names(const std::filesystem::path& path);

/// The table with all tasks under our names; names that are not among them stay.
[[nodiscard]] affinity::AffinityTable with_our_names(affinity::AffinityTable table, const TaskNames& names);

/// Which of `tasks` a person means by `name`: the one of that name, else the only one that is the same task under
/// its other name: among {"rgb2sfnorm", "edge3d"}, "normal" means "rgb2sfnorm", and among {"normal"}, "rgb2sfnorm"
/// means "normal". `name` itself where it means none of them, or several.
[[nodiscard]] std::string meant_task(const std::string& name, const std::vector<std::string>& tasks,
                                     const TaskNames& names);

}  // namespace taskonomy::analysis
