#include "core/report/novel_task_report.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "core/base/csv.hpp"
#include "core/base/record.hpp"
#include "core/base/text.hpp"
#include "core/report/text_table.hpp"

namespace taskonomy::report {

namespace {

using analysis::NovelTask;
using analysis::NovelTransfer;

constexpr double kFalseDiscoveries = 0.05;  // as `analyse` counts by default

std::string sources_text(const NovelTransfer& transfer) { return base::join(transfer.sources, " + "); }

std::size_t largest_order(const NovelTask& task) {
  std::size_t largest = 0;
  for (const auto& transfer : task.transfers) largest = std::max(largest, transfer.sources.size());
  return largest;
}

bool as_good(const NovelTransfer& transfer) { return transfer.q > kFalseDiscoveries; }

std::string whole_percent(double share) { return percent_text(share, 0) + " %"; }

std::string sources_word(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " source" : " sources");
}

/// The best one, how sure that is, and the cheapest that cannot be told from it.
std::string advice(const NovelTask& task) {
  const auto& best = task.transfers.front();
  std::string text = "Recommended: " + sources_text(best) + ", the best of " +
                     std::to_string(task.transfers.size()) + " transfers into " + task.target + " on " +
                     std::to_string(task.images) + " test images, and still the best in " +
                     whole_percent(best.best) + " of " + std::to_string(task.options.replicates) +
                     " resampled test sets.\n";
  if (!std::isnan(task.gain.estimate))
    text += "The best beats a network trained from scratch on the same labels on " +
            whole_percent(task.gain.estimate) + " of them" +
            (std::isnan(task.gain.low)
                 ? std::string()
                 : " (" + whole_percent(task.gain.low) + " to " + whole_percent(task.gain.high) + ")") +
            (task.gain.estimate < 0.5 ? ": training from scratch serves the task better.\n" : ".\n");
  const NovelTransfer* cheapest = &best;
  for (const auto& transfer : task.transfers)
    if (as_good(transfer) &&
        (transfer.cost < cheapest->cost ||
         (transfer.cost == cheapest->cost && transfer.sources.size() < cheapest->sources.size())))
      cheapest = &transfer;
  if (cheapest != &best)
    text += "As good as far as these images can tell (false discovery rate above 5 %), and " +
            std::string(cheapest->cost < best.cost ? "cheaper" : "simpler") + ": " + sources_text(*cheapest) +
            ".\n";
  return text;
}

/// A row of figures behind a name.
std::vector<std::string> figures(const NovelTransfer& transfer) {
  return {base::number(transfer.cost),  affinity_interval_text(transfer.affinity),
          interval_text(transfer.gain), interval_text(transfer.quality),
          whole_percent(transfer.best), transfer.q == 1.0 ? "-" : p_text(transfer.q)};
}

const std::vector<std::string> kHead{"cost", "affinity", "gain", "quality", "best in", "q"};

void add(TextTable& table, std::vector<std::string> cells, const std::vector<std::string>& more) {
  cells.insert(cells.end(), more.begin(), more.end());
  table.add(std::move(cells));
}

std::string singles_section(const NovelTask& task) {
  TextTable table("lrrrrrr");
  add(table, {"source"}, kHead);
  table.rule();
  for (const auto& transfer : task.transfers)
    if (transfer.sources.size() == 1) add(table, {transfer.sources.front()}, figures(transfer));
  return "Single sources\n\n" + table.text() + "\n";
}

std::string orders_section(const NovelTask& task) {
  const std::size_t largest = largest_order(task);
  if (largest < 2) return "";
  TextTable table("rlrrrrrr");
  add(table, {"order", "best transfer"}, kHead);
  table.rule();
  for (std::size_t order = 1; order <= largest; ++order)
    if (const auto best = task.best_of_order(order))
      add(table, {std::to_string(order), sources_text(task.transfers[*best])},
          figures(task.transfers[*best]));
  return "The best transfer of each order\n\n" + table.text() + "\n";
}

std::string choice_text(const NovelTask& task, const analysis::NovelChoice& choice) {
  return choice.transfer ? sources_text(task.transfers[*choice.transfer]) : "none of its sources is tried";
}

std::string gain_text(const analysis::NovelChoice& choice) {
  return choice.transfer ? interval_text(choice.gain) : "-";
}

std::string budgets_section(const NovelTask& task) {
  TextTable table("rlr");
  table.add({"budget", "best choice", "gain"});
  table.rule();
  for (const auto& choice : task.alone)
    table.add({base::number(choice.budget), choice_text(task, choice), gain_text(choice)});
  return "Labels bought for " + task.target + " alone: from each budget on\n\n" + table.text() + "\n";
}

std::string run_section(const NovelTask& task) {
  if (task.with_run.empty()) return "";
  TextTable table("rwlr");
  table.add({"budget", "paid for by the run's best taxonomy", "best choice", "gain"});
  table.rule();
  for (const auto& choice : task.with_run)
    table.add({base::number(choice.budget), base::join(choice.paid, ", "), choice_text(task, choice),
               gain_text(choice)});
  return "With the sources of the run's taxonomies paid for, and no other\n\n" + table.text() + "\n";
}

/// On which images the best was judged.
std::string judged_text(const NovelTask& task) {
  if (task.judge == analysis::Judge::halves)
    return "The Gain of what is recommended or chosen, and q, are judged by halves: what one half of the "
           "test scenes\nchose, "
           "the other half judged, both ways round. The tables' figures are each transfer's own, on all "
           "images.\n";
  return "Judged the paper's way, on the images that chose, which favours whatever was chosen" +
         (task.reason.empty() ? std::string(".\n") : ":\n" + task.reason + ".\n");
}

base::Json choice_json(const NovelTask& task, const analysis::NovelChoice& choice) {
  base::Json json = base::Json::object().set("budget", choice.budget);
  if (!choice.paid.empty()) json.set("paid", choice.paid);
  json.set("gain", base::to_json(choice.gain));
  json.set("sources", choice.transfer ? base::Json(task.transfers[*choice.transfer].sources) : base::Json());
  return json;
}

base::Json choices_json(const NovelTask& task, const std::vector<analysis::NovelChoice>& choices) {
  base::Json array = base::Json::array();
  for (const auto& choice : choices) array.add(choice_json(task, choice));
  return array;
}

// ---- the drawing: one line per transfer, its interval as a bar

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
  Size size() const { return {left_ + kPlot + kChartMargin, bottom() + 68}; }
  std::string body() const {
    std::string text = axis() + legend();
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

  static std::string colour_of(std::size_t sources) { return "c" + std::to_string((sources - 1) % kPalette); }

  /// What the colours mean: the numbers of sources that are drawn.
  std::string legend() const {
    std::set<std::size_t> orders;
    for (std::size_t k = 0; k < lines_; ++k) orders.insert(task_.transfers[k].sources.size());
    std::string text;
    double x = left_;
    for (const std::size_t order : orders) {
      const std::string words = order == 1 ? "one source" : std::to_string(order) + " sources";
      text += "<circle class=\"fill-" + colour_of(order) + "\" cx=\"" + pixels(x + 5) + "\" cy=\"" +
              pixels(bottom() + 58) + "\" r=\"5\"/>\n" +
              text_at({x + 16, bottom() + 62}, "class=\"fill-soft small\"", words);
      x += 34 + text_width(words, 11);
    }
    return text;
  }

  std::string bar(std::size_t k) const {
    const auto& transfer = task_.transfers[k];
    const auto& figure = by_gain_ ? transfer.gain : transfer.affinity;
    const double y = kBarLine * (static_cast<double>(k) + 0.5);
    const std::string colour = colour_of(transfer.sources.size());
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

std::string novel_task_text(const NovelTask& task) {
  std::size_t singles = 0;
  for (const auto& transfer : task.transfers) singles += transfer.sources.size() == 1 ? 1 : 0;
  return task.target + ", from " + sources_word(singles) + "\n" + advice(task) + "\n" +
         singles_section(task) + orders_section(task) + budgets_section(task) + run_section(task) +
         "Gain: share of test images on which the transfer beats the network from scratch; quality: on which "
         "it beats the\ntask's own, where that was trained. best in: share of resampled test sets. q: "
         "adjusted "
         "p-value that\nthe best transfer beats this one; \"-\": it does not.\n" +
         judged_text(task);
}

std::string to_json(const NovelTask& task) {
  base::Json orders = base::Json::array();
  for (std::size_t order = 1; order <= largest_order(task); ++order)
    if (const auto best = task.best_of_order(order))
      orders.add(base::Json::object().set("order", order).set("sources", task.transfers[*best].sources));
  return base::Json::object()
      .set("target", task.target)
      .set("images", task.images)
      .set("judge", analysis::name_of(task.judge))
      .set("gain", base::to_json(task.gain))
      .set("replicates", task.options.replicates)
      .set("level", task.options.level)
      .set("block", analysis::name_of(task.options.block))
      .set("seed", task.options.seed)
      .set("transfers", base::to_json(task.transfers))
      .set("best_by_order", std::move(orders))
      .set("alone", choices_json(task, task.alone))
      .set("with_run", choices_json(task, task.with_run))
      .dump(2);
}

std::string to_csv(const NovelTask& task) {
  base::CsvWriter csv({"target", "sources", "order", "cost", "affinity", "affinity_low", "affinity_high",
                       "gain", "gain_low", "gain_high", "quality", "quality_low", "quality_high", "best", "q",
                       "judge"});
  for (const auto& one : task.transfers)
    csv.add(task.target, one.sources, one.sources.size(), one.cost, one.affinity, one.gain, one.quality,
            one.best, one.q, analysis::name_of(task.judge));
  return csv.text();
}

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
