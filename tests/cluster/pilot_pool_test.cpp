// The host's side of pilots, against agents that the test plays.
#include "core/cluster/pilot_pool.hpp"

#include <ctime>
#include <fstream>

#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/cluster/shared_files.hpp"
#include "tests/cluster/scripted_agents.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
using tests::Folder;
using tests::ScriptedAgent;

namespace {

using Names = std::vector<std::string>;

/// A pool with its script.
struct Stage {
  explicit Stage(std::size_t pilots, double seconds = 0.0, double settle = 0.0)
      : script(std::make_shared<tests::Script>()), log(folder / "log") {
    cluster::PilotSettings settings;
    settings.pilots = pilots;
    settings.seconds = seconds;
    settings.settle = settle;
    settings.version = "1";
    pool = std::make_unique<cluster::PilotPool>(jobs::RunDirectory(folder.path()), settings,
                                                std::make_unique<tests::ScriptedEngine>(script), log);
  }

  /// What comes within a moment.
  std::vector<jobs::JobReport> step() { return pool->wait(std::chrono::milliseconds(20)); }
  void start(const std::string& id, double expected = 0.0) {
    jobs::Assignment assignment{id, "key", {}};
    assignment.expected = expected;
    pool->start(assignment, [] { return 100.0; });
  }
  /// Makes the artefact and the record of a job, as a worker does, and returns what an agent says of it.
  cluster::Finished made(const std::string& id) {
    base::write_file(folder / ("artefacts/" + jobs::safe_name(id)), id);
    jobs::JobReport report;
    report.id = id;
    report.files = {"artefacts/" + jobs::safe_name(id)};
    const jobs::RunDirectory run(folder.path());
    run.write_record(report, "key", "");
    return {report, "key", run.record(id)->sums};
  }
  std::string logged() { return base::read_file(folder / "log"); }

  Folder folder;
  std::shared_ptr<tests::Script> script;
  jobs::RunLog log;
  std::unique_ptr<cluster::PilotPool> pool;
};

/// An agent whose worker died of a job.
cluster::Finished crash_of(const std::string& id) {
  cluster::Finished finished;
  finished.report.id = id;
  finished.report.ok = false;
  finished.report.error = "crashed with SIGSEGV";
  finished.report.crashed = true;
  finished.key = "key";
  return finished;
}

}  // namespace

TEST_CASE("work is pulled: there is room for as many jobs as there are free workers of pilots that came") {
  Stage stage(2);
  CHECK_FALSE(stage.pool->has_room());
  CHECK(stage.step().empty());
  CHECK(stage.script->submitted == std::vector<std::size_t>{1, 2});
  CHECK_FALSE(stage.pool->has_room());
  ScriptedAgent agent(*stage.script);
  agent.begin(1, 2);
  REQUIRE(stage.step().empty());
  REQUIRE(stage.pool->has_room());
  stage.start("a");
  stage.start("b");
  CHECK_FALSE(stage.pool->has_room());
  CHECK(agent.orders() == Names{"a", "b"});
  CHECK(agent.last_order().limit == 100.0);
  agent.say(stage.made("a"));
  const auto reports = stage.step();
  REQUIRE(reports.size() == 1);
  CHECK(reports[0].ok);
  CHECK(stage.pool->has_room());
}

TEST_CASE("the jobs of a lost pilot go to another one, and the pilot is replaced while there is work") {
  Stage stage(2);
  CHECK(stage.step().empty());
  ScriptedAgent first(*stage.script), second(*stage.script);
  first.begin(1, 1);
  CHECK(stage.step().empty());
  stage.start("a");
  CHECK(first.orders() == Names{"a"});
  second.begin(2, 1);
  first.die();
  CHECK(stage.step().empty());
  CHECK(second.orders() == Names{"a"});
  CHECK(stage.script->cancelled == std::set<std::size_t>{1});
  REQUIRE(tests::eventually([&] {
    CHECK(stage.step().empty());
    return stage.script->submitted.size() == 3;
  }));
}

TEST_CASE(
    "a job whose workers die five times fails with the log's name; one that fails is reported at once") {
  Stage stage(1);
  CHECK(stage.step().empty());
  ScriptedAgent agent(*stage.script);
  agent.begin(1, 1);
  CHECK(stage.step().empty());
  stage.start("a");
  for (int death = 1; death <= 4; ++death) {
    CHECK(agent.orders() == Names{"a"});
    agent.say(crash_of("a"));
    CHECK(stage.step().empty());
  }
  agent.say(crash_of("a"));
  const auto reports = stage.step();
  REQUIRE(reports.size() == 1);
  CHECK(reports[0].error ==
        "was tried by 5 workers in vain; that of pilot 1 on node-1 crashed with SIGSEGV (its log: "
        "pilot-1.log)");
  stage.start("b");
  CHECK(agent.orders().back() == "b");
  auto failed = crash_of("b");
  failed.report.crashed = false;
  agent.say(failed);
  CHECK(stage.step().size() == 1);
}

