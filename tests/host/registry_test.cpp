// Finding plugins by their stamps, loading them on first use, and the errors of both.
#include <sys/stat.h>

#include <algorithm>
#include <cfenv>
#include <csignal>
#include <filesystem>
#include <memory>
#include <sstream>
#include <string>

#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/host/boundary.hpp"
#include "core/host/registry.hpp"
#include "tests/host/plugin_folder.hpp"
#include "tests/support/testing.hpp"
#include "tests/support/text.hpp"

using namespace taskonomy;
using tests::message_of;
using tests::photos;
using tests::PluginFolder;

namespace {

host::SearchOptions only(std::vector<std::filesystem::path> folders) {
  host::SearchOptions options;
  options.plugin_dirs = std::move(folders);
  options.standard_places = false;
  return options;
}

using taskonomy::tests::has;

}  // namespace

TEST_CASE("a good plugin is listed by its stamp and made on demand") {
  const PluginFolder folder;
  folder.add_good();
  host::PluginRegistry registry(only({folder.path()}));
  const auto tasks = registry.entries(host::Kind::task);
  REQUIRE(tasks.size() == 1);
  CHECK(tasks[0].id == "fixture_good");
  CHECK(tasks[0].summary == "A task that does all it promises");
  CHECK(tasks[0].version == "1.0.0");
  CHECK(tasks[0].notes.empty());
  CHECK(registry.entries(host::Kind::dataset).empty());
  CHECK(registry.refused().empty());

  const auto task = registry.create_task("fixture_good", {{"scale", {2.0, "recipe.toml:9"}}}, photos(), 32);
  CHECK(task->info().id == "fixture_good");
  CHECK(task->info().target.high == 2.0);
}

TEST_CASE("a task outlives its registry") {
  const PluginFolder folder;
  folder.add_good();
  std::shared_ptr<sdk::Task> task;
  {
    host::PluginRegistry registry(only({folder.path()}));
    task = registry.create_task("fixture_good", {}, photos(), 32);
  }
  sdk::Sample sample{"one", {{"rgb", torch::full({1, 3, 4, 4}, 255, torch::kUInt8)}}};
  auto generator = at::detail::createCPUGenerator(1);
  CHECK(task->make_example(sample, generator).target.min().item<double>() == doctest::Approx(1.0));
}

TEST_CASE("a parameter that nobody reads is refused with its place and the nearest key") {
  const PluginFolder folder;
  folder.add_good();
  host::PluginRegistry registry(only({folder.path()}));
  const auto create = [&](const recipe::Table& params) {
    return message_of([&] { (void)registry.create_task("fixture_good", params, photos(), 32); });
  };
  CHECK(create({{"scal", {2.0, "recipe.toml:14"}}}) ==
        "recipe.toml:14: task \"fixture_good\": unknown key \"scal\"; did you mean \"scale\"?");
  CHECK(create({{"colour", {true, "--set"}}}) ==
        "--set: task \"fixture_good\": unknown key \"colour\"; known keys: scale");
  CHECK(create({{"scale", {std::string("big"), "recipe.toml:15"}}}) ==
        "recipe.toml:15: task \"fixture_good\": scale: expected a number from 0.1 to 10, got \"big\"");
}

TEST_CASE("an unknown id names near ids, the known ones and the folders searched") {
  const PluginFolder folder;
  folder.add_good();
  host::PluginRegistry registry(only({folder.path()}));
  const auto message = message_of([&] { (void)registry.create_task("fixture_god", {}, photos(), 32); });
  CHECK(has(message, "unknown task \"fixture_god\"; did you mean \"fixture_good\"?"));
  CHECK(has(message, folder.path().string() + " (--plugin-dir)"));
  // A task is no dataset.
  CHECK(has(message_of([&] { (void)registry.create_dataset("fixture_good", {}, 32, 1); }),
            "unknown dataset \"fixture_good\""));
}

TEST_CASE("what a constructor throws arrives as text") {
  const PluginFolder folder;
  folder.add("fixture_constructor");
  host::PluginRegistry registry(only({folder.path()}));
  CHECK(message_of([&] { (void)registry.create_task("fixture_constructor", {}, photos(), 32); }) ==
        "task \"fixture_constructor\": cannot be created: needs a licence file");
}

