// Reports whose files this machine does not see yet.
#pragma once

#include <list>
#include <string>
#include <vector>

#include "core/cluster/clock.hpp"
#include "core/cluster/messages.hpp"
#include "core/jobs/run_directory.hpp"

namespace taskonomy::cluster {

/// Keeps reports of finished jobs until their records and artefacts can be read here as they were written there.
class Settling {
 public:
  Settling(jobs::RunDirectory run, double patience) : run_(std::move(run)), patience_(patience) {}
  /// `pilot`: who reported it, for the message when it never settles.
  void add(Finished finished, std::string pilot);
  /// The reports that have settled, and those that have not within the patience, as failed. Looks again at once,
  /// then ever more seldom, every two seconds at last.
  [[nodiscard]] std::vector<Finished> settled();
  [[nodiscard]] bool empty() const { return waiting_.empty(); }

 private:
  struct Waiting {
    Finished finished;
    std::string pilot;
    Clock::time_point came = Clock::now(), look = came;
  };

  jobs::RunDirectory run_;
  double patience_;
  std::list<Waiting> waiting_;
};

}  // namespace taskonomy::cluster
