#include "core/report/page_json.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "core/report/json_values.hpp"
#include "core/report/page_analysis_json.hpp"
#include "core/report/page_index.hpp"

namespace taskonomy::report {

namespace {

using Json = nlohmann::ordered_json;

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

/// `<` can only stand inside JSON's strings; written as an escape, no text in them ends the script element or
/// opens a comment.
std::string script_safe(const std::string& json) {
  std::string safe;
  safe.reserve(json.size());
  for (const char letter : json) letter == '<' ? safe += "\\u003c" : safe += letter;
  return safe;
}

}  // namespace

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
