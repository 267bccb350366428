#include "core/report/finished_report.hpp"

#include <cmath>

#include "core/base/text.hpp"
#include "core/report/text_table.hpp"

namespace taskonomy::report {

namespace {

using analysis::Beside;
using analysis::FinishedTarget;

std::string range_text(const analysis::Interval& interval) {
  return std::isnan(interval.low) ? ""
                                  : " [" + value_text(interval.low) + ", " + value_text(interval.high) + "]";
}

/// "1.3 [0.9, 1.8] better than", "0.4 [0.1, 0.6] worse than", "not told apart from": in the metric's unit.
std::string against(const Beside& other, const std::string& whom) {
  const auto& better = other.better;
  if (std::isnan(better.estimate)) return "";
  if (better.estimate == 0.0 && !(better.low < 0.0) && !(better.high > 0.0)) return "the same as " + whom;
  const bool unsure = !std::isnan(better.low) && better.low <= 0.0 && better.high >= 0.0;
  if (unsure) return "not to be told apart from " + whom + range_text(better);
  const bool worse = better.estimate < 0.0;
  analysis::Interval shown = better;
  if (worse) shown = {-better.estimate, -better.high, -better.low};
  return value_text(shown.estimate) + range_text(shown) + (worse ? " worse than " : " better than ") + whom;
}

std::string sentence(const FinishedTarget& target) {
  std::vector<std::string> parts;
  for (const auto& part :
       {against(target.compared, "the comparison's network"), against(target.scratch, "the one from scratch"),
        against(target.own, "its own network, which had all of its labels")})
    if (!part.empty()) parts.push_back(part);
  const std::string value = target.metric.empty() ? ""
                                                  : target.metric + " " + value_text(target.value) +
                                                        (target.unit.empty() ? "" : " " + target.unit) +
                                                        (parts.empty() ? "" : ": ");
  return target.target + ", from " + base::join(target.sources, "+") + ": " + value +
         base::join(parts, "; ") + ".";
}

std::string heading(const FinishedTaxonomy& taxonomy) {
  const auto count = [](std::size_t number, const std::string& word) {
    return std::to_string(number) + " " + word + (number == 1 ? "" : "s");
  };
  std::string text = count(taxonomy.targets.size(), "network") + " trained until the loss stopped falling" +
                     (taxonomy.tuned ? ", encoders of their own included" : "");
  text += taxonomy.labelled.empty()
              ? "; their sources need no labels"
              : "; their sources need labels for " + base::join(taxonomy.labelled, ", ") + ": " +
                    count(taxonomy.labelled.size(), "task") + " instead of " +
                    std::to_string(taxonomy.labelled_in_all);
  return text + ".";
}

}  // namespace

std::string finished_text(const FinishedTaxonomy& taxonomy) {
  std::string text = base::join(wrap(heading(taxonomy)), "\n") + "\n\n";
  for (const auto& target : taxonomy.targets) text += base::join(wrap(sentence(target)), "\n") + "\n";
  if (!taxonomy.by_own.empty())
    text += list_text("Served by their own networks, which had all labels: ", taxonomy.by_own) + "\n";
  if (taxonomy.targets.empty()) return text;
  TextTable table("llrrrrrrr");
  table.add(
      {"target", "metric", "finished", "compared", "scratch", "own", "beats compared", "scratch", "own, %"});
  table.rule();
  const auto share = [](const analysis::Interval& wins) { return percent_text(wins.estimate, 0); };
  for (const auto& target : taxonomy.targets)
    table.add({target.target, target.metric + (target.unit.empty() ? "" : ", " + target.unit),
               value_text(target.value), value_text(target.compared.value), value_text(target.scratch.value),
               value_text(target.own.value), share(target.compared.wins), share(target.scratch.wins),
               share(target.own.wins)});
  return text + "\n" + table.text() +
         "\nIn brackets 95 % intervals over test images. beats: share of test images on which the finished "
         "network's loss is lower.\n";
}

}  // namespace taskonomy::report
