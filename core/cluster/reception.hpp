// Connections whose agents have not said who they are.
#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <memory>
#include <vector>

#include "core/cluster/clock.hpp"
#include "core/cluster/engine.hpp"
#include "core/cluster/messages.hpp"
#include "core/jobs/run_directory.hpp"

namespace taskonomy::cluster {

/// Hears the first lines of connections, and closes those that are no agent's of this run: over the network, one that
/// says anything but a hello with the run's token, or nothing for half a minute. [one thread]
class Reception {
 public:
  explicit Reception(jobs::RunLog& log) : log_(log) {}

  /// An agent that said hello.
  struct Newcomer {
    std::unique_ptr<Link> link;
    Hello hello;
  };
  [[nodiscard]] std::vector<Newcomer> newcomers(Engine& engine);
  /// The connections that it listens to.
  [[nodiscard]] std::vector<const Link*> links() const;

 private:
  struct Waiting {
    Arrival arrival;
    Clock::time_point came = Clock::now();
    std::size_t lines = 0;
  };
  void hear(Waiting& waiting, std::vector<Newcomer>& newcomers);

  jobs::RunLog& log_;
  std::list<Waiting> waiting_;
};

}  // namespace taskonomy::cluster
