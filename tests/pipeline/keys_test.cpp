// Which jobs a change makes again: exactly those that read what changed, and those that read them.
#include <algorithm>
#include <fstream>
#include <functional>
#include <set>

#include "core/base/ingredients.hpp"
#include "core/pipeline/ingredients.hpp"
#include "core/pipeline/job_name.hpp"
#include "tests/pipeline/run_setup.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
using pipeline::JobName;
using pipeline::Stage;
using tests::keys_of;
using tests::setup_of;

namespace {

using Keys = std::map<std::string, std::string>;
using Affects = std::function<bool(const JobName&)>;

/// Every job whose key differs; both plans have the same jobs.
std::set<std::string> changed(const Keys& before, const Keys& now) {
  std::set<std::string> ids;
  REQUIRE(before.size() == now.size());
  for (const auto& [id, key] : before) {
    REQUIRE(now.count(id) == 1);
    if (now.at(id) != key) ids.insert(id);
  }
  return ids;
}

/// What a change must make again, by a rule for the jobs that read it directly, followed through the graph by
/// the names alone: an oracle that knows who reads whom from the method, not from the plan.
bool reads_network_of(const JobName& name, const std::string& task) {
  switch (name.stage) {
    case Stage::source:
    case Stage::pictures:
      return name.task == task;
    case Stage::features:
      return name.sources.front() == task;
    case Stage::transfer:
      return std::find(name.sources.begin(), name.sources.end(), task) != name.sources.end();
    case Stage::shortlist:
    case Stage::affinity:  // every target is judged against this source, or is the task
    case Stage::report:
      return true;
    default:
      return false;
  }
}

bool reads_labels_of(const JobName& name, const std::string& task) {
  if (name.stage == Stage::features && name.task == task) return true;  // looks at the task's own images
  const bool own = name.stage == Stage::examples || name.stage == Stage::constant ||
                   name.stage == Stage::scratch || name.stage == Stage::transfer;
  return (own && name.task == task) || reads_network_of(name, task);
}

std::set<std::string> expected(const Keys& all, const Affects& affects) {
  std::set<std::string> ids;
  for (const auto& [id, key] : all)
    if (affects(JobName::parse(id).value())) ids.insert(id);
  return ids;
}

const Affects kAll = [](const JobName&) { return true; };

}  // namespace

TEST_CASE("a change of the recipe makes exactly the jobs again that read what it says") {
  const auto before = keys_of(setup_of(tests::kRooms));
  const auto stage_is = [](std::set<Stage> stages) -> Affects {
    return [stages](const JobName& name) { return stages.count(name.stage) > 0; };
  };
  using enum Stage;
  struct Row {
    std::string setting;
    Affects affects;
  };
  const std::vector<Row> table{
      {"seed=2", kAll},
      {"data.ao_rays=3", kAll},
      {"data.side=64", kAll},
      {"split.train=0.4", kAll},
      {"split.validation=0.1", kAll},
      {"encoder.width=16",
       stage_is({source, scratch, pictures, features, transfer, shortlist, affinity, report})},
      {"decoder.name=paper",
       stage_is({source, scratch, pictures, features, transfer, shortlist, affinity, report})},
      {"source.steps=61", stage_is({source, pictures, features, transfer, shortlist, affinity, report})},
      {"source.weight_decay=1e-3",
       stage_is({source, pictures, features, transfer, shortlist, affinity, report})},
      {"source.steps_of.normal=61", [](const JobName& name) { return reads_network_of(name, "normal"); }},
      {"task.edge_texture.sigma=2.5",
       [](const JobName& name) { return reads_labels_of(name, "edge_texture"); }},
      {"task.denoising.variance=0.02",
       [](const JobName& name) { return reads_labels_of(name, "denoising"); }},
      {"transfer.steps=26", stage_is({scratch, transfer, shortlist, affinity, report})},
      {"transfer.learning_rate=1e-3", stage_is({scratch, transfer, shortlist, affinity, report})},
      {"taxonomy.budgets=[2]", stage_is({report})},
      {"taxonomy.cost.normal=3", stage_is({report})},
      {"taxonomy.importance.normal=3", stage_is({report})},
      {"compute.workers=7", stage_is({})},
      {"compute.job_timeout=99", stage_is({})},
      {"name=other", stage_is({})},
  };
  for (const Row& row : table) {
    CAPTURE(row.setting);
    const auto now = keys_of(setup_of(tests::kRooms, {row.setting}));
    CHECK(changed(before, now) == expected(before, row.affects));
  }
}

