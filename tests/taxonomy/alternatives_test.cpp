// All options of the solver, and what is asked beside the optimum, against every choice on small random
// tables.
#include <cmath>
#include <map>

#include "core/base/error.hpp"
#include "core/taxonomy/alternatives.hpp"
#include "core/taxonomy/exchange.hpp"
#include "core/taxonomy/relaxation.hpp"
#include "core/taxonomy/taxonomy.hpp"
#include "tests/support/testing.hpp"
#include "tests/taxonomy/every_choice.hpp"

using namespace taskonomy;
using namespace taskonomy::taxonomy_test;
using affinity::AffinityTable;
using taxonomy::Options;
using taxonomy::Solver;

namespace {

bool close(double a, double b) { return std::abs(a - b) <= 1e-9 * std::max(1.0, std::abs(b)); }

/// Random tables with an answer at a random budget: body(table, options, choices, budget).
template <typename Body>
void for_random_instances(unsigned seed, int count, unsigned rows, bool ties, Body&& body) {
  std::mt19937 engine(seed);
  for (int done = 0; done < count;) {
    const auto table = random_table(engine, rows, ties);
    const auto options = random_options(engine, table);
    const double budget = static_cast<double>(engine() % 12) * 0.3;
    const auto choices = every_choice(table, options);
    if (choices.empty() || std::isnan(optimum_of(choices, budget))) continue;
    ++done;
    CAPTURE(done);
    body(table, options, choices, budget);
  }
}

std::string refusal(const AffinityTable& table, double budget, const Options& options) {
  try {
    (void)taxonomy::solve(table, budget, options);
  } catch (const base::Error& error) {
    return error.what();
  }
  return "";
}

/// Sources of a choice that tell it from others: those with a cost that are not forced.
std::set<std::string> telling(const std::set<std::string>& sources, const Options& options) {
  std::set<std::string> result;
  for (const auto& source : sources) {
    if (cost_of_source(options, source) > 0.0 && !has(options.force, source)) result.insert(source);
  }
  return result;
}

/// The objectives of the K best by their definition: for each set of sources the best choice from within it,
/// when that uses the set wholly.
std::vector<double> k_best(const std::vector<Choice>& choices, const Options& options, double budget) {
  std::map<std::set<std::string>, const Choice*> best_from;
  std::set<std::set<std::string>> sets;
  for (const auto& choice : choices) sets.insert(telling(choice.sources, options));
  std::vector<double> result;
  for (const auto& set : sets) {
    const Choice* best = nullptr;
    for (const auto& choice : choices) {
      const auto own = telling(choice.sources, options);
      if (!std::includes(set.begin(), set.end(), own.begin(), own.end())) continue;
      double cost = choice.cost;  // the whole set is paid for
      for (const auto& source : set) cost += own.count(source) ? 0.0 : cost_of_source(options, source);
      if (cost > budget + 1e-9) continue;
      if (!best || choice.objective > best->objective) best = &choice;
    }
    if (best && telling(best->sources, options) == set) result.push_back(best->objective);
  }
  std::sort(result.rbegin(), result.rend());
  return result;
}

/// The highest objective within the budget, by trying every edge of every target; NaN when nothing fits.
double best_of_every_assignment(const taxonomy::Problem& problem, double budget) {
  double best = std::nan("");
  taxonomy::Assignment now{std::vector<std::size_t>(problem.targets.size(), 0), 0.0};
  for (;;) {
    double objective = 0.0;
    for (std::size_t t = 0; t < now.edge.size(); ++t)
      objective += problem.importance[t] * problem.edges[t][now.edge[t]].value;
    if (taxonomy::within(taxonomy::cost_of(problem, now), budget) && !(best >= objective)) best = objective;
    std::size_t t = 0;
    while (t < now.edge.size() && ++now.edge[t] == problem.edges[t].size()) now.edge[t++] = 0;
    if (t == now.edge.size()) return best;
  }
}

}  // namespace

