// What the machinery of jobs (run folder, scheduler, workers: core/jobs, no LibTorch) and the work itself
// (core/pipeline: plan and execute) know of each other.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/jobs/gpu_faults.hpp"
#include "core/jobs/job_graph.hpp"

namespace taskonomy::jobs {

/// What a worker is asked to do.
struct Assignment {
  std::string id;
  std::string key;  ///< JobGraph::key: goes into artefacts and the record
  /// Jobs whose artefacts are there. A tolerant job may find fewer than it was planned with.
  std::vector<std::string> inputs;
  /// Job::ingredients: goes into the record, so that a later run can say what changed.
  std::string ingredients{};
  double expected = 0.0;  ///< seconds that it will take, 0: nobody knows; for pools that choose where it goes
  /// Share of what it could keep in a GPU's memory at once that it shall keep: less than 1 after that memory was full.
  double gpu_share = 1.0;
};

/// What came of a job.
struct JobReport {
  std::string id;
  bool ok = true;
  std::string error;     ///< one line for people; empty when ok
  double seconds = 0.0;  ///< filled in by the machinery
  /// Artefacts, relative to the run folder. The record keeps them with their sizes.
  std::vector<std::string> files;
  /// Numbers about the job. "images" says how many images went through networks, for the images per second
  /// that progress shows; every stage chooses the others.
  std::map<std::string, double> figures;
  /// Samples that the job goes on without, "sample: reason" each, in the order of the samples.
  std::vector<std::string> left_out{};
  /// [not ok] The worker died of it, or with it, by no limit of this program's.
  bool crashed = false;
  /// [not ok] The machine's disk is to blame (base::Fault): another machine may do it.
  bool disk_failed = false;
  /// [not ok] What went wrong with the GPU.
  GpuFault gpu_fault = GpuFault::none;
};

/// How far a job has got that goes in steps.
struct JobStep {
  std::string id;
  std::int64_t step = 0, steps = 0;  ///< done, of how many; 0 of 0: not known
  double loss = 0.0;                 ///< of the last step
};

/// A run before it begins.
struct Plan {
  JobGraph graph;
  /// Jobs that become known when `finished` is done (higher-order transfers after shortlist/T); may be null.
  /// A pure function of the job's artefacts; throws base::Error when they cannot be read, and the job then
  /// counts as not done. Called in the host once per job that is done, also for those found done on resume,
  /// always after its inputs; Inventory asks about stale jobs as well, to find what they led to. Jobs of the
  /// first graph may name jobs that only this makes as their inputs.
  std::function<std::vector<Job>(const std::string& finished)> expand;
};

/// Does the work. Lives in a worker process; one job at a time; one thread unless the recipe says otherwise.
class Executor {
 public:
  virtual ~Executor() = default;
  /// Makes the artefacts of order.id (write_file: whole or absent) and says which files they are. The
  /// machinery writes the record afterwards. Throws base::Error on failure; other exceptions are reported by
  /// their what(). Must not write to standard input or output descriptors directly: the worker keeps its line
  /// to the host elsewhere.
  virtual JobReport execute(const Assignment& order) = 0;

  /// Who hears how far the job at work has got; null: nobody.
  void set_listener(std::function<void(const JobStep&)> listener) { listener_ = std::move(listener); }

 protected:
  /// Tells that listener, at any rate: it drops what comes too fast.
  void tell(const JobStep& step) const {
    if (listener_) listener_(step);
  }

 private:
  std::function<void(const JobStep&)> listener_;
};

}  // namespace taskonomy::jobs
