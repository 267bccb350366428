#include "core/checks/run_checks.hpp"

#include <ATen/Parallel.h>
#include <poll.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <optional>

#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/base/machine.hpp"
#include "core/base/text.hpp"
#include "core/checks/check_process.hpp"
#include "core/checks/exercise.hpp"
#include "core/host/boundary.hpp"
#include "core/host/stamp.hpp"

namespace taskonomy::checks {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// Whether the options ask for a check. Its own name asks for it at any level, its group only
/// at the chosen one.
bool wanted(const PluginCheck& check, const CheckOptions& options) {
  const auto& only = options.only;
  const auto named = [&](const std::string& name) {
    return std::find(only.begin(), only.end(), name) != only.end();
  };
  return named(check.id) || (check.level <= options.level && (only.empty() || named(group_of(check.id))));
}

/// A chosen check, its process while that runs, and its result.
struct Entry {
  const PluginCheck* check = nullptr;
  bool asked = false;  ///< false: here only because another check needs it
  std::optional<CheckResult> result{};
  std::unique_ptr<CheckProcess> process{};
};

/// The checks that the options ask for and all that those need, in order.
std::vector<Entry> choose(const CheckOptions& options, host::Kind kind) {
  require_known(options.only, kind);
  const auto& checks = all_checks(kind);
  std::map<std::string, bool> asked;  // id -> asked for; false: only needed
  // Goes from the end to the beginning, because what a check needs stands before it.
  for (auto check = checks.rbegin(); check != checks.rend(); ++check) {
    if (wanted(*check, options)) asked[check->id] = true;
    if (asked.count(check->id) == 0) continue;
    for (const auto& need : check->needs) asked.emplace(need, false);
  }
  std::vector<Entry> entries;
  for (const auto& check : checks) {
    const auto found = asked.find(check.id);
    if (found != asked.end()) entries.push_back({&check, found->second});
  }
  return entries;
}

Finding failure_in_flight() {
  try {
    host::rethrow_as_error("the plugin", "threw");
  } catch (const base::Error& error) {
    return {Outcome::fail, error.what()};
  }
}

/// Runs a check in this process. What it throws becomes a finding.
Finding run_guarded(const PluginCheck& check, CheckedPlugin& plugin, std::uint64_t seed) {
  try {
    // In a copied process LibTorch mends its thread pool at the first use, which must not be by two threads.
    at::set_num_threads(1);
    torch::manual_seed(seed);
    return check.run(plugin);
  } catch (const NotExercised& end) {
    return {Outcome::fail, end.reason};
  } catch (const base::Error& error) {
    return {Outcome::fail, error.what()};
  } catch (...) {
    return failure_in_flight();
  }
}

/// The result of a check that is not run, for a reason.
CheckResult not_tried(const PluginCheck& check, const std::string& reason, Verdict verdict = Verdict::skip) {
  return {&check, verdict, reason, "", 0.0, false};
}

/// The same because of what became of one that it needs. Names the first cause of a chain.
CheckResult not_tried(const PluginCheck& check, const CheckResult& before) {
  const Verdict verdict = before.verdict == Verdict::unchecked ? Verdict::unchecked : Verdict::skip;
  const std::string what = verdict == Verdict::unchecked ? " could not be tried" : " did not pass";
  return not_tried(check, before.tried ? before.check->id + what : before.reason, verdict);
}

/// Whether what needs this one cannot be tried. One that does not apply is no obstacle.
bool is_obstacle(const CheckResult& result) {
  return is_bad(result.verdict) || result.verdict == Verdict::unchecked || !result.tried;
}

/// Sanitizers make everything many times slower.
double seconds_for_all(const CheckOptions& options) {
  const bool slow = host::host_stamp().at("sanitizer") != "none";
  return options.total_limit * (slow ? 10.0 : 1.0);
}

/// Runs all chosen checks and collects their results.
class Run {
 public:
  Run(CheckedPlugin& plugin, const CheckOptions& options)
      : plugin_(plugin), options_(options), entries_(choose(options, plugin.kind())) {
    report_.file = plugin.path().string();
    report_.id = plugin.stamped("id");
    report_.version = plugin.stamped("version");
    report_.level = options.level;
    report_.seed = options.seed;
  }

  CheckReport all() {
    const std::size_t at_once = options_.at_once > 0 ? options_.at_once : base::usable_cores();
    while (reported_ < entries_.size() && !(options_.interrupted && options_.interrupted())) {
      start(at_once);
      wait();
      collect();
      if (!options_.in_process && seconds_since(begin_) > seconds_for_all(options_)) stop_all();
      report_results();
    }
    report_.seconds = seconds_since(begin_);
    return std::move(report_);
  }

 private:
  /// A check that this one needs and that has not passed, or not yet; null when it can run.
  [[nodiscard]] const Entry* obstacle(const Entry& entry) const {
    for (const auto& need : entry.check->needs) {
      const auto found = std::find_if(entries_.begin(), entries_.end(),
                                      [&](const Entry& other) { return other.check->id == need; });
      if (found == entries_.end()) continue;
      if (!found->result || is_obstacle(*found->result)) return &*found;
    }
    return nullptr;
  }

