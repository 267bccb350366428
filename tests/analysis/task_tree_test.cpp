// Clustering against a plain O(n^3) oracle from the definitions of the linkages, and the published clusters.
#include "core/analysis/task_tree.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <set>

#include "core/base/error.hpp"
#include "tests/support/published.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
using analysis::Linkage;
using tests::published;

namespace {

/// n random points of the plane and their distances.
struct Points {
  std::vector<Eigen::Vector2d> at;
  analysis::Distances distances;
};

Points random_points(std::size_t count, unsigned seed) {
  std::mt19937 engine(seed);
  std::normal_distribution<double> normal;
  Points points;
  for (std::size_t i = 0; i < count; ++i) {
    points.at.emplace_back(normal(engine), normal(engine));
    points.distances.tasks.push_back("p" + std::to_string(i));
  }
  const auto size = static_cast<Eigen::Index>(count);
  points.distances.between = Eigen::MatrixXd::Zero(size, size);
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = 0; j < count; ++j) {
      points.distances.between(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) =
          (points.at[i] - points.at[j]).norm();
    }
  }
  return points;
}

using Members = std::vector<std::size_t>;

/// Distance of two clusters straight from its definition, without any recurrence.
double defined(const Points& points, Linkage linkage, const Members& a, const Members& b) {
  if (linkage == Linkage::ward) {  // growth of the sum of squares, doubled: two points apart by d have d
    const auto centre = [&](const Members& members) {
      Eigen::Vector2d sum = Eigen::Vector2d::Zero();
      for (const auto m : members) sum += points.at[m];
      return Eigen::Vector2d(sum / static_cast<double>(members.size()));
    };
    const double p = static_cast<double>(a.size());
    const double q = static_cast<double>(b.size());
    return std::sqrt(2.0 * p * q / (p + q)) * (centre(a) - centre(b)).norm();
  }
  double sum = 0.0, most = 0.0, least = 1e9;
  for (const auto i : a) {
    for (const auto j : b) {
      const double distance = (points.at[i] - points.at[j]).norm();
      sum += distance;
      most = std::max(most, distance);
      least = std::min(least, distance);
    }
  }
  if (linkage == Linkage::complete) return most;
  if (linkage == Linkage::single) return least;
  return sum / static_cast<double>(a.size() * b.size());
}

/// Heights of all merges by always joining the two nearest clusters.
std::vector<double> naive_heights(const Points& points, Linkage linkage) {
  std::vector<Members> clusters;
  for (std::size_t i = 0; i < points.at.size(); ++i) clusters.push_back({i});
  std::vector<double> heights;
  while (clusters.size() > 1) {
    std::size_t left = 0, right = 1;
    double nearest = 1e9;
    for (std::size_t i = 0; i < clusters.size(); ++i) {
      for (std::size_t j = i + 1; j < clusters.size(); ++j) {
        const double distance = defined(points, linkage, clusters[i], clusters[j]);
        if (distance < nearest) {
          nearest = distance;
          left = i;
          right = j;
        }
      }
    }
    heights.push_back(nearest);
    clusters[left].insert(clusters[left].end(), clusters[right].begin(), clusters[right].end());
    clusters.erase(clusters.begin() + static_cast<std::ptrdiff_t>(right));
  }
  return heights;
}

using Names = std::set<std::string>;
bool contains_cluster(const std::vector<std::vector<std::string>>& clusters, const Names& wanted) {
  return std::any_of(clusters.begin(), clusters.end(),
                     [&](const auto& names) { return Names(names.begin(), names.end()) == wanted; });
}

}  // namespace

TEST_CASE("heights are those of the linkages' definitions and never fall") {
  for (const auto linkage : {Linkage::ward, Linkage::average, Linkage::complete, Linkage::single}) {
    const auto points = random_points(25, 7);
    const auto tree = analysis::agglomerate(points.distances, linkage);
    const auto expected = naive_heights(points, linkage);
    REQUIRE(tree.merges.size() == expected.size());
    for (std::size_t k = 0; k < expected.size(); ++k) {
      CHECK(tree.merges[k].height == doctest::Approx(expected[k]).epsilon(1e-9));
      if (k > 0) CHECK(tree.merges[k].height >= tree.merges[k - 1].height);
    }
    CHECK(tree.merges.back().tasks == 25);
    CHECK(tree.cophenetic > 0.3);
    CHECK(tree.cophenetic < 1.0);
  }
}

