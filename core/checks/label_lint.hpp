// Can a task be trained on these samples: does it make examples of them, and do its labels say anything?
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <taskonomy/sdk/task.hpp>

#include "core/checks/finding.hpp"
#include "core/checks/value_summary.hpp"

namespace taskonomy::checks {

/// Follows one task over samples. The task outlives it.
class LabelLint {
 public:
  /// `seed`: of the run, as for the examples of a real one.
  LabelLint(const sdk::Task& task, std::uint64_t seed) : task_(task), seed_(seed) {}
  /// Makes the sample's example; whatever the task throws is counted.
  void add(const sdk::Sample& sample);

  [[nodiscard]] const std::string& task() const { return task_.info().id; }
  [[nodiscard]] const ValueSummary& values() const { return summary_; }
  [[nodiscard]] std::int64_t left_out() const { return left_out_; }
  /// A fault where more samples fail than a run tolerates, or none has a label that counts.
  [[nodiscard]] std::vector<Finding> findings() const;

 private:
  const sdk::Task& task_;
  std::uint64_t seed_;
  ValueSummary summary_;
  std::int64_t left_out_ = 0;
  std::string first_left_out_;
};

}  // namespace taskonomy::checks
