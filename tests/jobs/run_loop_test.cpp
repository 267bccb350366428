// Whole runs with fake jobs through real processes: resume, kill -9, Ctrl-C, same artefacts whatever
// happened.
#include "core/jobs/run_loop.hpp"
#include "core/jobs/status.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <sstream>

#include "core/base/files.hpp"
#include "tests/jobs/fixture/fake_plan.hpp"
#include "tests/jobs/fixture/program.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
using tests::Folder;

namespace {

/// Jobs about "normal" run that task's plugin.
std::string plugin_of(const std::string& id) {
  return id.find("/normal") == std::string::npos ? "" : "task \"normal\"";
}

/// Starts `jobs_fixture run FOLDER WORKERS`, its output in FOLDER.out.
pid_t start_run(const std::filesystem::path& folder, std::size_t workers) {
  const std::string count = std::to_string(workers);
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  const int output = ::open((folder.string() + ".out").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  ::execl(fake::kProgram.c_str(), fake::kProgram.c_str(), "run", folder.c_str(), count.c_str(), nullptr);
  ::_exit(99);
}

/// Waits for a process; its exit code, or -signal.
int end_of(pid_t pid) {
  int status = 0;
  ::waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

std::string output_of(const std::filesystem::path& folder) {
  return base::read_file(folder.string() + ".out");
}

/// Names and contents of all artefacts.
std::map<std::string, std::string> artefacts(const std::filesystem::path& folder) {
  std::map<std::string, std::string> result;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "artefacts"))
    result[entry.path().filename()] = base::read_file(entry.path());
  return result;
}

/// Processes whose command line names this folder.
int processes_on(const std::filesystem::path& folder) {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    std::ifstream file(entry.path() / "cmdline");
    std::stringstream text;
    text << file.rdbuf();
    count += text.str().find(folder.string()) != std::string::npos;
  }
  return count;
}

bool none_left(const std::filesystem::path& folder) {
  return tests::eventually([&] { return processes_on(folder) == 0; });
}

/// Files among the artefacts, while a run writes them.
std::size_t count_artefacts(const std::filesystem::path& folder) {
  std::error_code none;
  const std::filesystem::directory_iterator files(folder / "artefacts", none);
  return none ? 0 : static_cast<std::size_t>(std::distance(begin(files), end(files)));
}

/// Starts a run and kills it with kill -9 as soon as it has so many artefacts. Whether that was before its end.
bool run_and_kill(const std::filesystem::path& folder, std::size_t made) {
  const pid_t pid = start_run(folder, 2);
  siginfo_t end{};
  const auto ended = [&] {
    return ::waitid(P_PID, static_cast<id_t>(pid), &end, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           end.si_pid == pid;
  };
  REQUIRE(tests::eventually([&] { return ended() || count_artefacts(folder) >= made; }));
  ::kill(pid, SIGKILL);
  return end_of(pid) == -SIGKILL;
}

/// Runs a plan in this process, without workers.
jobs::RunOutcome run_here(const Folder& folder, jobs::Plan plan, std::string& shown,
                          jobs::Display display = jobs::Display::plain) {
  const jobs::RunDirectory run(folder.path());
  const auto lock = run.lock();
  run.prepare(recipe::parse_recipe("tasks = [\"a\"]\n[data]\ndataset = \"fake\"\n", "fake.toml"));
  std::ostringstream messages, results;
  jobs::RunOutcome result;
  {
    jobs::Progress progress(display, messages, results, [] { return std::size_t{60}; });
    const jobs::RunSettings settings{0.0, plugin_of, "taskonomy worker x", "taskonomy run x"};
    result = jobs::run_jobs(
        run, std::move(plan),
        std::make_unique<jobs::InProcessPool>(run, std::make_unique<fake::Executor>(folder.path())), progress,
        settings);
    shown = messages.str() + results.str() + jobs::closing_text(run, result, settings);
  }
  return result;
}

}  // namespace

TEST_CASE("any number of workers, and none, leave the same artefacts; a second run does nothing") {
  const Folder folder;
  REQUIRE(end_of(start_run(folder / "0", 0)) == 0);
  const auto expected = artefacts(folder / "0");
  CHECK(expected.size() == 4 + 16 + 4 + 8 + 4 + 1);
  for (const std::size_t workers : {1, 2, 3}) {
    const auto run = folder / std::to_string(workers);
    REQUIRE_MESSAGE(end_of(start_run(run, workers)) == 0, output_of(run));
    CHECK(artefacts(run) == expected);
  }
  const auto before = std::filesystem::last_write_time(folder / "2/artefacts/end");
  CHECK(end_of(start_run(folder / "2", 2)) == 0);
  CHECK(output_of(folder / "2").find("37 of 37 jobs done (37 of them before)") != std::string::npos);
  CHECK(std::filesystem::last_write_time(folder / "2/artefacts/end") == before);
}

