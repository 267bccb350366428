// Transitions of the job state machine.
#include "core/jobs/scheduler.hpp"

#include <algorithm>
#include <stdexcept>

namespace taskonomy::jobs {

Scheduler::Scheduler(Plan plan, std::function<bool(const std::string&, const std::string&)> is_done)
    : plan_(std::move(plan)), is_done_(std::move(is_done)) {
  std::vector<std::string> open;
  for (const Job& job : plan_.graph.jobs()) {
    states_[job.id] = JobState::waiting;
    positions_[job.id] = open.size();
    open.push_back(job.id);
  }
  settle(std::move(open));
  look_ahead(plan_.graph.jobs());
}

/// A key is known only once all inputs are planned; other jobs are checked when they become ready.
void Scheduler::look_ahead(const std::vector<Job>& jobs) {
  for (const Job& job : jobs) {
    if (state(job.id) != JobState::waiting) continue;
    try {
      if (is_done_(job.id, plan_.graph.key(job.id))) serving_.insert(job.id);
    } catch (const std::logic_error&) {
    }
  }
}

void Scheduler::add(const std::vector<Job>& jobs) {
  for (const Job& job : jobs) {
    positions_[job.id] = plan_.graph.size();
    plan_.graph.add(job);
    states_[job.id] = JobState::waiting;
  }
  chains_.clear();
  look_ahead(jobs);
}

/// Asks the plan which jobs follow from a finished one. Returns false and gives the reason when its
/// artefacts cannot be read.
bool Scheduler::try_expand(const std::string& id, std::string& error) {
  if (!plan_.expand) return true;
  std::vector<Job> jobs;
  try {
    jobs = plan_.expand(id);
  } catch (const std::exception& failure) {
    error = failure.what();
    return false;
  }
  add(jobs);
  return true;
}

/// Looks at open jobs until none of them changes its state any more.
void Scheduler::settle(std::vector<std::string> open) {
  for (;;) {
    while (!open.empty()) {
      const std::string id = open.back();
      open.pop_back();
      advance(id, open);
    }
    if (!over()) return;
    // Nothing runs or is ready, so nobody will plan the missing inputs any more.
    const std::string because = failures_.empty() ? "" : ", because " + failures_.front().id + " failed";
    for (const auto& [input, reader] : plan_.graph.missing()) {
      if (!reasons_.emplace(input, "needs \"" + input + "\", which was never scheduled" + because).second)
        continue;
      plan_.graph.leave_out(input);
      for (const std::string& waiting : plan_.graph.readers(input)) open.push_back(waiting);
    }
    if (open.empty()) return;
  }
}

/// Decides whether a waiting job is blocked, done already, ready, or must go on waiting. Adds to `open` the
/// jobs that this may change.
void Scheduler::advance(const std::string& id, std::vector<std::string>& open) {
  if (state(id) != JobState::waiting) return;
  const Job& job = plan_.graph.job(id);
  std::string lost;
  std::size_t present = 0;
  bool complete = true;
  for (const std::string& input : job.inputs) {
    if (reasons_.count(input) > 0) {
      if (lost.empty()) lost = input;
    } else if (plan_.graph.contains(input) && state(input) == JobState::done) {
      ++present;
    } else {
      complete = false;
    }
  }
  if (!job.tolerant && !lost.empty()) return block(id, lost, open);
  if (!complete) return;
  if (!lost.empty() && present == 0) return block(id, lost, open);
  const std::string key = keys_[id] = plan_.graph.key(id);
  if (is_done_(id, key)) {
    const std::size_t before = plan_.graph.size();
    std::string error;
    if (try_expand(id, error)) {
      states_[id] = JobState::done;
      ++reused_;
      for (std::size_t i = before; i < plan_.graph.size(); ++i) open.push_back(plan_.graph.jobs()[i].id);
      for (const std::string& reader : plan_.graph.readers(id)) open.push_back(reader);
      return;
    }
  }
  set_ready(id);
}

void Scheduler::set_ready(const std::string& id) {
  states_[id] = JobState::ready;
  ready_[positions_.at(id)] = id;
}

void Scheduler::block(const std::string& id, const std::string& lost, std::vector<std::string>& open) {
  give_up(id, JobState::blocked, reasons_.at(lost));
  for (const std::string& reader : plan_.graph.readers(id)) open.push_back(reader);
}

void Scheduler::give_up(const std::string& id, JobState state, const std::string& reason) {
  states_[id] = state;
  reasons_[id] = reason;
  plan_.graph.leave_out(id);
}

std::optional<Assignment> Scheduler::next() {
  auto best_at = ready_.end();
  for (auto it = ready_.begin(); it != ready_.end(); ++it)
    if (best_at == ready_.end() || chain(it->second) > chain(best_at->second)) best_at = it;
  if (best_at == ready_.end()) return std::nullopt;
  const std::string best = best_at->second;
  ready_.erase(best_at);
  running_.insert(best);
  states_[best] = JobState::running;
  return Assignment{best, keys_.at(best), plan_.graph.present_inputs(best),
                    plan_.graph.job(best).ingredients};
}

void Scheduler::finished(const std::string& id) {
  if (running_.erase(id) == 0) throw std::logic_error("job \"" + id + "\" finished without running");
  const std::size_t before = plan_.graph.size();
  std::string error;
  if (!try_expand(id, error)) {
    running_.insert(id);
    failed(id, error);
    return;
  }
  states_[id] = JobState::done;
  std::vector<std::string> open = plan_.graph.readers(id);
  for (std::size_t i = before; i < plan_.graph.size(); ++i) open.push_back(plan_.graph.jobs()[i].id);
  settle(std::move(open));
}

void Scheduler::failed(const std::string& id, const std::string& error) {
  if (running_.erase(id) == 0) throw std::logic_error("job \"" + id + "\" failed without running");
  failures_.push_back({id, error});
  give_up(id, JobState::failed, "needs \"" + id + "\", which failed");
  settle(plan_.graph.readers(id));
}

JobState Scheduler::state(const std::string& id) const {
  const auto found = states_.find(id);
  if (found == states_.end()) throw std::logic_error("job \"" + id + "\": unknown");
  return found->second;
}

std::string Scheduler::key(const std::string& id) const {
  const auto found = keys_.find(id);
  return found == keys_.end() ? "" : found->second;
}

Tally Scheduler::tally() const {
  Tally tally;
  tally.all = states_.size();
  tally.reused = reused_;
  for (const auto& [id, state] : states_) {
    tally.done += state == JobState::done;
    tally.running += state == JobState::running;
    tally.failed += state == JobState::failed;
    tally.blocked += state == JobState::blocked;
  }
  return tally;
}

std::vector<Failure> Scheduler::blocked() const {
  std::vector<Failure> result;
  for (const Job& job : plan_.graph.jobs())
    if (state(job.id) == JobState::blocked) result.push_back({job.id, reasons_.at(job.id)});
  return result;
}

/// Returns the weight of the heaviest chain of jobs that begins here.
double Scheduler::chain(const std::string& id) const {
  const auto known = chains_.find(id);
  if (known != chains_.end()) return known->second;
  double longest = 0.0;
  for (const std::string& reader : plan_.graph.readers(id)) longest = std::max(longest, chain(reader));
  return chains_[id] = plan_.graph.job(id).weight + longest;
}

}  // namespace taskonomy::jobs
