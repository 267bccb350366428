// Runs that stop half way, and what metrics they leave, through the real binary.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "core/base/csv.hpp"
#include "core/base/files.hpp"
#include "tests/cli/binary.hpp"
#include "tests/cli/tiny_recipe.hpp"
#include "tests/support/testing.hpp"
#include "tests/support/text.hpp"

namespace {

namespace fs = std::filesystem;
using taskonomy::base::read_file;
using taskonomy::cli_test::file;
using taskonomy::cli_test::Outcome;
using taskonomy::cli_test::program;
using taskonomy::cli_test::scratch;
using taskonomy::cli_test::tiny_recipe;
using taskonomy::tests::has;

std::string recipe() {
  return file("until.toml", tiny_recipe({.tasks = {"depth_zbuffer", "normal", "random"},
                                         .rooms = 12,
                                         .views_per_room = 3,
                                         .source_steps = 10,
                                         .transfer_steps = 5}));
}

Outcome run(const std::string& folder, const std::string& options) {
  return program("run " + recipe() + " --out " + scratch() + "/" + folder + " " + options);
}

/// Most bytes of memory that `taskonomy ARGUMENTS` holds; with --workers 0 that is what a worker would.
double memory_of(const std::string& arguments) {
  const std::string command =
      "exec '" TASKONOMY_BINARY_DIR "/bin/taskonomy' " + arguments + " >/dev/null 2>&1";
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
    ::_exit(127);
  }
  int status = -1;
  rusage usage{};
  REQUIRE(::wait4(pid, &status, 0, &usage) == pid);
  CHECK(status == 0);
  return 1024.0 * static_cast<double>(usage.ru_maxrss);
}

/// The folder of a run that was made in one go, once.
const std::string& whole() {
  static const std::string folder = [] {
    REQUIRE(run("whole", "--workers 0").code == 0);
    return scratch() + "/whole";
  }();
  return folder;
}

}  // namespace

TEST_CASE("--until sources, then transfers, then the rest: nothing twice, the same result as in one go") {
  const std::string folder = scratch() + "/steps";
  const Outcome sources = run("steps", "--workers 1 --until sources");
  INFO(sources.err);
  REQUIRE(sources.code == 0);
  CHECK(has(sources.out, "beats constant"));
  CHECK(has(sources.out, "abs_rel"));
  CHECK(has(sources.out, "stopped after the sources, as asked. Resume with: taskonomy run"));
  CHECK_FALSE(fs::exists(folder + "/transfers"));
  const std::string halfway = program("status " + folder).out;
  CHECK(has(halfway, "finished up to the sources"));
  // Its verdict is the one with which the run ended.
  const auto verdict = halfway.substr(halfway.find("\n\n") + 2);
  CHECK(has(verdict, "What not to believe\n\n* Networks that did not learn: "));
  CHECK(has(sources.out, verdict));
  const auto trained = fs::last_write_time(folder + "/sources/normal.safetensors");

  const Outcome transfers = run("steps", "--workers 1 --until transfers");
  CHECK(transfers.code == 0);
  CHECK(fs::exists(folder + "/transfers/normal/depth_zbuffer.safetensors"));
  CHECK_FALSE(fs::exists(folder + "/affinity.csv"));

  CHECK(run("steps", "--workers 1").code == 0);
  CHECK(fs::last_write_time(folder + "/sources/normal.safetensors") == trained);
  for (const std::string part : {"affinity.csv", "metrics.csv"})
    CHECK_MESSAGE(read_file(folder + "/" + part) == read_file(whole() + "/" + part), part);
  const Outcome finished = run("steps", "--until sources");
  CHECK(finished.code == 0);
  CHECK(has(finished.err, "this run is finished, so there is nothing to stop after"));
  CHECK_FALSE(has(finished.out, "as asked"));
  const std::string status = program("status " + folder).out;
  CHECK(has(status, "jobs done, finished\n"));
  CHECK_FALSE(has(status, "up to the sources"));
  const std::string summary = read_file(folder + "/summary.txt");
  CHECK(has(status, "\n\n" + summary.substr(summary.find("What not to believe"), 200)));
  CHECK(run("steps", "--until source").code == 2);
}

TEST_CASE("metrics.csv has every competitor of every target, and jobs report the same figures") {
  const std::string& folder = whole();
  const auto records = taskonomy::base::parse_csv(read_file(folder + "/metrics.csv"), "metrics.csv");
  CHECK(records.front().cells ==
        std::vector<std::string>{"target", "competitor", "metric", "unit", "better", "value"});
  std::size_t competitors = 0;
  double own = -1.0;
  for (const auto& record : records) {
    if (record.cells[0] != "normal" || record.cells[2] != "mean_angle") continue;
    ++competitors;
    CHECK(record.cells[3] == "degrees");
    CHECK(record.cells[4] == "lower");
    const double angle = std::stod(record.cells[5]);
    CHECK((angle > 0.0 && angle < 180.0));
    if (record.cells[1] == "normal") own = angle;
  }
  // Its own network, from scratch, the constant guess, two first-order transfers and their pair.
  CHECK(competitors == 6);
  const auto record = nlohmann::json::parse(read_file(folder + "/jobs/source.normal.json"));
  CHECK(record["figures"]["metric.mean_angle"].get<double>() == own);
  CHECK(has(read_file(folder + "/summary.txt"), "mean_angle, degrees"));
}

