// One pilot at work: takes orders over a connection and runs them in worker processes of this machine.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "core/cluster/link.hpp"
#include "core/cluster/messages.hpp"
#include "core/jobs/pool.hpp"
#include "core/jobs/run_directory.hpp"

namespace taskonomy::cluster {

/// What an agent needs to begin.
struct AgentSettings {
  jobs::RunDirectory run;
  std::size_t pilot = 0;  ///< its number
  std::string node{};     ///< how the engine calls its machine; "": base::host_name()
  std::size_t workers = 1;
  double seconds = 0.0;   ///< that it may live; 0: any time
  std::string version{};  ///< of the program
  std::string stamp{};    ///< of the program's files
  /// Makes the connection; nothing while there is none to be had. Called again when one was lost.
  std::function<std::unique_ptr<Link>()> connect{};
  /// Seconds to go on trying, and to keep what was found out, when the connection is lost. 0: ends at once.
  double patience = 0.0;
  /// The token of the host that connect() reached; null: none.
  std::function<std::string()> token{};
  /// Makes the pool of `workers`, once this machine sees the run's folder. Throws Error when it cannot do the run's
  /// jobs as its host would.
  std::function<std::unique_ptr<jobs::WorkerPool>()> make_pool{};
  /// The signal that tells it to end, 0 for none; asked again and again.
  std::function<int()> interrupted{};
};

/// Serves hosts until one says stop, the connection is lost for good, or a signal comes; workers end with it. Returns
/// why it ended. Throws Error when it could not work at all, which it has told the host.
[[nodiscard]] std::string serve(const AgentSettings& settings, jobs::RunLog& log);

}  // namespace taskonomy::cluster
