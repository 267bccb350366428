// What a run folder accepts, remembers and refuses.
#include "core/jobs/run_directory.hpp"

#include <cerrno>
#include <fstream>

#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
using jobs::RunDirectory;
using tests::Folder;

namespace {

recipe::Recipe a_recipe(const std::vector<std::string>& overrides = {}) {
  return recipe::parse_recipe("tasks = [\"a\", \"b\"]\n[data]\ndataset = \"fake\"\nrooms = 3\n", "fake.toml",
                              overrides);
}

/// The message of the Error that body throws, or "".
template <typename Body>
std::string message_of(Body body) {
  try {
    body();
  } catch (const base::Error& error) {
    return error.what();
  }
  return "";
}

jobs::JobReport report_of(const std::string& id, const std::vector<std::string>& files) {
  return {id, true, "", 1.5, files, {{"images", 10.0}}};
}

}  // namespace

TEST_CASE("safe names are file names, different for different ids") {
  CHECK(jobs::safe_name("transfer/normal/a+b") == "transfer.normal.a+b");
  CHECK(jobs::safe_name("a.b") != jobs::safe_name("a/b"));
  CHECK(jobs::safe_name("a%2Eb") != jobs::safe_name("a.b"));
  const std::string many(400, 'x');
  CHECK(jobs::safe_name(many + "a").size() < 200);
  CHECK(jobs::safe_name(many + "a") != jobs::safe_name(many + "b"));
  CHECK(jobs::safe_name("\xc3\xa4 *?:").find_first_of(" *?:/\xc3") == std::string::npos);
}

TEST_CASE("a job is done when its record bears its key and its files are whole") {
  const Folder folder;
  const RunDirectory run(folder.path());
  CHECK_FALSE(run.done("source/a", "k1"));
  base::write_file(folder / "sources/a", "12345");
  run.write_record(report_of("source/a", {"sources/a"}), "k1", "");
  CHECK(run.done("source/a", "k1"));
  CHECK_FALSE(run.done("source/a", "k2"));
  CHECK_FALSE(run.done("source/b", "k1"));
  const auto record = run.record("source/a");
  REQUIRE(record);
  CHECK(record->seconds == 1.5);
  CHECK(record->figures.at("images") == 10.0);
  CHECK(record->files.at("sources/a") == 5);

  SUBCASE("not when a file lost its end") {
    base::write_file(folder / "sources/a", "1234");
    CHECK_FALSE(run.done("source/a", "k1"));
  }
  SUBCASE("not when a file is gone") {
    std::filesystem::remove(folder / "sources/a");
    CHECK_FALSE(run.done("source/a", "k1"));
  }
  SUBCASE("not when the record is cut anywhere") {
    const std::string whole = base::read_file(run.record_file("source/a"));
    for (std::size_t length = 0; length + 2 < whole.size(); ++length) {
      std::ofstream(run.record_file("source/a"), std::ios::trunc) << whole.substr(0, length);
      CHECK_FALSE(run.done("source/a", "k1"));
    }
  }
  SUBCASE("not when the record is that of another job") {
    std::filesystem::rename(run.record_file("source/a"), run.record_file("source/b"));
    CHECK_FALSE(run.done("source/b", "k1"));
  }
  SUBCASE("not after its record was removed") {
    run.remove_record("source/a");
    CHECK_FALSE(run.done("source/a", "k1"));
    run.remove_record("source/a");
  }
  SUBCASE("still when a kill left the next version half written") {
    std::ofstream(folder / "sources/a.tmp.node.123.4") << "12";
    std::ofstream(run.record_file("source/a").string() + ".tmp.node.123.4") << "{";
    CHECK(run.done("source/a", "k1"));
  }
}

