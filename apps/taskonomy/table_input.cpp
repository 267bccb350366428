#include "apps/taskonomy/table_input.hpp"

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "apps/taskonomy/program.hpp"
#include "core/analysis/agreement.hpp"
#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/base/json.hpp"
#include "core/base/text.hpp"

namespace taskonomy::cli {

namespace fs = std::filesystem;

namespace {

/// The key label_costs of a run's manifest, for those tasks that the table has; nothing without a manifest.
std::map<std::string, double> label_costs(const fs::path& manifest, const std::vector<std::string>& tasks) {
  std::map<std::string, double> costs;
  if (!fs::exists(manifest)) return costs;
  const auto json =
      base::with_context(manifest.string(), [&] { return base::parse_json(base::read_file(manifest)); });
  if (!json.is_object()) throw base::Error(manifest.string() + ": expected a JSON object");
  if (!json.has("label_costs")) return costs;
  const auto entries = json.at("label_costs");
  if (!entries.is_object()) throw base::Error(manifest.string() + ": label_costs: expected {task: cost}");
  for (const auto& [task, cost] : entries.members()) {
    if (!cost.is_number() || cost.number() < 0.0) {
      throw base::Error(manifest.string() + ": label_costs: " + task + ": expected a number >= 0, got " +
                        cost.dump());
    }
    if (std::binary_search(tasks.begin(), tasks.end(), task)) costs[task] = cost.number();
  }
  return costs;
}

}  // namespace

TableInput read_table_input(const std::string& argument) {
  const fs::path path = argument;
  const bool run = fs::is_directory(path);
  const fs::path file = run ? path / "affinity.csv" : path;
  if (run && !fs::exists(file)) {
    throw base::Error(path.string() +
                      ": no affinity.csv in this folder; expected a CSV file, or a run that has got to "
                      "its affinities (see taskonomy run --help)");
  }
  auto read = affinity::read_affinity(file);
  if (!read.ignored_columns.empty()) {
    std::cerr << "warning: " << file.string()
              << ": columns that are not used: " << base::join(read.ignored_columns, ", ") << "\n";
  }
  TableInput input{std::move(read.table), {}};
  if (run) input.cost = label_costs(path / "manifest.json", input.table.tasks());
  return input;
}

std::vector<Option> solver_options() {
  return {{"max-order", "K", "join at most K sources in one transfer (as many as the table has)"},
          {"importance", "TASK=W,...", "weight of a target in the objective (1)", true},
          {"cost", "TASK=C,...", "label cost of a source (1, or what the run's tasks say)", true},
          {"exclude", "TASK,...", "leave tasks out altogether", true},
          {"source-only", "TASK,...", "tasks that need no solution themselves", true},
          {"target-only", "TASK,...", "tasks without labels to train a source from", true},
          {"transform", "raw|sqrt", "transform of the affinities in the objective (raw)"}};
}

taxonomy::Options read_solver_options(const Values& values, const std::map<std::string, double>& cost) {
  taxonomy::Options options;
  options.max_order = values.count("max-order", 0, 1);
  options.transform =
      values.choice("transform") == "sqrt" ? taxonomy::Transform::sqrt : taxonomy::Transform::raw;
  options.importance = values.numbers("importance", 0.0);
  options.cost = values.numbers("cost", 0.0);
  options.cost.insert(cost.begin(), cost.end());  // --cost comes first
  options.exclude = values.names("exclude");
  options.source_only = values.names("source-only");
  options.target_only = values.names("target-only");
  return options;
}

affinity::AffinityTable with_our_names(affinity::AffinityTable table) {
  return analysis::with_our_names(std::move(table),
                                  analysis::read_task_names(shared("published/task_names.csv")));
}

}  // namespace taskonomy::cli
