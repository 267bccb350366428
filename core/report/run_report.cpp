#include "core/report/run_report.hpp"

#include <algorithm>
#include <functional>

#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/base/record.hpp"
#include "core/base/text.hpp"
#include "core/report/advice.hpp"
#include "core/report/heat_map.hpp"
#include "core/report/learning_curve_text.hpp"
#include "core/report/taxonomy_graph.hpp"
#include "core/report/taxonomy_report.hpp"
#include "core/report/text_table.hpp"
#include "core/taxonomy/taxonomy.hpp"

namespace taskonomy::report {

namespace {

namespace fs = std::filesystem;

constexpr const char* kGraphPrefix = "taxonomy-budget-";

/// The entries whose task the table has: tasks whose jobs failed have none.
std::map<std::string, double> known(const std::map<std::string, double>& numbers,
                                    const std::vector<std::string>& tasks) {
  std::map<std::string, double> result;
  for (const auto& [name, value] : numbers) {
    if (std::binary_search(tasks.begin(), tasks.end(), name)) result[name] = value;
  }
  return result;
}

/// The first, the middle and the one before the last budget: the last is full supervision, which says little.
std::vector<double> three_of(const std::vector<taxonomy::Taxonomy>& sweep) {
  if (sweep.size() == 1) return {sweep[0].budget};
  const std::size_t last = sweep.size() - 2;
  std::vector<double> budgets{sweep[0].budget, sweep[last / 2].budget, sweep[last].budget};
  budgets.erase(std::unique(budgets.begin(), budgets.end()), budgets.end());
  return budgets;
}

void remove_old_graphs(const fs::path& folder) {
  if (!fs::exists(folder)) return;
  std::vector<fs::path> old;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.rfind(kGraphPrefix, 0) == 0 && entry.path().extension() == ".svg") old.push_back(entry.path());
  }
  for (const auto& path : old) fs::remove(path);
}

/// The text of one budget's optimum, which is drawn; or why there is none.
std::string report_budget(const RunResults& results, const taxonomy::Options& options, double budget,
                          const std::function<void(const taxonomy::Taxonomy&)>& draw) {
  try {
    const auto taxonomy = taxonomy::solve(results.table, budget, options);
    draw(taxonomy);
    return taxonomy_text(taxonomy, results.prices) + "\n";
  } catch (const base::Error& error) {
    if (error.code() != base::ExitCode::infeasible) throw;
    return "Budget " + base::number(budget) + ": " + error.what() + "\n\n";
  }
}

/// The columns [begin, end) of the matrix.
std::string block_text(const Matrix& matrix, std::size_t begin, std::size_t end) {
  TextTable table("l" + std::string(end - begin, 'r'));
  std::vector<std::string> header{"target \\ source"};
  for (std::size_t c = begin; c < end; ++c) header.push_back(std::to_string(c + 1) + " ");
  table.add(header);
  for (std::size_t r = 0; r < matrix.targets.size(); ++r) {
    std::vector<std::string> cells{matrix.targets[r]};
    for (std::size_t c = begin; c < end; ++c) {
      const bool self = matrix.targets[r] == matrix.sources[c];
      const std::string text = share_text(matrix.cells[r][c].share, 3);
      cells.push_back(self ? "[" + text + "]" : matrix.best[r] == c ? text + "*" : text + " ");
    }
    table.add(cells);
  }
  return table.text();
}

/// RunResults::plugins as paragraphs.
std::string plugins_text(const std::vector<std::string>& sentences) {
  std::string text;
  for (const auto& sentence : sentences)
    text += base::join(wrap("Plugin from elsewhere: " + sentence), "\n") + "\n";
  return sentences.empty() ? text : text + "\n";
}

}  // namespace

