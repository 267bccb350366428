#include "core/jobs/inventory.hpp"

#include <algorithm>
#include <stdexcept>

#include "core/base/error.hpp"
#include "core/base/text.hpp"

namespace taskonomy::jobs {

namespace {

StaleJob compare(const JobRecord& record, const Job& job) {
  StaleJob stale{job.id, {}, record.ingredients.empty()};
  if (stale.unknown) return stale;
  try {
    stale.changes = base::differences(base::Ingredients::parse(record.ingredients),
                                      base::Ingredients::parse(job.ingredients));
  } catch (const base::Error&) {
    stale.unknown = true;  // a damaged record
  }
  return stale;
}

}  // namespace

Inventory::Inventory(const RunDirectory& run, Plan plan) : plan_(std::move(plan)), whole_(plan_.graph) {
  // A job is decided once all of its inputs are. Jobs that a finished one names come later in the graph, also
  // as inputs of earlier ones; so the graph is gone through until nothing moves.
  const auto decided = [&](const std::string& id) { return done_.count(id) + absent_.count(id) > 0; };
  for (bool moved = true; moved;) {
    moved = false;
    for (std::size_t i = 0; i < plan_.graph.size(); ++i) {
      const Job job = plan_.graph.jobs()[i];  // the graph may grow
      if (decided(job.id) || !std::all_of(job.inputs.begin(), job.inputs.end(), decided)) continue;
      look_at(run, job.id);
      moved = true;
    }
    if (moved) continue;
    for (const auto& [input, reader] : plan_.graph.missing()) {  // nobody planned it
      if (!absent_.insert(input).second) continue;
      plan_.graph.leave_out(input);
      moved = true;
    }
  }
}

/// Whether the record bears the key that the plan gives the job, with all of its inputs or, where
/// it does without some, with those that are there. Its inputs need not be done: an artefact with
/// the right key is the right one.
bool Inventory::serves(const RunDirectory& run, const Job& job) const {
  try {
    if (run.done(job.id, whole_.key(job.id))) return true;
  } catch (const std::logic_error&) {  // something that it reads is not planned yet
  }
  const auto present = plan_.graph.present_inputs(job.id);
  const bool possible = present.size() == job.inputs.size() || (job.tolerant && !present.empty());
  return possible && run.done(job.id, plan_.graph.key(job.id));
}

/// Decides about a job whose inputs are decided.
void Inventory::look_at(const RunDirectory& run, const std::string& id) {
  const Job job = plan_.graph.job(id);
  if (serves(run, job)) {
    done_.insert(id);
    if (!plan_.expand) return;
    for (Job& more : plan_.expand(id)) {
      whole_.add(more);
      plan_.graph.add(std::move(more));
    }
    return;
  }
  if (const auto record = run.record(id)) stale_.push_back(compare(*record, job));
  absent_.insert(id);
  plan_.graph.leave_out(id);
}

const StaleJob* Inventory::stale(const std::string& id) const {
  const auto found =
      std::find_if(stale_.begin(), stale_.end(), [&](const StaleJob& job) { return job.id == id; });
  return found == stale_.end() ? nullptr : &*found;
}

Assignment Inventory::assignment(const std::string& id) const {
  if (!plan_.graph.contains(id)) {
    std::vector<std::string> known;
    for (const Job& job : plan_.graph.jobs()) known.push_back(job.id);
    throw base::Error("the run has no job \"" + id + "\"" + base::did_you_mean(id, known));
  }
  const Job& job = plan_.graph.job(id);
  const auto present = plan_.graph.present_inputs(id);
  for (const std::string& input : job.inputs)
    if (const StaleJob* old = stale(input))
      throw base::Error("job \"" + id + "\" needs \"" + input + "\", which is stale: " + reason_text(*old) +
                        "; make that first, or go on with the whole run");
  for (const std::string& input : job.inputs)
    if (absent_.count(input) > 0 && (!job.tolerant || present.empty()))
      throw base::Error("job \"" + id + "\" needs \"" + input + "\", which is not done yet");
  return {id, plan_.graph.key(id), present, job.ingredients};
}

std::string reason_text(const StaleJob& job) {
  constexpr std::size_t kShown = 3;
  if (job.unknown) return "its record does not say what it was made from";
  if (job.changes.empty()) return "what it reads was made from something else, or is to be made again";
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < std::min(kShown, job.changes.size()); ++i)
    texts.push_back(job.changes[i].text());
  if (job.changes.size() > kShown)
    texts.push_back("and " + std::to_string(job.changes.size() - kShown) + " more");
  return base::join(texts, "; ");
}

}  // namespace taskonomy::jobs
