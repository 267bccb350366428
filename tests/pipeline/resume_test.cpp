// What a run says when samples changed under it.
#include "core/pipeline/resume.hpp"

#include "core/base/files.hpp"
#include "core/pipeline/plan.hpp"
#include "tests/pipeline/run_setup.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
using data::Split;
using pipeline::Splits;
using sdk::ViewKind;

namespace {

using Sentences = std::vector<std::string>;

}  // namespace

TEST_CASE("samples that are new, gone, or in another split are counted by kind of views") {
  const Splits before{
      {ViewKind::single, {{"a", 0, Split::train}, {"a", 1, Split::test}, {"b", 0, Split::test}}},
      {ViewKind::fixated_pair, {{"a", 0, Split::train}}}};
  CHECK(pipeline::split_changes(before, before).empty());
  Splits now = before;
  now[ViewKind::single] = {
      {"a", 0, Split::test}, {"a", 1, Split::train}, {"c", 0, Split::test}, {"c", 1, Split::test}};
  CHECK(pipeline::split_changes(before, now) ==
        Sentences{"single views: 2 samples are new, 1 is gone, 2 move to another split"});
  now[ViewKind::single] = before.at(ViewKind::single);
  now[ViewKind::fixated_pair].push_back({"a", 1, Split::train});
  CHECK(pipeline::split_changes(before, now) == Sentences{"fixated_pair views: 1 sample is new"});
  // A kind of views that the run has not looked at yet is no change.
  CHECK(pipeline::split_changes({}, now).empty());
}

TEST_CASE("splits are written and read back; those of a damaged file are not known") {
  const tests::Folder folder;
  const jobs::RunDirectory run(folder.path());
  const Splits splits{{ViewKind::single, {{"a, \"b\"", 7, Split::validation}, {"c", 0, Split::transfer}}}};
  CHECK(pipeline::read_splits(run, splits).empty());
  pipeline::write_splits(run, splits);
  CHECK(base::read_file(folder.path() / "splits/single.csv") ==
        "scene,sample,split\n\"a, \"\"b\"\"\",7,validation\nc,0,transfer\n");
  CHECK(pipeline::split_changes(pipeline::read_splits(run, splits), splits).empty());

  for (const char* line : {"a,x,train", "a,0,training", "a,0", "a,1e3,train"}) {
    base::write_file(folder.path() / "splits/single.csv", std::string("scene,sample,split\n") + line + "\n");
    CHECK_MESSAGE(pipeline::read_splits(run, splits).empty(), line);
  }
}

TEST_CASE("an empty folder has nothing to say; another list of samples is told, whatever made it another") {
  const tests::Folder folder;
  const auto setup = tests::setup_of(tests::kRooms);
  const jobs::RunDirectory run(folder.path());
  CHECK(
      pipeline::stale_text(run, jobs::Inventory(run, pipeline::make_plan(setup, folder.path())), {}).empty());
  const auto plan = pipeline::make_plan(setup, folder.path());
  jobs::JobReport report;
  report.id = "samples/single/000";
  run.write_record(report, plan.graph.key(report.id), plan.graph.job(report.id).ingredients);
  const auto other = tests::setup_of(tests::kRooms, {"seed=2"});
  const jobs::Inventory inventory(run, pipeline::make_plan(other, folder.path()));
  REQUIRE(inventory.stale("samples/single/000"));
  // The run wrote down all samples but three.
  Splits known = pipeline::splits_of(*other);
  known.at(ViewKind::single).resize(known.at(ViewKind::single).size() - 3);
  pipeline::write_splits(run, known);
  CHECK(pipeline::stale_text(run, inventory, pipeline::splits_of(*other))
            .find("\n  single views: 3 samples are new\n") != std::string::npos);
}