TEST_CASE("what a method throws passes the boundary as an Error that names task and method") {
  const PluginFolder folder;
  folder.add("fixture_throws");
  host::PluginRegistry registry(only({folder.path()}));
  const auto task = registry.create_task("fixture_throws", {}, photos(), 32);
  const sdk::Sample sample{"room_3/7", {}};
  auto generator = at::detail::createCPUGenerator(1);
  CHECK(message_of([&] {
          (void)host::call_task("fixture_throws", "make_example",
                                [&] { return task->make_example(sample, generator); });
        }) == "task \"fixture_throws\": make_example: no label for sample room_3/7");
  // LibTorch's own errors come without their stack traces.
  const auto torch_error = message_of([&] {
    host::call_task("x", "loss", [] { (void)(torch::ones({2, 3}) + torch::ones({4})); });
  });
  CHECK(has(torch_error, "task \"x\": loss: The size of tensor"));
  CHECK_FALSE(has(torch_error, "frame #"));
  CHECK(message_of([] { host::call_task("x", "loss", [] { throw 7; }); }) ==
        "task \"x\": loss: threw something that is not a std::exception");
}

TEST_CASE("the first folder wins, the other is listed as shadowed") {
  const PluginFolder first, second;
  first.add_good();
  second.add_good();
  auto options = only({first.path()});
  options.recipe_dirs = {second.path().string()};
  host::PluginRegistry registry(options);
  REQUIRE(registry.entries(host::Kind::task).size() == 1);
  CHECK(registry.find(host::Kind::task, "fixture_good").path.parent_path() == first.path());
  REQUIRE(registry.shadowed().size() == 1);
  CHECK(registry.shadowed()[0].path.parent_path() == second.path());
}

TEST_CASE("one id in two folders of --plugin-dir is refused with both files") {
  const PluginFolder first, second, third;
  for (const auto* folder : {&first, &second, &third}) folder->add_good();
  auto options = only({first.path(), second.path()});
  options.recipe_dirs = {third.path().string()};
  host::PluginRegistry registry(options);
  CHECK(registry.entries(host::Kind::task).empty());
  const auto message = message_of([&] { (void)registry.find(host::Kind::task, "fixture_good"); });
  CHECK(has(message, "TX1010"));
  CHECK(has(message, first.path().string()));
  CHECK(has(message, second.path().string()));
}

TEST_CASE("a refused file ends the search for its id, whatever a later folder holds") {
  const PluginFolder first, second;
  first.write("taskonomy_task_fixture_good.so", tests::good_plugin().substr(0, 5000));
  second.add_good();
  host::PluginRegistry registry(only({first.path(), second.path()}));
  CHECK(registry.entries(host::Kind::task).empty());
  CHECK(has(message_of([&] { (void)registry.find(host::Kind::task, "fixture_good"); }),
            "task \"fixture_good\": TX1000: plugin not loaded: " + first.path().string()));
  // In the other order the good one is found first and the broken one is only listed.
  host::PluginRegistry other(only({second.path(), first.path()}));
  CHECK(other.find(host::Kind::task, "fixture_good").path.parent_path() == second.path());
  REQUIRE(other.refused().size() == 1);
  CHECK(other.refused()[0].line().find('\n') == std::string::npos);
}

TEST_CASE("folders that are named must exist, and nobody else may write in them") {
  const PluginFolder folder;
  CHECK(has(message_of([&] { host::PluginRegistry registry(only({folder.path() / "none"})); }),
            "does not exist"));
  folder.add_good();
  ::chmod(folder.path().c_str(), 0777);
  CHECK(has(message_of([&] { host::PluginRegistry registry(only({folder.path()})); }), "TX1008"));
  // The same folder named by nobody in particular is one refusal, and its plugins are not used.
  ::setenv("TASKONOMY_PLUGIN_PATH", folder.path().c_str(), 1);
  host::PluginRegistry registry{host::SearchOptions{}};
  ::unsetenv("TASKONOMY_PLUGIN_PATH");
  ::chmod(folder.path().c_str(), 0755);
  REQUIRE(!registry.refused().empty());
  CHECK(registry.refused()[0].code == 1008);
  CHECK(has(message_of([&] { (void)registry.find(host::Kind::task, "fixture_good"); }), "refused: TX1008"));
}

TEST_CASE("the current folder is never searched, under whatever name, unless --plugin-dir names it") {
  const PluginFolder here;
  here.add_good();
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(here.path());
  const auto found = [](const host::SearchOptions& options) {
    return host::PluginRegistry(options).entries(host::Kind::task);
  };
  const auto has_good = [&](const host::SearchOptions& options) {
    const auto tasks = found(options);
    return std::any_of(tasks.begin(), tasks.end(),
                       [](const auto& task) { return task.id == "fixture_good"; });
  };
  CHECK_FALSE(has_good({}));
  for (const char* relative : {".", "", ":", "./", "../", "lib"}) {
    ::setenv("TASKONOMY_PLUGIN_PATH", relative, 1);
    ::setenv("XDG_DATA_HOME", relative, 1);
    CHECK_MESSAGE(!has_good({}), relative);
  }
  ::unsetenv("TASKONOMY_PLUGIN_PATH");
  ::unsetenv("XDG_DATA_HOME");
  host::SearchOptions named;
  named.plugin_dirs = {"."};
  CHECK(has_good(named));
  std::filesystem::current_path(before);
}

