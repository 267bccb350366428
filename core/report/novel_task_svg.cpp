// A novel task as a picture: one line per transfer, its interval as a bar.
#include <algorithm>
#include <cmath>

#include "core/base/text.hpp"
#include "core/report/novel_task_report.hpp"

namespace taskonomy::report {

namespace {

constexpr std::size_t kMostBars = 16;  // more lines are no picture any more; the CSV has them all
constexpr double kBarLine = 24, kPlot = 420, kChartMargin = 20;

/// Draws one chart; knows where things stand.
class NovelTaskChart {
 public:
  explicit NovelTaskChart(const analysis::NovelTask& task)
      : task_(task),
        lines_(std::min(kMostBars, task.transfers.size())),
        by_gain_(std::none_of(task.transfers.begin(), task.transfers.end(),
                              [](const auto& one) { return std::isnan(one.gain.estimate); })) {
    for (std::size_t k = 0; k < lines_; ++k) left_ = std::max(left_, text_width(name(k), kFontSize));
    left_ += 12;
    if (by_gain_) return;
    highest_ = 0.0;
    for (const auto& one : task.transfers) highest_ = std::max(highest_, one.affinity.high);
  }

  std::size_t lines() const { return lines_; }
  Size size() const { return {left_ + kPlot + kChartMargin, bottom() + 44}; }
  std::string body() const {
    std::string text = axis();
    for (std::size_t k = 0; k < lines_; ++k) text += bar(k);
    return text;
  }

 private:
  std::string name(std::size_t k) const { return base::join(task_.transfers[k].sources, " + "); }
  double bottom() const { return kBarLine * static_cast<double>(lines_); }
  double x_at(double value) const { return left_ + kPlot * value / highest_; }

  std::string axis() const {
    std::string text;
    for (int tick = 0; tick <= 4; ++tick) {
      const double value = highest_ * tick / 4.0;
      const bool even = by_gain_ && tick == 2;  // neither better nor worse than from scratch
      text += line_from({x_at(value), -6}, {x_at(value), bottom()},
                        even ? "class=\"stroke-soft\" stroke-dasharray=\"4 3\"" : "class=\"stroke-line\"");
      text += text_at({x_at(value), bottom() + 16}, "class=\"fill-soft small middle\"",
                      base::fixed(value, by_gain_ ? 2 : 4));
    }
    return text + text_at({left_ + kPlot / 2, bottom() + 38}, "class=\"fill-soft small middle\"",
                          by_gain_ ? "Gain: share of images won against a network from scratch" : "Affinity");
  }

  std::string bar(std::size_t k) const {
    const auto& transfer = task_.transfers[k];
    const auto& figure = by_gain_ ? transfer.gain : transfer.affinity;
    const double y = kBarLine * (static_cast<double>(k) + 0.5);
    const std::string colour = "c" + std::to_string((transfer.sources.size() - 1) % kPalette);
    std::string text = text_at({left_ - 12, y + kBaseLine}, "class=\"name end\"", name(k));
    if (!std::isnan(figure.low))
      text += line_from({x_at(figure.low), y}, {x_at(figure.high), y},
                        "class=\"stroke-" + colour + "\" stroke-width=\"3\" stroke-opacity=\"0.55\"");
    return text + "<circle class=\"fill-" + colour + "\" cx=\"" + pixels(x_at(figure.estimate)) + "\" cy=\"" +
           pixels(y) + "\" r=\"5\"/>\n";
  }

  const analysis::NovelTask& task_;
  std::size_t lines_;
  bool by_gain_;
  double left_ = 0.0;
  double highest_ = 1.0;
};

}  // namespace

Drawing novel_task_drawing(const analysis::NovelTask& task) {
  const NovelTaskChart chart(task);
  std::string heading = base::number(100.0 * task.options.level) + " % intervals over " +
                        std::to_string(task.images) + " test images";
  if (chart.lines() < task.transfers.size())
    heading += "; the best " + std::to_string(chart.lines()) + " of " +
               std::to_string(task.transfers.size()) + " transfers";
  return {"novel-task", "Sources for " + task.target, {heading + "."}, chart.size(), chart.body()};
}

}  // namespace taskonomy::report
