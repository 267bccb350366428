// Where the jobs of a run run when they run on several machines: in the workers of pilots.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/cluster/engine.hpp"
#include "core/cluster/messages.hpp"
#include "core/cluster/pilot.hpp"
#include "core/cluster/pilots.hpp"
#include "core/cluster/reception.hpp"
#include "core/cluster/settling.hpp"
#include "core/jobs/pool.hpp"
#include "core/jobs/run_directory.hpp"

namespace taskonomy::cluster {

/// What a pool of pilots needs beside its engine.
struct PilotSettings {
  std::size_t pilots = 1;
  double seconds = 0.0;  ///< that a pilot lives; 0: any time
  double settle = 60.0;  ///< seconds to wait for a file that another machine wrote
  std::string version;   ///< of this program, which agents must have, too
  std::string stamp;     ///< of its files; "" for agents of any build
  std::string mark;      ///< content of cluster/mark
  /// Takes a sentence for people; null: nobody.
  std::function<void(const std::string&)> say{};
  /// Whether the pilots should live on without this run when the pool dies before its work is done. Null: no.
  std::function<bool()> leave{};
};

/// Pilots pull work: a job goes to one that has a free worker and time enough for it, and comes back when the pilot is
/// lost. A job whose workers die five times is reported as failed. Reports count once this machine sees the files
/// that they name. [one thread]
class PilotPool : public jobs::Pool {
 public:
  /// Asks for the pilots when it first waits.
  PilotPool(jobs::RunDirectory run, PilotSettings settings, std::unique_ptr<Engine> engine,
            jobs::RunLog& log);
  ~PilotPool() override;
  /// Workers of the pilots that are there; at least 1.
  [[nodiscard]] std::size_t size() const override;
  [[nodiscard]] bool has_room() const override;
  void start(const jobs::Assignment& assignment, const std::function<double()>& limit) override;
  /// Throws Error with the reason when no pilot works and three in a row could not, or died within a minute of
  /// their start.
  [[nodiscard]] std::vector<jobs::JobReport> wait(std::chrono::milliseconds most) override;
  [[nodiscard]] std::vector<jobs::Running> running() const override;

  /// What is known of every pilot that was asked for and has not ended.
  [[nodiscard]] std::vector<PilotState> states() const;

 private:
  void submit_missing();
  void note_early_end(const std::string& reason);
  void greet_arrivals();
  void listen(Pilot& pilot);
  void dismiss(Pilot& pilot, const std::string& why);
  void take(Pilot& pilot, const Hello&);
  void take(Pilot& pilot, const Ready&);
  void take(Pilot& pilot, const Heartbeat& heartbeat);
  void take(Pilot& pilot, const jobs::JobStep& step);
  void take(Pilot& pilot, const Finished& finished);
  void take(Pilot& pilot, const Parting& parting);
  void look_at(Pilot& pilot);
  void lose(Pilot& pilot, const std::string& reason);
  void retry(Task task, const std::string& how, const Pilot& pilot);
  void settle();
  void compare(const Finished& finished);
  void dispatch();
  void send(Pilot& pilot, Task task);
  [[nodiscard]] std::string key_of(const std::string& id);
  void sleep(std::chrono::milliseconds most);
  void write_states();
  void tell(const std::string& sentence);

  jobs::RunDirectory run_;
  PilotSettings settings_;
  std::unique_ptr<Engine> engine_;
  jobs::RunLog& log_;
  Reception reception_;
  Settling settling_;
  std::list<Pilot> pilots_;                ///< that have not ended
  std::deque<Task> queue_;                 ///< that wait for a pilot
  std::map<std::string, Finished> early_;  ///< reports of jobs that an earlier host ordered
  std::vector<jobs::JobReport> reports_;
  std::map<std::string, std::size_t> deaths_;  ///< of workers, by job
  std::map<std::string, std::string> keys_;    ///< of jobs, as far as they were asked for
  std::map<std::string, std::map<std::string, std::string>> sums_;  ///< of reported jobs
  std::size_t submitted_ = 0, early_ends_ = 0, finished_ = 0;
  Clock::time_point next_submission_{}, next_states_{}, begin_ = Clock::now();
  bool asked_ = false;   ///< for all pilots, once
  std::string stopped_;  ///< why no more pilots are asked for
};

}  // namespace taskonomy::cluster
