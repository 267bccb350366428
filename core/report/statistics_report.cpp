#include "core/report/statistics_report.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/base/csv.hpp"
#include "core/base/record.hpp"
#include "core/base/text.hpp"
#include "core/report/advice.hpp"
#include "core/report/text_table.hpp"

namespace taskonomy::report {

namespace {

/// " 97 %" behind a name; nothing for certainty, which rounding must not feign.
std::string probability_text(double probability) {
  if (probability == 1.0) return "";
  if (probability > 0.995) return " >99 %";
  return " " + base::fixed(100.0 * probability, 0) + " %";
}

/// "normal, reshading 97 %, (edge_texture 12 %)": those not chosen in parentheses, below 1 % left out.
std::string inclusion_text(const std::vector<analysis::SourceInclusion>& sources) {
  std::vector<std::string> parts;
  for (const auto& one : sources) {
    if (one.probability < 0.01 && !one.chosen) continue;
    const std::string text = one.source + probability_text(one.probability);
    parts.push_back(one.chosen ? text : "(" + text + ")");
  }
  return base::join(parts, ", ");
}

/// The best three transfers of each target.
std::string transfers_section(const analysis::Bootstrap& bootstrap) {
  TextTable transfers("llrrr");
  transfers.add({"target", "from", "affinity", "gain", "quality"});
  transfers.rule();
  std::map<std::string, std::vector<const analysis::TransferIntervals*>> by_target;
  std::vector<std::string> order;
  for (const auto& row : bootstrap.transfers) {
    if (row.sources.size() == 1 && row.sources.front() == row.target) continue;
    auto& rows = by_target[row.target];
    if (rows.empty()) order.push_back(row.target);
    rows.push_back(&row);
  }
  for (const auto& target : order) {
    auto& rows = by_target[target];
    std::stable_sort(rows.begin(), rows.end(), [](const auto* a, const auto* b) {
      return a->affinity.estimate > b->affinity.estimate;
    });
    for (std::size_t k = 0; k < std::min<std::size_t>(3, rows.size()); ++k)
      transfers.add({k == 0 ? target : "", base::join(rows[k]->sources, " + "),
                     affinity_interval_text(rows[k]->affinity), interval_text(rows[k]->gain),
                     interval_text(rows[k]->quality)});
  }
  return "Best three transfers of each target, each as if named beforehand: the luck by which it came first "
         "stays in\n\n" +
         transfers.text() + "\n";
}

std::string stability_section(const analysis::Statistics& statistics) {
  const auto& bootstrap = *statistics.bootstrap;
  const auto& how = bootstrap.options;
  TextTable optima("rrrw");
  optima.add({"budget", "mean gain", "mean quality",
              "share of resampled test sets that choose it (in parentheses: not chosen on the full set)"});
  optima.rule();
  for (const auto& budget : bootstrap.budgets) {
    const auto* judged = statistics.judgement.judge == analysis::Judge::halves
                             ? statistics.judgement.at(budget.budget)
                             : nullptr;
    optima.add({base::number(budget.budget), interval_text(judged ? judged->gain : budget.gain),
                interval_text(judged ? judged->quality : budget.quality), inclusion_text(budget.sources)});
  }
  return "How sure is it? " + std::to_string(how.replicates) + " resampled test sets (" +
         std::to_string(bootstrap.blocks) + " " + analysis::name_of(how.block) + "s drawn of " +
         std::to_string(bootstrap.images) + " images), " + base::number(100.0 * how.level) +
         " % intervals\n\n" + optima.text() + "\n" + transfers_section(bootstrap);
}

std::string significance_section(const analysis::Statistics& statistics) {
  if (statistics.significance.empty()) return "";
  TextTable table("rrrrrrr");
  table.add({"budget", "gain", "random", "p", "quality", "random", "p"});
  table.rule();
  const auto random = [](const analysis::AgainstRandom& one) {
    return share_text(one.mean) + " +- " + share_text(one.deviation);
  };
  for (const auto& one : statistics.significance)
    table.add({base::number(one.budget), share_text(one.gain.optimum), random(one.gain), p_text(one.gain.p),
               share_text(one.quality.optimum), random(one.quality), p_text(one.quality.p)});
  return "Is it more than luck? The optimum against " + std::to_string(statistics.options.random_taxonomies) +
         " random taxonomies of the same budget\n\n" + table.text() + "\n";
}

std::string orders_section(const analysis::Statistics& statistics) {
  TextTable table("rrrrrr");
  table.add({"order", "targets", "gain", "quality", "gain up to it", "quality up to it"});
  table.rule();
  for (const auto& one : statistics.judgement.orders)
    table.add({std::to_string(one.order), std::to_string(one.targets), share_text(one.gain),
               share_text(one.quality), share_text(one.gain_up_to), share_text(one.quality_up_to)});
  return "What do more sources in one transfer bring? Means of each target's best transfer\n\n" +
         table.text() + "\n";
}

std::string consistency_section(const analysis::Statistics& statistics) {
  if (statistics.consistency.empty()) return "";
  TextTable table("lrrrw");
  table.add({"target", "competitors", "cyclic triples", "AHP ~ B-T", "strongest by Bradley-Terry"});
  table.rule();
  for (const auto& one : statistics.consistency) {
    std::vector<std::size_t> order;
    for (std::size_t k = 0; k < one.competitors.size(); ++k) order.push_back(k);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return one.bradley_terry[a] > one.bradley_terry[b];
    });
    std::vector<std::string> best;
    for (std::size_t k = 0; k < std::min<std::size_t>(3, order.size()); ++k)
      best.push_back(one.competitors[order[k]]);
    table.add({one.target, std::to_string(one.competitors.size()),
               std::isnan(one.cyclic_share) ? "-" : percent_text(one.cyclic_share) + " %",
               share_text(one.spearman), base::join(best, " > ")});
  }
  return "Do the tournaments have an order? a beats b beats c beats a: coin flips have 25 % such cyclic "
         "triples\n\n" +
         table.text() + "\n";
}

