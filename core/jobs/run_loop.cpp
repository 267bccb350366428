#include "core/jobs/run_loop.hpp"

#include <algorithm>
#include <chrono>
#include <map>

#include "core/base/files.hpp"
#include "core/base/json.hpp"
#include "core/base/text.hpp"
#include "core/jobs/forecast.hpp"

namespace taskonomy::jobs {

namespace {

/// Writes jobs/plan.json: every job that is known so far, with its key if it is known, and the failures.
class PlanFile {
 public:
  PlanFile(std::filesystem::path file, std::string until)
      : file_(std::move(file)), until_(std::move(until)) {}

  /// Writes when something changed since the last time.
  void update(const Scheduler& scheduler, bool now) {
    const std::size_t size = scheduler.graph().size();
    const std::size_t failures = scheduler.failures().size();
    if (!now && size == size_ && failures == failures_) return;
    size_ = size;
    failures_ = failures;
    base::Json jobs = base::Json::array(), failed = base::Json::array();
    for (const Job& job : scheduler.graph().jobs())
      jobs.add(base::Json::object().set("id", job.id).set("key", expected_key(scheduler, job.id)));
    for (const Failure& failure : scheduler.failures())
      failed.add(base::Json::object().set("id", failure.id).set("error", failure.error));
    const base::Json content = base::Json::object()
                                   .set("jobs", std::move(jobs))
                                   .set("failures", std::move(failed))
                                   .set("until", until_);
    base::write_file(file_, content.dump(1) + "\n");
  }

 private:
  /// The key a job will have when nothing fails; "" when it reads jobs that are not planned yet.
  static std::string expected_key(const Scheduler& scheduler, const std::string& id) {
    const std::string key = scheduler.key(id);
    if (!key.empty()) return key;
    try {
      return scheduler.graph().key(id);
    } catch (const std::logic_error&) {
      return "";
    }
  }

