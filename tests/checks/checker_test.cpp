// The checker finds each way in which a plugin can be broken as a file, while loading or as a guest, and only
// that. What is broken about a task's own promises is tried in tests/sdk/testing, check by check.
#include <algorithm>
#include <set>
#include <string>

#include "tests/checks/checked.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
using namespace taskonomy::tests;

namespace {

std::filesystem::path guest_file(const std::string& id) {
  return std::filesystem::path(TASKONOMY_BINARY_DIR) / "fixtures/bad_guests" /
         ("taskonomy_task_" + id + ".so");
}

/// All that is not about what the task computes.
checks::CheckOptions as_guest() {
  checks::CheckOptions options;
  options.only = {"file", "load", "manners", "spec"};
  options.at_once = 4;  // some of them sleep
  return options;
}

}  // namespace

TEST_CASE("a good plugin keeps everything") {
  const auto report = checked(fixture_file("fixture_good"));
  CHECK(bad_of(report) == Texts{});
  CHECK(report.kept());
  CHECK(report.id == "fixture_good");
  std::set<std::string> groups;
  for (const auto& result : report.results) groups.insert(checks::group_of(result.check->id));
  CHECK(groups == std::set<std::string>{"augment", "decoder", "file", "label", "load", "loss", "manners",
                                        "metrics", "spec"});
}

TEST_CASE("every check has an id of its group, a contract, a hint, and needs only what stands before it") {
  for (const auto kind : {host::Kind::task, host::Kind::dataset}) {
    std::set<std::string> before;
    for (const auto& check : checks::all_checks(kind)) {
      INFO(check.id);
      CHECK(check.id.size() > checks::group_of(check.id).size() + 1);
      CHECK(check.contract.size() > 20);
      CHECK(check.contract.back() != ' ');
      CHECK(check.hint.size() > 10);
      CHECK(check.run != nullptr);
      for (const auto& need : check.needs) CHECK(before.count(need) == 1);
      CHECK(before.insert(check.id).second);
    }
  }
}

TEST_CASE(
    "every task plugin of this house is a good file and a good guest; its promises are tests/plugins' "
    "matter") {
  std::size_t tried = 0;
  for (const auto& entry : std::filesystem::directory_iterator(TASKONOMY_BINARY_DIR "/lib/taskonomy")) {
    const std::string name = entry.path().filename();
    if (name.rfind("taskonomy_task_", 0) != 0 || entry.path().extension() != ".so") continue;
    INFO(name);
    CHECK(bad_of(checked(entry.path(), as_guest())) == Texts{});
    ++tried;
  }
  CHECK(tried >= 26);
}

TEST_CASE("each bad guest is found for what it does, and for nothing else") {
  const std::vector<std::pair<std::string, std::string>> guests{
      {"operators", "file.operators"},
      {"exports", "file.exports"},
      {"unique", "file.unique"},
      {"silent", "load.silent"},
      {"quick", "load.quick"},
      {"offers", "load.offers"},
      {"creates", "load.creates"},
      {"ids", "load.ids"},
      {"unknown_extension", "load.unknown_extension"},
      {"gives_back", "load.gives_back"},
      {"soon", "load.soon"},
      {"stdout", "manners.stdout"},
      {"stdin", "manners.stdin"},
      {"children", "manners.children"},
      {"environment", "manners.environment"},
      {"umask", "manners.umask"},
      {"files", "manners.files"},
      {"threads_left", "manners.threads_left"},
      {"growth", "manners.growth"},
      {"what", "manners.what"},
      {"dtype", "label.shape"},  // where it changes the type, and computes with it
      {"threads", "manners.threads"},
      {"rng", "manners.rng"},
      {"grad_mode", "manners.grad_mode"},
      {"locale", "manners.locale"},
      {"cwd", "manners.cwd"},
      {"signals", "manners.signals"},
      {"denormals", "manners.denormals"},
  };
  std::set<std::string> tried;
  for (const auto& guest : guests) {
    const std::string& check = guest.second;
    // The task's own promises are kept by all of them; asking again would take most of the time.
    auto options = as_guest();
    if (check == "load.soon") options.only = {check};  // its constructor would take long in each of them
    const auto report = checked(guest_file("broken_" + guest.first), options);
    INFO(guest.first);
    CHECK(bad_of(report) == Texts{(check == "load.soon" ? "WARN " : "FAIL ") + check});
    CHECK(result_of(report, check).reason.size() > 10);
    tried.insert(check);
  }
  // Those on the file are tried below; a changed type shows earlier.
  tried.insert("manners.dtype");
  for (const char* check : {"file.permissions", "file.elf", "file.stamp", "file.ids", "file.one_torch",
                            "file.libraries", "load.opens"})
    tried.insert(check);
  for (const auto& check : checks::all_checks()) {
    const auto group = checks::group_of(check.id);
    if (group == "file" || group == "load" || group == "manners") {
      INFO(check.id);
      CHECK(tried.count(check.id) == 1);
    }
  }
}

TEST_CASE("one cause is one line: what a task does in make_example stops all that needs an example") {
  for (const auto& [id, outcome] : std::vector<std::pair<std::string, std::string>>{
           {"throws", "FAIL label.shape"}, {"crash", "CRASH label.shape"}, {"abort", "CRASH label.shape"}}) {
    const auto report = checked(fixture_file("fixture_" + id));
    INFO(id);
    CHECK(bad_of(report) == Texts{outcome});
    CHECK(report.unchecked_groups().empty());
  }
}

TEST_CASE("what hangs ends with its limit, and all checks with theirs") {
  checks::CheckOptions options;
  options.total_limit = 1.0;
  options.only = {"label"};
  const auto report = checked(fixture_file("fixture_hang"), options);
  CHECK_FALSE(report.kept());
  for (const auto& line : bad_of(report)) CHECK(line.starts_with("TIMEOUT "));
  for (const auto& result : report.results)
    if (result.verdict == checks::Verdict::timeout)
      CHECK(result.reason.find(" of all checks together") != std::string::npos);
  CHECK_FALSE(result_of(report, "label.finite").tried);
}

TEST_CASE("a plugin whose file goes away meanwhile is one failure") {
  const tests::Folder folder;
  const auto path = folder / "taskonomy_task_fixture_good.so";
  std::filesystem::copy_file(fixture_file("fixture_good"), path);
  checks::CheckedPlugin plugin(path);
  checks::CheckOptions options;
  options.at_once = 1;
  options.on_result = [&](const checks::CheckResult& result) {
    if (result.check->id == "load.opens") std::filesystem::remove(path);
  };
  const auto report = checks::run_checks(plugin, options);
  CHECK(bad_of(report).size() == 1);
  CHECK_FALSE(report.kept());
  CHECK(report.results.back().reason.starts_with("the plugin's file was removed or changed during "));
}
