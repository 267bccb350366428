#include "core/cluster/agent.hpp"

#include <poll.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstring>
#include <ctime>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <thread>

#include "core/base/error.hpp"
#include "core/base/machine.hpp"
#include "core/base/text.hpp"
#include "core/cluster/clock.hpp"
#include "core/cluster/shared_files.hpp"

namespace taskonomy::cluster {

namespace {

constexpr std::chrono::milliseconds kNap{500};

/// An order whose inputs this machine does not see yet.
struct Held {
  Order order;
  Clock::time_point came;
};

class Agent {
 public:
  Agent(const AgentSettings& settings, jobs::RunLog& log) : settings_(settings), log_(log) {}

  std::string serve() {
    while (end_.empty()) {
      if (const int signal = settings_.interrupted ? settings_.interrupted() : 0; signal != 0)
        return part(std::string("was told to end by SIG") + ::sigabbrev_np(signal), false);
      if (!connected()) continue;
      beat();
      listen();
      start_held();
      work();
      link_->flush();
    }
    return end_;
  }

  /// Tells the host why this agent ends, and waits a little until it has heard it.
  std::string part(const std::string& reason, bool broken) {
    if (!link_) return reason;
    link_->send(to_line(FromAgent(Parting{reason, broken})));
    for (int tries = 0; link_->has_unsent() && tries < 100; ++tries) {
      link_->flush();
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return reason;
  }

 private:
  /// Whether there is a connection; makes one. Sets end_ when none is to be had any more.
  bool connected() {
    if (link_ && !link_->ended() && seconds_since(heard_) < kSilence) return true;
    if (link_) {
      log_.write("agent", "the host " + (link_->ended() ? link_->end() : "says nothing any more"));
      link_.reset();
      if (pool_) pool_->wake_on(-1);
      lost_ = Clock::now();
    }
    link_ = settings_.connect();
    if (link_) {
      greet();
      return true;
    }
    if (seconds_since(lost_) >= settings_.patience) {
      end_ = "no host";
      return false;
    }
    // What workers report meanwhile waits for the next host.
    work();
    std::this_thread::sleep_for(kNap);
    return false;
  }

  [[nodiscard]] std::string node() const {
    return settings_.node.empty() ? base::host_name() : settings_.node;
  }

  void greet() {
    heard_ = Clock::now();
    welcome_.reset();
    ready_ = false;
    Hello hello{settings_.pilot,
                settings_.token ? settings_.token() : "",
                settings_.version,
                settings_.stamp,
                node(),
                settings_.workers,
                static_cast<double>(std::time(nullptr)),
                {}};
    for (const auto& [id, task] : tasks_) hello.at_work[id] = task.key;
    for (const auto& held : held_) hello.at_work[held.order.assignment.id] = held.order.assignment.key;
    for (const auto& finished : unsaid_) hello.at_work[finished.report.id] = finished.key;
    link_->send(to_line(FromAgent(hello)));
  }

  void beat() {
    if (!ready_) try_to_begin();
    if (ready_ && Clock::now() >= next_beat_) send_heartbeat();
  }

  void send_heartbeat() {
    next_beat_ = Clock::now() + std::chrono::milliseconds(static_cast<int>(1000 * kHeartbeat));
    Heartbeat heartbeat;
    if (settings_.seconds > 0.0) heartbeat.left = settings_.seconds - seconds_since(begin_);
    link_->send(to_line(FromAgent(heartbeat)));
  }

  /// Says that it is ready once it sees the host's mark in the run's folder.
  void try_to_begin() {
    if (!welcome_) return;
    const auto seen = read_shared(mark_file(settings_.run));
    if (seen != welcome_->mark) {
      if (seconds_since(heard_) < std::min(welcome_->settle, kSilence / 2)) return;
      throw base::Error(node() + " does not see " + settings_.run.root().string() +
                        (seen ? " as the host of the run does: there is another folder of this name"
                              : ": put the run into a folder that all machines share, with --out"));
    }
    if (!pool_) pool_ = settings_.make_pool();
    pool_->wake_on(link_->input());
    ready_ = true;
    send_heartbeat();  // the host knows how much time there is before it gives the first order
    link_->send(to_line(FromAgent(Ready{})));
    for (const auto& finished : unsaid_) link_->send(to_line(FromAgent(finished)));
    unsaid_.clear();
  }

  void listen() {
    if (tasks_.empty()) {
      pollfd descriptor{link_->input(), POLLIN, 0};
      const auto nap = ready_ && held_.empty() ? kNap : kNap / 10;
      ::poll(&descriptor, 1, static_cast<int>(nap.count()));
    }
    for (const auto& line : link_->read()) {
      const auto message = parse_from_host(line);
      if (!message) {
        link_->close("said what no host says: " + line.substr(0, 200));
        return;
      }
      heard_ = Clock::now();
      std::visit([this](const auto& content) { take(content); }, *message);
    }
  }

  void take(const Welcome& welcome) { welcome_ = welcome; }
  void take(const Order& order) { held_.push_back({order, Clock::now()}); }
  void take(const Heard&) {}
  void take(const Stop&) { end_ = "the host said stop"; }
  void take(const NewLimit& limit) {
    if (const auto task = tasks_.find(limit.id); task != tasks_.end()) task->second.limit = limit.seconds;
  }

  /// The first file that an order needs and this machine does not see, "" for none.
  std::string missing_for(const Order& order) {
    for (const auto& [id, key] : order.keys) {
      if (seen_.count({id, key}) > 0) continue;
      if (auto unseen = unseen_file(settings_.run, id, key); !unseen.empty()) return unseen;
      seen_.insert({id, key});
    }
    return "";
  }

  void start_held() {
    if (!pool_) return;
    for (auto held = held_.begin(); held != held_.end();) {
      const std::string missing = missing_for(held->order);
      const auto& assignment = held->order.assignment;
      if (missing.empty()) {
        if (!pool_->has_room() ||
            tasks_.count(assignment.id) > 0) {  // it works on that job for an earlier host
          ++held;
          continue;
        }
        auto& task = tasks_[assignment.id];
        task = {assignment.key, held->order.limit, 0};
        pool_->start(assignment, [&task] { return task.limit; });
      } else if (seconds_since(held->came) < (welcome_ ? welcome_->settle : 0.0)) {
        ++held;
        continue;
      } else {
        jobs::JobReport report{assignment.id, false, "", 0.0, {}, {}};
        report.error = node() + " does not see " + missing +
                       ", which another machine wrote (wait longer: --cluster-set settle=SECONDS)";
        say(Finished{std::move(report), assignment.key, {}});
      }
      held = held_.erase(held);
    }
  }

  /// Lets workers work, and passes on what they say.
  void work() {
    if (tasks_.empty()) return;
    for (auto& report : pool_->wait(std::chrono::milliseconds(100))) {
      const auto task = tasks_.find(report.id);
      if (task == tasks_.end()) continue;
      Finished finished{std::move(report), task->second.key, {}};
      if (const auto record = finished.report.ok ? settings_.run.record(finished.report.id) : std::nullopt)
        finished.sums = record->sums;
      tasks_.erase(task);
      say(finished);
    }
    for (const auto& running : pool_->running()) {
      const auto task = tasks_.find(running.id);
      if (task == tasks_.end() || running.step.steps == 0 || running.step.step == task->second.step) continue;
      task->second.step = running.step.step;
      if (ready_ && link_) link_->send(to_line(FromAgent(running.step)));
    }
  }

  void say(const Finished& finished) {
    if (ready_ && link_ && !link_->ended()) {
      link_->send(to_line(FromAgent(finished)));
    } else {
      unsaid_.push_back(finished);
    }
  }

  struct Task {
    std::string key;
    double limit = 0.0;
    std::int64_t step = 0;
  };

  const AgentSettings& settings_;
  jobs::RunLog& log_;
  std::unique_ptr<jobs::WorkerPool> pool_;  ///< once it sees the run's folder
  std::unique_ptr<Link> link_;
  std::string end_;
  Clock::time_point begin_ = Clock::now(), lost_ = begin_, heard_ = begin_, next_beat_ = begin_;
  std::optional<Welcome> welcome_;
  bool ready_ = false;
  std::deque<Held> held_;
  std::map<std::string, Task> tasks_;                   ///< that workers work on, by job
  std::deque<Finished> unsaid_;                         ///< reports that no host has heard
  std::set<std::pair<std::string, std::string>> seen_;  ///< {job, key} whose files this machine sees
};

}  // namespace

std::string serve(const AgentSettings& settings, jobs::RunLog& log) {
  Agent agent(settings, log);
  try {
    const std::string reason = agent.serve();
    log.write("agent", "ends: " + reason);
    return reason;
  } catch (const base::Error& error) {
    log.write("agent", error.what());
    static_cast<void>(agent.part(error.what(), true));
    throw;
  }
}

}  // namespace taskonomy::cluster
