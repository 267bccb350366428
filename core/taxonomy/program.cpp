#include "core/taxonomy/program.hpp"

#include <lp_lib.h>

#include <algorithm>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/taxonomy/deadline.hpp"

namespace taskonomy::taxonomy {

namespace {

void require(bool done, const char* what) {
  if (!done) throw std::runtime_error(std::string("lp_solve: ") + what + " failed (out of memory?)");
}

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
  std::size_t first = problem.sources.size();
  for (std::size_t t = 0; t < problem.targets.size(); ++t) {
    add_target(matrix, problem, t, first);
    first += problem.edges[t].size();
  }
  return matrix;
}

/// A model and when its time is over.
struct Model {
  struct Delete {
    void operator()(lprec* lp) const { delete_lp(lp); }
  };
  std::unique_ptr<lprec, Delete> lp;
  Deadline deadline;

  /// lp_solve asks this now and then whether to stop. Its own time limit counts whole seconds only.
  static int __WINAPI over(lprec*, void* model) {
    return static_cast<const Model*>(model)->deadline.over() ? TRUE : FALSE;
  }
};

/// The rows of the program, without an objective.
void add_rows(Model& model, const Problem& problem) {
  Matrix matrix = matrix_of(problem);
  const int rows = static_cast<int>(matrix.ends.size()), columns = static_cast<int>(matrix.columns.size());
  model.lp.reset(make_lp(rows, 0));
  lprec* lp = model.lp.get();
  require(lp != nullptr && resize_lp(lp, rows, columns), "making the model");
  set_verbose(lp, NEUTRAL);
  put_abortfunc(lp, &Model::over, &model);
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

/// The objective: what sources and labels cost; lp_solve counts columns from 1.
void add_costs(Model& model, const Problem& problem) {
  std::vector<int> columns;
  std::vector<double> costs;
  const auto add = [&](double cost) {
    columns.push_back(static_cast<int>(columns.size()) + 1);
    costs.push_back(cost);
  };
  for (const double cost : problem.cost) add(cost);
  for (const auto& edges : problem.edges)
    for (const auto& edge : edges) add(edge.cost);
  require(set_obj_fnex(model.lp.get(), static_cast<int>(columns.size()), costs.data(), columns.data()),
          "the objective");
  set_minim(model.lp.get());
}

/// Whether lp_solve has a solution to show.
bool has_solution(int code) { return code == OPTIMAL || code == PRESOLVED || code == SUBOPTIMAL; }

/// The choice that a solution stands for: its own edges where labels have a price, else the best edges of its
/// sources, which are no worse. Nothing where the sources leave a target without an edge.
std::optional<Assignment> choice_of(const Problem& problem, const std::vector<double>& values) {
  const std::size_t sources = problem.sources.size();
  if (!problem.priced_labels) {
    SourceSet trained(sources, 0);
    for (std::size_t s = 0; s < sources; ++s) trained[s] = values[s] > 0.5 ? 1 : 0;
    return assign(problem, trained);
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

std::optional<Assignment> guess_cheapest(const Problem& problem, double time_limit) {
  Model model;
  add_rows(model, problem);
  add_costs(model, problem);
  model.deadline = Deadline(time_limit);
  if (!has_solution(solve(model.lp.get()))) return std::nullopt;
  std::vector<double> values(static_cast<std::size_t>(get_Ncolumns(model.lp.get())));
  require(get_variables(model.lp.get(), values.data()), "reading the solution");
  return choice_of(problem, values);
}

}  // namespace taskonomy::taxonomy
