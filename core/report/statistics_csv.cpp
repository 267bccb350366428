// Statistics as CSV: one figure a line, so that any program filters what it wants.
#include <cmath>

#include "core/base/csv.hpp"
#include "core/base/text.hpp"
#include "core/report/statistics_json.hpp"

namespace taskonomy::report {

namespace {

std::string cell(double value) { return std::isnan(value) ? std::string() : base::number(value); }

/// What a figure is about; cells that do not apply stay empty.
struct About {
  std::string statistic;
  std::string budget;
  std::string order;
  std::string target;
  std::string sources;
  std::string versus;
};

std::string line(const About& about, const std::string& figure, const analysis::Interval& value) {
  return about.statistic + "," + about.budget + "," + about.order + "," + base::csv_cell(about.target) + "," +
         base::csv_cell(about.sources) + "," + base::csv_cell(about.versus) + "," + figure + "," +
         cell(value.estimate) + "," + cell(value.low) + "," + cell(value.high) + "\n";
}

std::string line(const About& about, const std::string& figure, double value) {
  return line(about, figure, analysis::Interval{value});
}

std::string lines_of(const analysis::Significance& one) {
  const About about{"random", base::number(one.budget), "", "", "", ""};
  std::string text;
  for (const auto& [name, figure] : {std::pair{"gain", &one.gain}, std::pair{"quality", &one.quality}}) {
    const std::string prefix = name;
    text += line(about, prefix + "_optimum", figure->optimum) + line(about, prefix + "_mean", figure->mean) +
            line(about, prefix + "_deviation", figure->deviation) + line(about, prefix + "_p", figure->p);
  }
  return text;
}

std::string lines_of(const analysis::Bootstrap& bootstrap) {
  std::string text;
  for (const auto& row : bootstrap.transfers) {
    const About about{"transfer", "", "", row.target, base::join(row.sources, "+"), ""};
    text += line(about, "affinity", row.affinity) + line(about, "gain", row.gain) +
            line(about, "quality", row.quality);
  }
  for (const auto& budget : bootstrap.budgets) {
    const std::string at = base::number(budget.budget);
    const About about{"optimum", at, "", "", "", ""};
    text += line(about, "objective", budget.objective) + line(about, "mean_gain", budget.gain) +
            line(about, "mean_quality", budget.quality);
    for (const auto& one : budget.sources)
      text += line({"inclusion", at, "", "", one.source, ""}, "probability", one.probability);
    for (const auto& one : budget.transfers)
      text += line({"inclusion", at, "", one.target, base::join(one.sources, "+"), ""}, "probability",
                   one.probability);
  }
  return text;
}

std::string lines_of(const analysis::Consistency& one) {
  const About about{"consistency", "", "", one.target, "", ""};
  std::string text = line(about, "ratio", one.ratio) + line(about, "cyclic_share", one.cyclic_share) +
                     line(about, "eigenvalue", one.eigenvalue) + line(about, "spearman", one.spearman);
  for (std::size_t k = 0; k < one.competitors.size(); ++k) {
    const About strength{"strength", "", "", one.target, one.competitors[k], ""};
    text += line(strength, "ahp", one.ahp[k]) + line(strength, "bradley_terry", one.bradley_terry[k]);
  }
  return text;
}

}  // namespace

std::string to_csv(const analysis::Statistics& statistics) {
  std::string text = "statistic,budget,order,target,sources,versus,figure,value,low,high\n";
  for (const auto& one : statistics.significance) text += lines_of(one);
  for (const auto& one : statistics.orders) {
    const About about{"order", "", std::to_string(one.order), "", "", ""};
    text += line(about, "gain", one.gain) + line(about, "quality", one.quality) +
            line(about, "gain_up_to", one.gain_up_to) + line(about, "quality_up_to", one.quality_up_to);
  }
  if (statistics.bootstrap) text += lines_of(*statistics.bootstrap);
  for (const auto& one : statistics.consistency) text += lines_of(one);
  for (const auto& pair : statistics.pairs) {
    const About about{"pair", "", "", pair.target, pair.better, pair.worse};
    text += line(about, "win_rate", pair.win_rate) + line(about, "p", pair.p) + line(about, "q", pair.q);
  }
  return text;
}

std::string to_csv(const analysis::Comparison& comparison) {
  const auto cells = [](const analysis::Interval& interval) {
    return cell(interval.estimate) + "," + cell(interval.low) + "," + cell(interval.high) + ",";
  };
  std::string text =
      "target,sources,spearman,spearman_low,spearman_high,kendall,kendall_low,kendall_high,best_in_a,best_in_"
      "b\n";
  for (const auto& one : comparison.targets) {
    text += base::csv_cell(one.target) + "," + std::to_string(one.sources.size()) + "," +
            cells(one.spearman) + cells(one.kendall) + base::csv_cell(one.best_in_a) + "," +
            base::csv_cell(one.best_in_b) + "\n";
  }
  return text + "mean,," + cells(comparison.spearman) + cells(comparison.kendall) + ",\n";
}

}  // namespace taskonomy::report
