// An installed tree works wherever it is moved, and holds what runs and what plugins are built with, nothing
// else.
#include <nlohmann/json.hpp>

#include <filesystem>
#include <set>
#include <string>

#include "tests/install/workshop.hpp"
#include "tests/support/testing.hpp"
#include "tests/support/text.hpp"

using namespace taskonomy::install_test;
namespace fs = std::filesystem;

namespace {

using taskonomy::tests::has;

std::string quoted(const fs::path& path) { return "'" + path.string() + "'"; }

std::set<std::string> ids(const nlohmann::json& plugins) {
  std::set<std::string> all;
  for (const auto& plugin : plugins) all.insert(plugin["id"].get<std::string>());
  return all;
}

}  // namespace

TEST_CASE("the moved program finds its own plugins, all of them, and no fixture") {
  for (const std::string kind : {"tasks", "datasets"}) {
    const Outcome moved = shell(program() + " " + kind + " list --json");
    REQUIRE(moved.code == 0);
    const auto list = nlohmann::json::parse(moved.text);
    const auto built =
        nlohmann::json::parse(shell(TASKONOMY_BINARY_DIR "/bin/taskonomy " + kind + " list --json").text);
    CHECK(ids(list[kind]) == ids(built[kind]));
    CHECK(list["refused"].empty());
    for (const auto& plugin : list[kind]) {
      CHECK(has(plugin["file"].get<std::string>(), moved_prefix().string() + "/lib/taskonomy/"));
    }
  }
  CHECK_FALSE(fs::exists(moved_prefix() / "lib/taskonomy/taskonomy_task_fixture_good.so"));
  const Outcome loaded = shell(program() + " tasks show normal");
  INFO(loaded.text);
  CHECK(loaded.code == 0);
}

TEST_CASE("recipes, the published table, manuals and completion come with it") {
  const fs::path share = moved_prefix() / "share";
  for (const char* file :
       {"taskonomy/recipes/demo.toml", "taskonomy/published/taskonomy-16k.csv", "doc/taskonomy/method.md",
        "doc/taskonomy/copyright", "man/man1/taskonomy.1.gz", "bash-completion/completions/taskonomy"}) {
    INFO(file);
    CHECK(fs::exists(share / file));
  }
  const Outcome solved =
      shell(program() + " solve " + quoted(share / "taskonomy/published/taskonomy-16k.csv") + " --budget 2");
  INFO(solved.text);
  CHECK(solved.code == 0);
}

TEST_CASE("nothing installed points back to the place it was built in") {
  // Search paths of libraries, and the files that CMake reads; debug strings may name sources.
  const Outcome paths =
      shell("find " + quoted(moved_prefix()) +
            " -type f \\( -name taskonomy -path '*/bin/*' -o -name '*.so*' \\) -exec readelf -d {} + "
            "| grep -E 'R(UN)?PATH'");
  CHECK(has(paths.text, "[$ORIGIN/.."));                                  // plugins
  CHECK((has(paths.text, "[$ORIGIN]") || has(paths.text, "[$ORIGIN:")));  // the SDK and the learning library
  CHECK_FALSE(has(paths.text, TASKONOMY_BINARY_DIR));
  const Outcome package = shell(
      "grep -r -e '" TASKONOMY_BINARY_DIR "' -e '" TASKONOMY_SOURCE_DIR "' " +
      quoted(moved_prefix() / "lib/cmake") + " " + quoted(moved_prefix() / "share") +
      " | grep -v '" TASKONOMY_SOURCE_DIR "/build/wheels/'");  // a LibTorch that ./dev build --torch fetched
  CHECK(package.text.empty());
}

TEST_CASE("sdk prefix and info speak of the place the program is in, installed or built") {
  CHECK(shell(program() + " sdk prefix").text == moved_prefix().string() + "\n");
  CHECK(shell(TASKONOMY_BINARY_DIR "/bin/taskonomy sdk prefix").text == TASKONOMY_BINARY_DIR "\n");
  const Outcome outcome = shell(program() + " sdk info --json");
  REQUIRE(outcome.code == 0);
  const auto info = nlohmann::json::parse(outcome.text);
  CHECK(info["installed"] == true);
  CHECK(info["abi"] == "sdk" + info["sdk"].get<std::string>().substr(0, 1) + "-torch" +
                           info["torch"].get<std::string>() + "-cxx11abi" +
                           info["cxx11abi"].get<std::string>());
  CHECK_FALSE(info["torch_libraries"].empty());
  const std::string user =
      (workshop() / "home/.local/share/taskonomy/plugins").string() + "/" + info["abi"].get<std::string>();
  CHECK(info["searched"][0]["folder"] == user);
  CHECK(has(shell(program() + " sdk info").text, "LibTorch    " + info["torch"].get<std::string>()));
}

TEST_CASE("without its learning library the program solves, and says what to install for the rest") {
  const fs::path alone = workshop() / "numbers_only";
  fs::create_directories(alone / "bin");
  fs::copy_file(moved_prefix() / "bin/taskonomy", alone / "bin/taskonomy");
  fs::create_directory_symlink(moved_prefix() / "share", alone / "share");
  const std::string only = quoted(alone / "bin/taskonomy");
  CHECK(shell(only + " solve " + quoted(moved_prefix() / "share/taskonomy/published/taskonomy-16k.csv") +
              " --budget 3 --cost random=0")
            .code == 0);
  const Outcome list = shell(only + " tasks list");
  CHECK(list.code == 1);
  CHECK(has(list.text, "cannot load what needs LibTorch: " + (alone / "lib/libtaskonomy_learning").string()));
  CHECK(has(list.text, "install all of this program"));
}

TEST_CASE("sdk prefix without an SDK says what to install") {
  const fs::path alone = workshop() / "alone";
  fs::create_directories(alone / "bin");
  fs::copy_file(moved_prefix() / "bin/taskonomy", alone / "bin/taskonomy");
  fs::copy(moved_prefix() / "lib", alone / "lib");  // the libraries, not the folders in it
  const Outcome prefix = shell(quoted(alone / "bin/taskonomy") + " sdk prefix");
  CHECK(prefix.code == 1);
  CHECK(has(prefix.text, "taskonomy-dev"));
  CHECK(has(shell(quoted(alone / "bin/taskonomy") + " sdk info").text, "no SDK there"));
}
