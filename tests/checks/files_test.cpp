// Files that no build makes: torn, foreign, renamed, or with a name in them changed. Each is a good plugin
// with a few bytes replaced.
#include "tests/checks/checked.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
using namespace taskonomy::tests;
using checks::Verdict;

namespace {

/// A report about the good fixture with its bytes changed.
checks::CheckReport checked_bytes(const std::string& bytes,
                                  const std::string& name = "taskonomy_task_fixture_good.so") {
  const PluginFolder folder;
  return checked(folder.write(name, bytes));
}

/// Whether no check of the group was tried.
bool all_skipped(const checks::CheckReport& report, const std::string& group) {
  for (const auto& result : report.results) {
    if (checks::group_of(result.check->id) == group && result.verdict != Verdict::skip) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("a torn file") {
  const auto report = checked_bytes(good_plugin().substr(0, good_plugin().size() / 2));
  CHECK(bad_of(report) == Texts{"FAIL file.elf"});
  CHECK(result_of(report, "file.elf").reason.find("TX1000") == 0);
  CHECK(all_skipped(report, "load"));
  CHECK(all_skipped(report, "manners"));
  for (const auto& result : report.results) CHECK((result.tried || result.reason == "file.elf did not pass"));
}

TEST_CASE("a file that everybody may write") {
  const PluginFolder folder;
  const auto file = folder.write("taskonomy_task_fixture_good.so", good_plugin());
  std::filesystem::permissions(file, std::filesystem::perms::others_write,
                               std::filesystem::perm_options::add);
  const auto report = checked(file);
  CHECK(bad_of(report) == Texts{"FAIL file.permissions"});
  CHECK(all_skipped(report, "load"));
}

TEST_CASE("no stamp, and a stamp of another LibTorch") {
  CHECK(bad_of(checked_bytes(patched(good_plugin(), "TXSTAMP", "XTSTAMP"))) == Texts{"FAIL file.stamp"});
  const std::string torch = "torch=" + host::host_stamp().at("torch");
  const auto report = checked_bytes(patched(good_plugin(), torch, "torch=9" + torch.substr(7)));
  CHECK(bad_of(report) == Texts{"FAIL file.stamp"});
  CHECK(result_of(report, "file.stamp").reason == "TX1003: differs: torch");
  CHECK(all_skipped(report, "load"));
}

TEST_CASE("a renamed file") {
  const auto report = checked_bytes(good_plugin(), "taskonomy_task_other.so");
  CHECK(bad_of(report) == Texts{"FAIL file.ids"});
}

TEST_CASE("a second LibTorch, and a needed library that is not there") {
  const auto second = checked_bytes(patched(good_plugin(), "libc10.so", "libc10_so"));
  CHECK(bad_of(second) == Texts{"FAIL file.one_torch"});
  const auto missing = checked_bytes(patched(good_plugin(), "libstdc++.so.6", "libstdc--.so.6"));
  CHECK(bad_of(missing) == Texts{"FAIL file.libraries"});
  CHECK(result_of(missing, "file.libraries").reason.find("libstdc--.so.6") != std::string::npos);
  CHECK(all_skipped(missing, "load"));
}

TEST_CASE("a symbol that nobody defines") {
  const auto report =
      checked_bytes(patched(good_plugin(), "_ZN9taskonomy3sdk4TaskD2Ev", "_ZN9taskonomy3sdk4TusKD2Ev"));
  CHECK(bad_of(report) == Texts{"FAIL load.opens"});
  CHECK(result_of(report, "load.opens").reason.find("_ZN9taskonomy3sdk4TusKD2Ev") != std::string::npos);
  CHECK(result_of(report, "manners.cwd").verdict == Verdict::skip);
}

TEST_CASE("whose name a mangled one is") {
  for (const char* name :
       {"_ZNSt6vectorIiSaIiEE9push_backERKi", "_ZTVSt9exception", "_ZGVNSt5ctypeIcE2idE",
        "_ZZNSt8__detail18__to_chars_10_implE", "_ZTISt9exception", "_ZNKSt5ctypeIcE8do_widenEc",
        "_ZNSs4swapERSs", "_ZN9__gnu_cxx18stdio_filebufIcED1Ev"})
    CHECK(host::is_of_std(name));
  for (const char* name : {"taskonomy_plugin", "_ZN5torch7LibraryC1Ev", "_ZTVN4task4StopE", "stray", "", "_Z",
                           "_ZN12StrayCounterIiE5countE"})
    CHECK_FALSE(host::is_of_std(name));
}
