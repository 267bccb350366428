// The text of a job's name and the value say the same.
#include "core/pipeline/job_name.hpp"

#include <set>

#include "tests/support/testing.hpp"

using namespace taskonomy;
using pipeline::JobName;
using pipeline::Stage;
namespace job = pipeline::job;

namespace {

sdk::TaskInfo target(const std::string& id, sdk::InputKind input) {
  sdk::TaskInfo info;
  info.id = id;
  info.input = input;
  info.view_kind = sdk::ViewKind::fixated_pair;
  return info;
}

/// One name or more of every stage.
std::vector<JobName> all_names() {
  return {job::samples(sdk::ViewKind::single, 3),
          job::samples(sdk::ViewKind::matching_pair, 1234, "point_matching"),
          job::images(sdk::ViewKind::single),
          job::examples("normal"),
          job::source("normal"),
          job::constant("normal"),
          job::scratch("normal"),
          job::pictures("normal"),
          job::curve("normal", 2),
          job::curve("normal", 4),
          job::features("normal", target("egomotion", sdk::InputKind::plain)),
          job::features("normal", target("denoising", sdk::InputKind::own)),
          job::transfer("normal", {"reshading"}),
          job::transfer("normal", {"reshading", "depth_zbuffer"}),
          job::shortlist("normal"),
          job::affinity("normal"),
          job::report(),
          job::predictions("normal"),
          job::finish("normal", {"a", "b"})};
}

}  // namespace

TEST_CASE("ids are what run folders have held since version 1.0") {
  std::vector<std::string> ids;
  for (const auto& name : all_names()) ids.push_back(name.text());
  CHECK(ids == std::vector<std::string>{
                   "samples/single/003", "samples/matching_pair+point_matching/1234", "images/single",
                   "examples/normal", "source/normal", "constant/normal", "scratch/normal", "pictures/normal",
                   "curve/normal@2", "curve/normal@4", "features/normal/fixated_pair",
                   "features/normal/denoising", "transfer/normal/reshading",
                   "transfer/normal/reshading+depth_zbuffer", "shortlist/normal", "affinity/normal", "report",
                   "predictions/normal", "finish/normal/a+b"});
}

TEST_CASE("a name that is written and read is the same, for every stage") {
  std::set<Stage> seen;
  for (const auto& name : all_names()) {
    const auto read = JobName::parse(name.text());
    REQUIRE_MESSAGE(read, name.text());
    CHECK(*read == name);
    seen.insert(name.stage);
  }
  CHECK(seen.size() == pipeline::stages().size());
}

TEST_CASE("the table has a row for every stage, where the stage looks for it") {
  std::set<std::string> names;
  for (const auto& row : pipeline::stages()) {
    CHECK(&pipeline::row_of(row.stage) == &row);
    CHECK(names.insert(row.name).second);
    CHECK(row.version >= 1);
    CHECK(row.unit_cost > 0.0);
  }
}

TEST_CASE("other texts are no names") {
  for (const char* id : {"",
                         "report/",
                         "reports",
                         "source",
                         "source/",
                         "source/a/b",
                         "samples/single",
                         "samples/single/3",
                         "samples/double/003",
                         "samples/single/003x",
                         "images/normal",
                         "transfer/normal",
                         "transfer//a",
                         "transfer/normal/a++b",
                         "features/normal",
                         "affinity",
                         "/report",
                         "shortlist/normal/x",
                         "curve/normal",
                         "curve/normal@",
                         "curve/normal@x",
                         "curve/normal@2x",
                         "curve/normal@02"})
    CHECK_MESSAGE(!JobName::parse(id).has_value(), id);
}

TEST_CASE("no two jobs share an artefact, nor two competitors a file of losses") {
  std::set<std::filesystem::path> files;
  for (const auto& name : all_names()) {
    if (name.stage == Stage::constant || name.stage == Stage::pictures || name.stage == Stage::curve ||
        name.stage == Stage::report || name.stage == Stage::predictions)
      CHECK_THROWS_AS((void)pipeline::artefact_of(name), std::logic_error);
    else
      CHECK(files.insert(pipeline::artefact_of(name)).second);
    if (name.stage == Stage::source || name.stage == Stage::scratch || name.stage == Stage::constant ||
        name.stage == Stage::transfer || name.stage == Stage::curve || name.stage == Stage::finish)
      CHECK(files.insert(pipeline::losses_of(name)).second);
    else
      CHECK_THROWS_AS((void)pipeline::losses_of(name), std::logic_error);
  }
}

TEST_CASE("a failed job names the plugin whose code it ran") {
  recipe::Recipe recipe;
  recipe.data.dataset = "photos";
  recipe.tasks = {{"normal", {}, ""}};
  CHECK(pipeline::plugin_of("samples/single/003", recipe) == "dataset \"photos\"");
  CHECK(pipeline::plugin_of("transfer/normal/other", recipe) == "task \"normal\"");
  CHECK(pipeline::plugin_of("features/normal/single", recipe) == "task \"normal\"");
  CHECK(pipeline::plugin_of("features/imagenet/single", recipe).empty());
  CHECK(pipeline::plugin_of("images/single", recipe).empty());
  CHECK(pipeline::plugin_of("report", recipe).empty());
  CHECK(pipeline::plugin_of("anything", recipe).empty());
}
