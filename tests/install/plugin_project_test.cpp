// A plugin in a project of its own, built against the installed SDK; and LibTorch builds that must be
// refused.
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "tests/install/workshop.hpp"
#include "tests/support/testing.hpp"
#include "tests/support/text.hpp"

using namespace taskonomy::install_test;
namespace fs = std::filesystem;

namespace {

using taskonomy::tests::has;

/// cmake -S FOLDER -B FOLDER/build, as sdk.md and `sdk prefix --help` say.
Outcome configure(const std::string& folder, const std::string& more = "") {
  return shell("cmake -G Ninja -S " + folder + " -B " + folder + "/build -DCMAKE_PREFIX_PATH=\"$(" +
               program() + " sdk prefix)\" " + more);
}

/// The least that a project of a plugin can say.
const char* const kProject = R"(cmake_minimum_required(VERSION 3.25)
project(brightness LANGUAGES CXX)
find_package(Taskonomy 2 CONFIG REQUIRED)
taskonomy_add_task(brightness SOURCES brightness.cpp)
)";

const char* const kTask = R"(#include <taskonomy/sdk/modality.hpp>
#include <taskonomy/sdk/pixel_task.hpp>
#include <taskonomy/sdk/plugin.hpp>

namespace {
using namespace taskonomy;

class Brightness final : public sdk::PixelTask {
 public:
  explicit Brightness(const sdk::TaskContext&)
      : PixelTask(sdk::pixel_task_info("brightness", "Brightness", "2D", 1, -1.0, 1.0)) {}

  sdk::Example make_example(const sdk::Sample& sample, torch::Generator&) const override {
    sdk::Example example;
    example.target = sdk::scaled_rgb(sample).select(0, 0).mean(0, true);
    return example;
  }
};
}  // namespace

TASKONOMY_EXPORT_TASK(Brightness, "brightness", "How light each pixel is")
)";

/// Three classes that the export macro cannot take, in one file. Made by hand, because a file has one export.
const char* const kSlips = R"(#include <taskonomy/sdk/pixel_task.hpp>
#include <taskonomy/sdk/plugin.hpp>
using namespace taskonomy;

struct Unwritten : sdk::Task {
  explicit Unwritten(const sdk::TaskContext&) {}
};
struct Greedy : sdk::PixelTask {
  explicit Greedy(sdk::TaskContext&) : PixelTask({}) {}
  sdk::Example make_example(const sdk::Sample&, torch::Generator&) const override { return {}; }
};
struct Stranger {
  explicit Stranger(const sdk::TaskContext&) {}
};

template <typename Class>
sdk::Task* make(const sdk::TaskContext* context) {
  return sdk::plugin_entry::create<Class, sdk::Task, sdk::TaskContext>(context, nullptr);
}
sdk::Task* unwritten(const sdk::TaskContext* context) { return make<Unwritten>(context); }
sdk::Task* greedy(const sdk::TaskContext* context) { return make<Greedy>(context); }
sdk::Task* stranger(const sdk::TaskContext* context) { return make<Stranger>(context); }
)";

/// A folder that looks like another LibTorch to CMake: TorchConfig.cmake, a version and libraries.
struct OtherTorch {
  std::string version;
  std::string flags;
  std::string library;  ///< what lib/libtorch_cpu.so leads to
};
fs::path make_torch(const std::string& name, const OtherTorch& other) {
  write(name + "/include/torch/csrc/api/include/torch/version.h",
        "#define TORCH_VERSION \"" + other.version + "\"\n");
  write(name + "/lib/libc10.so", "");
  const fs::path library = write(name + "/lib/" + other.library, "");
  const fs::path linked = library.parent_path() / "libtorch_cpu.so";
  if (!fs::exists(linked)) fs::create_symlink(library.filename(), linked);
  return write(name + "/share/cmake/Torch/TorchConfig.cmake",
               "message(FATAL_ERROR \"nobody needs a CUDA toolkit\")\nset(TORCH_CXX_FLAGS \"" + other.flags +
                   "\")\n")
      .parent_path();
}

std::string info(const std::string& key) {
  return shell(program() + " sdk info --json | sed -n 's/^  \"" + key +
               "\": \"\\(.*\\)\",$/\\1/p' | tr -d '\\n'")
      .text;
}

/// What the build does after linking, for a CMake line that says `id`.
Outcome stamp_check(const std::string& id) {
  return shell("cmake -D KIND=task -D ID=" + id +
               " -D FILE=\"$PWD/brightness/build/lib/taskonomy/taskonomy_task_brightness.so\" -P '" +
               (moved_prefix() / "lib/cmake/Taskonomy/TaskonomyStampCheck.cmake").string() + "'");
}

}  // namespace

