// Which jobs a change makes again: exactly those that read what changed, and those that read them.
#include <algorithm>
#include <fstream>
#include <functional>
#include <set>

#include "core/base/error.hpp"
#include "core/base/ingredients.hpp"
#include "core/pipeline/ingredients.hpp"
#include "core/pipeline/job_name.hpp"
#include "tests/pipeline/run_setup.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/testing.hpp"
#include "tests/taskonomy_dataset/root.hpp"

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
    case Stage::predictions:
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

/// How many transfers into all targets a plan has, by order.
std::map<std::size_t, std::size_t> transfers_by_order(const Keys& keys) {
  std::map<std::size_t, std::size_t> count;
  for (const auto& [id, key] : keys)
    if (const JobName name = JobName::parse(id).value(); name.stage == Stage::transfer)
      ++count[name.sources.size()];
  return count;
}

/// Ids of the jobs of both plans whose keys differ.
std::set<std::string> changed_of_both(const Keys& before, const Keys& now) {
  std::set<std::string> ids;
  for (const auto& [id, key] : before)
    if (now.count(id) == 1 && now.at(id) != key) ids.insert(id);
  return ids;
}

/// A setting of the recipe, and the jobs that it makes again.
struct Change {
  std::string setting;
  Affects affects;
};

Affects stage_is(std::set<Stage> stages) {
  return [stages](const JobName& name) { return stages.count(name.stage) > 0; };
}

void check_changes(const std::vector<Change>& changes) {
  const auto before = keys_of(setup_of(tests::kRooms));
  for (const Change& change : changes) {
    CAPTURE(change.setting);
    const auto now = keys_of(setup_of(tests::kRooms, {change.setting}));
    CHECK(changed(before, now) == expected(before, change.affects));
  }
}

}  // namespace

TEST_CASE("a change of data and sources makes exactly the jobs again that read what it says") {
  using enum Stage;
  const Affects sources =
      stage_is({source, pictures, features, transfer, shortlist, affinity, report, predictions});
  const Affects networks =
      stage_is({source, scratch, pictures, features, transfer, shortlist, affinity, report, predictions});
  check_changes({
      {"seed=2", kAll},
      {"data.ao_rays=3", kAll},
      {"data.side=64", kAll},
      {"split.train=0.4", kAll},
      {"split.validation=0.1", kAll},
      {"encoder.width=16", networks},
      {"encoder.channels=4", networks},
      {"decoder.name=paper", networks},
      {"source.steps=61", sources},
      {"source.weight_decay=1e-3", sources},
      {"source.batch=9", sources},
      {"source.first_layer_rate=0.1", sources},
      // random is never trained and offers no augmentation.
      {"source.augment=light",
       [](const JobName& name) {
         return reads_network_of(name, "edge_texture") || reads_network_of(name, "normal") ||
                reads_network_of(name, "denoising");
       }},
      {"source.schedule=until_flat", sources},
      {"source.gradient_clip=2", sources},
      {"source.steps_of.normal=61", [](const JobName& name) { return reads_network_of(name, "normal"); }},
      {"source.clip_of.normal=1", [](const JobName& name) { return reads_network_of(name, "normal"); }},
      {"source.step_at=0.5", sources},
      {"source.start_rate=0.5", [](const JobName&) { return false; }},  // nothing starts from another network
      {"task.edge_texture.sigma=2.5",
       [](const JobName& name) { return reads_labels_of(name, "edge_texture"); }},
      {"task.denoising.variance=0.02",
       [](const JobName& name) { return reads_labels_of(name, "denoising"); }},
  });
}

TEST_CASE("a change of transfers and taxonomies makes exactly the jobs again that read what it says") {
  using enum Stage;
  const Affects transfers = stage_is({scratch, transfer, shortlist, affinity, report, predictions});
  check_changes({
      {"transfer.steps=26", transfers},
      {"transfer.gradient_clip=2", transfers},
      {"transfer.learning_rate=1e-3", transfers},
      // One value for all orders, then another one for those of two sources and more.
      {"transfer.weight_decay_of_orders=[2e-6]", stage_is({})},
      {"transfer.weight_decay_of_orders=[2e-6, 1e-6]",
       [](const JobName& name) {
         return (name.stage == Stage::transfer && name.sources.size() > 1) || name.stage == Stage::affinity ||
                name.stage == Stage::report || name.stage == Stage::predictions;
       }},
      {"scratch.steps=31", stage_is({scratch, affinity, report, predictions})},
      {"scratch.learning_rate=1e-3", stage_is({scratch, affinity, report, predictions})},
      {"taxonomy.costs=paper", stage_is({report, predictions})},
      {"taxonomy.unit=hours", stage_is({report, predictions})},
      {"taxonomy.budgets=[2]", stage_is({report, predictions})},
      {"taxonomy.cost.normal=3", stage_is({report, predictions})},
      {"taxonomy.importance.normal=3", stage_is({report, predictions})},
      {"compute.workers=7", stage_is({})},
      {"compute.job_timeout=99", stage_is({})},
      {"name=other", stage_is({})},
  });
}

