// Whole runs with fake jobs over pilots that are real processes: the same artefacts as on one machine, whoever is killed.
#include "core/cluster/query.hpp"
#include "tests/cluster/fixture_runs.hpp"

using namespace taskonomy::tests;

namespace {

/// Starts a run in FOLDER over pilots of two workers each, its output in FOLDER.out.
pid_t start_pilots(const std::filesystem::path& folder, const std::string& pilots,
                   const std::string& prefix = "env") {
  return start_fixture({"cluster", folder, pilots, "2", prefix}, folder.string() + ".out");
}

/// Runs over two pilots and kills one process of this kind whenever there are three artefacts more.
void run_and_kill_some(const std::filesystem::path& run, const std::string& word) {
  const pid_t pid = start_pilots(run, "2");
  for (std::size_t made = 3; made < 15; made += 3) {
    REQUIRE(eventually([&] { return has_ended(pid) || made_in(run) >= made; }));
    if (const auto victims = processes(word, run); !victims.empty()) ::kill(victims.front(), SIGKILL);
  }
  CHECK_MESSAGE(end_of_fixture(pid) == 0, printed_by(run));
}

/// Whether folders can be mounted over for one process; says that a test is skipped where not.
bool may_mount() {
  if (std::system("unshare --mount true 2>/dev/null") == 0) return true;
  MESSAGE("skipped: may not make name spaces of mounts");
  return false;
}

}  // namespace

TEST_CASE("over any number of pilots a run leaves the same artefacts, and no process behind") {
  const Folder folder;
  const auto expected = made_alone(folder);
  for (const std::string pilots : {"1", "2", "6"}) {
    const auto run = folder / pilots;
    REQUIRE_MESSAGE(end_of_fixture(start_pilots(run, pilots)) == 0, printed_by(run));
    CHECK(artefacts_in(run) == expected);
    CHECK(all_gone(run));
    CHECK_FALSE(std::filesystem::exists(run / "cluster/pilots.json"));
  }
}

TEST_CASE("what a site prints at a login, and what a shell does before the agent, changes nothing") {
  const Folder folder;
  const auto expected = made_alone(folder);
  const auto run = folder / "greeted";
  REQUIRE_MESSAGE(
      end_of_fixture(start_pilots(run, "1", "echo Welcome to the cluster; echo; FRIENDLY=yes env")) == 0,
      printed_by(run));
  CHECK(artefacts_in(run) == expected);
  CHECK(taskonomy::base::read_file(run / "log").find("pilot: Welcome to the cluster") != std::string::npos);
}

TEST_CASE("over ssh, and with its agent killed over there, a run leaves the same artefacts") {
  const Folder folder;
  const std::string script = TASKONOMY_SOURCE_DIR "/tests/cluster/sshd", there = folder / "sshd";
  const auto sshd = taskonomy::cluster::ask({script, "start", there}, "", 60.0);
  if (!sshd.good) {
    MESSAGE("skipped: no host over ssh: ", sshd.text, sshd.error);
    return;
  }
  const auto expected = made_alone(folder);
  const auto run = folder / "run";
  const pid_t pid = start_pilots(run, "2", sshd.text.substr(0, sshd.text.find('\n')));
  REQUIRE(eventually([&] { return has_ended(pid) || made_in(run) >= 5; }));
  if (const auto victims = processes("agent", run); !victims.empty()) ::kill(victims.front(), SIGKILL);
  CHECK_MESSAGE(end_of_fixture(pid) == 0, printed_by(run));
  CHECK(artefacts_in(run) == expected);
  CHECK(all_gone(run));
  static_cast<void>(taskonomy::cluster::ask({script, "stop", there}, "", 60.0));
}

TEST_CASE("agents that are killed with kill -9 lose nothing: their jobs go to others") {
  const Folder folder;
  const auto expected = made_alone(folder);
  run_and_kill_some(folder / "run", "agent");
  CHECK(artefacts_in(folder / "run") == expected);
  CHECK(all_gone(folder / "run"));
}

TEST_CASE("workers that are killed with kill -9 lose nothing: their jobs are tried again") {
  const Folder folder;
  const auto expected = made_alone(folder);
  run_and_kill_some(folder / "run", "worker");
  CHECK(artefacts_in(folder / "run") == expected);
}

TEST_CASE("a host that is killed with kill -9 takes its pilots with it, and the next run goes on") {
  const Folder folder;
  const auto expected = made_alone(folder);
  const auto run = folder / "run";
  const pid_t pid = start_pilots(run, "2");
  REQUIRE(eventually([&] { return made_in(run) >= 5; }));
  ::kill(pid, SIGKILL);
  static_cast<void>(end_of_fixture(pid));
  CHECK(all_gone(run));
  REQUIRE_MESSAGE(end_of_fixture(start_pilots(run, "1")) == 0, printed_by(run));
  CHECK(artefacts_in(run) == expected);
}

TEST_CASE("a command that brings no agent anywhere ends the run with its words after three tries") {
  const Folder folder;
  CHECK(end_of_fixture(start_pilots(folder / "run", "1", "no_such_launcher --tasks=1")) == 1);
  const std::string text = printed_by(folder / "run");
  CHECK(text.find("3 in a row could not work or ended within a minute of their start") != std::string::npos);
  CHECK(text.find("no_such_launcher: not found") != std::string::npos);
  CHECK(text.find("cluster/pilot-3.log") != std::string::npos);
}

TEST_CASE("a node with a full disk is left out; where all are full, the run ends with the disk's error") {
  if (!may_mount()) return;
  const Folder folder;
  const auto expected = made_alone(folder);
  const auto full = [&](const std::filesystem::path& run, const std::string& where) {
    const std::string artefacts = (run / "artefacts").string();
    return "unshare --mount --propagation private sh -c 'mkdir -p " + artefacts + "; " + where +
           " mount -t tmpfs -o nr_inodes=1 none " + artefacts + "; exec \"$@\"' sh";
  };
  const auto one = folder / "one", all = folder / "all";
  const std::string only_first = "mkdir " + (folder / "first").string() + " 2>/dev/null && ";
  CHECK_MESSAGE(end_of_fixture(start_pilots(one, "2", full(one, only_first))) == 0, printed_by(one));
  CHECK(artefacts_in(one) == expected);
  CHECK(printed_by(one).find("cannot write: No space left on device") != std::string::npos);

  CHECK(end_of_fixture(start_pilots(all, "2", full(all, ""))) == 1);
  CHECK(printed_by(all).find("cannot write: No space left on device") != std::string::npos);
  CHECK_MESSAGE(end_of_fixture(start_pilots(all, "1")) == 0, printed_by(all));
  CHECK(artefacts_in(all) == expected);
}

TEST_CASE("an agent that sees another folder under the run's name is refused before it gets work") {
  const Folder folder;
  // The same path leads elsewhere there, as it does on a machine that does not share the folder.
  std::filesystem::create_directories(folder / "elsewhere");
  const std::string prefix = "unshare --mount --propagation private sh -c 'mount --bind " +
                             (folder / "elsewhere").string() + " " + (folder / "run").string() +
                             " && exec \"$@\"' sh";
  if (!may_mount()) return;
  CHECK(end_of_fixture(start_pilots(folder / "run", "1", prefix)) == 1);
  CHECK(printed_by(folder / "run").find("put the run into a folder that all machines share") !=
        std::string::npos);
}
