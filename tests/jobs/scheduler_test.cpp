// The scheduler against a simple oracle on random graphs, and its rules one by one.
#include "core/jobs/scheduler.hpp"

#include <random>
#include <stdexcept>

#include "core/jobs/progress.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
using jobs::JobState;
using jobs::Plan;
using jobs::Scheduler;

namespace {

const auto kNothingDone = [](const std::string&, const std::string&) { return false; };

struct RandomPlan {
  Plan plan;
  std::vector<jobs::Job> all;  ///< every job that can ever exist, in order of addition
  std::set<std::string> failing;
};

/// Jobs 0..n-1, each reading some before it; some of them appear only when an earlier one is done.
RandomPlan random_plan(unsigned seed) {
  std::mt19937 random(seed);
  RandomPlan result;
  std::map<std::string, std::vector<jobs::Job>> expansions;
  const int n = 14;
  for (int i = 0; i < n; ++i) {
    jobs::Job job{"j" + std::to_string(i), {}, "", 1.0 + random() % 5, random() % 4 == 0};
    for (int j = 0; j < i; ++j)
      if (random() % 5 == 0) job.inputs.push_back("j" + std::to_string(j));
    if (random() % 6 == 0) result.failing.insert(job.id);
    result.all.push_back(job);
    if (i > 2 && random() % 4 == 0) {
      expansions["j" + std::to_string(random() % static_cast<unsigned>(i))].push_back(job);
    } else {
      result.plan.graph.add(job);
    }
  }
  result.plan.expand = [expansions](const std::string& id) {
    const auto found = expansions.find(id);
    return found == expansions.end() ? std::vector<jobs::Job>{} : found->second;
  };
  return result;
}

/// What must become of every job, by plain recursion over a fixed point: true = done.
std::map<std::string, bool> oracle(const RandomPlan& plan) {
  std::map<std::string, bool> done;
  std::set<std::string> known;
  for (const auto& job : plan.plan.graph.jobs()) known.insert(job.id);
  // Jobs are in topological order; an expansion only adds later jobs, so one pass settles each.
  for (const auto& job : plan.all) {
    if (known.count(job.id) == 0) continue;
    std::size_t there = 0;
    for (const auto& input : job.inputs) there += done.count(input) > 0 && done[input];
    const bool possible = job.inputs.empty() || (job.tolerant ? there > 0 : there == job.inputs.size());
    done[job.id] = possible && plan.failing.count(job.id) == 0;
    if (done[job.id])
      for (const auto& more : plan.plan.expand(job.id)) known.insert(more.id);
  }
  return done;
}

/// Plays a plan with `workers` places; reports come back in random order.
std::map<std::string, bool> play(const RandomPlan& plan, std::size_t workers, unsigned seed) {
  std::mt19937 random(seed);
  Scheduler scheduler(plan.plan, kNothingDone);
  std::vector<jobs::Assignment> running;
  std::map<std::string, bool> done;
  while (!scheduler.over()) {
    while (running.size() < workers) {
      const auto order = scheduler.next();
      if (!order) break;
      for (const auto& input : order->inputs) CHECK(scheduler.state(input) == JobState::done);
      CHECK(order->key == scheduler.graph().key(order->id));
      running.push_back(*order);
    }
    REQUIRE(!running.empty());
    const auto chosen = running.begin() + static_cast<std::ptrdiff_t>(random() % running.size());
    const std::string id = chosen->id;
    running.erase(chosen);
    if (plan.failing.count(id) > 0) {
      scheduler.failed(id, "no");
    } else {
      scheduler.finished(id);
    }
  }
  for (const auto& job : scheduler.graph().jobs()) {
    const JobState state = scheduler.state(job.id);
    CHECK((state == JobState::done || state == JobState::failed || state == JobState::blocked));
    done[job.id] = state == JobState::done;
  }
  return done;
}

Plan chain_plan() {
  Plan plan;
  plan.graph.add({"a", {}, ""});
  plan.graph.add({"b", {"a"}, ""});
  plan.graph.add({"c", {"b"}, ""});
  plan.graph.add({"x", {}, ""});
  return plan;
}

}  // namespace

TEST_CASE(
    "random plans with failures, tolerance and expansion end as the oracle says, whatever the workers and "
    "order") {
  for (unsigned seed = 0; seed < 150; ++seed) {
    const RandomPlan plan = random_plan(seed);
    // A job whose only way into the plan failed may still be named as an input: the oracle counts it as not
    // there.
    const auto expected = oracle(plan);
    for (const std::size_t workers : {1, 2, 5}) CHECK(play(plan, workers, seed + workers) == expected);
  }
}

TEST_CASE("a failed job blocks its downstream jobs and no others, and the reason names it") {
  Scheduler scheduler(chain_plan(), kNothingDone);
  CHECK(scheduler.next()->id == "a");
  scheduler.failed("a", "no data");
  CHECK(scheduler.next()->id == "x");
  CHECK_FALSE(scheduler.over());
  scheduler.finished("x");
  CHECK(scheduler.over());
  REQUIRE(scheduler.failures().size() == 1);
  CHECK(scheduler.failures()[0].error == "no data");
  REQUIRE(scheduler.blocked().size() == 2);
  CHECK(scheduler.blocked()[1].id == "c");
  CHECK(scheduler.blocked()[1].error == "needs \"a\", which failed");
  const auto tally = scheduler.tally();
  CHECK(tally.all == 4);
  CHECK(tally.done == 1);
  CHECK(tally.failed == 1);
  CHECK(tally.blocked == 2);
}

