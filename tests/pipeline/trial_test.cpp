// What `plan` measures before a run: samples and labels as the run will make them, networks of some tasks.
#include "core/pipeline/trial.hpp"

#include <algorithm>

#include "core/pipeline/job_name.hpp"
#include "tests/pipeline/run_setup.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
using tests::kRooms;
using tests::setup_of;

TEST_CASE("a trial reads what the run reads and makes every task's labels, but trains few networks") {
  const auto whole = setup_of(kRooms, {"transfer.orders=[1]", "source.curve=true"});
  const auto trial =
      std::make_shared<const pipeline::Setup>(pipeline::trial_of(*whole), tests::built_plugins());
  CHECK(trial->modalities(sdk::ViewKind::single) == whole->modalities(sdk::ViewKind::single));
  CHECK(trial->samples(sdk::ViewKind::single).size() < whole->samples(sdk::ViewKind::single).size());
  const auto plan = pipeline::trial_plan(pipeline::make_plan(trial, "unused"), *trial);
  std::map<std::string, std::size_t> jobs;
  for (const auto& job : plan.graph.jobs()) ++jobs[jobs::stage_of(job.id)];
  CHECK(jobs["examples"] == whole->recipe().tasks.size());
  CHECK(jobs["source"] < whole->recipe().tasks.size());
  for (const std::string stage :
       {"source", "constant", "scratch", "pictures", "curve", "transfer", "features"})
    CHECK_MESSAGE(jobs[stage] > 0, stage);
  for (const std::string stage : {"shortlist", "affinity", "report", "predictions"}) CHECK(jobs[stage] == 0);
  CHECK(plan.graph.missing().empty());  // nothing is read that is not made
}

TEST_CASE("a trial of the source networks trains every one of them, and nothing that comes after") {
  const auto whole = setup_of(kRooms);
  const auto trial =
      std::make_shared<const pipeline::Setup>(pipeline::trial_of(*whole, 20), tests::built_plugins());
  CHECK(trial->recipe().source.steps == 20);
  const auto plan =
      pipeline::trial_plan(pipeline::make_plan(trial, "unused"), *trial, pipeline::TrialNetworks::sources);
  std::map<std::string, std::size_t> jobs;
  for (const auto& job : plan.graph.jobs()) ++jobs[jobs::stage_of(job.id)];
  CHECK(jobs["source"] == whole->recipe().tasks.size());
  CHECK(jobs["examples"] == whole->recipe().tasks.size());
  for (const std::string stage : {"scratch", "features", "transfer", "affinity", "report"})
    CHECK_MESSAGE(jobs[stage] == 0, stage);
  CHECK(plan.graph.missing().empty());
}

TEST_CASE("a trial needs no start") {
  const auto whole = setup_of(kRooms);
  recipe::Recipe recipe = whole->recipe();
  recipe.start = recipe.scratch.start = recipe.start_of["normal"] = "/nowhere";
  const pipeline::Setup setup(recipe, tests::built_plugins());
  const auto trial = pipeline::trial_of(setup);
  CHECK(trial.start == "none");
  CHECK(trial.scratch.start == "none");
  CHECK(trial.start_of.empty());
}

TEST_CASE("the factor on the steps is the largest with which the last worker is done in time") {
  const auto factor = [](double seconds, const std::vector<pipeline::SourceTime>& sources,
                         std::size_t workers) {
    return doctest::Approx(pipeline::factor_within(seconds, sources, workers)).epsilon(1e-9);
  };
  const std::vector<pipeline::SourceTime> three(3, {0.0, 10.0});
  CHECK(10.0 == factor(100.0, {{0.0, 10.0}}, 2));
  CHECK(10.0 / 3.0 == factor(100.0, three, 1));
  CHECK(5.0 == factor(100.0, three, 2));  // one worker has two of them
  CHECK(10.0 == factor(100.0, three, 5));
  CHECK(4.9 == factor(100.0, std::vector<pipeline::SourceTime>(3, {1.0, 10.0}), 2));
  CHECK(5.0 ==
        factor(100.0, {{0.0, 20.0}, {0.0, 10.0}, {0.0, 10.0}}, 2));  // the long one beside the two others
  CHECK(pipeline::factor_within(3.0, std::vector<pipeline::SourceTime>(3, {2.0, 10.0}), 2) == 0.0);
}
