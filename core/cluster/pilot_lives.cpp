// The lives of pilots: asked for, greeted, heard, lost. pilot_pool.cpp has what they work on.
#include <algorithm>
#include <cmath>
#include <ctime>

#include "core/base/error.hpp"
#include "core/base/text.hpp"
#include "core/cluster/pilot.hpp"
#include "core/cluster/pilot_pool.hpp"
#include "core/cluster/shared_files.hpp"

namespace taskonomy::cluster {

namespace {

constexpr std::size_t kMostEarlyEnds = 3;  // of pilots in a row
constexpr double kEarly = 60.0;            // seconds

std::string count_of(std::size_t count, const char* noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

/// "; it last printed: ..." of a log that another machine may be writing, "" for none.
std::string last_words(const std::string& log) {
  const auto text = log.empty() ? std::nullopt : read_shared(log);
  if (!text) return "";
  const std::string trimmed = base::trim(*text);
  const auto line = trimmed.rfind('\n');
  const std::string last = line == std::string::npos ? trimmed : trimmed.substr(line + 1);
  return last.empty() ? "" : "; it last printed: " + last.substr(0, 500);
}

}  // namespace

void PilotPool::submit_missing() {
  if (!stopped_.empty() || pilots_.size() >= settings_.pilots || Clock::now() < next_submission_) return;
  // A pilot that ended is replaced only where there is work for another one.
  if (asked_ && has_room()) return;
  asked_ = true;
  std::vector<std::size_t> numbers;
  while (pilots_.size() < settings_.pilots) {
    numbers.push_back(++submitted_);
    pilots_.emplace_back().number = submitted_;
  }
  constexpr double kFirstPause = 1.0, kLongestPause = 60.0;
  const double pause = std::min(kLongestPause, kFirstPause * std::pow(2.0, static_cast<double>(early_ends_)));
  next_submission_ = Clock::now() + std::chrono::milliseconds(static_cast<int>(1000 * pause));
  try {
    engine_->submit(numbers);
  } catch (const base::Error& error) {
    while (!numbers.empty()) {
      pilots_.pop_back();
      numbers.pop_back();
    }
    if (finished_ == 0 && pilots_.empty()) throw;
    note_early_end(error.what());
  }
}

void PilotPool::note_early_end(const std::string& reason) {
  if (++early_ends_ < kMostEarlyEnds || !stopped_.empty()) return;
  stopped_ = std::to_string(kMostEarlyEnds) +
             " in a row could not work or ended within a minute of their start; the last: " + reason;
  tell("no more pilots are asked for: " + stopped_);
}

/// Takes connections whose agents have said who they are.
void PilotPool::greet_arrivals() {
  for (auto& newcomer : reception_.newcomers(*engine_)) {
    const std::size_t number = newcomer.hello.pilot;
    const auto known = std::find_if(pilots_.begin(), pilots_.end(),
                                    [&](const Pilot& pilot) { return pilot.number == number; });
    Pilot& pilot = known != pilots_.end() ? *known : pilots_.emplace_back();  // of a host before this one
    pilot.number = number;
    submitted_ = std::max(submitted_, number);
    pilot.link = std::move(newcomer.link);
    take(pilot, newcomer.hello);
  }
}

void PilotPool::take(Pilot& pilot, const Hello& hello) {
  pilot.node = hello.node;
  pilot.workers = hello.workers;
  if (!pilot.greeted) pilot.began = Clock::now();
  pilot.heard = Clock::now();
  pilot.greeted = true;
  pilot.ready = false;
  pilot.at_work = hello.at_work;
  // What it does not know of was lost with a connection.
  std::map<std::string, Task> known;
  for (auto& [id, task] : pilot.tasks) {
    if (pilot.at_work.erase(id) > 0) {
      known.emplace(id, std::move(task));
    } else {
      queue_.push_back(std::move(task));
    }
  }
  pilot.tasks = std::move(known);
  if (hello.version != settings_.version || (!settings_.stamp.empty() && hello.stamp != settings_.stamp)) {
    dismiss(pilot, pilot.node + " has " +
                       (hello.version != settings_.version
                            ? "taskonomy " + hello.version + ", and this machine " + settings_.version
                            : "another build of taskonomy " + hello.version) +
                       ": install the same one on all machines, or name it with --cluster-set program=PATH");
    return;
  }
  constexpr double kApart = 300.0;
  if (const double apart = hello.clock - static_cast<double>(std::time(nullptr)); std::abs(apart) > kApart)
    tell("the clock of " + pilot.node + " is " + base::duration(std::abs(apart)) +
         (apart > 0 ? " ahead" : " behind") + ": times in logs of pilots are its own");
  pilot.link->send(to_line(FromHost(Welcome{settings_.mark, settings_.settle})));
}

/// Tells a pilot whose machine cannot do the work to end. Its jobs go to others once it is gone.
void PilotPool::dismiss(Pilot& pilot, const std::string& why) {
  pilot.broken = true;
  pilot.ready = false;
  pilot.parting = why;
  pilot.link->send(to_line(FromHost(Stop{})));
}

void PilotPool::take(Pilot& pilot, const Ready&) {
  if (pilot.broken || !pilot.greeted) return;
  pilot.ready = true;
  tell(pilot.name() + ": " + count_of(pilot.workers, "worker"));
}

void PilotPool::take(Pilot& pilot, const Heartbeat& heartbeat) {
  pilot.end.reset();
  if (heartbeat.left)
    pilot.end = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                   std::chrono::duration<double>(std::clamp(*heartbeat.left, 0.0, 1e9)));
  pilot.link->send(to_line(FromHost(Heard{})));
  for (auto& [id, task] : pilot.tasks) {
    if (!task.limit) continue;
    const double limit = task.limit();
    if (std::abs(limit - task.limit_sent) <= 0.1 * task.limit_sent) continue;
    task.limit_sent = limit;
    pilot.link->send(to_line(FromHost(NewLimit{id, limit})));
  }
}

void PilotPool::take(Pilot& pilot, const jobs::JobStep& step) {
  if (const auto task = pilot.tasks.find(step.id); task != pilot.tasks.end()) task->second.step = step;
}

void PilotPool::take(Pilot& pilot, const Parting& parting) {
  pilot.parting = parting.reason.substr(0, 2000);
  pilot.broken = pilot.broken || parting.broken;
}

void PilotPool::listen(Pilot& pilot) {
  for (const auto& line : pilot.link->read()) {
    const auto message = parse_from_agent(line);
    if (!message || std::holds_alternative<Hello>(*message)) {
      pilot.link->close("said what no agent says: " + line.substr(0, 200));
      return;
    }
    pilot.heard = Clock::now();
    std::visit([&](const auto& content) { take(pilot, content); }, *message);
    if (!pilot.link || pilot.link->ended()) return;
  }
  pilot.link->flush();
}

/// Hears what a pilot has to say, and finds out whether it is lost.
void PilotPool::look_at(Pilot& pilot) {
  if (pilot.link) listen(pilot);
  if (pilot.link && !pilot.link->ended()) {
    if (seconds_since(pilot.heard) > kSilence) lose(pilot, "said nothing for " + base::duration(kSilence));
    return;
  }
  if (pilot.link) {
    lose(pilot, pilot.link->end());
  } else if (const auto end = engine_->end_of(pilot.number)) {
    lose(pilot, *end);
  }
}

/// Gives its jobs to others. The pilot is taken out of the list later.
void PilotPool::lose(Pilot& pilot, const std::string& how) {
  const auto end = engine_->end_of(pilot.number);
  std::string reason = !pilot.parting.empty() ? pilot.parting : end ? *end : how;
  const bool planned = !pilot.parting.empty() && !pilot.broken;
  const bool early = (!pilot.greeted || seconds_since(pilot.began) < kEarly) && pilot.done == 0;
  const std::string log = engine_->log_of(pilot.number);
  if (!planned && !log.empty()) reason += last_words(log) + " (its log: " + log + ")";
  tell(pilot.name() + " is gone: " + reason +
       (pilot.tasks.empty() ? "" : "; " + count_of(pilot.tasks.size(), "job") + " of it go to others"));
  if (!planned) engine_->cancel(pilot.number);
  for (auto& [id, task] : pilot.tasks) {
    if (planned) {
      queue_.push_back(std::move(task));
    } else {
      retry(std::move(task), "was lost: " + how, pilot);
    }
  }
  pilot.tasks.clear();
  if (early || pilot.broken) {
    if (!planned) engine_->distrust(pilot.number, pilot.node);
    note_early_end(pilot.name() + ": " + reason);
  } else if (pilot.done > 0) {
    early_ends_ = 0;
  }
  pilot.gone = true;
}

std::vector<PilotState> PilotPool::states() const {
  std::vector<PilotState> result;
  for (const auto& pilot : pilots_) {
    PilotState state;
    state.number = pilot.number;
    state.state = pilot.ready ? "ready" : pilot.greeted ? "starting" : "waiting";
    state.node = pilot.node;
    if (!pilot.greeted) state.reason = engine_->waits_for(pilot.number);
    state.workers = pilot.workers;
    state.at_work = pilot.tasks.size() + pilot.at_work.size();
    state.done = pilot.done;
    if (pilot.end) state.left = std::max(0.0, pilot.seconds_left());
    result.push_back(std::move(state));
  }
  return result;
}

void PilotPool::write_states() {
  if (Clock::now() < next_states_) return;
  next_states_ = Clock::now() + std::chrono::seconds(5);
  const double hours = seconds_since(begin_) / 3600.0;
  write_pilots(run_, {states(), hours > 0.0 ? static_cast<double>(finished_) / hours : 0.0, stopped_});
}

}  // namespace taskonomy::cluster
