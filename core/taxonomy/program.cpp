#include "core/taxonomy/program.hpp"

#include <lp_lib.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <stdexcept>
#include <vector>

namespace taskonomy::taxonomy {

namespace {

void require(bool done, const char* what) {
  if (!done) throw std::runtime_error(std::string("lp_solve: ") + what + " failed (out of memory?)");
}

constexpr int kBudgetRow = 1;

/// Columns and values of the objective; lp_solve counts columns from 1.
struct Row {
  std::vector<int> columns;
  std::vector<double> values;
  void add(int column, double value) {
    columns.push_back(column);
    values.push_back(value);
  }
};

/// The rows as lp_solve wants them: column by column. Adding row by row, it moves all columns for each of them, which
/// for 450 tasks with all pairs of transfers takes a minute.
struct Matrix {
  struct Column {
    std::vector<int> rows;
    std::vector<double> values;
  };
  std::vector<Column> columns;
  std::vector<std::pair<int, double>> ends;  ///< per row: EQ or LE, and the right-hand side
  /// Begins a row.
  void begin(int kind, double right) { ends.emplace_back(kind, right); }
  /// Adds to the row that was begun last; `column` counts from 0.
  void add(std::size_t column, double value) {
    columns[column].rows.push_back(static_cast<int>(ends.size()));
    columns[column].values.push_back(value);
  }
};

/// What may be spent: on sources, which are the first columns, and on labels.
void add_budget(Matrix& matrix, const Problem& problem) {
  matrix.begin(LE, problem.total_cost() - problem.committed);
  std::size_t column = 0;
  for (const double cost : problem.cost) {
    if (cost > 0.0) matrix.add(column, cost);
    ++column;
  }
  for (const auto& edges : problem.edges) {
    for (const auto& edge : edges) {
      if (edge.cost > 0.0) matrix.add(column, edge.cost);
      ++column;
    }
  }
}

/// Adds the rows of one target: exactly one edge is taken, and only together with its sources. `first` is the
/// column of the target's first edge.
void add_target(Matrix& matrix, const Problem& problem, std::size_t target, std::size_t first) {
  const auto& edges = problem.edges[target];
  matrix.begin(EQ, 1.0);
  for (std::size_t e = 0; e < edges.size(); ++e) matrix.add(first + e, 1.0);
  std::map<std::size_t, std::vector<std::size_t>> users;  // per source that is not free: y of those is 1
  for (std::size_t e = 0; e < edges.size(); ++e)
    for (const auto s : edges[e].sources)
      if (problem.cost[s] != 0.0) users[s].push_back(e);
  for (const auto& [source, uses] : users) {
    matrix.begin(LE, 0.0);
    matrix.add(source, -1.0);
    for (const auto e : uses) matrix.add(first + e, 1.0);
  }
}

Matrix matrix_of(const Problem& problem) {
  Matrix matrix;
  std::size_t columns = problem.sources.size();
  for (const auto& edges : problem.edges) columns += edges.size();
  matrix.columns.resize(columns);
  add_budget(matrix, problem);
  std::size_t first = problem.sources.size();
  for (std::size_t t = 0; t < problem.targets.size(); ++t) {
    add_target(matrix, problem, t, first);
    first += problem.edges[t].size();
  }
  return matrix;
}

}  // namespace

struct Program::Model {
  struct Delete {
    void operator()(lprec* lp) const { delete_lp(lp); }
  };
  std::unique_ptr<lprec, Delete> lp;
  std::chrono::steady_clock::time_point end;  ///< of the time limit
  bool limited = false;

  /// lp_solve asks this now and then whether to stop. Its own time limit counts whole seconds only.
  static int __WINAPI over(lprec*, void* model) {
    const auto* self = static_cast<const Model*>(model);
    return self->limited && std::chrono::steady_clock::now() >= self->end ? TRUE : FALSE;
  }
};

Program::Program(const Problem& problem) : problem_(problem), model_(std::make_unique<Model>()) {
  Matrix matrix = matrix_of(problem);
  const int rows = static_cast<int>(matrix.ends.size()), columns = static_cast<int>(matrix.columns.size());
  model_->lp.reset(make_lp(rows, 0));
  lprec* lp = model_->lp.get();
  require(lp != nullptr && resize_lp(lp, rows, columns), "making the model");
  set_verbose(lp, NEUTRAL);
  put_abortfunc(lp, &Model::over, model_.get());
  for (int row = 1; row <= rows; ++row) {
    const auto& [kind, right] = matrix.ends[static_cast<std::size_t>(row - 1)];
    require(set_constr_type(lp, row, kind) && set_rh(lp, row, right), "adding a row");
  }
  for (auto& [indices, values] : matrix.columns)
    require(add_columnex(lp, static_cast<int>(indices.size()), values.data(), indices.data()),
            "adding a column");
  const int sources = static_cast<int>(problem.sources.size());
  for (int s = 0; s < sources; ++s) {
    set_binary(lp, s + 1, TRUE);
    if (problem.cost[static_cast<std::size_t>(s)] == 0.0) set_lowbo(lp, s + 1, 1.0);
  }
  for (int x = sources + 1; problem.priced_labels && x <= columns; ++x) set_binary(lp, x, TRUE);
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
  set_rh(lp, kBudgetRow, budget - problem_.committed);
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
  set_rh(lp, kBudgetRow, problem_.total_cost() - problem_.committed);
  return run_solver(time_limit);
}

}  // namespace taskonomy::taxonomy
