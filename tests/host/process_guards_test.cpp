// A crash or a hang while a plugin is made ends the process with a line that names the plugin. Later crashes
// are not blamed on it.
#include "core/host/process_guards.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <functional>
#include <string>

#include "tests/support/testing.hpp"

using namespace taskonomy;

namespace {

/// How a process ended that did this, and what it said on standard error.
struct End {
  int status = 0;
  std::string said;
};

End end_of(const std::function<void()>& body) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    for (const int signal : {SIGSEGV, SIGABRT, SIGFPE, SIGILL, SIGBUS, SIGALRM})
      std::signal(signal, SIG_DFL);  // not those of the test program
    ::dup2(ends[1], STDERR_FILENO);
    body();
    ::_exit(7);
  }
  ::close(ends[1]);
  End end;
  char buffer[256];
  for (ssize_t count = 0; (count = ::read(ends[0], buffer, sizeof buffer)) > 0;)
    end.said.append(buffer, static_cast<std::size_t>(count));
  ::close(ends[0]);
  ::waitpid(child, &end.status, 0);
  return end;
}

const std::string kPlugin = "task \"x\" (/plugins/x.so)";

}  // namespace

TEST_CASE("every kind of crash while a plugin is made is told with its name, exit code 1") {
  for (const int signal : {SIGSEGV, SIGABRT, SIGFPE, SIGILL, SIGBUS}) {
    const End end = end_of([signal] {
      const host::CrashGuard note(kPlugin);
      ::raise(signal);
    });
    REQUIRE(WIFEXITED(end.status));
    CHECK(WEXITSTATUS(end.status) == 1);
    CHECK(end.said.rfind("error: " + kPlugin + " crashed with SIG" + ::sigabbrev_np(signal) +
                             " while it was loaded or made; leave it out",
                         0) == 0);
  }
}

TEST_CASE("one that is not made in time is stopped; one that is, and what comes after, is left alone") {
  const End late = end_of([] {
    const host::CrashGuard note(kPlugin, 1);
    for (;;) ::pause();
  });
  CHECK((WIFEXITED(late.status) && WEXITSTATUS(late.status) == 1));
  CHECK(late.said.rfind("error: " + kPlugin + " was not made in time and was stopped", 0) == 0);
  const End early = end_of([] {
    { const host::CrashGuard note(kPlugin, 100); }
    if (::alarm(0) != 0) ::_exit(1);  // it left its alarm behind
  });
  CHECK((WIFEXITED(early.status) && WEXITSTATUS(early.status) == 7));
  const End after = end_of([] {
    { const host::CrashGuard note(kPlugin); }
    ::raise(SIGABRT);
  });
  CHECK((WIFSIGNALED(after.status) && WTERMSIG(after.status) == SIGABRT));
  CHECK(after.said.empty());
}
