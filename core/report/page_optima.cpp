#include "core/report/page_optima.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "core/base/error.hpp"
#include "core/taxonomy/deadline.hpp"

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

/// The cost of all sources of a table.
double cost_of_all(const affinity::AffinityTable& table, const std::map<std::string, double>& cost) {
  double sum = 0.0;
  for (const auto& source : table.sources()) {
    const auto found = cost.find(source);
    sum += found == cost.end() ? 1.0 : found->second;
  }
  return sum;
}

/// The optima of a few budgets, from that of all sources down to a twentieth of it: what a table gets that is too large
/// for a sweep. Budgets that are too small, or for which no time is left, are missing.
std::vector<taxonomy::Taxonomy> few_budgets(const affinity::AffinityTable& table, taxonomy::Options options,
                                            const taxonomy::Deadline& deadline) {
  const std::vector<double> shares{1.0, 0.5, 0.25, 0.1, 0.05};
  const double all = cost_of_all(table, options.cost);
  std::vector<taxonomy::Taxonomy> found;
  for (std::size_t k = 0; k < shares.size(); ++k) {
    options.time_limit = deadline.share(1.0 / static_cast<double>(shares.size() - k)).left();
    const double budget = k == 0 ? all : std::floor(all * shares[k]);
    try {
      found.push_back(taxonomy::solve(table, budget, options));
    } catch (const base::Error&) {
      break;  // smaller ones are no easier
    }
    if (deadline.over()) break;
  }
  std::reverse(found.begin(), found.end());
  return found;
}

/// The optima of every budget at the order of `options`, within the time that is left.
std::vector<taxonomy::Taxonomy> sweep_in_time(const affinity::AffinityTable& table, taxonomy::Options options,
                                              const taxonomy::Deadline& deadline) {
  options.time_limit = deadline.share(0.6).left();
  try {
    return taxonomy::sweep(table, options);
  } catch (const base::Error& error) {
    if (error.code() == base::ExitCode::infeasible || options.time_limit == 0.0) throw;
    auto found = few_budgets(table, options, deadline);  // no budget of the sweep was solved in time
    if (found.empty()) throw;
    return found;
  }
}

/// The fronts of one choice of importances; orders at which nothing is feasible are named once. The largest order, which
/// says most, comes first where time is short.
std::vector<Front> fronts(const affinity::AffinityTable& table, const std::vector<std::size_t>& orders,
                          taxonomy::Options options, const taxonomy::Deadline& deadline, const PageTime& time,
                          std::vector<std::string>& left_out) {
  std::vector<Front> all;
  for (std::size_t left = orders.size(); left > 0; --left) {
    options.max_order = orders[left - 1];
    time.say("solving every budget; sources per transfer: at most " + std::to_string(options.max_order));
    const bool last = left == orders.size();
    try {
      all.push_back(
          {options.max_order,
           sweep_in_time(table, options, deadline.share(last ? 0.5 : 1.0 / static_cast<double>(left)))});
    } catch (const base::Error& error) {
      const bool too_large = options.time_limit > 0.0 || deadline.left() > 0.0;
      if (error.code() != base::ExitCode::infeasible && !too_large) throw;
      left_out.push_back("Orders up to " + std::to_string(options.max_order) + ": " + error.what() + ".");
    }
  }
  std::reverse(all.begin(), all.end());
  return all;
}

/// Solves one table within one time limit.
class Sweeps {
 public:
  Sweeps(const affinity::AffinityTable& table, const std::map<std::string, double>& cost,
         const std::map<std::string, double>& importance, const PageTime& time)
      : table_(table),
        time_(time),
        large_(table.rows.size() > kPresetTransfers),
        deadline_(time.seconds > 0.0 ? time.seconds
                  : large_           ? kPageSeconds
                                     : 0.0) {
    options_.cost = cost;
    options_.importance = importance;
    options_.validate(table);
  }

  Optima asked() {
    Optima optima;
    auto orders = orders_of(table_);
    if (large_) orders = telling(orders);
    Preset preset{"", fronts(table_, orders, options_, deadline_, time_, optima.left_out)};
    if (!preset.fronts.empty()) optima.presets.push_back(std::move(preset));
    return optima;
  }

  void favour_in_turn(Optima& optima) {
    if (large_) {
      optima.left_out.push_back("Targets are not favoured in turn: the table has more than " +
                                std::to_string(kPresetTransfers) + " transfers.");
      return;
    }
    std::vector<std::string> said;  // once, of importances as asked
    const auto targets = table_.targets();
    for (std::size_t k = 0; k < targets.size(); ++k) {
      if (deadline_.over()) {
        optima.left_out.push_back("Targets favoured in turn: time was over after " + std::to_string(k) +
                                  " of " + std::to_string(targets.size()) + "; --time-limit gives more.");
        return;
      }
      time_.say("favouring targets in turn, " + std::to_string(k + 1) + " of " +
                std::to_string(targets.size()));
      auto options = options_;
      const auto own = options.importance.find(targets[k]);
      options.importance[targets[k]] = kFavour * (own == options.importance.end() ? 1.0 : own->second);
      auto solved = fronts(table_, telling(orders_of(table_)), options,
                           deadline_.share(1.0 / static_cast<double>(targets.size() - k)), {}, said);
      if (!solved.empty()) optima.presets.push_back({targets[k], std::move(solved)});
    }
  }

 private:
  const affinity::AffinityTable& table_;
  const PageTime& time_;
  bool large_;
  taxonomy::Options options_;
  taxonomy::Deadline deadline_;
};

}  // namespace

Optima solve_asked(const affinity::AffinityTable& table, const std::map<std::string, double>& cost,
                   const std::map<std::string, double>& importance, const PageTime& time) {
  if (table.rows.empty()) return {};
  return Sweeps(table, cost, importance, time).asked();
}

Optima solve_all(const affinity::AffinityTable& table, const std::map<std::string, double>& cost,
                 const std::map<std::string, double>& importance, const PageTime& time) {
  if (table.rows.empty()) return {};
  Sweeps sweeps(table, cost, importance, time);
  Optima optima = sweeps.asked();
  if (!optima.presets.empty()) sweeps.favour_in_turn(optima);
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
