// The files and the summary that a person gets at the end of a run, from its affinity table.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/affinity/affinity_table.hpp"
#include "core/analysis/cross_fit.hpp"
#include "core/analysis/learning_curve.hpp"
#include "core/analysis/verdicts.hpp"
#include "core/recipe/prices.hpp"
#include "core/report/source_results.hpp"

namespace taskonomy::report {

/// What a run hands over.
/// What a run's results are without.
struct Omissions {
  std::map<std::string, std::string> left_out{};  ///< tasks whose labels the dataset lacks -> why
  std::vector<std::string> incomplete{};          ///< a sentence per job that left out samples
  std::vector<std::string> constant_labels{};     ///< tasks all of whose training labels are the same
};

/// A line for each, and an empty one. "" without any.
[[nodiscard]] std::string omissions_text(const Omissions& omissions);

struct RunResults {
  affinity::AffinityTable table;
  recipe::Prices prices;                     ///< of sources; ignores names that the table lacks
  std::map<std::string, double> importance;  ///< per target, default 1; ignores names that the table lacks
  std::vector<double> budgets;               ///< to show and draw; empty: up to three of the sweep's
  std::optional<analysis::Judgement> judgement{};  ///< of the optima; without one: the paper's way
  std::vector<analysis::SourceCheck> checks;       ///< Table 1; may be empty
  std::vector<analysis::Verdict> verdicts{};       ///< what not to believe; may be empty
  std::vector<analysis::LearningCurve> curves{};   ///< may be empty
  std::vector<MetricRow> metrics{};                ///< of every competitor; may be empty
  Omissions omissions{};
  std::vector<std::string> plugins{};  ///< a sentence per plugin from elsewhere, or that shadows another
  std::vector<std::string> starts{};   ///< start_sentences(): where networks began that did not at random
  std::vector<TaskText> texts{};       ///< what plugins say of their tasks; may be empty
  std::string training{};              ///< how networks were trained, in sentences; "": unknown
};

/// Writes affinity.csv, affinity.svg, tasks.csv, table-1.csv, metrics.csv, verdicts.csv, curve.csv, taxonomy.json (the optimum of every budget)
/// and taxonomy-budget-B.svg into the folder, each atomically; drawings of budgets that are not shown any
/// more are removed. Returns the closing summary for the terminal: what to label and what not to believe, Table
/// 1, metrics, first-order affinities, the taxonomy at the shown budgets, the files; it names budgets that are too small for any taxonomy. The
/// same results give the same bytes. Throws Error for an empty table and for files that cannot be written.
[[nodiscard]] std::string write_reports(const std::filesystem::path& folder, const RunResults& results);

/// A table of first-order affinities as shares of each target's total: one row per target, one column per
/// source, self in brackets, the best transfer of each target marked by *. Splits the columns into blocks
/// where a line of kTextWidth letters cannot hold them.
[[nodiscard]] std::string affinity_text(const affinity::AffinityTable& table);

}  // namespace taskonomy::report