TEST_CASE("the job that heads the longest chain goes first, ties in order of addition") {
  Plan plan;
  plan.graph.add({"short", {}, "", 4.0});
  plan.graph.add({"head", {}, "", 1.0});
  plan.graph.add({"tail", {"head"}, "", 5.0});
  plan.graph.add({"twin", {}, "", 4.0});
  Scheduler scheduler(plan, kNothingDone);
  CHECK(scheduler.next()->id == "head");
  CHECK(scheduler.next()->id == "short");
  CHECK(scheduler.next()->id == "twin");
  CHECK_FALSE(scheduler.next());
}

TEST_CASE("jobs found done are not given out, and what they make known is") {
  Plan plan;
  plan.graph.add({"a", {}, ""});
  plan.expand = [](const std::string& id) {
    return id == "a" ? std::vector<jobs::Job>{{"b", {"a"}, ""}} : std::vector<jobs::Job>{};
  };
  Scheduler scheduler(plan, [](const std::string& id, const std::string&) { return id == "a"; });
  CHECK(scheduler.tally().reused == 1);
  CHECK(scheduler.next()->id == "b");
}

TEST_CASE("what waits only to be found done is no work ahead, and counts in no time left") {
  Scheduler scheduler(chain_plan(),
                      [](const std::string& id, const std::string&) { return id == "b" || id == "c"; });
  CHECK(scheduler.will_serve("b"));
  CHECK(scheduler.will_serve("c"));
  CHECK_FALSE(scheduler.will_serve("a"));
  CHECK_FALSE(scheduler.will_serve("x"));
  jobs::Durations durations;
  durations.add("a", 1.0, 7.0);
  CHECK(*jobs::seconds_left(scheduler, durations, {}, 1) == doctest::Approx(14.0));  // a and x
  CHECK(scheduler.next()->id == "a");
  scheduler.finished("a");
  CHECK(scheduler.state("c") == JobState::done);
  CHECK(scheduler.tally().reused == 2);
}

TEST_CASE("when the artefact of a job found done cannot be expanded, the job is made again") {
  Plan plan = chain_plan();
  int calls = 0;
  plan.expand = [&](const std::string& id) {
    if (id == "a" && calls++ == 0) throw std::runtime_error("shortlist is damaged");
    return std::vector<jobs::Job>{};
  };
  Scheduler scheduler(plan, [](const std::string& id, const std::string&) { return id == "a"; });
  CHECK(scheduler.state("a") == JobState::ready);
  CHECK(scheduler.next()->id == "a");
  scheduler.finished("a");
  CHECK(scheduler.state("a") == JobState::done);
}

TEST_CASE("a job whose fresh artefact cannot be expanded has failed") {
  Plan plan = chain_plan();
  plan.expand = [](const std::string&) -> std::vector<jobs::Job> { throw std::runtime_error("unreadable"); };
  Scheduler scheduler(plan, kNothingDone);
  CHECK(scheduler.next()->id == "a");
  scheduler.finished("a");
  CHECK(scheduler.state("a") == JobState::failed);
  CHECK(scheduler.state("c") == JobState::blocked);
}

TEST_CASE("a tolerant job goes on with what is there; its key says so; with nothing left it is blocked") {
  Plan plan;
  plan.graph.add({"a", {}, ""});
  plan.graph.add({"b", {}, ""});
  plan.graph.add({"end", {"a", "b", "never"}, "", 1.0, true});
  Scheduler whole(plan, kNothingDone);
  for (int i = 0; i < 2; ++i) whole.finished(whole.next()->id);
  const auto all = whole.next();
  REQUIRE(all);
  CHECK(all->inputs == std::vector<std::string>{"a", "b"});

  Scheduler part(plan, kNothingDone);
  part.failed(part.next()->id, "no");
  part.finished(part.next()->id);
  const auto some = part.next();
  REQUIRE(some);
  CHECK(some->inputs == std::vector<std::string>{"b"});
  CHECK(some->key != all->key);

  Scheduler none(plan, kNothingDone);
  for (int i = 0; i < 2; ++i) none.failed(none.next()->id, "no");
  CHECK(none.over());
  CHECK(none.state("end") == JobState::blocked);
}

TEST_CASE("reports about jobs that do not run are bugs of ours") {
  Scheduler scheduler(chain_plan(), kNothingDone);
  CHECK_THROWS_AS(scheduler.finished("a"), std::logic_error);
  CHECK_THROWS_AS(scheduler.failed("a", ""), std::logic_error);
  const auto assignment = scheduler.next();
  scheduler.finished(assignment->id);
  CHECK_THROWS_AS(scheduler.finished(assignment->id), std::logic_error);
}
