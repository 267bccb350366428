// taskonomy analyse: how sure, how significant, how consistent is what a table or a run says.
#include <filesystem>
#include <iostream>

#include "apps/taskonomy/commands.hpp"
#include "apps/taskonomy/options.hpp"
#include "apps/taskonomy/solver_options.hpp"
#include "apps/taskonomy/table_input.hpp"
#include "core/affinity/run_losses.hpp"
#include "core/analysis/statistics.hpp"
#include "core/report/statistics_json.hpp"
#include "core/report/statistics_text.hpp"

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

}  // namespace taskonomy::cli
