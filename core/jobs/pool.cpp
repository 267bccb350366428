// The host's side of worker processes, and the pool without processes.
#include "core/jobs/pool.hpp"

#include <poll.h>

#include <algorithm>
#include <deque>
#include <thread>

#include "core/base/error.hpp"
#include "core/base/text.hpp"
#include "core/jobs/gpu_places.hpp"
#include "core/jobs/process.hpp"
#include "core/jobs/protocol.hpp"
#include "core/jobs/worker_loop.hpp"

namespace taskonomy::jobs {

using Clock = std::chrono::steady_clock;

namespace {

constexpr double kStartLimit = 600.0;  // of TimeLimit, for a worker that loads its libraries
constexpr const char* kCutOff =
    "closed its line to the host, as a plugin does that closes descriptors of others";
const std::string kEndedCutOff =
    "ended with exit code " + std::to_string(static_cast<int>(base::ExitCode::cut_off));
constexpr std::size_t kQuotedLines = 3;  // of standard error, in the message about a dead worker
// Memory grows by at most a few GB/s: a worker is over its limit by tenths of a GiB when it is stopped.
constexpr std::chrono::milliseconds kLook{100};
constexpr std::chrono::seconds kLastWords{5};  // for a worker that could not begin to say why and end

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

std::string gib(std::uint64_t bytes) {
  return base::fixed(static_cast<double>(bytes) / (1 << 30), 2) + " GiB";
}

}  // namespace

/// One place of the pool: its process, if there is one, and the job that the process works on.
struct WorkerPool::Worker {
  std::string name;  ///< "worker 1"
  std::string gpu;   ///< the only one that its process sees, as kVisibleGpus names it; "": any
  std::unique_ptr<WorkerProcess> process;
  bool ready = false;                       ///< it said that it can take orders
  bool cut_off = false;                     ///< it was killed because its output had ended
  std::optional<Clock::time_point> closed;  ///< when its output was seen to have ended
  std::optional<Assignment> assignment;
  Clock::time_point ordered;  ///< when the job was given to it
  Clock::time_point begin;    ///< of the job, without the time that its process took to start
  JobStep step;               ///< what it said last of how far it has got
  double taken = 0.0;         ///< processor seconds of the process before the job
  Clock::time_point look;     ///< when it is looked at next
  std::function<double()> limit;
  std::size_t threads = 0;              ///< when it was ready
  std::deque<std::string> last_errors;  ///< of this job

  void begin_job() {
    begin = Clock::now();
    taken = usage_of(process->pid()).processor_seconds;
  }

  [[nodiscard]] std::vector<std::string> variables(const WorkerLimits& limits) const {
    if (gpu.empty()) return {};
    return {std::string(kVisibleGpus) + "=" + gpu,
            std::string(kRoomOnGpu) + "=" + std::to_string(limits.room_on_gpu)};
  }

