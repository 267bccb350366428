#include "core/report/solve_answers.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/base/text.hpp"
#include "core/report/json_values.hpp"
#include "core/report/summary_text.hpp"
#include "core/report/taxonomy_json.hpp"
#include "core/report/text_table.hpp"

namespace taskonomy::report {

namespace {

using Json = nlohmann::ordered_json;
using Names = std::vector<std::string>;

std::string from_text(const affinity::AffinityRow& row) {
  std::string from = row.is_self() ? "its own labels" : base::join(row.sources, " + ");
  if (!std::isnan(row.labels) && !row.is_self()) from += " (" + base::number(row.labels) + " labels)";
  return from;
}

/// Those of `names` that `others` lack; both sorted.
Names without(const Names& names, const Names& others) {
  Names result;
  std::set_difference(names.begin(), names.end(), others.begin(), others.end(), std::back_inserter(result));
  return result;
}

std::string spans_text(const taxonomy::SourceSpans& source) {
  Names parts;
  for (const auto& [enters, leaves] : source.spans) {
    parts.push_back(std::isinf(leaves) ? "from " + base::number(enters)
                                       : "from " + base::number(enters) + " until " + base::number(leaves));
  }
  return base::join(parts, ", again ");
}

/// What one unit of budget adds from each taxonomy of a sweep to the next; "" after the last.
Names rises_of(const std::vector<taxonomy::Taxonomy>& sweep) {
  Names rises;
  for (std::size_t k = 0; k < sweep.size(); ++k) {
    if (k + 1 == sweep.size()) {
      rises.emplace_back();
      continue;
    }
    const double rise = sweep[k + 1].objective - sweep[k].objective;
    rises.push_back(base::fixed(rise / (sweep[k + 1].budget - sweep[k].budget), 4));
  }
  return rises;
}

std::string restrictions_text(const taxonomy::RestrictionCosts& costs) {
  std::string text = "Without --force and --forbid the objective is " + base::fixed(costs.free_objective, 4) +
                     ": they cost " + base::fixed(costs.loss, 4) + "\n";
  for (const auto& single : costs.single) {
    text += std::string("  ") + (single.forced ? "--force " : "--forbid ") + single.name + " alone costs " +
            base::fixed(single.loss, 4) + "\n";
  }
  return text;
}

}  // namespace

std::string answer_text(const Answer& answer) {
  std::string text = taxonomy_text(answer.taxonomy);
  if (answer.restrictions) text += "\n" + restrictions_text(*answer.restrictions);
  if (answer.marginal) {
    text += "\nOne more unit of budget adds " + base::fixed(*answer.marginal, 4) + " to the objective\n";
  }
  return text;
}

std::string answer_json(const Answer& answer) {
  Json json = Json::parse(to_json(answer.taxonomy));
  if (answer.restrictions) {
    Json single = Json::array();
    for (const auto& each : answer.restrictions->single) {
      single.push_back(
          {{"name", each.name}, {"kind", each.forced ? "force" : "forbid"}, {"loss", real(each.loss)}});
    }
    json["restrictions"] = {{"free_objective", real(answer.restrictions->free_objective)},
                            {"loss", real(answer.restrictions->loss)},
                            {"single", std::move(single)}};
  }
  if (answer.marginal) json["marginal"] = real(*answer.marginal);
  return text_of(json);
}

std::string sweep_answer_text(const std::vector<taxonomy::Taxonomy>& sweep) {
  std::string text = sweep_text(sweep) + "\n";
  const auto front = taxonomy::pareto_front(sweep);
  const auto rises = rises_of(sweep);
  TextTable steps("rrlw");
  steps.add({"budget", "next unit adds", "front", "enters (and leaves)"});
  steps.rule();
  Names before;
  for (std::size_t k = 0; k < sweep.size(); ++k) {
    const bool on_front = std::any_of(front.begin(), front.end(), [&](const taxonomy::FrontPoint& point) {
      return point.budget == sweep[k].budget;
    });
    std::string change = base::join(without(sweep[k].sources, before), ", ");
    const auto gone = without(before, sweep[k].sources);
    if (!gone.empty()) change += (change.empty() ? "(" : " (") + base::join(gone, ", ") + ")";
    steps.add({base::number(sweep[k].budget), rises[k], on_front ? "yes" : "no", change});
    before = sweep[k].sources;
  }
  text +=
      steps.text() + "front: on the Pareto front of budget and objective; no smaller budget is as good\n\n";
  TextTable spans("lw");
  spans.add({"source", "in the optimum at budgets"});
  spans.rule();
  for (const auto& source : taxonomy::source_spans(sweep)) spans.add({source.source, spans_text(source)});
  return text + spans.text();
}

std::string sweep_answer_json(const std::vector<taxonomy::Taxonomy>& sweep) {
  Json array = Json::parse(to_json(sweep));
  const auto front = taxonomy::pareto_front(sweep);
  Names before;
  for (std::size_t k = 0; k < sweep.size(); ++k) {
    array[k]["pareto"] = std::any_of(front.begin(), front.end(), [&](const taxonomy::FrontPoint& point) {
      return point.budget == sweep[k].budget;
    });
    array[k]["enters"] = without(sweep[k].sources, before);
    array[k]["leaves"] = without(before, sweep[k].sources);
    before = sweep[k].sources;
  }
  return text_of(array);
}

std::string best_text(const std::vector<taxonomy::Taxonomy>& best) {
  std::string text = "The " + std::to_string(best.size()) + " best taxonomies at budget " +
                     base::number(best.front().budget) + "\n\n";
  TextTable table("rrrrw");
  table.add({"rank", "objective", "loses", "cost", "label and train"});
  table.rule();
  bool open = false;
  for (std::size_t k = 0; k < best.size(); ++k) {
    const bool proven = best[k].status == taxonomy::Status::optimal;
    open = open || !proven;
    table.add({std::to_string(k + 1), base::fixed(best[k].objective, 4) + (proven ? "" : "?"),
               base::fixed(best.front().objective - best[k].objective, 4), base::number(best[k].cost),
               base::join(best[k].sources, ", ")});
  }
  text += table.text();
  return open ? text + "? = not proven: the time limit was reached\n" : text;
}

std::string reasons_text(const taxonomy::Reasons& reasons) {
  const auto& optimum = reasons.optimum;
  std::string text = "Why " + reasons.chosen.target + " from " + from_text(reasons.chosen) + " at budget " +
                     base::number(optimum.budget) + " (objective " + base::fixed(optimum.objective, 4) +
                     (optimum.status == taxonomy::Status::optimal ? ", proven)\n\n" : ", not proven)\n\n");
  TextTable table("wrrr");
  table.add({"instead from", taxonomy::name_of(optimum.goal), "loses", "as good at budget"});
  table.rule();
  for (const auto& other : reasons.alternatives) {
    table.add({from_text(other.row), base::fixed(other.value, 4),
               std::isnan(other.loss) ? "does not fit" : base::fixed(other.loss, 4),
               std::isnan(other.budget_needed) ? "none" : base::number(other.budget_needed)});
  }
  text += table.text() +
          "loses: of the objective, when this transfer is taken and all else is best within the budget\n"
          "as good at budget: the smallest at which a taxonomy with it reaches today's objective\n";
  if (reasons.needless > 0) {
    text += std::to_string(reasons.needless) +
            " other transfers ask for more sources or labels than one of these and give no more\n";
  }
  return text;
}

std::string reasons_json(const taxonomy::Reasons& reasons) {
  const auto row_of = [](const affinity::AffinityRow& row) {
    Json json{{"sources", row.sources}, {"affinity", real(row.affinity)}};
    if (!std::isnan(row.labels)) json["labels"] = row.labels;
    return json;
  };
  Json alternatives = Json::array();
  for (const auto& other : reasons.alternatives) {
    Json json = row_of(other.row);
    json["value"] = real(other.value);
    json["loss"] = real(other.loss);
    json["budget_needed"] = real(other.budget_needed);
    alternatives.push_back(std::move(json));
  }
  return text_of(Json{{"target", reasons.chosen.target},
                      {"budget", real(reasons.optimum.budget)},
                      {"objective", real(reasons.optimum.objective)},
                      {"chosen", row_of(reasons.chosen)},
                      {"alternatives", std::move(alternatives)},
                      {"needless", reasons.needless},
                      {"status", taxonomy::name_of(reasons.optimum.status)}});
}

}  // namespace taskonomy::report