TEST_CASE("a task that joins makes no job of the others again but the ranking and what follows from it") {
  const auto before = keys_of(setup_of(tests::kRooms));
  const auto now = keys_of(setup_of(
      tests::kRooms, {"tasks=[\"edge_texture\", \"normal\", \"denoising\", \"random\", \"depth_zbuffer\"]"}));
  for (const auto& [id, key] : before) {
    const Stage stage = JobName::parse(id)->stage;
    const bool may_change = stage == Stage::samples || stage == Stage::shortlist ||
                            stage == Stage::affinity || stage == Stage::report;
    if (now.count(id) == 0 || may_change) continue;
    CHECK_MESSAGE(now.at(id) == key, id);
  }
}

TEST_CASE("every job says which code computes it, and a changed version is never overlooked") {
  const auto setup = setup_of(tests::kRooms);
  const auto plan = pipeline::make_plan(setup, "unused");
  for (const auto& job : plan.graph.jobs()) {
    const auto& row = pipeline::row_of(JobName::parse(job.id)->stage);
    std::set<std::string> names;
    for (const auto& [name, value] : base::Ingredients::parse(job.ingredients).fields()) names.insert(name);
    CHECK_MESSAGE(names.count("version of stage " + row.name) == 1, job.id);
    const bool tensors = row.made_by != pipeline::MadeBy::numbers;
    CHECK_MESSAGE(names.count("LibTorch") == tensors, job.id);
    CHECK_MESSAGE(names.count("SDK library") == tensors, job.id);
    CHECK_MESSAGE(names.count("precision") == (row.made_by == pipeline::MadeBy::networks), job.id);
    CHECK_MESSAGE(names.count("device") == (row.made_by == pipeline::MadeBy::networks), job.id);
  }
}

TEST_CASE("samples that are new, gone or in another split change the keys of what is made from them") {
  const auto before = keys_of(setup_of(tests::kRooms));
  const auto grown = keys_of(setup_of(tests::kRooms, {"data.rooms=161"}));  // as many shards
  for (const auto& [id, key] : before)
    if (JobName::parse(id)->stage != Stage::samples) CHECK_MESSAGE(grown.at(id) != key, id);

  // The list itself counts, not only the recipe that led to it.
  using data::Split;
  const std::vector<data::SampleKey> keys{{"a", 0, Split::train}, {"a", 1, Split::test}};
  const auto fingerprint = pipeline::fingerprint_of(keys);
  CHECK(fingerprint == pipeline::fingerprint_of({{"a", 0, Split::train}, {"a", 1, Split::test}}));
  for (const std::vector<data::SampleKey>& other :
       {std::vector<data::SampleKey>{{"a", 0, Split::train}},
        {{"a", 0, Split::train}, {"a", 1, Split::transfer}},
        {{"a", 0, Split::train}, {"a", 2, Split::test}},
        {{"b", 0, Split::train}, {"a", 1, Split::test}},
        {{"a", 1, Split::test}, {"a", 0, Split::train}},
        {{"a", 0, Split::train}, {"a", 1, Split::test}, {"a", 2, Split::test}}})
    CHECK(pipeline::fingerprint_of(other) != fingerprint);
}

TEST_CASE("what the user must accept: code and data that changed, not the recipe, not a task that joins") {
  const auto change = [](const std::string& name) {
    return base::IngredientChange{name, std::string("a"), std::string("b")};
  };
  for (const char* name :
       {"SDK library", "LibTorch", "device", "precision", "version of stage source", "plugin of task normal",
        "plugin of data set photos", "samples and their splits", "files.rgb", "weights of imagenet"})
    CHECK_MESSAGE(pipeline::needs_consent(change(name)), name);
  for (const char* name : {"recipe.source.steps", "recipe.seed", "tasks.modalities", "tasks.competitors"})
    CHECK_MESSAGE(!pipeline::needs_consent(change(name)), name);
  CHECK_FALSE(pipeline::needs_consent({"files.depth_zbuffer", std::nullopt, std::string("x")}));
}
