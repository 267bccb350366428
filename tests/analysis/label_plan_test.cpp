// Which labels to buy first, read off hand-made sweeps.
#include <cmath>

#include "core/analysis/label_plan.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
using Names = std::vector<std::string>;

namespace {

taxonomy::Taxonomy optimum(double budget, double objective, Names sources,
                           std::vector<affinity::AffinityRow> transfers = {}) {
  taxonomy::Taxonomy taxonomy;
  taxonomy.budget = budget;
  taxonomy.objective = objective;
  taxonomy.sources = std::move(sources);
  taxonomy.transfers = std::move(transfers);
  return taxonomy;
}

const analysis::Prices kPrices{{{"edges", 0.0}, {"random", 0.0}, {"normal", 2.0}}, {"random"}, ""};

}  // namespace

TEST_CASE("sources are labelled, trained without labels, or neither") {
  const auto asked = analysis::asked_of({"depth", "edges", "normal", "random"}, kPrices);
  CHECK(asked.label == Names{"depth", "normal"});
  CHECK(asked.train == Names{"edges"});
  CHECK(asked.untrained == Names{"random"});
  // What is never trained is never labelled, whatever it costs.
  CHECK_FALSE(analysis::Prices{{{"random", 3.0}}, {"random"}, ""}.is_labelled("random"));
}

TEST_CASE("the plan has one step per set of labels, and says what enters and leaves") {
  const std::vector<taxonomy::Taxonomy> sweep{
      optimum(0, 5, {"edges"}), optimum(1, 8, {"depth", "edges"}), optimum(2, 9, {"edges", "normal"}),
      optimum(3, 9.5, {"edges", "normal"}), optimum(4, 10, {"depth", "edges", "normal"})};
  const auto plan = analysis::label_plan(sweep, kPrices);
  REQUIRE(plan.steps.size() == 4);
  CHECK(plan.steps[0].label.empty());
  CHECK(plan.steps[0].reached.estimate == doctest::Approx(0.5));
  CHECK(plan.steps[1].added == Names{"depth"});
  CHECK(plan.steps[2].budget == 2);
  CHECK(plan.steps[2].added == Names{"normal"});
  CHECK(plan.steps[2].gone == Names{"depth"});
  CHECK(plan.steps[3].budget == 4);
  CHECK(plan.steps[3].label == Names{"depth", "normal"});
  CHECK(plan.steps[3].reached.estimate == 1.0);
}

TEST_CASE("labels stop paying where no later one adds a twentieth per unit of cost") {
  const auto enough = [](std::vector<double> objectives) {
    std::vector<taxonomy::Taxonomy> sweep;
    Names labels;
    for (std::size_t k = 0; k < objectives.size(); ++k) {
      sweep.push_back(optimum(static_cast<double>(k), objectives[k], labels));
      labels.push_back("task" + std::to_string(k));
    }
    return analysis::label_plan(sweep, {}).enough;
  };
  CHECK(enough({50, 70, 80, 99, 100}) == 3);
  CHECK(enough({50, 70, 80, 83, 100}) == 4);  // a small step before a large one still leads there
  CHECK(enough({97, 98, 99, 100}) == 0);
  CHECK(enough({10}) == 0);
}

TEST_CASE("what the others reach is a mean over borrowing targets alone") {
  const auto plan = analysis::label_plan({optimum(1, 1, {"depth"},
                                                  {{{"depth"}, "depth", 0.5, 1.0, 0.5},
                                                   {{"depth"}, "normal", 0.2, 0.8, 0.3},
                                                   {{"depth"}, "edges", 0.1, 0.6, 0.1}})},
                                         {});
  CHECK(plan.steps[0].others == Names{"normal", "edges"});
  CHECK(plan.steps[0].means.gain == doctest::Approx(0.7));
  CHECK(plan.steps[0].means.quality == doctest::Approx(0.2));
}
