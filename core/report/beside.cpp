#include "core/report/beside.hpp"

#include <algorithm>
#include <cmath>

#include "core/analysis/label_plan.hpp"
#include "core/analysis/run_difference.hpp"
#include "core/base/error.hpp"
#include "core/base/text.hpp"
#include "core/report/advice.hpp"
#include "core/report/page_titles.hpp"
#include "core/report/svg.hpp"
#include "core/report/taxonomy_graph.hpp"
#include "core/report/taxonomy_report.hpp"
#include "core/report/text_table.hpp"

namespace taskonomy::report {

namespace {

using analysis::BudgetDifference;
using analysis::Interval;
using analysis::RunDifference;
using taxonomy::Taxonomy;

/// Tables of more tasks have no drawings beside each other: a hundred rows twice say less than the table of targets.
constexpr std::size_t kMostDrawnBeside = 60;
constexpr std::size_t kNamedTargets = 12;

/// What can be counted on to be no luck.
bool is_clear(const Interval& difference) {
  return !std::isnan(difference.low) && (difference.low > 0.0 || difference.high < 0.0);
}

/// "+.03", "−.12".
std::string with_sign(std::string text, double value) {
  if (std::isnan(value)) return "–";
  if (text.find_first_of("123456789") == std::string::npos) return text.substr(text.starts_with("-") ? 1 : 0);
  if (text.starts_with("-")) return "−" + text.substr(1);
  return (value > 0.0 ? "+" : "") + text;
}
std::string difference_text(const Interval& difference, std::string (*text_of)(double)) {
  const auto signed_value = [&](double value) { return with_sign(text_of(value), value); };
  const std::string text = signed_value(difference.estimate);
  if (std::isnan(difference.low)) return text;
  return text + " [" + signed_value(difference.low) + ", " + signed_value(difference.high) + "]";
}

// ---- markup

/// A cell of a table: text, and whether it stands out.
struct Cell {
  std::string text;
  bool strong = false;
  bool words = false;  ///< text, which stands on the left; else a number
};

std::string table_cell(const Cell& cell, bool first) {
  const std::string text = xml_escaped(cell.text);
  const std::string inside = cell.strong ? "<strong>" + text + "</strong>" : text;
  if (first) return "<th scope=\"row\">" + inside + "</th>";
  return std::string(cell.words ? "<td class=\"text\">" : "<td>") + inside + "</td>";
}

/// A table that scrolls where it is too wide. Scripts give it buttons that copy it and save it as `file`.
class HtmlTable {
 public:
  HtmlTable(std::string caption, std::string file, const std::vector<Cell>& head)
      : html_("<div class=\"canvas\" tabindex=\"0\" role=\"group\" aria-label=\"" + xml_escaped(caption) +
              "\"><table class=\"copied\" data-file=\"" + xml_escaped(file) + "\"><caption>" +
              xml_escaped(caption) + "</caption>\n<thead><tr>") {
    for (const auto& cell : head)
      html_ += std::string("<th scope=\"col\"") + (cell.words ? " class=\"text\"" : "") + ">" +
               xml_escaped(cell.text) + "</th>";
    html_ += "</tr></thead>\n<tbody>\n";
  }
  void add(const std::vector<Cell>& cells) {
    html_ += "<tr>";
    for (std::size_t k = 0; k < cells.size(); ++k) html_ += table_cell(cells[k], k == 0);
    html_ += "</tr>\n";
  }
  [[nodiscard]] std::string html() const { return html_ + "</tbody></table></div>\n"; }

