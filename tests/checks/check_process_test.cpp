// A check in a process of its own: how each way of ending is told, and that nothing of it stays.
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "core/checks/check_process.hpp"
#include "core/host/stamp.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/testing.hpp"
#include "tests/support/text.hpp"

using namespace taskonomy::checks;
using taskonomy::tests::Folder;

namespace {

Ending ending_of(const std::function<Finding()>& body, double seconds = 20.0) {
  const Folder folder;
  CheckProcess process(body, {seconds, folder.path()});
  for (;;) {
    if (const auto ending = process.look()) return *ending;
    pollfd polled{process.finding_descriptor(), POLLIN, 0};
    ::poll(&polled, 1, 10);
  }
}

using taskonomy::tests::has;
bool sanitized() { return taskonomy::host::host_stamp().at("sanitizer") != "none"; }

}  // namespace

TEST_CASE("a finding comes back whole, and what was printed beside it") {
  const std::string reason = "a long reason, " + std::string(10000, 'x') + "\nwith two lines";
  const auto ending = ending_of([&] {
    std::puts("to standard output");
    std::fputs("to standard error\n", stderr);
    return Finding{Outcome::warn, reason};
  });
  CHECK(ending.verdict == Verdict::warn);
  CHECK(ending.reason == reason);
  CHECK(has(ending.output, "to standard output"));
  CHECK(has(ending.output, "to standard error"));
  CHECK(ending_of([] { return Finding{Outcome::pass, ""}; }).verdict == Verdict::pass);
  CHECK(ending_of([] { return Finding{Outcome::skip, "why"}; }).verdict == Verdict::skip);
}

TEST_CASE("a crash names its signal, an exit its code") {
  const auto crash = ending_of([]() -> Finding {
    *static_cast<volatile int*>(nullptr) = 1;
    return {};
  });
  CHECK(crash.verdict == Verdict::crash);
  if (!sanitized()) CHECK(has(crash.reason, "SIGSEGV"));
  const auto aborted = ending_of([]() -> Finding { std::abort(); });
  CHECK(aborted.verdict == Verdict::crash);
  if (!sanitized()) CHECK(has(aborted.reason, "SIGABRT"));
  const auto left = ending_of([]() -> Finding { ::_exit(0); });
  CHECK(left.verdict == Verdict::crash);
  CHECK(has(left.reason, "ended with exit code 0"));
}

TEST_CASE("a hang is stopped, with the processes that it started") {
  const Folder folder;
  const auto note = folder / "child";
  const auto ending = ending_of(
      [&]() -> Finding {
        const pid_t made = ::fork();
        if (made == 0)
          for (;;) ::pause();
        std::FILE* file = std::fopen(note.c_str(), "w");
        std::fprintf(file, "%d", static_cast<int>(made));
        std::fclose(file);
        for (volatile std::uint64_t turns = 0;;) turns = turns + 1;
      },
      0.5);
  CHECK(ending.verdict == Verdict::timeout);
  CHECK(ending.reason == "took more than 0.5 s of processor time and was stopped");
  int child = 0;
  std::FILE* file = std::fopen(note.c_str(), "r");
  REQUIRE(file != nullptr);
  REQUIRE(std::fscanf(file, "%d", &child) == 1);
  std::fclose(file);
  // Killed with its group; whoever inherits it may take a moment to bury it.
  CHECK(taskonomy::tests::eventually([&] {
    std::FILE* status = std::fopen(("/proc/" + std::to_string(child) + "/stat").c_str(), "r");
    char letter = 'X';
    if (status == nullptr) return true;
    (void)!std::fscanf(status, "%*d %*s %c", &letter);
    std::fclose(status);
    return letter == 'X' || letter == 'Z';
  }));
}

TEST_CASE("one that waits for ever is stopped by the clock, after ten times its limit") {
  const auto ending = ending_of(
      []() -> Finding {
        for (;;) ::pause();
      },
      0.2);
  CHECK(ending.verdict == Verdict::timeout);
  CHECK(ending.reason.rfind("did not end within 2 s (0", 0) == 0);
}

TEST_CASE("who prints without end is cut short, keeping the last of it") {
  const auto ending = ending_of([] {
    for (int line = 0; line < 100000; ++line) std::printf("line %d\n", line);
    return Finding{Outcome::pass, ""};
  });
  CHECK(ending.verdict == Verdict::pass);
  CHECK(ending.output.size() < 20000);
  CHECK(has(ending.output, "line 99999\n"));
}

TEST_CASE("memory without end is refused to it, not to the machine") {
  if (sanitized()) return;
  const auto ending = ending_of([]() -> Finding {
    try {
      for (;;) {
        auto* block = new char[std::size_t{1} << 28];
        block[0] = 1;
      }
    } catch (const std::bad_alloc&) {
      return {Outcome::fail, "refused"};
    }
  });
  CHECK(ending.verdict == Verdict::fail);
  CHECK(ending.reason == "refused");
}

TEST_CASE("it lives in its own folder, which is its home, too") {
  const Folder folder;
  CheckProcess process(
      [] {
        const char* home = std::getenv("HOME");
        return Finding{Outcome::pass, std::filesystem::current_path().string() + " " + home};
      },
      {20.0, folder.path()});
  for (;;) {
    const auto ending = process.look();
    if (!ending) continue;
    CHECK(ending->reason == folder.path().string() + " " + folder.path().string());
    break;
  }
}