TEST_CASE("a folder whose parent anybody may write is refused, unless only owners may remove what is in it") {
  const PluginFolder outer;
  const auto inner = outer.path() / "plugins";
  std::filesystem::create_directory(inner);
  ::chmod(outer.path().c_str(), 0777);
  const auto message = message_of([&] { host::PluginRegistry registry(only({inner})); });
  CHECK_MESSAGE(has(message, "TX1008"), message);
  CHECK_MESSAGE(has(message, "chmod o-w " + outer.path().string()), message);
  ::chmod(outer.path().c_str(), 01777);
  CHECK(message_of([&] { host::PluginRegistry registry(only({inner})); }).empty());
}

TEST_CASE("a link into a folder that anybody may write is refused") {
  const PluginFolder folder, open;
  open.add_good();
  const std::string file = "taskonomy_task_fixture_good.so";
  std::filesystem::create_symlink(open.path() / file, folder.path() / file);
  CHECK(host::PluginRegistry(only({folder.path()})).entries(host::Kind::task).size() == 1);
  for (const mode_t mode : {0777, 01777}) {
    ::chmod(open.path().c_str(), mode);
    const host::PluginRegistry registry(only({folder.path()}));
    CHECK(registry.entries(host::Kind::task).empty());
    REQUIRE(registry.refused().size() == 1);
    CHECK(registry.refused()[0].code == 1008);
    CHECK(has(registry.refused()[0].text, open.path().string()));
  }
}

TEST_CASE("a file that anybody may write is refused, however its folder is kept") {
  const PluginFolder folder;
  folder.add_good();
  ::chmod((folder.path() / "taskonomy_task_fixture_good.so").c_str(), 0666);
  host::PluginRegistry registry(only({folder.path()}));
  CHECK(registry.entries(host::Kind::task).empty());
  const auto message = message_of([&] { (void)registry.create_task("fixture_good", {}, photos(), 32); });
  CHECK_MESSAGE(has(message, "task \"fixture_good\": TX1008: plugin not loaded: "), message);
  CHECK(has(message, "chmod o-w"));
}

TEST_CASE("what a plugin does to the process while it is made ends there") {
  const PluginFolder folder;
  folder.add("fixture_globals");
  host::PluginRegistry registry(only({folder.path()}));
  torch::manual_seed(3);
  const auto drawn = [] { return torch::rand({4}); };
  const auto expected = drawn();
  torch::manual_seed(3);
  const auto threads = torch::get_num_threads();
  const auto before = std::filesystem::current_path();
  struct sigaction handler_before {};
  ::sigaction(SIGTERM, nullptr, &handler_before);
  const auto task = registry.create_task("fixture_globals", {}, photos(), 32);
  CHECK(torch::equal(drawn(), expected));
  CHECK(torch::get_num_threads() == threads);
  CHECK(torch::get_default_dtype() == caffe2::TypeMeta::Make<float>());
  CHECK(torch::GradMode::is_enabled());
  CHECK(at::globalContext().userEnabledMkldnn());
  CHECK(std::fegetround() == FE_TONEAREST);
  CHECK(std::filesystem::current_path() == before);
  std::ostringstream text;
  text << 0.5;
  CHECK(text.str() == "0.5");
  struct sigaction handler {};
  ::sigaction(SIGTERM, nullptr, &handler);
  CHECK((handler.sa_handler == handler_before.sa_handler));
  const mode_t mask = ::umask(022);
  ::umask(mask);
  CHECK(mask != 077);
}

TEST_CASE("folders are searched in the documented order") {
  const PluginFolder option, environment, recipe, user;
  host::SearchOptions options;
  options.plugin_dirs = {option.path()};
  options.recipe_dirs = {recipe.path().filename().string()};
  options.recipe_folder = recipe.path().parent_path();
  ::setenv("TASKONOMY_PLUGIN_PATH", environment.path().c_str(), 1);
  ::setenv("XDG_DATA_HOME", user.path().c_str(), 1);
  const auto folders = host::search_folders(options, host::own_facts());
  ::unsetenv("TASKONOMY_PLUGIN_PATH");
  ::unsetenv("XDG_DATA_HOME");
  REQUIRE(folders.size() == 7);
  CHECK(folders[0].path == option.path());
  CHECK(folders[1].path == environment.path());
  CHECK(folders[2].path == recipe.path());
  CHECK(folders[3].path == user.path() / "taskonomy/plugins" / host::abi_name(host::host_stamp()));
  CHECK(folders[4].path == std::filesystem::path(TASKONOMY_BINARY_DIR) / "lib/taskonomy");
  CHECK(folders[5].path == "/usr/local/lib/taskonomy");
}