 private:
  std::string html_;
};

std::string p_html(const std::string& text, const std::string& kind = "") {
  return "<p" + (kind.empty() ? "" : " class=\"" + kind + "\"") + ">" + xml_escaped(text) + "</p>\n";
}

// ---- what stands there

/// The two, ready to be shown: what differs under the titles of the tasks.
struct Pair {
  std::string a, b;  ///< their names
  const PageContent &content_a, &content_b;
  RunDifference difference;
  const Beside& beside;
};

std::string labels_of(const Taxonomy& taxonomy, const recipe::Prices& prices) {
  const auto label = analysis::asked_of(taxonomy.sources, prices).label;
  return label.empty() ? "nothing" : base::listed(label);
}

std::string served_from(const affinity::AffinityRow& row) {
  return row.is_self() ? "own labels" : base::join(row.sources, " + ");
}

/// ".78 and .80 (+.02 [-.01, +.05])"
std::string means_text(double a, double b, const Interval& difference) {
  return share_text(a) + " and " + share_text(b) + " (" + difference_text(difference, signed_text) + ")";
}

/// What one budget says of both, in words.
std::string sentence_of(const Pair& pair, const BudgetDifference& at) {
  const auto label_a = labels_of(at.a, pair.content_a.prices),
             label_b = labels_of(at.b, pair.content_b.prices);
  std::string text = "With a budget of " + cost_text(at.budget, pair.content_a.prices) + ", ";
  text += label_a == label_b ? "both label " + label_a + "."
                             : pair.a + " labels " + label_a + "; " + pair.b + " labels " + label_b + ".";
  const auto otherwise = std::count_if(at.targets.begin(), at.targets.end(),
                                       [](const auto& target) { return !target.same_sources(); });
  const std::string all = std::to_string(at.targets.size());
  text += otherwise == 0 ? " All " + all + " targets that both have are served alike."
                         : " Of the " + all + " targets that both have, " + std::to_string(otherwise) +
                               (otherwise == 1 ? " is" : " are") + " served from other sources.";
  if (std::isnan(at.gain.estimate)) return text;
  text += " Mean Gain is " + means_text(at.mean_a.gain, at.mean_b.gain, at.gain);
  if (!std::isnan(at.quality.estimate))
    text += ", mean Quality " + means_text(at.mean_a.quality, at.mean_b.quality, at.quality);
  text += ".";
  if (std::isnan(at.gain.low)) return text;
  const bool gain = is_clear(at.gain), quality = is_clear(at.quality);
  return text + (gain && quality     ? " Both differences are more than the luck of these test images."
                 : !gain && !quality ? " Both differences may be luck of these test images."
                 : gain ? " The difference in Gain is more than the luck of these test images; that in "
                          "Quality may be luck."
                        : " The difference in Quality is more than the luck of these test images; that in "
                          "Gain may be luck.");
}

std::string graphs_of(const Pair& pair, const BudgetDifference& at, const TaxonomyLayout& layout) {
  if (layout.tasks.size() > kMostDrawnBeside) return "";
  const auto side = [&](const std::string& name, const Taxonomy& taxonomy, const PageContent& content) {
    const auto& prices = content.prices;
    const auto tasks = content.table.tasks();
    auto own = layout;
    for (const auto& task : layout.tasks)
      if (!std::binary_search(tasks.begin(), tasks.end(), task)) own.absent.insert(task);
    return "<figure aria-label=\"Taxonomy of " + xml_escaped(name) + "\"><figcaption><b>" +
           xml_escaped(name) + "</b> labels " + xml_escaped(labels_of(taxonomy, prices)) + " (cost " +
           xml_escaped(cost_text(taxonomy.cost, prices)) + ")</figcaption>\n" +
           svg_element(taxonomy_drawing(taxonomy, own, GraphWidth::half)) +
           svg_element(taxonomy_drawing(taxonomy, own, GraphWidth::narrow)) + "</figure>\n";
  };
  return "<div class=\"sides\">" + side(pair.a, at.a, pair.content_a) + side(pair.b, at.b, pair.content_b) +
         "</div>\n";
}

std::string targets_table(const Pair& pair, const BudgetDifference& at) {
  const bool gains = !std::isnan(at.gain.estimate), qualities = !std::isnan(at.quality.estimate);
  std::vector<Cell> head{{"Target"}, {pair.a + ", from", false, true}, {pair.b + ", from", false, true}};
  for (const auto& [there, rate] : {std::pair{gains, "Gain"}, std::pair{qualities, "Quality"}})
    if (there) head.insert(head.end(), {{std::string(rate) + ", " + pair.a}, {pair.b}, {"difference"}});
  HtmlTable table(
      "Targets at budget " + cost_text(at.budget, pair.content_a.prices) + "; sources that differ in bold",
      "targets-budget-" + base::number(at.budget), head);
  const auto rates = [](std::vector<Cell>& cells, double a, double b, const Interval& difference) {
    cells.insert(
        cells.end(),
        {{share_text(a)}, {share_text(b)}, {difference_text(difference, signed_text), is_clear(difference)}});
  };
  for (const auto& one : at.targets) {
    const bool otherwise = !one.same_sources();
    std::vector<Cell> cells{
        {one.a.target}, {served_from(one.a), otherwise, true}, {served_from(one.b), otherwise, true}};
    if (gains) rates(cells, one.a.gain, one.b.gain, one.gain);
    if (qualities) rates(cells, one.a.quality, one.b.quality, one.quality);
    table.add(cells);
  }
  return table.html();
}

std::string budgets_table(const Pair& pair) {
  HtmlTable table("Budget by budget; differences that are more than luck in bold", "budgets",
                  {{"Budget"},
                   {pair.a + " labels", false, true},
                   {pair.b + " labels", false, true},
                   {"mean Gain, " + pair.a},
                   {pair.b},
                   {"difference"},
                   {"mean Quality, " + pair.a},
                   {pair.b},
                   {"difference"}});
  for (const auto& at : pair.difference.budgets)
    table.add({{cost_text(at.budget, pair.content_a.prices)},
               {labels_of(at.a, pair.content_a.prices), false, true},
               {labels_of(at.b, pair.content_b.prices), false, true},
               {share_text(at.mean_a.gain)},
               {share_text(at.mean_b.gain)},
               {difference_text(at.gain, signed_text), is_clear(at.gain)},
               {share_text(at.mean_a.quality)},
               {share_text(at.mean_b.quality)},
               {difference_text(at.quality, signed_text), is_clear(at.quality)}});
  return table.html();
}

const MetricRow* same_metric(const std::vector<MetricRow>& rows, const MetricRow& wanted) {
  for (const auto& row : rows)
    if (row.target == wanted.target && row.competitor == row.target && row.metric == wanted.metric &&
        row.unit == wanted.unit)
      return &row;
  return nullptr;
}

/// The metrics of the tasks' own networks; the first one of each has an interval where there is one per image.
std::string metrics_table(const Pair& pair) {
  HtmlTable table("Metrics of the tasks' own networks", "metrics",
                  {{"Task"}, {"Metric", false, true}, {pair.a}, {pair.b}, {"difference"}, {"", false, true}});
  std::string task;
  for (const auto& row : pair.content_a.metrics) {
    const auto* other = row.competitor == row.target ? same_metric(pair.content_b.metrics, row) : nullptr;
    if (!other || std::isnan(row.value) || std::isnan(other->value)) continue;
    Interval difference{other->value - row.value};
    for (const auto& value : pair.difference.values)
      if (value.target == row.target && row.target != task) {
        difference.low = value.difference.low;
        difference.high = value.difference.high;
      }
    const bool better = (difference.estimate > 0.0) == row.higher_is_better;
    table.add({{row.target},
               {row.metric + (row.unit.empty() ? "" : ", " + row.unit), false, true},
               {value_text(row.value)},
               {value_text(other->value)},
               {difference_text(difference, value_text), is_clear(difference)},
               {difference.estimate == 0.0 ? "the same"
                : better                   ? "better"
                                           : "worse",
                false, true}});
    task = row.target;
  }
  return task.empty() ? "" : table.html();
}

std::string made_table(const Pair& pair) {
  const auto& all = pair.beside.made_otherwise;
  if (all.empty()) return "";
  HtmlTable table("Made otherwise", "made-otherwise", {{""}, {pair.a, false, true}, {pair.b, false, true}});
  for (const auto& one : all)
    table.add(
        {{one.what}, {one.a.empty() ? "–" : one.a, false, true}, {one.b.empty() ? "–" : one.b, false, true}});
  return table.html();
}

/// Which targets only one has, and whether labels cost the same.
std::string bounds_text(const Pair& pair) {
  const auto& [targets, only_a, only_b, level, intervals, budgets, values] = pair.difference;
  std::string text = "Both have " + std::to_string(targets.size()) +
                     (targets.size() == 1 ? " target" : " targets") + "; all that is compared is of these.";
  for (const auto& [name, only] : {std::pair{&pair.a, &only_a}, std::pair{&pair.b, &only_b}})
    if (!only->empty())
      text += " Only " + *name + " has " + base::join_first(*only, ", ", kNamedTargets) + ".";
  text += " Each taxonomy is the best of its own run, chosen with all targets of that run. Differences: " +
          pair.b + " less " + pair.a;
  if (intervals)
    text += ", with " + base::number(100.0 * level) + " % intervals over " +
            std::to_string(pair.beside.replicates) + " resampled test sets" +
            (pair.beside.same_images ? "; what both tested on is drawn for both at once" : "") +
            ". They tell the luck of the test images, not that of training: another seed may move more";
  return text + ".";
}

std::string prices_text(const Pair& pair) {
  const auto &a = pair.content_a.prices, &b = pair.content_b.prices;
  if (a.unit != b.unit)
    return "Labels are priced in " + (a.unit.empty() ? "tasks" : a.unit) + " in " + pair.a + " and in " +
           (b.unit.empty() ? "tasks" : b.unit) + " in " + pair.b + ": one budget does not buy the same.";
  std::vector<std::string> otherwise;
  for (const auto& [task, cost] : a.cost)
    if (const auto found = b.cost.find(task); found != b.cost.end() && found->second != cost)
      otherwise.push_back(task + " " + base::number(cost) + " and " + base::number(found->second));
  if (otherwise.empty()) return "";
  return "Labels cost otherwise (" + base::join_first(otherwise, ", ", kNamedTargets) +
         "): one budget does not buy the same.";
}

/// All tasks and optima of both in one layout, so that a task has the same row and a source the same colour on both sides.
TaxonomyLayout common_layout(const Pair& pair) {
  affinity::AffinityTable all;
  std::vector<Taxonomy> sweep;
  for (const auto& at : pair.difference.budgets) {
    for (const auto* taxonomy : {&at.a, &at.b}) {
      all.rows.insert(all.rows.end(), taxonomy->transfers.begin(), taxonomy->transfers.end());
      sweep.push_back(*taxonomy);
    }
  }
  return taxonomy_layout(all, sweep);
}

/// The budget to begin with: that of the first page's own beginning, or the next smaller one.
std::size_t first_shown(const RunDifference& difference, double budget) {
  std::size_t shown = 0;
  for (std::size_t k = 0; k < difference.budgets.size(); ++k)
    if (difference.budgets[k].budget <= budget) shown = k;
  return shown;
}

std::string section_of(const Pair& pair, std::size_t shown) {
  const auto& budgets = pair.difference.budgets;
  std::string html = "<section id=\"beside\" aria-labelledby=\"beside-title\">\n<h2 id=\"beside-title\">" +
                     xml_escaped(pair.a) + " and " + xml_escaped(pair.b) + " side by side</h2>\n" +
                     p_html(bounds_text(pair));
  if (const auto prices = prices_text(pair); !prices.empty()) html += p_html(prices, "notice");
  html +=
      "<label class=\"control beside-budget\"><span>Budget of both <output "
      "id=\"beside-value\"></output></span>"
      "<input type=\"range\" id=\"beside-budget\" min=\"0\" max=\"" +
      std::to_string(budgets.size() - 1) + "\" value=\"" + std::to_string(shown) + "\"></label>\n";
  const auto layout = common_layout(pair);
  for (std::size_t k = 0; k < budgets.size(); ++k)
    html += "<div class=\"of-budget\" data-budget=\"" +
            xml_escaped(cost_text(budgets[k].budget, pair.content_a.prices)) + "\"" +
            (k == shown ? "" : " hidden=\"\"") + ">\n" + p_html(sentence_of(pair, budgets[k]), "verdict") +
            graphs_of(pair, budgets[k], layout) + targets_table(pair, budgets[k]) + "</div>\n";
  return html + budgets_table(pair) + metrics_table(pair) + made_table(pair) + "</section>\n";
}

[[noreturn]] void refuse(const PageContent& a, const PageContent& b, const std::string& why) {
  throw base::Error(a.title + " and " + b.title + " cannot be compared: " + why);
}

/// What the two have; throws where nothing can be compared.
RunDifference difference_of(const PageContent& content, const Optima& optima, const Optima& others) {
  const auto& beside = *content.beside;
  const auto& other = beside.other;
  for (const auto& [one, solved] : {std::pair{&content, &optima}, std::pair{&other, &others}})
    if (solved->presets.empty())
      refuse(content, other, "at no budget " + one->title + " serves all of its targets");
  analysis::BootstrapOptions how;
  how.replicates = std::max<std::size_t>(2, beside.replicates);  // without losses none is drawn
  auto difference = analysis::run_difference(
      {optima.presets.front().fronts.back().taxonomies, beside.losses, beside.values},
      {others.presets.front().fronts.back().taxonomies, beside.other_losses, beside.other_values},
      beside.same_images, how);
  if (!difference.targets.empty()) return difference;
  const auto targets_text = [](const PageContent& one) {
    return one.title + " has " + base::join_first(one.table.targets(), ", ", kNamedTargets);
  };
  refuse(content, other,
         "they have no target in common; " + targets_text(content) + "; " + targets_text(other));
}

/// What both call their tasks; what the first says of one holds for the second.
std::vector<TaskText> common_texts(const PageContent& content) {
  auto texts = content.texts;
  for (const auto& text : content.beside->other.texts)
    if (std::none_of(texts.begin(), texts.end(), [&](const auto& known) { return known.task == text.task; }))
      texts.push_back(text);
  return texts;
}

}  // namespace

BesideTexts beside_texts(const PageContent& content, const Optima& optima, const PageTime& time) {
  const auto texts = common_texts(content);
  auto own = content, other = content.beside->other;
  own.texts = other.texts = texts;
  time.say("solving every budget of " + other.title);
  const auto others = solve_asked(other.table, other.prices.cost, other.importance, time);
  auto difference = difference_of(content, optima, others);
  const auto titled_own = with_titles(std::move(own)), titled_other = with_titles(std::move(other));
  const Pair pair{content.title,
                  content.beside->other.title,
                  titled_own,
                  titled_other,
                  with_titles(std::move(difference), texts),
                  *content.beside};
  const Start start = start_of(content, optima);
  const double budget = optima.presets.front().fronts.back().taxonomies[start.taxonomy].budget;
  const auto titled_optima = with_titles(others, texts);
  return {advice_headline(titled_optima.presets.front().fronts.back().taxonomies, titled_other.prices,
                          titled_other.judgement, {titled_other.verdicts, titled_other.curves}),
          section_of(pair, first_shown(pair.difference, budget))};
}

}  // namespace taskonomy::report
