#include "core/checks/check_process.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>

#include "core/base/error.hpp"
#include "core/base/text.hpp"
#include "core/host/stamp.hpp"
#include "core/jobs/process.hpp"

namespace taskonomy::checks {

namespace fs = std::filesystem;

namespace {

constexpr double kShortestSleep = 5.0;                     // seconds; checks themselves wait for a second
constexpr std::size_t kKept = 16384;                       // the last bytes of a stream are kept
constexpr std::uint64_t kMemory = std::uint64_t{4} << 30;  // bytes beyond what a check starts with

void open_pipe(int (&ends)[2]) {
  if (::pipe2(ends, O_CLOEXEC) != 0)
    throw base::Error(std::string("cannot open a pipe for a check: ") + std::strerror(errno));
}

/// Sets the copy up: nothing to read, both outputs into the pipe, and `folder` for everything
/// that names a folder.
void prepare_copy(pid_t parent, int output, const ProcessLimits& limits) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);  // the parent died before the line above
  const int nothing = ::open("/dev/null", O_RDONLY);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) std::signal(signal, SIG_DFL);
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  // A sanitizer reserves more address space than any limit that would be of use.
  if (host::host_stamp().at("sanitizer") == "none") jobs::limit_own_memory(kMemory);
  if (::chdir(limits.folder.c_str()) != 0) ::_exit(127);
  for (const char* name : {"HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"})
    ::setenv(name, limits.folder.c_str(), 1);
}

void write_all(int descriptor, const std::string& text) {
  std::size_t written = 0;
  while (written < text.size()) {
    const ssize_t count = ::write(descriptor, text.data() + written, text.size() - written);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;
    written += static_cast<std::size_t>(count);
  }
}

/// A finding as text for a pipe: one digit and the reason. unpacked() reads it back.
std::string packed(const Finding& finding) {
  return std::to_string(static_cast<int>(finding.outcome)) + finding.reason.substr(0, kKept - 1);
}
Finding unpacked(const std::string& text) {
  return {static_cast<Outcome>(text.front() - '0'), text.substr(1)};
}

/// All that the copy does from its start to its end.
[[noreturn]] void run_copy(pid_t parent, const std::function<Finding()>& body, int finding, int output,
                           const ProcessLimits& limits) {
  prepare_copy(parent, output, limits);
  const pid_t self = ::getpid();
  const std::string text = packed(body());
  if (::getpid() != self)
    ::_exit(0);  // a child that the plugin made and let return: the check itself answers
  std::cout.flush();
  std::fflush(nullptr);
  write_all(finding, text);
  ::_exit(0);  // exit() would run what the program registered for its own end
}

}  // namespace

CurrentFolder::CurrentFolder(const fs::path& folder) : before_(fs::current_path()) {
  fs::create_directories(folder);
  fs::current_path(folder);
}

CurrentFolder::~CurrentFolder() {
  std::error_code ignored;
  fs::current_path(before_, ignored);
}

CheckProcess::CheckProcess(const std::function<Finding()>& body, const ProcessLimits& limits)
    : limits_(limits), begin_(std::chrono::steady_clock::now()) {
  int finding[2] = {-1, -1}, output[2] = {-1, -1};
  open_pipe(finding);
  open_pipe(output);
  // What stands in buffers would be printed by both processes.
  std::cout.flush();
  std::fflush(nullptr);
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ == 0) run_copy(parent, body, finding[1], output[1], limits);
  const int cause = errno;
  ::close(finding[1]);
  ::close(output[1]);
  finding_.descriptor = finding[0];
  output_.descriptor = output[0];
  if (pid_ < 0) throw base::Error(std::string("cannot start a check: ") + std::strerror(cause));
  ::setpgid(pid_, pid_);  // the copy does the same; whichever runs first sets it
  for (const int descriptor : {finding[0], output[0]}) ::fcntl(descriptor, F_SETFL, O_NONBLOCK);
}

CheckProcess::~CheckProcess() {
  if (pid_ > 0) ::kill(-pid_, SIGKILL);
  if (pid_ > 0 && !ended_) {
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  for (const auto* stream : {&finding_, &output_})
    if (stream->descriptor >= 0) ::close(stream->descriptor);
}

void CheckProcess::Stream::read() {
  char buffer[4096];
  // The number of reads is bounded, so that a check that prints without end does not hold up the others.
  for (int reads = 0; descriptor >= 0 && reads < 64; ++reads) {
    const ssize_t count = ::read(descriptor, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return;
    if (count == 0) {
      ::close(descriptor);
      descriptor = -1;
      return;
    }
    text.append(buffer, static_cast<std::size_t>(count));
    if (text.size() > kKept) text.erase(0, text.size() - kKept);
  }
}

std::optional<Ending> CheckProcess::look() {
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  int status = 0;
  ended_ = ::waitpid(pid_, &status, WNOHANG) == pid_;
  finding_.read();
  output_.read();
  if (ended_) return ending(status, seconds);
  const double processor = jobs::usage_of(pid_).processor_seconds;
  if (processor > worked_) {
    worked_ = processor;
    worked_until_ = seconds;
  }
  if (const auto excess = jobs::TimeLimit{limits_.seconds}.exceeded_by(processor, seconds))
    return Ending{Verdict::timeout, *excess, output_.text, seconds};
  const double patience = std::max(kShortestSleep, limits_.seconds);
  if (seconds - worked_until_ <= patience) return std::nullopt;
  return Ending{Verdict::timeout, "slept for " + base::number(patience) + " s and was stopped", output_.text,
                seconds};
}

Ending CheckProcess::ending(int status, double seconds) const {
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0 && !finding_.text.empty()) {
    const Finding finding = unpacked(finding_.text);
    return {verdict_of(finding.outcome), finding.reason, output_.text, seconds};
  }
  const bool exits = WIFEXITED(status) && host::host_stamp().at("sanitizer") == "none";
  return {Verdict::crash, jobs::end_in_words(status) + (exits ? ": something called exit()" : ""),
          output_.text, seconds};
}

}  // namespace taskonomy::checks