TEST_CASE("a record keeps the samples that its job went on without, and says the first three of them") {
  const Folder folder;
  const RunDirectory run(folder.path());
  jobs::JobReport report = report_of("images/single", {});
  run.write_record(report, "k1", "");
  CHECK(run.record("images/single").value().left_out.empty());
  CHECK(jobs::left_out_text(*run.record("images/single")).empty());
  report.left_out = {"a/1: x.png: damaged"};
  run.write_record(report, "k1", "");
  CHECK(jobs::left_out_text(*run.record("images/single")) ==
        "images/single goes on without 1 sample: a/1: x.png: damaged");
  for (const std::string sample : {"a/2: p", "b/7: q", "c/1: r"}) report.left_out.push_back(sample);
  run.write_record(report, "k1", "");
  CHECK(run.record("images/single").value().left_out == report.left_out);
  CHECK(jobs::left_out_text(*run.record("images/single")) ==
        "images/single goes on without 4 samples: a/1: x.png: damaged; a/2: p; b/7: q and 1 more");
}

TEST_CASE("a record is refused for files that are missing or lie elsewhere") {
  const Folder folder;
  const RunDirectory run(folder.path());
  CHECK(message_of([&] {
          run.write_record(report_of("a", {"gone"}), "k", "");
        }).find("job \"a\": its file gone") == 0);
  CHECK(message_of([&] { run.write_record(report_of("a", {"../x"}), "k", ""); }).find("outside") !=
        std::string::npos);
  CHECK(message_of([&] { run.write_record(report_of("a", {"/etc/passwd"}), "k", ""); }).find("outside") !=
        std::string::npos);
  CHECK_FALSE(run.record("a"));
}

TEST_CASE(
    "more tasks, in any order and with tables of their own, join a run; nothing else may change with them") {
  const Folder folder;
  const RunDirectory run(folder / "run");
  const auto lock = run.lock();
  CHECK(run.require_recipe(a_recipe()).empty());
  run.prepare(a_recipe());
  run.write_record(report_of("source/a", {}), "key", "");
  const std::string more = "tasks=[\"c\", \"b\", \"a\"]";
  CHECK(run.require_recipe(a_recipe({more, "task.c.sigma=2"})) == std::vector<std::string>{"c"});
  run.prepare(a_recipe({more, "task.c.sigma=2"}));
  CHECK(run.read_recipe().tasks.size() == 3);
  CHECK(run.require_recipe(a_recipe({more, "task.c.sigma=2"})).empty());

  const auto refused = [&](const std::vector<std::string>& overrides) {
    return message_of([&] { run.require_recipe(a_recipe(overrides)); });
  };
  CHECK(refused({more, "task.c.sigma=3"}).find("[task.c] sigma is 2 there and 3 here") != std::string::npos);
  CHECK(refused({more, "task.c.sigma=2", "task.a.sigma=2"}).find("[task.a] sigma is not set there") !=
        std::string::npos);
  CHECK(refused({"tasks=[\"a\", \"b\", \"c\", \"d\"]", "task.c.sigma=2", "source.steps=7"}).find("steps") !=
        std::string::npos);
  const std::string fewer = refused({"tasks=[\"a\", \"c\"]", "task.c.sigma=2"});
  CHECK(fewer.find("tasks is [\"c\", \"b\", \"a\"] there and [\"a\", \"c\"] here") != std::string::npos);
  CHECK(fewer.find("--update") != std::string::npos);
  CHECK(run.read_recipe().tasks.size() == 3);
}

TEST_CASE("a folder keeps its recipe; another one is refused with the keys that differ") {
  const Folder folder;
  const RunDirectory run(folder / "deep/run");
  const auto lock = run.lock();
  run.prepare(a_recipe());
  CHECK(to_toml(run.read_recipe()) == to_toml(a_recipe()));
  // Nothing is lost while no job is done.
  CHECK(run.require_recipe(a_recipe({"source.steps=8"})).empty());
  run.write_record(report_of("source/a", {}), "key", "");

  const std::string message = message_of([&] {
    run.require_recipe(a_recipe({"source.steps=7", "data.rooms=4", "data.wings=2", "tasks=[\"a\"]"}));
  });
  CHECK(message.find("holds a run of another recipe") != std::string::npos);
  for (const char* part : {"[source] steps is 300 there and 7 here", "[data] rooms is 3 there and 4 here",
                           "[data] wings is not set there and 2 here",
                           "tasks is [\"a\", \"b\"] there and [\"a\"] here", "--out", "--update"})
    CHECK_MESSAGE(message.find(part) != std::string::npos, part, " in ", message);
  CHECK(run.read_recipe().source.steps == 300);

  const auto may_differ = a_recipe({"compute.workers=3", "compute.device=cuda", "taxonomy.budgets=[1]",
                                    "taxonomy.cost.a=2", "plugins.dirs=[\"/p\"]", "name=other"});
  CHECK(run.require_recipe(may_differ).empty());
  run.prepare(may_differ);
  CHECK(run.read_recipe().compute.workers == 3);
  CHECK(run.done("source/a", "key"));
}

