// What a person should look at in the data before a run: values of modalities that break their conventions,
// labels from which nothing can be learned.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include <taskonomy/sdk/dataset.hpp>
#include <taskonomy/sdk/task.hpp>
#include <taskonomy/sdk/torch.hpp>

namespace taskonomy::checks {

/// How bad a remark is.
enum class Gravity {
  suspicion,  ///< may be right, but look at it
  fault       ///< a run could not work
};

/// One sentence about one thing that looks wrong.
struct Remark {
  Gravity gravity = Gravity::suspicion;
  std::string subject;  ///< "modality depth_zbuffer", "task normal", "split test"
  std::string text;     ///< with numbers, and what to do where that is known
};

/// What is known of a modality or a label after some samples.
struct ValueSummary {
  std::int64_t tensors = 0;   ///< how many were looked at
  std::int64_t constant = 0;  ///< of those with two values or more: how many hold a single value throughout
  std::int64_t empty = 0;     ///< how many have no valid value
  double low = std::numeric_limits<double>::infinity();    ///< the smallest valid value
  double high = -std::numeric_limits<double>::infinity();  ///< the largest valid value
  double sum = 0.0;                                        ///< of all valid values
  double valid = 0.0;                                      ///< number of valid values
  double all = 0.0;                                        ///< number of values
  double saturated = 0.0;  ///< number of valid values at an end of the range that was given to add()

  /// Takes one tensor; `valid` (bool, broadcastable) says which values count. Values at or beyond `lowest` or
  /// `highest` are saturated.
  void add(const torch::Tensor& values, const torch::Tensor& valid,
           double lowest = -std::numeric_limits<double>::infinity(),
           double highest = std::numeric_limits<double>::infinity());
  [[nodiscard]] double mean() const { return valid > 0.0 ? sum / valid : 0.0; }
  /// Shares of 0..1; 0 where there is nothing to divide by.
  [[nodiscard]] double valid_share() const { return all > 0.0 ? valid / all : 0.0; }
  [[nodiscard]] double saturated_share() const { return valid > 0.0 ? saturated / valid : 0.0; }
};

/// Follows one modality over samples: are its values what sdk/sample.hpp says they are, in units, ranges,
/// unit lengths, class ids, rotations and cameras?
class ModalityLint {
 public:
  /// `classes`: how many the dataset names for this modality, 0 where it names none.
  ModalityLint(std::string modality, std::int64_t classes);
  /// Takes one sample's values, with all its views. `intrinsics` [V,3,3] of its cameras, where they are known, tell
  /// which side of a surface was seen.
  void add(const torch::Tensor& values, const std::string& sample_id, std::int64_t side,
           const torch::Tensor& intrinsics = {});
  /// Counts a sample that lacks the modality, for a reason that the dataset gives.
  void add_absent(const std::string& sample_id, const std::string& reason);

  [[nodiscard]] const std::string& modality() const { return modality_; }
  [[nodiscard]] const ValueSummary& values() const { return summary_; }
  [[nodiscard]] std::int64_t absent() const { return absent_; }
  /// What looks wrong in the samples so far.
  [[nodiscard]] std::vector<Remark> remarks() const;

 private:
  /// A rule that some samples break: how many, and the first of them.
  struct Broken {
    std::int64_t samples = 0;
    std::string first;
  };
  void note(const std::string& rule, const std::string& sample_id);
  void check_depth(const torch::Tensor& values);
  void check_lengths(const torch::Tensor& values, const std::string& sample_id);
  void check_side(const torch::Tensor& normals, const std::string& sample_id,
                  const torch::Tensor& intrinsics);
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

/// Follows one task over samples: does it make examples of them, and do its labels say anything?
/// The task outlives it.
class LabelLint {
 public:
  /// `seed` of the run: examples are drawn as a real run would draw them. `labels_may_lack`: samples that
  /// lack what the label is made from are counted, but no fault however many (missing = "skip").
  LabelLint(const sdk::Task& task, std::uint64_t seed, bool labels_may_lack = false)
      : task_(task), seed_(seed), labels_may_lack_(labels_may_lack) {}
  /// Makes the sample's example. A sample at which the task throws is counted as left out.
  void add(const sdk::Sample& sample);

  [[nodiscard]] const std::string& task() const { return task_.info().id; }
  [[nodiscard]] const ValueSummary& values() const { return summary_; }
  [[nodiscard]] std::int64_t left_out() const { return left_out_; }
  /// Among others a fault when more samples are left out than a run tolerates, and when none has
  /// a label that counts.
  [[nodiscard]] std::vector<Remark> remarks() const;

 private:
  const sdk::Task& task_;
  std::uint64_t seed_;
  bool labels_may_lack_;
  ValueSummary summary_;
  std::int64_t left_out_ = 0,
               refused_ = 0;  ///< without an example; of those, for another reason than a missing label
  std::string first_left_out_;
};

}  // namespace taskonomy::checks
