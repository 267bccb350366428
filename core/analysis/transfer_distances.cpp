// How differently tasks transfer out: the distances under the task tree.
#include <algorithm>
#include <cmath>
#include <map>

#include "core/analysis/task_tree.hpp"
#include "core/base/error.hpp"

namespace taskonomy::analysis {

namespace {

/// [sources, targets]; NaN where there is no transfer.
Eigen::MatrixXd first_order(const affinity::AffinityTable& table, const std::vector<std::string>& sources,
                            const std::vector<std::string>& targets) {
  const auto place = [](const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) - names.begin();
  };
  Eigen::MatrixXd values =
      Eigen::MatrixXd::Constant(std::ssize(sources), std::ssize(targets), affinity::kUnknown);
  for (const auto& row : table.rows) {
    if (row.sources.size() == 1 && !row.is_self())
      values(place(sources, row.sources.front()), place(targets, row.target)) = row.affinity;
  }
  return values;
}

/// Sources with a first-order transfer other than self, in name order.
std::vector<std::string> transferring(const affinity::AffinityTable& table) {
  std::vector<std::string> names;
  for (const auto& row : table.rows) {
    if (row.sources.size() == 1 && !row.is_self()) names.push_back(row.sources.front());
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

double smallest_positive(const Eigen::MatrixXd& values) {
  double smallest = 1.0;
  for (const double value : values.reshaped()) {
    if (value > 0.0) smallest = std::min(smallest, value);
  }
  return smallest;
}

double transformed(double value, TreeTransform transform, double floor) {
  if (transform == TreeTransform::raw) return value;
  return transform == TreeTransform::sqrt ? std::sqrt(value) : std::log(std::max(value, floor));
}

/// Mean 0 and variance 1 of what is known; a constant column becomes 0: it tells nobody apart.
void standardise(Eigen::MatrixXd::ColXpr column) {
  double sum = 0.0, squares = 0.0, count = 0.0;
  for (const double value : column) {
    if (std::isnan(value)) continue;
    sum += value;
    count += 1.0;
  }
  const double mean = sum / std::max(1.0, count);
  for (const double value : column) squares += std::isnan(value) ? 0.0 : (value - mean) * (value - mean);
  const double deviation = std::sqrt(squares / std::max(1.0, count));
  for (double& value : column) value = deviation > 0.0 ? (value - mean) / deviation : value - mean;
}

}  // namespace

std::string name_of(TreeTransform transform) {
  return transform == TreeTransform::raw ? "raw" : transform == TreeTransform::sqrt ? "sqrt" : "log";
}

Distances transfer_distances(const affinity::AffinityTable& table, TreeTransform transform) {
  Distances result{transferring(table), {}};
  if (result.tasks.size() < 2)
    throw base::Error("a task tree needs at least two tasks with first-order transfers, the table has " +
                      std::to_string(result.tasks.size()));
  Eigen::MatrixXd values = first_order(table, result.tasks, table.targets());
  const double floor = smallest_positive(values);
  values = values.unaryExpr([&](double value) { return transformed(value, transform, floor); });
  for (Eigen::Index t = 0; t < values.cols(); ++t) standardise(values.col(t));
  const auto count = std::ssize(result.tasks);
  result.between = Eigen::MatrixXd::Zero(count, count);
  for (Eigen::Index i = 0; i < count; ++i) {
    for (Eigen::Index j = i + 1; j < count; ++j) {
      double squares = 0.0, shared = 0.0;
      for (const double difference : (values.row(i) - values.row(j)).eval()) {
        if (std::isnan(difference)) continue;
        squares += difference * difference;
        shared += 1.0;
      }
      if (shared == 0.0)
        throw base::Error("no target has transfers from both \"" + result.tasks[static_cast<std::size_t>(i)] +
                          "\" and \"" + result.tasks[static_cast<std::size_t>(j)] +
                          "\", so that they cannot be compared; leave one out");
      const double distance = std::sqrt(static_cast<double>(values.cols()) * squares / shared);
      result.between(i, j) = result.between(j, i) = distance;
    }
  }
  return result;
}

}  // namespace taskonomy::analysis