TEST_CASE("a folder whose recipe cannot be read is refused with what helps, and can be written anew") {
  const Folder folder;
  const RunDirectory run(folder / "run");
  const auto lock = run.lock();
  run.prepare(a_recipe());
  run.write_record(report_of("source/a", {}), "key", "");
  std::ofstream(run.recipe_file(), std::ios::app) << "colour = \"red\"\n";
  const std::string message = message_of([&] { run.require_recipe(a_recipe()); });
  for (const std::string& part : {run.recipe_file().string(), std::string("colour: unknown key"),
                                  std::string("--out"), std::string("--update")})
    CHECK_MESSAGE(message.find(part) != std::string::npos, part, " in ", message);
  run.prepare(a_recipe());
  CHECK(run.require_recipe(a_recipe()).empty());
}

TEST_CASE("preparing removes what killed runs left half written, and nothing that somebody may still need") {
  const Folder folder;
  const RunDirectory run(folder.path());
  const auto lock = run.lock();
  run.prepare(a_recipe());
  const base::ProcessId self = base::this_process();
  const std::string ended =
      ".tmp." + self.host + "." + std::to_string(self.pid) + "." + std::to_string(self.start + 1);
  const std::vector<std::string> kept{"sources/a", "sources/my.tmp.file", "sources/a.tmp.othernode.4711.88",
                                      "sources/a.tmp.4711", base::temporary_name("sources/b").string()};
  const std::vector<std::string> removed{"sources/a" + ended, "recipe.toml" + ended};
  std::filesystem::create_directories(folder / "sources");
  for (const auto& name : kept) std::ofstream(folder / name) << "x";
  for (const auto& name : removed) std::ofstream(folder / name) << "x";
  run.prepare(a_recipe());
  for (const auto& name : kept) CHECK_MESSAGE(std::filesystem::exists(folder / name), name);
  for (const auto& name : removed) CHECK_MESSAGE(!std::filesystem::exists(folder / name), name);
}

TEST_CASE("two runs do not work in one folder; the second one hears who holds it and since when") {
  const Folder folder;
  const RunDirectory run(folder.path());
  const base::ProcessId self = base::this_process();
  {
    const auto lock = run.lock();
    CHECK(run.locked_by() == self.pid);
    const std::string message = message_of([&] { static_cast<void>(run.lock()); });
    const std::string who = "another taskonomy run works in this folder (process " +
                            std::to_string(self.pid) + " on " + self.host + " since 20";
    CHECK_MESSAGE(message.find(who) != std::string::npos, message);
  }
  CHECK(run.locked_by() == 0);
  const auto again = run.lock();
}

TEST_CASE("a lock that cannot be had says why, and what helps") {
  const auto refusal = [](int cause, const jobs::LockHolder& holder = {}) {
    return jobs::lock_refusal("/runs/a", cause, holder);
  };
  CHECK(refusal(EWOULDBLOCK, {12, "node7", "2026-03-01T12:30:05Z"}) ==
        "/runs/a: another taskonomy run works in this folder (process 12 on node7 since "
        "2026-03-01T12:30:05Z); wait for "
        "it, or take another folder with --out");
  CHECK(refusal(EWOULDBLOCK, {12, "", ""}).find("(process 12);") != std::string::npos);
  CHECK(refusal(EWOULDBLOCK).find("(process unknown);") != std::string::npos);
  for (const int cause : {ENOLCK, ENOSYS, EOPNOTSUPP}) {
    const std::string message = refusal(cause, {12, "node7", "2026-03-01T12:30:05Z"});
    CHECK(message.find("/runs/a: this file system has no locks (") == 0);
    CHECK(message.find("--out") != std::string::npos);
    CHECK(message.find("node7") == std::string::npos);
  }
  CHECK(refusal(EIO) ==
        "/runs/a: cannot lock the run folder: Input/output error; take another one with --out");
}

