// taskonomy analyse, compare, tree: statistics of the affinity table of a CSV file or a run.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <optional>

#include "apps/taskonomy/commands.hpp"
#include "apps/taskonomy/table_input.hpp"
#include "core/affinity/loss_file.hpp"
#include "core/analysis/agreement.hpp"
#include "core/analysis/statistics.hpp"
#include "core/analysis/task_tree.hpp"
#include "core/base/text.hpp"
#include "core/report/statistics_report.hpp"
#include "core/report/text_table.hpp"
#include "core/report/tree_svg.hpp"

namespace taskonomy::cli {

namespace {

namespace fs = std::filesystem;

analysis::StatisticsOptions statistics_options(const Values& values) {
  analysis::StatisticsOptions options;
  options.judge = read_judge(values);
  options.bootstrap.replicates = values.count("replicates", 1000, 2);
  options.bootstrap.level = values.real("level", 0.95, 0.0);
  options.bootstrap.seed = values.count("seed", 1, 0);
  options.random_taxonomies = values.count("random", 1000, 2);
  options.false_discoveries = values.real("false-discoveries", 0.05, 0.0);
  options.validate();
  return options;
}

base::ExitCode analyse(const Values& values) {
  const std::string format = values.format();
  auto how = statistics_options(values);
  const auto block = read_block(values);
  auto options = read_solver_options(values);  // refuses malformed ones before any file is read
  const std::string argument = values.text("TABLE|RUN");
  const TableInput input = read_table_input(argument);
  auto finder = finder_of(input.table);
  fit_to(input, finder, options);
  const auto losses = fs::is_directory(fs::path(argument) / "losses")
                          ? losses_of(argument, input.table.targets())
                          : std::vector<affinity::LossTable>{};
  if (!losses.empty()) how.bootstrap.block = block.value_or(analysis::default_block(losses.front()));
  const auto statistics = analysis::statistics_of(input.table, losses, options, how);
  std::cout << (format == "json"  ? report::to_json(statistics) + "\n"
                : format == "csv" ? report::to_csv(statistics)
                                  : report::fitted(report::statistics_text(statistics)));
  return base::ExitCode::done;
}

/// Refuses tables of which nothing can be compared: a correlation needs two sources that both have.
void require_shared(const affinity::AffinityTable& a, const affinity::AffinityTable& b,
                    const analysis::Comparison& comparison) {
  const auto refuse = [](const std::string& what, const std::vector<std::string>& of_a,
                         const std::vector<std::string>& of_b) {
    throw base::Error("the tables share no " + what + "; A has: " + base::join(of_a, ", ") +
                      "\nB has: " + base::join(of_b, ", "));
  };
  if (comparison.targets.empty()) refuse("target", a.targets(), b.targets());
  if (std::none_of(comparison.targets.begin(), comparison.targets.end(),
                   [](const auto& target) { return target.sources.size() >= 2; }))
    refuse("two first-order sources of any target, which a correlation needs", a.sources(), b.sources());
}

/// --labels: which rows of a table whose transfers come with several numbers of labels.
std::optional<double> labels_of(const Values& values) {
  if (!values.has("labels")) return std::nullopt;
  return values.real("labels", 0.0, 0.0);
}

bool has_labels(const affinity::AffinityTable& table) {
  return std::any_of(table.rows.begin(), table.rows.end(),
                     [](const affinity::AffinityRow& row) { return !std::isnan(row.labels); });
}

const Option kLabelsOption{"labels", "N",
                           "the transfers trained with N labels, where a table has several sizes"};

base::ExitCode compare(const Values& values) {
  const std::string format = values.format();
  const double level = values.real("level", 0.95, 0.0);
  const auto seed = values.count("seed", 1, 0);
  const auto read = [&](const char* which) {
    auto table = read_table_in_our_names(values.text(which));
    return base::with_context(values.text(which), [&] {
      // A size that one table is asked for need not be in the other, which may have one size alone.
      return affinity::with_labels(table, has_labels(table) ? labels_of(values) : std::nullopt);
    });
  };
  const auto a = read("A"), b = read("B");
  const auto comparison = analysis::compare(a, b, level, seed);
  require_shared(a, b, comparison);
  std::cout << (format == "json"  ? report::to_json(comparison) + "\n"
                : format == "csv" ? report::to_csv(comparison)
                                  : report::fitted(report::comparison_text(comparison)));
  return base::ExitCode::done;
}

analysis::TreeTransform tree_transform(const std::string& word) {
  using analysis::TreeTransform;
  return word == "sqrt" ? TreeTransform::sqrt : word == "raw" ? TreeTransform::raw : TreeTransform::log;
}

analysis::Linkage linkage_of(const std::string& word) {
  using analysis::Linkage;
  return word == "ward"       ? Linkage::ward
         : word == "average"  ? Linkage::average
         : word == "complete" ? Linkage::complete
                              : Linkage::single;
}

/// Drops the rows in which one of the tasks takes part. Throws Error for a task that the table lacks.
void leave_out(const std::vector<std::string>& excluded, affinity::AffinityTable& table) {
  const auto known = table.tasks();
  for (const auto& task : excluded) {
    if (!std::binary_search(known.begin(), known.end(), task))
      throw base::Error("--exclude: no task \"" + task + "\" in the table" + base::did_you_mean(task, known));
    std::erase_if(table.rows, [&](const affinity::AffinityRow& row) {
      return row.target == task ||
             std::find(row.sources.begin(), row.sources.end(), task) != row.sources.end();
    });
  }
}

base::ExitCode tree(const Values& values) {
  const std::string format = values.format();
  const auto transform = tree_transform(values.choice("transform"));
  const auto linkage = linkage_of(values.choice("linkage"));
  const auto asked = values.count("clusters", 4, 1);
  auto table = affinity::with_labels(read_table_input(values.text("TABLE|RUN")).table, labels_of(values));
  leave_out(finder_of(table).find(values.names("exclude")), table);
  const auto tree = analysis::agglomerate(analysis::transfer_distances(table, transform), linkage);
  if (values.has("clusters") && asked > tree.tasks.size())
    throw base::Error("--clusters: the tree has only " + std::to_string(tree.tasks.size()) + " tasks");
  const std::size_t clusters = std::min(asked, tree.tasks.size());
  std::cout << (format == "newick" ? analysis::newick(tree) + "\n"
                : format == "svg"  ? report::svg_file(report::tree_drawing(tree, clusters))
                : format == "json" ? report::to_json(tree, clusters) + "\n"
                                   : report::fitted(report::tree_text(tree, clusters)));
  return base::ExitCode::done;
}

}  // namespace

Command analyse_command() {
  return {
      .name = "analyse",
      .summary = "how far to trust it: intervals, tests, consistency",
      .arguments = {{"TABLE|RUN"}},
      .about = R"(Of a run's folder: Gain and Quality of the optima, chosen on one half of the
test scenes and judged on the other; intervals of affinities and how often each
source is in the optimum, by the bootstrap over test scenes; exact paired tests
between transfers; consistency of the tournaments. Of a run and of a bare
table: the optimum of every budget against random taxonomies, and the benefit
of higher orders. A bare table has no images to halve: it is judged the paper's
way, on the images that chose. share/doc/statistics.md explains the figures.)",
      .examples = R"(taskonomy analyse runs/demo
taskonomy analyse runs/demo --replicates 2000 --format csv
taskonomy analyse share/published/taskonomy-16k.csv --max-order 4 --random 200)",
      .options = joined(joined({judge_option(),
                                {"replicates", "N", "resampled test sets (1000)"},
                                {"level", "L", "level of the intervals (0.95)"},
                                block_option(),
                                {"random", "N", "random taxonomies per budget (1000)"},
                                {"false-discoveries", "Q", "rate below which two transfers differ (0.05)"},
                                {"seed", "N", "seed of everything that is drawn (1)"}},
                               solver_options()),
                        {format_option("text|json|csv")}),
      .run = analyse};
}