std::string write_reports(const fs::path& folder, const RunResults& results) {
  const TextWidth width(kTextWidth);  // of a file, whatever terminal the run has
  if (results.table.rows.empty()) throw base::Error("no target has an affinity: there is nothing to report");
  const auto tasks = results.table.tasks();
  taxonomy::Options options;
  options.cost = known(results.prices.cost, tasks);
  options.importance = known(results.importance, tasks);
  affinity::write_affinity(folder / "affinity.csv", results.table);
  base::write_file(folder / "affinity.svg", svg_file(heat_map(results.table)));
  const auto sweep = taxonomy::sweep(results.table, options);
  write_taxonomy_json(folder / "taxonomy.json", sweep);
  remove_old_graphs(folder);
  std::vector<std::string> files{"affinity.csv", "affinity.svg", "taxonomy.json"};
  std::string summary =
      advice_text(sweep, results.prices, results.judgement, {results.verdicts, results.curves}) + "\n";
  const auto doubts = doubts_text(results.verdicts);
  if (!doubts.empty()) summary += doubts + "\n";
  base::write_file(folder / kVerdictsFile, base::to_csv(results.verdicts));
  files.push_back(kVerdictsFile);
  if (!results.texts.empty()) {
    base::write_file(folder / kTasksFile, base::to_csv(results.texts));
    files.push_back(kTasksFile);
  }
  if (!results.checks.empty()) {
    base::write_file(folder / kTableOneFile, table_one_csv(results.checks));
    files.push_back(kTableOneFile);
  }
  if (!results.metrics.empty()) {
    base::write_file(folder / kMetricsFile, metrics_csv(results.metrics));
    files.push_back(kMetricsFile);
  }
  summary += sources_text(results.checks, results.metrics);
  fs::remove(folder / kCurveFile);  // of a recipe that asked for curves
  if (!results.curves.empty()) {
    base::write_file(folder / kCurveFile, base::to_csv(results.curves));
    files.push_back(kCurveFile);
    summary += learning_curve_text(results.curves) + "\n";
  }
  if (!results.starts.empty()) summary += starts_text(results.starts) + "\n";
  summary += omissions_text(results.omissions);
  if (!results.training.empty()) summary += base::join(wrap(results.training), "\n") + "\n\n";
  summary +=
      "First-order affinities: share of each target's total, the rest of which is with pairs of sources and "
      "higher "
      "orders ([own labels], * the best source)\n\n" +
      affinity_text(results.table) + "\n";
  const auto budgets = results.budgets.empty() ? three_of(sweep) : results.budgets;
  const auto layout = taxonomy_layout(results.table, sweep);
  const auto draw = [&](const taxonomy::Taxonomy& taxonomy) {
    files.push_back(kGraphPrefix + base::number(taxonomy.budget) + ".svg");
    base::write_file(folder / files.back(), svg_file(taxonomy_drawing(taxonomy, layout, GraphWidth::wide)));
  };
  for (const double budget : budgets) summary += report_budget(results, options, budget, draw);
  return summary + plugins_text(results.plugins) + "Files beside this one: " + base::join(files, ", ") + "\n";
}

std::string omissions_text(const Omissions& omissions) {
  std::string text;
  for (const auto& [task, reason] : omissions.left_out) text += "Left out: " + task + ": " + reason + "\n";
  for (const auto& sentence : omissions.incomplete) text += "Samples left out: " + sentence + "\n";
  for (const auto& task : omissions.constant_labels)
    text += "Nothing to learn: " + task + ": all its training labels are the same; leave it out of tasks\n";
  return text.empty() ? "" : text + "\n";
}

std::string affinity_text(const affinity::AffinityTable& table) {
  const Matrix matrix = affinity_matrix(table);
  std::size_t left = letters("target \\ source");
  for (const auto& target : matrix.targets) left = std::max(left, letters(target));
  constexpr std::size_t kCell = 9;  // "[1.000]" and the gap
  const std::size_t per_block =
      std::max<std::size_t>(1, (TextWidth::current() - std::min(left, TextWidth::current())) / kCell);
  std::string text;
  for (std::size_t begin = 0; begin < matrix.sources.size(); begin += per_block) {
    if (begin > 0) text += "\n";
    text += block_text(matrix, begin, std::min(begin + per_block, matrix.sources.size()));
  }
  std::vector<std::string> numbered;
  for (std::size_t c = 0; c < matrix.sources.size(); ++c) {
    numbered.push_back(std::to_string(c + 1) + " " + matrix.sources[c]);
  }
  return text + list_text("sources:", numbered);
}

}  // namespace taskonomy::report
