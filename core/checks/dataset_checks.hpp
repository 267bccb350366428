// The contract of a dataset as a list of checks: what it says of itself, its scenes, and the samples that it gives.
// A run reads every sample once, in several threads and processes, keeps it, and compares what is read later: a
// dataset that answers otherwise mixes splits and labels without a word.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <taskonomy/sdk/dataset.hpp>
#include <taskonomy/sdk/testing.hpp>

namespace taskonomy::checks {

/// Where a sample is.
struct SamplePlace {
  sdk::ViewKind kind = sdk::ViewKind::single;
  std::string scene;
  std::int64_t index = 0;
};
/// 'sample 3 of scene "a" (fixated_pair)'.
[[nodiscard]] std::string text_of(const SamplePlace& place);

/// A dataset under test. [one thread at a time]
class DatasetSubject {
 public:
  /// Makes a new object for an image side, pixels; throws what the constructor throws.
  using Factory = std::function<std::shared_ptr<sdk::Dataset>(std::int64_t side)>;
  explicit DatasetSubject(Factory factory, std::int64_t side = 32);

  [[nodiscard]] std::shared_ptr<sdk::Dataset> make(std::int64_t side) const { return factory_(side); }
  /// The object that most checks share, made when first asked for.
  [[nodiscard]] const sdk::Dataset& dataset() const;
  [[nodiscard]] const sdk::DatasetInfo& info() const { return dataset().info(); }
  [[nodiscard]] std::int64_t side() const noexcept { return side_; }

  /// At most `most` samples of each kind of views, of scenes far from each other: the first and the last sample of
  /// the first scene come first, then those of the last and of others.
  [[nodiscard]] std::vector<SamplePlace> places(std::size_t most) const;
  /// What the dataset offers for a kind of views: all but matches, which only matching pairs have.
  [[nodiscard]] static std::vector<std::string> offered(const sdk::Dataset& dataset, sdk::ViewKind kind);
  /// The sample with all that is offered; of the shared object or of another one.
  [[nodiscard]] sdk::Sample sample(const SamplePlace& place) const { return sample(dataset(), place); }
  [[nodiscard]] static sdk::Sample sample(const sdk::Dataset& dataset, const SamplePlace& place);

 private:
  Factory factory_;
  std::int64_t side_;
  mutable std::shared_ptr<sdk::Dataset> dataset_;
};

/// One promise of a dataset.
struct DatasetCheck {
  std::string id;        ///< "sample.pure"
  std::string contract;  ///< one sentence: what must hold, and why it matters
  std::string hint;      ///< how it is usually mended
  sdk::testing::Level level = sdk::testing::Level::full;
  std::vector<std::string> needs;  ///< ids of checks without which this one would only repeat their failure
  sdk::testing::Finding (*run)(DatasetSubject& subject);  ///< throws what the dataset throws
};

/// All of them, in the groups spec, scenes and sample.
[[nodiscard]] const std::vector<DatasetCheck>& dataset_checks();
/// spec.* and scenes.*: what the dataset says.
[[nodiscard]] std::vector<DatasetCheck> dataset_record_checks();
/// sample.*: what it gives.
[[nodiscard]] std::vector<DatasetCheck> dataset_sample_checks();

/// What `describe` answers in a copy of this process; an exception becomes its text. Throws base::Error when the copy
/// does not end as it should.
[[nodiscard]] std::string answer_of_copy(const std::function<std::string()>& describe);

}  // namespace taskonomy::checks
