#include "core/report/page_optima.hpp"

#include <set>

#include "core/base/error.hpp"

namespace taskonomy::report {

namespace {

/// Beyond these orders hardly anything is gained (the paper's Figure on orders): where time is short they and
/// the largest stand for all.
constexpr std::size_t kTellingOrders = 4;

std::vector<std::size_t> orders_of(const affinity::AffinityTable& table) {
  std::set<std::size_t> orders;
  for (const auto& row : table.rows) orders.insert(row.sources.size());
  return {orders.begin(), orders.end()};
}

std::vector<std::size_t> telling(std::vector<std::size_t> orders) {
  const std::size_t largest = orders.back();
  std::erase_if(orders, [&](std::size_t order) { return order > kTellingOrders && order != largest; });
  return orders;
}

/// The fronts of one choice of importances; orders at which nothing is feasible are named once.
std::vector<Front> fronts(const affinity::AffinityTable& table, const std::vector<std::size_t>& orders,
                          taxonomy::Options options, std::vector<std::string>& left_out) {
  std::vector<Front> all;
  for (const std::size_t order : orders) {
    options.max_order = order;
    try {
      all.push_back({order, taxonomy::sweep(table, options)});
    } catch (const base::Error& error) {
      const bool too_large = options.time_limit > 0.0;  // nothing at all was found in time
      if (error.code() != base::ExitCode::infeasible && !too_large) throw;
      left_out.push_back("Orders up to " + std::to_string(order) + ": " + error.what() + ".");
    }
  }
  return all;
}

}  // namespace

Optima solve_all(const affinity::AffinityTable& table, const std::map<std::string, double>& cost,
                 const std::map<std::string, double>& importance) {
  Optima optima;
  if (table.rows.empty()) return optima;
  taxonomy::Options options;
  options.cost = cost;
  options.importance = importance;
  options.validate(table);
  auto orders = orders_of(table);
  if (table.rows.size() > kSweepTransfers) {
    orders = telling(orders);
    options.time_limit = kSecondsPerSweep;
  }
  Preset asked{"", fronts(table, orders, options, optima.left_out)};
  if (asked.fronts.empty()) return optima;
  optima.presets.push_back(std::move(asked));
  if (table.rows.size() > kPresetTransfers) {
    optima.left_out.push_back("Targets are not favoured in turn: the table has more than " +
                              std::to_string(kPresetTransfers) + " transfers.");
    return optima;
  }
  std::vector<std::string> said;  // once, above
  for (const auto& target : table.targets()) {
    options.importance = importance;
    const auto own = importance.find(target);
    options.importance[target] = kFavour * (own == importance.end() ? 1.0 : own->second);
    optima.presets.push_back({target, fronts(table, telling(orders), options, said)});
  }
  return optima;
}

analysis::LabelPlan plan_of(const PageContent& content, const Optima& optima) {
  return analysis::label_plan(optima.presets.front().fronts.back().taxonomies, content.prices,
                              content.judgement);
}

Start start_of(const PageContent& content, const Optima& optima) {
  const auto& fronts = optima.presets.front().fronts;
  const auto plan = plan_of(content, optima);
  Start start{fronts.size() - 1, 0};
  const auto& taxonomies = fronts.back().taxonomies;
  while (taxonomies[start.taxonomy].budget < plan.steps[plan.enough].budget) ++start.taxonomy;
  return start;
}

}  // namespace taskonomy::report
