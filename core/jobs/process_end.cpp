#include "core/jobs/process_end.hpp"

#include <sys/wait.h>

#include <csignal>
#include <cstring>

namespace taskonomy::jobs {

std::string end_in_words(int status) {
  if (WIFSIGNALED(status)) {
    const int signal = WTERMSIG(status);
    const char* name = ::sigabbrev_np(signal);
    const std::string text = name != nullptr ? "SIG" + std::string(name) : "signal " + std::to_string(signal);
    std::string words = "crashed with " + text + " (" + ::strsignal(signal) + ")";
    if (signal == SIGKILL) words += "; out of memory?";
    return words;
  }
  return "ended with exit code " + std::to_string(WEXITSTATUS(status));
}

}  // namespace taskonomy::jobs
