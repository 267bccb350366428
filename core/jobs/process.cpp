// Reads /proc/PID/status and /proc/PID/task/*/children (proc(5)).
#include "core/jobs/process.hpp"

#include <sys/resource.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace taskonomy::jobs {

namespace {

namespace fs = std::filesystem;

fs::path folder_of(pid_t process) { return fs::path("/proc") / std::to_string(process); }

/// The process itself, without its children.
ProcessUsage own_usage(pid_t process) {
  ProcessUsage usage;
  std::ifstream status(folder_of(process) / "status");
  for (std::string key, rest; status >> key && std::getline(status, rest);) {
    if (key == "RssAnon:" || key == "RssShmem:" || key == "VmSwap:")
      usage.memory += std::strtoull(rest.c_str(), nullptr, 10) * 1024;  // "  1234 kB"
    if (key == "Threads:") usage.threads = std::strtoull(rest.c_str(), nullptr, 10);
  }
  return usage;
}

std::vector<pid_t> children_of(pid_t process) {
  std::vector<pid_t> children;
  std::error_code error;
  for (fs::directory_iterator thread(folder_of(process) / "task", error), end; !error && thread != end;
       thread.increment(error)) {
    std::ifstream list(thread->path() / "children");
    for (pid_t child = 0; list >> child;) children.push_back(child);
  }
  return children;
}

}  // namespace

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

ProcessUsage usage_of(pid_t process) {
  ProcessUsage usage = own_usage(process);
  // A process tree can grow while it is read; a bound keeps one that forks without end from keeping us here.
  constexpr std::size_t kMostChildren = 1000;
  std::vector<pid_t> open = children_of(process);
  while (!open.empty() && usage.children < kMostChildren) {
    const pid_t child = open.back();
    open.pop_back();
    ++usage.children;
    usage.memory += own_usage(child).memory;
    for (const pid_t grandchild : children_of(child)) open.push_back(grandchild);
  }
  return usage;
}

void limit_own_memory(std::uint64_t bytes) {
  std::ifstream status("/proc/self/status");
  std::uint64_t data = 0;  // private and writable, touched or not: what RLIMIT_DATA counts
  for (std::string key, rest; status >> key && std::getline(status, rest);)
    if (key == "VmData:") data = std::strtoull(rest.c_str(), nullptr, 10) * 1024;
  rlimit limit{};
  if (::getrlimit(RLIMIT_DATA, &limit) != 0) return;
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, data + bytes);
  ::setrlimit(RLIMIT_DATA, &limit);
}

}  // namespace taskonomy::jobs
