// Real worker processes that throw, crash, hang, print and die: each costs its own job and no other.
#include <sys/wait.h>
#include <unistd.h>

#include <map>

#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/base/text.hpp"
#include "core/jobs/pool.hpp"
#include "core/jobs/process.hpp"
#include "core/jobs/protocol.hpp"
#include "core/jobs/worker_loop.hpp"
#include "tests/jobs/fixture/fake_plan.hpp"
#include "tests/jobs/fixture/program.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/testing.hpp"
#include "tests/support/text.hpp"

using namespace taskonomy;
using tests::Folder;

namespace {

/// Runs these jobs in workers and returns their reports by id.
std::map<std::string, jobs::JobReport> run_all(const Folder& folder, const std::vector<std::string>& ids,
                                               std::size_t workers, jobs::WorkerLimits limits = {},
                                               const std::vector<std::string>& gpus = {}) {
  constexpr double kNoLimit = 1e9;  // seconds
  jobs::RunLog log(folder / "log");
  jobs::WorkerPool pool({fake::kProgram, "worker", folder.path().string(), std::to_string(::getpid())},
                        workers, log, limits, gpus);
  std::map<std::string, jobs::JobReport> reports;
  std::size_t next = 0;
  while (reports.size() < ids.size()) {
    for (; next < ids.size() && pool.has_room(); ++next)
      pool.start({ids[next], "key", {}},
                 [hangs = ids[next].find("hang/") == 0 || ids[next].find("spin/") == 0] {
                   return hangs ? 0.5 : kNoLimit;
                 });
    for (auto& report : pool.wait(std::chrono::milliseconds(200))) reports[report.id] = report;
  }
  return reports;
}

/// What a pool says of workers that cannot begin, started as `jobs_fixture WORD`.
std::string words_of_beginning(const std::string& word) {
  const Folder folder;
  jobs::RunLog log(folder / "log");
  jobs::WorkerPool pool({fake::kProgram, word}, 1, log);
  pool.start({"sleep/a", "key", {}}, [] { return 100.0; });
  try {
    for (;;) static_cast<void>(pool.wait(std::chrono::milliseconds(100)));
  } catch (const base::Error& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("a job that goes wrong is named with its reason, and the jobs around it are done") {
  const Folder folder;
  std::vector<std::string> ids;
  const std::map<std::string, std::string> wrong{
      {"throw/a", "the plugin says no"},
      {"bytes/a", "not UTF-8: "},
      {"error/a", "data.toml:3: no such image"},
      {"odd/a", "threw something that is not a std::exception"},
      {"memory/a", "out of memory"},
      {"abort/a", "crashed with SIGABRT (Aborted); it last printed: an assertion of the plugin failed"},
      {"segv/a", "crashed with SIGSEGV (Segmentation fault)"},
      {"exit/a", "ended with exit code 3"},
      {"deaf/a", "closed its line to the host"},
      {"hang/a", "did not end within 5 s (0"},
      {"spin/a",
       "took more than 0.5 s of processor time and was stopped (longer: --set compute.job_timeout="},
      {"nofile/a", "job \"nofile/a\": its file artefacts/nowhere: No such file or directory"},
      {"outside/a", "job \"outside/a\": its file ../outside lies outside the run folder"}};
  for (const auto& [id, reason] : wrong) {
    ids.push_back(id);
    ids.push_back("sleep/beside_" + jobs::stage_of(id));
  }
  ids.push_back("print/a");
  ids.push_back("read/a");
  const auto reports = run_all(folder, ids, 3);
  const jobs::RunDirectory run(folder.path());
  for (const auto& id : ids) {
    const auto& report = reports.at(id);
    const auto expected = wrong.find(id);
    if (expected == wrong.end()) {
      CHECK_MESSAGE(report.ok, id, ": ", report.error);
      CHECK(run.done(id, "key"));
      CHECK(report.figures == std::map<std::string, double>{{"images", 32.0}});
    } else {
      CHECK_FALSE(report.ok);
      CHECK_MESSAGE(report.error.rfind(expected->second, 0) == 0, id, ": ", report.error);
      CHECK_FALSE(run.record(id));
    }
  }
  CHECK(base::read_file(folder / "log").find("garbage without a line end") != std::string::npos);
}

TEST_CASE(
    "a job that takes more memory than a worker may hold is stopped, with its children, and told the key") {
  const Folder folder;
  const auto reports = run_all(folder, {"eat/a", "sleep/b", "child/c", "sleep/d"}, 1, {500'000'000});
  CHECK(reports.at("eat/a").error ==
        "took more than 0.47 GiB of memory and was stopped (more: --set compute.memory_limit=GIB)");
  for (const std::string id : {"sleep/b", "child/c", "sleep/d"}) CHECK_MESSAGE(reports.at(id).ok, id);
}

TEST_CASE(
    "a worker in which a job left memory, threads or processes behind is replaced, a clean one is kept") {
  const auto log_after = [](const std::string& job) {
    const Folder folder;
    const auto reports = run_all(folder, {job, "sleep/next"}, 1, {300'000'000});
    CHECK(reports.at(job).ok);
    CHECK(reports.at("sleep/next").ok);
    return base::read_file(folder / "log");
  };
  const std::string replaced = "replaced: its last job left ";
  CHECK(log_after("hoard/a").find(replaced + "0.") != std::string::npos);
  CHECK(log_after("thread/a").find(replaced + "threads behind") != std::string::npos);
  CHECK(log_after("child/a").find(replaced + "processes behind") != std::string::npos);
  CHECK(log_after("sleep/a").find(replaced) == std::string::npos);
}

TEST_CASE("every worker sees its own GPU and no other, and is told how much room it has there") {
  const Folder folder;
  const auto reports = run_all(folder, {"gpu/a", "gpu/b"}, 2, {.room_on_gpu = 12345}, {"3", "GPU-8932f937"});
  for (const std::string id : {"gpu/a", "gpu/b"}) CHECK(reports.at(id).ok);
  const auto seen =
      base::read_file(folder / fake::artefact("gpu/a")) + base::read_file(folder / fake::artefact("gpu/b"));
  CHECK(seen.find("GPU 3, room 12345\n") != std::string::npos);
  CHECK(seen.find("GPU GPU-8932f937, room 12345\n") != std::string::npos);
}

TEST_CASE("a job whose GPU fails is done on another; the GPU that fails again and again gets no more") {
  const Folder folder;
  std::vector<std::string> ids;
  for (const std::string name : {"a", "b", "c", "d", "e", "f", "g", "h"}) ids.push_back("lost/" + name);
  const auto reports = run_all(folder, ids, 2, {}, {"0", "1"});
  for (const auto& id : ids) {
    CHECK_MESSAGE(reports.at(id).ok, id, ": ", reports.at(id).error);
    CHECK(base::read_file(folder / fake::artefact(id)) == "GPU 0, room 0\n");
  }
  const auto log = base::read_file(folder / "log");
  CHECK(log.find("goes to another worker: CUDA error: unspecified launch failure") != std::string::npos);
  CHECK(log.find("GPU 1 gets no more jobs: it failed 3 times in a row") != std::string::npos);
}

TEST_CASE("a process that ends over its GPU costs its job no more than one that reports it") {
  const Folder folder;
  const auto reports = run_all(folder, {"dies/a", "dies/b", "dies/c"}, 2, {}, {"0", "1"});
  for (const auto& [id, report] : reports) CHECK_MESSAGE(report.ok, id, ": ", report.error);
}

TEST_CASE("a job that fills the GPU's memory is tried once more with half of its share") {
  const Folder folder;
  const auto reports = run_all(folder, {"big/a", "full/b", "sleep/c"}, 1, {}, {"0"});
  CHECK_MESSAGE(reports.at("big/a").ok, reports.at("big/a").error);
  CHECK(reports.at("full/b").error == "memory of the GPU is full at 0.500000");
  CHECK(reports.at("sleep/c").ok);
}

TEST_CASE("when every GPU fails, the run ends and says their last words") {
  const Folder folder;
  std::string message;
  try {
    static_cast<void>(run_all(folder, {"doomed/a", "doomed/b"}, 2, {}, {"0", "1"}));
  } catch (const base::Error& error) {
    message = error.what();
  }
  CHECK(message == "no GPU works any more; the last words: CUDA error: unspecified launch failure");
}

TEST_CASE("where workers see all GPUs, a job that a GPU fails under is given back five times") {
  const Folder folder;
  const auto reports = run_all(folder, {"doomed/a", "sleep/b"}, 1);
  CHECK(reports.at("doomed/a").error == "CUDA error: unspecified launch failure (5 tries)");
  CHECK(reports.at("sleep/b").ok);
}

TEST_CASE("a worker that cannot begin is an error of the run that says why") {
  CHECK(words_of_beginning("broken").starts_with(
      "a worker could not begin: it ended with exit code 127; it last printed: libmissing.so"));
  const Folder folder;
  jobs::RunLog log(folder / "log");
  jobs::WorkerPool none({"/nonexistent/program"}, 1, log);
  CHECK_THROWS_AS(none.start({"sleep/a", "key", {}}, [] { return 100.0; }), base::Error);
}

TEST_CASE("a worker that cannot begin has the time to say why") {
  CHECK(tests::has(words_of_beginning("last_words"),
                   "it ended with exit code 1; it last printed: error: there is no GPU"));
}

TEST_CASE("a limit counts processor time; the clock ends what only waits, far later") {
  const jobs::TimeLimit limit{20.0};
  CHECK_FALSE(limit.exceeded_by(19.9, 199.0));  // a sound job on a machine that is busy with others
  CHECK(limit.exceeded_by(20.0, 20.0) == "took more than 20 s of processor time and was stopped");
  CHECK(limit.exceeded_by(0.25, 200.0) ==
        "did not end within 3 min 20 s (0.25 s of them at work) and was stopped");
  CHECK(jobs::TimeLimit{24 * 3600.0}.clock_seconds() == 2 * 24 * 3600.0);
}

TEST_CASE("the processor time of a job is its own, with that of the processes it started and waited for") {
  const Folder folder;
  jobs::WorkerProcess worker({fake::kProgram, "worker", folder.path().string()});
  const auto after = [&](const std::string& line) {
    if (!line.empty()) CHECK(worker.send(line));
    REQUIRE(tests::eventually([&] { return !worker.read_output().empty(); }));
    return jobs::usage_of(worker.pid()).processor_seconds;
  };
  const double ready = after("");
  const double worked = after(jobs::to_line(jobs::Assignment{"work/a", "key", {}}));
  CHECK(worked - ready >= 0.15);  // 0.1 s each, in four numbers of 0.01 s that are rounded down
}

TEST_CASE("destroying a pool ends its workers, even those whose jobs never end") {
  const Folder folder;
  {
    jobs::RunLog log(folder / "log");
    jobs::WorkerPool pool({fake::kProgram, "worker", folder.path().string(), std::to_string(::getpid())}, 2,
                          log);
    for (const char* id : {"hang/a", "hang/b"}) pool.start({id, "key", {}}, [] { return 100.0; });
    CHECK_FALSE(pool.has_room());
    CHECK(pool.wait(std::chrono::milliseconds(300)).empty());
    CHECK(pool.running().size() == 2);
  }
  CHECK(::waitpid(-1, nullptr, WNOHANG) == -1);  // no child is left
}

TEST_CASE("a worker takes bare ids as a cluster scheduler sends them, and says what is wrong with others") {
  const Folder folder;
  jobs::WorkerProcess worker({fake::kProgram, "worker", folder.path().string()});
  CHECK(worker.send("sleep/source/a"));
  CHECK(worker.send("sleep/sorce/a"));
  CHECK(worker.send("sleep/transfer/b/c"));
  CHECK(worker.send("{\"id\": 3}"));
  CHECK(worker.send("sleep/transfer/b/a"));
  std::vector<std::string> lines;
  REQUIRE(tests::eventually([&] {
    for (const auto& line : worker.read_output()) lines.push_back(line);
    return lines.size() >= 5;
  }));
  CHECK(jobs::parse_ready(lines[0]));
  CHECK(jobs::parse_report(lines[1])->ok);
  CHECK(jobs::parse_report(lines[2])->error ==
        "the run has no job \"sleep/sorce/a\"; did you mean \"sleep/source/a\"?");
  CHECK(jobs::parse_report(lines[3])->error ==
        "job \"sleep/transfer/b/c\" needs \"sleep/source/c\", which is not done yet");
  CHECK(jobs::parse_report(lines[4])->ok);
  // The key is the one that a run would use.
  CHECK(jobs::RunDirectory(folder.path())
            .done("sleep/transfer/b/a", fake::run_plan().graph.key("sleep/transfer/b/a")));
}

TEST_CASE("orders and reports survive their lines") {
  const jobs::Assignment order{"transfer/a/b+c", "0123", {"source/b", "source/c"}};
  const auto back = jobs::parse_assignment(jobs::to_line(order));
  REQUIRE(back);
  CHECK(back->id == order.id);
  CHECK(back->key == order.key);
  CHECK(back->inputs == order.inputs);
  const jobs::JobReport report{"a", false, "line one\n\"two\"", 2.25, {"x/y"}, {{"images", 3.0}}};
  const auto step = jobs::parse_step(jobs::to_line(jobs::JobStep{"source/a", 300, 800, 0.125}));
  REQUIRE(step);
  CHECK(step->id == "source/a");
  CHECK(step->step == 300);
  CHECK(step->steps == 800);
  CHECK(step->loss == 0.125);
  CHECK_FALSE(jobs::parse_step(jobs::to_line(report)));
  CHECK_FALSE(jobs::parse_report(jobs::to_line(jobs::JobStep{"source/a", 300, 800, 0.125})));
  const std::string line = jobs::to_line(report);
  CHECK(line.find('\n') == std::string::npos);
  const auto again = jobs::parse_report(line);
  REQUIRE(again);
  CHECK(again->error == report.error);
  CHECK(again->seconds == report.seconds);
  CHECK(again->files == report.files);
  CHECK(again->figures == report.figures);
  for (const char* wrong : {"", "  ", "{", "{\"id\":\"a\"}", "two words"}) {
    CHECK_FALSE(jobs::parse_assignment(wrong));
    CHECK_FALSE(jobs::parse_report(wrong));
  }
}
