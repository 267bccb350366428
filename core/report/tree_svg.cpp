#include "core/report/tree_svg.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "core/base/text.hpp"
#include "core/report/svg.hpp"
#include "core/report/text_table.hpp"

namespace taskonomy::report {

namespace {

constexpr double kLine = 22;   // height of a leaf
constexpr double kPlot = 560;  // width of the axis
constexpr double kMargin = 24;
constexpr double kTop = 64;
constexpr const char* kJoint = "#666666";  // branches above the clusters

std::string line_from(double x1, double y1, double x2, double y2, const std::string& colour, double width) {
  return "<line x1=\"" + pixels(x1) + "\" y1=\"" + pixels(y1) + "\" x2=\"" + pixels(x2) + "\" y2=\"" +
         pixels(y2) + "\" stroke=\"" + colour + "\" stroke-width=\"" + pixels(width) + "\"/>\n";
}

/// A round step that divides the axis into about five.
double tick_step(double highest) {
  const double power = std::pow(10.0, std::floor(std::log10(highest / 5.0)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power * 5.0 >= highest) return factor * power;
  }
  return 10.0 * power;
}

/// Draws one tree; knows where things stand.
class Dendrogram {
 public:
  Dendrogram(const analysis::TaskTree& tree, std::size_t clusters) : tree_(tree), clusters_(clusters) {
    const std::size_t count = tree.tasks.size();
    y_.resize(count + tree.merges.size());
    colour_.assign(y_.size(), kJoint);
    const auto order = analysis::leaf_order(tree);
    for (std::size_t k = 0; k < order.size(); ++k)
      y_[order[k]] = kTop + kLine * (static_cast<double>(k) + 0.5);
    for (std::size_t k = 0; k < tree.merges.size(); ++k)
      y_[count + k] = 0.5 * (y_[tree.merges[k].left] + y_[tree.merges[k].right]);
    highest_ = std::max(tree.merges.back().height, 1e-12);
    bottom_ = kTop + kLine * static_cast<double>(count) + 8;
    std::size_t longest = 0;
    for (const auto& task : tree.tasks) longest = std::max(longest, letters(task));
    width_ = kMargin + kPlot + 12 + kLetter * static_cast<double>(longest) + kMargin;
    colour_clusters();
  }

  std::string svg() const {
    const std::string size = "width=\"" + pixels(width_) + "\" height=\"" + pixels(bottom_ + 56) + "\"";
    std::string text =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" " + size + " viewBox=\"0 0 " + pixels(width_) + " " +
        pixels(bottom_ + 56) +
        "\" font-family=\"Helvetica, Arial, sans-serif\" font-size=\"13\" fill=\"#222222\">\n<rect " + size +
        " fill=\"#ffffff\"/>\n";
    text += text_at(kMargin, 32, " font-size=\"18\" font-weight=\"bold\"", "Task tree");
    text += text_at(kMargin, 52, "",
                    "linkage " + analysis::name_of(tree_.linkage) + ", cophenetic correlation " +
                        base::fixed(tree_.cophenetic, 2));
    return text + axis() + branches() + names() + "</svg>\n";
  }

 private:
  double x_at(double height) const { return kMargin + kPlot * (1.0 - height / highest_); }
  double height_of(std::size_t cluster) const {
    return cluster < tree_.tasks.size() ? 0.0 : tree_.merges[cluster - tree_.tasks.size()].height;
  }

  /// Each cluster's branches and leaves in a colour of its own.
  void colour_clusters() {
    std::map<std::string, std::string> of_task;
    const auto groups = analysis::clusters(tree_, clusters_);
    for (std::size_t k = 0; k < groups.size(); ++k) {
      for (const auto& task : groups[k]) of_task[task] = kPalette[k % kPalette.size()];
    }
    const std::size_t count = tree_.tasks.size();
    for (std::size_t leaf = 0; leaf < count; ++leaf) colour_[leaf] = of_task[tree_.tasks[leaf]];
    for (std::size_t k = 0; k + clusters_ <= tree_.merges.size(); ++k)
      colour_[count + k] = colour_[tree_.merges[k].left];
  }

  std::string axis() const {
    std::string text = line_from(kMargin, bottom_, kMargin + kPlot, bottom_, "#222222", 1);
    const double step = tick_step(highest_);
    const int digits = std::max(0, -static_cast<int>(std::floor(std::log10(step) + 1e-9)));
    for (double height = 0.0; height <= highest_ * (1.0 + 1e-9); height += step) {
      text += line_from(x_at(height), bottom_, x_at(height), bottom_ + 5, "#222222", 1);
      text += text_at(x_at(height), bottom_ + 20, " text-anchor=\"middle\"", base::fixed(height, digits));
    }
    return text + text_at(kMargin + 0.5 * kPlot, bottom_ + 42, " text-anchor=\"middle\"",
                          "distance at which they join");
  }

  std::string branches() const {
    std::string text;
    for (std::size_t k = 0; k < tree_.merges.size(); ++k) {
      const auto& merge = tree_.merges[k];
      const auto& colour = colour_[tree_.tasks.size() + k];
      const double x = x_at(merge.height);
      text += line_from(x, y_[merge.left], x, y_[merge.right], colour, 1.5);
      for (const auto child : {merge.left, merge.right})
        text += line_from(x, y_[child], x_at(height_of(child)), y_[child], colour, 1.5);
    }
    return text;
  }

  std::string names() const {
    std::string text;
    for (std::size_t leaf = 0; leaf < tree_.tasks.size(); ++leaf)
      text += text_at(kMargin + kPlot + 8, y_[leaf] + 4.5, "", tree_.tasks[leaf]);
    return text;
  }

  const analysis::TaskTree& tree_;
  std::size_t clusters_;
  std::vector<double> y_;            ///< of each cluster, leaves first
  std::vector<std::string> colour_;  ///< the same
  double highest_ = 1.0;
  double bottom_ = 0.0;
  double width_ = 0.0;
};

}  // namespace

std::string tree_svg(const analysis::TaskTree& tree, std::size_t clusters) {
  return Dendrogram(tree, clusters).svg();
}

}  // namespace taskonomy::report