TEST_CASE("orders, top and from_own_encoder add and remove transfers; those that stay are not made again") {
  const auto before = keys_of(setup_of(tests::kRooms));
  using Count = std::map<std::size_t, std::size_t>;
  REQUIRE(transfers_by_order(before) == Count{{1, 9}, {2, 9}});
  struct Row {
    std::string setting;
    Count transfers;
    std::set<Stage> affects;
  };
  const std::vector<Row> table{
      {"transfer.orders=[1]", {{1, 9}}, {Stage::affinity, Stage::report, Stage::predictions}},
      {"transfer.orders=[1, 2, 3]",
       {{1, 9}, {2, 9}, {3, 3}},
       {Stage::affinity, Stage::report, Stage::predictions}},
      {"transfer.top=2", {{1, 9}, {2, 3}}, {Stage::affinity, Stage::report, Stage::predictions}},
      // The transfer from a target's own encoder is judged with the others, so that its shortlist reads it.
      {"transfer.from_own_encoder=true",
       {{1, 12}, {2, 9}},
       {Stage::shortlist, Stage::affinity, Stage::report, Stage::predictions}},
  };
  for (const Row& row : table) {
    CAPTURE(row.setting);
    const auto now = keys_of(setup_of(tests::kRooms, {row.setting}));
    CHECK(transfers_by_order(now) == row.transfers);
    for (const auto& id : changed_of_both(before, now))
      CHECK_MESSAGE(row.affects.count(JobName::parse(id)->stage) == 1, id);
    CHECK(now.at("report") != before.at("report"));
  }
}

TEST_CASE("of a network trained elsewhere its content and its settings count, not where its file lies") {
  const std::filesystem::path fixture =
      std::filesystem::path(TASKONOMY_SOURCE_DIR) / "tests/fixtures/pretrained/small.pt";
  const tests::Folder folder;
  std::filesystem::copy_file(fixture, folder / "moved.pt");
  std::filesystem::copy_file(fixture, folder / "other.pt");
  std::ofstream(folder / "other.pt", std::ios::app) << '\0';
  const std::string recipe =
      tests::kRooms + "[sources.elsewhere]\noutput = \"0\"\ntorchscript = \"" + fixture.string() + "\"\n";
  const auto before = keys_of(setup_of(recipe));
  const Affects none = [](const JobName&) { return false; };
  const Affects its_network = [](const JobName& name) { return reads_network_of(name, "elsewhere"); };
  const Affects report_alone = [](const JobName& name) {
    return name.stage == Stage::report || name.stage == Stage::predictions;
  };
  const std::vector<std::pair<std::string, Affects>> table{
      {"torchscript=" + (folder / "moved.pt").string(), none},
      {"torchscript=" + (folder / "other.pt").string(), its_network},
      {"side=16", its_network},
      {"output=\"1\"", its_network},
      {"method=other", its_network},
      {"range=[0.0, 255.0]", its_network},
      {"mean=[0.5, 0.5, 0.5]", its_network},
      {"std=[0.5, 0.5, 0.5]", its_network},
      {"label_cost=0.5", report_alone}};
  for (const auto& row : table) {
    CAPTURE(row.first);
    CHECK(changed(before, keys_of(setup_of(recipe, {"sources.elsewhere." + row.first}))) ==
          expected(before, row.second));
  }
}

