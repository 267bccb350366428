// The integer program against brute force, its options, its refusals, and the published table.
#include "core/taxonomy/taxonomy.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <set>

#include "core/base/error.hpp"
#include "tests/support/published.hpp"
#include "tests/support/testing.hpp"
#include "tests/taxonomy/every_choice.hpp"

using namespace taskonomy;
using affinity::AffinityTable;
using taxonomy::Options;
using taxonomy_test::has;
using tests::published;

namespace {

/// Up to 12 transfers among up to 5 tasks, orders 1 to 3, few distinct affinities so that ties are common.
AffinityTable random_table(std::mt19937& engine) {
  const auto below = [&](unsigned n) { return static_cast<unsigned>(engine() % n); };
  const std::vector<std::string> names{"a", "b", "c", "d", "e"};
  AffinityTable table;
  std::set<std::pair<std::string, std::set<std::string>>> seen;
  const unsigned targets = 1 + below(3);
  const unsigned rows = 3 + below(10);
  for (unsigned i = 0; i < rows; ++i) {
    std::set<std::string> sources;
    const unsigned order = 1 + below(3);
    while (sources.size() < order) sources.insert(names[below(5)]);
    const std::string& target = names[below(targets)];
    if (!seen.insert({target, sources}).second) continue;
    table.rows.push_back(
        {{sources.begin(), sources.end()}, target, below(2) ? below(8) / 8.0 : below(1000) / 1e5});
  }
  return table;
}

Options some_options(std::mt19937& engine, const AffinityTable& table) {
  const auto below = [&](unsigned n) { return static_cast<unsigned>(engine() % n); };
  Options options;
  options.max_order = below(4);
  options.transform = below(2) ? taxonomy::Transform::sqrt : taxonomy::Transform::raw;
  for (const auto& task : table.tasks()) {
    if (below(2)) options.importance[task] = below(4) * 0.5;
    if (below(2)) options.cost[task] = below(5) * 0.3;
    switch (below(12)) {
      case 0:
        options.exclude.push_back(task);
        break;
      case 1:
        options.source_only.push_back(task);
        break;
      case 2:
        options.target_only.push_back(task);
        break;
      default:
        break;
    }
  }
  return options;
}

/// The optimum by trying every choice; NaN when none is feasible.
double best_of_all(const AffinityTable& table, double budget, const Options& options) {
  return taxonomy_test::optimum_of(taxonomy_test::every_choice(table, options), budget);
}

/// What every answer must satisfy, whatever the optimum.
void check_sound(const taxonomy::Taxonomy& found, const Options& options) {
  double cost = 0.0;
  double objective = 0.0;
  std::set<std::string> used;
  for (const auto& source : found.sources) cost += options.cost.count(source) ? options.cost.at(source) : 1.0;
  for (const auto& row : found.transfers) {
    for (const auto& source : row.sources) {
      CHECK(has(found.sources, source));
      used.insert(source);
    }
    const double value =
        options.transform == taxonomy::Transform::sqrt ? std::sqrt(row.affinity) : row.affinity;
    objective += value * (options.importance.count(row.target) ? options.importance.at(row.target) : 1.0);
  }
  CHECK(used.size() == found.sources.size());
  CHECK(std::is_sorted(found.sources.begin(), found.sources.end()));
  CHECK(cost <= found.budget + 1e-9);
  CHECK(cost == doctest::Approx(found.cost));
  CHECK(objective == doctest::Approx(found.objective));
}

AffinityTable chain() {
  return {{{{"a"}, "a", 0.6},
           {{"b"}, "a", 0.3},
           {{"b"}, "b", 0.7},
           {{"a"}, "b", 0.1},
           {{"c"}, "a", 0.3},
           {{"c"}, "b", 0.1}}};
}

std::string refusal(const AffinityTable& table, double budget, const Options& options, base::ExitCode code) {
  try {
    (void)taxonomy::solve(table, budget, options);
  } catch (const base::Error& error) {
    CHECK(error.code() == code);
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("the program equals brute force on 600 random instances with all options") {
  std::mt19937 engine(2018);
  int feasible = 0;
  int infeasible = 0;
  while (feasible < 400 || infeasible < 50) {
    const auto table = random_table(engine);
    const auto options = some_options(engine, table);
    const double budget = static_cast<double>(engine() % 9) * 0.3;
    const double expected = best_of_all(table, budget, options);
    try {
      const auto found = taxonomy::solve(table, budget, options);
      ++feasible;
      CHECK(found.status == taxonomy::Status::optimal);
      CHECK(found.objective == doctest::Approx(expected).epsilon(1e-9));
      check_sound(found, options);
    } catch (const base::Error& error) {
      ++infeasible;
      CHECK(std::isnan(expected));
    }
  }
}

TEST_CASE("a sweep is the same as solving each budget, from the smallest feasible one, and never falls") {
  std::mt19937 engine(5);
  for (int i = 0; i < 60; ++i) {
    const auto table = random_table(engine);
    const auto options = some_options(engine, table);
    std::vector<taxonomy::Taxonomy> all;
    try {
      all = taxonomy::sweep(table, options);
    } catch (const base::Error&) {
      continue;
    }
    REQUIRE_FALSE(all.empty());
    const double infinite = best_of_all(table, 1e9, options);
    CHECK(all.back().objective == doctest::Approx(infinite).epsilon(1e-9));
    if (all.front().budget > 0.0) {
      CHECK(std::isnan(best_of_all(table, all.front().budget - 0.01, options)));
    }
    for (std::size_t k = 0; k < all.size(); ++k) {
      CHECK(all[k].objective == doctest::Approx(best_of_all(table, all[k].budget, options)).epsilon(1e-9));
      if (k > 0) CHECK(all[k].objective >= all[k - 1].objective - 1e-12);
    }
  }
}

TEST_CASE("affinities in other units give the same taxonomy; importance and cost steer it") {
  auto table = chain();
  Options options;
  CHECK(taxonomy::solve(table, 1, options).sources == std::vector<std::string>{"b"});
  for (auto& row : table.rows) row.affinity *= 1e-3;
  CHECK(taxonomy::solve(table, 1, options).sources == std::vector<std::string>{"b"});
  options.importance["a"] = 5;
  CHECK(taxonomy::solve(table, 1, options).sources == std::vector<std::string>{"a"});
  options.cost["a"] = 2;
  CHECK(taxonomy::solve(table, 1, options).sources == std::vector<std::string>{"b"});
  options.target_only = {"b"};
  CHECK(taxonomy::solve(table, 1, options).sources == std::vector<std::string>{"c"});
}

TEST_CASE("ties: fewer sources, then name order, and nothing that is not needed") {
  const AffinityTable table{
      {{{"z"}, "t", 0.5}, {{"y"}, "t", 0.5}, {{"x", "y"}, "t", 0.5}, {{"z"}, "u", 0.2}, {{"y"}, "u", 0.2}}};
  for (const double budget : {1.0, 2.0, 3.0}) {
    const auto found = taxonomy::solve(table, budget, {});
    CHECK(found.sources == std::vector<std::string>{"y"});
    CHECK(found.transfers[0].sources == std::vector<std::string>{"y"});
  }
}

TEST_CASE("too small a budget is said, with the smallest that works") {
  const AffinityTable table{{{{"a", "b"}, "t", 0.5}, {{"c"}, "t", 0.1}, {{"d"}, "u", 0.1}}};
  Options options;
  options.cost["d"] = 2.5;
  CHECK(refusal(table, 3, options, base::ExitCode::infeasible).find("the smallest that works is 3.5") !=
        std::string::npos);
  CHECK(taxonomy::solve(table, 3.5, options).sources == std::vector<std::string>{"c", "d"});
  options.exclude = {"d"};
  CHECK(refusal(table, 9, options, base::ExitCode::infeasible).find("no transfer to \"u\"") !=
        std::string::npos);
}

TEST_CASE("options that do not fit the table are refused by name") {
  const auto refused = [](const Options& options) {
    return refusal(chain(), 2, options, base::ExitCode::bad_input);
  };
  const AffinityTable table{{{{"normal"}, "normal", 1.0}, {{"depth"}, "normal", 0.5}}};
  Options options;
  options.cost["norml"] = 1;
  CHECK(refusal(table, 1, options, base::ExitCode::bad_input)
            .find("cost: no task \"norml\" in the table; did you mean \"normal\"?") == 0);
  options = {};
  options.exclude = {"q"};
  CHECK(refused(options).find("exclude: no task \"q\"") == 0);
  options = {};
  options.importance["a"] = -1;
  CHECK(refused(options).find("importance: a: expected a number >= 0, got -1") == 0);
  options = {};
  options.source_only = {"a"};
  options.target_only = {"a"};
  CHECK(refused(options).find("both") != std::string::npos);
  options = {};
  options.source_only = {"a", "b"};
  CHECK(refused(options).find("no targets") == 0);
}

TEST_CASE("budgets are the sums of costs") {
  CHECK(taxonomy::budgets_of({1, 1, 0, 2}) == std::vector<double>{0, 1, 2, 3, 4});
  CHECK(taxonomy::budgets_of({0.1, 0.2}).size() == 4);
  CHECK(taxonomy::budgets_of({0.1, 0.2, 0.3}).size() == 7);
  std::vector<double> odd;
  for (int i = 0; i < 40; ++i) odd.push_back(1.0 + std::sqrt(i + 2.0));
  const auto many = taxonomy::budgets_of(odd, 50);
  CHECK(many.size() == 50);
  CHECK(std::is_sorted(many.begin(), many.end()));
}

TEST_CASE(
    "the published table: dominated transfers go, order 4 and 24 are proven, small budgets equal "
    "enumeration") {
  const auto table = published();
  Options options;
  options.cost["random"] = 0;
  options.max_order = 24;
  const auto problem = taxonomy::make_problem(table, options);
  std::size_t edges = 0;
  for (const auto& each : problem.edges) edges += each.size();
  MESSAGE("edges kept: " << edges << " of " << table.rows.size());
  for (const std::size_t order : {4, 24}) {
    options.max_order = order;
    const auto found = taxonomy::solve(table, 8, options);
    MESSAGE("budget 8, order " << order << ": " << found.seconds << " s");
    CHECK(found.status == taxonomy::Status::optimal);
    check_sound(found, options);
  }
  // Every set of three sources beside the free one, from the definition.
  std::vector<std::size_t> paid;
  taxonomy::SourceSet chosen(problem.sources.size(), 0);
  for (std::size_t s = 0; s < problem.sources.size(); ++s) {
    if (problem.cost[s] > 0) paid.push_back(s);
    if (problem.cost[s] == 0) chosen[s] = 1;
  }
  double best = 0.0;
  for (std::size_t i = 0; i < paid.size(); ++i) {
    for (std::size_t j = i + 1; j < paid.size(); ++j) {
      for (std::size_t k = j + 1; k < paid.size(); ++k) {
        auto trial = chosen;
        trial[paid[i]] = trial[paid[j]] = trial[paid[k]] = 1;
        if (const auto found = taxonomy::assign(problem, trial)) best = std::max(best, found->objective);
      }
    }
  }
  CHECK(taxonomy::solve(table, 3, options).objective == doctest::Approx(best).epsilon(1e-10));
}