TEST_CASE("folders that cannot or must not become run folders are refused") {
  const Folder folder;
  base::write_file(folder / "photos/cat.jpg", "x");
  CHECK(message_of([&] {
          static_cast<void>(RunDirectory(folder / "photos").lock());
        }).find("holds \"cat.jpg\" but no") != std::string::npos);
  base::write_file(folder / "file", "x");
  CHECK(message_of([&] {
          static_cast<void>(RunDirectory(folder / "file").lock());
        }).find("cannot create the run folder") != std::string::npos);
  CHECK(message_of([&] { static_cast<void>(RunDirectory(folder / "file/run").lock()); }).find("--out") !=
        std::string::npos);
  CHECK(message_of([&] { static_cast<void>(RunDirectory("/proc/taskonomy").lock()); }).find("--out") !=
        std::string::npos);
  CHECK(message_of([&] {
          static_cast<void>(RunDirectory(folder / "none").read_recipe());
        }).find("not a run folder") != std::string::npos);
}

TEST_CASE("the manifest says what a run was made with and keeps its first date") {
  const Folder folder;
  const RunDirectory run(folder.path());
  const jobs::Manifest manifest{"1.0.0", "1.0",      "1.13.1",
                                5,       {"a", "b"}, {{{"a", 0.0}, {"b", 1.5}}, {"a"}, "hours"}};
  run.write_manifest(manifest);
  const std::string first = base::read_file(run.manifest_file());
  CHECK(first.find("\"cpu\"") != std::string::npos);
  const std::string created = first.substr(first.find("\"created\""), 40);
  run.write_manifest(manifest);
  CHECK(base::read_file(run.manifest_file()).find(created) != std::string::npos);
  const jobs::Manifest again = run.read_manifest();
  CHECK(again.program_version == "1.0.0");
  CHECK(again.seed == 5);
  CHECK(again.tasks == manifest.tasks);
  CHECK(again.prices.cost == manifest.prices.cost);
  CHECK(again.prices.untrained == manifest.prices.untrained);
  CHECK(again.prices.unit == "hours");
  CHECK(created.find(again.created) != std::string::npos);
  CHECK(again.machine.cores == base::this_machine().cores);
  CHECK(run.prices().cost == manifest.prices.cost);
  std::ofstream(run.manifest_file(), std::ios::trunc) << "{\"label_costs\": {\"a\": 2}}";
  CHECK(run.prices().cost == std::map<std::string, double>{{"a", 2.0}});
  std::ofstream(run.manifest_file(), std::ios::trunc) << "{}";
  CHECK(message_of([&] { static_cast<void>(run.read_manifest()); }).find(run.manifest_file().string()) == 0);
}

TEST_CASE("a run's folder names no plugins that came with it, by whatever path") {
  const Folder folder;
  std::filesystem::create_directories(folder / "run/plugins");
  std::filesystem::create_directories(folder / "mine");
  std::filesystem::create_directory_symlink(folder / "run/plugins", folder / "link");
  const jobs::RunDirectory run(folder / "run");
  const auto refusal = [&](const std::string& dir) {
    base::write_file(run.recipe_file(),
                     "tasks = [\"a\"]\n[plugins]\ndirs = [\"" + dir + "\"]\n[data]\ndataset = \"fake\"\n");
    return message_of([&] { static_cast<void>(run.read_recipe()); });
  };
  const std::string root = folder.path().string();
  for (const std::string& dir :
       {std::string("plugins"), std::string("."), std::string("../mine"), root + "/run",
        root + "/run/plugins", root + "/mine/../run/plugins", root + "/link"})
    CHECK_MESSAGE(refusal(dir).find("recipe.toml: [plugins] dirs: \"" + dir + "\" would take plugins") !=
                      std::string::npos,
                  dir);
  CHECK(refusal(root + "/mine").empty());
  CHECK(refusal(root + "/runs").empty());
}
