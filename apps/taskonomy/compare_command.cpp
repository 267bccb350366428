// taskonomy compare: do two tables order the sources of each target alike?
#include <iostream>

#include "apps/taskonomy/commands.hpp"
#include "apps/taskonomy/options.hpp"
#include "apps/taskonomy/table_input.hpp"
#include "core/analysis/agreement.hpp"
#include "core/base/text.hpp"
#include "core/report/statistics_json.hpp"
#include "core/report/statistics_text.hpp"

namespace taskonomy::cli {

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

}  // namespace taskonomy::cli
