// A novel task against every choice tried by hand: the best transfers, budgets, and what a run's sources
// allow.
#include "core/analysis/novel_task.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include "core/base/error.hpp"
#include "core/base/text.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;

namespace {

const std::vector<std::string> kSources{"a", "b", "c", "d"};

/// All first and second orders of four sources into "t", with random losses; self and scratch as asked.
affinity::LossTable random_table(unsigned seed, bool self, std::size_t images = 60) {
  std::mt19937 engine(seed);
  affinity::LossTable table{"t", {}, {}, {}};
  for (std::size_t n = 0; n < images; ++n) table.images.push_back("room/" + std::to_string(n));
  std::vector<std::string> names{affinity::kScratch};
  if (self) names.push_back("t");
  for (std::size_t i = 0; i < kSources.size(); ++i) {
    names.push_back(kSources[i]);
    for (std::size_t j = i + 1; j < kSources.size(); ++j) names.push_back(kSources[i] + "+" + kSources[j]);
  }
  for (const auto& name : names) {
    const double skill = static_cast<double>(engine() % 100) / 100.0;
    std::vector<double> loss;
    for (std::size_t n = 0; n < images; ++n)
      loss.push_back(static_cast<double>(engine() % 1000) / 1000.0 - skill);
    table.add(name, loss);
  }
  return table;
}

double cost_of(const std::vector<std::string>& sources, const std::map<std::string, double>& cost) {
  double sum = 0.0;
  for (const auto& source : sources) sum += cost.count(source) > 0 ? cost.at(source) : 1.0;
  return sum;
}

analysis::BootstrapOptions few() {
  analysis::BootstrapOptions options;
  options.replicates = 40;
  return options;
}

}  // namespace

TEST_CASE("every budget has the best transfer that it pays for, with or without the task's own network") {
  const std::map<std::string, double> cost{{"a", 0.0}, {"b", 2.0}, {"c", 1.5}, {"elsewhere", 7.0}};
  for (unsigned seed = 0; seed < 12; ++seed) {
    CAPTURE(seed);
    const auto losses = random_table(seed, seed % 2 == 1);
    const auto task = analysis::novel_task(losses, cost, {}, few());
    const auto rows = affinity::affinity_of(losses);
    REQUIRE(task.transfers.size() == 10);
    for (std::size_t k = 1; k < task.transfers.size(); ++k)
      CHECK(task.transfers[k - 1].affinity.estimate >= task.transfers[k].affinity.estimate);
    for (const auto& transfer : task.transfers) {
      CHECK(transfer.cost == cost_of(transfer.sources, cost));
      CHECK(transfer.sources != std::vector<std::string>{"t"});
      CHECK(std::isnan(transfer.quality.estimate) == (seed % 2 == 0));
    }
    // At each budget: the largest affinity among all rows that it pays for.
    REQUIRE_FALSE(task.alone.empty());
    for (double budget = 0.0; budget <= 5.0; budget += 0.5) {
      double best = -1.0;
      for (const auto& row : rows)
        if (!row.is_self() && cost_of(row.sources, cost) <= budget) best = std::max(best, row.affinity);
      const analysis::NovelChoice* chosen = nullptr;
      for (const auto& choice : task.alone)
        if (choice.budget <= budget) chosen = &choice;
      REQUIRE((chosen != nullptr) == (best >= 0.0));
      if (chosen != nullptr)
        CHECK(task.transfers[*chosen->transfer].affinity.estimate == doctest::Approx(best));
    }
    for (std::size_t order = 1; order <= 3; ++order) {
      const auto found = task.best_of_order(order);
      REQUIRE(found.has_value() == (order < 3));
      if (found) CHECK(task.transfers[*found].sources.size() == order);
    }
  }
}

TEST_CASE("with a run's sources paid for, the best transfer reads only those and free ones") {
  const auto losses = random_table(3, true);
  std::vector<taxonomy::Taxonomy> run(3);
  run[0].budget = 0.0;
  run[1].budget = 1.0;
  run[1].sources = {"b", "t"};
  run[2].budget = 2.0;
  run[2].sources = {"c", "d"};
  const auto task = analysis::novel_task(losses, {{"a", 0.0}}, run, few());
  REQUIRE(task.with_run.size() == 3);
  const auto rows = affinity::affinity_of(losses);
  for (std::size_t b = 0; b < run.size(); ++b) {
    auto reachable = run[b].sources;
    reachable.push_back("a");
    double best = -1.0;
    for (const auto& row : rows) {
      const bool within = std::all_of(row.sources.begin(), row.sources.end(), [&](const auto& source) {
        return std::find(reachable.begin(), reachable.end(), source) != reachable.end();
      });
      if (within && !row.is_self()) best = std::max(best, row.affinity);
    }
    REQUIRE(task.with_run[b].transfer);
    CHECK(task.transfers[*task.with_run[b].transfer].affinity.estimate == best);
  }
  const auto dear = analysis::novel_task(losses, {}, {run[0]}, few());
  CHECK_FALSE(dear.with_run[0].transfer);
}

TEST_CASE("a transfer that wins everywhere is the best of all resampled sets, and the others are worse") {
  affinity::LossTable table{"t", {}, {}, {}};
  for (int n = 0; n < 30; ++n) table.images.push_back("room/" + std::to_string(n));
  for (const auto& [name, loss] : {std::pair{"a", 0.1}, {"b", 0.5}, {affinity::kScratch, 0.3}})
    table.add(name, std::vector<double>(30, loss));
  const auto task = analysis::novel_task(table, {}, {}, few());
  CHECK(task.transfers[0].sources == std::vector<std::string>{"a"});
  CHECK(task.transfers[0].best == 1.0);
  CHECK(task.transfers[0].q == 1.0);
  CHECK(task.transfers[0].gain.low == 1.0);
  CHECK(task.transfers[1].best == 0.0);
  CHECK(task.transfers[1].q < 1e-6);
  CHECK(task.transfers[1].gain.high == 0.0);
}

TEST_CASE("refused: nothing but the task's own network, no usable image") {
  affinity::LossTable own{"t", {"1", "2"}, {}, {}};
  own.add("t", {0.1, 0.2});
  CHECK_THROWS_WITH_AS((void)analysis::novel_task(own, {}, {}, few()),
                       doctest::Contains("target \"t\": no transfer into it"), base::Error);
  own.add("a", {std::nan(""), std::nan("")});
  CHECK_THROWS_WITH_AS((void)analysis::novel_task(own, {}, {}, few()), doctest::Contains("\"t\""),
                       base::Error);
}
