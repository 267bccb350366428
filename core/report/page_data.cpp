#include "core/report/page_data.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

#include "core/base/error.hpp"
#include "core/base/record.hpp"
#include "core/report/advice.hpp"
#include "core/report/page_pictures.hpp"
#include "core/report/page_titles.hpp"

namespace taskonomy::report {

namespace {

using base::Json;

/// Index of every task, and of every transfer of the table.
class PageIndex {
 public:
  explicit PageIndex(const affinity::AffinityTable& table) : tasks_(table.tasks()) {
    for (std::size_t r = 0; r < table.rows.size(); ++r) rows_[key(table.rows[r])] = r;
  }
  [[nodiscard]] const std::vector<std::string>& tasks() const { return tasks_; }
  /// Of a task that the table has.
  [[nodiscard]] std::size_t task(const std::string& name) const {
    return static_cast<std::size_t>(std::lower_bound(tasks_.begin(), tasks_.end(), name) - tasks_.begin());
  }
  [[nodiscard]] std::vector<std::size_t> tasks(const std::vector<std::string>& names) const {
    std::vector<std::size_t> places;
    for (const auto& name : names) places.push_back(task(name));
    return places;
  }
  /// Of those that the table has.
  [[nodiscard]] std::vector<std::size_t> known(const std::set<std::string>& names) const {
    std::vector<std::size_t> places;
    for (const auto& name : names)
      if (std::binary_search(tasks_.begin(), tasks_.end(), name)) places.push_back(task(name));
    return places;
  }
  /// Of a transfer that the table has; throws std::out_of_range otherwise.
  [[nodiscard]] std::size_t row(const affinity::AffinityRow& row) const { return rows_.at(key(row)); }
  /// The same, or nothing.
  [[nodiscard]] std::optional<std::size_t> find(const affinity::AffinityRow& row) const {
    const auto found = rows_.find(key(row));
    return found == rows_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  using Key = std::tuple<std::string, std::vector<std::string>, double>;
  static Key key(const affinity::AffinityRow& row) {
    return {row.target, row.sources, std::isnan(row.labels) ? -1.0 : row.labels};
  }
  std::vector<std::string> tasks_;
  std::map<Key, std::size_t> rows_;
};

double of(const std::map<std::string, double>& numbers, const std::string& name) {
  const auto found = numbers.find(name);
  return found == numbers.end() ? 1.0 : found->second;
}

/// Column by column: a third of the bytes of one object per row.
Json rows_json(const affinity::AffinityTable& table, const PageIndex& index) {
  Json target = Json::array(), sources = Json::array(), affinity = Json::array(), gain = Json::array(),
       quality = Json::array(), labels = Json::array();
  for (const auto& row : table.rows) {
    target.add(index.task(row.target));
    sources.add(index.tasks(row.sources));
    affinity.add(row.affinity);
    gain.add(row.gain);
    quality.add(row.quality);
    labels.add(row.labels);
  }
  return Json::object()
      .set("target", std::move(target))
      .set("sources", std::move(sources))
      .set("affinity", std::move(affinity))
      .set("gain", std::move(gain))
      .set("quality", std::move(quality))
      .set("labels", std::move(labels));
}

Json front_json(const Front& front, const PageIndex& index) {
  Json optima = Json::array();
  for (const auto& taxonomy : front.taxonomies) {
    Json rows = Json::array();
    for (const auto& transfer : taxonomy.transfers) rows.add(index.row(transfer));
    optima.add(Json::array()
                   .add(taxonomy.budget)
                   .add(taxonomy.cost)
                   .add(taxonomy.objective)
                   .add(taxonomy.status == taxonomy::Status::optimal)
                   .add(std::move(rows)));
  }
  return Json::object().set("order", front.max_order).set("optima", std::move(optima));
}

Json presets_json(const Optima& optima, const PageIndex& index) {
  Json all = Json::array();
  for (const auto& preset : optima.presets) {
    Json fronts = Json::array();
    for (const auto& front : preset.fronts) fronts.add(front_json(front, index));
    all.add(Json::object()
                .set("favoured", preset.favoured.empty() ? Json() : Json(index.task(preset.favoured)))
                .set("fronts", std::move(fronts)));
  }
  return all;
}

Json made_json(const PageContent& content) {
  Json facts = Json::array();
  for (const auto& fact : content.facts) facts.add(Json::array().add(fact.name).add(fact.value));
  return Json::object()
      .set("facts", std::move(facts))
      .set("stages", base::to_json(content.stages))
      .set("recipe", content.recipe);
}

/// The values of a record without their names, in the order in which it names them.
Json values_of(const auto& record) {
  Json values = Json::array();
  std::decay_t<decltype(record)>::visit(
      record, [&](const char*, const auto& value) { values.add(base::to_json(value)); });
  return values;
}

Json tree_json(const std::optional<analysis::TaskTree>& tree, const PageIndex& index) {
  if (!tree) return nullptr;
  Json order = Json::array(), merges = Json::array();
  for (const std::size_t leaf : analysis::leaf_order(*tree)) order.add(index.task(tree->tasks[leaf]));
  for (const auto& merge : tree->merges)
    merges.add(Json::array().add(merge.left).add(merge.right).add(merge.height));
  return Json::object()
      .set("leaves", index.tasks(tree->tasks))
      .set("order", std::move(order))
      .set("merges", std::move(merges))
      .set("cophenetic", tree->cophenetic)
      .set("newick", analysis::newick(*tree));
}

Json bootstrap_json(const PageContent& content, const PageIndex& index) {
  if (!content.bootstrap) return nullptr;
  const auto& bootstrap = *content.bootstrap;
  const std::vector<double> unknown(content.table.rows.size(), affinity::kUnknown);
  auto low = unknown, high = unknown, gain_low = unknown, gain_high = unknown, quality_low = unknown,
       quality_high = unknown;
  for (const auto& transfer : bootstrap.transfers) {
    affinity::AffinityRow row;
    row.sources = transfer.sources;
    row.target = transfer.target;
    const auto place = index.find(row);
    if (!place) continue;
    low[*place] = transfer.affinity.low;
    high[*place] = transfer.affinity.high;
    gain_low[*place] = transfer.gain.low;
    gain_high[*place] = transfer.gain.high;
    quality_low[*place] = transfer.quality.low;
    quality_high[*place] = transfer.quality.high;
  }
  Json budgets = Json::array();
  for (const auto& stability : bootstrap.budgets) {
    Json sources = Json::array();
    for (const auto& source : stability.sources)
      sources.add(Json::array().add(index.task(source.source)).add(source.probability));
    budgets.add(Json::object().set("budget", stability.budget).set("sources", std::move(sources)));
  }
  return Json::object()
      .set("replicates", bootstrap.options.replicates)
      .set("level", bootstrap.options.level)
      .set("images", bootstrap.images)
      .set("rows", Json::object()
                       .set("low", low)
                       .set("high", high)
                       .set("gain_low", gain_low)
                       .set("gain_high", gain_high)
                       .set("quality_low", quality_low)
                       .set("quality_high", quality_high))
      .set("budgets", std::move(budgets));
}

Json comparison_json(const PageContent& content) {
  if (!content.comparison) return nullptr;
  const auto& comparison = *content.comparison;
  Json targets = Json::array();
  for (const auto& agreement : comparison.targets) {
    targets.add(Json::object()
                    .set("target", agreement.target)
                    .set("spearman", values_of(agreement.spearman))
                    .set("best", agreement.best_in_a)
                    .set("other_best", agreement.best_in_b)
                    .set("sources", agreement.sources.size()));
  }
  return Json::object()
      .set("with", content.compared_with)
      .set("spearman", values_of(comparison.spearman))
      .set("kendall", values_of(comparison.kendall))
      .set("same_best", comparison.same_best)
      .set("targets", std::move(targets));
}

Json judgement_json(const PageContent& content) {
  if (!content.judgement) return nullptr;
  return Json::object()
      .set("judge", base::to_json(content.judgement->judge))
      .set("text", judge_text(*content.judgement))
      .set("level", content.judgement->level)
      .set("orders", base::to_json(content.judgement->orders))
      .set("budgets", base::to_json(content.judgement->budgets));
}

Json significance_json(const PageContent& content) {
  if (content.significance.empty()) return nullptr;
  const auto figures = [](const analysis::AgainstRandom& one) {
    return Json::array().add(one.optimum).add(one.mean).add(one.deviation).add(one.p);
  };
  Json budgets = Json::array();
  for (const auto& one : content.significance)
    budgets.add(Json::object()
                    .set("budget", one.budget)
                    .set("gain", figures(one.gain))
                    .set("quality", figures(one.quality)));
  return Json::object()
      .set("count", content.significance.front().gain.random.size())
      .set("budgets", std::move(budgets));
}

Json metrics_json(const std::vector<MetricRow>& rows) {
  std::map<std::pair<std::string, std::string>, std::size_t> places;
  std::vector<MetricRow> first;  // of each target and metric
  std::vector<Json> values;
  for (const auto& row : rows) {
    const auto [place, fresh] = places.emplace(std::pair{row.target, row.metric}, first.size());
    if (fresh) {
      first.push_back(row);
      values.push_back(Json::array());
    }
    values[place->second].add(Json::array().add(row.competitor).add(row.value));
  }
  Json groups = Json::array();
  for (std::size_t k = 0; k < first.size(); ++k)
    groups.add(Json::object()
                   .set("target", first[k].target)
                   .set("metric", first[k].metric)
                   .set("unit", first[k].unit)
                   .set("higher", first[k].higher_is_better)
                   .set("values", std::move(values[k])));
  return groups;
}

/// `<` can only stand inside JSON's strings; written as an escape, no text in them ends the script element or
/// opens a comment.
std::string script_safe(const std::string& json) {
  std::string safe;
  safe.reserve(json.size());
  for (const char letter : json) letter == '<' ? safe += "\\u003c" : safe += letter;
  return safe;
}

/// The ids of tasks that are called by their titles.
Json ids_of(const PageContent& content, const PageIndex& index) {
  std::map<std::string, std::string> id;
  for (const auto& [task, title] : titles_of(content.texts)) id[title] = task;
  Json ids = Json::array();
  for (const auto& name : index.tasks()) ids.add(id.count(name) > 0 ? id.at(name) : name);
  return ids;
}

/// What the tasks' plugins say of them, by one member of their texts: "" where nothing is known.
Json texts_of(const PageContent& content, const PageIndex& index, std::string TaskText::*member) {
  const auto titles = titles_of(content.texts);
  std::map<std::string, std::string> known;
  for (const auto& text : content.texts)
    known[titles.count(text.task) > 0 ? titles.at(text.task) : text.task] = text.*member;
  Json all = Json::array();
  for (const auto& name : index.tasks()) all.add(known.count(name) > 0 ? known.at(name) : "");
  return all;
}

Json start_json(const PageContent& content, const Optima& optima) {
  if (optima.presets.empty()) return nullptr;
  const Start start = start_of(content, optima);
  return Json::object().set("front", start.front).set("optimum", start.taxonomy);
}

/// Which labels to buy in which order, as advice_headline() says it of the same optima.
Json plan_json(const PageContent& content, const Optima& optima, const PageIndex& index) {
  if (optima.presets.empty()) return nullptr;
  const auto plan = plan_of(content, optima);
  Json steps = Json::array();
  for (const auto& step : plan.steps)
    steps.add(Json::object()
                  .set("budget", step.budget)
                  .set("label", index.tasks(step.label))
                  .set("reached", values_of(step.reached)));
  return Json::object().set("enough", plan.enough).set("steps", std::move(steps));
}

/// What the test images say of networks and transfers. Names stay names: a verdict may be of a task whose transfers
/// are not judged yet.
Json verdicts_json(const std::vector<analysis::Verdict>& verdicts) {
  Json all = Json::array();
  for (const auto& verdict : verdicts) all.add(base::to_json(verdict).set("holds", verdict.holds()));
  return all;
}

}  // namespace

std::optional<analysis::TaskTree> tree_of(const affinity::AffinityTable& table) {
  if (table.sources().size() > kLargestTree) return std::nullopt;
  try {
    return analysis::agglomerate(analysis::transfer_distances(table, analysis::TreeTransform::sqrt),
                                 analysis::Linkage::ward);
  } catch (const base::Error&) {  // sources without a target in common: such a table has no tree
    return std::nullopt;
  }
}

std::string page_json(const PageContent& content, const Optima& optima,
                      const std::optional<analysis::TaskTree>& tree) {
  const PageIndex index(content.table);
  const auto targets = content.table.targets();
  Json cost = Json::array(), importance = Json::array(), missing(content.missing);
  for (const auto& task : index.tasks()) cost.add(of(content.prices.cost, task));
  for (const auto& target : targets) importance.add(of(content.importance, target));
  for (const auto& sentence : optima.left_out) missing.add(sentence);
  const Json page = Json::object()
                        .set("of_run", content.of_run)
                        .set("title", content.title)
                        .set("command", content.command)
                        .set("tasks", index.tasks())
                        .set("ids", ids_of(content, index))
                        .set("families", texts_of(content, index, &TaskText::family))
                        .set("summaries", texts_of(content, index, &TaskText::summary))
                        .set("targets", index.tasks(targets))
                        .set("cost", cost)
                        .set("unit", content.prices.unit)
                        .set("untrained", index.known(content.prices.untrained))
                        .set("importance", importance)
                        .set("favour", kFavour)
                        .set("rows", rows_json(content.table, index))
                        .set("presets", presets_json(optima, index))
                        .set("start", start_json(content, optima))
                        .set("plan", plan_json(content, optima, index))
                        .set("tree", tree_json(tree, index))
                        .set("bootstrap", bootstrap_json(content, index))
                        .set("comparison", comparison_json(content))
                        .set("judgement", judgement_json(content))
                        .set("significance", significance_json(content))
                        .set("verdicts", verdicts_json(content.verdicts))
                        .set("checks", base::to_json(content.checks))
                        .set("metrics", metrics_json(content.metrics))
                        .set("missing", missing)
                        .set("made", made_json(content))
                        .set("passed_over", base::to_json(content.passed_over))
                        .set("pictures", pictures_json(content.pictures));
  return script_safe(page.dump());
}

}  // namespace taskonomy::report