TEST_CASE("the optimum equals every choice's best, with all options and label sizes") {
  for (const bool ties : {false, true}) {
    for_random_instances(ties ? 1u : 2u, 300, 12, ties,
                         [](const auto& table, const auto& options, const auto& choices, double budget) {
                           const auto found = taxonomy::solve(table, budget, options);
                           CHECK(found.status == taxonomy::Status::optimal);
                           CHECK(found.gap() == 0.0);
                           CHECK(close(found.objective, optimum_of(choices, budget)));
                           CHECK(found.cost <= budget + 1e-9);
                           double cost = 0.0;
                           for (const auto& source : found.sources) cost += cost_of_source(options, source);
                           double labels = 0.0;
                           for (const auto& row : found.transfers) {
                             if (!row.is_self() && options.label_price > 0.0)
                               labels += options.label_price * row.labels;
                             for (const auto& source : row.sources) CHECK(has(found.sources, source));
                           }
                           for (const auto& name : options.force) CHECK(has(found.sources, name));
                           for (const auto& name : options.forbid) CHECK_FALSE(has(found.sources, name));
                           CHECK(close(found.label_cost, labels));
                           CHECK(close(found.cost, cost + labels));
                         });
  }
}

TEST_CASE("infeasible is said exactly when no choice fits") {
  std::mt19937 engine(77);
  int infeasible = 0;
  while (infeasible < 100) {
    const auto table = random_table(engine, 8, true);
    const auto options = random_options(engine, table);
    const double budget = static_cast<double>(engine() % 6) * 0.3;
    const bool fits = !std::isnan(optimum_of(every_choice(table, options), budget));
    infeasible += fits ? 0 : 1;
    CHECK(refusal(table, budget, options).empty() == fits);
  }
}

TEST_CASE("every bound of the relaxation is above the optimum, and what it takes away no better one needs") {
  for_random_instances(3, 200, 12, false,
                       [](const auto& table, const auto& options, const auto& choices, double budget) {
                         const auto problem = taxonomy::make_problem(table, options);
                         if (problem.committed > budget) return;
                         taxonomy::Relaxation relaxation(problem, budget);
                         const double optimum = optimum_of(choices, budget);
                         for (const int steps : {1, 5, 50, 400}) {
                           taxonomy::Relaxation::Effort effort;
                           effort.steps = steps;
                           effort.cutoff = 0.5 * optimum;
                           const auto bound = relaxation.tighten({}, effort);
                           CHECK(bound.value >= optimum - 1e-9);
                           const auto rest = relaxation.reduce(bound, optimum - 1e-6);
                           REQUIRE(rest.has_value());
                           CHECK(close(best_of_every_assignment(*rest, budget), optimum));
                         }
                       });
}

TEST_CASE("the K best are those of the definition, each once and in order") {
  for_random_instances(4, 200, 10, false,
                       [](const auto& table, const auto& options, const auto& choices, double budget) {
                         const auto expected = k_best(choices, options, budget);
                         Solver solver(table, options);
                         const auto found = taxonomy::best_taxonomies(solver, budget, 6);
                         // Importances of 0 and dominated ties can make an optimum of several equal sets; the
                         // values must agree.
                         REQUIRE(found.size() >= std::min<std::size_t>(expected.size(), 1));
                         std::set<Names> sets;
                         for (std::size_t k = 0; k < found.size(); ++k) {
                           CHECK(sets.insert(found[k].sources).second);
                           CHECK(found[k].cost <= budget + 1e-9);
                           if (k > 0) CHECK(found[k].objective <= found[k - 1].objective + 1e-12);
                           if (options.importance.empty() && k < expected.size())
                             CHECK(close(found[k].objective, expected[k]));
                         }
                         if (options.importance.empty())
                           CHECK(found.size() == std::min<std::size_t>(expected.size(), 6));
                       });
}

TEST_CASE("reasons: what each other transfer loses, and the budget it needs, by definition") {
  for_random_instances(
      5, 150, 12, false, [](const auto& table, const auto& options, const auto& choices, double budget) {
        Solver solver(table, options);
        const auto target = solver.problem().targets.back();
        const auto reasons = taxonomy::reasons_for(solver, target, budget, 100);
        CHECK(reasons.alternatives.size() + 1 == solver.problem().edges.back().size());
        const double optimum = optimum_of(choices, budget);
        for (const auto& alternative : reasons.alternatives) {
          std::vector<Choice> with;
          for (const auto& choice : choices) {
            const auto& row = *choice.rows.back();
            const bool same_labels = row.labels == alternative.row.labels ||
                                     (std::isnan(row.labels) && std::isnan(alternative.row.labels));
            if (row.sources == alternative.row.sources && same_labels) with.push_back(choice);
          }
          const double best = optimum_of(with, budget);
          CHECK(std::isnan(best) == std::isnan(alternative.loss));
          if (!std::isnan(best)) CHECK(close(alternative.loss, optimum - best));
          if (std::isnan(alternative.budget_needed)) {
            CHECK_FALSE(optimum_of(with, 1e9) >= optimum - 1e-12);
          } else {
            CHECK(optimum_of(with, alternative.budget_needed) >= optimum - 1e-9);
            // Budgets are exact where labels are free: a little less does not do.
            const bool now = alternative.budget_needed <= budget + 1e-9;
            if (!now && options.label_price == 0.0)
              CHECK_FALSE(optimum_of(with, alternative.budget_needed - 0.01) >= optimum + 1e-9);
          }
        }
      });
}

