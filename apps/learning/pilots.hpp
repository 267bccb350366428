// The pool of a run that uses other machines.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/jobs/pool.hpp"
#include "core/jobs/run_directory.hpp"
#include "core/recipe/cluster.hpp"

namespace taskonomy::cli {

/// What a person hears of pilots and is asked about them.
struct PilotTalk {
  std::function<void(const std::string&)> say;  ///< takes a sentence; null: nobody listens
  std::function<bool()> interrupted;            ///< whether a person stopped the run
};

/// [under run.lock()] Pilots as [cluster] says, none of them started yet. A run that is stopped asks whether they shall
/// live on, where they can and there is a terminal. Throws Error for what cannot be.
[[nodiscard]] std::unique_ptr<jobs::Pool> make_pilot_pool(const jobs::RunDirectory& run,
                                                          const recipe::Cluster& cluster,
                                                          const std::vector<std::string>& plugin_dirs,
                                                          PilotTalk talk, jobs::RunLog& log);

}  // namespace taskonomy::cli
