// Meets one fault through the real program.
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/files.hpp"
#include "core/base/text.hpp"
#include "tests/cli/tiny_recipe.hpp"
#include "tests/plugin_faults/faults.hpp"
#include "tests/support/testing.hpp"
#include "tests/support/text.hpp"

namespace taskonomy::plugin_faults {
namespace {

namespace fs = std::filesystem;
using taskonomy::tests::has;

const std::string kProgram = std::string(TASKONOMY_BINARY_DIR) + "/bin/taskonomy";
const fs::path kPlugins = fs::path(TASKONOMY_BINARY_DIR) / "fixtures/faults";
const std::vector<std::string> kSound{"edge_texture", "normal", "random"};

struct Answer {
  int code = -1;  ///< 124: it did not end
  std::string text;
  double seconds = 0.0;
};

/// Runs the program in `folder`, with a standard input that never ends; ends it after `most` seconds.
Answer program(const std::string& arguments, const fs::path& folder, double most) {
  fs::create_directories(folder);
  const std::string said = (folder / "said").string();
  const std::string command = "cd '" + folder.string() + "' && { [ -p in ] || mkfifo in; } && timeout -k 5 " +
                              std::to_string(static_cast<int>(most)) + " '" + kProgram + "' " + arguments +
                              " >'" + said + "' 2>&1 0<>in";
  const auto begin = std::chrono::steady_clock::now();
  const int status = std::system(command.c_str());
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), base::read_file(said), seconds};
}

const fs::path& scratch() {
  static const base::TemporaryFolder folder("faults");
  return folder.path();
}

/// Runs a recipe of `tasks` in scratch()/NAME/run.
Answer run(const std::string& name, std::vector<std::string> tasks, const std::string& mode, double most) {
  const fs::path folder = scratch() / name;
  fs::create_directories(folder);
  const std::string tail = mode.empty() ? "" : "[task.faulty]\nmode = \"" + mode + "\"\n";
  base::write_file(folder / "recipe.toml", cli_test::tiny_recipe({.tasks = std::move(tasks),
                                                                  .rooms = 12,
                                                                  .views_per_room = 4,
                                                                  .source_steps = 35,
                                                                  .transfer_steps = 4,
                                                                  .orders = "[1]",
                                                                  .tail = tail}));
  return program(
      "run recipe.toml --out run --plugin-dir plugins --workers 2 --set compute.job_timeout=10 "
      "--set compute.memory_limit=0.8",
      folder, most);
}

/// The run without the plugin, made once: what the others owe nobody else.
struct Sound {
  Answer answer;
  fs::path folder = scratch() / "sound";
  Sound() {
    fs::create_directories(folder / "plugins");
    answer = run("sound", kSound, "", 600.0);
    REQUIRE_MESSAGE(answer.code == 0, answer.text);
  }
  /// Ends what would never end; no measure of anything, because machines are busy.
  [[nodiscard]] double limit() const { return 180.0 + 20.0 * answer.seconds; }
};

const Sound& sound() {
  static const Sound made;
  return made;
}

/// Files of the sound tasks that are missing or have other bytes in a run's folder.
std::vector<std::string> differing(const fs::path& folder) {
  std::vector<std::string> found;
  const fs::path run = sound().folder / "run";
  for (const std::string part :
       {"samples", "examples", "sources", "features", "transfers", "losses", "pictures"}) {
    if (!fs::exists(run / part)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(run / part)) {
      if (!entry.is_regular_file()) continue;
      const auto name = fs::relative(entry.path(), run);
      if (!fs::exists(folder / name) || base::read_file(folder / name) != base::read_file(entry.path()))
        found.push_back(name.string());
    }
  }
  return found;
}

/// A folder with a copy of the one plugin, because some delete it.
void copy_plugin(const std::string& id, const fs::path& folder) {
  fs::create_directories(folder);
  const std::string file = "taskonomy_task_" + id + ".so";
  fs::copy_file(kPlugins / file, folder / file, fs::copy_options::overwrite_existing);
}

void check(const Fault& fault, const std::string& id, const std::string& name) {
  const fs::path folder = scratch() / name;
  copy_plugin(id, folder / "plugins");
  const std::string set = fault.mode.empty() || id != "faulty" ? "" : " --set mode=" + fault.mode;
  const Answer answer =
      program("tasks check plugins/taskonomy_task_" + id + ".so" + set, folder, sound().limit());
  CHECK_MESSAGE(answer.code != 124, "the check does not end");
  if (fault.check == Check::finds) CHECK_MESSAGE(answer.code == 1, answer.text);
  if (fault.check == Check::passes) CHECK_MESSAGE(answer.code == 0, answer.text);
  if (fault.check == Check::either) CHECK_MESSAGE((answer.code == 0 || answer.code == 1), answer.text);
  MESSAGE(name, ": check ", answer.code, ", ", base::fixed(answer.seconds, 1), " s");
}

void meet_in_run(const Fault& fault, const std::string& id, const std::string& name) {
  const fs::path folder = scratch() / name;
  copy_plugin(id, folder / "plugins");
  std::vector<std::string> tasks{id};
  tasks.insert(tasks.end(), kSound.begin(), kSound.end());
  const Answer answer = run(name, tasks, id == "faulty" ? fault.mode : "", sound().limit());
  CHECK_MESSAGE((answer.code == fault.run || answer.code == fault.or_run), answer.text);
  if (fault.run != 0) CHECK_MESSAGE(has(answer.text, "task \"" + id + "\""), answer.text);
  if (!fault.said.empty()) CHECK_MESSAGE(has(answer.text, fault.said), answer.text);
  if (fault.run == 1) {
    CHECK_FALSE_MESSAGE(fs::exists(folder / "run/jobs"), "refused before anything begins");
  } else {
    CHECK_MESSAGE(differing(folder / "run").empty(), base::join(differing(folder / "run"), ", "));
  }
  MESSAGE(name, ": run ", answer.code, ", ", base::fixed(answer.seconds, 1), " s");
}

}  // namespace

void meet(const Fault& fault) {
  const std::string id = fault.mode.starts_with("static_") ? fault.mode : "faulty";
  const std::string name = fault.mode.empty() ? "none" : fault.mode;
  CAPTURE(name);
  check(fault, id, name);
  meet_in_run(fault, id, name);
  fs::remove_all(scratch() / name);
}

}  // namespace taskonomy::plugin_faults
