#include "core/taxonomy/program.hpp"

#include <lp_lib.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

namespace taskonomy::taxonomy {

namespace {

struct DeleteLp {
  void operator()(lprec* lp) const { delete_lp(lp); }
};
using Lp = std::unique_ptr<lprec, DeleteLp>;

void must(bool done, const char* what) {
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
  must(add_constraintex(lp, static_cast<int>(row.columns.size()), row.values.data(), row.columns.data(), kind,
                        right),
       "adding a row");
  row.clear();
}

}  // namespace

struct Program::Model {
  Lp lp;
  std::vector<int> y_column;  ///< per source
  int budget_row = 0;
};

namespace {

/// The rows of one target: one edge is taken, and only with its sources. Column of its first edge: `first`.
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
  must(lp != nullptr, "making the model");
  set_verbose(lp, NEUTRAL);
  set_add_rowmode(lp, TRUE);
  Row row;
  for (int s = 0; s < sources; ++s) {
    model_->y_column.push_back(s + 1);
    const double cost = problem.cost[static_cast<std::size_t>(s)];
    if (cost > 0.0) row.add(s + 1, cost);
  }
  if (!row.columns.empty()) {
    add_row(lp, row, LE, problem.total_cost());
    model_->budget_row = 1;
  }
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
}

Program::~Program() = default;

namespace {

ProgramResult solved(lprec* lp, std::size_t sources, double time_limit) {
  set_timeout(lp, time_limit > 0.0 ? std::max(1L, std::lround(std::ceil(time_limit))) : 0L);
  const int code = solve(lp);
  ProgramResult result;
  switch (code) {
    case OPTIMAL:
    case PRESOLVED:
      result.outcome = Outcome::optimal;
      break;
    case SUBOPTIMAL:
      result.outcome = Outcome::best_in_time;
      break;
    case INFEASIBLE:
      result.outcome = Outcome::infeasible;
      return result;
    case TIMEOUT:
      result.outcome = Outcome::none_in_time;
      return result;
    default:
      throw std::runtime_error("lp_solve: cannot solve the program (code " + std::to_string(code) + ")");
  }
  std::vector<double> values(static_cast<std::size_t>(get_Ncolumns(lp)));
  must(get_variables(lp, values.data()), "reading the solution");
  for (std::size_t s = 0; s < sources; ++s) result.sources.push_back(values[s] > 0.5 ? 1 : 0);
  return result;
}

}  // namespace

ProgramResult Program::maximise(double budget, double time_limit) {
  lprec* lp = model_->lp.get();
  Row row;
  int column = static_cast<int>(problem_.sources.size());
  for (std::size_t t = 0; t < problem_.targets.size(); ++t) {
    for (const auto& edge : problem_.edges[t]) row.add(++column, problem_.importance[t] * edge.value);
  }
  must(set_obj_fnex(lp, static_cast<int>(row.columns.size()), row.values.data(), row.columns.data()),
       "the objective");
  set_maxim(lp);
  if (model_->budget_row > 0) set_rh(lp, model_->budget_row, budget);
  return solved(lp, problem_.sources.size(), time_limit);
}

ProgramResult Program::cheapest(double time_limit) {
  lprec* lp = model_->lp.get();
  Row row;
  for (std::size_t s = 0; s < problem_.sources.size(); ++s)
    row.add(static_cast<int>(s) + 1, problem_.cost[s]);
  must(set_obj_fnex(lp, static_cast<int>(row.columns.size()), row.values.data(), row.columns.data()),
       "the objective");
  set_minim(lp);
  if (model_->budget_row > 0) set_rh(lp, model_->budget_row, problem_.total_cost());
  return solved(lp, problem_.sources.size(), time_limit);
}

}  // namespace taskonomy::taxonomy