TEST_CASE("distances that are a tree's come back: cophenetic correlation 1, Newick by hand") {
  analysis::Distances distances{{"a", "b c", "d"}, Eigen::MatrixXd::Zero(3, 3)};
  distances.between << 0, 1, 4, 1, 0, 4, 4, 4, 0;
  const auto tree = analysis::agglomerate(distances, Linkage::average);
  CHECK(tree.cophenetic == doctest::Approx(1.0));
  CHECK(analysis::cophenetic_distances(tree).isApprox(distances.between));
  CHECK(analysis::newick(tree) == "(d:4,(a:1,'b c':1):3);");
  CHECK(analysis::leaf_order(tree) == std::vector<std::size_t>{2, 0, 1});
  const auto two = analysis::clusters(tree, 2);
  CHECK(contains_cluster(two, {"a", "b c"}));
  CHECK(contains_cluster(two, {"d"}));
  CHECK(analysis::clusters(tree, 1).front().size() == 3);
  CHECK(analysis::clusters(tree, 3).size() == 3);
  CHECK_THROWS_AS((void)analysis::clusters(tree, 4), std::logic_error);
}

TEST_CASE("the published table falls into 3D, 2D, low-dimensional geometric and semantic tasks") {
  const auto table = published();
  const auto tree = analysis::agglomerate(analysis::transfer_distances(table, analysis::TreeTransform::sqrt),
                                          Linkage::ward);
  const auto four = analysis::clusters(tree, 4);
  CHECK(contains_cluster(four, {"curvature", "edge3d", "keypoint3d", "reshade", "rgb2depth", "rgb2mist",
                                "rgb2sfnorm", "segment25d"}));
  CHECK(contains_cluster(four, {"autoencoder", "denoise", "colorization", "impainting_whole", "edge2d",
                                "keypoint2d", "segment2d", "random"}));
  CHECK(contains_cluster(four, {"ego_motion", "fix_pose", "non_fixated_pose", "jigsaw", "point_match",
                                "room_layout", "vanishing_point_well_defined"}));
  CHECK(contains_cluster(four, {"class_1000", "class_places", "class_selected", "segmentsemantic_rb"}));
}

TEST_CASE("distances: the scale of a target does not count, self does not, absent pairs are left out") {
  affinity::AffinityTable table;
  std::mt19937 engine(2);
  for (const char* target : {"a", "b", "c", "d"}) {
    for (const char* source : {"a", "b", "c", "d", "e"})
      table.rows.push_back({{source}, target, 0.1 + static_cast<double>(engine() % 100)});
  }
  const auto before = analysis::transfer_distances(table, analysis::TreeTransform::sqrt);
  CHECK(before.tasks == std::vector<std::string>{"a", "b", "c", "d", "e"});
  CHECK(before.between.isApprox(before.between.transpose()));
  auto changed = table;
  for (auto& row : changed.rows) {
    if (row.target == "b") row.affinity *= 7.0;
    if (row.is_self()) row.affinity = 1000.0;
  }
  CHECK(
      analysis::transfer_distances(changed, analysis::TreeTransform::sqrt).between.isApprox(before.between));
  // Under logarithms any factor of a target is a shift, which standardising removes; zeros stay finite.
  changed.rows[1].affinity = 0.0;
  CHECK(analysis::transfer_distances(changed, analysis::TreeTransform::log).between.allFinite());
  const affinity::AffinityTable apart{{{{"x"}, "t", 0.5}, {{"y"}, "u", 0.5}}};
  CHECK_THROWS_WITH_AS((void)analysis::transfer_distances(apart, analysis::TreeTransform::raw),
                       doctest::Contains("\"x\" and \"y\""), base::Error);
  CHECK_THROWS_AS((void)analysis::transfer_distances({{{{"x"}, "t", 0.5}}}, analysis::TreeTransform::raw),
                  base::Error);
}

TEST_CASE("a tree speaks of one number of labels") {
  affinity::AffinityTable table{{{{"x"}, "t", 0.1}, {{"y"}, "t", 0.2}}};
  table.rows.push_back({{"x"}, "t", 0.3, affinity::kUnknown, affinity::kUnknown, 300.0});
  CHECK_THROWS_WITH_AS((void)analysis::transfer_distances(table, analysis::TreeTransform::raw),
                       doctest::Contains("several numbers of labels"), base::Error);
}
