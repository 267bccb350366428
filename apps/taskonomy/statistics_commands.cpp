// taskonomy analyse, compare, tree: statistics of the affinity table of a CSV file or a run.
#include <algorithm>
#include <filesystem>
#include <iostream>

#include "apps/taskonomy/commands.hpp"
#include "apps/taskonomy/options.hpp"
#include "apps/taskonomy/table_input.hpp"
#include "core/affinity/run_losses.hpp"
#include "core/analysis/agreement.hpp"
#include "core/analysis/statistics.hpp"
#include "core/analysis/task_tree.hpp"
#include "core/base/text.hpp"
#include "core/report/statistics_json.hpp"
#include "core/report/statistics_text.hpp"
#include "core/report/tree_svg.hpp"

namespace taskonomy::cli {

namespace {

namespace fs = std::filesystem;

const Usage kAnalyseUsage{
    "analyse",
    "TABLE|RUN [options]",
    "Statistics of a run's folder: intervals of affinities, Gain and Quality, and how often "
    "each source is in the "
    "optimum,\n"
    "by the bootstrap over test images; exact paired tests between transfers; consistency of "
    "the tournaments. Of a "
    "run and\n"
    "of a bare table: the optimum of every budget against random taxonomies, and the benefit "
    "of higher orders.",
    {"taskonomy analyse runs/demo", "taskonomy analyse runs/demo --block scene --format csv",
     "taskonomy analyse share/published/taskonomy-16k.csv --max-order 4 --random 200"}};

boost::program_options::options_description options_of_analyse() {
  boost::program_options::options_description options;
  options.add_options()                                              //
      ("replicates", text_value("N"), "resampled test sets (1000)")  //
      ("level", text_value("L"), "of the intervals (0.95)")          //
      ("block", text_value("image|scene"),
       "what is drawn as one: alike views of a scene are no "
       "independent images (image)")                                                          //
      ("random", text_value("N"), "random taxonomies per budget (1000)")                      //
      ("false-discoveries", text_value("Q"), "rate below which two transfers differ (0.05)")  //
      ("seed", text_value("N"), "of everything that is drawn (1)");
  options.add(solver_options());
  options.add_options()("format", text_value("text|json|csv"), "of the answer (text)");
  return options;
}

analysis::StatisticsOptions statistics_options(const Values& values) {
  analysis::StatisticsOptions options;
  options.bootstrap.replicates = static_cast<std::size_t>(values.integer("replicates", 1000, 2));
  options.bootstrap.level = values.real("level", 0.95, 0.0);
  options.bootstrap.seed = static_cast<std::uint64_t>(values.integer("seed", 1, 0));
  options.bootstrap.block =
      values.choice("block", {"image", "scene"}) == "scene" ? analysis::Block::scene : analysis::Block::image;
  options.random_taxonomies = static_cast<std::size_t>(values.integer("random", 1000, 2));
  options.false_discoveries = values.real("false-discoveries", 0.05, 0.0);
  options.validate();
  return options;
}

}  // namespace

base::ExitCode analyse(const std::vector<std::string>& args) {
  const auto values = parse_options(kAnalyseUsage, options_of_analyse(), {{"TABLE|RUN"}}, args);
  if (!values) return base::ExitCode::done;
  const std::string format = values->choice("format", {"text", "json", "csv"});
  const auto how = statistics_options(*values);
  (void)read_solver_options(*values, {});  // malformed options are told before any file is read
  const std::string argument = values->text("TABLE|RUN");
  const TableInput input = read_table_input(argument);
  const auto losses = fs::is_directory(fs::path(argument) / "losses")
                          ? affinity::read_run_losses(argument, input.table.targets())
                          : std::vector<affinity::LossTable>{};
  const auto statistics =
      analysis::statistics_of(input.table, losses, read_solver_options(*values, input.cost), how);
  std::cout << (format == "json"  ? report::to_json(statistics) + "\n"
                : format == "csv" ? report::to_csv(statistics)
                                  : report::statistics_text(statistics));
  return base::ExitCode::done;
}

namespace {

const Usage kCompareUsage{
    "compare",
    "A B [options]",
    "Rank agreement of two affinity tables (CSV files or folders of runs) over the targets "
    "and first-order sources "
    "that\n"
    "both have: Spearman's and Kendall's correlation per target with intervals, and their "
    "means. The names of the "
    "authors'\n"
    "result files stand for ours (rgb2sfnorm is normal).",
    {"taskonomy compare runs/demo share/published/taskonomy-16k.csv",
     "taskonomy compare runs/seed1 runs/seed2 --format csv"}};

boost::program_options::options_description options_of_compare() {
  boost::program_options::options_description options;
  options.add_options()                                                                 //
      ("level", text_value("L"), "of the intervals (0.95)")                             //
      ("seed", text_value("N"), "of the means' intervals, which resample targets (1)")  //
      ("format", text_value("text|json|csv"), "of the answer (text)");
  return options;
}

}  // namespace

base::ExitCode compare(const std::vector<std::string>& args) {
  const auto values = parse_options(kCompareUsage, options_of_compare(), {{"A"}, {"B"}}, args);
  if (!values) return base::ExitCode::done;
  const std::string format = values->choice("format", {"text", "json", "csv"});
  const double level = values->real("level", 0.95, 0.0);
  const auto seed = static_cast<std::uint64_t>(values->integer("seed", 1, 0));
  const auto a = analysis::with_our_names(read_table_input(values->text("A")).table);
  const auto b = analysis::with_our_names(read_table_input(values->text("B")).table);
  const auto comparison = analysis::compare(a, b, level, seed);
  if (comparison.targets.empty()) {
    throw base::Error("the tables share no target; A has: " + base::join(a.targets(), ", ") +
                      "\nB has: " + base::join(b.targets(), ", "));
  }
  std::cout << (format == "json"  ? report::to_json(comparison) + "\n"
                : format == "csv" ? report::to_csv(comparison)
                                  : report::comparison_text(comparison));
  return base::ExitCode::done;
}

namespace {

using analysis::Linkage;
using analysis::TreeTransform;

const Usage kTreeUsage{
    "tree",
    "TABLE|RUN [options]",
    "Clusters tasks by what they transfer: two are near when the same targets profit from both. Each target "
    "counts "
    "alike;\n"
    "a task's own network is no transfer and takes no part.",
    {"taskonomy tree share/published/taskonomy-16k.csv", "taskonomy tree runs/demo --format svg > tree.svg",
     "taskonomy tree runs/demo --transform log --linkage average --format newick"}};

boost::program_options::options_description options_of_tree() {
  boost::program_options::options_description options;
  options.add_options()                                                                       //
      ("transform", text_value("sqrt|raw|log"), "of the affinities (sqrt)")                   //
      ("linkage", text_value("ward|average|complete|single"), "distance of clusters (ward)")  //
      ("clusters", text_value("K"), "to cut the tree into (4)")                               //
      ("format", text_value("text|newick|svg|json"), "of the answer (text)");
  return options;
}

TreeTransform transform_of(const std::string& word) {
  return word == "sqrt" ? TreeTransform::sqrt : word == "raw" ? TreeTransform::raw : TreeTransform::log;
}

Linkage linkage_of(const std::string& word) {
  return word == "ward"       ? Linkage::ward
         : word == "average"  ? Linkage::average
         : word == "complete" ? Linkage::complete
                              : Linkage::single;
}

}  // namespace

base::ExitCode tree(const std::vector<std::string>& args) {
  const auto values = parse_options(kTreeUsage, options_of_tree(), {{"TABLE|RUN"}}, args);
  if (!values) return base::ExitCode::done;
  const std::string format = values->choice("format", {"text", "newick", "svg", "json"});
  const auto transform = transform_of(values->choice("transform", {"sqrt", "raw", "log"}));
  const auto linkage = linkage_of(values->choice("linkage", {"ward", "average", "complete", "single"}));
  const auto asked = static_cast<std::size_t>(values->integer("clusters", 4, 1));
  const auto table = read_table_input(values->text("TABLE|RUN")).table;
  const auto tree = analysis::agglomerate(analysis::transfer_distances(table, transform), linkage);
  if (values->has("clusters") && asked > tree.tasks.size())
    throw base::Error("--clusters: the tree has only " + std::to_string(tree.tasks.size()) + " tasks");
  const std::size_t clusters = std::min(asked, tree.tasks.size());
  std::cout << (format == "newick" ? analysis::newick(tree) + "\n"
                : format == "svg"  ? report::tree_svg(tree, clusters)
                : format == "json" ? report::to_json(tree, clusters) + "\n"
                                   : report::tree_text(tree, clusters));
  return base::ExitCode::done;
}

}  // namespace taskonomy::cli
