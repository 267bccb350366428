// Keys change exactly where something below them changed; the graph refuses what cannot be worked on.
#include "core/jobs/job_graph.hpp"

#include <algorithm>
#include <random>
#include <stdexcept>

#include "tests/support/testing.hpp"

using taskonomy::jobs::Job;
using taskonomy::jobs::JobGraph;

namespace {

/// A random graph of n jobs: job i reads some of the jobs before it.
std::vector<Job> random_jobs(int n, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<Job> jobs;
  for (int i = 0; i < n; ++i) {
    Job job{"stage/" + std::to_string(i), {}, "v" + std::to_string(random() % 3), 1.0, false};
    for (int j = 0; j < i; ++j)
      if (random() % 4 == 0) job.inputs.push_back("stage/" + std::to_string(j));
    jobs.push_back(job);
  }
  return jobs;
}

JobGraph graph_of(const std::vector<Job>& jobs) {
  JobGraph graph;
  for (const Job& job : jobs) graph.add(job);
  return graph;
}

/// Independent of downstream(): does b read a, by plain recursion?
bool reads(const std::vector<Job>& jobs, std::size_t b, std::size_t a) {
  for (const std::string& input : jobs[b].inputs) {
    const auto i = static_cast<std::size_t>(std::stoi(input.substr(6)));
    if (i == a || reads(jobs, i, a)) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("changing one job's ingredients changes exactly its own key and those downstream") {
  for (unsigned seed = 0; seed < 20; ++seed) {
    const auto jobs = random_jobs(12, seed);
    const JobGraph before = graph_of(jobs);
    for (std::size_t changed = 0; changed < jobs.size(); ++changed) {
      auto others = jobs;
      others[changed].ingredients += "'";
      const JobGraph after = graph_of(others);
      for (std::size_t i = 0; i < jobs.size(); ++i) {
        const bool differs = before.key(jobs[i].id) != after.key(jobs[i].id);
        CHECK(differs == (i == changed || reads(jobs, i, changed)));
      }
      for (std::size_t i = 0; i < jobs.size(); ++i) {
        const auto down = before.downstream(jobs[changed].id);
        CHECK((std::find(down.begin(), down.end(), jobs[i].id) != down.end()) == reads(jobs, i, changed));
      }
    }
  }
}

TEST_CASE("a key depends on neither the order of addition nor the order of inputs nor the weight") {
  JobGraph one;
  one.add({"a", {}, "x"});
  one.add({"b", {}, "y"});
  one.add({"c", {"a", "b"}, "z", 1.0});
  JobGraph two;
  two.add({"c", {"b", "a"}, "z", 7.0});
  two.add({"b", {}, "y"});
  two.add({"a", {}, "x"});
  CHECK(one.key("c") == two.key("c"));
  CHECK(one.key("a") != one.key("b"));
}

TEST_CASE("readers know a job by what it passes on, not by its key or its name") {
  const auto reader_key = [](const std::string& input, const std::string& ingredients,
                             const std::string& passed_on) {
    JobGraph graph;
    graph.add({input, {}, ingredients, 1.0, false, passed_on});
    graph.add({"reader", {input}, "z"});
    return std::pair{graph.key(input), graph.key("reader")};
  };
  const auto plain = reader_key("shard", "rgb", "cut");
  const auto richer = reader_key("shard", "rgb,depth", "cut");
  CHECK(plain.first != richer.first);  // it is made again itself
  CHECK(plain.second == richer.second);
  CHECK(plain.second == reader_key("other", "depth", "cut").second);
  CHECK(plain.second != reader_key("shard", "rgb", "cut otherwise").second);
  CHECK(plain.second != reader_key("shard", "rgb", "").second);
}

TEST_CASE("moving text between fields changes the key") {
  JobGraph one;
  one.add({"a", {}, "1:bc"});
  JobGraph two;
  two.add({"a1", {}, ":bc"});
  CHECK(one.key("a") != two.key("a1"));
}

TEST_CASE("order() puts every job after its inputs, ties in order of addition") {
  for (unsigned seed = 0; seed < 20; ++seed) {
    auto jobs = random_jobs(15, seed);
    std::shuffle(jobs.begin(), jobs.end(), std::mt19937(seed));
    const auto order = graph_of(jobs).order();
    REQUIRE(order.size() == jobs.size());
    const auto position = [&](const std::string& id) { return std::find(order.begin(), order.end(), id); };
    for (const Job& job : jobs)
      for (const std::string& input : job.inputs) CHECK(position(input) < position(job.id));
  }
  JobGraph free;
  for (const char* id : {"c", "a", "b"}) free.add({id, {}, ""});
  CHECK(free.order() == std::vector<std::string>{"c", "a", "b"});
}

TEST_CASE("a job with a missing input has no order and no key until the input is added or left out") {
  JobGraph graph;
  graph.add({"taxonomy", {"affinity/a", "affinity/b"}, "", 1.0, true});
  graph.add({"affinity/a", {}, ""});
  CHECK(graph.missing() == std::map<std::string, std::string>{{"affinity/b", "taxonomy"}});
  CHECK_THROWS_WITH_AS(static_cast<void>(graph.order()),
                       "job \"taxonomy\": no job makes its input \"affinity/b\"", std::logic_error);
  CHECK_THROWS_AS(static_cast<void>(graph.key("taxonomy")), std::logic_error);
  JobGraph grown = graph;
  grown.add({"affinity/b", {}, ""});
  graph.leave_out("affinity/b");
  CHECK(graph.present_inputs("taxonomy") == std::vector<std::string>{"affinity/a"});
  CHECK(graph.key("taxonomy") != grown.key("taxonomy"));
  CHECK(graph.key("affinity/a") == grown.key("affinity/a"));
}

TEST_CASE("leaving out an input after a key was asked for changes that key") {
  JobGraph graph;
  graph.add({"a", {}, ""});
  graph.add({"b", {"a"}, "", 1.0, true});
  const std::string whole = graph.key("b");
  graph.leave_out("a");
  CHECK(graph.key("b") != whole);
}

TEST_CASE("the graph refuses cycles, duplicates and unsound ids") {
  JobGraph graph;
  graph.add({"a", {"c"}, ""});
  graph.add({"b", {"a"}, ""});
  CHECK_THROWS_AS(graph.add({"c", {"b"}, ""}), std::logic_error);
  CHECK_THROWS_AS(graph.add({"a", {}, ""}), std::logic_error);
  CHECK_THROWS_AS(graph.add({"d", {"d"}, ""}), std::logic_error);
  CHECK_THROWS_AS(graph.add({"d", {"a", "a"}, ""}), std::logic_error);
  CHECK_THROWS_AS(graph.add({"d", {}, "", 0.0}), std::logic_error);
  for (const char* id : {"", "/a", "a/", "a//b", "../a", "a/../b", "a b", "a\n"})
    CHECK_THROWS_AS(graph.add({id, {}, ""}), std::logic_error);
  CHECK(graph.size() == 2);
}
