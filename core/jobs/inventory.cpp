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
  look_behind_stale(run);
}

/// Whether the record bears the key that the plan gives the job, with all of its inputs or, where it
/// does without some, with those that are there. Its inputs need not be done: an artefact with the right
/// key is the right one.
bool Inventory::is_planned(const JobRecord& record, const Job& job) const {
  try {
    if (record.key == whole_.key(job.id)) return true;
  } catch (const std::logic_error&) {  // something that it reads is not planned yet
  }
  const auto present = plan_.graph.present_inputs(job.id);
  const bool possible = present.size() == job.inputs.size() || (job.tolerant && !present.empty());
  return possible && record.key == plan_.graph.key(job.id);
}

/// Adds the jobs that follow from one that is done. Returns false when its artefacts cannot be read.
bool Inventory::expand(const std::string& id) {
  if (!plan_.expand) return true;
  std::vector<Job> jobs;
  try {
    jobs = plan_.expand(id);
  } catch (const base::Error&) {
    return false;
  }
  for (Job& job : jobs) {
    whole_.add(job);
    plan_.graph.add(std::move(job));
  }
  return true;
}

/// Decides about a job whose inputs are decided.
void Inventory::look_at(const RunDirectory& run, const std::string& id) {
  const Job job = plan_.graph.job(id);
  auto record = run.record(id);
  const bool planned = record && is_planned(*record, job);
  if (planned && run.intact(*record) && expand(id)) {
    done_.emplace(id, std::move(*record));
    return;
  }
  if (record && !planned) stale_.push_back(compare(*record, job));
  absent_.insert(id);
  plan_.graph.leave_out(id);
}

/// Finds the stale jobs that followed from stale ones. The graph does not name them before
/// those are made again.
void Inventory::look_behind_stale(const RunDirectory& run) {
  if (!plan_.expand) return;
  std::vector<std::string> followers;
  for (const StaleJob& stale : stale_) {
    try {
      for (const Job& job : plan_.expand(stale.id)) {
        if (whole_.contains(job.id)) continue;
        whole_.add(job);
        followers.push_back(job.id);
      }
    } catch (
        const base::Error&) {  // the old artefacts are gone or damaged: nothing is known of what followed
    }
  }
  for (const std::string& id : followers) {
    const auto record = run.record(id);
    if (!record) continue;
    try {
      if (record->key != whole_.key(id)) stale_.push_back(compare(*record, whole_.job(id)));
    } catch (const std::logic_error&) {  // reads what is planned no more, so it will not be planned either
    }
  }
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