TEST_CASE("a learning curve is drawn where the recipe asks for it, and says what its parts were") {
  const std::string folder = scratch() + "/curve";
  const Outcome sources = run("curve", "--workers 0 --set source.curve=true --until sources");
  REQUIRE(sources.code == 0);
  CHECK(has(sources.out, "Learning curves"));
  CHECK(has(program("status " + folder).out, "curve "));
  REQUIRE(run("curve", "--workers 0 --set source.curve=true").code == 0);
  const auto rows = taskonomy::base::parse_csv(read_file(folder + "/curve.csv"), "curve.csv");
  REQUIRE(rows.size() == 3);
  for (const std::size_t k : {1, 2}) {
    CHECK(rows[k].cells[0] == (k == 1 ? "depth_zbuffer" : "normal"));
    const int quarter = std::stoi(rows[k].cells[1]), half = std::stoi(rows[k].cells[2]),
              all = std::stoi(rows[k].cells[3]);
    CHECK((0 < quarter && quarter < half && half < all));
  }
  const std::string summary = read_file(folder + "/summary.txt");
  CHECK(has(summary, "Learning curves: each task's network"));
  CHECK(has(summary.substr(0, summary.find("\n\n")), "ore labelled images"));
  CHECK(has(read_file(folder + "/report.html"), "ore labelled images"));
  CHECK(read_file(whole() + "/affinity.csv") == read_file(folder + "/affinity.csv"));
}

TEST_CASE("plan counts the jobs that the run will have, from nothing and half way, and leaves no trace") {
  const auto planned = [](const std::string& options) {
    const Outcome outcome =
        program("plan " + recipe() + " --out " + scratch() + "/planned --format json " + options);
    INFO(outcome.err);
    REQUIRE(outcome.code == 0);
    return nlohmann::json::parse(outcome.out);
  };
  const auto before = planned("");
  CHECK_FALSE(fs::exists(scratch() + "/planned"));
  const double memory = before.at("memory_of_worker");
  CHECK(before["done"] == 0);
  CHECK(before["seconds_one_worker"].get<double>() > 0.0);
  CHECK(before["bytes"].get<double>() > 0.0);
  for (const auto& stage : before["stages"]) CHECK_MESSAGE(stage.contains("seconds"), stage["name"]);

  const double held =
      memory_of("run " + recipe() + " --out " + scratch() + "/planned --workers 0 --until sources");
  CHECK(memory > 0.5 * held);
  CHECK(memory < 2.0 * held);
  const auto half = planned("--no-trial");
  CHECK(half["jobs"] == before["jobs"]);
  CHECK(half["done"].get<int>() > 0);
  REQUIRE(run("planned", "--workers 0").code == 0);
  const auto after = planned("--no-trial");
  CHECK(after["jobs"] == before["jobs"]);
  CHECK(after["done"] == after["jobs"]);
  CHECK(after["seconds"] == 0.0);
  const auto stages = taskonomy::base::parse_csv(
      program("plan " + recipe() + " --out " + scratch() + "/planned --no-trial --format csv").out, "plan");
  CHECK(stages.front().cells == std::vector<std::string>{"stage", "jobs", "done", "seconds", "bytes"});
  CHECK(stages.size() == after["stages"].size() + 1);
  const auto status = program("status " + scratch() + "/planned --format csv").out;
  CHECK(status.rfind("stage,jobs,done,failed,bytes,seconds\n", 0) == 0);
  CHECK(program("plan " + recipe() + " --format yaml").code == 2);
}

TEST_CASE(
    "a plan and a check that a signal ends leave nothing in the temporary folder; the exit code says which") {
  const std::string temporary = scratch() + "/temporary";
  fs::create_directories(temporary);
  // The signal comes when the folder is there, however long that takes. It goes to the program itself: a list of
  // commands in the background would be a shell of its own. That shell ignores Ctrl-C, which `env` undoes.
  const auto ended = [&](const std::string& command, const std::string& signal) {
    const std::string script = "cd '" + temporary + "' || exit 1\nTMPDIR='" + temporary +
                               "' env --default-signal=INT " TASKONOMY_BINARY_DIR "/bin/taskonomy " +
                               command + " >/dev/null 2>&1 &\nchild=$!\n" +
                               "while kill -0 $child && [ -z \"$(ls -A '" + temporary +
                               "')\" ]; do sleep 0.01; done\nkill -" + signal + " $child\nwait $child";
    const int status = std::system(("bash '" + file("signal.sh", script) + "' 2>/dev/null").c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  };
  CHECK(ended("plan " + recipe() + " --out never", "INT") == 130);
  CHECK(fs::is_empty(temporary));
  CHECK(ended("plan " + recipe() + " --out never", "TERM") == 143);
  CHECK(fs::is_empty(temporary));
  CHECK(ended("tasks check normal", "TERM") == 143);
  CHECK(fs::is_empty(temporary));
}
