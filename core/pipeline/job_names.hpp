// Names of jobs and of the artefacts that they leave in the run folder. One place, so that planning and work
// agree.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <taskonomy/sdk/task.hpp>

#include "core/affinity/loss_file.hpp"
#include "core/transfer/orders.hpp"

namespace taskonomy::pipeline::names {

using transfer::Sources;

/// samples/single/003; of a placed task's own shards samples/single+normal/003
[[nodiscard]] std::string samples(sdk::ViewKind kind, std::size_t shard, const std::string& task = "");
[[nodiscard]] std::string images(sdk::ViewKind kind);         ///< images/single
[[nodiscard]] std::string examples(const std::string& task);  ///< examples/normal
[[nodiscard]] std::string constant(const std::string& task);  ///< constant/normal
[[nodiscard]] std::string source(const std::string& task);    ///< source/normal
[[nodiscard]] std::string scratch(const std::string& task);   ///< scratch/normal
/// features/normal/single for targets that look at plain images, features/normal/denoising for those with own
/// inputs.
[[nodiscard]] std::string features(const std::string& source, const sdk::TaskInfo& target);
[[nodiscard]] std::string transfer(const std::string& target,
                                   const Sources& sources);      ///< transfer/normal/a+b
[[nodiscard]] std::string shortlist(const std::string& target);  ///< shortlist/normal
[[nodiscard]] std::string affinity(const std::string& target);   ///< affinity/normal
[[nodiscard]] std::string pictures(const std::string& task);     ///< pictures/normal
inline const std::string kReport = "report";

/// The parts of a job's id between slashes.
[[nodiscard]] std::vector<std::string> parts(const std::string& job);

/// Artefacts, relative to the run folder.
namespace file {
[[nodiscard]] std::filesystem::path samples(sdk::ViewKind kind, std::size_t shard,
                                            const std::string& task = "");
[[nodiscard]] std::filesystem::path images(sdk::ViewKind kind);
[[nodiscard]] std::filesystem::path examples(const std::string& task);
[[nodiscard]] std::filesystem::path source(const std::string& task);
[[nodiscard]] std::filesystem::path scratch(const std::string& task);
[[nodiscard]] std::filesystem::path features(const std::string& source, const sdk::TaskInfo& target);
[[nodiscard]] std::filesystem::path transfer(const std::string& target, const Sources& sources);
/// Losses of one competitor for a target: its sources, or one of the names below.
[[nodiscard]] std::filesystem::path losses(const std::string& target, const std::string& competitor);
inline const std::string kSelf = affinity::kSelfFile;
inline const std::string kScratch = affinity::kScratchFile;
inline const std::string kConstant = affinity::kConstantFile;
[[nodiscard]] std::filesystem::path shortlist(const std::string& target);
[[nodiscard]] std::filesystem::path affinity(const std::string& target);
[[nodiscard]] std::filesystem::path tournament(const std::string& target);
inline const std::filesystem::path kSummary = "summary.txt";
}  // namespace file

}  // namespace taskonomy::pipeline::names
