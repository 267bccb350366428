#include "core/jobs/worker_loop.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <iostream>
#include <new>
#include <optional>
#include <utility>

#include "core/base/error.hpp"
#include "core/base/text.hpp"
#include "core/jobs/inventory.hpp"
#include "core/jobs/process.hpp"
#include "core/jobs/protocol.hpp"

namespace taskonomy::jobs {

namespace {

/// The message of whatever a job threw, in one line.
std::string one_line(std::string text) {
  for (char& c : text)
    if (c == '\n' || c == '\r') c = ' ';
  return base::trim(text);
}

/// A copy of a standard descriptor at a high number, where a plugin does not look for one; children that plugins
/// start do not inherit it. From now on the standard descriptor leads to `instead`.
int set_aside(int standard, int instead) {
  constexpr int kHigh = 200;
  int copy = ::fcntl(standard, F_DUPFD_CLOEXEC, kHigh);
  if (copy < 0) copy = ::fcntl(standard, F_DUPFD_CLOEXEC, 10);  // a limit of few descriptors
  if (copy < 0 || instead < 0 || ::dup2(instead, standard) < 0)
    throw base::Error(std::string("worker: cannot set its line to the host aside: ") + std::strerror(errno));
  return copy;
}

/// The worker's line to the host: the standard input and output that it was started with. Plugins print to
/// standard error and read nothing from now on.
class Line {
 public:
  Line() {
    std::cout.flush();
    const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    input_ = set_aside(STDIN_FILENO, nothing);
    output_ = set_aside(STDOUT_FILENO, STDERR_FILENO);
    ::close(nothing);
  }
  ~Line() {
    ::close(input_);
    ::close(output_);
  }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  /// False when nobody reads any more.
  [[nodiscard]] bool say(const std::string& text) const {
    const std::string line = text + "\n";
    std::size_t sent = 0;
    while (sent < line.size()) {
      const ssize_t count = ::write(output_, line.data() + sent, line.size() - sent);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return false;
      sent += static_cast<std::size_t>(count);
    }
    return true;
  }

  /// Waits for a line; nothing when none will come.
  [[nodiscard]] std::optional<std::string> listen() {
    for (;;) {
      if (const auto end = heard_.find('\n'); end != std::string::npos) {
        std::string line = heard_.substr(0, end);
        heard_.erase(0, end + 1);
        return line;
      }
      char buffer[4096];
      const ssize_t count = ::read(input_, buffer, sizeof buffer);
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) return heard_.empty() ? std::nullopt : std::optional(std::exchange(heard_, ""));
      heard_.append(buffer, static_cast<std::size_t>(count));
    }
  }

 private:
  int input_ = -1, output_ = -1;
  std::string heard_;  ///< the beginning of a line
};

void die_with(int parent) {
  if (parent == 0) return;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  // It may have died before the line above.
  if (::getppid() != parent) throw base::Error("worker: the process that started it is gone");
}

}  // namespace

void InputCheck::require_sound(const RunDirectory& run, const Assignment& assignment) {
  for (const std::string& input : assignment.inputs) {
    const auto record = run.record(input);
    if (!record)
      throw base::Error("\"" + input + "\" was damaged or removed meanwhile; the next run makes it again");
    if (sound_.count({input, record->key}) > 0) continue;
    const std::string damaged = run.damaged_file(*record);
    if (!damaged.empty()) {
      run.remove_record(input);
      throw base::Error((run.root() / damaged).string() + ": holds something else than \"" + input +
                        "\" wrote into it (a failing disk?); the next run makes it again");
    }
    sound_.insert({input, record->key});
  }
}

JobReport run_job(const RunDirectory& run, Executor& executor, const Assignment& assignment,
                  InputCheck& inputs) {
  JobReport report;
  const auto begin = std::chrono::steady_clock::now();
  std::string error;
  try {
    inputs.require_sound(run, assignment);
    run.remove_record(assignment.id);
    report = executor.execute(assignment);
    report.id = assignment.id;
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    if (report.ok) run.write_record(report, assignment.key, assignment.ingredients);
    error = report.ok ? "" : report.error;
  } catch (const std::bad_alloc&) {
    error = "out of memory";
  } catch (const base::Error& failure) {
    error = failure.what();
    report.disk_failed = failure.fault() == base::Fault::disk;
  } catch (const std::exception& failure) {
    error = failure.what();
  } catch (...) {
    error = "threw something that is not a std::exception";
  }
  report.id = assignment.id;
  if (!error.empty()) report.ok = false;
  report.error = report.ok ? "" : error.empty() ? "failed without saying why" : one_line(error);
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return report;
}

base::ExitCode work(const WorkerSettings& settings) {
  die_with(settings.parent);
  std::signal(SIGPIPE, SIG_IGN);
  Line line;
  const std::unique_ptr<Executor> executor = settings.make_executor();
  InputCheck inputs;
  auto told = std::chrono::steady_clock::now();
  executor->set_listener([&](const JobStep& step) {
    constexpr std::chrono::milliseconds kBetween{500};
    const auto now = std::chrono::steady_clock::now();
    if (now - told < kBetween) return;
    told = now;
    (void)line.say(to_line(step));  // that nobody listens shows when the job is reported
  });
  if (!line.say(ready_line(usage_of(::getpid()).threads))) return base::ExitCode::cut_off;
  while (const std::optional<std::string> text = line.listen()) {
    std::optional<Assignment> assignment = parse_assignment(*text);
    if (!assignment) {
      if (!base::trim(*text).empty()) std::cerr << "worker: not an assignment: " << *text << "\n";
      continue;
    }
    JobReport report{assignment->id, false, "", 0.0, {}, {}};
    try {
      if (assignment->key.empty())
        assignment = Inventory(settings.run, settings.make_plan()).assignment(assignment->id);
      report = run_job(settings.run, *executor, *assignment, inputs);
    } catch (const base::Error& error) {
      report.error = one_line(error.what());
    }
    std::cout.flush();
    std::cerr.flush();
    if (!line.say(to_line(report))) return base::ExitCode::cut_off;
  }
  return base::ExitCode::done;
}

}  // namespace taskonomy::jobs
