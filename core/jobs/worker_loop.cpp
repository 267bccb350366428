// Orders in, work, reports out.
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

#include "core/base/error.hpp"
#include "core/base/text.hpp"
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

/// The worker's line to the host: the standard output it was started with, which plugins no longer reach.
class Line {
 public:
  Line() {
    std::cout.flush();
    descriptor_ = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 10);
    if (descriptor_ < 0 || ::dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
      throw base::Error(std::string("worker: cannot set its standard output aside: ") + std::strerror(errno));
  }
  ~Line() { ::close(descriptor_); }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  /// False when nobody reads any more.
  [[nodiscard]] bool say(const std::string& text) const {
    const std::string line = text + "\n";
    std::size_t sent = 0;
    while (sent < line.size()) {
      const ssize_t count = ::write(descriptor_, line.data() + sent, line.size() - sent);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return false;
      sent += static_cast<std::size_t>(count);
    }
    return true;
  }

 private:
  int descriptor_ = -1;
};

void die_with(int parent) {
  if (parent == 0) return;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  // It may have died before the line above.
  if (::getppid() != parent) throw base::Error("worker: the process that started it is gone");
}

}  // namespace

JobReport run_job(const RunDirectory& run, Executor& executor, const Assignment& assignment) {
  JobReport report;
  const auto begin = std::chrono::steady_clock::now();
  std::string error;
  try {
    run.remove_record(assignment.id);
    report = executor.execute(assignment);
    report.id = assignment.id;
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    if (report.ok) run.write_record(report, assignment.key);
    error = report.ok ? "" : report.error;
  } catch (const std::bad_alloc&) {
    error = "out of memory";
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

Assignment assignment_for(const RunDirectory& run, Plan plan, const std::string& id) {
  // Finished jobs are expanded until nothing new appears, as the host does.
  std::vector<std::string> known;
  for (std::size_t next = 0; next < plan.graph.size(); ++next) {
    const std::string job = plan.graph.jobs()[next].id;
    known.push_back(job);
    if (plan.expand && run.record(job))
      for (jobs::Job& more : plan.expand(job)) plan.graph.add(std::move(more));
  }
  if (!plan.graph.contains(id))
    throw base::Error("the run has no job \"" + id + "\"" + base::did_you_mean(id, known));
  // Tolerant jobs above it go on without what is not there, as they do in a run.
  for (const auto& [input, reader] : plan.graph.missing()) plan.graph.leave_out(input);
  for (const jobs::Job& job : plan.graph.jobs())
    if (job.id != id && !run.record(job.id)) plan.graph.leave_out(job.id);
  const jobs::Job& job = plan.graph.job(id);
  const auto present = plan.graph.present_inputs(id);
  if (present.size() < job.inputs.size() && (!job.tolerant || present.empty()))
    for (const std::string& input : job.inputs)
      if (!run.record(input))
        throw base::Error("job \"" + id + "\" needs \"" + input + "\", which is not done yet");
  return {id, plan.graph.key(id), present};
}

void work(const WorkerSettings& settings) {
  die_with(settings.parent);
  std::signal(SIGPIPE, SIG_IGN);
  const Line line;
  const std::unique_ptr<Executor> executor = settings.make_executor();
  if (!line.say(ready_line(usage_of(::getpid()).threads))) return;
  for (std::string text; std::getline(std::cin, text);) {
    std::optional<Assignment> assignment = parse_assignment(text);
    if (!assignment) {
      if (!base::trim(text).empty()) std::cerr << "worker: not an assignment: " << text << "\n";
      continue;
    }
    JobReport report{assignment->id, false, "", 0.0, {}, {}};
    try {
      if (assignment->key.empty())
        assignment = assignment_for(settings.run, settings.make_plan(), assignment->id);
      report = run_job(settings.run, *executor, *assignment);
    } catch (const base::Error& error) {
      report.error = one_line(error.what());
    }
    std::cout.flush();
    std::cerr.flush();
    if (!line.say(to_line(report))) return;
  }
}

}  // namespace taskonomy::jobs
