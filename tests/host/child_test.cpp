// What plugins do in a copy of this process: whatever it is, this process goes on and names them.
#include "core/host/child.hpp"

#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include "core/base/error.hpp"
#include "core/host/boundary.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;

namespace {

const std::string kTried = "task \"x\" (/plugins/x.so)";
const std::string kCure = "; leave it out, or mend it: taskonomy tasks check shows how it fails";

/// What is said of a plugin that is made so, or its answer.
std::string answer_of(const std::function<std::shared_ptr<void>()>& make,
                      const host::ChildLimit& limit = {}) {
  try {
    return host::ask_in_child(kTried, limit, [&]() -> host::Made { return {make(), "answer"}; });
  } catch (const base::Error& error) {
    return error.what();
  }
}

/// An object whose destructor does this.
std::shared_ptr<void> destroyed_by(void (*destroy)(int*)) { return {new int(1), destroy}; }

std::function<std::shared_ptr<void>()> making(void (*act)()) {
  return [act]() -> std::shared_ptr<void> {
    act();
    return nullptr;
  };
}

void spin() {
  for (volatile unsigned turns = 0;;) turns = turns + 1;
}

void wait_for_ever() {
  for (;;) ::pause();
}

/// What is said here of a command that does this in the middle of a call into a plugin.
std::string end_of_command(void (*act)()) {
  const pid_t here = ::getpid();
  try {
    const auto code = host::go_on_in_child([&] {
      host::call_task("x", "make_example", act);
      return base::ExitCode::infeasible;
    });
    if (::getpid() != here) ::_exit(static_cast<int>(code));  // as the program does
    return std::to_string(static_cast<int>(code));
  } catch (const base::Error& error) {
    if (::getpid() != here) ::_exit(1);
    return error.what();
  }
}

}  // namespace

TEST_CASE("a child answers, what it made is destroyed there, and nothing changes here") {
  static int made = 0;
  CHECK(answer_of([] { return std::make_shared<int>(++made); }) == "answer");
  CHECK(made == 0);
}

TEST_CASE("what a plugin throws in a child is thrown here, and is no fault of the process") {
  const auto ask = [] {
    return host::ask_in_child(kTried, {},
                              []() -> host::Made { throw std::runtime_error("needs a licence file"); });
  };
  CHECK_THROWS_WITH_AS((void)ask(), "needs a licence file", base::Error);
  try {
    (void)ask();
  } catch (const base::Error& error) {
    CHECK(dynamic_cast<const host::ChildFault*>(&error) == nullptr);
  }
}

TEST_CASE("answers of any length and content come back") {
  const std::string long_one = std::string(1'000'000, 'x') + std::string(1, '\0') + "end";
  CHECK(host::ask_in_child(kTried, {}, [&]() -> host::Made { return {nullptr, long_one}; }) == long_one);
}

TEST_CASE("exit(), crashes and closed descriptors of a child are told with the plugin's name") {
  CHECK(answer_of(making([] { std::exit(0); })) ==
        kTried + " ended the process with exit code 0 while it was loaded or made" + kCure);
  CHECK(answer_of(making([] { ::_exit(5); })) ==
        kTried + " ended the process with exit code 5 while it was loaded or made" + kCure);
  CHECK(answer_of(making([] { ::raise(SIGSEGV); })) ==
        kTried + " crashed with SIGSEGV while it was loaded or made" + kCure);
  CHECK(answer_of(making([] { ::close_range(3, ~0U, 0); })) ==
        kTried + " closed files and pipes that were not its own while it was loaded or made" + kCure);
  CHECK(answer_of([] { return destroyed_by([](int*) { std::abort(); }); }) ==
        kTried + " crashed with SIGABRT while it was destroyed" + kCure);
}

TEST_CASE("a child that computes or sleeps for ever is stopped, while its plugin is made or destroyed") {
  const host::ChildLimit short_work{0.2, 60.0}, short_sleep{60.0, 0.3};
  CHECK(answer_of(making(spin), short_work).find(kTried + " was not made in time") == 0);
  CHECK(answer_of(making(wait_for_ever), short_sleep).find(kTried + " was not made in time") == 0);
  CHECK(answer_of([] { return destroyed_by([](int*) { wait_for_ever(); }); }, short_sleep)
            .find(kTried + " was not destroyed in time") == 0);
}

TEST_CASE("a command in a child ends here as it ends there, or with the plugin that ended it") {
  CHECK(end_of_command([] {}) == "3");
  CHECK(end_of_command([] { throw std::runtime_error("no label"); }) == "1");
  CHECK(end_of_command([] { std::exit(0); }) ==
        "task \"x\" ended the process with exit code 0 in make_example" + kCure);
  const auto crash = [] {
    std::signal(SIGSEGV, SIG_DFL);  // not the tests' own handler
    ::raise(SIGSEGV);
  };
  CHECK(end_of_command(crash) == "task \"x\" crashed with SIGSEGV in make_example" + kCure);
}