TEST_CASE(
    "killed with kill -9 again and again, a run ends with the same artefacts and leaves no process behind") {
  const Folder folder;
  REQUIRE(end_of(start_run(folder / "whole", 0)) == 0);
  // Where this process came too late to kill a run, it kills another one.
  std::size_t kills = 0;
  std::filesystem::path run;
  for (int attempt = 0; kills < 4; ++attempt) {
    REQUIRE(attempt < 100);
    run = folder / std::to_string(attempt);
    for (const std::size_t made : {2, 9, 16, 23}) {
      kills += run_and_kill(run, made) ? 1 : 0;
      CHECK(none_left(run));
    }
  }
  REQUIRE_MESSAGE(end_of(start_run(run, 2)) == 0, output_of(run));
  CHECK(artefacts(run) == artefacts(folder / "whole"));
}

TEST_CASE("Ctrl-C ends a run, even with jobs that never end, and says how to go on") {
  const Folder folder;
  const auto run = folder / "run";
  std::filesystem::create_directories(run);
  // The fixture plans hanging jobs when it finds this file; recipe.toml makes the folder a run folder.
  base::write_file(run / "hanging", "");
  base::write_file(run / "recipe.toml", to_toml(recipe::parse_recipe(
                                            "tasks = [\"a\"]\n[data]\ndataset = \"fake\"\n", "fake.toml")));
  for (const int signal : {SIGINT, SIGTERM}) {
    const pid_t pid = start_run(run, 2);
    REQUIRE(tests::eventually([&] { return processes_on(run) >= 3; }));
    ::kill(pid, signal);
    CHECK(end_of(pid) == 128 + signal);
    CHECK(none_left(run));
    CHECK(output_of(run).find("interrupted. Finished jobs are kept. Resume with: jobs_fixture run " +
                              run.string()) != std::string::npos);
  }
}

TEST_CASE("failures are told with plugin, reason and the command that repeats them; the rest is done") {
  const Folder folder;
  jobs::Plan plan = fake::plan_of({"throw/normal/x", "sleep/a"});
  plan.graph.add({"sleep/after", {"throw/normal/x"}, ""});
  std::string shown;
  const auto result = run_here(folder, plan, shown);
  CHECK(result.code() == base::ExitCode::some_jobs_failed);
  for (const std::string& part :
       {std::string("1 of 3 jobs done, 1 failed, 1 not possible without those"),
        std::string("failed: task \"normal\": throw/normal/x: the plugin says no"),
        std::string("repeat it with: taskonomy worker x --job throw/normal/x"),
        std::string("skipped: sleep/after: it needs \"throw/normal/x\", which failed"),
        std::string("try the failed jobs again with: taskonomy run x")})
    CHECK_MESSAGE(shown.find(part) != std::string::npos, part, "\nin ", shown);

  const auto status = jobs::status_of(jobs::RunDirectory(folder.path()));
  REQUIRE(status.stages.size() == 2);
  CHECK(status.stages[0].name == "throw");
  CHECK(status.stages[0].failed == 1);
  CHECK(status.stages[1].name == "sleep");
  CHECK(status.stages[1].done == 1);
  CHECK(status.stages[1].all == 2);
  CHECK(status.stages[1].bytes > 0);
  REQUIRE(status.failures.size() == 1);
  CHECK(status.failures[0].error == "the plugin says no");
  CHECK(status.next == std::vector<std::string>{"sleep/after"});
  CHECK_FALSE(status.finished());
  CHECK(status.process == 0);
}

TEST_CASE("a failure of a job without a task names the plugin that it ran") {
  const Folder folder;
  jobs::RunOutcome result;
  result.failures = {{"samples/single/003", "crashed with SIGSEGV (Segmentation fault)"},
                     {"samples/single/004", "dataset \"photos\": no such file"}};
  const jobs::RunSettings settings{0.0, [](const std::string&) { return "dataset \"photos\""; },
                                   "taskonomy worker x", "taskonomy run x"};
  const std::string text = jobs::closing_text(jobs::RunDirectory(folder.path()), result, settings);
  CHECK_MESSAGE(
      text.find("failed: dataset \"photos\": samples/single/003: crashed with SIGSEGV (Segmentation "
                "fault)\n  repeat it with: taskonomy worker x --job samples/single/003\n") !=
          std::string::npos,
      text);
  // The plugin's own errors name it already.
  CHECK(text.find("failed: samples/single/004: dataset \"photos\": no such file\n") != std::string::npos);
}