  std::filesystem::path file_;
  std::string until_;
  std::size_t size_ = 0;
  std::size_t failures_ = 0;
};

/// 'task "normal": ' before the error of a job, "" where no plugin is to blame.
std::string plugin_text(const std::string& id, const RunSettings& settings) {
  const std::string plugin = settings.plugin_of ? settings.plugin_of(id) : "";
  return plugin.empty() ? "" : plugin + ": ";
}

/// Names, one line per reason, how many jobs were not tried and the first of them.
std::string blocked_text(const std::vector<Failure>& blocked) {
  constexpr std::size_t kShown = 4;
  std::vector<std::string> reasons;  // in order of appearance
  std::map<std::string, std::vector<std::string>> jobs;
  for (const Failure& failure : blocked) {
    if (jobs.count(failure.error) == 0) reasons.push_back(failure.error);
    jobs[failure.error].push_back(failure.id);
  }
  std::string text;
  for (const std::string& reason : reasons) {
    const auto& ids = jobs[reason];
    text += "skipped: " + base::join_first(ids, ", ", kShown) + (ids.size() == 1 ? ": it " : ": each ") +
            reason + "\n";
  }
  return text;
}

volatile std::sig_atomic_t interrupted = 0;  // handlers reach nothing else
void note(int signal) { interrupted = signal; }

}  // namespace

Interrupt::Interrupt() {
  interrupted = 0;
  struct sigaction action {};
  action.sa_handler = note;
  action.sa_flags = static_cast<int>(SA_RESETHAND);  // the second one is not ours; no SA_RESTART: sleeps end
  for (int i = 0; i < 3; ++i) {
    ::sigaction(kSignals[i], &action, &before_[i]);
    if (before_[i].sa_handler == SIG_IGN) ::sigaction(kSignals[i], &before_[i], nullptr);  // nohup means it
  }
}

Interrupt::~Interrupt() {
  for (int i = 0; i < 3; ++i) ::sigaction(kSignals[i], &before_[i], nullptr);
}

int Interrupt::signal() const { return interrupted; }

base::ExitCode RunOutcome::code() const {
  if (interrupted) return base::code_of_signal(signal);
  return failures.empty() && blocked.empty() ? base::ExitCode::done : base::ExitCode::some_jobs_failed;
}

RunOutcome run_jobs(const RunDirectory& run, Plan plan, std::unique_ptr<Pool> pool, Progress& progress,
                    const RunSettings& settings) {
  using Clock = std::chrono::steady_clock;
  constexpr std::chrono::milliseconds kNap{200};
  const auto begin = Clock::now();
  std::map<std::string, double> earlier;  // seconds of the jobs found done
  Scheduler scheduler(std::move(plan), [&](const std::string& id, const std::string& key) {
    const auto record = run.record(id, key);
    if (record) earlier[id] = record->seconds;
    return record.has_value();
  });
  Durations durations;
  for (const auto& [id, seconds] : earlier) durations.add(id, scheduler.graph().job(id).weight, seconds);
  PlanFile plan_file(settings.plan_file.empty() ? run.plan_file() : settings.plan_file, settings.until);
  plan_file.update(scheduler, true);
  if (const Tally tally = scheduler.tally(); tally.reused > 0)
    progress.say(std::to_string(tally.reused) + " of " + std::to_string(tally.all) +
                 " jobs are done already");
  pool->set_watcher([&] { progress.show(scheduler, durations, *pool); });
  const auto signal = [&] { return settings.interrupted ? settings.interrupted() : 0; };
  while (!scheduler.over() && signal() == 0) {
    while (pool->has_room()) {
      auto assignment = scheduler.next();
      if (!assignment) break;
      const double weight = scheduler.graph().job(assignment->id).weight;
      assignment->expected = durations.expected(assignment->id, weight).value_or(0.0);
      pool->start(*assignment, [&durations, &settings, id = assignment->id, weight] {
        return durations.limit(id, weight, settings.job_timeout);
      });
    }
    progress.show(scheduler, durations, *pool);
    for (JobReport& report : pool->wait(kNap)) {
      if (report.ok) {
        durations.add(report.id, scheduler.graph().job(report.id).weight, report.seconds);
        scheduler.finished(report.id);
        if (scheduler.state(report.id) == JobState::failed) {
          report.ok = false;
          report.error = scheduler.failures().back().error;
        }
      } else {
        scheduler.failed(report.id, report.error);
      }
      progress.ended(report);
    }
    plan_file.update(scheduler, false);
  }
  RunOutcome result;
  result.interrupted = !scheduler.over();
  result.signal = signal();
  pool.reset();
  plan_file.update(scheduler, true);
  result.tally = scheduler.tally();
  for (const Job& job : scheduler.graph().jobs())
    if (scheduler.state(job.id) == JobState::done) result.done.insert(job.id);
  result.failures = scheduler.failures();
  result.blocked = scheduler.blocked();
  result.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  return result;
}

std::string closing_text(const RunDirectory& run, const RunOutcome& result, const RunSettings& settings) {
  const Tally& tally = result.tally;
  std::string text = std::to_string(tally.done) + " of " + std::to_string(tally.all) + " jobs done";
  if (tally.reused > 0) text += " (" + std::to_string(tally.reused) + " of them before)";
  if (tally.failed > 0) text += ", " + std::to_string(tally.failed) + " failed";
  if (tally.blocked > 0) text += ", " + std::to_string(tally.blocked) + " not possible without those";
  text += ", " + base::duration(result.seconds) + ", in " + run.root().string() + "\n";
  for (const Failure& failure : result.failures) {
    const std::string plugin = plugin_text(failure.id, settings);
    const bool named = failure.error.rfind(plugin, 0) == 0;  // plugin errors often say it themselves
    text += "failed: " + (named ? "" : plugin) + failure.id + ": " + failure.error +
            "\n  repeat it with: " + settings.repeat + " --job " + base::shell_quoted(failure.id) + "\n";
  }
  text += blocked_text(result.blocked);
  if (result.interrupted) {
    text += "interrupted. Finished jobs are kept. Resume with: " + settings.go_on + "\n";
  } else if (!result.failures.empty()) {
    text += "try the failed jobs again with: " + settings.go_on + "\n";
  } else if (!settings.until.empty()) {
    text += "stopped after the " + settings.until + ", as asked. Resume with: " + settings.go_on + "\n";
  }
  return text;
}

}  // namespace taskonomy::jobs
