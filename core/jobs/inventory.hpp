// What a run folder has of a plan. A job counts as done only if its record bears the key that the plan gives
// it; a record with another key is stale: the job was made from something else.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/base/ingredients.hpp"
#include "core/jobs/job.hpp"
#include "core/jobs/run_directory.hpp"

namespace taskonomy::jobs {

/// A job that was made from something else than the plan says.
struct StaleJob {
  std::string id;
  /// How its own ingredients changed; empty when only artefacts that it reads did.
  std::vector<base::IngredientChange> changes;
  /// Its record does not say what it was made from, as records of version 1.0 do not.
  bool unknown = false;
};

/// A run folder compared with a plan, once. Jobs that become known on the way are known as
/// far as finished jobs name them.
class Inventory {
 public:
  /// Throws what the plan's expand() throws.
  Inventory(const RunDirectory& run, Plan plan);

  [[nodiscard]] const JobGraph& graph() const { return plan_.graph; }
  [[nodiscard]] bool done(const std::string& id) const { return done_.count(id) > 0; }
  /// In the order of the plan.
  [[nodiscard]] const std::vector<StaleJob>& stale() const { return stale_; }
  [[nodiscard]] const StaleJob* stale(const std::string& id) const;

  /// One job as a worker gets it, with the inputs that are there. Throws Error naming the nearest
  /// job when the plan has none of this id, and naming the first input that is stale or, unless
  /// the job does without, missing.
  [[nodiscard]] Assignment assignment(const std::string& id) const;

 private:
  [[nodiscard]] bool serves(const RunDirectory& run, const Job& job) const;
  void look_at(const RunDirectory& run, const std::string& id);

  Plan plan_;       ///< its graph has left out what is absent, as a run does that goes on without
  JobGraph whole_;  ///< the same with nothing left out: the keys of jobs whose inputs are to be made again
  std::set<std::string> done_, absent_;
  std::vector<StaleJob> stale_;
};

/// "recipe.source.steps: 300 -> 400", with the first few of several changes; why a job is stale.
[[nodiscard]] std::string reason_text(const StaleJob& job);

}  // namespace taskonomy::jobs
