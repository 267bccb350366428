#include "core/report/advice.hpp"

#include <algorithm>
#include <cmath>

#include "core/base/text.hpp"
#include "core/report/learning_curve_text.hpp"
#include "core/report/taxonomy_report.hpp"
#include "core/report/text_table.hpp"

namespace taskonomy::report {

namespace {

using analysis::LabelPlan;
using analysis::LabelStep;
using analysis::Question;
using analysis::Verdict;
using Names = std::vector<std::string>;

std::string paragraph(const std::string& text) { return base::join(wrap(text), "\n") + "\n"; }

/// "normal first, then segment_semantic, then depth_zbuffer and reshading": the labels of the plan in the order in which
/// growing budgets first buy them. A label that a larger budget drops is none of them, and one that comes back is named once.
std::string order_text(const LabelPlan& plan) {
  constexpr std::size_t kNamed = 12;  // of more nobody reads the order
  const Names& wanted = plan.steps[plan.enough].label;
  if (wanted.size() > kNamed) return base::join_first(wanted, ", ", kNamed - 2);
  Names parts, named;
  for (std::size_t k = 0; k <= plan.enough; ++k) {
    Names fresh;
    for (const auto& label : plan.steps[k].added)
      if (std::find(wanted.begin(), wanted.end(), label) != wanted.end() &&
          std::find(named.begin(), named.end(), label) == named.end())
        fresh.push_back(label);
    named.insert(named.end(), fresh.begin(), fresh.end());
    if (!fresh.empty()) parts.push_back(base::listed(fresh));
  }
  if (parts.size() > 1) parts.front() += " first";
  return base::join(parts, ", then ");
}

bool did_not_learn(const Verdict& verdict) {
  return verdict.question == Question::learned && !verdict.holds();
}

/// Whether networks were judged and all of them failed.
bool none_learned(const std::vector<Verdict>& verdicts) {
  bool judged = false;
  for (const auto& verdict : verdicts) {
    if (verdict.question != Question::learned) continue;
    if (verdict.holds()) return false;
    judged = true;
  }
  return judged;
}

/// What labels beyond the plan's would add.
std::string beyond_text(const LabelPlan& plan) {
  if (plan.enough + 1 == plan.steps.size()) return "";
  return " Each further label adds less than " + share_text(analysis::kPays) + " of that.";
}

/// Whether larger budgets drop labels that smaller ones buy.
bool drops_labels(const LabelPlan& plan) {
  for (const auto& step : plan.steps)
    if (!step.gone.empty()) return true;
  return false;
}

std::string headline(const LabelPlan& plan, const recipe::Prices& prices) {
  const LabelStep& enough = plan.steps[plan.enough];
  // Judged by halves, few labels can do better than all of them by the luck of the other half.
  const bool as_much = enough.reached.estimate > 1.0;
  const std::string reach = as_much
                                ? "as much as all labels together."
                                : share_text(enough.reached.estimate) + " of what all labels together reach.";
  if (enough.label.empty()) return "Label nothing: what needs no labels reaches " + reach + beyond_text(plan);
  const std::string cost = " (cost " + cost_text(enough.budget, prices) + ")";
  const std::size_t count = enough.label.size();
  return "Label " + order_text(plan) + ". " +
         (count == 1 ? "That label" + cost + " reaches "
                     : "These " + std::to_string(count) + " labels" + cost + " reach ") +
         reach + beyond_text(plan);
}

/// The first paragraph: what to label, which labels need more images, whose network not to believe.
std::string first_words(const LabelPlan& plan, const recipe::Prices& prices, const Evidence& evidence) {
  const std::string doubt = disbelief_text(evidence.verdicts), more = more_labels_text(evidence.curves);
  if (none_learned(
          evidence.verdicts))  // which labels to buy would be thrown dice; which need more images is not
    return more.empty() ? doubt : doubt + " " + more;
  std::vector<std::string> sentences{headline(plan, prices)};
  if (!more.empty()) sentences.push_back(more);
  // Advice to buy a label whose network learned nothing is read with the warning in mind.
  const auto& label = plan.steps[plan.enough].label;
  const bool first =
      std::any_of(evidence.verdicts.begin(), evidence.verdicts.end(), [&](const Verdict& verdict) {
        return did_not_learn(verdict) && std::find(label.begin(), label.end(), verdict.target) != label.end();
      });
  if (!doubt.empty()) sentences.insert(first ? sentences.begin() : sentences.end(), doubt);
  return base::join(sentences, " ");
}

/// Gain and Quality of a step, judged by halves where the judgement is.
std::vector<std::string> rates_of(const LabelStep& step,
                                  const std::optional<analysis::Judgement>& judgement) {
  const auto* judged =
      judgement && judgement->judge == analysis::Judge::halves ? judgement->at(step.budget) : nullptr;
  if (judged) return {interval_text(judged->borrowed_gain), interval_text(judged->borrowed_quality)};
  return {share_text(step.means.gain), share_text(step.means.quality)};
}

std::string plan_table(const LabelPlan& plan, const recipe::Prices& prices,
                       const std::optional<analysis::Judgement>& judgement) {
  TextTable table("rrrrw");
  table.add({prices.unit.empty() ? "cost" : prices.unit, "reached", "gain", "quality", "label"});
  table.rule();
  for (const auto& step : plan.steps) {
    const auto rates = rates_of(step, judgement);
    const bool last = &step == &plan.steps.back();  // what the others are compared with
    table.add({base::number(step.budget),
               last ? share_text(step.reached.estimate) : interval_text(step.reached), rates[0], rates[1],
               step.label.empty() ? "-" : base::join(step.label, ", ")});
  }
  return table.text();
}

/// Which labels each half of the test scenes would buy at the cost where the plan stops: how much of the
/// choice is luck.
std::string labels_of_halves(const LabelStep& enough, const recipe::Prices& prices,
                             const analysis::Judgement& judgement) {
  const auto* judged = judgement.at(enough.budget);
  if (!judged || judged->chosen.size() != 2) return "";
  std::vector<Names> labels;
  for (const auto& taxonomy : judged->chosen)
    labels.push_back(analysis::asked_of(taxonomy.sources, prices).label);
  const std::string start = " The labels and their order are what all test images choose; at cost " +
                            cost_text(enough.budget, prices);
  if (labels[0] == enough.label && labels[1] == enough.label)
    return start + " each half alone chooses the same.";
  const auto text = [](const Names& names) { return names.empty() ? "none" : base::join(names, ", "); };
  return start + " one half alone chooses " + text(labels[0]) + ", the other " + text(labels[1]) + ".";
}

std::string explanation(const LabelPlan& plan, const recipe::Prices& prices,
                        const std::optional<analysis::Judgement>& judgement) {
  std::string text =
      "reached: affinities of all targets added up, as a share of what all labels reach. gain, quality: mean "
      "over the "
      "targets that borrow; the share of test images on which a network transferred from these sources beats "
      "one "
      "trained from scratch on the same few labels (gain), and the target's own, trained on all of its "
      "labels "
      "(quality; .50 is as good). ";
  const analysis::Judgement paper;
  text += judge_text(judgement ? *judgement : paper);
  if (judgement && judgement->judge == analysis::Judge::halves)
    text += " In brackets: " + base::number(100.0 * judgement->level) + " % intervals." +
            labels_of_halves(plan.steps[plan.enough], prices, *judgement);
  if (drops_labels(plan)) text += " A larger budget may do without a label that a smaller one buys.";
  return text;
}

/// One target of a list of doubts: "class_scene .52", "reshading (normal .54 against depth_zbuffer)".
std::string doubtful(const Verdict& verdict) {
  const std::string wins = " " + share_text(verdict.win_rate);
  if (verdict.question == Question::learned) return verdict.target + wins;
  return verdict.target + " (" + verdict.subject + wins +
         (verdict.question == Question::told_apart ? " against " + verdict.reference : "") + ")";
}

/// What the targets of a list have in common, and what to do.
std::string doubt_text(Question question, const std::string& targets) {
  switch (question) {
    case Question::learned:
      return "Networks that did not learn: " + targets +
             ". On that share of test images they beat the best constant guess: no more than a coin would. "
             "Believe nothing of these tasks, as source or target. More steps ([source.steps_of]) or more "
             "images may help.";
    case Question::transferred:
      return "Targets that no source helps: " + targets +
             ". On that share of test images the best transfer beats the best constant guess: no more than a "
             "coin would. More steps ([transfer]) or more labelled images ([split] transfer) may help.";
    case Question::told_apart:
      return "Targets whose best two sources cannot be told apart: " + targets +
             ". On that share of test images the first beats the second. Either will do; more test images "
             "would tell.";
  }
  return "";
}

/// A line of a list, wrapped under its own text.
std::string item(const std::string& text) {
  return "* " + base::join(wrap(text, TextWidth::current() - 2), "\n  ") + "\n";
}

}  // namespace

std::string judge_text(const analysis::Judgement& judgement) {
  if (judgement.judge == analysis::Judge::halves)
    return "Judged by halves: what one half of the " + std::to_string(judgement.scenes) +
           (judgement.of_images ? " test images" : " test scenes") +
           " chose, the other half judged, both ways round.";
  return "Judged the paper's way, on the images that chose, which favours whatever was chosen" +
         (judgement.reason.empty() ? "." : ": " + judgement.reason + ".");
}

std::string advice_text(const std::vector<taxonomy::Taxonomy>& sweep, const recipe::Prices& prices,
                        const std::optional<analysis::Judgement>& judgement, const Evidence& evidence) {
  const LabelPlan plan = analysis::label_plan(sweep, prices, judgement);
  std::string text =
      paragraph(first_words(plan, prices, evidence)) + "\n" + plan_table(plan, prices, judgement);
  const auto train = analysis::asked_of(sweep.back().sources, prices).train;
  if (!train.empty()) text += list_text("Trained as well, without labels:", train);
  return text + paragraph(explanation(plan, prices, judgement));
}

std::string advice_headline(const std::vector<taxonomy::Taxonomy>& sweep, const recipe::Prices& prices,
                            const std::optional<analysis::Judgement>& judgement, const Evidence& evidence) {
  return first_words(analysis::label_plan(sweep, prices, judgement), prices, evidence);
}

std::string disbelief_text(const std::vector<Verdict>& verdicts) {
  Names tasks;
  for (const auto& verdict : verdicts)
    if (did_not_learn(verdict)) tasks.push_back(verdict.target);
  if (tasks.empty()) return "";
  if (none_learned(verdicts))
    return "Nothing was learned: no network beats the best constant guess on more test images than a coin "
           "would. "
           "Believe nothing of what follows; which labels to buy this run cannot tell. More steps ([source] "
           "steps) "
           "or more images may help.";
  return "Believe nothing that is said of " + base::listed(tasks) + ": " +
         (tasks.size() == 1 ? "its network does" : "their networks do") +
         " not beat the best constant guess on more test images than a coin would.";
}

std::vector<std::string> doubts_of(const std::vector<Verdict>& verdicts) {
  std::vector<std::string> doubts;
  for (const auto question : analysis::all_of(Question{})) {
    Names targets;
    for (const auto& verdict : verdicts)
      if (verdict.question == question && !verdict.holds()) targets.push_back(doubtful(verdict));
    if (!targets.empty()) doubts.push_back(doubt_text(question, base::join(targets, ", ")));
  }
  return doubts;
}

std::string doubts_text(const std::vector<Verdict>& verdicts) {
  if (verdicts.empty()) return "";
  const auto doubts = doubts_of(verdicts);
  if (doubts.empty()) {
    const bool compared = std::any_of(verdicts.begin(), verdicts.end(), [](const Verdict& verdict) {
      return verdict.question == Question::told_apart;
    });
    return std::string("Every network learned") +
           (compared ? ", and every target's best source can be told from the second.\n" : ".\n");
  }
  std::string text = "What not to believe\n\n";
  for (const auto& doubt : doubts) text += item(doubt);
  return text;
}

}  // namespace taskonomy::report
