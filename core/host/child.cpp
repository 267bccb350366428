// fork(2), and a shared page in which the child notes how far it came: unlike a pipe, no plugin closes it.
#include "core/host/child.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ATen/Parallel.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <new>
#include <thread>

#include "core/base/text.hpp"
#include "core/host/boundary.hpp"
#include "core/jobs/environment.hpp"
#include "core/jobs/process.hpp"

namespace taskonomy::host {
namespace {

constexpr const char* kCure = "; leave it out, or mend it: taskonomy tasks check shows how it fails";

base::Error no_copy() {
  return base::Error(std::string("cannot copy this process to try a plugin: ") + std::strerror(errno));
}

/// What stands in buffers would be printed by both processes.
void flush_all() {
  std::cout.flush();
  std::cerr.flush();
  std::fflush(nullptr);
}

enum class Step : int { begun, destroying, threw, closed_descriptors, done };

/// What parent and child both see.
struct Page {
  std::atomic<Step> step{Step::begun};
  char call[512] = "";  ///< of a plugin, in progress
};

class SharedPage {
 public:
  SharedPage()
      : at_(::mmap(nullptr, sizeof(Page), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) {
    if (at_ == MAP_FAILED) throw no_copy();
    new (at_) Page;
  }
  ~SharedPage() { ::munmap(at_, sizeof(Page)); }
  SharedPage(const SharedPage&) = delete;
  SharedPage& operator=(const SharedPage&) = delete;
  Page* operator->() const { return static_cast<Page*>(at_); }

 private:
  void* at_;
};

/// A file in memory for the child's answer, at a number where plugins do not look.
class AnswerFile {
 public:
  AnswerFile() {
    constexpr int kHigh = 200;
    const int low = ::memfd_create("answer", MFD_CLOEXEC);
    descriptor_ = ::fcntl(low, F_DUPFD_CLOEXEC, kHigh);
    if (descriptor_ < 0) descriptor_ = ::fcntl(low, F_DUPFD_CLOEXEC, 10);  // a limit of few descriptors
    const int cause = errno;
    if (low >= 0) ::close(low);
    errno = cause;
    if (descriptor_ < 0) throw no_copy();
  }
  ~AnswerFile() { ::close(descriptor_); }
  AnswerFile(const AnswerFile&) = delete;
  AnswerFile& operator=(const AnswerFile&) = delete;

  void write(const std::string& text) const {
    std::size_t written = 0;
    while (written < text.size()) {
      const ssize_t count = ::write(descriptor_, text.data() + written, text.size() - written);
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) ::_exit(1);
      written += static_cast<std::size_t>(count);
    }
  }
  [[nodiscard]] std::string read() const {
    std::string text(static_cast<std::size_t>(std::max<off_t>(0, ::lseek(descriptor_, 0, SEEK_END))), '\0');
    const ssize_t count = ::pread(descriptor_, text.data(), text.size(), 0);
    text.resize(static_cast<std::size_t>(std::max<ssize_t>(0, count)));
    return text;
  }

 private:
  int descriptor_ = -1;
};

/// Makes a copy of a process what Child promises.
void set_up_child(pid_t parent) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(1);
  for (const int signal : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGINT, SIGTERM, SIGHUP, SIGALRM})
    std::signal(signal, SIG_DFL);
  // The threads of LibTorch's pools stayed behind in the parent: what waits for them would wait for ever.
  at::set_num_threads(1);
  const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  ::dup2(nothing, STDIN_FILENO);
  ::close(nothing);
  jobs::keep_plugin_environment();
}

std::string words_of(int status) {
  if (WIFSIGNALED(status)) {
    const char* name = ::sigabbrev_np(WTERMSIG(status));
    return std::string(" crashed with SIG") + (name == nullptr ? "?" : name);
  }
  return " ended the process with exit code " + std::to_string(WEXITSTATUS(status));
}

std::string limit_in_words(const ChildLimit& limit, const std::string& what) {
  return " was not " + what + " in time and was stopped (limits: " + base::duration(limit.processor_seconds) +
         " of processor time, " + base::duration(limit.idle_seconds) + " of sleep)";
}

/// All that the child of ask_in_child() and compute_in_child() does.
void make_and_tell(const SharedPage& page, const AnswerFile& file, const std::function<Made()>& make) {
  const int witness = ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 10);
  const auto closed = [&] { return ::fcntl(witness, F_GETFD) < 0; };
  Step step = Step::done;
  try {
    Made made = make();
    if (closed()) {  // the file for the answer is gone, too
      page->step = Step::closed_descriptors;
      return;
    }
    file.write(made.answer);
    page->step = Step::destroying;
    made.object.reset();
  } catch (const std::exception& error) {
    file.write(error.what());
    step = Step::threw;
  }
  page->step = closed() ? Step::closed_descriptors : step;
}

/// The words of what a child does.
struct Words {
  std::string waiting, subject, done, meanwhile, cure;
};

