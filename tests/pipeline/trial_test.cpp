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
  for (const std::string stage : {"shortlist", "affinity", "report"}) CHECK(jobs[stage] == 0);
  CHECK(plan.graph.missing().empty());  // nothing is read that is not made
}
