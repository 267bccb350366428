// Plugins that misbehave while a run goes on, through the real program: each costs only itself, and the end
// names it, its job, the reason and the command that repeats the job alone.
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "core/base/files.hpp"
#include "tests/cli/binary.hpp"
#include "tests/cli/tiny_recipe.hpp"
#include "tests/support/testing.hpp"
#include "tests/support/text.hpp"

namespace {

namespace fs = std::filesystem;
using taskonomy::base::read_file;
using taskonomy::cli_test::file;
using taskonomy::cli_test::kFixtures;
using taskonomy::cli_test::Outcome;
using taskonomy::cli_test::program;
using taskonomy::cli_test::scratch;
using taskonomy::cli_test::tiny_recipe;
using taskonomy::tests::has;

const std::vector<std::string> kSound{"edge_texture", "normal", "depth_zbuffer", "random"};

/// More steps than fixture_late_nan survives.
const std::string kSettings = " --set source.steps=105 --set compute.memory_limit=0.7";

/// A plugin, the job that it fails, and why in words of the summary.
struct Broken {
  std::string id, stage, reason;
};
const std::vector<Broken> kBroken{
    {"fixture_throws", "examples", "make_example: no label for sample"},
    {"fixture_crash", "examples", "crashed with SIGSEGV (Segmentation fault)"},
    {"fixture_abort", "examples",
     "crashed with SIGABRT (Aborted); it last printed: fixture: assertion failed"},
    {"fixture_hoard", "examples",
     "took more than 0.70 GiB of memory and was stopped (more: --set compute.memory_limit=GIB)"},
    {"fixture_nan_loss", "source", "step 1: the loss is nan"},
    {"fixture_late_nan", "source", "step 100: the loss is nan"},
    {"fixture_loss_shape", "source", "step 1: the task's loss gave 0 dimensions and 1 values for 8 images"},
    {"fixture_late_shape", "source", "step 3: the task's loss gave 0 dimensions and 1 values for 8 images"}};

Outcome run(const std::vector<std::string>& tasks, const std::string& folder, const std::string& options) {
  return program("run " +
                 file(fs::path(folder).filename().string() + ".toml", tiny_recipe({.tasks = tasks})) +
                 " --out " + folder + " --plugin-dir " + kFixtures + kSettings + " " + options);
}

/// The folder of a run without broken plugins, made once.
const std::string& plain() {
  static const std::string folder = [] {
    REQUIRE(run(kSound, scratch() + "/sound", "--workers 2 --quiet").code == 0);
    return scratch() + "/sound";
  }();
  return folder;
}

std::vector<std::string> with_broken() {
  std::vector<std::string> tasks;
  for (const auto& broken : kBroken) tasks.push_back(broken.id);
  tasks.insert(tasks.end(), kSound.begin(), kSound.end());
  return tasks;
}

/// The two lines that the closing text gives to a failed job, "" when there are none.
std::string failure_of(const std::string& job, const std::string& text) {
  std::istringstream lines(text);
  for (std::string line, next; std::getline(lines, line);)
    if (line.rfind("failed: ", 0) == 0 && has(line, job + ": ") && std::getline(lines, next))
      return line + "\n" + next + "\n";
  return "";
}

/// Artefacts of the sound run below `part` that are absent or other bytes in `folder`.
std::vector<std::string> differing(const std::string& folder, const std::string& part) {
  std::vector<std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(plain()) / part)) {
    if (!entry.is_regular_file()) continue;
    const auto name = fs::relative(entry.path(), plain());
    const auto there = fs::path(folder) / name;
    if (!fs::exists(there) || read_file(there) != read_file(entry.path())) found.push_back(name.string());
  }
  return found;
}

/// Of a transfer from several sources.
bool of_higher_order(const std::string& name) { return has(name, "+"); }

}  // namespace

TEST_CASE(
    "plugins that fail leave every result of the others as it is without them, and are told with the cure") {
  const std::string folder = scratch() + "/failing-plugins";
  const Outcome outcome = run(with_broken(), folder, "--workers 2");
  CHECK(outcome.code == 4);
  for (const auto& [id, stage, reason] : kBroken) {
    const std::string job = stage + "/" + id;
    const std::string told = failure_of(job, outcome.out);
    CHECK_MESSAGE(has(told, "task \"" + id + "\": "), job, " in ", outcome.out);
    CHECK_MESSAGE(has(told, reason), told);
    CHECK(has(told, "\n  repeat it with: taskonomy worker " + folder + " --plugin-dir " + kFixtures +
                        " --job " + job + "\n"));
  }
  for (const std::string part : {"sources", "transfers", "losses", "tournaments", "affinities"})
    for (const auto& name : differing(folder, part)) FAIL_CHECK(name);
  CHECK(read_file(folder + "/affinity.csv") == read_file(plain() + "/affinity.csv"));
  CHECK(read_file(folder + "/taxonomy.json") == read_file(plain() + "/taxonomy.json"));

  const auto alone = [&](const std::string& job) {
    return program("worker " + folder + " --plugin-dir " + kFixtures + " --job " + job);
  };
  const Outcome thrown = alone("source/fixture_late_shape");
  CHECK(thrown.code == 4);
  CHECK(has(thrown.err, "error: source/fixture_late_shape: "));
  CHECK(has(thrown.err, "step 3: the task's loss gave 0 dimensions"));
  const Outcome hoarded = alone("examples/fixture_hoard");  // by hand, the allocation itself fails
  CHECK(hoarded.code == 4);
  CHECK_MESSAGE(has(hoarded.err, "can't allocate memory"), hoarded.err);
  CHECK(alone("examples/fixture_crash").code == 128 + 11);
}

TEST_CASE("a plugin that never ends is stopped by the limit of its job, and costs only itself") {
  // It joins a run that is finished, so that the short limit meets no job that trains.
  const std::string folder = scratch() + "/hanging";
  fs::copy(plain(), folder, fs::copy_options::recursive);
  std::vector<std::string> tasks{"fixture_hang"};
  tasks.insert(tasks.end(), kSound.begin(), kSound.end());
  const Outcome outcome = run(tasks, folder, "--workers 1 --set compute.job_timeout=3");
  CHECK(outcome.code == 4);
  CHECK_MESSAGE(
      has(failure_of("examples/fixture_hang", outcome.out),
          "task \"fixture_hang\": examples/fixture_hang: took more than 3 s of processor time and was "
          "stopped (longer: --set compute.job_timeout=SECONDS)"),
      outcome.out);
  CHECK(read_file(folder + "/affinity.csv") == read_file(plain() + "/affinity.csv"));
}

TEST_CASE("plugins that print and change the process's state change no result and no answer of the program") {
  std::vector<std::string> tasks{"fixture_globals", "fixture_prints"};
  tasks.insert(tasks.end(), kSound.begin(), kSound.end());
  for (const std::string workers : {"0", "1"}) {
    CAPTURE(workers);
    const std::string folder = scratch() + "/noisy" + workers;
    // Without higher orders, which take their pick among all tasks of a run.
    const Outcome outcome = run(tasks, folder, "--json --set transfer.orders=[1] --workers " + workers);
    CHECK(outcome.code == 0);
    std::istringstream lines(outcome.out);
    for (std::string line; std::getline(lines, line);)
      CHECK_MESSAGE(nlohmann::json::accept(line), "on standard output: ", line);
    for (const std::string part : {"sources", "losses"})
      for (const auto& name : differing(folder, part))
        if (!of_higher_order(name)) FAIL_CHECK(name);
    CHECK(has(read_file(folder + "/affinity.csv"), "\nnormal,fixture_globals,"));
  }
}
