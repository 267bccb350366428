// The trial of a plugin in a child process: whatever it does there, this process goes on and names it.
#include "core/host/trial.hpp"

#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include "core/base/error.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;

namespace {

const std::string kTried = "task \"x\" (/plugins/x.so)";

/// What a trial says of this; "" when it has no objection.
std::string verdict_of_trial(const std::function<std::shared_ptr<void>()>& make,
                             const host::TrialLimit& limit = {}) {
  try {
    host::try_in_child(kTried, limit, make);
    return "";
  } catch (const base::Error& error) {
    return error.what();
  }
}

/// An object whose destructor does this.
std::shared_ptr<void> destroyed_by(void (*destroy)(int*)) { return {new int(1), destroy}; }

}  // namespace

TEST_CASE(
    "a trial has no objection to what is made and destroyed, nor to an exception, and changes nothing here") {
  static int made = 0;
  CHECK(verdict_of_trial([] { return std::make_shared<int>(++made); }).empty());
  CHECK(made == 0);
  CHECK(verdict_of_trial([]() -> std::shared_ptr<void> {
          throw std::runtime_error("needs a licence file");
        }).empty());
}

TEST_CASE("exit(), crashes and closed descriptors of a trial are told with the plugin's name") {
  const std::string cure = "; leave it out, or mend it: taskonomy tasks check shows how it fails";
  const auto leaves = [](void (*leave)()) {
    return [leave]() -> std::shared_ptr<void> {
      leave();
      return nullptr;
    };
  };
  CHECK(verdict_of_trial(leaves([] { std::exit(0); })) ==
        kTried + " ended the process with exit code 0 while it was loaded or made" + cure);
  CHECK(verdict_of_trial(leaves([] { ::_exit(5); })) ==
        kTried + " ended the process with exit code 5 while it was loaded or made" + cure);
  CHECK(verdict_of_trial(leaves([] { ::raise(SIGSEGV); })) ==
        kTried + " crashed with SIGSEGV while it was loaded or made" + cure);
  CHECK(verdict_of_trial(leaves([] { ::close_range(3, ~0U, 0); })) ==
        kTried + " closed files and pipes that were not its own while it was loaded or made" + cure);
  CHECK(verdict_of_trial([] { return destroyed_by([](int*) { std::abort(); }); }) ==
        kTried + " crashed with SIGABRT while it was destroyed" + cure);
}

TEST_CASE("a trial that computes or sleeps for ever is stopped, while it is made or destroyed") {
  const host::TrialLimit short_work{0.2, 60.0}, short_sleep{60.0, 0.3};
  const auto spin = [] {
    for (volatile unsigned turns = 0;;) turns = turns + 1;
  };
  CHECK(verdict_of_trial([&]() -> std::shared_ptr<void> { return spin(), nullptr; }, short_work)
            .find(kTried + " was not made in time") == 0);
  CHECK(verdict_of_trial(
            []() -> std::shared_ptr<void> {
              for (;;) ::pause();
            },
            short_sleep)
            .find(kTried + " was not made in time") == 0);
  CHECK(verdict_of_trial(
            [] {
              return destroyed_by([](int*) {
                for (;;) ::pause();
              });
            },
            short_sleep)
            .find(kTried + " was not destroyed in time") == 0);
}