TEST_CASE("what force and forbid cost, and one more unit of budget") {
  for_random_instances(
      6, 150, 12, false, [](const auto& table, const auto& options, const auto& choices, double budget) {
        Options free = options;
        free.force.clear();
        free.forbid.clear();
        const double free_optimum = optimum_of(every_choice(table, free), budget);
        Solver solver(table, options);
        const auto answer = solver.at(budget);
        const auto costs = taxonomy::restriction_costs(table, options, answer);
        CHECK(close(costs.free_objective, free_optimum));
        CHECK(close(costs.loss, free_optimum - optimum_of(choices, budget)));
        CHECK(costs.single.size() == options.force.size() + options.forbid.size());
        for (const auto& single : costs.single) {
          Options one = free;
          (single.forced ? one.force : one.forbid).push_back(single.name);
          CHECK(close(single.loss, free_optimum - optimum_of(every_choice(table, one), budget)));
          CHECK(single.loss <= costs.loss + 1e-9);
        }
        CHECK(close(taxonomy::marginal_value(solver, answer),
                    optimum_of(choices, budget + 1.0) - optimum_of(choices, budget)));
      });
}

TEST_CASE("a sweep's front rises, and the spans say who is trained at each budget") {
  for_random_instances(7, 60, 12, true,
                       [](const auto& table, const auto& options, const auto& choices, double) {
                         const auto sweep = taxonomy::sweep(table, options);
                         for (const auto& each : sweep)
                           CHECK(close(each.objective, optimum_of(choices, each.budget)));
                         const auto front = taxonomy::pareto_front(sweep);
                         for (std::size_t k = 1; k < front.size(); ++k) {
                           CHECK(front[k].budget > front[k - 1].budget);
                           CHECK(front[k].objective > front[k - 1].objective);
                         }
                         CHECK(close(front.back().objective, optimum_of(choices, 1e9)));
                         const auto spans = taxonomy::source_spans(sweep);
                         for (const auto& each : sweep) {
                           Names trained;
                           for (const auto& source : spans) {
                             for (const auto& [enters, leaves] : source.spans) {
                               if (enters <= each.budget && each.budget < leaves)
                                 trained.push_back(source.source);
                             }
                           }
                           std::sort(trained.begin(), trained.end());
                           CHECK(trained == each.sources);
                         }
                       });
}

TEST_CASE("contradictions and numbers that mean nothing are refused by name") {
  const AffinityTable table{{{{"a"}, "a", 0.6, 0.7, 0.5}, {{"b"}, "a", 0.3, 0.6, 0.4}, {{"b"}, "b", 0.7}}};
  Options options;
  options.force = {"a"};
  options.forbid = {"a"};
  CHECK(refusal(table, 2, options) == "force: \"a\" is forbidden too");
  options.forbid.clear();
  options.exclude = {"a"};
  CHECK(refusal(table, 2, options) == "force: \"a\" is excluded too");
  options = {};
  options.force = {"a", "b"};
  CHECK(refusal(table, 1, options).find("the forced sources (a, b) cost 2, more than the budget of 1") == 0);
  options = {};
  options.forbid = {"a", "b"};
  CHECK(refusal(table, 9, options).find("no transfer to \"a\" is left") != std::string::npos);
  options = {};
  options.objective = taxonomy::Objective::gain;
  CHECK(refusal(table, 2, options).find("objective: b -> b has no gain") == 0);
  options.objective = taxonomy::Objective::affinity;
  options.label_price = 1;
  CHECK(refusal(table, 2, options).find("label-price: b -> a does not say how many labels") == 0);
  options.label_price = std::nan("");
  CHECK(refusal(table, 2, options).find("label-price: expected a number >= 0, got nan") == 0);
  options = {};
  options.importance["a"] = std::nan("");
  CHECK(refusal(table, 2, options).find("importance: a: expected a number >= 0, got nan") == 0);
  options = {};
  options.cost["a"] = -2;
  CHECK(refusal(table, 2, options).find("cost: a: expected a number >= 0, got -2") == 0);
}

