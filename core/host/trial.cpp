// fork(2), and one shared page in which the child notes how far it came: unlike a pipe, no plugin closes it.
#include "core/host/trial.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ATen/Parallel.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <new>
#include <thread>

#include "core/base/error.hpp"
#include "core/base/text.hpp"
#include "core/jobs/process.hpp"

namespace taskonomy::host {
namespace {

enum class Step : int { making, destroying, closed_descriptors, done };

/// The page that parent and child share.
class SharedStep {
 public:
  SharedStep()
      : page_(::mmap(nullptr, sizeof(std::atomic<Step>), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                     -1, 0)) {
    if (page_ == MAP_FAILED) throw base::Error(std::string("cannot try a plugin: ") + std::strerror(errno));
    new (page_) std::atomic<Step>(Step::making);
  }
  ~SharedStep() { ::munmap(page_, sizeof(std::atomic<Step>)); }
  SharedStep(const SharedStep&) = delete;
  SharedStep& operator=(const SharedStep&) = delete;
  std::atomic<Step>& step() { return *static_cast<std::atomic<Step>*>(page_); }

 private:
  void* page_;
};

/// All that the child does.
[[noreturn]] void run_child(pid_t parent, std::atomic<Step>& step,
                            const std::function<std::shared_ptr<void>()>& make) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(1);
  for (const int signal : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGINT, SIGTERM})
    std::signal(signal, SIG_DFL);
  // The threads of LibTorch's pools stayed behind in the parent: what waits for them would wait for ever.
  at::set_num_threads(1);
  const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  ::dup2(nothing, STDIN_FILENO);
  const int witness = ::fcntl(nothing, F_DUPFD_CLOEXEC, 10);
  try {
    auto made = make();
    step = Step::destroying;
    made.reset();
  } catch (...) {
  }
  const bool closed = ::fcntl(witness, F_GETFD) < 0;
  step = closed ? Step::closed_descriptors : Step::done;
  ::_exit(0);  // exit() would run what the program and the plugin registered for its end
}

/// One line on the terminal that says what is waited for.
class WaitingLine {
 public:
  explicit WaitingLine(const std::string& plugin)
      : plugin_(plugin), terminal_(::isatty(STDERR_FILENO) != 0) {}
  ~WaitingLine() {
    if (shown_ > 0) std::cerr << "\r\033[K" << std::flush;
  }
  void show(double seconds) {
    const int whole = static_cast<int>(seconds);
    if (!terminal_ || whole <= shown_) return;
    shown_ = whole;
    std::cerr << "\r\033[K" << plugin_ << ": being made for " << whole << " s" << std::flush;
  }

 private:
  std::string plugin_;
  bool terminal_;
  int shown_ = 0;
};

/// A child and its end.
class Child {
 public:
  explicit Child(pid_t pid) : pid_(pid) { ::setpgid(pid, pid); }
  ~Child() {
    ::kill(-pid_, SIGKILL);  // with all that it started
    if (!ended_) {
      ::kill(pid_, SIGKILL);
      while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
      }
    }
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// Waits for the end; false when the limit came first.
  bool wait(const TrialLimit& limit, WaitingLine& line) {
    const auto begin = std::chrono::steady_clock::now();
    for (std::chrono::milliseconds pause(1);; pause = std::min(2 * pause, std::chrono::milliseconds(50))) {
      ended_ = ::waitpid(pid_, &status_, WNOHANG) == pid_;
      if (ended_) return true;
      const double clock = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
      if (limit.clock_seconds > 0 && clock >= limit.clock_seconds) return false;
      if (limit.processor_seconds > 0 && jobs::usage_of(pid_).processor_seconds >= limit.processor_seconds)
        return false;
      line.show(clock);
      std::this_thread::sleep_for(pause);
    }
  }
  [[nodiscard]] int status() const { return status_; }

 private:
  pid_t pid_;
  int status_ = 0;
  bool ended_ = false;
};

std::string end_of(int status, const std::string& doing) {
  if (WIFSIGNALED(status)) {
    const char* name = ::sigabbrev_np(WTERMSIG(status));
    return std::string(" crashed with SIG") + (name == nullptr ? "?" : name) + " while it was " + doing;
  }
  return " ended the process with exit code " + std::to_string(WEXITSTATUS(status)) + " while it was " +
         doing;
}

}  // namespace

void try_in_child(const std::string& plugin, const TrialLimit& limit,
                  const std::function<std::shared_ptr<void>()>& make) {
  SharedStep shared;
  // What stands in buffers would be printed by both processes.
  std::cout.flush();
  std::fflush(nullptr);
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid == 0) run_child(parent, shared.step(), make);
  if (pid < 0) throw base::Error(std::string("cannot try a plugin: ") + std::strerror(errno));
  bool in_time = false;
  int status = 0;
  {
    WaitingLine line(plugin);
    Child child(pid);
    in_time = child.wait(limit, line);
    status = child.status();
  }
  const Step step = shared.step();
  const bool destroying = step == Step::destroying;
  std::string fault;
  if (!in_time)
    fault = std::string(" was not ") + (destroying ? "destroyed" : "made") + " in time (" +
            base::duration(limit.processor_seconds) + " of processor time) and was stopped";
  else if (step == Step::closed_descriptors)
    fault = " closed files and pipes that were not its own while it was loaded or made";
  else if (step != Step::done)
    fault = end_of(status, destroying ? "destroyed" : "loaded or made");
  if (fault.empty()) return;
  throw base::Error(plugin + fault + "; leave it out, or mend it: taskonomy tasks check shows how it fails");
}

}  // namespace taskonomy::host
