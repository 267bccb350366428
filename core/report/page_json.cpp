#include "core/report/page_json.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <tuple>

#include "core/base/error.hpp"
#include "core/report/json_values.hpp"

namespace taskonomy::report {

namespace {

using Json = nlohmann::ordered_json;

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
    target.push_back(index.task(row.target));
    sources.push_back(index.tasks(row.sources));
    affinity.push_back(real(row.affinity));
    gain.push_back(real(row.gain));
    quality.push_back(real(row.quality));
    labels.push_back(real(row.labels));
  }
  return {{"target", target}, {"sources", sources}, {"affinity", affinity},
          {"gain", gain},     {"quality", quality}, {"labels", labels}};
}

Json front_json(const Front& front, const PageIndex& index) {
  Json optima = Json::array();
  for (const auto& taxonomy : front.taxonomies) {
    Json rows = Json::array();
    for (const auto& transfer : taxonomy.transfers) rows.push_back(index.row(transfer));
    optima.push_back({real(taxonomy.budget), real(taxonomy.cost), real(taxonomy.objective),
                      taxonomy.status == taxonomy::Status::optimal, std::move(rows)});
  }
  return {{"order", front.max_order}, {"optima", std::move(optima)}};
}

Json presets_json(const Optima& optima, const PageIndex& index) {
  Json all = Json::array();
  for (const auto& preset : optima.presets) {
    Json fronts = Json::array();
    for (const auto& front : preset.fronts) fronts.push_back(front_json(front, index));
    all.push_back({{"favoured", preset.favoured.empty() ? Json(nullptr) : Json(index.task(preset.favoured))},
                   {"fronts", std::move(fronts)}});
  }
  return all;
}

Json checks_json(const std::vector<analysis::SourceCheck>& checks) {
  Json all = Json::array();
  for (const auto& check : checks) {
    all.push_back({{"task", check.task},
                   {"beats_constant", real(check.beats_constant)},
                   {"beats_random", real(check.beats_random)},
                   {"images", check.images}});
  }
  return all;
}

Json made_json(const PageContent& content) {
  Json facts = Json::array(), stages = Json::array();
  for (const auto& fact : content.facts) facts.push_back({fact.name, fact.value});
  for (const auto& stage : content.stages) {
    stages.push_back({{"name", stage.name},
                      {"jobs", stage.jobs},
                      {"seconds", real(stage.seconds)},
                      {"bytes", real(stage.bytes)}});
  }
  return {{"facts", facts}, {"stages", stages}, {"recipe", content.recipe}};
}

Json pictures_json(const std::vector<TaskPictures>& tasks) {
  const auto uri = [](const std::string& png) {
    return png.empty() ? Json(nullptr) : Json("data:image/png;base64," + base64(png));
  };
  Json all = Json::array();
  for (const auto& task : tasks) {
    Json pictures = Json::array();
    for (const auto& picture : task.pictures) {
      pictures.push_back({{"image", picture.image},
                          {"input", uri(picture.input)},
                          {"target", uri(picture.target)},
                          {"prediction", uri(picture.prediction)}});
    }
    all.push_back({{"task", task.task}, {"pictures", std::move(pictures)}});
  }
  return all;
}

Json interval(const analysis::Interval& interval) {
  return Json::array({real(interval.estimate), real(interval.low), real(interval.high)});
}

Json tree_json(const std::optional<analysis::TaskTree>& tree, const PageIndex& index) {
  if (!tree) return nullptr;
  Json order = Json::array(), merges = Json::array();
  for (const std::size_t leaf : analysis::leaf_order(*tree)) order.push_back(index.task(tree->tasks[leaf]));
  for (const auto& merge : tree->merges)
    merges.push_back(Json::array({merge.left, merge.right, real(merge.height)}));
  return {{"leaves", index.tasks(tree->tasks)},
          {"order", std::move(order)},
          {"merges", std::move(merges)},
          {"cophenetic", real(tree->cophenetic)},
          {"newick", analysis::newick(*tree)}};
}