std::string pairs_section(const analysis::Statistics& statistics) {
  if (statistics.pairs.empty()) return "";
  const double rate = statistics.options.false_discoveries;
  TextTable table("lrw");
  table.add({"target", "pairs that differ", "not told apart from its best transfer"});
  table.rule();
  for (const auto& target : statistics.best) {
    if (target.tests.empty()) continue;
    std::size_t all = 0;
    std::size_t differ = 0;
    for (const auto& pair : statistics.pairs) {
      if (pair.target != target.target) continue;
      ++all;
      differ += pair.q <= rate ? 1 : 0;
    }
    std::vector<std::string> alike;
    for (const auto& test : target.tests)
      if (test.q > rate) alike.push_back(test.worse);
    const std::string& best = target.tests.front().better;
    table.add({target.target, std::to_string(differ) + " of " + std::to_string(all),
               best + (alike.empty() ? ": nothing" : ": " + base::join(alike, ", "))});
  }
  return "Which transfers differ? Exact paired tests, at most " + base::number(100.0 * rate) +
         " % false discoveries: over all pairs of all targets (Benjamini, Yekutieli); against the best, over "
         "one target "
         "(Benjamini, Hochberg)\n\n" +
         table.text() + "\n";
}

/// The table of one figure a line: about what it is (cells that do not apply stay
/// empty), its name, its value.
class FigureLines {
 public:
  struct About {
    std::string statistic;
    std::string budget;
    std::string order;
    std::string target;
    std::string sources;
    std::string versus;
    std::string judge;
  };

  void add(const About& about, const std::string& figure, const analysis::Interval& value) {
    csv_.add(about.statistic, about.budget, about.order, about.target, about.sources, about.versus, figure,
             value, about.judge);
  }
  void add(const About& about, const std::string& figure, double value) {
    add(about, figure, analysis::Interval{value});
  }

  void add(const analysis::Judgement& judgement);
  void add(const analysis::Significance& one, analysis::Judge judge);
  void add(const analysis::Bootstrap& bootstrap);
  void add(const analysis::Consistency& one);
  void add(const analysis::PairTest& pair, const std::string& statistic, const std::string& judge);

  [[nodiscard]] const std::string& text() const { return csv_.text(); }

 private:
  base::CsvWriter csv_{{"statistic", "budget", "order", "target", "sources", "versus", "figure", "value",
                        "low", "high", "judge"}};
};

void FigureLines::add(const analysis::Significance& one, analysis::Judge judge) {
  const About about{"random", base::number(one.budget), "", "", "", "", analysis::name_of(judge)};
  for (const auto& [name, figure] : {std::pair{"gain", &one.gain}, std::pair{"quality", &one.quality}}) {
    const std::string prefix = name;
    add(about, prefix + "_optimum", figure->optimum);
    add(about, prefix + "_mean", figure->mean);
    add(about, prefix + "_deviation", figure->deviation);
    add(about, prefix + "_p", figure->p);
  }
}

void FigureLines::add(const analysis::Judgement& judgement) {
  const std::string judge = analysis::name_of(judgement.judge);
  for (const auto& one : judgement.orders) {
    const About about{"order", "", std::to_string(one.order), "", "", "", judge};
    add(about, "gain", one.gain);
    add(about, "quality", one.quality);
    add(about, "gain_up_to", one.gain_up_to);
    add(about, "quality_up_to", one.quality_up_to);
  }
  for (const auto& one : judgement.budgets) {
    const About about{"optimum", base::number(one.budget), "", "", "", "", judge};
    add(about, "mean_gain", one.gain);
    add(about, "mean_quality", one.quality);
    add(about, "borrowed_gain", one.borrowed_gain);
    add(about, "borrowed_quality", one.borrowed_quality);
    add(about, "reached", one.reached);
  }
}

