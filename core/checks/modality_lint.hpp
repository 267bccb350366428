// Are the values of a modality what sdk/sample.hpp says they are: units, ranges, unit lengths, class ids,
// rotations, cameras?
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <taskonomy/sdk/dataset.hpp>

#include "core/checks/finding.hpp"
#include "core/checks/value_summary.hpp"

namespace taskonomy::checks {

/// Follows one modality over samples.
class ModalityLint {
 public:
  /// `classes`: how many the dataset names for this modality, 0 where it names none.
  ModalityLint(std::string modality, std::int64_t classes);
  /// One sample's values, with all their views.
  void add(const torch::Tensor& values, const std::string& sample_id, std::int64_t side);
  /// The sample lacks it, for a reason that the dataset gives.
  void add_absent(const std::string& sample_id, const std::string& reason);

  [[nodiscard]] const std::string& modality() const { return modality_; }
  [[nodiscard]] const ValueSummary& values() const { return summary_; }
  [[nodiscard]] std::int64_t absent() const { return absent_; }
  [[nodiscard]] std::vector<Finding> findings() const;

 private:
  /// A rule that some samples break: how many, and the first of them.
  struct Broken {
    std::int64_t samples = 0;
    std::string first;
  };
  void note(const std::string& rule, const std::string& sample_id);
  void check_depth(const torch::Tensor& values);
  void check_vectors(const torch::Tensor& values, const std::string& sample_id);
  void check_camera(const torch::Tensor& values, const std::string& sample_id, std::int64_t side);
  void check_shares(const torch::Tensor& values, const std::string& sample_id);
  [[nodiscard]] std::string unit_suspicion() const;

  std::string modality_;
  std::int64_t classes_;
  ValueSummary summary_;
  std::int64_t absent_ = 0;
  std::string first_absent_;
  std::vector<double> medians_;           ///< of depth, one per sample, metres
  std::map<std::string, Broken> broken_;  ///< rule -> samples
};

}  // namespace taskonomy::checks
