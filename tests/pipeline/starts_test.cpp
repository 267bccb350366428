// [source] start, [source.start_of], [scratch] start: which jobs they touch, and what is refused before any work.
#include <filesystem>
#include <fstream>
#include <set>

#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/data/tensor_file.hpp"
#include "core/jobs/run_directory.hpp"
#include "core/network/weights.hpp"
#include "core/pipeline/job_name.hpp"
#include "core/pipeline/starts.hpp"
#include "core/training/source_network.hpp"
#include "tests/pipeline/run_setup.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/testing.hpp"
#include "tests/support/text.hpp"

using namespace taskonomy;
using pipeline::JobName;
using tests::Folder;
using tests::has;
using tests::kRooms;
using tests::setup_of;

namespace {

/// Leaves in `folder` what a run leaves whose source networks are done, trained or not.
void make_run(const std::filesystem::path& folder, const std::vector<std::string>& overrides = {},
              const std::set<std::string>& unfinished = {}) {
  const auto setup = setup_of(kRooms, overrides);
  const jobs::RunDirectory run(folder);
  std::filesystem::create_directories(folder);
  run.prepare(setup->recipe());
  for (const auto& entry : setup->recipe().tasks) {
    if (unfinished.count(entry.id) > 0) continue;
    training::SourceNetwork network(setup->recipe().network, *setup->fresh_task(entry.id),
                                    setup->recipe().data.side);
    const auto file = pipeline::artefact_of(pipeline::job::source(entry.id));
    data::save_tensors(folder / file, network::weights_of(network), {{"task", entry.id}});
    jobs::JobReport report;
    report.id = pipeline::job::source(entry.id);
    report.files = {file.string()};
    run.write_record(report, "key", "");
  }
}

std::string key(const std::string& setting, const std::filesystem::path& path) {
  return setting + "=" + path.string();
}

std::string refusal_of(const std::filesystem::path& folder, const std::vector<std::string>& overrides) {
  try {
    static_cast<void>(pipeline::make_plan(setup_of(kRooms, overrides), folder));
  } catch (const base::Error& error) {
    return error.what();
  }
  return "";
}

/// Jobs whose keys the settings change.
std::set<std::string> changed_by(const std::vector<std::string>& overrides) {
  const auto before = tests::keys_of(setup_of(kRooms)), now = tests::keys_of(setup_of(kRooms, overrides));
  std::set<std::string> ids;
  for (const auto& [id, of] : before)
    if (now.at(id) != of) ids.insert(id);
  return ids;
}

}  // namespace

TEST_CASE("a start touches the networks that have one and their readers, by its content") {
  const Folder folder;
  make_run(folder / "rooms");
  const auto one = changed_by({key("source.start_of.normal", folder / "rooms")});
  for (const std::string id : {"source/normal", "features/normal/single", "pictures/normal", "report"})
    CHECK_MESSAGE(one.count(id) == 1, id);
  for (const std::string id :
       {"source/edge_texture", "source/denoising", "scratch/normal", "constant/normal"})
    CHECK_MESSAGE(one.count(id) == 0, id);
  const auto all = changed_by({key("source.start", folder / "rooms")});
  CHECK(all.count("source/edge_texture") == 1);
  CHECK(all.count("source/random") == 0);  // is not trained
  CHECK(changed_by({key("source.start", folder / "rooms"), "source.start_of.normal=none",
                    "source.start_of.edge_texture=none", "source.start_of.denoising=none"})
            .empty());
  const auto scratch = changed_by({key("scratch.start", folder / "rooms")});
  CHECK(scratch.count("scratch/normal") == 1);
  CHECK(scratch.count("source/normal") == 0);
  const auto curve = tests::keys_of(setup_of(kRooms, {"source.curve=true"})),
             started = tests::keys_of(
                 setup_of(kRooms, {"source.curve=true", key("source.start_of.normal", folder / "rooms")}));
  CHECK(curve.at("curve/normal@2") != started.at("curve/normal@2"));  // begins where the source network does

  std::filesystem::copy(folder / "rooms", folder / "copy", std::filesystem::copy_options::recursive);
  const auto keys = [&](const std::string& name) {
    return tests::keys_of(setup_of(kRooms, {key("source.start", folder / name)}));
  };
  CHECK(keys("rooms") == keys("copy"));  // not by where it lies
  make_run(folder / "other");
  CHECK(keys("rooms").at("source/normal") != keys("other").at("source/normal"));
}

TEST_CASE("what networks start from is told: all of a network, or its encoder alone") {
  const Folder folder;
  make_run(folder / "rooms", {"decoder.name=paper"});
  std::filesystem::copy_file(folder / "rooms/sources/normal.safetensors", folder / "normal.safetensors");
  const auto setup =
      setup_of(kRooms, {key("source.start", folder / "rooms"), "source.start_of.denoising=none",
                        key("scratch.start", folder / "normal.safetensors")});
  const auto starts = pipeline::find_starts(*setup, folder / "run");
  std::vector<std::string> networks;
  for (const auto& start : starts) networks.push_back(start.network);
  CHECK(networks == std::vector<std::string>{"source/edge_texture", "source/normal", "scratch/edge_texture",
                                             "scratch/normal", "scratch/denoising"});
  const auto& normal = starts[1];
  CHECK_FALSE(normal.whole);
  CHECK(normal.why == "its decoder is another network");
  CHECK(starts[3].why.empty());
  const auto weights = pipeline::read_first_weights(*setup, normal);
  CHECK(weights.count("encoder.conv1.weight") == 1);
  CHECK(std::none_of(weights.begin(), weights.end(),
                     [](const auto& item) { return item.first.starts_with("decoder."); }));

  make_run(folder / "same");
  const auto same = setup_of(kRooms, {key("source.start", folder / "same")});
  const auto whole = pipeline::find_start(*same, folder / "run", pipeline::job::source("normal"));
  REQUIRE(whole);
  CHECK(whole->whole);
  const auto all = pipeline::read_first_weights(*same, *whole);
  const auto file = data::TensorFile(folder / "same/sources/normal.safetensors").all();
  for (const auto& [name, tensor] : file)
    if (!name.ends_with("num_batches_tracked")) CHECK_MESSAGE(torch::equal(all.at(name), tensor), name);
  CHECK_FALSE(pipeline::find_start(*same, folder / "run", pipeline::job::source("random")));
  CHECK_FALSE(pipeline::find_start(*same, folder / "run", pipeline::job::scratch("normal")));
}

