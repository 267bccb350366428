#include "core/analysis/task_tree.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "core/base/error.hpp"
#include "core/base/text.hpp"

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
std::vector<std::string> transferring_sources(const affinity::AffinityTable& table) {
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

double transform_affinity(double value, TreeTransform transform, double floor) {
  if (transform == TreeTransform::raw) return value;
  return transform == TreeTransform::sqrt ? std::sqrt(value) : std::log(std::max(value, floor));
}

/// Brings what is known to mean 0 and variance 1. A constant column, which distinguishes no tasks, becomes 0.
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

/// Three clusters, of which a and b become one: their sizes in tasks and their distances, squared for ward.
struct Joining {
  double a, b, k;                 ///< sizes
  double k_to_a, k_to_b, a_to_b;  ///< distances
};

/// Distance of k to the union of a and b, after Lance and Williams.
double distance_to_union(Linkage linkage, const Joining& of) {
  switch (linkage) {
    case Linkage::ward:
      return ((of.a + of.k) * of.k_to_a + (of.b + of.k) * of.k_to_b - of.k * of.a_to_b) /
             (of.a + of.b + of.k);
    case Linkage::average:
      return (of.a * of.k_to_a + of.b * of.k_to_b) / (of.a + of.b);
    case Linkage::complete:
      return std::max(of.k_to_a, of.k_to_b);
    case Linkage::single:
      break;
  }
  return std::min(of.k_to_a, of.k_to_b);
}

/// The clusters that are still there: their number in the tree and their size.
struct Cluster {
  std::size_t number;
  std::size_t tasks;
};

std::pair<Eigen::Index, Eigen::Index> nearest(const Eigen::MatrixXd& distance) {
  std::pair<Eigen::Index, Eigen::Index> best{0, 1};
  for (Eigen::Index i = 0; i < distance.rows(); ++i) {
    for (Eigen::Index j = i + 1; j < distance.cols(); ++j) {
      if (distance(i, j) < distance(best.first, best.second)) best = {i, j};
    }
  }
  return best;
}

/// The matrix without row and column `index`.
Eigen::MatrixXd without(const Eigen::MatrixXd& distance, Eigen::Index index) {
  std::vector<Eigen::Index> kept;
  for (Eigen::Index i = 0; i < distance.rows(); ++i) {
    if (i != index) kept.push_back(i);
  }
  return distance(kept, kept);
}

/// Appends the leaves below a cluster, in drawing order.
void collect_leaves(const TaskTree& tree, std::size_t cluster, std::vector<std::size_t>& leaves) {
  const std::size_t count = tree.tasks.size();
  if (cluster < count) {
    leaves.push_back(cluster);
    return;
  }
  collect_leaves(tree, tree.merges[cluster - count].left, leaves);
  collect_leaves(tree, tree.merges[cluster - count].right, leaves);
}

double correlation(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b) {
  std::vector<double> x, y;
  for (Eigen::Index i = 0; i < a.rows(); ++i) {
    for (Eigen::Index j = i + 1; j < a.cols(); ++j) {
      x.push_back(a(i, j));
      y.push_back(b(i, j));
    }
  }
  const auto pairs = static_cast<Eigen::Index>(x.size());
  const Eigen::ArrayXd u = Eigen::Map<Eigen::ArrayXd>(x.data(), pairs);
  const Eigen::ArrayXd v = Eigen::Map<Eigen::ArrayXd>(y.data(), pairs);
  const Eigen::ArrayXd du = u - u.mean();
  const Eigen::ArrayXd dv = v - v.mean();
  const double scale = std::sqrt(du.square().sum() * dv.square().sum());
  return scale == 0.0 ? affinity::kUnknown : (du * dv).sum() / scale;
}

double height_of(const TaskTree& tree, std::size_t cluster) {
  return cluster < tree.tasks.size() ? 0.0 : tree.merges[cluster - tree.tasks.size()].height;
}

/// A label that Newick's readers take as one word.
std::string newick_label(const std::string& name) {
  if (!name.empty() && name.find_first_of(" \t\r\n()[]{}/\\,;:=*'\"`+-<>") == std::string::npos) return name;
  std::string quoted = "'";
  for (const char letter : name) quoted += letter == '\'' ? std::string("''") : std::string(1, letter);
  return quoted + "'";
}

std::string newick_of(const TaskTree& tree, std::size_t cluster) {
  if (cluster < tree.tasks.size()) return newick_label(tree.tasks[cluster]);
  const auto& merge = tree.merges[cluster - tree.tasks.size()];
  const auto branch = [&](std::size_t below) {
    return newick_of(tree, below) + ":" + base::number(merge.height - height_of(tree, below));
  };
  return "(" + branch(merge.left) + "," + branch(merge.right) + ")";
}

}  // namespace

std::string name_of(TreeTransform transform) {
  return transform == TreeTransform::raw ? "raw" : transform == TreeTransform::sqrt ? "sqrt" : "log";
}

