// The figures of a novel task for programs.
#include <cmath>

#include "core/base/csv.hpp"
#include "core/base/text.hpp"
#include "core/report/json_values.hpp"
#include "core/report/novel_task_reports.hpp"

namespace taskonomy::report {

namespace {

using Json = nlohmann::ordered_json;
using analysis::NovelTask;

Json choice_json(const NovelTask& task, const analysis::NovelChoice& choice) {
  Json json{{"budget", choice.budget}};
  if (!choice.paid.empty()) json["paid"] = choice.paid;
  json["sources"] = choice.transfer ? Json(task.transfers[*choice.transfer].sources) : Json(nullptr);
  return json;
}

Json choices_json(const NovelTask& task, const std::vector<analysis::NovelChoice>& choices) {
  Json array = Json::array();
  for (const auto& choice : choices) array.push_back(choice_json(task, choice));
  return array;
}

std::string cell(double value) { return std::isnan(value) ? std::string() : base::number(value); }

std::string cells(const analysis::Interval& interval) {
  return cell(interval.estimate) + "," + cell(interval.low) + "," + cell(interval.high);
}

}  // namespace

std::string to_json(const NovelTask& task) {
  Json transfers = Json::array(), orders = Json::array();
  std::size_t largest = 0;
  for (const auto& one : task.transfers) {
    largest = std::max(largest, one.sources.size());
    transfers.push_back({{"sources", one.sources},
                         {"cost", one.cost},
                         {"affinity", json_of(one.affinity)},
                         {"gain", json_of(one.gain)},
                         {"quality", json_of(one.quality)},
                         {"best", one.best},
                         {"q", one.q}});
  }
  for (std::size_t order = 1; order <= largest; ++order)
    if (const auto best = task.best_of_order(order))
      orders.push_back({{"order", order}, {"sources", task.transfers[*best].sources}});
  const Json all{{"target", task.target},
                 {"images", task.images},
                 {"replicates", task.options.replicates},
                 {"level", task.options.level},
                 {"block", analysis::name_of(task.options.block)},
                 {"seed", task.options.seed},
                 {"transfers", std::move(transfers)},
                 {"best_by_order", std::move(orders)},
                 {"alone", choices_json(task, task.alone)},
                 {"with_run", choices_json(task, task.with_run)}};
  return text_of(all);
}

std::string to_csv(const NovelTask& task) {
  std::string text =
      "target,sources,order,cost,affinity,affinity_low,affinity_high,gain,gain_low,gain_high,"
      "quality,quality_low,quality_high,best,q\n";
  for (const auto& one : task.transfers)
    text += base::csv_cell(task.target) + "," + base::csv_cell(base::join(one.sources, "+")) + "," +
            std::to_string(one.sources.size()) + "," + base::number(one.cost) + "," + cells(one.affinity) +
            "," + cells(one.gain) + "," + cells(one.quality) + "," + base::number(one.best) + "," +
            base::number(one.q) + "\n";
  return text;
}

}  // namespace taskonomy::report
