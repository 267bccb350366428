// The house keeps its own rules: includes point one way, other people's libraries stay behind their fences,
// files stay short. Each rule is also tried on a source that breaks it, so that none passes by never firing.
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "tests/house/arrows.hpp"
#include "tests/house/source_tree.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy::tests;

namespace {

CoreFolders core_folders() {
  return parse_core_folders(
      taskonomy::base::read_file(std::string(TASKONOMY_SOURCE_DIR) + "/core/CMakeLists.txt"));
}

const std::vector<SourceFile>& sources() {
  static const auto files = read_sources({"sdk", "core", "plugins", "apps"});
  return files;
}

/// The names of the folders in one of the repository's folders.
std::set<std::string> folders_in(const std::string& parent) {
  std::set<std::string> names;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::path(TASKONOMY_SOURCE_DIR) / parent))
    if (entry.is_directory()) names.insert(entry.path().filename().string());
  return names;
}

std::string listed(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += "\n  " + line;
  return text;
}

/// How many rules one include in one file breaks.
std::size_t wrong(const std::string& path, const std::string& include) {
  const std::vector<SourceFile> file{parse_source(path, "#include " + include + "\n")};
  return wrong_arrows(file, core_folders()).size() + broken_fences(file).size();
}

/// "PLACE: line" where a test reads a clock or sleeps. tests/support/eventually.hpp does both for all of them.
std::vector<std::string> timed_lines(const std::vector<SourceFile>& files) {
  std::vector<std::string> found;
  for (const auto& file : files) {
    if (file.path.size() < 9 || file.path.substr(file.path.size() - 9) != "_test.cpp") continue;
    for (std::size_t n = 0; n < file.lines.size(); ++n) {
      for (const std::string word :
           {"_clock::", "clock()", "sleep_for", "sleep(", "getrusage", "clock_gettime"})
        if (file.lines[n].find(word) != std::string::npos)
          found.push_back(file.path + ":" + std::to_string(n + 1) + ": " + file.lines[n]);
    }
  }
  return found;
}

}  // namespace

TEST_CASE("the sources and the order of core's folders are found") {
  CHECK(sources().size() > 40);
  const auto core = core_folders();
  CHECK(std::set<std::string>(core.order.begin(), core.order.end()) == folders_in("core"));
  CHECK(core.order.front() == "base");
  CHECK(core.order.back() == "checks");
  CHECK(core.reachable("taxonomy").count("base") == 1);
  CHECK(core.reachable("base").size() == 1);
}

TEST_CASE("core's folders link only folders above them") {
  const auto core = core_folders();
  std::set<std::string> above;
  for (const auto& folder : core.order) {
    const auto links = core.links.find(folder);
    if (links != core.links.end()) {
      for (const auto& link : links->second) {
        INFO("core/", folder, " links core/", link);
        CHECK(above.count(link) == 1);
      }
    }
    above.insert(folder);
  }
}

TEST_CASE("includes point one way") {
  const auto found = wrong_arrows(sources(), core_folders());
  INFO(listed(found));
  CHECK(found.empty());
}

TEST_CASE("each library of others stays behind its fence") {
  const auto found = broken_fences(sources());
  INFO(listed(found));
  CHECK(found.empty());
}

TEST_CASE("whoever asks for LibTorch's version includes the header that defines it") {
  const auto found = unversioned(sources());
  INFO(listed(found));
  CHECK(found.empty());
}

TEST_CASE("files stay short and have telling names") {
  const auto files = read_sources({"sdk", "core", "plugins", "apps", "tests"});
  const auto long_ones = too_long(files, 400);
  INFO(listed(long_ones));
  CHECK(long_ones.empty());
  const auto vague = vague_names(files);
  INFO(listed(vague));
  CHECK(vague.empty());
}

TEST_CASE("functions have at most 60 lines") {
  const auto found = long_functions(read_sources({"sdk", "core", "plugins", "apps", "tests"}), 60);
  INFO(listed(found));
  CHECK(found.empty());
}

TEST_CASE("tests include doctest only through tests/support/testing.hpp") {
  std::vector<std::string> found;
  for (const auto& file : read_sources({"tests"})) {
    if (starts_with(file.path, "tests/support/")) continue;
    for (const auto& include : file.includes) {
      if (starts_with(include.name, "doctest")) found.push_back(place(file, include) + include.name);
    }
  }
  INFO(listed(found));
  CHECK(found.empty());
}