Distances transfer_distances(const affinity::AffinityTable& table, TreeTransform transform) {
  (void)affinity::with_labels(table, std::nullopt);
  Distances result{transferring_sources(table), {}};
  if (result.tasks.size() < 2)
    throw base::Error("a task tree needs at least two tasks with first-order transfers, the table has " +
                      std::to_string(result.tasks.size()));
  Eigen::MatrixXd values = first_order(table, result.tasks, table.targets());
  const double floor = smallest_positive(values);
  values = values.unaryExpr([&](double value) { return transform_affinity(value, transform, floor); });
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
                          "\", so that they cannot be compared; leave one of them out (--exclude)");
      const double distance = std::sqrt(static_cast<double>(values.cols()) * squares / shared);
      result.between(i, j) = result.between(j, i) = distance;
    }
  }
  return result;
}

std::string name_of(Linkage linkage) {
  switch (linkage) {
    case Linkage::ward:
      return "ward";
    case Linkage::average:
      return "average";
    case Linkage::complete:
      return "complete";
    case Linkage::single:
      break;
  }
  return "single";
}

TaskTree agglomerate(const Distances& distances, Linkage linkage) {
  const std::size_t count = distances.tasks.size();
  if (count < 2 || distances.between.rows() != static_cast<Eigen::Index>(count))
    throw std::logic_error("agglomerate(): expected distances between at least two tasks");
  const bool squared = linkage == Linkage::ward;
  Eigen::MatrixXd distance = squared ? distances.between.cwiseAbs2().eval() : distances.between;
  std::vector<Cluster> clusters;
  for (std::size_t i = 0; i < count; ++i) clusters.push_back({i, 1});
  TaskTree tree{distances.tasks, {}, linkage, affinity::kUnknown};
  while (clusters.size() > 1) {
    const auto [i, j] = nearest(distance);
    auto& a = clusters[static_cast<std::size_t>(i)];
    const Cluster b = clusters[static_cast<std::size_t>(j)];
    const double met = distance(i, j);
    tree.merges.push_back({std::min(a.number, b.number), std::max(a.number, b.number),
                           squared ? std::sqrt(met) : met, a.tasks + b.tasks});
    for (Eigen::Index k = 0; k < distance.rows(); ++k) {
      if (k == i || k == j) continue;
      const auto size = [&](const Cluster& cluster) { return static_cast<double>(cluster.tasks); };
      distance(i, k) = distance(k, i) =
          distance_to_union(linkage, {size(a), size(b), size(clusters[static_cast<std::size_t>(k)]),
                                      distance(i, k), distance(j, k), met});
    }
    a = {count + tree.merges.size() - 1, a.tasks + b.tasks};
    clusters.erase(clusters.begin() + j);
    distance = without(distance, j);
  }
  tree.cophenetic = correlation(cophenetic_distances(tree), distances.between);
  return tree;
}

Eigen::MatrixXd cophenetic_distances(const TaskTree& tree) {
  const auto count = static_cast<Eigen::Index>(tree.tasks.size());
  Eigen::MatrixXd result = Eigen::MatrixXd::Zero(count, count);
  for (const auto& merge : tree.merges) {
    std::vector<std::size_t> left, right;
    collect_leaves(tree, merge.left, left);
    collect_leaves(tree, merge.right, right);
    for (const auto a : left) {
      for (const auto b : right) {
        const auto i = static_cast<Eigen::Index>(a);
        const auto j = static_cast<Eigen::Index>(b);
        result(i, j) = result(j, i) = merge.height;
      }
    }
  }
  return result;
}

std::vector<std::size_t> leaf_order(const TaskTree& tree) {
  std::vector<std::size_t> leaves;
  collect_leaves(tree, tree.tasks.size() + tree.merges.size() - 1, leaves);
  return leaves;
}

std::vector<std::vector<std::string>> clusters(const TaskTree& tree, std::size_t count) {
  const std::size_t tasks = tree.tasks.size();
  if (count < 1 || count > tasks)
    throw std::logic_error("clusters(): expected 1 to " + std::to_string(tasks) + ", got " +
                           std::to_string(count));
  // The roots that are left when the last count - 1 merges are undone.
  const std::size_t kept = tasks + tree.merges.size() - (count - 1);
  std::vector<std::size_t> roots;
  const auto descend = [&](auto&& self, std::size_t cluster) -> void {
    if (cluster < kept) {
      roots.push_back(cluster);
      return;
    }
    self(self, tree.merges[cluster - tasks].left);
    self(self, tree.merges[cluster - tasks].right);
  };
  descend(descend, tasks + tree.merges.size() - 1);
  std::vector<std::vector<std::string>> result;
  for (const auto root : roots) {
    std::vector<std::size_t> leaves;
    collect_leaves(tree, root, leaves);
    auto& names = result.emplace_back();
    for (const auto leaf : leaves) names.push_back(tree.tasks[leaf]);
  }
  return result;
}

std::string newick(const TaskTree& tree) {
  return newick_of(tree, tree.tasks.size() + tree.merges.size() - 1) + ";";
}

}  // namespace taskonomy::analysis
