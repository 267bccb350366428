// The contract of a task as a list of checks: what `taskonomy tasks check` runs, one process each, runs here
// in the author's own test program and debugger. Link the CMake target taskonomy_sdk_testing.
//
//   TEST_CASE("my_task keeps the contract") { CHECK(taskonomy::sdk::testing::conforms<MyTask>()); }
//
// prints a line per check. A plugin whose class is hidden in its .cpp is reached through its entry; compile
// the .cpp into the test program:
//
//   auto subject = testing::subject_of(*taskonomy_plugin());
//   CHECK(testing::conforms(subject));
//
// The checks feed a task made-up samples of every modality of sample.hpp: a wavy, textured wall two metres
// away, seen by one to three cameras. All is deterministic: same task, same seed, same findings (but for
// decoder.budget, which measures time).
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/dataset.hpp>
#include <taskonomy/sdk/plugin.hpp>
#include <taskonomy/sdk/task.hpp>

namespace taskonomy::sdk::testing {

/// warn: kept, or beside the point, but worth knowing. skip: the check does not apply; the reason says why.
enum class Outcome { pass, warn, fail, skip };
/// quick: seconds, while writing. full: before handing a plugin on. pedantic: also what only sometimes
/// matters. Each level includes those before it.
enum class Level { quick, full, pedantic };

/// "PASS", "WARN", "FAIL", "SKIP".
[[nodiscard]] const char* name_of(Outcome outcome);
/// "quick", "full", "pedantic".
[[nodiscard]] const char* name_of(Level level);

/// What a check saw.
struct Finding {
  Outcome outcome = Outcome::pass;
  std::string reason;  ///< with numbers; several problems joined by "; "; may be empty where all is well
};

/// What the checks are tried with.
struct SubjectOptions {
  std::int64_t side = 32;                      ///< image side, pixels, a multiple of 8
  std::uint64_t seed = 1;                      ///< of samples, predictions and weights
  DatasetInfo dataset = any_dataset();         ///< what the task is told about its dataset
  std::map<std::string, ParamValue> params{};  ///< the task's recipe table; a Factory has its own
  /// Adds modalities of a dataset of one's own to a made-up sample (rgb [V,3,H,W] is there). Without it, a
  /// task that needs a modality unknown to sample.hpp skips the checks that need a sample. Where readings are
  /// to be invalid, pixels [V,C,H,W] of fractions become NaN.
  std::function<void(Sample& sample)> complete{};
};

/// A task under test, made afresh whenever a check asks for it, and samples for it. [one thread at a time]
class Subject {
 public:
  /// Makes the task for a dataset and an image side; throws what the task's constructor throws.
  using Factory = std::function<std::shared_ptr<Task>(const DatasetInfo& dataset, std::int64_t side)>;

  explicit Subject(Factory factory, SubjectOptions options = {});

  /// A new object of the task, for images of this side.
  [[nodiscard]] std::shared_ptr<Task> make(std::int64_t side) const;
  /// The one that most checks share; made when first asked for.
  [[nodiscard]] const Task& task() const;
  [[nodiscard]] const TaskInfo& info() const { return task().info(); }
  [[nodiscard]] const SubjectOptions& options() const noexcept { return options_; }
  [[nodiscard]] std::int64_t side() const noexcept { return options_.side; }

  /// Made-up sample `number` of the task's view kind, every modality filled, every reading valid; another
  /// number, another scene.
  [[nodiscard]] Sample sample(std::uint64_t number = 0) const;
  [[nodiscard]] Sample sample(std::int64_t height, std::int64_t width, std::uint64_t number = 0) const;

  /// What the host asks of the decoder for representations of `channels` channels a view, an eighth of the
  /// image's side.
  [[nodiscard]] DecoderConfig decoder_config(std::int64_t channels = 8) const;

 private:
  Factory factory_;
  SubjectOptions options_;
  mutable std::shared_ptr<Task> task_;
};

/// One promise of a task.
struct Check {
  std::string id;        ///< "loss.batch_independent": group and name
  std::string contract;  ///< one sentence: what must hold, and why it matters
  std::string hint;      ///< how it is usually mended
  Level level = Level::full;
  /// Never throws: an exception of the task is a finding.
  std::function<Finding(Subject& subject)> run;
};

/// spec.*, label.*, loss.*, decoder.*, in this order.
[[nodiscard]] const std::vector<Check>& task_checks();

/// Outcome of one check of a run.
struct Result {
  const Check* check = nullptr;
  Finding finding;
  double seconds = 0.0;
};

/// What run_checks() runs and where it prints.
struct RunOptions {
  Level level = Level::full;
  std::string only{};           ///< an id, or a group: "loss"; "" = all
  std::ostream* out = nullptr;  ///< a line per check, and hints where one is not kept; null = std::cout
};

/// Runs the checks in this process and thread, one after the other. Throws std::invalid_argument where `only`
/// matches no check.
std::vector<Result> run_checks(Subject& subject, const RunOptions& options = {});

/// Runs the checks and says whether none failed.
[[nodiscard]] bool conforms(Subject& subject, const RunOptions& options = {});

/// The task behind a plugin's entry.
[[nodiscard]] Subject subject_of(const PluginTable& plugin, SubjectOptions options = {});

/// The task of this class, which has a constructor Class(const TaskContext&).
template <typename Class>
[[nodiscard]] Subject subject_of(SubjectOptions options = {}) {
  const auto factory = [values = options.params](const DatasetInfo& dataset, std::int64_t side) {
    Params params(values);
    return std::make_shared<Class>(TaskContext{params, dataset, side});
  };
  return Subject(factory, std::move(options));
}

/// Runs all checks on the task of this class.
template <typename Class>
[[nodiscard]] bool conforms(SubjectOptions options = {}, const RunOptions& run = {}) {
  Subject subject = subject_of<Class>(std::move(options));
  return conforms(subject, run);
}

}  // namespace taskonomy::sdk::testing