  /// ": last lines: ..." or "".
  [[nodiscard]] std::string quote() const {
    if (last_errors.empty()) return "";
    return "; it last printed: " + base::join({last_errors.begin(), last_errors.end()}, " | ");
  }
};

WorkerPool::WorkerPool(std::vector<std::string> command, std::size_t size, RunLog& log, WorkerLimits limits,
                       const std::vector<std::string>& gpus)
    : command_(std::move(command)), log_(log), limits_(limits), health_(gpus) {
  for (std::size_t i = 0; i < size; ++i) {
    workers_.push_back(std::make_unique<Worker>());
    workers_.back()->name = "worker " + std::to_string(i + 1);
    if (i < gpus.size()) workers_.back()->gpu = gpus[i];
  }
}

WorkerPool::~WorkerPool() = default;

std::size_t WorkerPool::free_workers() const {
  return static_cast<std::size_t>(std::count_if(workers_.begin(), workers_.end(), [this](const auto& worker) {
    return !worker->assignment && health_.works(worker->gpu);
  }));
}

bool WorkerPool::has_room() const { return free_workers() > returned_.size(); }

/// [free_workers() > 0] One on another GPU than `shunned` if there is one; then one whose process runs already, because
/// a new one loads its libraries first.
WorkerPool::Worker& WorkerPool::free_worker(const std::string& shunned) {
  Worker* chosen = nullptr;
  const auto worth = [&](const Worker& worker) {
    return 2 * (shunned.empty() || worker.gpu != shunned) + (worker.process != nullptr);
  };
  for (const auto& worker : workers_) {
    if (worker->assignment || !health_.works(worker->gpu)) continue;
    if (chosen == nullptr || worth(*worker) > worth(*chosen)) chosen = worker.get();
  }
  if (chosen == nullptr) throw std::logic_error("no room in the pool");
  return *chosen;
}

void WorkerPool::start(const Assignment& assignment, const std::function<double()>& limit) {
  begin(free_worker(""), assignment, limit);
}

void WorkerPool::begin(Worker& worker, const Assignment& assignment, const std::function<double()>& limit) {
  if (worker.process && worker.process->ended()) worker.process.reset();
  if (!worker.process) {
    worker.process = std::make_unique<WorkerProcess>(command_, worker.variables(limits_));
    worker.ready = false;
    worker.cut_off = false;
    worker.closed.reset();
  }
  worker.assignment = assignment;
  worker.step = {};
  worker.ordered = Clock::now();
  worker.begin_job();
  worker.limit = limit;
  worker.last_errors.clear();
  log_.write(worker.name, "begins " + assignment.id);
  if (!worker.process->send(to_line(assignment))) worker.process->kill();  // collect() says why it is gone
}

void WorkerPool::begin_returned() {
  while (!returned_.empty() && free_workers() > 0) {
    const Returned job = std::move(returned_.front());
    returned_.pop_front();
    begin(free_worker(job.gpu), job.assignment, job.limit);
  }
}

/// Whether a job that failed for its GPU's sake gets another try; puts it back then.
bool WorkerPool::gives_back(Worker& worker, const JobReport& report) {
  Assignment assignment = *worker.assignment;
  if (report.gpu_fault == GpuFault::lost) {
    const bool trusted = health_.works(worker.gpu);
    health_.note_fault(worker.gpu, worker.ordered, Clock::now());
    if (trusted && !health_.works(worker.gpu))
      log_.write(worker.name, "GPU " + worker.gpu + " gets no more jobs: it failed " +
                                  std::to_string(GpuHealth::kMostFaults) + " times in a row");
    last_fault_ = report.error;
    if (++returns_[assignment.id] >= kMostReturns) return false;
  } else if (report.gpu_fault == GpuFault::memory && assignment.gpu_share == 1.0) {
    assignment.gpu_share = 0.5;
  } else {
    return false;
  }
  log_.write(worker.name, assignment.id + " goes to another worker: " + report.error);
  returned_.push_back({std::move(assignment), worker.limit, worker.gpu});
  return true;
}

/// Reports a job that ended, unless it is given back. A process whose GPU failed is of no more use.
void WorkerPool::end_job(Worker& worker, JobReport report, std::vector<JobReport>& reports) {
  if (report.ok) health_.note_success(worker.gpu);
  if (report.gpu_fault == GpuFault::none) {
    reports.push_back(std::move(report));
  } else {
    if (!gives_back(worker, report)) {
      if (const auto returns = returns_.find(report.id); returns != returns_.end())
        report.error += " (" + std::to_string(returns->second) + " tries)";
      reports.push_back(std::move(report));
    }
    worker.process.reset();
  }
  worker.assignment.reset();
}

/// Sleeps until a worker says something, at most `most`. Whether the waker woke it.
bool WorkerPool::listen(std::chrono::milliseconds most) {
  std::vector<pollfd> descriptors;
  for (const auto& worker : workers_) {
    if (!worker->process) continue;
    for (const int descriptor : {worker->process->output(), worker->process->errors()})
      if (descriptor >= 0) descriptors.push_back({descriptor, POLLIN, 0});
  }
  if (waker_ >= 0) descriptors.push_back({waker_, POLLIN, 0});
  // A signal also ends the sleep, so that the caller can look at its flags.
  if (descriptors.empty()) {
    std::this_thread::sleep_for(std::min(most, std::chrono::milliseconds(20)));
    return false;
  }
  ::poll(descriptors.data(), descriptors.size(), static_cast<int>(most.count()));
  return waker_ >= 0 && descriptors.back().revents != 0;
}

void WorkerPool::take_line(Worker& worker, const std::string& line, std::vector<JobReport>& reports) {
  if (const auto threads = parse_ready(line)) {
    worker.ready = true;
    worker.threads = *threads;
    worker.begin_job();  // the time of loading libraries does not belong to the job
    return;
  }
  if (auto step = parse_step(line)) {
    if (worker.assignment && step->id == worker.assignment->id) worker.step = std::move(*step);
    return;
  }
  auto report = parse_report(line);
  if (!report || !worker.assignment || report->id != worker.assignment->id) {
    log_.write(worker.name, "unexpected answer: " + line);
    return;
  }
  end_job(worker, std::move(*report), reports);
}

/// Reads what a worker said, and finds out whether it ended.
void WorkerPool::collect(Worker& worker, std::vector<JobReport>& reports) {
  if (!worker.process) return;
  const bool worked = worker.assignment.has_value();
  // Asks before it reads: what a process wrote before its end is then read below.
  const auto end = worker.process->ended();
  for (const std::string& line : worker.process->read_errors()) {
    log_.write(worker.name, line);
    worker.last_errors.push_back(line);
    if (worker.last_errors.size() > kQuotedLines) worker.last_errors.pop_front();
  }
  for (const std::string& line : worker.process->read_output()) {
    take_line(worker, line, reports);
    if (!worker.process) return;
  }
  // A worker that closed its output cannot report: kill it. The next look says how it ended.
  if (!end && worker.process->output() < 0) {
    if (!worker.closed) worker.closed = Clock::now();
    if (worker.ready || Clock::now() - *worker.closed > kLastWords) {
      worker.process->kill();
      worker.cut_off = true;
    }
  }
  if (end) {
    // A crash closes the output, too, but keeps its own signal. A worker that cannot be heard ends by itself, or is
    // killed above, whichever comes first.
    const bool killed_here = worker.cut_off && end->find("SIGKILL") != std::string::npos;
    bury(worker, killed_here || *end == kEndedCutOff ? kCutOff : *end, reports);
  } else if (worker.assignment) {
    watch(worker, reports);
  } else if (worked) {
    clear_up(worker);
  }
}

/// Reports the job of a worker that ended by itself as failed.
void WorkerPool::bury(Worker& worker, const std::string& end, std::vector<JobReport>& reports) {
  log_.write(worker.name, end);
  const bool gpu_failed = !worker.gpu.empty() && gpu_fault_in(worker.quote()) == GpuFault::lost;
  if (!worker.ready && !(gpu_failed && worker.assignment))
    throw base::Error("a worker could not begin: it " + end + worker.quote() +
                      "\n(its command: " + base::join(command_, " ") + ")");
  if (worker.assignment) {
    stop(worker, end, reports, true);
  } else {
    worker.process.reset();
  }
}

/// Why a worker that is at work must be stopped, "" while it keeps to its limits of time and memory.
std::string WorkerPool::excess_of(const Worker& worker) const {
  const ProcessUsage usage = usage_of(worker.process->pid());
  const TimeLimit limit{worker.ready ? worker.limit() : kStartLimit};
  if (const auto excess =
          limit.exceeded_by(usage.processor_seconds - worker.taken, seconds_since(worker.begin)))
    return *excess + " (longer: --set compute.job_timeout=SECONDS)";
  if (limits_.memory > 0 && usage.memory > limits_.memory)
    return "took more than " + gib(limits_.memory) +
           " of memory and was stopped (more: --set compute.memory_limit=GIB)";
  return "";
}

/// Stops a worker that is over its limits. Looks at each worker once in kLook.
void WorkerPool::watch(Worker& worker, std::vector<JobReport>& reports) {
  const auto now = Clock::now();
  if (now < worker.look) return;
  worker.look = now + kLook;
  if (const std::string excess = excess_of(worker); !excess.empty()) stop(worker, excess, reports);
}

/// Ends the worker, if it has not ended by itself, and reports its job as failed for this reason.
void WorkerPool::stop(Worker& worker, const std::string& reason, std::vector<JobReport>& reports,
                      bool crashed) {
  log_.write(worker.name, worker.assignment->id + " " + reason);
  JobReport report{worker.assignment->id,       false, reason + worker.quote(),
                   seconds_since(worker.begin), {},    {}};
  report.crashed = crashed;
  // A process that ends over its GPU has said why.
  if (crashed && !worker.gpu.empty()) report.gpu_fault = gpu_fault_in(worker.quote());
  end_job(worker, std::move(report), reports);
  worker.process.reset();
}

/// Replaces a worker in which the job that just ended left something that the next one would pay for.
void WorkerPool::clear_up(Worker& worker) {
  const ProcessUsage left = usage_of(worker.process->pid());
  std::string what;
  if (limits_.memory > 0 && left.memory > limits_.memory / 2) what = gib(left.memory) + " of memory";
  if (limits_.threads && left.threads > worker.threads) what = "threads";
  if (left.children > 0) what = "processes";
  if (what.empty()) return;
  log_.write(worker.name, "replaced: its last job left " + what + " behind");
  worker.process.reset();
}

std::vector<JobReport> WorkerPool::wait(std::chrono::milliseconds most) {
  std::vector<JobReport> reports;
  const auto until = Clock::now() + most;
  for (;;) {
    for (const auto& worker : workers_) collect(*worker, reports);
    begin_returned();
    if (health_.none_works() && reports.empty())
      throw base::Error("no GPU works any more; the last words: " + last_fault_);
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now());
    if (!reports.empty() || left.count() <= 0) return reports;
    if (listen(std::min(left, kLook)) || Clock::now() >= until) return reports;
  }
}

