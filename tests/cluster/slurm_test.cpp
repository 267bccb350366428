// Pilots as batch jobs of a real Slurm, which this test starts on this machine and ends (tests/cluster/slurm).
#include <algorithm>
#include <cstdlib>

#include "core/cluster/call.hpp"
#include "core/cluster/query.hpp"
#include "tests/cluster/fixture_runs.hpp"
#include "tests/support/slurm.hpp"

using namespace taskonomy;
using namespace taskonomy::tests;

namespace {

/// Starts a run whose jobs are so many naps of 0.2 s, over this many pilots of two workers.
pid_t start_on_slurm(const std::filesystem::path& folder, const std::string& naps, const std::string& pilots,
                     const std::vector<std::string>& more = {}) {
  if (!naps.empty()) base::write_file(folder.string() + ".jobs", "nap " + naps + "\n");
  base::write_file(folder.string() + ".toml",
                   "[cluster]\nengine = \"slurm\"\naddress = \"127.0.0.1\"\nworkers = 2\n");
  std::vector<std::string> words{"slurm", folder, folder.string() + ".toml", "pilots=" + pilots};
  words.insert(words.end(), more.begin(), more.end());
  return start_fixture(words, folder.string() + ".out");
}

/// The run ends well, with all its naps, and leaves no batch job.
void check_done(pid_t pid, const std::filesystem::path& folder, std::size_t naps) {
  CHECK_MESSAGE(end_of_fixture(pid) == 0, printed_by(folder));
  CHECK(artefacts_in(folder).size() == naps);
  CHECK(eventually([] { return Slurm::jobs().empty(); }));
  CHECK(all_gone(folder));
}

}  // namespace

TEST_CASE("on Slurm a run leaves the same artefacts as on one machine, and no batch job behind") {
  const Slurm slurm;
  if (!slurm.up()) return;
  const Folder folder;
  const auto expected = made_alone(folder);
  for (const std::string pilots : {"1", "3"}) {
    const auto run = folder / pilots;
    CHECK_MESSAGE(end_of_fixture(start_on_slurm(run, "", pilots)) == 0, printed_by(run));
    CHECK(artefacts_in(run) == expected);
    CHECK(eventually([] { return Slurm::jobs().empty(); }));
    CHECK_FALSE(std::filesystem::exists(run / "cluster/address"));
  }
}

