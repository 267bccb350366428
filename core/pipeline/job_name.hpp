// The jobs of the method as values, and the artefacts that they leave in the run folder. The machinery
// in core/jobs sees a job's name only as text ("transfer/normal/a+b"); this is the one place that
// writes and reads that text.
#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <taskonomy/sdk/task.hpp>

#include "core/affinity/loss_file.hpp"
#include "core/pipeline/stages.hpp"
#include "core/recipe/recipe.hpp"
#include "core/transfer/orders.hpp"

namespace taskonomy::pipeline {

using transfer::Sources;

/// What a job is about: its stage, and those of the fields below that the stage has. The functions of
/// namespace `job` fill in the right ones.
struct JobName {
  Stage stage = Stage::report;
  std::string task{};  ///< the task itself, or the target of a transfer
  Sources sources{};   ///< features: the one encoder; transfer, finish: those that are joined
  std::optional<sdk::ViewKind> view_kind{};  ///< samples, images, features of plain images
  std::size_t shard = 0;                     ///< samples
  std::size_t divisor = 1;                   ///< curve: the network sees one training image in so many

  /// "transfer/normal/reshading+depth_zbuffer": the id of the job.
  [[nodiscard]] std::string text() const;
  operator std::string() const { return text(); }  // NOLINT: a name stands wherever the machinery wants an id
  /// The name that text() gave; nothing for any other text.
  [[nodiscard]] static std::optional<JobName> parse(std::string_view id);

  friend bool operator==(const JobName&, const JobName&) = default;
};

/// Names of jobs, and under them the ids as they are written.
namespace job {
/// samples/single/003; a placed task's own shards: samples/single+normal/003
[[nodiscard]] JobName samples(sdk::ViewKind kind, std::size_t shard, const std::string& placed = "");
[[nodiscard]] JobName images(sdk::ViewKind kind);                           ///< images/single
[[nodiscard]] JobName examples(const std::string& task);                    ///< examples/normal
[[nodiscard]] JobName source(const std::string& task);                      ///< source/normal
[[nodiscard]] JobName constant(const std::string& task);                    ///< constant/normal
[[nodiscard]] JobName scratch(const std::string& task);                     ///< scratch/normal
[[nodiscard]] JobName pictures(const std::string& task);                    ///< pictures/normal
[[nodiscard]] JobName curve(const std::string& task, std::size_t divisor);  ///< curve/normal@2
/// features/normal/single for targets that look at plain images, features/normal/denoising for a
/// target with images of its own.
[[nodiscard]] JobName features(const std::string& source, const sdk::TaskInfo& target);
[[nodiscard]] JobName transfer(const std::string& target, const Sources& sources);  ///< transfer/normal/a+b
[[nodiscard]] JobName shortlist(const std::string& target);                         ///< shortlist/normal
[[nodiscard]] JobName affinity(const std::string& target);                          ///< affinity/normal
[[nodiscard]] JobName report();                                                     ///< report
[[nodiscard]] JobName predictions(const std::string& target);                       ///< predictions/normal
[[nodiscard]] JobName finish(const std::string& target, const Sources& sources);    ///< finish/normal/a+b
}  // namespace job

/// What a learning curve's networks are trained on, beside the whole: a half and a quarter of the training
/// images.
inline constexpr std::array<std::size_t, 2> kCurveDivisors{2, 4};

/// The main artefact of a job, relative to the run folder: the file that its readers read. Throws
/// std::logic_error for stages that leave none (constant, pictures, curve, report).
[[nodiscard]] std::filesystem::path artefact_of(const JobName& name);
/// What a network, a transfer or the constant guess is worth on the test images, relative to the run folder.
/// Throws std::logic_error for other stages.
[[nodiscard]] std::filesystem::path losses_of(const JobName& name);
/// The other losses that constant/T leaves: those of the guess with one value for each channel.
[[nodiscard]] std::filesystem::path average_losses_of(const std::string& task);
/// The tournament of a target as a table of win rates, beside its affinities.
[[nodiscard]] std::filesystem::path tournament_of(const std::string& target);
/// What else affinity/T leaves: what its images say of the transfers into the target.
[[nodiscard]] std::filesystem::path verdicts_of(const std::string& target);

/// The plugin whose code a job runs, as messages name it: 'task "normal"', 'dataset "scenes"'; "" for jobs
/// that run none, and for other ids.
[[nodiscard]] std::string plugin_of(const std::string& id, const recipe::Recipe& recipe);

/// The closing text of a run.
inline const std::filesystem::path kSummaryFile = "summary.txt";

}  // namespace taskonomy::pipeline
