// What the run tells of its pilots while it works: RUN/cluster/pilots.json, for `taskonomy status`.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/jobs/run_directory.hpp"

namespace taskonomy::cluster {

/// One pilot.
struct PilotState {
  std::size_t number = 0;
  std::string state;   ///< "waiting", "starting", "ready"
  std::string node;    ///< "" while it waits
  std::string reason;  ///< what it waits for, in the engine's words: "Priority"
  std::size_t workers = 0, at_work = 0, done = 0;
  std::optional<double> left{};  ///< seconds until its time is up

  static void visit(auto& self, auto&& field) {
    field("number", self.number);
    field("state", self.state);
    field("node", self.node);
    field("reason", self.reason);
    field("workers", self.workers);
    field("at_work", self.at_work);
    field("done", self.done);
    field("left", self.left);
  }
};

/// All of them.
struct Pilots {
  std::vector<PilotState> pilots;
  double jobs_per_hour = 0.0;
  std::string stopped;  ///< why no more pilots are asked for; "" while they are

  static void visit(auto& self, auto&& field) {
    field("pilots", self.pilots);
    field("jobs_per_hour", self.jobs_per_hour);
    field("stopped", self.stopped);
  }
};

/// Errors do not matter: a full disk shows elsewhere.
void write_pilots(const jobs::RunDirectory& run, const Pilots& pilots);
void remove_pilots(const jobs::RunDirectory& run);
/// Nothing where no run with pilots works, and for a damaged file.
[[nodiscard]] std::optional<Pilots> read_pilots(const jobs::RunDirectory& run);
/// Lines for people.
[[nodiscard]] std::string pilots_text(const Pilots& pilots);

}  // namespace taskonomy::cluster