TEST_CASE("a token in a file that only its owner may read; pilots outlive a host and work for the next one") {
  const Slurm slurm;
  if (!slurm.up()) return;
  const Folder folder;
  const auto run = folder / "run";
  const pid_t first = start_on_slurm(run, "60", "2");
  REQUIRE(eventually([&] { return made_in(run) >= 5; }));
  const auto mode = std::filesystem::status(run / "cluster/address").permissions();
  CHECK(mode == (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
  ::kill(first, SIGKILL);
  static_cast<void>(end_of_fixture(first));
  const auto before = Slurm::jobs();
  CHECK(before.size() == 2);
  const pid_t second = start_on_slurm(run, "60", "2");
  REQUIRE(eventually([&] { return has_ended(second) || made_in(run) >= 20; }));
  CHECK(Slurm::jobs() == before);
  check_done(second, run, 60);
}

TEST_CASE("scancel of one pilot and of all, kill -9 of an agent, a node that goes down: nothing is lost") {
  const Slurm slurm;
  if (!slurm.up()) return;
  const Folder folder;
  const auto run = folder / "run";
  const pid_t pid = start_on_slurm(run, "150", "2");
  const auto made = [&](std::size_t count) {
    return eventually([&] { return has_ended(pid) || made_in(run) >= count; });
  };
  REQUIRE(made(10));
  const auto jobs = Slurm::jobs();
  REQUIRE(jobs.size() == 2);
  CHECK(cluster::ask({"scancel", jobs.front()}, "", 60.0).good);
  REQUIRE(made(30));
  if (const auto agents = processes("agent", run); !agents.empty()) ::kill(agents.front(), SIGKILL);
  REQUIRE(made(50));
  CHECK(cluster::ask({"scontrol", "update", "nodename=n1", "state=down", "reason=test"}, "", 60.0).good);
  REQUIRE(made(70));
  std::vector<std::string> all{"scancel"};
  for (const auto& job : Slurm::jobs()) all.push_back(job);
  if (all.size() > 1) static_cast<void>(cluster::ask(all, "", 60.0));
  check_done(pid, run, 150);
}

TEST_CASE("kill -9 of a node's slurmd, and its return, lose nothing") {
  const Slurm slurm;
  if (!slurm.up()) return;
  const Folder folder;
  const auto run = folder / "run";
  const pid_t pid = start_on_slurm(run, "100", "2");
  const auto made = [&](std::size_t count) {
    return eventually([&] { return has_ended(pid) || made_in(run) >= count; });
  };
  REQUIRE(made(10));
  const auto daemon = std::stoi(base::read_file(slurm.folder() / "slurmd-n1.pid"));
  CHECK(::kill(daemon, SIGKILL) == 0);
  REQUIRE(made(50));
  CHECK(cluster::ask({"/usr/sbin/slurmd", "-N", "n1"}, "", 60.0).good);
  check_done(pid, run, 100);
}

TEST_CASE("a pilot whose minute is over makes way for another one, and no job is tried in vain") {
  const Slurm slurm;
  if (!slurm.up()) return;
  const Folder folder;
  const auto run = folder / "run";
  const pid_t pid = start_on_slurm(run, "800", "1", {"time=1"});
  check_done(pid, run, 800);
  CHECK_MESSAGE(printed_by(run).find("pilot 2") != std::string::npos, printed_by(run));
  CHECK(base::read_file(run / "log").find("goes to another worker") == std::string::npos);
}

TEST_CASE("a partition with more say preempts pilots: the run goes on when it may") {
  const Slurm slurm;
  if (!slurm.up()) return;
  const Folder folder;
  const auto run = folder / "run";
  const pid_t pid = start_on_slurm(run, "60", "2");
  REQUIRE(eventually([&] { return made_in(run) >= 10; }));
  const auto urgent = cluster::ask({"sbatch", "--parsable", "-p", "urgent", "-N2", "--exclusive",
                                    "--output=/dev/null", "--wrap", "sleep 5"},
                                   "", 60.0);
  CHECK_MESSAGE(urgent.good, urgent.error);
  check_done(pid, run, 60);
}

TEST_CASE("a squeue that fails, hangs, forgets or prints banners changes nothing") {
  const Slurm slurm;
  if (!slurm.up()) return;
  const std::string path = std::getenv("PATH");
  const std::vector<std::string> bad{"echo 'slurm_load_jobs error: Socket timed out' >&2; exit 1",
                                     "sleep 1000", "exit 0",
                                     "echo Welcome; echo '|||'; echo '1_1|COMPLETED'"};
  for (std::size_t i = 0; i < bad.size(); ++i) {
    const Folder folder;
    base::write_file(folder / "bin/squeue", "#!/bin/sh\n" + bad[i] + "\n");
    std::filesystem::permissions(folder / "bin/squeue", std::filesystem::perms::owner_all);
    ::setenv("PATH", ((folder / "bin").string() + ":" + path).c_str(), 1);
    const pid_t pid = start_on_slurm(folder / "run", "20", "2");
    CHECK_MESSAGE(end_of_fixture(pid) == 0, printed_by(folder / "run"));
    ::setenv("PATH", path.c_str(), 1);
    CHECK(artefacts_in(folder / "run").size() == 20);
  }
  CHECK(eventually([] { return Slurm::jobs().empty(); }));
}

TEST_CASE("what Slurm will not take is told with its cure, and a machine without Slurm is named") {
  const Slurm slurm;
  if (!slurm.up()) return;
  const Folder folder;
  CHECK(end_of_fixture(start_on_slurm(folder / "a", "5", "1", {"partition=nowhere"})) == 1);
  CHECK(printed_by(folder / "a").find("see `sinfo` for the partitions there are") != std::string::npos);
  CHECK(end_of_fixture(start_on_slurm(folder / "b", "5", "1", {"address=no.such.host"})) == 1);
  CHECK(printed_by(folder / "b").find("\"no.such.host\" is no host that this machine knows") !=
        std::string::npos);
  const cluster::Listener taken("127.0.0.1", 0);
  CHECK(end_of_fixture(
            start_on_slurm(folder / "d", "5", "1", {"port=" + std::to_string(taken.where().port)})) == 1);
  CHECK_MESSAGE(printed_by(folder / "d").find("is taken") != std::string::npos, printed_by(folder / "d"));
  const std::string path = std::getenv("PATH");
  ::setenv("PATH", folder.path().c_str(), 1);
  CHECK(end_of_fixture(start_on_slurm(folder / "c", "5", "1")) == 1);
  ::setenv("PATH", path.c_str(), 1);
  CHECK(printed_by(folder / "c").find("sbatch does not work here") != std::string::npos);
}
