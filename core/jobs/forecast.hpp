// What jobs will take, learnt from the finished ones of their stage: for the time left, for jobs that hang,
// and for the time and disk of a whole run before it begins.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/jobs/job_graph.hpp"
#include "core/jobs/run_directory.hpp"

namespace taskonomy::jobs {

/// Seconds per unit of weight, by stage.
class Durations {
 public:
  void add(const std::string& id, double weight, double seconds);
  /// Expected seconds: weight times the median rate of its stage; for a stage of which nothing is known,
  /// times the rate of all jobs together. Nothing before any job is known.
  [[nodiscard]] std::optional<double> expected(const std::string& id, double weight) const;
  /// Seconds of processor time after which a job counts as hanging (TimeLimit): `timeout` where it is above 0;
  /// else 20 times the expected duration, at least 10 minutes; a day when nothing is known.
  [[nodiscard]] double limit(const std::string& id, double weight, double timeout) const;

 private:
  std::map<std::string, std::vector<double>> rates_;  ///< stage -> sorted seconds per weight
  double weight_ = 0.0, seconds_ = 0.0;               ///< of all jobs
};

/// Seconds and bytes of finished jobs, by stage.
class Costs {
 public:
  /// Learns from those of the jobs that have a record.
  void learn(const std::vector<Job>& jobs, const JobRecords& records);
  /// Whether a job of the stage was seen.
  [[nodiscard]] bool knows(const std::string& stage) const { return bytes_.count(stage) > 0; }
  /// Expected seconds and bytes; nothing for a stage of which no job was seen.
  [[nodiscard]] std::optional<double> seconds(const Job& job) const;
  [[nodiscard]] std::optional<double> bytes(const Job& job) const;

 private:
  struct Sizes {
    double bytes = 0.0, weight = 0.0, jobs = 0.0;
  };
  Durations durations_;
  std::map<std::string, Sizes> bytes_;
};

/// One stage of a run.
struct StageForecast {
  std::string name;
  std::size_t all = 0, done = 0;
  double seconds = 0.0;  ///< of what is left, added up
  double bytes = 0.0;    ///< of all of it
  bool known = true;     ///< false: neither time nor size can be told
};

/// A run before it begins, or half way.
struct Forecast {
  std::vector<StageForecast> stages;  ///< in the order of the plan
  double seconds = 0.0;               ///< of what is left, added up: one worker
  double longest = 0.0;               ///< of a single job
  double chain = 0.0;                 ///< of the longest chain of jobs of which each reads the one before
  double bytes = 0.0;
  [[nodiscard]] std::size_t all() const;
  [[nodiscard]] std::size_t done() const;
  /// With so many workers, were they always busy; never less than the longest job.
  [[nodiscard]] double seconds_with(std::size_t workers) const;
  /// Workers beyond which none shortens the run, because the longest chain of jobs takes as long; at least 1.
  [[nodiscard]] std::size_t workers_worth_having() const;
};

/// `done`: the records of the jobs that are done.
[[nodiscard]] Forecast forecast(const std::vector<Job>& jobs, const JobRecords& done, const Costs& costs);

}  // namespace taskonomy::jobs
