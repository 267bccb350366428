// What a run folder has of a plan. A job counts as done only if its record bears the key that the plan gives
// it; a record with another key is stale: the job was made from something else.
#pragma once

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

/// A run folder compared with a plan, once; each record is read once. A job is done if its record bears the
/// planned key, its artefacts are there, and the plan can read which jobs follow from them.
class Inventory {
 public:
  Inventory(const RunDirectory& run, Plan plan);

  /// The jobs that are known: those of the plan, and those that follow from jobs that are done.
  [[nodiscard]] const JobGraph& graph() const { return plan_.graph; }
  [[nodiscard]] bool done(const std::string& id) const { return done_.count(id) > 0; }
  /// The records of the jobs that are done.
  [[nodiscard]] const JobRecords& records() const { return done_; }
  /// Jobs whose record bears another key than the planned one: those of graph() in its order, then those
  /// that followed from a stale job (higher-order transfers after a stale ranking). The plan names the
  /// latter again, or others in their place, once that job is made again; whoever accepts the change
  /// accepts it for them, too.
  [[nodiscard]] const std::vector<StaleJob>& stale() const { return stale_; }
  [[nodiscard]] const StaleJob* stale(const std::string& id) const;

  /// One job as a worker gets it, with the inputs that are there. Throws Error naming the nearest job
  /// when the plan has none of this id, and naming the first input that is stale or, unless the job
  /// does without, missing.
  [[nodiscard]] Assignment assignment(const std::string& id) const;

 private:
  [[nodiscard]] bool is_planned(const JobRecord& record, const Job& job) const;
  bool expand(const std::string& id);
  void look_at(const RunDirectory& run, const std::string& id);
  void look_behind_stale(const RunDirectory& run);

  Plan plan_;       ///< its graph has left out what is absent, as a run does that goes on without
  JobGraph whole_;  ///< the same with nothing left out: the keys of jobs whose inputs are to be made again
  JobRecords done_;
  std::set<std::string> absent_;
  std::vector<StaleJob> stale_;
};

/// "recipe.source.steps: 300 -> 400", with the first few of several changes; why a job is stale.
[[nodiscard]] std::string reason_text(const StaleJob& job);

}  // namespace taskonomy::jobs
