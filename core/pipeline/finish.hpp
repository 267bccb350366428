// A chosen taxonomy's transfers, trained on: the jobs finish/T/a+b, which a run itself does not have.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/data/examples.hpp"
#include "core/jobs/job.hpp"
#include "core/network/weights.hpp"
#include "core/pipeline/job_name.hpp"
#include "core/pipeline/setup.hpp"
#include "core/transfer/finishing.hpp"

namespace taskonomy::pipeline {

/// Jobs to be done beside a finished run, and what of the run they build on.
struct Finishing {
  jobs::Plan plan;
  std::vector<std::string> needed;  ///< jobs of the run; all must be done. Part of the plan
};

/// `transfers`: names of transfers of the run in `folder`, in the order in which they are to be finished. Throws Error as
/// make_plan(), and naming a transfer that the run does not have or whose encoders cannot be tuned.
[[nodiscard]] Finishing finish(std::shared_ptr<const Setup> setup, const std::filesystem::path& folder,
                               const std::vector<JobName>& transfers);

/// What a finish job works on.
struct FinishData {
  const Setup& setup;
  const std::filesystem::path& folder;  ///< of the run
  const sdk::Task& target;
  const data::ExampleSet& examples;  ///< of the target
};

/// What it makes.
struct Finished {
  network::Weights weights;  ///< under the names that transfer::kTuned describes
  training::Summary summary;
  training::TestScores scores;
};

/// Does the job: trains the transfer on and, where the recipe's [finish] says tune, its encoders with it. Throws Error as
/// transfer::finish_transfer(), and naming a file that is damaged.
[[nodiscard]] Finished finish_network(const JobName& name, const FinishData& data,
                                      const transfer::TransferTraining& training);

/// The artefacts of the features jobs that a transfer reads.
[[nodiscard]] std::vector<std::filesystem::path> feature_files(const std::filesystem::path& folder,
                                                               const JobName& transfer,
                                                               const sdk::TaskInfo& target);

}  // namespace taskonomy::pipeline
