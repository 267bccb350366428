// What pilots work on: jobs go out, reports come in. pilot_lives.cpp has the pilots themselves.
#include "core/cluster/pilot_pool.hpp"

#include <poll.h>
#include <sys/resource.h>

#include <algorithm>

#include "core/base/error.hpp"
#include "core/base/text.hpp"

namespace taskonomy::cluster {

namespace {

constexpr std::size_t kMostDeaths = 5;  // of workers with the same job
constexpr double kTimeToSpare = 1.5;    // a job goes to a pilot with so many times its expected seconds left

/// Whether a pilot lives long enough for a job.
bool has_time(const Pilot& pilot, const Task& task) {
  return !pilot.end || pilot.seconds_left() > kTimeToSpare * task.assignment.expected;
}

/// Lets this process open as many files as it may: a pilot takes two, and systems start processes with 1,024.
void allow_many_files() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

PilotPool::PilotPool(jobs::RunDirectory run, PilotSettings settings, std::unique_ptr<Engine> engine,
                     jobs::RunLog& log)
    : run_(std::move(run)),
      settings_(std::move(settings)),
      engine_(std::move(engine)),
      log_(log),
      reception_(log),
      settling_(run_, settings_.settle) {
  allow_many_files();
  for (const std::size_t pilot : engine_->inherited()) {
    pilots_.emplace_back().number = pilot;
    submitted_ = std::max(submitted_, pilot);
  }
}

PilotPool::~PilotPool() {
  const bool stays = !pilots_.empty() && settings_.leave && settings_.leave() && engine_->leave();
  for (auto& pilot : pilots_)
    if (pilot.link && !stays) pilot.link->send(to_line(FromHost(Stop{})));
  if (stays) log_.write("run", "leaves its pilots at work");
  pilots_.clear();  // connections end, and with them agents that cannot wait for another host
  remove_pilots(run_);
}

std::size_t PilotPool::size() const {
  std::size_t workers = 0;
  for (const auto& pilot : pilots_) workers += pilot.ready ? pilot.workers : 0;
  return std::max<std::size_t>(workers, 1);
}

bool PilotPool::has_room() const {
  std::size_t room = 0;
  for (const auto& pilot : pilots_) room += pilot.room() + pilot.at_work.size();
  return room > queue_.size();
}

void PilotPool::tell(const std::string& sentence) {
  log_.write("run", sentence);
  if (settings_.say) settings_.say(sentence);
}

void PilotPool::start(const jobs::Assignment& assignment, const std::function<double()>& limit) {
  const std::string& id = assignment.id;
  keys_[id] = assignment.key;
  if (const double needed = kTimeToSpare * assignment.expected;
      settings_.seconds > 0.0 && needed > settings_.seconds) {
    reports_.push_back({id,
                        false,
                        "takes about " + base::duration(assignment.expected) + ", and a pilot lives " +
                            base::duration(settings_.seconds) +
                            ": give pilots more time (--cluster-set time=H:MM:SS)",
                        0.0,
                        {},
                        {}});
    return;
  }
  if (const auto early = early_.find(id); early != early_.end() && early->second.key == assignment.key) {
    settling_.add(early->second, "an earlier pilot");
    early_.erase(early);
    return;
  }
  Task task{assignment, limit};
  for (auto& pilot : pilots_) {
    const auto held = pilot.at_work.find(id);
    if (held == pilot.at_work.end() || held->second != assignment.key) continue;
    pilot.at_work.erase(held);
    task.begin = Clock::now();
    pilot.tasks.emplace(id, std::move(task));
    log_.write("run", pilot.name() + " works on " + id + " already");
    return;
  }
  queue_.push_back(std::move(task));
  dispatch();
}

/// Gives waiting jobs to pilots: to the one with the most free workers.
void PilotPool::dispatch() {
  for (auto task = queue_.begin(); task != queue_.end();) {
    Pilot* best = nullptr;
    for (auto& pilot : pilots_)
      if (pilot.room() > 0 && has_time(pilot, *task) && (best == nullptr || pilot.room() > best->room()))
        best = &pilot;
    if (best == nullptr) {
      ++task;
      continue;
    }
    send(*best, std::move(*task));
    task = queue_.erase(task);
  }
  // A pilot that has time for none of them makes way for one that has.
  for (auto& pilot : pilots_)
    if (!queue_.empty() && pilot.room() > 0 && pilot.room() == pilot.workers) {
      pilot.parting = "has too little time left for the jobs that wait";
      pilot.ready = false;
      pilot.link->send(to_line(FromHost(Stop{})));
    }
}

/// The key of a job whose files are there.
std::string PilotPool::key_of(const std::string& id) {
  std::string& key = keys_[id];
  if (key.empty())
    if (const auto record = run_.record(id)) key = record->key;  // done before this run
  return key;
}

void PilotPool::send(Pilot& pilot, Task task) {
  task.begin = Clock::now();
  task.limit_sent = task.limit();
  task.step = {};
  Order order{task.assignment, task.limit_sent, {}};
  for (const auto& input : task.assignment.inputs)
    if (const std::string key = key_of(input); !key.empty()) order.keys[input] = key;
  log_.write("run", pilot.name() + " begins " + task.assignment.id);
  pilot.link->send(to_line(FromHost(order)));
  pilot.tasks.insert_or_assign(task.assignment.id, std::move(task));
}

void PilotPool::take(Pilot& pilot, const Finished& finished) {
  const std::string& id = finished.report.id;
  pilot.at_work.erase(id);
  const auto task = pilot.tasks.find(id);
  if (task == pilot.tasks.end() || task->second.assignment.key != finished.key) {
    compare(finished);
    return;
  }
  ++pilot.done;
  Task done = std::move(task->second);
  pilot.tasks.erase(task);
  if (finished.report.disk_failed) {
    dismiss(pilot, finished.report.error);
    retry(std::move(done), finished.report.error, pilot);
  } else if (finished.report.crashed || finished.report.gpu_fault == jobs::GpuFault::lost) {
    retry(std::move(done), finished.report.error, pilot);
  } else if (finished.report.ok) {
    settling_.add(finished, pilot.name());
  } else {
    reports_.push_back(finished.report);
  }
}

/// A report that nobody waits for: of a job that went to another pilot meanwhile, or of an earlier host's.
void PilotPool::compare(const Finished& finished) {
  if (!finished.report.ok) return;
  const std::string& id = finished.report.id;
  const auto known = sums_.find(id);
  if (known == sums_.end()) {
    early_[id] = finished;
  } else if (keys_[id] == finished.key && known->second != finished.sums) {
    tell("two machines made different files of " + id + "; the first counts. Is one of them faulty?");
  }
}

/// Puts a job whose worker died back, or gives it up.
void PilotPool::retry(Task task, const std::string& how, const Pilot& pilot) {
  const std::string id = task.assignment.id;
  const std::size_t deaths = ++deaths_[id];
  if (deaths < kMostDeaths) {
    log_.write("run", id + ": " + pilot.name() + ": " + how + "; goes to another worker");
    queue_.push_back(std::move(task));
    return;
  }
  reports_.push_back({id,
                      false,
                      "was tried by " + std::to_string(deaths) + " workers in vain; that of " + pilot.name() +
                          " " + how + " (its log: " + engine_->log_of(pilot.number) + ")",
                      seconds_since(task.begin),
                      {},
                      {}});
}

/// Reports of jobs whose files are there.
void PilotPool::settle() {
  for (auto& finished : settling_.settled()) {
    if (finished.report.ok) {
      ++finished_;
      sums_[finished.report.id] = std::move(finished.sums);
    }
    reports_.push_back(std::move(finished.report));
  }
}

/// Waits until something can be read or written.
void PilotPool::sleep(std::chrono::milliseconds most) {
  std::vector<pollfd> descriptors;
  const auto watch = [&](const Link* link) {
    if (link == nullptr || link->ended()) return;
    descriptors.push_back({link->input(), POLLIN, 0});
    if (link->has_unsent()) descriptors.push_back({link->output(), POLLOUT, 0});
  };
  for (const auto& pilot : pilots_) watch(pilot.link.get());
  for (const auto* link : reception_.links()) watch(link);
  if (engine_->door() >= 0) descriptors.push_back({engine_->door(), POLLIN, 0});
  ::poll(descriptors.data(), descriptors.size(), static_cast<int>(most.count()));
}

std::vector<jobs::JobReport> PilotPool::wait(std::chrono::milliseconds most) {
  const auto until = Clock::now() + most;
  for (;;) {
    const bool full = !has_room();
    submit_missing();
    greet_arrivals();
    for (auto& pilot : pilots_) look_at(pilot);
    pilots_.remove_if([](const Pilot& pilot) { return pilot.gone; });
    dispatch();
    settle();
    write_states();
    if (!stopped_.empty() && pilots_.empty())
      throw base::Error("no pilot works any more, and no more are asked for: " + stopped_);
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now());
    // Where there is room that was not there before, the caller may have jobs for it.
    if (!reports_.empty() || left.count() <= 0 || (full && has_room())) return std::exchange(reports_, {});
    constexpr std::chrono::milliseconds kSettlingNap{50};
    sleep(settling_.empty() ? left : std::min(left, kSettlingNap));
  }
}

std::vector<jobs::Running> PilotPool::running() const {
  std::vector<jobs::Running> result;
  for (const auto& pilot : pilots_)
    for (const auto& [id, task] : pilot.tasks) result.push_back({id, seconds_since(task.begin), task.step});
  return result;
}

}  // namespace taskonomy::cluster
