#include "core/analysis/task_names.hpp"

#include <algorithm>
#include <iterator>

#include "core/base/csv.hpp"
#include "core/base/error.hpp"
#include "core/base/text.hpp"

namespace taskonomy::analysis {

namespace {

/// The name of a task here.
std::string our_name(const std::string& task, const TaskNames& names) {
  const auto found = names.find(task);
  return found == names.end() ? task : found->second;
}

}  // namespace

TaskNames read_task_names(const std::filesystem::path& path) {
  const std::vector<std::string> header{"published", "ours"};
  TaskNames names;
  for (const auto& row : base::read_csv(path, header)) {
    if (row.text(0).empty()) row.refuse(0, "a task's name");
    if (row.text(1).empty()) row.refuse(1, "a task's name");
    if (!names.emplace(row.text(0), row.text(1)).second) row.refuse(0, "each name once");
  }
  if (names.empty())
    throw base::Error(path.string() + ": expected the columns " + base::join(header, ",") +
                      " and a line per name, got none");
  return names;
}

affinity::AffinityTable with_our_names(affinity::AffinityTable table, const TaskNames& names) {
  for (auto& row : table.rows) {
    row.target = our_name(row.target, names);
    for (auto& source : row.sources) source = our_name(source, names);
  }
  return table;
}

std::string meant_task(const std::string& name, const std::vector<std::string>& tasks,
                       const TaskNames& names) {
  if (std::find(tasks.begin(), tasks.end(), name) != tasks.end()) return name;
  const std::string ours = our_name(name, names);
  std::vector<std::string> same;
  std::copy_if(tasks.begin(), tasks.end(), std::back_inserter(same),
               [&](const std::string& task) { return our_name(task, names) == ours; });
  return same.size() == 1 ? same.front() : name;
}

}  // namespace taskonomy::analysis
