// A run folder compared with a plan: what is done, what is stale, and what a worker may compute from.
#include "core/jobs/inventory.hpp"

#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/jobs/worker_loop.hpp"
#include "tests/jobs/fixture/fake_plan.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/testing.hpp"
#include "tests/support/text.hpp"

using namespace taskonomy;
using jobs::Inventory;

namespace {

std::string version(const std::string& value) {
  base::Ingredients all;
  return all.add("version", value).text();
}

/// a -> b -> c, and d, which reads c and e and does without either.
jobs::Plan chain(const std::string& version_of_a) {
  jobs::Plan plan;
  plan.graph.add({"a", {}, version(version_of_a)});
  plan.graph.add({"b", {"a"}, version("1")});
  plan.graph.add({"c", {"b"}, version("1")});
  plan.graph.add({"e", {}, version("1")});
  plan.graph.add({"d", {"c", "e"}, version("1"), 1.0, true});
  return plan;
}

/// Does the jobs as a worker does them that is told ids alone.
void make(const jobs::RunDirectory& run, const jobs::Plan& plan, const std::vector<std::string>& ids) {
  fake::Executor executor(run.root());
  for (const auto& id : ids) {
    jobs::InputCheck inputs;
    const auto report = jobs::run_job(run, executor, Inventory(run, plan).assignment(id), inputs);
    REQUIRE_MESSAGE(report.ok, report.error);
  }
}

std::string refusal(const jobs::RunDirectory& run, const jobs::Plan& plan, const std::string& id) {
  try {
    static_cast<void>(Inventory(run, plan).assignment(id));
  } catch (const base::Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a job made from something else than the plan says is stale, and so is what was made from it") {
  const tests::Folder folder;
  const jobs::RunDirectory run(folder.path());
  make(run, chain("1"), {"a", "b", "c", "e", "d"});
  CHECK(Inventory(run, chain("1")).stale().empty());
  for (const char* id : {"a", "b", "c", "e", "d"}) CHECK(Inventory(run, chain("1")).done(id));

  const Inventory changed(run, chain("2"));
  std::vector<std::string> stale;
  for (const auto& job : changed.stale()) stale.push_back(job.id);
  CHECK(stale == std::vector<std::string>{"a", "b", "c", "d"});
  CHECK(changed.done("e"));
  REQUIRE(changed.stale("a")->changes.size() == 1);
  CHECK(jobs::reason_text(*changed.stale("a")) == "version: \"1\" -> \"2\"");
  CHECK(changed.stale("b")->changes.empty());
}

TEST_CASE("a worker that is told ids computes from nothing stale, and says what is") {
  const tests::Folder folder;
  const jobs::RunDirectory run(folder.path());
  make(run, chain("1"), {"a", "b", "c", "e", "d"});
  // The recipe changed, and only a was made again before the run was interrupted.
  make(run, chain("2"), {"a"});
  const std::string text = refusal(run, chain("2"), "c");
  CHECK_MESSAGE(text.find("job \"c\" needs \"b\", which is stale") == 0, text);
  CHECK(refusal(run, chain("2"), "d").find("\"c\", which is stale") !=
        std::string::npos);  // also the tolerant one
  // Made in order, each gets the key of the plan, and the run is whole.
  make(run, chain("2"), {"b", "c", "d"});
  CHECK(Inventory(run, chain("2")).stale().empty());
  CHECK(Inventory(run, chain("2")).done("d"));
}

TEST_CASE("inputs that nobody made: a tolerant job goes on without them, another says which") {
  const tests::Folder folder;
  const jobs::RunDirectory run(folder.path());
  CHECK(refusal(run, chain("1"), "b").find("needs \"a\", which is not done yet") != std::string::npos);
  CHECK(refusal(run, chain("1"), "d").find("which is not done yet") != std::string::npos);
  make(run, chain("1"), {"e"});
  CHECK(Inventory(run, chain("1")).assignment("d").inputs == std::vector<std::string>{"e"});
  const std::string unknown = refusal(run, chain("1"), "f");
  CHECK_MESSAGE(unknown.find("the run has no job \"f\"") == 0, unknown);
}

TEST_CASE("records of version 1.0, and damaged ones, are stale with an unknown past") {
  const tests::Folder folder;
  const jobs::RunDirectory run(folder.path());
  make(run, chain("1"), {"a"});
  jobs::JobReport report;
  report.id = "a";
  for (const std::string ingredients : {"", "not a list of ingredients"}) {
    run.write_record(report, "an old key", ingredients);
    const Inventory inventory(run, chain("1"));
    REQUIRE(inventory.stale("a"));
    CHECK(inventory.stale("a")->unknown);
    CHECK(jobs::reason_text(*inventory.stale("a")) == "its record does not say what it was made from");
  }
}

TEST_CASE("jobs that only finished ones name are found, and no others") {
  const tests::Folder folder;
  const jobs::RunDirectory run(folder.path());
  jobs::Plan plan = chain("1");
  plan.expand = [](const std::string& finished) -> std::vector<jobs::Job> {
    if (finished != "a") return {};
    return {{"more", {"a"}, version("1")}};
  };
  CHECK_FALSE(Inventory(run, plan).graph().contains("more"));
  make(run, plan, {"a"});
  CHECK(Inventory(run, plan).graph().contains("more"));
  make(run, plan, {"more"});
  CHECK(Inventory(run, plan).done("more"));
  // A stale a names nothing any more.
  plan.graph = chain("2").graph;
  CHECK_FALSE(Inventory(run, plan).graph().contains("more"));
}

TEST_CASE("what followed from a ranking that is stale now is stale, too: one question covers it") {
  const tests::Folder folder;
  const jobs::RunDirectory run(folder.path());
  const auto plan = [](const std::string& code) {
    jobs::Plan plan;
    plan.graph.add({"first", {}, version(code)});
    plan.graph.add({"ranking", {"first"}, version("1")});
    plan.graph.add({"other", {}, version("1")});
    plan.graph.add({"end", {"judged"}, version("1"), 1.0, true});
    plan.expand = [code](const std::string& finished) -> std::vector<jobs::Job> {
      if (finished != "ranking") return {};
      return {{"pair", {"first"}, version(code)},
              {"untouched", {"other"}, version("1")},
              {"judged", {"pair"}, version(code)}};
    };
    return plan;
  };
  make(run, plan("1"), {"first", "ranking", "other", "pair", "untouched", "judged", "end"});
  const Inventory changed(run, plan("2"));
  CHECK_FALSE(changed.graph().contains("pair"));
  for (const char* id : {"first", "ranking", "pair", "judged"})
    CHECK_MESSAGE(changed.stale(id) != nullptr, id);
  CHECK(changed.stale("untouched") == nullptr);
  CHECK(jobs::reason_text(*changed.stale("judged")) == "version: \"1\" -> \"2\"");

  // The change is accepted, and the run interrupted as soon as the ranking is made again.
  for (const auto& job : changed.stale()) run.remove_record(job.id);
  make(run, plan("2"), {"first", "ranking"});
  const Inventory interrupted(run, plan("2"));
  CHECK(interrupted.graph().contains("pair"));
  CHECK(interrupted.stale().empty());
  CHECK(interrupted.done("untouched"));
}

TEST_CASE("a job is not done when its files are gone, or when the plan cannot read what follows from it") {
  const tests::Folder folder;
  const jobs::RunDirectory run(folder.path());
  make(run, chain("1"), {"a", "b", "c", "e", "d"});
  std::filesystem::remove(folder.path() / fake::artefact("b"));
  const Inventory gone(run, chain("1"));
  CHECK_FALSE(gone.done("b"));
  CHECK(gone.stale().empty());  // its record has the planned key
  CHECK(gone.done("c"));        // as has that of its reader, whose artefact is the right one
  CHECK(refusal(run, chain("1"), "c").find("needs \"b\", which is not done yet") != std::string::npos);

  jobs::Plan unreadable = chain("1");
  unreadable.expand = [](const std::string& finished) -> std::vector<jobs::Job> {
    if (finished == "a") throw base::Error("a: damaged");
    return {};
  };
  const Inventory damaged(run, unreadable);
  CHECK_FALSE(damaged.done("a"));
  CHECK(damaged.stale().empty());
  CHECK(damaged.assignment("a").id == "a");
}

TEST_CASE("a job that reads a part of an artefact which did not change is not stale") {
  const tests::Folder folder;
  const jobs::RunDirectory run(folder.path());
  const auto plan = [](const std::string& content, const std::string& part) {
    jobs::Plan plan;
    plan.graph.add({"shard", {}, version(content), 1.0, false, version(part)});
    plan.graph.add({"reader", {"shard"}, version("1")});
    return plan;
  };
  make(run, plan("rgb", "same"), {"shard", "reader"});
  const Inventory more(run, plan("rgb, depth", "same"));
  CHECK(more.stale("shard") != nullptr);
  CHECK(more.stale("reader") == nullptr);
  CHECK(more.done("reader"));
  CHECK(Inventory(run, plan("rgb", "other")).stale("reader") != nullptr);
}

TEST_CASE("a file that lost a bit fails the job that reads it, and is made again") {
  const tests::Folder folder;
  const jobs::RunDirectory run(folder.path());
  const jobs::Plan plan = chain("1");
  make(run, plan, {"a", "b"});
  const auto file = folder.path() / run.record("a")->files.begin()->first;
  const std::string whole = base::read_file(file);
  std::string changed = whole;
  changed[changed.size() / 2] ^= 4;
  base::write_file(file, changed);
  REQUIRE(Inventory(run, plan).done("a"));  // the size is right

  fake::Executor executor(run.root());
  jobs::InputCheck inputs;
  const auto order = Inventory(run, plan).assignment("b");
  for (const std::string& reason :
       {std::string("holds something else than \"a\" wrote into it"), std::string("\"a\" was damaged")}) {
    const auto report = jobs::run_job(run, executor, order, inputs);
    CHECK_FALSE(report.ok);
    CHECK_MESSAGE(tests::has(report.error, reason), report.error);
  }
  CHECK_FALSE(Inventory(run, plan).done("a"));
  make(run, plan, {"a", "b"});
  CHECK(base::read_file(file) == whole);
}
