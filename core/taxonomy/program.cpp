#include "core/taxonomy/program.hpp"

#include <lp_lib.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <vector>

namespace taskonomy::taxonomy {

namespace {

void require(bool done, const char* what) {
  if (!done) throw std::runtime_error(std::string("lp_solve: ") + what + " failed (out of memory?)");
}

/// Columns and values of one row; lp_solve counts columns from 1.
struct Row {
  std::vector<int> columns;
  std::vector<double> values;
  void add(int column, double value) {
    columns.push_back(column);
    values.push_back(value);
  }
  void clear() {
    columns.clear();
    values.clear();
  }
};

void add_row(lprec* lp, Row& row, int kind, double right) {
  require(add_constraintex(lp, static_cast<int>(row.columns.size()), row.values.data(), row.columns.data(),
                           kind, right),
          "adding a row");
  row.clear();
}

}  // namespace

struct Program::Model {
  struct Delete {
    void operator()(lprec* lp) const { delete_lp(lp); }
  };
  std::unique_ptr<lprec, Delete> lp;
  std::chrono::steady_clock::time_point end;  ///< of the time limit
  bool limited = false;
  std::vector<int> y_column;  ///< per source
  int budget_row = 0;

  /// lp_solve asks this now and then whether to stop. Its own time limit counts whole seconds only.
  static int __WINAPI over(lprec*, void* model) {
    const auto* self = static_cast<const Model*>(model);
    return self->limited && std::chrono::steady_clock::now() >= self->end ? TRUE : FALSE;
  }
};

namespace {

/// Adds the rows of one target: exactly one edge is taken, and only together with its sources. `first` is the
/// column of the target's first edge.
void add_target(lprec* lp, const Problem& problem, std::size_t target, int first,
                const std::vector<int>& y_column) {
  const auto& edges = problem.edges[target];
  Row row;
  for (std::size_t e = 0; e < edges.size(); ++e) row.add(first + static_cast<int>(e), 1.0);
  add_row(lp, row, EQ, 1.0);
  for (std::size_t s = 0; s < problem.sources.size(); ++s) {
    if (problem.cost[s] == 0.0) continue;  // free: y_s = 1
    for (std::size_t e = 0; e < edges.size(); ++e) {
      const auto& sources = edges[e].sources;
      if (std::binary_search(sources.begin(), sources.end(), s)) row.add(first + static_cast<int>(e), 1.0);
    }
    if (row.columns.empty()) continue;
    row.add(y_column[s], -1.0);
    add_row(lp, row, LE, 0.0);
  }
}

}  // namespace

Program::Program(const Problem& problem) : problem_(problem), model_(std::make_unique<Model>()) {
  const int sources = static_cast<int>(problem.sources.size());
  int columns = sources;
  for (const auto& edges : problem.edges) columns += static_cast<int>(edges.size());
  model_->lp.reset(make_lp(0, columns));
  lprec* lp = model_->lp.get();
  require(lp != nullptr, "making the model");
  set_verbose(lp, NEUTRAL);
  set_add_rowmode(lp, TRUE);
  put_abortfunc(lp, &Model::over, model_.get());
  for (int s = 0; s < sources; ++s) model_->y_column.push_back(s + 1);
  add_budget();
  int first = sources + 1;
  for (std::size_t t = 0; t < problem.targets.size(); ++t) {
    add_target(lp, problem, t, first, model_->y_column);
    first += static_cast<int>(problem.edges[t].size());
  }
  set_add_rowmode(lp, FALSE);
  for (int s = 0; s < sources; ++s) {
    set_binary(lp, s + 1, TRUE);
    if (problem.cost[static_cast<std::size_t>(s)] == 0.0) set_lowbo(lp, s + 1, 1.0);
  }
  for (int x = sources + 1; problem.priced_labels && x <= columns; ++x) set_binary(lp, x, TRUE);
}

void Program::add_budget() {
  Row row;
  int column = 0;
  for (const double cost : problem_.cost) {
    ++column;
    if (cost > 0.0) row.add(column, cost);
  }
  for (const auto& edges : problem_.edges) {
    for (const auto& edge : edges) {
      ++column;
      if (edge.cost > 0.0) row.add(column, edge.cost);
    }
  }
  if (row.columns.empty()) return;
  add_row(model_->lp.get(), row, LE, problem_.total_cost() - problem_.committed);
  model_->budget_row = 1;
}

Program::~Program() = default;

namespace {

Outcome outcome_of(int code) {
  switch (code) {
    case OPTIMAL:
    case PRESOLVED:
      return Outcome::optimal;
    case SUBOPTIMAL:
      return Outcome::best_in_time;
    case INFEASIBLE:
      return Outcome::infeasible;
    case USERABORT:
    case TIMEOUT:
      return Outcome::none_in_time;
    default:
      throw std::runtime_error("lp_solve: cannot solve the program (code " + std::to_string(code) + ")");
  }
}

/// The choice that a solution stands for: its own edges where labels have a price, else the best edges of its
/// sources, which are no worse.
Assignment choice_of(const Problem& problem, const std::vector<double>& values) {
  const std::size_t sources = problem.sources.size();
  if (!problem.priced_labels) {
    SourceSet trained(sources, 0);
    for (std::size_t s = 0; s < sources; ++s) trained[s] = values[s] > 0.5 ? 1 : 0;
    const auto choice = assign(problem, trained);
    if (!choice) throw std::logic_error("lp_solve's answer leaves a target without a transfer");
    return *choice;
  }
  Assignment choice;
  std::size_t first = sources;
  for (std::size_t t = 0; t < problem.targets.size(); ++t) {
    const auto begin = values.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end = begin + static_cast<std::ptrdiff_t>(problem.edges[t].size());
    choice.edge.push_back(static_cast<std::size_t>(std::max_element(begin, end) - begin));
    choice.objective += problem.importance[t] * problem.edges[t][choice.edge.back()].value;
    first += problem.edges[t].size();
  }
  return choice;
}

}  // namespace

ProgramResult Program::run_solver(double time_limit) {
  lprec* lp = model_->lp.get();
  model_->limited = time_limit > 0.0;
  model_->end =
      std::chrono::steady_clock::now() + std::chrono::duration_cast<std::chrono::steady_clock::duration>(
                                             std::chrono::duration<double>(std::min(time_limit, 1e8)));
  ProgramResult result;
  result.outcome = outcome_of(solve(lp));
  if (result.outcome == Outcome::infeasible || result.outcome == Outcome::none_in_time) return result;
  std::vector<double> values(static_cast<std::size_t>(get_Ncolumns(lp)));
  require(get_variables(lp, values.data()), "reading the solution");
  result.assignment = choice_of(problem_, values);
  return result;
}

ProgramResult Program::maximise(double budget, double time_limit) {
  lprec* lp = model_->lp.get();
  Row row;
  int column = static_cast<int>(problem_.sources.size());
  for (std::size_t t = 0; t < problem_.targets.size(); ++t) {
    for (const auto& edge : problem_.edges[t]) row.add(++column, problem_.importance[t] * edge.value);
  }
  require(set_obj_fnex(lp, static_cast<int>(row.columns.size()), row.values.data(), row.columns.data()),
          "the objective");
  set_maxim(lp);
  if (model_->budget_row > 0) set_rh(lp, model_->budget_row, budget - problem_.committed);
  return run_solver(time_limit);
}

ProgramResult Program::cheapest(double time_limit) {
  lprec* lp = model_->lp.get();
  Row row;
  int column = 0;
  for (const double cost : problem_.cost) row.add(++column, cost);
  for (const auto& edges : problem_.edges) {
    for (const auto& edge : edges) row.add(++column, edge.cost);
  }
  require(set_obj_fnex(lp, static_cast<int>(row.columns.size()), row.values.data(), row.columns.data()),
          "the objective");
  set_minim(lp);
  if (model_->budget_row > 0) set_rh(lp, model_->budget_row, problem_.total_cost() - problem_.committed);
  return run_solver(time_limit);
}

}  // namespace taskonomy::taxonomy
