#include "core/report/tree_svg.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "core/base/text.hpp"

namespace taskonomy::report {

namespace {

constexpr double kLeaf = 20;            // height of a leaf
constexpr double kTreeMargin = 12;      // left of the root, where half of the axis' last number stands
constexpr const char* kJoint = "soft";  // branches above the clusters

/// A round step that divides the axis into at most so many.
double tick_step(double highest, double most) {
  const double power = std::pow(10.0, std::floor(std::log10(highest / most)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power * most >= highest) return factor * power;
  }
  return 10.0 * power;
}

/// Draws one tree; knows where things stand.
class Dendrogram {
 public:
  Dendrogram(const analysis::TaskTree& tree, std::size_t clusters, double width)
      : tree_(tree), clusters_(clusters), width_(width) {
    const std::size_t count = tree.tasks.size();
    y_.resize(count + tree.merges.size());
    colour_.assign(y_.size(), kJoint);
    const auto order = analysis::leaf_order(tree);
    for (std::size_t k = 0; k < order.size(); ++k) y_[order[k]] = kLeaf * (static_cast<double>(k) + 0.5);
    for (std::size_t k = 0; k < tree.merges.size(); ++k)
      y_[count + k] = 0.5 * (y_[tree.merges[k].left] + y_[tree.merges[k].right]);
    highest_ = std::max(tree.merges.back().height, 1e-12);
    bottom_ = kLeaf * static_cast<double>(count) + 6;
    for (const auto& task : tree.tasks) names_ = std::max(names_, text_width(task, kFontSize));
    names_ = std::min(names_, 0.45 * width);
    plot_ = width - kTreeMargin - names_ - 10;
    colour_clusters();
  }

  Size size() const { return {width_, bottom_ + 42}; }
  std::string body() const { return axis() + branches() + names(); }

 private:
  double x_at(double height) const { return kTreeMargin + plot_ * (1.0 - height / highest_); }
  double height_of(std::size_t cluster) const {
    return cluster < tree_.tasks.size() ? 0.0 : tree_.merges[cluster - tree_.tasks.size()].height;
  }

  /// Each cluster's branches and leaves in a colour of its own.
  void colour_clusters() {
    std::map<std::string, std::string> of_task;
    const auto groups = analysis::clusters(tree_, clusters_);
    for (std::size_t k = 0; k < groups.size(); ++k) {
      for (const auto& task : groups[k]) of_task[task] = "c" + std::to_string(k % kPalette);
    }
    const std::size_t count = tree_.tasks.size();
    for (std::size_t leaf = 0; leaf < count; ++leaf) colour_[leaf] = of_task[tree_.tasks[leaf]];
    for (std::size_t k = 0; k + clusters_ <= tree_.merges.size(); ++k)
      colour_[count + k] = colour_[tree_.merges[k].left];
  }

  std::string axis() const {
    std::string text;
    const double step = tick_step(highest_, plot_ > 300 ? 5.0 : 3.0);
    const int digits = std::max(0, -static_cast<int>(std::floor(std::log10(step) + 1e-9)));
    for (double height = 0.0; height <= highest_ * (1.0 + 1e-9); height += step) {
      text += line_from({x_at(height), 0}, {x_at(height), bottom_}, "class=\"stroke-line\"");
      text += text_at({x_at(height), bottom_ + 15}, "class=\"fill-soft small middle\"",
                      base::fixed(height, digits));
    }
    return text + text_at({kTreeMargin + 0.5 * plot_, bottom_ + 36}, "class=\"fill-soft small middle\"",
                          "← distance at which clusters meet");
  }

  /// One line per merge: from one part along the merge's height to the other.
  std::string branches() const {
    std::string text;
    for (std::size_t k = 0; k < tree_.merges.size(); ++k) {
      const auto& [left, right, height, tasks] = tree_.merges[k];
      text += "<path class=\"branch stroke-" + colour_[tree_.tasks.size() + k] +
              "\" stroke-width=\"1.8\" d=\"M" + pixels(x_at(height_of(left))) + " " + pixels(y_[left]) + "H" +
              pixels(x_at(height)) + "V" + pixels(y_[right]) + "H" + pixels(x_at(height_of(right))) +
              "\"/>\n";
    }
    // A cluster of one task has no merge of its own: its part of the line above gets its colour.
    for (std::size_t leaf = 0; leaf < tree_.tasks.size(); ++leaf) text += stem(leaf);
    return text;
  }

  std::string stem(std::size_t leaf) const {
    const auto above =
        std::find_if(tree_.merges.begin(), tree_.merges.end(),
                     [&](const analysis::Merge& merge) { return merge.left == leaf || merge.right == leaf; });
    const auto k = static_cast<std::size_t>(above - tree_.merges.begin());
    if (colour_[tree_.tasks.size() + k] == colour_[leaf]) return "";
    return line_from({x_at(above->height), y_[leaf]}, {x_at(0.0), y_[leaf]},
                     "class=\"stroke-" + colour_[leaf] + "\" stroke-width=\"1.8\"");
  }

  std::string names() const {
    std::string text;
    for (std::size_t leaf = 0; leaf < tree_.tasks.size(); ++leaf) {
      const double x = kTreeMargin + plot_;
      text += "<g class=\"leaf\" data-leaf=\"" + std::to_string(leaf) + "\"><circle class=\"fill-" +
              colour_[leaf] + "\" cx=\"" + pixels(x) + "\" cy=\"" + pixels(y_[leaf]) + "\" r=\"3\"/>" +
              text_at({x + 9, y_[leaf] + kBaseLine}, "class=\"name\"",
                      shortened(tree_.tasks[leaf], names_ + 1, kFontSize)) +
              "</g>\n";
    }
    return text;
  }

  const analysis::TaskTree& tree_;
  std::size_t clusters_;
  double width_;
  double names_ = 0.0;               ///< room of the names
  double plot_ = 0.0;                ///< width of the axis
  std::vector<double> y_;            ///< of each cluster, leaves first
  std::vector<std::string> colour_;  ///< the same: names of colours
  double highest_ = 1.0;
  double bottom_ = 0.0;
};

}  // namespace

Drawing tree_drawing(const analysis::TaskTree& tree, std::size_t clusters, double width) {
  const Dendrogram drawing(tree, clusters, width);
  return {"task-tree",
          "Task tree",
          {"Tasks that help the same targets stand together. Linkage " + analysis::name_of(tree.linkage) +
           ", cophenetic correlation " + base::fixed(tree.cophenetic, 2) + "."},
          drawing.size(),
          drawing.body()};
}

}  // namespace taskonomy::report