TEST_CASE("a changed ingredient makes exactly its job and those downstream again") {
  const Folder folder;
  std::string shown;
  CHECK(run_here(folder, fake::run_plan(), shown).code() == base::ExitCode::done);
  CHECK(jobs::status_of(jobs::RunDirectory(folder.path())).finished());
  jobs::Plan plan;
  const jobs::Plan original = fake::run_plan();
  for (jobs::Job job : original.graph.jobs()) {
    if (job.id == "sleep/transfer/c/b") job.ingredients = "v2";
    plan.graph.add(job);
  }
  plan.expand = original.expand;
  const auto result = run_here(folder, plan, shown);
  CHECK(result.code() == base::ExitCode::done);
  // That transfer, its shortlist, the two pairs behind it, the affinity, the end.
  CHECK(result.tally.all - result.tally.reused == 6);
}

TEST_CASE("a job in this process shows how far it has got, as one in a worker does") {
  const Folder folder;
  const jobs::RunDirectory run(folder.path());
  jobs::InProcessPool pool(run, std::make_unique<fake::Executor>(folder.path()));
  std::vector<jobs::Running> seen;
  pool.set_watcher([&] { seen = pool.running(); });
  for (const std::string id : {"steps/a", "quiet/b"}) {
    pool.start({id, "key", {}}, [] { return 0.0; });
    CHECK(pool.running().at(0).step.steps == 0);  // nothing is left of the job before
    CHECK(pool.wait(std::chrono::milliseconds(0)).at(0).ok);
    CHECK(pool.running().empty());
  }
  REQUIRE(seen.size() == 1);
  CHECK(seen[0].id == "steps/a");
  CHECK(seen[0].step.step == 3);
  CHECK(seen[0].step.steps == 8);
  CHECK(seen[0].step.loss == 0.5);
}

TEST_CASE("json tells every job on a line of its own") {
  const Folder folder;
  std::string shown;
  static_cast<void>(run_here(folder, fake::plan_of({"sleep/a", "throw/b"}), shown, jobs::Display::json));
  CHECK(shown.find("{\"job\":\"sleep/a\",\"ok\":true,\"seconds\":") != std::string::npos);
  CHECK(shown.find("\"ok\":false") != std::string::npos);
  CHECK(shown.find("\"error\":\"the plugin says no\"") != std::string::npos);
  CHECK(shown.find("\"figures\":{\"images\":32.0}") != std::string::npos);
}

TEST_CASE("the progress line never exceeds the terminal and keeps what matters most") {
  jobs::Snapshot snapshot;
  snapshot.tally.all = 212;
  snapshot.tally.done = 37;
  snapshot.running = {{"source/normal", 12.0, {"source/normal", 300, 800, 0.12345}},
                      {"source/depth_zbuffer", 3.0},
                      {"source/reshading", 3.0}};
  snapshot.images_per_second = 812.4;
  snapshot.seconds = 40.0;
  snapshot.seconds_left = 125.0;
  for (std::size_t width = 1; width < 200; ++width)
    CHECK(jobs::progress_line(snapshot, width).size() <= width);
  const std::string wide = jobs::progress_line(snapshot, 199);
  CHECK_MESSAGE(
      wide.find("37 of 212 jobs, 40 s gone, about 2 min 05 s left, 812 images/s; source/normal step 300 of "
                "800, loss 0.123; source/depth_zbuffer for 3 s; source/reshading for 3 s") !=
          std::string::npos,
      wide);
  CHECK(jobs::progress_line(snapshot, 40).find("37 of 212 jobs") != std::string::npos);
  const std::string narrow = jobs::progress_line(snapshot, 140);
  CHECK_MESSAGE(narrow.find("source/normal step 300 of 800, loss 0.123; 2 more") != std::string::npos,
                narrow);
  const std::string narrower = jobs::progress_line(snapshot, 120);
  CHECK_MESSAGE(narrower.find("; source/normal 300/800; 2 more") != std::string::npos, narrower);
  CHECK(jobs::progress_line(snapshot, 105).find("; 3 running") != std::string::npos);
}

TEST_CASE("durations: the median of the stage by weight, else the rate of all; limits are generous") {
  jobs::Durations durations;
  CHECK_FALSE(durations.expected("source/a", 1.0));
  CHECK(durations.limit("source/a", 1.0, 0.0) == 24 * 3600.0);
  for (const double seconds : {100.0, 104.0, 900.0}) durations.add("source/x", 2.0, seconds);
  CHECK(*durations.expected("source/a", 4.0) == doctest::Approx(208.0));
  CHECK(*durations.expected("transfer/a", 1.0) == doctest::Approx(1104.0 / 6.0));
  CHECK(durations.limit("source/a", 2.0, 0.0) == doctest::Approx(2080.0));
  CHECK(durations.limit("source/a", 0.1, 0.0) == doctest::Approx(600.0));
  CHECK(durations.limit("source/a", 2.0, 7.0) == 7.0);
}