TEST_CASE("a start of another network is refused with the key that makes it fit") {
  const Folder folder;
  struct Row {
    std::string there, message;
  };
  for (const Row& row : {Row{"encoder.width=4",
                             "its [encoder] width is 4, this recipe's 8: set [encoder] width = 4, or start"},
                         Row{"encoder.channels=5", "set [encoder] channels = 5"},
                         Row{"data.side=48", "set [data] side = 48"}}) {
    const auto start = folder / row.there;
    make_run(start, {row.there});
    const auto message = refusal_of(folder / "run", {key("source.start", start)});
    CHECK_MESSAGE(has(message, "test.toml: [source] start: " + start.string() + ": "), message);
    CHECK_MESSAGE(has(message, row.message), message);
  }
}

TEST_CASE(
    "a start whose network is missing, unfinished, damaged or of another program is refused with a cure") {
  const Folder folder;
  make_run(folder / "rooms", {"tasks=[\"normal\", \"depth_zbuffer\"]"});
  const std::vector<std::string> from{key("source.start", folder / "rooms")};
  CHECK(has(refusal_of(folder / "run", from),
            "it has no network of edge_texture, denoising; let them begin at random:\n[source.start_of]\n"
            "edge_texture = \"none\"\ndenoising = \"none\""));
  CHECK(has(refusal_of(folder / "run", {key("scratch.start", folder / "rooms")}),
            "[scratch] start: " + (folder / "rooms").string() +
                ": it has no network of edge_texture, denoising; take"));

  make_run(folder / "half", {}, {"normal"});
  CHECK(has(refusal_of(folder / "run", {key("source.start", folder / "half")}),
            "its network of normal is not finished (source/normal); finish it with: taskonomy run"));

  make_run(folder / "damaged");
  const auto file = folder / "damaged/sources/normal.safetensors";
  std::string bytes = base::read_file(file);
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  std::ofstream(file, std::ios::trunc) << bytes;
  const std::vector<std::string> damaged{key("source.start", folder / "damaged")};
  CHECK(has(refusal_of(folder / "run", damaged),
            "sources/normal.safetensors is damaged or gone; make it again"));
  std::filesystem::remove(file);
  CHECK(has(refusal_of(folder / "run", damaged),
            "sources/normal.safetensors is damaged or gone; make it again"));

  make_run(folder / "newer");
  std::ofstream(folder / "newer/recipe.toml", std::ios::app) << "[future]\nkey = 1\n";
  CHECK(has(refusal_of(folder / "run", {key("source.start", folder / "newer")}),
            "its recipe.toml is not of this version of the program"));
}

TEST_CASE("a start that is this run, lies in it, or is neither run nor weights is refused") {
  const Folder folder;
  make_run(folder / "run");
  make_run(folder / "run/inner");
  for (const auto& start : {folder / "run", folder / "run/inner", folder / "run/sources/normal.safetensors"})
    CHECK(has(refusal_of(folder / "run", {key("source.start", start)}), "is this run, or lies in it"));
  CHECK(has(refusal_of(folder / "new", {key("source.start", folder / "none")}),
            "not there; expected the folder of a run, or a safetensors file"));
  std::filesystem::create_directory(folder / "empty");
  CHECK(has(refusal_of(folder / "new", {key("source.start", folder / "empty")}),
            "a folder without recipe.toml"));
  std::ofstream(folder / "text") << "no weights";
  CHECK(has(refusal_of(folder / "new", {key("source.start", folder / "text")}),
            "not a sound safetensors file"));
}

TEST_CASE("a run whose start is gone goes on, unless a network still needs it") {
  const Folder folder;
  make_run(folder / "rooms");
  const std::vector<std::string> from{key("source.start", folder / "rooms")};
  const auto setup = setup_of(kRooms, from);
  const auto rows = pipeline::find_starts(*setup, folder / "run");
  CHECK(rows.size() == 3);
  const jobs::RunDirectory run(folder / "run");
  report::write_starts(run.root(), rows);
  const auto plan = pipeline::make_plan(setup, run.root());
  const auto finish = [&](const std::string& task) {
    const auto file = pipeline::artefact_of(pipeline::job::source(task));
    base::write_file(run.root() / file, "weights");
    jobs::JobReport report;
    report.id = pipeline::job::source(task);
    report.files = {file.string()};
    run.write_record(report, plan.graph.key(report.id), "");
  };
  for (const std::string task : {"edge_texture", "denoising"}) finish(task);
  std::filesystem::remove_all(folder / "rooms");
  CHECK(has(refusal_of(run.root(), from), "gone, and source/normal is still to be trained from it"));
  finish("normal");
  CHECK(refusal_of(run.root(), from).empty());
  CHECK(pipeline::make_plan(setup, run.root()).graph.key("source/normal") == plan.graph.key("source/normal"));
}
