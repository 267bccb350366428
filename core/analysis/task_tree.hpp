// The task tree: agglomerative clustering of tasks by how they transfer to others (paper, section 5 and
// figure 13).
#pragma once

#include <Eigen/Core>
#include <string>
#include <vector>

#include "core/affinity/affinity_table.hpp"

namespace taskonomy::analysis {

enum class Linkage { ward, average, complete, single };
/// What is done to affinities before they are compared. `sqrt` and `log` let small affinities count; `raw`
/// lets the few large ones decide.
enum class TreeTransform { raw, sqrt, log };
[[nodiscard]] std::string name_of(Linkage linkage);
[[nodiscard]] std::string name_of(TreeTransform transform);

/// Distances between n tasks: symmetric [n,n], 0 on the diagonal.
struct Distances {
  std::vector<std::string> tasks;
  Eigen::MatrixXd between;
};

/// How differently tasks transfer to others. Each source has a vector of its transformed first-order
/// affinities, one for every target. Every target's column is standardised to mean 0 and variance 1 over its
/// sources, so that all targets weigh the same. d(a, b)^2 = T * the mean squared difference over the targets
/// that both transfer to, T targets. Self is no transfer and is left out. Under `log`, zero affinities count
/// as the smallest positive one. Tasks are in name order. Throws Error naming two tasks that share no target,
/// when there are fewer than two sources, and as affinity::with_labels() for a table of several numbers of labels.
[[nodiscard]] Distances transfer_distances(const affinity::AffinityTable& table, TreeTransform transform);

/// Two clusters that become one. Clusters 0..n-1 are the leaves; n+k is the one that merge k made.
struct Merge {
  std::size_t left = 0;  ///< the one with the smaller number
  std::size_t right = 0;
  double height = 0.0;    ///< distance at which they met; never falls from merge to merge
  std::size_t tasks = 0;  ///< leaves below

  static void visit(auto& self, auto&& field) {
    field("left", self.left);
    field("right", self.right);
    field("height", self.height);
    field("tasks", self.tasks);
  }
};

struct TaskTree {
  std::vector<std::string> tasks;  ///< n leaves
  std::vector<Merge> merges;       ///< n-1, in the order of their heights
  Linkage linkage = Linkage::ward;
  /// Correlation of heights and distances over all pairs; NaN when either is constant.
  double cophenetic = 0.0;

  static void visit(auto& self, auto&& field) {
    field("linkage", self.linkage);
    field("cophenetic", self.cophenetic);
    field("tasks", self.tasks);
    field("merges", self.merges);
  }
};

/// Joins the two nearest clusters until one is left; of equally near ones those with the smaller numbers. The
/// distances to a joined cluster are those of Lance and Williams (1967), for ward on squared distances, with
/// heights as SciPy and R (ward.D2) give them. O(n^3).
[[nodiscard]] TaskTree agglomerate(const Distances& distances, Linkage linkage);

/// The height at which two leaves meet: [n,n], 0 on the diagonal.
[[nodiscard]] Eigen::MatrixXd cophenetic_distances(const TaskTree& tree);
/// Leaves from top to bottom as a drawing shows them, so that no two branches cross.
[[nodiscard]] std::vector<std::size_t> leaf_order(const TaskTree& tree);
/// The tree cut into `count` clusters (1..n) at the highest merges: names per cluster, in drawing order.
[[nodiscard]] std::vector<std::vector<std::string>> clusters(const TaskTree& tree, std::size_t count);
/// Newick's format with branch lengths; leaves at depth 0, a node at its height. Names in quotes where the
/// format asks for it. Ends with ";".
[[nodiscard]] std::string newick(const TaskTree& tree);

}  // namespace taskonomy::analysis
