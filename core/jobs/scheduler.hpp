// Which job is next: a pure state machine over the graph, without clocks, files or processes.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/jobs/job.hpp"

namespace taskonomy::jobs {

enum class JobState {
  waiting,  ///< for inputs
  ready,    ///< could start
  running,  ///< given to a worker
  done,     ///< made now, or found done
  failed,   ///< tried without success
  blocked   ///< not tried: needs a job that failed or that nobody planned
};

/// Counts for people.
struct Tally {
  std::size_t all = 0, done = 0, running = 0, failed = 0, blocked = 0;
  std::size_t reused = 0;  ///< of those done: found done, not made now
};

/// A job that did not come about, and why.
struct Failure {
  std::string id;
  std::string error;
};

/// waiting -> ready -> running -> done or failed; waiting -> blocked. A job found done goes straight from
/// waiting to done; a failed job blocks the jobs that read it, directly or through others, and no other.
/// Tolerant jobs go on with the inputs that are left, if any. Choices depend on the plan and the reports
/// alone.
class Scheduler {
 public:
  /// `is_done(id, key)`: whether the artefacts of an earlier run serve. What counts is the answer after the
  /// job's inputs are there; before that it is asked for will_serve(). Throws std::logic_error for a plan
  /// whose first graph is unsound.
  Scheduler(Plan plan, std::function<bool(const std::string& id, const std::string& key)> is_done);

  /// The ready job that heads the longest remaining chain (by weight; ties in order of addition), now
  /// running; nothing when none is ready. Until over(), some job is running or ready.
  [[nodiscard]] std::optional<Assignment> next();
  /// A running job is done. When the plan's expand() throws, the job counts as failed with that error.
  void finished(const std::string& id);
  /// A running job did not succeed.
  void failed(const std::string& id, const std::string& error);
  /// Nothing is running or ready, nor will be.
  [[nodiscard]] bool over() const { return running_.empty() && ready_.empty(); }

  [[nodiscard]] JobState state(const std::string& id) const;
  [[nodiscard]] Tally tally() const;
  [[nodiscard]] const JobGraph& graph() const { return plan_.graph; }
  [[nodiscard]] const std::vector<Failure>& failures() const { return failures_; }
  /// Blocked jobs with the reason, in order of addition.
  [[nodiscard]] std::vector<Failure> blocked() const;
  /// The key with which a job was found done, given to a worker, or finished; "" before that.
  [[nodiscard]] std::string key(const std::string& id) const;
  /// Whether the job waits for others only to be found done: its earlier artefacts will serve if none of
  /// those fails.
  [[nodiscard]] bool will_serve(const std::string& id) const { return serving_.count(id) > 0; }

 private:
  void add(const std::vector<Job>& jobs);
  void look_ahead(const std::vector<Job>& jobs);
  bool try_expand(const std::string& id, std::string& error);
  void give_up(const std::string& id, JobState state, const std::string& reason);
  void settle(std::vector<std::string> open);
  void advance(const std::string& id, std::vector<std::string>& open);
  void block(const std::string& id, const std::string& lost, std::vector<std::string>& open);
  void set_ready(const std::string& id);
  [[nodiscard]] double chain(const std::string& id) const;

  Plan plan_;
  std::function<bool(const std::string&, const std::string&)> is_done_;
  std::map<std::string, JobState> states_;
  /// Why an artefact will not be there: failed, blocked, never planned.
  std::map<std::string, std::string> reasons_;
  std::map<std::string, std::string> keys_;
  std::map<std::string, std::size_t> positions_;  ///< order of addition
  std::map<std::size_t, std::string> ready_;      ///< by order of addition
  std::set<std::string> running_;
  std::set<std::string> serving_;  ///< will_serve()
  std::size_t reused_ = 0;
  std::vector<Failure> failures_;
  mutable std::map<std::string, double> chains_;  ///< cleared when the graph grows
};

}  // namespace taskonomy::jobs