std::vector<Running> WorkerPool::running() const {
  std::vector<Running> result;
  for (const auto& worker : workers_)
    if (worker->assignment)
      result.push_back({worker->assignment->id, seconds_since(worker->begin), worker->step});
  return result;
}

InProcessPool::InProcessPool(RunDirectory run, std::unique_ptr<Executor> executor)
    : run_(std::move(run)), executor_(std::move(executor)) {
  executor_->set_listener([this](const JobStep& step) {
    step_ = step;
    if (watcher_) watcher_();
  });
}

void InProcessPool::start(const Assignment& assignment, const std::function<double()>&) {
  assignments_.push_back(assignment);
  begin_ = Clock::now();
  step_ = {};
}

std::vector<JobReport> InProcessPool::wait(std::chrono::milliseconds) {
  std::vector<JobReport> reports;
  for (const Assignment& assignment : assignments_)
    reports.push_back(run_job(run_, *executor_, assignment, inputs_));
  assignments_.clear();
  return reports;
}

std::vector<Running> InProcessPool::running() const {
  std::vector<Running> result;
  for (const Assignment& assignment : assignments_)
    result.push_back({assignment.id, std::chrono::duration<double>(Clock::now() - begin_).count(), step_});
  return result;
}

}  // namespace taskonomy::jobs
