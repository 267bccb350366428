// taskonomy solve: step IV alone, on an affinity table or on the table a run left.
#include <iostream>

#include "apps/taskonomy/commands.hpp"
#include "apps/taskonomy/options.hpp"
#include "apps/taskonomy/solver_options.hpp"
#include "apps/taskonomy/table_input.hpp"
#include "core/report/summary_text.hpp"
#include "core/report/taxonomy_json.hpp"
#include "core/taxonomy/taxonomy.hpp"

namespace taskonomy::cli {

namespace {

const Usage kUsage{
    "solve",
    "TABLE|RUN [options]",
    "Finds which tasks to label and train first, and from which of them each target is transferred, so that "
    "the\n"
    "affinities of all targets add up to the most within a budget of labels; the optimum is proven.\n"
    "TABLE is a CSV file sources,target,affinity[,gain,quality]; RUN a folder that `taskonomy run` made, "
    "whose label\n"
    "costs count. Without --budget every budget is solved.",
    {"taskonomy solve share/published/taskonomy-16k.csv --budget 8 --max-order 4 --cost random=0",
     "taskonomy solve runs/demo --sweep --format csv",
     "taskonomy solve table.csv --budget 3 --importance normal=2 --exclude jigsaw,denoising --format json"}};

boost::program_options::options_description options_of_solve() {
  boost::program_options::options_description options;
  options.add_options()                                                    //
      ("budget", text_value("B"), "sum of label costs that may be spent")  //
      ("sweep", "solve every budget at which the answer can change");
  options.add(solver_options());
  options.add_options()                                                //
      ("format", text_value("text|json|csv"), "of the answer (text)")  //
      ("time-limit", text_value("S"), "seconds per budget; then the best found so far, marked (unlimited)");
  return options;
}

taxonomy::Options options_from(const Values& values, const TableInput& input) {
  auto options = read_solver_options(values, input.cost);
  options.time_limit = values.real("time-limit", 0.0, 0.0);
  return options;
}

void print(const std::vector<taxonomy::Taxonomy>& answers, bool sweep, const std::string& format) {
  if (format == "csv") {
    std::cout << report::to_csv(answers);
  } else if (format == "json") {
    std::cout << (sweep ? report::to_json(answers) : report::to_json(answers.front())) << "\n";
  } else {
    std::cout << (sweep ? report::sweep_text(answers) : report::taxonomy_text(answers.front()));
  }
}

}  // namespace

base::ExitCode solve(const std::vector<std::string>& args) {
  const auto values = parse_options(kUsage, options_of_solve(), {{"TABLE|RUN"}}, args);
  if (!values) return base::ExitCode::done;
  values->at_most_one({"budget", "sweep"});
  const std::string format = values->choice("format", {"text", "json", "csv"});
  const double budget = values->real("budget", 0.0, 0.0);
  (void)options_from(*values, {});  // malformed options are told before any file is read
  const TableInput input = read_table_input(values->text("TABLE|RUN"));
  const auto options = options_from(*values, input);
  const bool sweep = !values->has("budget");
  print(sweep ? taxonomy::sweep(input.table, options)
              : std::vector{taxonomy::solve(input.table, budget, options)},
        sweep, format);
  return base::ExitCode::done;
}

}  // namespace taskonomy::cli