TEST_CASE("a project of four lines configures, builds, is listed, loaded and installed") {
  write("brightness/CMakeLists.txt", kProject);
  write("brightness/brightness.cpp", std::string("// Brightness: a page of \"its\" own.\n//\n") + kTask);
  const Outcome configured = configure("brightness");
  INFO(configured.text);
  REQUIRE(configured.code == 0);
  CHECK(has(shell("cat brightness/build/build.ninja").text, "-O3 -DNDEBUG"));  // no build type was asked for
  CHECK(has(shell("ctest --test-dir brightness/build -N").text, "taskonomy.check.brightness"));
  const Outcome built = shell("cmake --build brightness/build");
  INFO(built.text);
  REQUIRE(built.code == 0);

  const std::string folder = " --plugin-dir brightness/build/lib/taskonomy";
  CHECK(has(shell(program() + " tasks list" + folder).text, "How light each pixel is"));
  const std::string shown = shell(program() + " tasks show brightness" + folder).text;
  CHECK(shown.rfind("Brightness: a page of \"its\" own.\n", 0) == 0);
  CHECK(has(shown, "float32 [1,64,64] in -1..1"));
  CHECK(shell("cmake --install brightness/build --prefix brightness/installed").code == 0);
  CHECK(fs::exists(workshop() / "brightness/installed/lib/taskonomy/taskonomy_task_brightness.so"));

  CHECK(stamp_check("brightness").code == 0);
  const Outcome other = stamp_check("darkness");
  CHECK(other.code != 0);
  CHECK(has(other.text, "TASKONOMY_EXPORT_TASK(Class, \"darkness\""));
}

TEST_CASE("slips of a plugin's class are sentences of the compiler's") {
  std::string project = kProject;
  project.insert(project.find("taskonomy_add_task"), "add_compile_definitions(TX_TENSORS_ONLY)\n");
  write("slips/CMakeLists.txt", project);
  write("slips/brightness.cpp", kSlips);
  REQUIRE(configure("slips").code == 0);
  const Outcome built = shell("cmake --build slips/build");
  INFO(built.text);
  CHECK(built.code != 0);
  CHECK(has(built.text, "the exported class leaves a pure virtual function of its base to be written"));
  CHECK(has(built.text, "the exported class needs a public constructor that takes const sdk::TaskContext&"));
  CHECK(has(built.text, "the exported class derives from none of the SDK's bases"));
}

TEST_CASE("the projects of the gallery configure as they stand in an installation") {
  const std::string gallery = (moved_prefix() / "share/taskonomy/gallery").string();
  for (const auto& [folder, check] : std::vector<std::pair<std::string, std::string>>{
           {"own_metric", "inverse_depth"}, {"own_head", "nearer_view"}, {"own_modality", "gauge_reading"}}) {
    REQUIRE(shell("cp -r '" + gallery + "/" + folder + "' . && chmod -R u+w " + folder).code == 0);
    const Outcome outcome = configure(folder);
    INFO(outcome.text);
    CHECK(outcome.code == 0);
    CHECK(has(shell("ctest --test-dir " + folder + "/build -N").text, "taskonomy.check." + check));
  }
}

TEST_CASE("another LibTorch is refused when a plugin is configured: reason and cure") {
  write("refused/CMakeLists.txt", kProject);
  write("refused/brightness.cpp", kTask);
  const std::string ours = info("torch");
  REQUIRE_FALSE(ours.empty());
  const std::vector<std::pair<std::string, OtherTorch>> others{
      {"LibTorch 9.9.9", {"9.9.9", "", "libtorch_cpu.so"}},
      {"cxx11abi 0", {ours, "-D_GLIBCXX_USE_CXX11_ABI=0", "libtorch_cpu.so"}},
      {"libtorch_other.so", {ours, "", "libtorch_other.so"}}};
  for (const auto& [difference, other] : others) {
    const fs::path config = make_torch(difference, other);
    const Outcome outcome = configure("refused", "--fresh -DTorch_DIR='" + config.string() + "'");
    INFO(outcome.text);
    CHECK(outcome.code != 0);
    CHECK(has(outcome.text, difference));
    CHECK(has(outcome.text, "needs : LibTorch " + ours));
    CHECK(has(outcome.text, "fix   : cmake -S . -B build --fresh -DTorch_DIR="));
  }
  const fs::path bare = make_torch("bare", {ours, "", "libtorch_cpu.so"});
  fs::remove_all(workshop() / "bare/include/torch");
  CHECK(has(configure("refused", "--fresh -DTorch_DIR='" + bare.string() + "'").text, "has no headers"));
}

TEST_CASE("a project for another major of the SDK is refused when it is configured") {
  std::string project = kProject;
  project.replace(project.find("Taskonomy 2"), 11, "Taskonomy 1");
  write("earlier/CMakeLists.txt", project);
  const Outcome outcome = configure("earlier");
  INFO(outcome.text);
  CHECK(outcome.code != 0);
  CHECK(has(outcome.text, "requested version \"1\""));
  CHECK(has(outcome.text, "version: 2."));
}

TEST_CASE("no LibTorch, and a project without C++, are told apart") {
  const Outcome none = configure("refused", "--fresh -DTorch_DIR=/nowhere");
  CHECK(none.code != 0);
  CHECK(has(none.text, "There is no LibTorch here"));
  std::string c_only = kProject;
  c_only.replace(c_only.find("CXX"), 3, "C");
  write("plain_c/CMakeLists.txt", c_only);
  const Outcome plain = configure("plain_c");
  CHECK(plain.code != 0);
  CHECK(has(plain.text, "Plugins are C++"));
}