TEST_CASE("a task that joins makes no job of the others again but the ranking and what follows from it") {
  const auto before = keys_of(setup_of(tests::kRooms));
  const auto now = keys_of(setup_of(
      tests::kRooms, {"tasks=[\"edge_texture\", \"normal\", \"denoising\", \"random\", \"depth_zbuffer\"]"}));
  for (const auto& job : before) {
    const std::string& id = job.first;
    const Stage stage = JobName::parse(id)->stage;
    const bool may_change = stage == Stage::samples || stage == Stage::shortlist ||
                            stage == Stage::affinity || stage == Stage::report || stage == Stage::predictions;
    if (now.count(id) == 0 || may_change) continue;
    CHECK_MESSAGE(now.at(id) == job.second, id);
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
  for (const auto& job : before)
    if (JobName::parse(job.first)->stage != Stage::samples)
      CHECK_MESSAGE(grown.at(job.first) != job.second, job.first);

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
  const std::string a = "a", b = "b";
  for (const Stage stage : {Stage::samples, Stage::examples}) {
    for (const char* name :
         {"SDK library", "LibTorch", "device", "precision", "version of stage source",
          "plugin of task normal", "plugin of data set photos", "samples and their splits", "files.rgb",
          "files that pair views", "class names.class_scene", "weights of imagenet"}) {
      CHECK_MESSAGE(pipeline::needs_consent(stage, {name, a, b}), name);
      const bool modality_of_shard = stage == Stage::samples && std::string(name) == "files.rgb";
      CHECK_MESSAGE(pipeline::needs_consent(stage, {name, a, std::nullopt}) == !modality_of_shard, name);
      CHECK_MESSAGE(pipeline::needs_consent(stage, {name, std::nullopt, b}) == !modality_of_shard, name);
    }
    for (const char* name : {"recipe.source.steps", "recipe.seed", "tasks.modalities", "tasks.competitors"})
      CHECK_FALSE_MESSAGE(pipeline::needs_consent(stage, {name, a, b}), name);
    CHECK_FALSE(pipeline::needs_consent(stage, {"recipe.source.dropout", std::nullopt, b}));
    CHECK(pipeline::needs_consent(stage, {"tasks.left out", std::nullopt, b}));
  }
}

namespace {

/// Four buildings with three points of two views each; every view says which other points it sees.
struct Photographs : tests::Root {
  Photographs() {
    for (const char* building : {"almena", "beechwood", "corozal", "darden"})
      for (int point = 1; point <= 3; ++point)
        for (int view = 0; view < 2; ++view) {
          tests::write_view(*this, building, point, view);
          see(building, point, view, point % 3 + 1);
        }
  }
  /// Exchanges the file that says which other point a view sees.
  void see(const std::string& building, int point, int view, int other) const {
    tests::write_text(
        file(building, point, "point_info", "json", view),
        "{\"resolution\": 64, \"nonfixated_points_in_view\": [\"" + std::to_string(other) + "\"]}");
  }
  [[nodiscard]] std::shared_ptr<const pipeline::Setup> setup(const std::string& tasks,
                                                             const std::string& more = "") const {
    return setup_of("tasks = [" + tasks + "]\n[data]\ndataset = \"taskonomy\"\nside = 32\nroot = \"" +
                    path().string() + "\"\n" + more +
                    "[split]\nunit = \"image\"\ntrain = 0.5\ntransfer = 0.25\ntest = 0.25\n"
                    "[encoder]\nwidth = 8\n[compute]\nprecision = \"float32\"\n");
  }
};

}  // namespace

TEST_CASE(
    "a file that pairs views makes the images and the labels of the pairs again, and those of no other") {
  const Photographs photographs;
  const auto keys = [&] { return keys_of(photographs.setup("\"edge_texture\", \"point_matching\"")); };
  const auto before = keys();
  photographs.see("almena", 1, 0, 33);  // as many samples, and the same list of them
  const auto now = keys();
  for (const char* id : {"samples/matching_pair/000", "images/matching_pair", "examples/point_matching",
                         "source/point_matching", "features/edge_texture/matching_pair"})
    CHECK_MESSAGE(now.at(id) != before.at(id), id);
  for (const char* id :
       {"samples/single/000", "images/single", "examples/edge_texture", "source/edge_texture"})
    CHECK_MESSAGE(now.at(id) == before.at(id), id);
}

TEST_CASE(
    "an exchanged label file makes the labels again that are read from it; a lost one counts as exchanged") {
  const Photographs photographs;
  const auto keys = [&] { return keys_of(photographs.setup("\"edge_texture\", \"depth_zbuffer\"")); };
  const auto before = keys();
  std::filesystem::remove(photographs.file("darden", 2, "depth_zbuffer", "png"));
  const auto now = keys();
  CHECK(now.at("examples/depth_zbuffer") != before.at("examples/depth_zbuffer"));
  CHECK(now.at("images/single") == before.at("images/single"));
  CHECK(now.at("examples/edge_texture") == before.at("examples/edge_texture"));
}

TEST_CASE("the names of the classes that a task's labels are made of count") {
  const Photographs photographs;
  const auto examples = [&](const std::string& names) {
    const auto plan = pipeline::make_plan(
        photographs.setup("\"edge_texture\", \"segment_semantic\"", "class_names = [" + names + "]\n"),
        "unused");
    std::map<std::string, std::map<std::string, std::string>> fields;
    for (const char* id : {"examples/edge_texture", "examples/segment_semantic"})
      for (const auto& [name, value] : base::Ingredients::parse(plan.graph.job(id).ingredients).fields())
        fields[id][name] = value;
    return fields;
  };
  const auto fields = examples(R"("wall", "floor", "bed", "lamp", "desk")");
  CHECK(fields.at("examples/segment_semantic").at("class names.segment_semantic") ==
        R"(["uncertain", "wall", "floor", "bed", "lamp", "desk"])");
  CHECK(fields.at("examples/edge_texture").count("class names.segment_semantic") == 0);
}

TEST_CASE("orders and candidates beyond the sources that there are: said, unless they are the defaults") {
  const auto sentences = [](const std::vector<std::string>& overrides) {
    return pipeline::require_targets(*setup_of(tests::kRooms, overrides));
  };
  CHECK(sentences({}).empty());
  CHECK(sentences({"tasks=[\"normal\"]", "transfer.top=5"}).empty());
  CHECK(sentences({"transfer.orders=[1,7]"}) ==
        std::vector<std::string>{
            "[transfer] orders: no transfer of order 7 can be made, because a target has at most 3 sources"});
  CHECK(sentences({"transfer.top=100"}) ==
        std::vector<std::string>{
            "[transfer] top = 100 takes them all, because a target has at most 3 sources"});
  CHECK_THROWS_WITH_AS((void)sentences({"tasks=[\"random\"]"}),
                       doctest::Contains("tasks: none of them is a target"), base::Error);
}