TEST_CASE("a pilot whose disk fails is told to end and its node left out; another one does the job") {
  Stage stage(2);
  CHECK(stage.step().empty());
  ScriptedAgent full(*stage.script), sound(*stage.script);
  full.begin(1, 2);
  CHECK(stage.step().empty());
  stage.start("a");
  CHECK(full.orders() == Names{"a"});
  sound.begin(2, 1);
  auto failed = crash_of("a");
  failed.report.crashed = false;
  failed.report.disk_failed = true;
  failed.report.error = "artefacts/a: cannot write: No space left on device";
  full.say(failed);
  CHECK(stage.step().empty());
  CHECK(full.orders().empty());
  CHECK(full.was_stopped());
  CHECK(sound.orders() == Names{"a"});
  full.die();
  CHECK(stage.step().empty());
  CHECK(stage.script->distrusted == Names{"node-1"});
  CHECK(stage.logged().find("pilot 1 on node-1 is gone: artefacts/a: cannot write: No space left") !=
        std::string::npos);
}

TEST_CASE("a clock that is an hour apart is told, and its pilot works") {
  Stage stage(1);
  CHECK(stage.step().empty());
  ScriptedAgent agent(*stage.script);
  const auto hour_ahead = static_cast<double>(std::time(nullptr)) + 3605.0;
  agent.say(cluster::Hello{1, "", "1", "", "node-1", 1, hour_ahead, {}});
  agent.say(cluster::Heartbeat{});
  agent.say(cluster::Ready{});
  CHECK(stage.step().empty());
  CHECK(stage.pool->has_room());
  CHECK_MESSAGE(stage.logged().find("the clock of node-1 is 1 h 00 min ahead") != std::string::npos,
                stage.logged());
}

TEST_CASE("a job goes only to a pilot with time enough; one that no pilot could take is told at once") {
  Stage stage(2, 100.0);
  CHECK(stage.step().empty());
  ScriptedAgent brief(*stage.script), fresh(*stage.script);
  brief.begin(1, 2, 20.0);
  fresh.begin(2, 1, 90.0);
  CHECK(stage.step().empty());
  stage.start("long", 50.0);
  CHECK(fresh.orders() == Names{"long"});
  stage.start("short", 10.0);
  CHECK(brief.orders() == Names{"short"});
  stage.start("too long", 80.0);
  const auto reports = stage.step();
  REQUIRE(reports.size() == 1);
  CHECK(reports[0].error.find("a pilot lives 1 min 40 s: give pilots more time") != std::string::npos);
}

TEST_CASE("a pilot that has too little time for all that waits makes way") {
  Stage stage(1, 100.0);
  CHECK(stage.step().empty());
  ScriptedAgent agent(*stage.script);
  agent.begin(1, 1, 5.0);
  CHECK(stage.step().empty());
  stage.start("a", 10.0);
  CHECK(agent.orders().empty());
  CHECK(agent.was_stopped());
  agent.die();
  REQUIRE(tests::eventually([&] {
    CHECK(stage.step().empty());
    return stage.script->submitted.size() == 2;
  }));
  CHECK(stage.script->cancelled.empty());
}

TEST_CASE("another version, damaged lines and three early ends: each is named, and the run stops asking") {
  Stage stage(1);
  CHECK(stage.step().empty());
  ScriptedAgent old(*stage.script);
  old.say(cluster::Hello{1, "", "0.9", "", "node-1", 1, 0.0, {}});
  CHECK(stage.step().empty());
  CHECK(old.orders().empty());
  CHECK(old.was_stopped());
  old.die();
  CHECK(stage.step().empty());
  CHECK(stage.logged().find("node-1 has taskonomy 0.9, and this machine 1") != std::string::npos);
  CHECK(stage.script->distrusted == Names{"node-1"});
  const auto submitted = [&](std::size_t count) {
    return tests::eventually([&] {
      CHECK(stage.step().empty());
      return stage.script->submitted.size() == count;
    });
  };
  REQUIRE(submitted(2));
  ScriptedAgent odd(*stage.script);
  odd.begin(2, 1);
  CHECK(stage.step().empty());
  odd.say_line("{\"order\": \"rm\"}");
  CHECK(stage.step().empty());
  CHECK(stage.logged().find("said what no agent says: {\"order\": \"rm\"}") != std::string::npos);
  REQUIRE(submitted(3));
  stage.script->ends[3] = "its node was down";
  std::string message;
  try {
    static_cast<void>(stage.step());
  } catch (const base::Error& error) {
    message = error.what();
  }
  CHECK(message.find("no pilot works any more, and no more are asked for: 3 in a row") == 0);
  CHECK(message.find("its node was down") != std::string::npos);
}