/// The answer of a child that makes something. Throws as ask_in_child().
std::string answer_of(const std::function<Made()>& make, const ChildLimit& limit, const Words& words) {
  const SharedPage page;
  const AnswerFile file;
  std::string fault;
  {
    Child child([&] { make_and_tell(page, file, make); });
    const bool in_time = child.wait(limit, words.waiting);
    const bool destroying = page->step == Step::destroying;
    if (!in_time)
      fault = limit_in_words(limit, destroying ? "destroyed" : words.done);
    else if (page->step == Step::closed_descriptors)
      fault = " closed files and pipes that were not its own" + words.meanwhile;
    else if (page->step == Step::begun || destroying)
      fault = child.end_in_words() + (destroying ? " while it was destroyed" : words.meanwhile);
  }
  if (!fault.empty()) throw ChildFault(words.subject + fault + words.cure);
  if (page->step == Step::threw) throw base::Error(file.read());
  return file.read();
}

}  // namespace

WaitingLine::WaitingLine(std::string doing)
    : doing_(std::move(doing)), terminal_(::isatty(STDERR_FILENO) != 0) {}

WaitingLine::~WaitingLine() {
  if (shown_ > 0) std::cerr << "\r\033[K" << std::flush;
}

void WaitingLine::show() {
  const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - begin_;
  const int whole = static_cast<int>(passed.count());
  if (!terminal_ || whole <= shown_) return;
  shown_ = whole;
  std::cerr << "\r\033[K" << doing_ << " for " << whole << " s" << std::flush;
}

Child::Child(const std::function<void()>& body) {
  flush_all();
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ < 0) throw no_copy();
  if (pid_ == 0) {
    set_up_child(parent);
    body();
    ::_exit(0);
  }
  ::setpgid(pid_, pid_);  // the copy does the same; whichever runs first sets it
}

Child::~Child() {
  ::kill(-pid_, SIGKILL);  // with all that it started
  if (ended_) return;
  ::kill(pid_, SIGKILL);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

bool Child::ended() {
  ended_ = ended_ || ::waitpid(pid_, &status_, WNOHANG) == pid_;
  return ended_;
}

std::string Child::end_in_words() const { return words_of(status_); }

bool Child::wait(const ChildLimit& limit, const std::string& doing) {
  using Clock = std::chrono::steady_clock;
  WaitingLine line(doing);
  auto worked = Clock::now();  // when it was last seen at work
  double processor = 0.0;
  for (std::chrono::milliseconds pause(1); !ended();
       pause = std::min(2 * pause, std::chrono::milliseconds(50))) {
    if (const double now = jobs::usage_of(pid_).processor_seconds; now > processor) {
      processor = now;
      worked = Clock::now();
    }
    if (limit.processor_seconds > 0 && processor >= limit.processor_seconds) return false;
    if (limit.idle_seconds > 0 &&
        std::chrono::duration<double>(Clock::now() - worked).count() >= limit.idle_seconds)
      return false;
    line.show();
    std::this_thread::sleep_for(pause);
  }
  return true;
}

std::string ask_in_child(const std::string& plugin, const ChildLimit& limit,
                         const std::function<Made()>& make) {
  return answer_of(make, limit,
                   {.waiting = plugin + ": being made",
                    .subject = plugin,
                    .done = "made",
                    .meanwhile = " while it was loaded or made",
                    .cure = kCure});
}

std::string compute_in_child(const std::string& function, const ChildLimit& limit,
                             const std::function<std::string()>& compute) {
  return answer_of(
      [&] {
        return Made{nullptr, compute()};
      },
      limit, {.waiting = function, .subject = function, .done = "done", .meanwhile = "", .cure = ""});
}

base::ExitCode go_on_in_child(const std::function<base::ExitCode()>& command) {
  const SharedPage page;
  flush_all();
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) throw no_copy();
  if (pid == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(1);
    jobs::keep_plugin_environment();
    note_calls_in({page->call, sizeof page->call});
    const auto finish = [&] {
      page->step = Step::done;
      note_calls_in({});  // the page goes
    };
    try {
      const base::ExitCode code = command();
      finish();
      return code;
    } catch (...) {
      finish();
      throw;
    }
  }
  // A Ctrl-C reaches both, and the copy decides what becomes of it.
  const auto before = std::signal(SIGINT, SIG_IGN);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  std::signal(SIGINT, before);
  const std::string call = page->call, plugin = call.substr(0, call.find('\n'));
  if (page->step != Step::done && !call.empty())
    throw base::Error(plugin + words_of(status) + " " + call.substr(plugin.size() + 1) + kCure);
  if (WIFSIGNALED(status)) return base::code_of_signal(WTERMSIG(status));
  if (page->step != Step::done && WEXITSTATUS(status) == 0)
    throw base::Error("a plugin" + words_of(status) + kCure);
  return static_cast<base::ExitCode>(WEXITSTATUS(status));
}

}  // namespace taskonomy::host