void FigureLines::add(const analysis::Bootstrap& bootstrap) {
  for (const auto& row : bootstrap.transfers) {
    const About about{"transfer", "", "", row.target, base::join(row.sources, "+"), "", ""};
    add(about, "affinity", row.affinity);
    add(about, "gain", row.gain);
    add(about, "quality", row.quality);
  }
  for (const auto& budget : bootstrap.budgets) {
    const std::string at = base::number(budget.budget);
    const About fixed{"fixed", at, "", "", "", "", analysis::name_of(analysis::Judge::paper)};
    add(fixed, "objective", budget.objective);
    add(fixed, "mean_gain", budget.gain);
    add(fixed, "mean_quality", budget.quality);
    for (const auto& one : budget.sources)
      add({"inclusion", at, "", "", one.source, "", ""}, "probability", one.probability);
    for (const auto& one : budget.transfers)
      add({"inclusion", at, "", one.target, base::join(one.sources, "+"), "", ""}, "probability",
          one.probability);
  }
}

void FigureLines::add(const analysis::Consistency& one) {
  const About about{"consistency", "", "", one.target, "", "", ""};
  add(about, "cyclic_share", one.cyclic_share);
  add(about, "ratio", one.ratio);
  add(about, "eigenvalue", one.eigenvalue);
  add(about, "spearman", one.spearman);
  for (std::size_t k = 0; k < one.competitors.size(); ++k) {
    const About strength{"strength", "", "", one.target, one.competitors[k], "", ""};
    add(strength, "ahp", one.ahp[k]);
    add(strength, "bradley_terry", one.bradley_terry[k]);
  }
}

void FigureLines::add(const analysis::PairTest& pair, const std::string& statistic,
                      const std::string& judge) {
  const About about{statistic, "", "", pair.target, pair.better, pair.worse, judge};
  add(about, "win_rate", pair.win_rate);
  add(about, "p", pair.p);
  add(about, "q", pair.q);
}

}  // namespace

std::string statistics_text(const analysis::Statistics& statistics) {
  std::string text;
  for (const auto& line : wrap(judge_text(statistics.judgement))) text += line + "\n";
  text += "\n" + significance_section(statistics);
  if (statistics.bootstrap) text += stability_section(statistics);
  text += pairs_section(statistics) + consistency_section(statistics) + orders_section(statistics);
  for (const auto& note : statistics.notes) {
    for (const auto& line : wrap("note: " + note)) text += line + "\n";
  }
  return text;
}

std::string comparison_text(const analysis::Comparison& comparison) {
  TextTable table("lrrrll");
  table.add({"target", "sources", "Spearman", "Kendall", "best in A", "best in B"});
  table.rule();
  for (const auto& one : comparison.targets)
    table.add({one.target, std::to_string(one.sources.size()), interval_text(one.spearman),
               interval_text(one.kendall), one.best_in_a, one.best_in_b});
  table.rule();
  table.add({"mean", "", interval_text(comparison.spearman), interval_text(comparison.kendall), "", ""});
  std::string text = table.text();
  text += "\nAffinities are judged the paper's way, on all test images of each table.\n";
  if (!std::isnan(comparison.same_best))
    text += "The best source is the same for " + percent_text(comparison.same_best) + " % of the targets.\n";
  return text;
}

std::string tree_text(const analysis::TaskTree& tree, std::size_t count) {
  std::string text = "Task tree of " + std::to_string(tree.tasks.size()) + " tasks, linkage " +
                     analysis::name_of(tree.linkage) + ": cophenetic correlation " +
                     share_text(tree.cophenetic) + "\n\n";
  const auto groups = analysis::clusters(tree, count);
  TextTable table("rrw");
  table.add({"cluster", "tasks", "names"});
  table.rule();
  for (std::size_t k = 0; k < groups.size(); ++k)
    table.add({std::to_string(k + 1), std::to_string(groups[k].size()), base::join(groups[k], ", ")});
  return text + table.text();
}

std::string to_json(const analysis::Statistics& statistics) { return base::to_json(statistics).dump(2); }

std::string to_csv(const analysis::Statistics& statistics) {
  FigureLines lines;
  for (const auto& one : statistics.significance) lines.add(one, statistics.judgement.judge);
  lines.add(statistics.judgement);
  if (statistics.bootstrap) lines.add(*statistics.bootstrap);
  for (const auto& one : statistics.consistency) lines.add(one);
  for (const auto& target : statistics.best)
    for (const auto& test : target.tests) lines.add(test, "best", analysis::name_of(target.judge));
  for (const auto& pair : statistics.pairs) lines.add(pair, "pair", "");
  return lines.text();
}

std::string to_json(const analysis::Comparison& comparison) { return base::to_json(comparison).dump(2); }

std::string to_csv(const analysis::Comparison& comparison) {
  base::CsvWriter csv({"target", "sources", "spearman", "spearman_low", "spearman_high", "kendall",
                       "kendall_low", "kendall_high", "best_in_a", "best_in_b"});
  for (const auto& one : comparison.targets)
    csv.add(one.target, one.sources.size(), one.spearman, one.kendall, one.best_in_a, one.best_in_b);
  csv.add("mean", "", comparison.spearman, comparison.kendall, "", "");
  return csv.text();
}

std::string to_json(const analysis::TaskTree& tree, std::size_t clusters) {
  return base::to_json(tree)
      .set("clusters", analysis::clusters(tree, clusters))
      .set("newick", analysis::newick(tree))
      .dump(2);
}

}  // namespace taskonomy::report
