// A novel task as a picture: one line per transfer, its interval as a bar.
#include <algorithm>
#include <cmath>

#include "core/base/text.hpp"
#include "core/report/novel_task_report.hpp"
#include "core/report/svg.hpp"
#include "core/report/text_table.hpp"

namespace taskonomy::report {

namespace {

constexpr std::size_t kMost = 16;  // more lines are no picture any more; the CSV has them all
constexpr double kLine = 24, kPlot = 420, kMargin = 24, kTop = 84;

std::string line(double x1, double y1, double x2, double y2, const std::string& more) {
  return "<line x1=\"" + pixels(x1) + "\" y1=\"" + pixels(y1) + "\" x2=\"" + pixels(x2) + "\" y2=\"" +
         pixels(y2) + "\" " + more + "/>\n";
}

class Chart {
 public:
  explicit Chart(const analysis::NovelTask& task)
      : task_(task),
        lines_(std::min(kMost, task.transfers.size())),
        by_gain_(std::none_of(task.transfers.begin(), task.transfers.end(),
                              [](const auto& one) { return std::isnan(one.gain.estimate); })) {
    std::size_t longest = 0;
    for (std::size_t k = 0; k < lines_; ++k) longest = std::max(longest, letters(name(k)));
    left_ = kMargin + kLetter * static_cast<double>(longest) + 12;
    if (by_gain_) return;
    highest_ = 0.0;
    for (const auto& one : task.transfers) highest_ = std::max(highest_, one.affinity.high);
  }

  std::string svg() const {
    const double width = left_ + kPlot + 2 * kMargin, height = bottom() + 56;
    const std::string size = "width=\"" + pixels(width) + "\" height=\"" + pixels(height) + "\"";
    std::string text =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" " + size + " viewBox=\"0 0 " + pixels(width) + " " +
        pixels(height) +
        "\" font-family=\"Helvetica, Arial, sans-serif\" font-size=\"13\" fill=\"#222222\">\n<rect " + size +
        " fill=\"#ffffff\"/>\n";
    text += text_at(kMargin, 32, " font-size=\"18\" font-weight=\"bold\"", "Sources for " + task_.target);
    text += text_at(
        kMargin, 54, "",
        base::number(100.0 * task_.options.level) + " % intervals over " + std::to_string(task_.images) +
            " test images" +
            (lines_ < task_.transfers.size() ? "; the best " + std::to_string(lines_) + " of " +
                                                   std::to_string(task_.transfers.size()) + " transfers"
                                             : ""));
    text += axis();
    for (std::size_t k = 0; k < lines_; ++k) text += bar(k);
    return text + "</svg>\n";
  }

 private:
  std::string name(std::size_t k) const { return base::join(task_.transfers[k].sources, " + "); }
  double bottom() const { return kTop + kLine * static_cast<double>(lines_); }
  double x_at(double value) const { return left_ + kPlot * value / highest_; }

  std::string axis() const {
    std::string text;
    for (int tick = 0; tick <= 4; ++tick) {
      const double value = highest_ * tick / 4.0;
      const bool even = by_gain_ && tick == 2;  // neither better nor worse than from scratch
      text += line(x_at(value), kTop - 8, x_at(value), bottom(),
                   even ? "stroke=\"#555555\" stroke-dasharray=\"4 3\"" : "stroke=\"#dddddd\"");
      text += text_at(x_at(value), bottom() + 18, " text-anchor=\"middle\"",
                      base::fixed(value, by_gain_ ? 2 : 4));
    }
    return text + text_at(left_ + kPlot / 2, bottom() + 42, " text-anchor=\"middle\"",
                          by_gain_ ? "Gain: share of images won against a network from scratch" : "Affinity");
  }

  std::string bar(std::size_t k) const {
    const auto& transfer = task_.transfers[k];
    const auto& figure = by_gain_ ? transfer.gain : transfer.affinity;
    const double y = kTop + kLine * (static_cast<double>(k) + 0.5);
    const std::string colour = kPalette[(transfer.sources.size() - 1) % kPalette.size()];
    std::string text = text_at(left_ - 12, y + 4.5, " text-anchor=\"end\"", name(k));
    if (!std::isnan(figure.low))
      text += line(x_at(figure.low), y, x_at(figure.high), y,
                   "stroke=\"" + colour + "\" stroke-width=\"3\" stroke-opacity=\"0.55\"");
    return text + "<circle cx=\"" + pixels(x_at(figure.estimate)) + "\" cy=\"" + pixels(y) +
           "\" r=\"5\" fill=\"" + colour + "\"/>\n";
  }

  const analysis::NovelTask& task_;
  std::size_t lines_;
  bool by_gain_;
  double left_ = 0.0;
  double highest_ = 1.0;
};

}  // namespace

std::string novel_task_svg(const analysis::NovelTask& task) { return Chart(task).svg(); }

}  // namespace taskonomy::report
