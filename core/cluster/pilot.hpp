// A pilot as its host knows it, and the jobs it works on.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/cluster/clock.hpp"
#include "core/cluster/link.hpp"
#include "core/jobs/job.hpp"

namespace taskonomy::cluster {

/// A job that a pilot works on, or that waits for one.
struct Task {
  jobs::Assignment assignment;
  std::function<double()> limit;
  double limit_sent = 0.0;
  Clock::time_point begin{};  ///< when it went to the pilot
  jobs::JobStep step{};
};

/// One that was asked for and has not ended.
struct Pilot {
  std::size_t number = 0;
  std::unique_ptr<Link> link;  ///< nothing while it waits, and between two connections
  bool greeted = false, ready = false;
  bool gone = false;    ///< it has ended, and its jobs are with others
  bool broken = false;  ///< it said that it cannot work
  std::string parting;  ///< why it ends, in its own words
  std::string node;
  std::size_t workers = 0, done = 0;
  Clock::time_point asked = Clock::now(), began = asked, heard = asked;
  std::optional<Clock::time_point> end;        ///< of its time
  std::map<std::string, Task> tasks;           ///< by job
  std::map<std::string, std::string> at_work;  ///< jobs of an earlier host -> key, not asked for again yet

  [[nodiscard]] std::string name() const {
    return "pilot " + std::to_string(number) + (node.empty() ? "" : " on " + node);
  }
  /// [end] Until its time is up.
  [[nodiscard]] double seconds_left() const {
    return std::chrono::duration<double>(*end - Clock::now()).count();
  }
  /// Workers that are free.
  [[nodiscard]] std::size_t room() const {
    const std::size_t busy = tasks.size() + at_work.size();
    return !ready || busy >= workers ? 0 : workers - busy;
  }
};

}  // namespace taskonomy::cluster
