#include "core/report/taxonomy_json.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/analysis/means.hpp"
#include "core/base/csv.hpp"
#include "core/base/files.hpp"
#include "core/base/text.hpp"
#include "core/report/json_values.hpp"

namespace taskonomy::report {

namespace {

using Json = nlohmann::ordered_json;

/// Whole numbers as such, so that a budget of 8 reads 8; unknown as null.
Json number(double value) {
  if (!std::isfinite(value)) return nullptr;
  if (value == std::floor(value) && std::abs(value) < 1e15) return static_cast<long long>(value);
  return value;
}

Json json_of(const taxonomy::Taxonomy& taxonomy, bool with_seconds) {
  const auto means = analysis::means_of(taxonomy);
  Json transfers = Json::array();
  for (const auto& row : taxonomy.transfers) {
    transfers.push_back({{"target", row.target}, {"sources", row.sources}, {"affinity", real(row.affinity)}});
    if (!std::isnan(row.labels)) transfers.back()["labels"] = number(row.labels);
  }
  Json json{{"budget", number(taxonomy.budget)},
            {"max_order", taxonomy.max_order},
            {"transform", taxonomy::name_of(taxonomy.transform)},
            {"objective", real(taxonomy.objective)},
            {"status", taxonomy::name_of(taxonomy.status)},
            {"sources", taxonomy.sources},
            {"transfers", std::move(transfers)},
            {"mean_gain", real(means.gain)},
            {"mean_quality", real(means.quality)}};
  if (taxonomy.goal != taxonomy::Objective::affinity) json["goal"] = taxonomy::name_of(taxonomy.goal);
  if (taxonomy.label_cost > 0.0) json["label_cost"] = number(taxonomy.label_cost);
  if (taxonomy.status != taxonomy::Status::optimal) {
    json["bound"] = real(taxonomy.bound);
    json["gap"] = real(taxonomy.gap());
  }
  if (with_seconds) json["seconds"] = taxonomy.seconds;
  return json;
}

Json json_of(const std::vector<taxonomy::Taxonomy>& sweep, bool with_seconds) {
  Json array = Json::array();
  for (const auto& taxonomy : sweep) array.push_back(json_of(taxonomy, with_seconds));
  return array;
}

}  // namespace

std::string to_json(const taxonomy::Taxonomy& taxonomy) { return text_of(json_of(taxonomy, true)); }

std::string to_json(const std::vector<taxonomy::Taxonomy>& sweep) { return text_of(json_of(sweep, true)); }

void write_taxonomy_json(const std::filesystem::path& path, const std::vector<taxonomy::Taxonomy>& sweep) {
  base::write_file(path, text_of(json_of(sweep, false)) + "\n");
}

std::string to_csv(const std::vector<taxonomy::Taxonomy>& sweep) {
  const auto optional = [](double value) { return std::isnan(value) ? std::string() : base::number(value); };
  bool with_labels = false;
  for (const auto& taxonomy : sweep) {
    for (const auto& row : taxonomy.transfers) with_labels = with_labels || !std::isnan(row.labels);
  }
  std::string result =
      std::string("budget,sources,target,affinity,gain,quality") + (with_labels ? ",labels" : "") + "\n";
  for (const auto& taxonomy : sweep) {
    for (const auto& row : taxonomy.transfers) {
      result += base::number(taxonomy.budget) + "," + base::csv_cell(base::join(row.sources, "+")) + "," +
                base::csv_cell(row.target) + "," + base::number(row.affinity) + "," + optional(row.gain) +
                "," + optional(row.quality) + (with_labels ? "," + optional(row.labels) : "") + "\n";
    }
  }
  return result;
}

}  // namespace taskonomy::report
