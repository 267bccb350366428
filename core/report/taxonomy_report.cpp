#include "core/report/taxonomy_report.hpp"

#include <algorithm>
#include <cmath>

#include "core/analysis/cross_fit.hpp"
#include "core/analysis/label_plan.hpp"
#include "core/analysis/win_rates.hpp"
#include "core/base/csv.hpp"
#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/base/record.hpp"
#include "core/base/text.hpp"
#include "core/report/text_table.hpp"

namespace taskonomy::report {

namespace {

/// A table alone does not say on which images its transfers were chosen.
const std::string kPapersWay = "gain, quality: the paper's way, on the images that chose\n";

using Names = std::vector<std::string>;

constexpr int kIndent = 2;

std::string from_text(const affinity::AffinityRow& row) {
  if (row.is_self()) return "its own labels";
  const std::string labels = std::isnan(row.labels) ? "" : " (" + base::number(row.labels) + " labels)";
  return base::join(row.sources, " + ") + labels;
}

std::string spans_text(const taxonomy::SourceSpans& source) {
  Names parts;
  for (const auto& [enters, leaves] : source.spans) {
    parts.push_back(std::isinf(leaves) ? "from " + base::number(enters)
                                       : "from " + base::number(enters) + " until " + base::number(leaves));
  }
  return base::join(parts, ", again ");
}

/// For each taxonomy of a sweep, whether no smaller budget is as good.
std::vector<bool> points_on_front(const std::vector<taxonomy::Taxonomy>& sweep) {
  const auto front = taxonomy::pareto_front(sweep);
  std::vector<bool> on_front;
  for (const auto& taxonomy : sweep)
    on_front.push_back(std::any_of(front.begin(), front.end(), [&](const taxonomy::FrontPoint& point) {
      return point.budget == taxonomy.budget;
    }));
  return on_front;
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

/// Whole numbers as such, so that a budget of 8 reads 8.
base::Json whole_or_real(double value) {
  const bool whole = value == std::floor(value) && std::abs(value) < 1e15;
  return whole ? base::Json(static_cast<long long>(value)) : base::Json(value);
}

base::Json json_of(const affinity::AffinityRow& row) {
  base::Json json = base::Json::object().set("sources", row.sources).set("affinity", row.affinity);
  if (!std::isnan(row.labels)) json.set("labels", row.labels);
  return json;
}

base::Json json_of(const taxonomy::Taxonomy& taxonomy) {
  const auto means = analysis::means_of(taxonomy);
  base::Json transfers = base::Json::array();
  for (const auto& row : taxonomy.transfers) {
    base::Json transfer = base::Json::object()
                              .set("target", row.target)
                              .set("sources", row.sources)
                              .set("affinity", row.affinity);
    if (!std::isnan(row.labels)) transfer.set("labels", whole_or_real(row.labels));
    transfers.add(std::move(transfer));
  }
  base::Json json = base::Json::object()
                        .set("budget", whole_or_real(taxonomy.budget))
                        .set("max_order", taxonomy.max_order)
                        .set("transform", taxonomy::name_of(taxonomy.transform))
                        .set("objective", taxonomy.objective)
                        .set("status", taxonomy::name_of(taxonomy.status))
                        .set("sources", taxonomy.sources)
                        .set("transfers", std::move(transfers))
                        .set("judge", analysis::name_of(analysis::Judge::paper))
                        .set("mean_gain", means.gain)
                        .set("mean_quality", means.quality);
  if (taxonomy.goal != taxonomy::Objective::affinity) json.set("goal", taxonomy::name_of(taxonomy.goal));
  if (taxonomy.label_cost > 0.0) json.set("label_cost", whole_or_real(taxonomy.label_cost));
  if (taxonomy.status != taxonomy::Status::optimal)
    json.set("bound", taxonomy.bound).set("gap", taxonomy.gap());
  return json;
}

/// taxonomy.json has no times, so that the same run gives the same bytes; answers on the terminal have.
base::Json with_seconds(const taxonomy::Taxonomy& taxonomy) {
  return json_of(taxonomy).set("seconds", taxonomy.seconds);
}

bool tells_labels(const std::vector<taxonomy::Taxonomy>& sweep) {
  return std::any_of(sweep.begin(), sweep.end(), [](const taxonomy::Taxonomy& taxonomy) {
    return std::any_of(taxonomy.transfers.begin(), taxonomy.transfers.end(),
                       [](const affinity::AffinityRow& row) { return !std::isnan(row.labels); });
  });
}

/// What to label, to train without labels, and to use as it is.
std::string sources_text(const taxonomy::Taxonomy& taxonomy, const recipe::Prices& prices) {
  const auto [label, train, untrained] = analysis::asked_of(taxonomy.sources, prices);
  std::string cost = "cost " + cost_text(taxonomy.cost, prices);
  if (taxonomy.label_cost > 0.0)
    cost += ", " + base::number(taxonomy.label_cost) + " of it for targets' labels";
  const std::string heading = "Label and train " + std::to_string(label.size()) + " (" + cost + "):";
  std::string text = label.empty() ? "Label nothing (" + cost + ")\n" : list_text(heading, label);
  if (!train.empty()) text += list_text("Train without labels:", train);
  if (!untrained.empty()) text += list_text("Use untrained:", untrained);
  return text;
}

/// The same on one line: labelled sources, and in brackets those that need no labels.
std::string short_sources_text(const Names& sources, const recipe::Prices& prices) {
  const auto [label, train, untrained] = analysis::asked_of(sources, prices);
  Names free = train;
  free.insert(free.end(), untrained.begin(), untrained.end());
  std::string text = base::join(label, ", ");
  if (!free.empty()) text += (text.empty() ? "[" : " [") + base::join(free, ", ") + "]";
  return text;
}

std::string budget_heading(const recipe::Prices& prices) {
  return prices.unit.empty() ? "budget" : "budget, " + prices.unit;
}

}  // namespace

std::string cost_text(double cost, const recipe::Prices& prices) {
  return base::number(cost) + (prices.unit.empty() ? "" : " " + prices.unit);
}

std::string taxonomy_text(const taxonomy::Taxonomy& taxonomy, const recipe::Prices& prices) {
  const auto means = analysis::means_of(taxonomy);
  std::string text = "Taxonomy at budget " + cost_text(taxonomy.budget, prices) + ", orders up to " +
                     std::to_string(taxonomy.max_order) + ": objective " + base::fixed(taxonomy.objective, 4);
  if (taxonomy.transform == taxonomy::Transform::sqrt) text += " (square roots of affinities)";
  if (taxonomy.goal != taxonomy::Objective::affinity) text += " (" + taxonomy::name_of(taxonomy.goal) + ")";
  text += taxonomy.status == taxonomy::Status::optimal
              ? ", proven optimum\n\n"
              : ", not proven: the time limit was reached, and one " +
                    base::fixed(100.0 * taxonomy.gap(), 2) + " % better may exist\n\n";
  TextTable table("lwrrr");
  table.add({"target", "from", "affinity", "gain", "quality"});
  table.rule();
  for (const auto& row : taxonomy.transfers) {
    table.add({row.target, from_text(row), base::fixed(row.affinity, 4), share_text(row.gain),
               share_text(row.quality)});
  }
  table.rule();
  table.add({"mean", "", "", share_text(means.gain), share_text(means.quality)});
  text += table.text() + kPapersWay + "\n";
  return text + sources_text(taxonomy, prices);
}

std::string sweep_text(const std::vector<taxonomy::Taxonomy>& sweep, const recipe::Prices& prices) {
  TextTable table("rrrrw");
  table.add({budget_heading(prices), "objective", "gain", "quality", "label and train"});
  table.rule();
  for (const auto& taxonomy : sweep) {
    const auto means = analysis::means_of(taxonomy);
    const bool proven = taxonomy.status == taxonomy::Status::optimal;
    table.add({base::number(taxonomy.budget), base::fixed(taxonomy.objective, 4) + (proven ? "" : "?"),
               share_text(means.gain), share_text(means.quality),
               short_sources_text(taxonomy.sources, prices)});
  }
  std::string text = table.text();
  if (text.find('?') != std::string::npos) text += "? = not proven: the time limit was reached\n";
  if (text.find('[') != std::string::npos) text += "[ ]: needs no labels\n";
  return text;
}

std::string answer_text(const Answer& answer, const recipe::Prices& prices) {
  std::string text = taxonomy_text(answer.taxonomy, prices);
  if (answer.restrictions) text += "\n" + restrictions_text(*answer.restrictions);
  if (answer.marginal) {
    text += "\nOne more unit of budget adds " + base::fixed(*answer.marginal, 4) + " to the objective\n";
  }
  return text;
}

std::string sweep_answer_text(const std::vector<taxonomy::Taxonomy>& sweep, const recipe::Prices& prices) {
  std::string text = sweep_text(sweep, prices) + "\n";
  const auto on_front = points_on_front(sweep);
  const auto rises = rises_of(sweep);
  TextTable steps("rrlw");
  steps.add({budget_heading(prices), "next unit adds", "front", "enters (and leaves)"});
  steps.rule();
  Names before;
  for (std::size_t k = 0; k < sweep.size(); ++k) {
    std::string change = base::join(base::without(sweep[k].sources, before), ", ");
    const auto gone = base::without(before, sweep[k].sources);
    if (!gone.empty()) change += (change.empty() ? "(" : " (") + base::join(gone, ", ") + ")";
    steps.add({base::number(sweep[k].budget), rises[k], on_front[k] ? "yes" : "no", change});
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

std::string best_text(const std::vector<taxonomy::Taxonomy>& best, const recipe::Prices& prices) {
  std::string text = "The " + std::to_string(best.size()) + " best taxonomies at budget " +
                     cost_text(best.front().budget, prices) + "\n\n";
  TextTable table("rrrrw");
  table.add({"rank", "objective", "loses", "cost", "label and train"});
  table.rule();
  bool open = false;
  for (std::size_t k = 0; k < best.size(); ++k) {
    const bool proven = best[k].status == taxonomy::Status::optimal;
    open = open || !proven;
    table.add({std::to_string(k + 1), base::fixed(best[k].objective, 4) + (proven ? "" : "?"),
               base::fixed(best.front().objective - best[k].objective, 4), base::number(best[k].cost),
               short_sources_text(best[k].sources, prices)});
  }
  text += table.text();
  if (text.find('[') != std::string::npos) text += "[ ]: needs no labels\n";
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
  if (!reasons.in_time) text += "The time limit was reached: other transfers were not looked at\n";
  if (reasons.needless > 0) {
    text += std::to_string(reasons.needless) +
            " other transfers ask for more sources or labels than one of these and give no more\n";
  }
  return text;
}

std::string to_json(const taxonomy::Taxonomy& taxonomy) { return with_seconds(taxonomy).dump(kIndent); }

std::string to_json(const std::vector<taxonomy::Taxonomy>& sweep) {
  base::Json array = base::Json::array();
  for (const auto& taxonomy : sweep) array.add(with_seconds(taxonomy));
  return array.dump(kIndent);
}

void write_taxonomy_json(const std::filesystem::path& path, const std::vector<taxonomy::Taxonomy>& sweep) {
  base::Json array = base::Json::array();
  for (const auto& taxonomy : sweep) array.add(json_of(taxonomy));
  base::write_file(path, array.dump(kIndent) + "\n");
}

std::vector<Names> read_chosen_transfers(const std::filesystem::path& path, const std::string& target) {
  return base::with_context(path.string(), [&] {
    std::vector<Names> chosen;
    for (const auto& taxonomy : base::parse_json(base::read_file(path)).elements())
      for (const auto& transfer : taxonomy.at("transfers").elements()) {
        auto sources = transfer.at("sources").as<Names>();
        if (transfer.at("target").text() != target || sources == Names{target}) continue;
        if (std::find(chosen.begin(), chosen.end(), sources) == chosen.end())
          chosen.push_back(std::move(sources));
      }
    return chosen;
  });
}

std::string to_csv(const std::vector<taxonomy::Taxonomy>& sweep) {
  const bool labels = tells_labels(sweep);
  std::vector<std::string> header{"budget", "sources", "target", "affinity", "gain", "quality"};
  if (labels) header.emplace_back("labels");
  base::CsvWriter csv(header);
  for (const auto& taxonomy : sweep) {
    for (const auto& row : taxonomy.transfers) {
      if (labels)
        csv.add(taxonomy.budget, row.sources, row.target, row.affinity, row.gain, row.quality, row.labels);
      else
        csv.add(taxonomy.budget, row.sources, row.target, row.affinity, row.gain, row.quality);
    }
  }
  return csv.text();
}

std::string answer_json(const Answer& answer) {
  base::Json json = with_seconds(answer.taxonomy);
  if (answer.restrictions) json.set("restrictions", base::to_json(*answer.restrictions));
  if (answer.marginal) json.set("marginal", *answer.marginal);
  return json.dump(kIndent);
}

std::string sweep_answer_json(const std::vector<taxonomy::Taxonomy>& sweep) {
  base::Json array = base::Json::array();
  Names before;
  const auto on_front = points_on_front(sweep);
  for (std::size_t k = 0; k < sweep.size(); ++k) {
    array.add(with_seconds(sweep[k])
                  .set("pareto", on_front[k])
                  .set("enters", base::without(sweep[k].sources, before))
                  .set("leaves", base::without(before, sweep[k].sources)));
    before = sweep[k].sources;
  }
  return array.dump(kIndent);
}

std::string reasons_json(const taxonomy::Reasons& reasons) {
  base::Json alternatives = base::Json::array();
  for (const auto& other : reasons.alternatives) {
    alternatives.add(json_of(other.row)
                         .set("value", other.value)
                         .set("loss", other.loss)
                         .set("budget_needed", other.budget_needed));
  }
  return base::Json::object()
      .set("target", reasons.chosen.target)
      .set("budget", reasons.optimum.budget)
      .set("objective", reasons.optimum.objective)
      .set("chosen", json_of(reasons.chosen))
      .set("alternatives", std::move(alternatives))
      .set("needless", reasons.needless)
      .set("in_time", reasons.in_time)
      .set("status", taxonomy::name_of(reasons.optimum.status))
      .dump(kIndent);
}

}  // namespace taskonomy::report
