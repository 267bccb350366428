// The stages of a run, as a table: what each does, what its jobs cost, where `--until` stops, and what their
// keys are made of. A new stage is a row here, a name in job_name.cpp, a function in plan.cpp and one in
// execute.cpp; the compiler finds a switch that lacks it.
#pragma once

#include <string>
#include <vector>

#include "core/jobs/job.hpp"
#include "core/jobs/job_graph.hpp"

namespace taskonomy::pipeline {

/// In the order of the method (paper section 3).
enum class Stage {
  samples,
  images,
  examples,
  source,
  constant,
  pictures,
  curve,
  scratch,
  features,
  transfer,
  shortlist,
  affinity,
  report,
  predictions,
  finish
};

/// The last part of the method for which a stage's jobs are needed.
enum class Until {
  sources,    ///< step I: data, source networks, and what Table 1 and the pictures need
  transfers,  ///< step II as well, not yet judged
  end
};

/// Which code computes a stage's artefacts, beyond this program's own (StageRow::version). The keys
/// of its jobs name that code.
enum class MadeBy {
  numbers,  ///< this program alone
  tensors,  ///< LibTorch, the SDK library and, where the planner says so, a plugin
  networks  ///< the same on a device, in a precision
};

/// What the rest of the program knows of a stage.
struct StageRow {
  Stage stage;
  std::string name;  ///< the first part of its jobs' ids
  std::string does;  ///< for people: "trains each task's network"
  Until until;       ///< runs that stop before this point leave the stage out
  MadeBy made_by;
  /// Raise it when the code of the stage changes its results: artefacts of the old version are made again.
  int version;
  jobs::Disk disk;
  /// Cost of one unit of its jobs, roughly milliseconds on one core at 64 px. Only ratios matter. The unit is
  /// an image that goes through; of stages without images, one job.
  double unit_cost;
};

/// All stages, in the order of Stage.
[[nodiscard]] const std::vector<StageRow>& stages();
[[nodiscard]] const StageRow& row_of(Stage stage);

/// The words of `--until`: "sources", "transfers". apps/taskonomy/run_commands.cpp has them, too, in the help.
[[nodiscard]] const std::vector<std::string>& stopping_points();

/// The plan without the jobs behind a stopping point, also among those that only become known on the way.
/// Throws std::logic_error for another word.
[[nodiscard]] jobs::Plan stop_after(jobs::Plan plan, const std::string& point);

}  // namespace taskonomy::pipeline
