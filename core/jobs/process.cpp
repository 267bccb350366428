// Reads /proc/PID/status, /proc/PID/stat and /proc/PID/task/*/children (proc(5)); posix_spawn and pipes.
#include "core/jobs/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "core/base/error.hpp"
#include "core/base/text.hpp"
#include "core/jobs/environment.hpp"

namespace taskonomy::jobs {

namespace {

namespace fs = std::filesystem;

fs::path folder_of(pid_t process) { return fs::path("/proc") / std::to_string(process); }

/// Fields utime, stime, cutime and cstime of /proc/PID/stat: of the process and of its children that it waited for.
double processor_seconds_of(pid_t process) {
  std::ifstream stat(folder_of(process) / "stat");
  std::string text;
  std::getline(stat, text, '\0');
  const auto name_end = text.rfind(')');  // the name of the program may hold anything
  if (name_end == std::string::npos) return 0.0;
  std::istringstream fields(text.substr(name_end + 1));
  constexpr int kBefore = 11;  // fields between the name and utime
  std::string skipped;
  for (int field = 0; field < kBefore; ++field) fields >> skipped;
  double user = 0.0, system = 0.0, children_user = 0.0, children_system = 0.0;  // ticks
  fields >> user >> system >> children_user >> children_system;
  return (user + system + children_user + children_system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

/// The process itself, without its children that live.
ProcessUsage own_usage(pid_t process) {
  ProcessUsage usage;
  std::ifstream status(folder_of(process) / "status");
  for (std::string key, rest; status >> key && std::getline(status, rest);) {
    if (key == "RssAnon:" || key == "RssShmem:" || key == "VmSwap:")
      usage.memory += std::strtoull(rest.c_str(), nullptr, 10) * 1024;  // "  1234 kB"
    if (key == "Threads:") usage.threads = std::strtoull(rest.c_str(), nullptr, 10);
  }
  usage.processor_seconds = processor_seconds_of(process);
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

constexpr std::size_t kLongestLine = 1 << 20;  // a plugin that prints without end must not fill our memory

[[noreturn]] void fail(const std::string& doing, int cause) {
  throw base::Error("cannot " + doing + ": " + std::strerror(cause));
}

/// The variables of a new process: those that it finds, and `set` instead of or beside them.
std::vector<std::string> environment_of(Environment environment, const std::vector<std::string>& set) {
  std::vector<std::string> all;
  if (environment == Environment::plugins) {
    all = plugin_environment();
  } else {
    for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable)
      all.emplace_back(*variable);
  }
  for (const std::string& variable : set) {
    const std::string beginning = variable.substr(0, variable.find('=') + 1);
    std::erase_if(all, [&](const std::string& other) { return other.starts_with(beginning); });
    all.push_back(variable);
  }
  return all;
}

void close_both(const int (&ends)[2]) {
  for (const int end : ends)
    if (end >= 0) ::close(end);
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
    const ProcessUsage own = own_usage(child);
    usage.memory += own.memory;
    usage.processor_seconds += own.processor_seconds;
    for (const pid_t grandchild : children_of(child)) open.push_back(grandchild);
  }
  return usage;
}

double TimeLimit::clock_seconds() const {
  constexpr double kTimes = 10.0, kMostBeyond = 24 * 3600.0;
  return std::min(kTimes * processor_seconds, processor_seconds + kMostBeyond);
}

std::optional<std::string> TimeLimit::exceeded_by(double processor, double clock) const {
  // base::duration() rounds to whole seconds.
  const auto text = [](double seconds) {
    return seconds < 10.0 ? base::number(std::round(100.0 * seconds) / 100.0) + " s"
                          : base::duration(seconds);
  };
  if (processor >= processor_seconds)
    return "took more than " + text(processor_seconds) + " of processor time and was stopped";
  if (clock >= clock_seconds())
    return "did not end within " + text(clock_seconds()) + " (" + text(processor) +
           " of them at work) and was stopped";
  return std::nullopt;
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

pid_t start_process(const std::vector<std::string>& command, const StandardFiles& files,
                    Environment environment, const std::vector<std::string>& variables) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawnattr_init(&attributes);
  ::posix_spawn_file_actions_adddup2(&actions, files.input, STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, files.output, STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, files.errors, STDERR_FILENO);
  sigset_t none, usual;
  ::sigemptyset(&none);
  ::sigemptyset(&usual);
  for (const int signal : {SIGINT, SIGTERM, SIGPIPE}) ::sigaddset(&usual, signal);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setsigdefault(&attributes, &usual);
  ::posix_spawnattr_setpgroup(&attributes, 0);
  ::posix_spawnattr_setflags(&attributes,
                             POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const std::vector<std::string> all = environment_of(environment, variables);
  std::vector<char*> passed;
  for (const std::string& variable : all) passed.push_back(const_cast<char*>(variable.c_str()));
  passed.push_back(nullptr);
  pid_t pid = -1;
  const int cause =
      ::posix_spawn(&pid, command.front().c_str(), &actions, &attributes, arguments.data(), passed.data());
  ::posix_spawn_file_actions_destroy(&actions);
  ::posix_spawnattr_destroy(&attributes);
  if (cause != 0) fail("start " + command.front(), cause);
  return pid;
}

WorkerProcess::WorkerProcess(const std::vector<std::string>& command,
                             const std::vector<std::string>& variables) {
  int input[2] = {-1, -1}, output[2] = {-1, -1}, errors[2] = {-1, -1};
  // A socket for the orders: writing to a dead worker then gives an error instead of SIGPIPE.
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, input) != 0 || ::pipe2(output, O_CLOEXEC) != 0 ||
      ::pipe2(errors, O_CLOEXEC) != 0) {
    const int cause = errno;
    for (const auto* ends : {&input, &output, &errors}) close_both(*ends);
    fail("open pipes for a worker", cause);
  }
  try {
    pid_ = start_process(command, {input[1], output[1], errors[1]}, Environment::plugins, variables);
  } catch (...) {
    for (const auto* ends : {&input, &output, &errors}) close_both(*ends);
    throw;
  }
  ::close(input[1]);
  ::close(output[1]);
  ::close(errors[1]);
  input_ = input[0];
  output_.descriptor = output[0];
  errors_.descriptor = errors[0];
  for (const int descriptor : {output[0], errors[0]}) ::fcntl(descriptor, F_SETFL, O_NONBLOCK);
}

WorkerProcess::~WorkerProcess() {
  kill();
  if (!ended_) {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
  }
  for (const int descriptor : {input_, output_.descriptor, errors_.descriptor})
    if (descriptor >= 0) ::close(descriptor);
}

bool WorkerProcess::send(const std::string& line) const {
  const std::string text = line + "\n";
  std::size_t sent = 0;
  while (sent < text.size()) {
    const ssize_t count = ::send(input_, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    sent += static_cast<std::size_t>(count);
  }
  return true;
}

void WorkerProcess::kill() const {
  // The group outlives its leader while a child of a plugin does, so it is ended even when the worker is
  // gone.
  if (::kill(-pid_, SIGKILL) != 0 && !ended_) ::kill(pid_, SIGKILL);
}

std::optional<std::string> WorkerProcess::ended() {
  if (ended_) return ended_;
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) == pid_) ended_ = end_in_words(status);
  return ended_;
}

std::vector<std::string> WorkerProcess::Stream::lines() {
  std::vector<std::string> result;
  char buffer[65536];
  // A bounded number of reads: a worker that prints faster than we read must not keep the host from the
  // others.
  for (int reads = 0; descriptor >= 0 && reads < 16; ++reads) {
    const ssize_t count = ::read(descriptor, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) break;
    if (count == 0) {
      ::close(descriptor);
      descriptor = -1;
      if (!pending.empty()) result.push_back(std::move(pending));
      pending.clear();
      break;
    }
    pending.append(buffer, static_cast<std::size_t>(count));
    std::size_t begin = 0;
    for (std::size_t end = pending.find('\n'); end != std::string::npos; end = pending.find('\n', begin)) {
      result.push_back(pending.substr(begin, end - begin));
      begin = end + 1;
    }
    pending.erase(0, begin);
    if (pending.size() > kLongestLine) {
      result.push_back(pending.substr(0, 1000) + " ...");
      pending.clear();
    }
  }
  return result;
}

}  // namespace taskonomy::jobs
