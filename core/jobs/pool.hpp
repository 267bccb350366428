// Where jobs run: in worker processes, or in this process for debugging.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/jobs/gpu_faults.hpp"
#include "core/jobs/job.hpp"
#include "core/jobs/run_directory.hpp"
#include "core/jobs/worker_loop.hpp"

namespace taskonomy::jobs {

/// A job that is being worked on.
struct Running {
  std::string id;
  double seconds = 0.0;  ///< since it began
  JobStep step{};        ///< how far it has got; 0 of 0 steps where it does not say
};

/// A number of places in which jobs run. Destroying a pool ends the jobs that still run in it.
class Pool {
 public:
  virtual ~Pool() = default;
  [[nodiscard]] virtual std::size_t size() const = 0;
  /// Whether start() may be called.
  [[nodiscard]] virtual bool has_room() const = 0;
  /// [has_room()] Begins a job. `limit`, asked again and again while it runs: seconds of processor time after
  /// which the job counts as hanging and is ended (TimeLimit; on the clock far later).
  virtual void start(const Assignment& assignment, const std::function<double()>& limit) = 0;
  /// Reports of jobs that ended, waiting at most `most` for the first; empty when none did. Whatever happens
  /// to a worker becomes the report of its job. Throws Error when workers cannot be started at all.
  [[nodiscard]] virtual std::vector<JobReport> wait(std::chrono::milliseconds most) = 0;
  [[nodiscard]] virtual std::vector<Running> running() const = 0;
  /// Who is called while a job runs inside wait(), where it does: progress is shown from there. Null: nobody.
  virtual void set_watcher(std::function<void()>) {}
};

/// What one worker process may take, whatever job it does.
struct WorkerLimits {
  std::uint64_t memory = 0;  ///< bytes (ProcessUsage::memory); a worker that holds more is killed; 0 = any
  /// Whether a worker is replaced when a job leaves threads behind. False on CUDA, which
  /// starts threads of its own.
  bool threads = true;
  std::uint64_t room_on_gpu = 0;  ///< bytes of its GPU's memory that it may keep data in (kRoomOnGpu)
};

/// Worker processes, started when there is work for them and replaced when they die, or when a job leaves
/// half of their memory, threads or children behind: the next job, of another plugin, must not pay for it.
/// Each leads a process group, so that it is ended with all that it started and no Ctrl-C of the terminal
/// reaches it before the host.
///
/// A job whose GPU fails under it goes to another worker, on another GPU where there is one, and counts as failed after
/// kMostReturns times; one that finds the GPU's memory full is tried once more with half of its share.
class WorkerPool : public Pool {
 public:
  /// `command`: program and arguments of one worker (protocol.hpp). What workers print goes to the log. `gpus`: the one
  /// that each worker sees (gpus_of_workers()); empty: all see what this process sees.
  WorkerPool(std::vector<std::string> command, std::size_t size, RunLog& log, WorkerLimits limits = {},
             const std::vector<std::string>& gpus = {});
  ~WorkerPool() override;
  [[nodiscard]] std::size_t size() const override { return workers_.size(); }
  [[nodiscard]] bool has_room() const override;
  void start(const Assignment& assignment, const std::function<double()>& limit) override;
  /// Throws Error also when no GPU works any more.
  [[nodiscard]] std::vector<JobReport> wait(std::chrono::milliseconds most) override;
  [[nodiscard]] std::vector<Running> running() const override;
  /// wait() ends early when there is something to read from this descriptor; -1: from none.
  void wake_on(int descriptor) { waker_ = descriptor; }

 private:
  struct Worker;
  /// A job that waits for another worker.
  struct Returned {
    Assignment assignment;
    std::function<double()> limit;
    std::string gpu;  ///< that failed under it
  };
  [[nodiscard]] std::size_t free_workers() const;
  [[nodiscard]] Worker& free_worker(const std::string& shunned);
  void begin(Worker& worker, const Assignment& assignment, const std::function<double()>& limit);
  void begin_returned();
  [[nodiscard]] bool gives_back(Worker& worker, const JobReport& report);
  void end_job(Worker& worker, JobReport report, std::vector<JobReport>& reports);
  bool listen(std::chrono::milliseconds most);
  void take_line(Worker& worker, const std::string& line, std::vector<JobReport>& reports);
  void collect(Worker& worker, std::vector<JobReport>& reports);
  void bury(Worker& worker, const std::string& end, std::vector<JobReport>& reports);
  void watch(Worker& worker, std::vector<JobReport>& reports);
  [[nodiscard]] std::string excess_of(const Worker& worker) const;
  void stop(Worker& worker, const std::string& reason, std::vector<JobReport>& reports, bool crashed = false);
  void clear_up(Worker& worker);

  std::vector<std::string> command_;
  RunLog& log_;
  WorkerLimits limits_;
  int waker_ = -1;
  std::vector<std::unique_ptr<Worker>> workers_;
  GpuHealth health_;
  std::deque<Returned> returned_;
  std::map<std::string, std::size_t> returns_;  ///< by job
  std::string last_fault_;                      ///< of a GPU
};

/// Runs jobs in this process itself, one at a time inside wait(). It catches exceptions; a
/// crash ends the program.
class InProcessPool : public Pool {
 public:
  InProcessPool(RunDirectory run, std::unique_ptr<Executor> executor);
  [[nodiscard]] std::size_t size() const override { return 1; }
  [[nodiscard]] bool has_room() const override { return assignments_.empty(); }
  void start(const Assignment& assignment, const std::function<double()>& limit) override;
  [[nodiscard]] std::vector<JobReport> wait(std::chrono::milliseconds most) override;
  [[nodiscard]] std::vector<Running> running() const override;
  /// Called at every step that the job tells of.
  void set_watcher(std::function<void()> watcher) override { watcher_ = std::move(watcher); }

 private:
  RunDirectory run_;
  std::unique_ptr<Executor> executor_;
  InputCheck inputs_;
  std::vector<Assignment> assignments_;  ///< at most one
  std::chrono::steady_clock::time_point begin_;
  JobStep step_;
  std::function<void()> watcher_;
};

}  // namespace taskonomy::jobs