Command compare_command() {
  return {.name = "compare",
          .summary = "how alike two tables or runs order their sources",
          .arguments = {{"A"}, {"B"}},
          .about = R"(Prints the rank agreement of two affinity tables (CSV files or folders of
runs) over the targets and first-order sources that both have: Spearman's and
Kendall's correlation per target with intervals, and their means. The names of
the authors' result files stand for ours (rgb2sfnorm is normal). Affinities are
those of all test images, as in the paper.)",
          .examples = R"(taskonomy compare runs/demo share/published/taskonomy-16k.csv
taskonomy compare runs/seed1 runs/seed2 --format csv)",
          .options = {kLabelsOption,
                      {"level", "L", "level of the intervals (0.95)"},
                      {"seed", "N", "seed of the means' intervals, which resample targets (1)"},
                      format_option("text|json|csv")},
          .run = compare};
}

Command tree_command() {
  return {.name = "tree",
          .summary = "which tasks transfer alike: clusters, Newick, SVG",
          .arguments = {{"TABLE|RUN"}},
          .about = R"(Clusters tasks by what they transfer: two tasks are near when the same
targets profit from both. Each target counts alike. A task's own network is no
transfer and takes no part.)",
          .examples = R"(taskonomy tree share/published/taskonomy-16k.csv
taskonomy tree runs/demo --format svg > tree.svg
taskonomy tree runs/demo --transform log --linkage average --format newick)",
          .options = {{"transform", "sqrt|raw|log", "transform of the affinities (sqrt)"},
                      {"linkage", "ward|average|complete|single", "distance of two clusters (ward)"},
                      {"clusters", "K", "clusters to cut the tree into (4)"},
                      {"exclude", "TASK,...", "leave tasks out altogether", true},
                      kLabelsOption,
                      format_option("text|newick|svg|json")},
          .run = tree};
}

}  // namespace taskonomy::cli
