// A stranger's path, from an installed program to an affinity matrix with a task of their own in it, while
// the source tree and the build folder are out of reach.
#include <nlohmann/json.hpp>

#include <filesystem>
#include <string>

#include "core/base/files.hpp"
#include "tests/install/workshop.hpp"
#include "tests/support/testing.hpp"
#include "tests/support/text.hpp"

using namespace taskonomy::install_test;
namespace fs = std::filesystem;

namespace {

using taskonomy::tests::has;

/// Whether this user may have a view of the files of their own, in which an empty folder lies over another.
bool may_hide() {
  static const bool may = shell("unshare --map-root-user --mount mount -t tmpfs none \"$HOME\"").code == 0;
  return may;
}

/// Runs a script in the workshop, with the installed program in PATH and no source tree on the machine.
Outcome as_stranger(const std::string& script) {
  const std::string path = "PATH='" + (moved_prefix() / "bin").string() + "':\"$PATH\"\n";
  write("script.sh", "set -eu\n" + path + script);
  if (!may_hide()) return shell("sh script.sh");
  write("hide.sh",
        "set -eu\n"
        "wheels='" TASKONOMY_SOURCE_DIR
        "/build/wheels'\n"  // a LibTorch that ./dev build --torch fetched is no part of the source tree
        "if [ -d \"$wheels\" ]; then mkdir -p kept; mount --bind \"$wheels\" kept; fi\n"
        "mount -t tmpfs none '" TASKONOMY_SOURCE_DIR
        "'\n"
        "if [ -d kept ]; then mkdir -p \"$wheels\"; mount --bind kept \"$wheels\"; fi\n"
        "if [ -d '" TASKONOMY_BINARY_DIR "' ]; then mount -t tmpfs none '" TASKONOMY_BINARY_DIR
        "'; fi\n"
        "exec sh script.sh\n");
  return shell("unshare --map-root-user --mount sh hide.sh");
}

/// One step; the test ends where it fails.
std::string step(const std::string& script) {
  const Outcome outcome = as_stranger(script);
  INFO(script, "\n", outcome.text);
  REQUIRE(outcome.code == 0);
  return outcome.text;
}

/// The smallest run that has an affinity matrix.
const char* const kSmall =
    " --set data.side=16 --set data.rooms=12 --set source.steps=6 --set source.batch=8 --set "
    "transfer.steps=4"
    " --set transfer.batch=8 --set transfer.orders=[1]";

}  // namespace

TEST_CASE("the source tree is out of reach") {
  if (!may_hide()) {
    MESSAGE("skipped: this user may not mount folders of their own: the source tree stays in sight");
    return;
  }
  // But for a LibTorch that ./dev build --torch fetched, where there is one.
  CHECK(as_stranger("test -z \"$(find '" TASKONOMY_SOURCE_DIR "' -mindepth 1 -path '" TASKONOMY_SOURCE_DIR
                    "/build/wheels' -prune -o ! -path '" TASKONOMY_SOURCE_DIR "/build' -print)\"")
            .code == 0);
}

TEST_CASE("a stranger's path: tasks new, configure, build, check, recipe, run, affinity matrix") {
  CHECK(has(step("taskonomy tasks new floor_glow --template pixel"), "taskonomy run recipe.toml"));
  step(
      "cd floor_glow\n"
      "cmake -G Ninja -S . -B build -DCMAKE_PREFIX_PATH=\"$(taskonomy sdk prefix)\"\n"
      "cmake --build build");

  const auto checked = nlohmann::json::parse(
      step("taskonomy tasks check floor_glow/build/lib/taskonomy/taskonomy_task_floor_glow.so --json"));
  for (const auto& result : checked["checks"]) {
    INFO(result.dump());
    CHECK(result["outcome"] != "FAIL");
  }
  const std::string own = step("floor_glow/build/floor_glow_test");
  INFO(own);
  CHECK(has(own, "PASS  loss.per_image"));

  step("cd floor_glow && taskonomy run recipe.toml --workers 1" + std::string(kSmall));
  const std::string table =
      taskonomy::base::read_file(workshop() / "floor_glow/runs/floor_glow/affinity.csv");
  for (const char* other : {"normal", "edge_texture"}) {
    INFO(other);
    CHECK(has(table, "\nfloor_glow," + std::string(other) + ","));
    CHECK(has(table, "\n" + std::string(other) + ",floor_glow,"));
  }

  step("cmake --install floor_glow/build --prefix '" + moved_prefix().string() + "'");
  CHECK(has(step("taskonomy tasks list"), "floor_glow"));  // found without --plugin-dir from now on
  fs::remove(moved_prefix() / "lib/taskonomy/taskonomy_task_floor_glow.so");
}