TEST_CASE("ten thousand tasks: solved and proven, and a misspelt one is not answered with all names") {
  std::mt19937 engine(10);
  AffinityTable table;
  for (int i = 0; i < 10000; ++i) {
    const std::string name = "task" + std::to_string(i);
    table.rows.push_back({{name}, name, 0.7});
    if (i % 100 == 0) continue;
    const double value = 0.3 + static_cast<double>(engine() % 1000000) / 4e6;
    table.rows.push_back({{"task" + std::to_string(i / 100 * 100)}, name, value});
  }
  const auto found = taxonomy::solve(table, 105, {});
  CHECK(found.status == taxonomy::Status::optimal);
  CHECK(found.sources.size() == 105);
  Options options;
  options.cost["taks77"] = 1;
  CHECK(refusal(table, 105, options).size() < 2000);
  CHECK(refusal(table, 99, {}).find("the smallest that works is 100") != std::string::npos);
}

namespace {

/// `tasks` tasks, each served by each task alone and by pairs, without any structure to prune by.
AffinityTable hard_table(int tasks) {
  std::mt19937 engine(9);
  AffinityTable table;
  for (int t = 0; t < tasks; ++t) {
    for (int s = 0; s < tasks; ++s) {
      const double value = static_cast<double>(engine() % 1000000) / 1e6;
      const std::string source = "t" + std::to_string(s);
      const std::string other = "t" + std::to_string((s * 7 + t) % tasks);
      const std::string target = "t" + std::to_string(t);
      table.rows.push_back({{source}, target, 0.3 * value});
      if (source != other) table.rows.push_back({{source, other}, target, value});
    }
  }
  return table;
}

/// The answer to a question under the shortest time limit, doubled from a millisecond on, that is enough for one. A
/// proof needs many times as long, on machines of any speed.
template <typename Question>
auto first_answer(Options& options, const Question& question) {
  for (options.time_limit = 0.001;; options.time_limit *= 2.0) {
    try {
      return question();
    } catch (const base::Error&) {
      if (options.time_limit > 1000.0) throw;
    }
  }
}

}  // namespace

TEST_CASE("a time limit leaves the best found and a bound that holds") {
  const auto table = hard_table(60);
  Options options;
  const auto found = first_answer(options, [&] { return taxonomy::solve(table, 20, options); });
  CHECK(found.status == taxonomy::Status::time_limit);
  CHECK(found.transfers.size() == 60);
  CHECK(found.bound > found.objective);
  CHECK(found.gap() == doctest::Approx(found.bound / found.objective - 1.0));
  options.time_limit *= 8.0;
  const auto longer = taxonomy::solve(table, 20, options);
  CHECK(longer.objective <= found.bound + 1e-9);  // no bound was too low
}

TEST_CASE("under a time limit every kind of question has an answer, as far as time went") {
  const auto table = hard_table(120);
  Options options;
  const auto sweep = first_answer(options, [&] { return taxonomy::sweep(table, options); });
  REQUIRE_FALSE(sweep.empty());
  for (std::size_t k = 0; k < sweep.size(); ++k) {
    CHECK(sweep[k].transfers.size() == 120);
    CHECK(sweep[k].cost <= sweep[k].budget);
    if (k > 0) CHECK(sweep[k].budget > sweep[k - 1].budget);
  }
  const auto best = first_answer(options, [&] {
    Solver enumerating(table, options);
    return taxonomy::best_taxonomies(enumerating, 20, 1000);
  });
  CHECK(best.front().status == taxonomy::Status::time_limit);
  CHECK(best.size() < 1000);
  const auto reasons = first_answer(options, [&] {
    Solver explaining(table, options);
    return taxonomy::reasons_for(explaining, "t1", 20, 1000);
  });
  CHECK_FALSE(reasons.in_time);
  CHECK(reasons.chosen.target == "t1");
}