Json bootstrap_json(const PageContent& content, const PageIndex& index) {
  if (!content.bootstrap) return nullptr;
  const auto& bootstrap = *content.bootstrap;
  std::vector<Json> low(content.table.rows.size()), high(content.table.rows.size());
  for (const auto& transfer : bootstrap.transfers) {
    affinity::AffinityRow row;
    row.sources = transfer.sources;
    row.target = transfer.target;
    const auto place = index.find(row);
    if (!place) continue;
    low[*place] = real(transfer.affinity.low);
    high[*place] = real(transfer.affinity.high);
  }
  Json budgets = Json::array();
  for (const auto& stability : bootstrap.budgets) {
    Json sources = Json::array();
    for (const auto& source : stability.sources)
      sources.push_back(Json::array({index.task(source.source), source.probability}));
    budgets.push_back({{"budget", stability.budget}, {"sources", std::move(sources)}});
  }
  return {{"replicates", bootstrap.options.replicates},
          {"level", bootstrap.options.level},
          {"images", bootstrap.images},
          {"rows", {{"low", low}, {"high", high}}},
          {"budgets", std::move(budgets)}};
}

Json comparison_json(const PageContent& content) {
  if (!content.comparison) return nullptr;
  const auto& comparison = *content.comparison;
  Json targets = Json::array();
  for (const auto& agreement : comparison.targets) {
    targets.push_back({{"target", agreement.target},
                       {"spearman", interval(agreement.spearman)},
                       {"best", agreement.best_in_a},
                       {"other_best", agreement.best_in_b},
                       {"sources", agreement.sources.size()}});
  }
  return {{"with", content.compared_with},
          {"spearman", interval(comparison.spearman)},
          {"kendall", interval(comparison.kendall)},
          {"same_best", real(comparison.same_best)},
          {"targets", std::move(targets)}};
}

Json significance_json(const PageContent& content) {
  if (content.significance.empty()) return nullptr;
  const auto figures = [](const analysis::AgainstRandom& one) {
    return Json::array({real(one.optimum), real(one.mean), real(one.deviation), real(one.p)});
  };
  Json budgets = Json::array();
  for (const auto& one : content.significance)
    budgets.push_back(
        {{"budget", one.budget}, {"gain", figures(one.gain)}, {"quality", figures(one.quality)}});
  return {{"count", content.significance.front().gain.random.size()}, {"budgets", std::move(budgets)}};
}

Json metrics_json(const std::vector<MetricRow>& rows) {
  Json groups = Json::array();
  std::map<std::pair<std::string, std::string>, std::size_t> places;
  for (const auto& row : rows) {
    const auto [place, fresh] = places.emplace(std::pair{row.target, row.metric}, groups.size());
    if (fresh)
      groups.push_back({{"target", row.target},
                        {"metric", row.metric},
                        {"unit", row.unit},
                        {"higher", row.higher_is_better},
                        {"values", Json::array()}});
    groups[place->second]["values"].push_back(Json::array({row.competitor, real(row.value)}));
  }
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

Json start_json(const Optima& optima) {
  if (optima.presets.empty()) return nullptr;
  const Start start = start_of(optima);
  return {{"front", start.front}, {"optimum", start.taxonomy}};
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

std::string page_json(const PageContent& content, const Optima& optima) {
  const PageIndex index(content.table);
  const auto targets = content.table.targets();
  Json cost = Json::array(), importance = Json::array(), missing = Json(content.missing);
  for (const auto& task : index.tasks()) cost.push_back(of(content.cost, task));
  for (const auto& target : targets) importance.push_back(of(content.importance, target));
  for (const auto& sentence : optima.left_out) missing.push_back(sentence);
  const Json page{{"title", content.title},
                  {"of_run", content.of_run},
                  {"tasks", index.tasks()},
                  {"targets", index.tasks(targets)},
                  {"cost", cost},
                  {"importance", importance},
                  {"favour", kFavour},
                  {"rows", rows_json(content.table, index)},
                  {"presets", presets_json(optima, index)},
                  {"start", start_json(optima)},
                  {"tree", tree_json(tree_of(content.table), index)},
                  {"bootstrap", bootstrap_json(content, index)},
                  {"comparison", comparison_json(content)},
                  {"significance", significance_json(content)},
                  {"checks", checks_json(content.checks)},
                  {"metrics", metrics_json(content.metrics)},
                  {"missing", missing},
                  {"made", made_json(content)},
                  {"pictures", pictures_json(content.pictures)}};
  return script_safe(page.dump(-1, ' ', false, Json::error_handler_t::replace));
}

std::string base64(const std::string& bytes) {
  constexpr char kLetters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - at);
    std::uint32_t group = 0;  // 24 bits: three bytes, four letters
    for (std::size_t i = 0; i < 3; ++i)
      group = group << 8U | (i < count ? static_cast<unsigned char>(bytes[at + i]) : 0U);
    for (std::size_t i = 0; i < 4; ++i) text += i <= count ? kLetters[group >> (18U - 6U * i) & 63U] : '=';
  }
  return text;
}

}  // namespace taskonomy::report
