// How long a job may be expected to take, learnt from the finished ones: for the time left and for hanging
// jobs.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace taskonomy::jobs {

/// Seconds per unit of weight, by stage.
class Durations {
 public:
  void add(const std::string& id, double weight, double seconds);
  /// Expected seconds: weight times the median rate of its stage; for a stage of which nothing is known,
  /// times the rate of all jobs together. Nothing before any job is known.
  [[nodiscard]] std::optional<double> expected(const std::string& id, double weight) const;
  /// Seconds after which a job counts as hanging: `timeout` where it is above 0; else 20 times the expected
  /// duration, at least 10 minutes; a day when nothing is known.
  [[nodiscard]] double limit(const std::string& id, double weight, double timeout) const;

 private:
  std::map<std::string, std::vector<double>> rates_;  ///< stage -> sorted seconds per weight
  double weight_ = 0.0, seconds_ = 0.0;               ///< of all jobs
};

}  // namespace taskonomy::jobs
