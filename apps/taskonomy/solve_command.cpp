// taskonomy solve: step IV alone, on an affinity table or on the table a run left.
#include <iostream>

#include "apps/taskonomy/commands.hpp"
#include "apps/taskonomy/options.hpp"
#include "apps/taskonomy/solve_request.hpp"
#include "apps/taskonomy/table_input.hpp"
#include "core/report/solve_answers.hpp"
#include "core/report/taxonomy_json.hpp"
#include "core/taxonomy/best.hpp"
#include "core/taxonomy/reasons.hpp"
#include "core/taxonomy/taxonomy.hpp"

namespace taskonomy::cli {

namespace {

const Usage kSolveUsage{
    "solve",
    "TABLE|RUN [options]",
    "Finds which tasks to label and train first, and from which of them each target is transferred, so that "
    "the\n"
    "affinities of all targets add up to the most within a budget of labels; the optimum is proven.\n"
    "TABLE is a CSV file sources,target,affinity[,gain,quality,labels]; RUN a folder that `taskonomy run` "
    "made, "
    "whose label\n"
    "costs count. Without --budget every budget is solved.",
    {"taskonomy solve share/published/taskonomy-16k.csv --budget 8 --max-order 4 --cost random=0",
     "taskonomy solve runs/demo --sweep --format csv", "taskonomy solve runs/demo --budget 3 --why normal",
     "taskonomy solve share/published/taskonomy-16k.csv --budget 8 --best 5",
     "taskonomy solve table.csv --budget 3 --importance normal=2 --exclude jigsaw,denoising --format json"}};

void print(const std::string& text) { std::cout << text; }

/// One budget: the optimum and what was asked about it.
void answer(const TableInput& input, const SolveRequest& request) {
  taxonomy::Solver solver(input.table, request.options);
  const bool json = request.format == "json";
  if (request.best > 0) {
    const auto best = taxonomy::best_taxonomies(solver, *request.budget, request.best);
    return print(json ? report::to_json(best) + "\n" : report::best_text(best));
  }
  if (!request.why.empty()) {
    const auto reasons = taxonomy::reasons_for(solver, request.why, *request.budget);
    return print(json ? report::reasons_json(reasons) + "\n" : report::reasons_text(reasons));
  }
  report::Answer answer{solver.at(*request.budget), std::nullopt, std::nullopt};
  if (request.format == "csv") return print(report::to_csv({answer.taxonomy}));
  if (!request.options.force.empty() || !request.options.forbid.empty()) {
    answer.restrictions = taxonomy::restriction_costs(input.table, request.options, answer.taxonomy);
  }
  if (request.marginal) answer.marginal = taxonomy::marginal_value(solver, answer.taxonomy);
  print(json ? report::answer_json(answer) + "\n" : report::answer_text(answer));
}

void answer_every_budget(const TableInput& input, const SolveRequest& request) {
  const auto sweep = taxonomy::sweep(input.table, request.options);
  if (request.format == "csv") return print(report::to_csv(sweep));
  print(request.format == "json" ? report::sweep_answer_json(sweep) + "\n"
                                 : report::sweep_answer_text(sweep));
}

}  // namespace

base::ExitCode solve(const std::vector<std::string>& args) {
  const auto values = parse_options(kSolveUsage, options_of_solve(), {{"TABLE|RUN"}}, args);
  if (!values) return base::ExitCode::done;
  SolveRequest request = request_from(*values);  // what is malformed is told before the table is read
  const TableInput input = read_table_input(values->text("TABLE|RUN"));
  request.options.cost.insert(input.cost.begin(), input.cost.end());  // what was asked for comes first
  if (request.budget) {
    answer(input, request);
  } else {
    answer_every_budget(input, request);
  }
  return base::ExitCode::done;
}

}  // namespace taskonomy::cli
