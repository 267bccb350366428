// Where the weights of a run's networks begin: [source] start, [source.start_of] and [scratch] start, looked
// up and checked before any work.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/ingredients.hpp"
#include "core/jobs/job_graph.hpp"
#include "core/network/weights.hpp"
#include "core/pipeline/job_name.hpp"
#include "core/pipeline/setup.hpp"
#include "core/report/source_results.hpp"

namespace taskonomy::pipeline {

using Starts = std::vector<report::StartedNetwork>;

/// The networks of a run in `folder` that begin with weights from elsewhere: source networks in the order of
/// the recipe, then those from scratch. Networks that are not trained begin nowhere, and neither does a task
/// that is placed into the run. A start that is gone is as RUN/starts.csv remembers it. Throws Error naming
/// the key and the cure: a start that is not there, or is no run and no safetensors file; one of another
/// encoder, width, number of channels or image side; the run itself, or a folder in it; a network that is
/// missing, not finished, damaged, or of a program with other encoders.
[[nodiscard]] Starts find_starts(const Setup& setup, const std::filesystem::path& folder);

/// The same for the network of one job; nothing where it begins at random. Networks of a learning curve begin where
/// their task's source network does.
[[nodiscard]] std::optional<report::StartedNetwork> find_start(const Setup& setup,
                                                               const std::filesystem::path& folder,
                                                               const JobName& job);

/// What a job is made from, with the weights that its network begins with, where it begins with some.
[[nodiscard]] base::Ingredients with_start(const Starts& starts, const JobName& job,
                                           base::Ingredients made_from);

/// Refuses starts that are gone, when there are networks that still need them. Throws Error naming the key.
void require_needed(const Setup& setup, const std::filesystem::path& folder, const jobs::JobGraph& graph,
                    const Starts& starts);

/// The weights that a start stands for. Throws Error naming the file when it cannot be read.
[[nodiscard]] network::Weights read_first_weights(const Setup& setup, const report::StartedNetwork& start);

}  // namespace taskonomy::pipeline
