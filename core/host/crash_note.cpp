#include "core/host/crash_note.hpp"

#include <unistd.h>

#include <cstring>
#include <iterator>

namespace taskonomy::host {

namespace {

// A handler may call next to nothing, so all it says lies ready.
char beginning[1024];

void say(const char* text) {
  if (::write(STDERR_FILENO, text, std::strlen(text)) < 0) ::_exit(1);
}

extern "C" void tell_and_end(int signal) {
  const char* name = ::sigabbrev_np(signal);
  say(beginning);
  if (signal == SIGALRM) {
    say(" was not made in time and was stopped");
  } else {
    say(" crashed with SIG");
    say(name == nullptr ? "?" : name);
    say(" while it was loaded or made");
  }
  say("; leave it out, or mend it: taskonomy tasks check shows how it fails\n");
  ::_exit(1);
}

}  // namespace

CrashNote::CrashNote(const std::string& plugin, unsigned seconds) {
  const std::string text = "error: " + plugin;
  beginning[text.copy(beginning, sizeof beginning - 1)] = '\0';
  struct sigaction action {};
  action.sa_handler = tell_and_end;
  for (std::size_t i = 0; i < std::size(kSignals); ++i) ::sigaction(kSignals[i], &action, &before_[i]);
  if (seconds > 0) ::alarm(seconds);
}

CrashNote::~CrashNote() {
  ::alarm(0);
  for (std::size_t i = 0; i < std::size(kSignals); ++i) ::sigaction(kSignals[i], &before_[i], nullptr);
}

}  // namespace taskonomy::host