TEST_CASE("a report counts once its files can be seen; never seen, the job fails with what to do") {
  Stage stage(1, 0.0, 1000.0);
  CHECK(stage.step().empty());
  ScriptedAgent agent(*stage.script);
  agent.begin(1, 1);
  CHECK(stage.step().empty());
  stage.start("a");
  const auto finished = stage.made("a");
  const auto artefact = stage.folder / "artefacts/a";
  std::filesystem::rename(artefact, artefact.string() + ".late");
  agent.say(finished);
  CHECK(stage.step().empty());
  std::filesystem::rename(artefact.string() + ".late", artefact);
  REQUIRE(tests::eventually([&] {
    const auto reports = stage.step();
    return reports.size() == 1 && reports[0].ok;
  }));

  Stage other(1);
  CHECK(other.step().empty());
  ScriptedAgent far(*other.script);
  far.begin(1, 1);
  CHECK(other.step().empty());
  other.start("a");
  const auto unseen = other.made("a");
  std::filesystem::remove(other.folder / "artefacts/a");
  far.say(unseen);
  const auto reports = other.step();
  REQUIRE(reports.size() == 1);
  CHECK(reports[0].error.find("pilot 1 on node-1 wrote artefacts/a, and this machine does not see it") == 0);
}

TEST_CASE("over the network, whoever says anything but a hello with the run's token is sent away") {
  Stage stage(1);
  stage.script->network = true;
  stage.script->token = "0123456789";
  CHECK(stage.step().empty());
  for (const std::string token : {"", "0123456788", "01234567890", "x"}) {
    ScriptedAgent stranger(*stage.script);
    stranger.say(cluster::Hello{1, token, "1", "", "node-1", 1, 0.0, {}});
    CHECK(stage.step().empty());
    CHECK(stranger.orders().empty());
    CHECK(stranger.was_left());
  }
  ScriptedAgent browser(*stage.script);
  browser.say_line("GET / HTTP/1.1");
  CHECK(stage.step().empty());
  CHECK(browser.orders().empty());
  CHECK(browser.was_left());
  ScriptedAgent own(*stage.script);
  own.say(cluster::Hello{1, "0123456789", "1", "", "node-1", 1, 0.0, {}});
  own.say(cluster::Ready{});
  CHECK(stage.step().empty());
  CHECK(stage.pool->has_room());
}

TEST_CASE("a pilot of an earlier host keeps its jobs, and what it reports of them counts") {
  Stage stage(1);
  ScriptedAgent agent(*stage.script);
  agent.begin(7, 2, 0.0, {{"a", "key"}, {"b", "key"}});
  const auto early = stage.made("b");
  agent.say(early);
  CHECK(stage.step().empty());
  REQUIRE(stage.pool->has_room());
  stage.start("a");
  stage.start("b");
  CHECK(agent.orders().empty());
  agent.say(stage.made("a"));
  std::size_t done = 0;
  REQUIRE(tests::eventually([&] {
    for (const auto& report : stage.step()) done += report.ok;
    return done == 2;
  }));
}

TEST_CASE("what pilots do is there for status, and goes with the pool") {
  Stage stage(2);
  CHECK(stage.step().empty());
  ScriptedAgent agent(*stage.script);
  agent.begin(1, 4);
  CHECK(stage.step().empty());
  stage.start("a");
  const auto text = cluster::pilots_text({stage.pool->states(), 120.0, ""});
  CHECK(text ==
        "pilot 1: ready on node-1, 1 of 4 workers at work, 0 jobs done\n"
        "pilot 2: waiting (Priority)\npilots: 120 jobs an hour\n");
  const jobs::RunDirectory run(stage.folder.path());
  CHECK(cluster::read_pilots(run).has_value());
  stage.pool.reset();
  CHECK_FALSE(cluster::read_pilots(run).has_value());
}

TEST_CASE("one host holds five hundred pilots: each gets a job, and all reports come back") {
  constexpr std::size_t kPilots = 500;
  Stage stage(kPilots);
  CHECK(stage.step().empty());
  REQUIRE(stage.script->submitted.size() == kPilots);
  std::vector<std::unique_ptr<ScriptedAgent>> agents;
  for (std::size_t i = 1; i <= kPilots; ++i) {
    agents.push_back(std::make_unique<ScriptedAgent>(*stage.script));
    agents.back()->begin(i, 1);
  }
  CHECK(stage.step().empty());
  CHECK(stage.pool->size() == kPilots);
  for (std::size_t i = 0; i < kPilots; ++i) {
    REQUIRE(stage.pool->has_room());
    stage.start("job/" + std::to_string(i));
  }
  CHECK_FALSE(stage.pool->has_room());
  std::size_t failed = 0;
  for (auto& agent : agents) {
    const auto orders = agent->orders();
    REQUIRE(orders.size() == 1);
    cluster::Finished report;
    report.report.id = orders[0];
    report.report.ok = false;
    report.report.error = "as a test has it";
    report.key = "key";
    agent->say(report);
  }
  REQUIRE(tests::eventually([&] {
    failed += stage.step().size();
    return failed == kPilots;
  }));
}
