// The contract of a task as a list of checks, for authors of tasks: `taskonomy tasks check` runs each check
// in a process of its own, this header runs them in the author's test program and debugger. Link the CMake
// target Taskonomy::sdk_testing.
//
//   TEST_CASE("my_task keeps the contract") { CHECK(taskonomy::sdk::testing::conforms<MyTask>()); }
//
// prints a line per check. Where the class is hidden in the plugin's .cpp, compile the .cpp into the test
// program and reach the task through the plugin's entry:
//
//   auto subject = testing::subject_of(*taskonomy_plugin());
//   CHECK(testing::conforms(subject));
//
// The checks feed a task made-up samples of every modality of sample.hpp: a wavy, textured wall two metres
// away, seen by one to three cameras; or samples of a dataset of yours:
//
//   testing::SubjectOptions options{.dataset = data.info(), .samples = testing::samples_of(data, task.info())};
//
// The same task and seed give the same findings, but for decoder.budget,
// which measures time.
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

/// What a check concludes. warn: nothing is broken, but its author should know. skip: the check does not
/// apply, and the reason says why. unchecked: it applies, but nothing here can try it; the reason says what to give.
enum class Outcome { pass, warn, fail, skip, unchecked };
/// How much to check. quick: takes seconds, for use while writing. full: before handing a plugin on.
/// pedantic: also what matters only sometimes. Each level includes those before it.
enum class Level { quick, full, pedantic };

/// "PASS", "WARN", "FAIL", "SKIP", "UNCHECKED".
[[nodiscard]] const char* name_of(Outcome outcome);
/// "quick", "full", "pedantic".
[[nodiscard]] const char* name_of(Level level);

/// The outcome of a check, and what it saw.
struct Finding {
  Outcome outcome = Outcome::pass;
  std::string reason;  ///< in numbers, several problems joined by "; "; may be empty where all is well
};

/// What the task is made from and fed with.
struct SubjectOptions {
  std::int64_t side = 32;                      ///< image side, pixels, a multiple of 8
  std::uint64_t seed = 1;                      ///< of samples, predictions and weights
  DatasetInfo dataset = any_dataset();         ///< the dataset that the task is told of
  std::map<std::string, ParamValue> params{};  ///< the task's recipe table; a Factory brings its own
  /// Adds modalities that sample.hpp does not know to a sample, which has rgb [V,3,H,W] already. Without it and
  /// without `samples`, a task that needs such a modality leaves most checks unchecked. The checks make readings of
  /// floating-point pixels [V,C,H,W] invalid by NaN.
  std::function<void(Sample& sample)> complete{};
  /// Samples to take instead of made-up ones: samples_of() a dataset of yours, whose record is `dataset` then. Views of
  /// other sides are made of them by leaving out and repeating rows and columns.
  std::vector<Sample> samples{};
};

/// Samples of a dataset for the checks of a task: at most `most`, spread over all scenes, with what the task's
/// record asks for. Throws what the dataset throws, and std::runtime_error where it has none of such views.
[[nodiscard]] std::vector<Sample> samples_of(const Dataset& dataset, const TaskInfo& info,
                                             std::size_t most = 12);

/// A task under test and the samples for it. Checks may ask for a fresh object. [one thread at a time]
class Subject {
 public:
  /// Makes the task for a dataset and an image side; throws what the task's constructor throws.
  using Factory = std::function<std::shared_ptr<Task>(const DatasetInfo& dataset, std::int64_t side)>;

  explicit Subject(Factory factory, SubjectOptions options = {});

  /// A new object of the task, for images of this side.
  [[nodiscard]] std::shared_ptr<Task> make(std::int64_t side) const;
  /// The object that most checks share, made when first asked for.
  [[nodiscard]] const Task& task() const;
  [[nodiscard]] const TaskInfo& info() const { return task().info(); }
  [[nodiscard]] const SubjectOptions& options() const noexcept { return options_; }
  [[nodiscard]] std::int64_t side() const noexcept { return options_.side; }

  /// A sample of the task's kind of views: a made-up one with every modality and only valid readings, each `number`
  /// another scene; or, where the options have samples, the next of those.
  [[nodiscard]] Sample sample(std::uint64_t number = 0) const;
  [[nodiscard]] Sample sample(std::int64_t height, std::int64_t width, std::uint64_t number = 0) const;

  /// What the host asks of a decoder for representations of `channels` channels a view, whose side is an
  /// eighth of the image's.
  [[nodiscard]] DecoderConfig decoder_config(std::int64_t channels = 8) const;

 private:
  Factory factory_;
  SubjectOptions options_;
  mutable std::shared_ptr<Task> task_;
};

/// One promise of a task.
struct Check {
  std::string id;        ///< "loss.batch_independent": group and name
  std::string contract;  ///< in one sentence: what must hold, and why it matters
  std::string hint;      ///< how to mend it, usually
  Level level = Level::full;
  /// Never throws: an exception of the task becomes a finding.
  std::function<Finding(Subject& subject)> run;
  /// Ids of checks without which this one would only repeat their failure; they stand before it in the list.
  std::vector<std::string> needs{};
};

/// All checks: the groups spec, label, augment, loss, metrics and decoder, in this order.
[[nodiscard]] const std::vector<Check>& task_checks();

/// Outcome of one check of a run.
struct Result {
  const Check* check = nullptr;
  Finding finding;
  double seconds = 0.0;
  bool tried =
      true;  ///< false: a check that it needs failed or could not be tried; the finding's reason names it
};

/// What run_checks() runs and where it prints.
struct RunOptions {
  Level level = Level::full;
  std::string only{};           ///< a check's id, or a group such as "loss"; "": all
  std::ostream* out = nullptr;  ///< gets a line per check, and hints for those that fail; null: std::cout
};

/// Runs the checks in this process and thread, one after the other, and before them those that they need. Throws
/// std::invalid_argument when `only` matches no check.
std::vector<Result> run_checks(Subject& subject, const RunOptions& options = {});

/// Runs the checks and says whether none failed and no group was left unchecked as a whole.
[[nodiscard]] bool conforms(Subject& subject, const RunOptions& options = {});

/// The task behind a plugin's entry.
[[nodiscard]] Subject subject_of(const PluginTable& plugin, SubjectOptions options = {});

/// The task of a class that has a constructor Class(const TaskContext&).
template <typename Class>
[[nodiscard]] Subject subject_of(SubjectOptions options = {}) {
  const auto factory = [values = options.params](const DatasetInfo& dataset, std::int64_t side) {
    Params params(values);
    return std::make_shared<Class>(TaskContext{params, dataset, side});
  };
  return Subject(factory, std::move(options));
}

/// Runs the checks on the task of a class; says what the other conforms() says.
template <typename Class>
[[nodiscard]] bool conforms(SubjectOptions options = {}, const RunOptions& run = {}) {
  Subject subject = subject_of<Class>(std::move(options));
  return conforms(subject, run);
}

}  // namespace taskonomy::sdk::testing