  void start(std::size_t at_once) {
    for (auto& entry : entries_) {
      if (entry.result || entry.process) continue;
      if (const Entry* before = obstacle(entry); before != nullptr) {
        if (before->result) entry.result = not_tried(*entry.check, *before->result);
        continue;
      }
      if (!lost_.empty()) {
        entry.result = not_tried(*entry.check, lost_);
        continue;
      }
      if (options_.in_process) {
        run_here(entry);
      } else if (running_ < at_once) {
        const ProcessLimits limits{options_.time_limit, folder_of(entry)};
        std::filesystem::create_directories(limits.folder);
        entry.process = std::make_unique<CheckProcess>(
            [&] { return run_guarded(*entry.check, plugin_, options_.seed); }, limits);
        ++running_;
      }
    }
  }

  void run_here(Entry& entry) {
    const CurrentFolder folder(folder_of(entry));
    const auto begin = Clock::now();
    const Finding finding = run_guarded(*entry.check, plugin_, options_.seed);
    entry.result =
        CheckResult{entry.check, verdict_of(finding.outcome), finding.reason, "", seconds_since(begin)};
    look_at_file(entry);
  }

  /// A plugin that removes or writes to its own file fails every check that comes later, so the first one tells.
  void look_at_file(Entry& entry) {
    if (!lost_.empty() || plugin_.unchanged()) return;
    entry.result->verdict = Verdict::fail;
    entry.result->reason = "the plugin's file was removed or changed meanwhile";
    lost_ = "the plugin's file was removed or changed during " + entry.check->id;
  }

  /// The time of all checks together is over.
  void stop_all() {
    const std::string limit = base::number(seconds_for_all(options_)) + " s";
    bool named = false;
    for (auto& entry : entries_) {
      if (entry.result) continue;
      if (entry.process) {
        entry.process.reset();
        --running_;
        entry.result = CheckResult{entry.check, Verdict::timeout,
                                   "was at work when the " + limit + " of all checks together were over"};
      } else if (!named && running_ == 0) {
        entry.result = CheckResult{entry.check, Verdict::timeout,
                                   "its turn came after the " + limit + " of all checks together"};
      } else {
        entry.result = not_tried(*entry.check, "the " + limit + " of all checks together were over");
      }
      named = true;
    }
  }

  /// Waits until a check has something to say, but not long, because one may run out of time.
  void wait() const {
    constexpr int kMost = 50;  // ms
    std::vector<pollfd> polled;
    for (const auto& entry : entries_) {
      if (!entry.process) continue;
      for (const int descriptor : {entry.process->finding_descriptor(), entry.process->output_descriptor()})
        if (descriptor >= 0) polled.push_back({descriptor, POLLIN, 0});
    }
    if (running_ > 0) ::poll(polled.data(), polled.size(), kMost);
  }

  void collect() {
    for (auto& entry : entries_) {
      if (!entry.process) continue;
      const auto ending = entry.process->look();
      if (!ending) continue;
      entry.process.reset();
      --running_;
      entry.result =
          CheckResult{entry.check, ending->verdict, ending->reason, ending->output, ending->seconds};
      look_at_file(entry);
      std::error_code ignored;
      std::filesystem::remove_all(folder_of(entry), ignored);
    }
  }

  /// Reports results in the order of the checks, as far as they are there.
  void report_results() {
    for (; reported_ < entries_.size() && entries_[reported_].result; ++reported_) {
      const Entry& entry = entries_[reported_];
      if (!entry.asked && (!entry.result->tried || !is_obstacle(*entry.result))) continue;
      if (options_.on_result) options_.on_result(*entry.result);
      report_.results.push_back(*entry.result);
    }
  }

  [[nodiscard]] std::filesystem::path folder_of(const Entry& entry) const {
    return scratch_.path() / entry.check->id;
  }

  CheckedPlugin& plugin_;
  const CheckOptions& options_;
  base::TemporaryFolder scratch_{"check"};
  Clock::time_point begin_ = Clock::now();
  std::vector<Entry> entries_;
  std::size_t running_ = 0;
  std::size_t reported_ = 0;
  std::string lost_;  ///< why nothing more can be tried; "" = nothing
  CheckReport report_;
};

}  // namespace

void require_known(const std::vector<std::string>& names, host::Kind kind) {
  std::vector<std::string> known;
  for (const auto& check : all_checks(kind)) {
    const auto group = group_of(check.id);
    if (std::find(known.begin(), known.end(), group) == known.end()) known.push_back(group);
    known.push_back(check.id);
  }
  for (const auto& name : names) {
    if (std::find(known.begin(), known.end(), name) == known.end())
      throw base::Error("no check and no group of checks is called \"" + name + "\"" +
                            base::did_you_mean(name, known) + "\nsee taskonomy " + host::name_of(kind) +
                            "s check --list",
                        base::ExitCode::usage);
  }
}

CheckReport run_checks(CheckedPlugin& plugin, const CheckOptions& options) {
  // Copies of this process have its one thread: a pool of LibTorch's would be dead in them.
  const int threads = at::get_num_threads();
  at::set_num_threads(1);
  CheckReport report = Run(plugin, options).all();
  at::set_num_threads(threads);
  return report;
}

}  // namespace taskonomy::checks