TEST_CASE("no test reads a clock or sleeps, so that none depends on how fast the machine is") {
  auto files = read_sources({"tests"});
  // This file names these words; the other one kills a process at any moment, whichever it is.
  for (auto& file : files)
    if (file.path == "tests/house/house_test.cpp" || file.path == "tests/base/files_test.cpp")
      file.lines.clear();
  const auto found = timed_lines(files);
  INFO(listed(found));
  CHECK(found.empty());
}

TEST_CASE("every rule fires on a source that breaks it, and lets pass what keeps it") {
  CHECK(wrong("core/base/text.cpp", "\"core/recipe/recipe.hpp\"") == 1);
  CHECK(wrong("core/recipe/read.cpp", "\"core/base/text.hpp\"") == 0);
  CHECK(wrong("core/taxonomy/solve.cpp", "\"core/report/svg.hpp\"") == 1);
  CHECK(wrong("core/taxonomy/solve.cpp", "<torch/torch.h>") == 1);
  CHECK(wrong("core/jobs/worker.cpp", "<taskonomy/sdk/task.hpp>") == 1);
  CHECK(wrong("core/host/registry.cpp", "<taskonomy/sdk/task.hpp>") == 0);
  CHECK(wrong("core/host/registry.cpp", "\"registry.hpp\"") == 1);
  CHECK(wrong("core/host/registry.cpp", "\"apps/taskonomy/command.hpp\"") == 1);
  CHECK(wrong("apps/taskonomy/main.cpp", "\"core/report/page.hpp\"") == 0);
  CHECK(wrong("apps/taskonomy/main.cpp", "\"core/pipeline/plan.hpp\"") == 1);
  CHECK(wrong("apps/taskonomy/main.cpp", "<taskonomy/sdk/task.hpp>") == 1);
  CHECK(wrong("apps/taskonomy/main.cpp", "\"apps/learning/actions.hpp\"") == 1);
  CHECK(wrong("apps/learning/run.cpp", "\"core/pipeline/plan.hpp\"") == 0);
  CHECK(wrong("sdk/src/task.cpp", "\"core/base/text.hpp\"") == 1);
  CHECK(wrong("plugins/tasks/normal/normal.cpp", "\"core/base/text.hpp\"") == 1);
  CHECK(wrong("plugins/tasks/normal/normal.cpp", "<taskonomy/sdk/task.hpp>") == 0);
  CHECK(wrong("plugins/datasets/scenes/room.cpp", "\"room.hpp\"") == 0);
  CHECK(wrong("plugins/datasets/scenes/room.cpp", "\"../taskonomy/folder.hpp\"") == 1);

  CHECK(wrong("core/host/library.hpp", "<boost/dll.hpp>") == 1);
  CHECK(wrong("core/host/library.cpp", "<boost/dll.hpp>") == 0);
  CHECK(wrong("core/recipe/read.cpp", "<boost/program_options.hpp>") == 1);
  CHECK(wrong("core/report/chart.cpp", "<Eigen/Dense>") == 1);
  CHECK(wrong("core/analysis/tree.cpp", "<Eigen/Dense>") == 0);
  const std::vector<SourceFile> two{parse_source("core/data/a.cpp", "#include <png.h>\n"),
                                    parse_source("core/data/b.cpp", "#include <png.h>\n")};
  CHECK(broken_fences(two).size() == 1);
  CHECK(timed_lines({parse_source("a_test.cpp", "const auto begin = std::chrono::steady_clock::now();\n")})
            .size() == 1);
  CHECK(too_long({parse_source("a.cpp", std::string(401, '\n'))}, 400).size() == 1);
  const auto lines = [](const std::string& text) {
    return long_functions({parse_source("a.cpp", text)}, 3).size();
  };
  CHECK(lines("int f() {\n  a;\n  b;\n  c;\n}\n") == 1);
  CHECK(lines("int f() {\n  a;\n\n}\n") == 0);
  CHECK(lines("TEST_CASE(\n    \"a\") {\n  a;\n  b;\n  c;\n}\n") == 1);
  CHECK(lines("class A {\n  int f() const {\n    a;\n    b;\n    c;\n  }\n};\n") == 1);
  CHECK(lines("class A {\n  int a;\n  int b;\n  int c;\n};\n") == 0);
  CHECK(vague_names({parse_source("core/base/utils.hpp", "")}).size() == 1);
  const std::string asks = "#if TORCH_VERSION_MAJOR > 2\n#endif\n";
  CHECK(unversioned({parse_source("core/network/a.cpp", asks)}).size() == 1);
  CHECK(unversioned({parse_source("core/network/a.cpp", "#include <torch/version.h>\n" + asks)}).empty());
}
