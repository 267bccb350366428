#include "core/checks/run_checks.hpp"

#include <ATen/Parallel.h>
#include <poll.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <optional>

#include "core/base/error.hpp"
#include "core/base/machine.hpp"
#include "core/base/text.hpp"
#include "core/checks/check_process.hpp"
#include "core/checks/exercise.hpp"
#include "core/checks/scratch_folder.hpp"
#include "core/host/boundary.hpp"

namespace taskonomy::checks {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// Whoever names a check wants it whatever its level; of a group, those of the level.
bool wanted(const Check& check, const RunOptions& options) {
  const auto& only = options.only;
  const auto named = [&](const std::string& name) {
    return std::find(only.begin(), only.end(), name) != only.end();
  };
  return named(check.id) || (check.level <= options.level && (only.empty() || named(group_of(check.id))));
}

/// A check on its way.
struct Entry {
  const Check* check = nullptr;
  bool asked = false;  ///< else it is there because another one needs it
  std::optional<Result> result{};
  std::unique_ptr<CheckProcess> process{};
};

/// The chosen checks and all that they need, in order.
std::vector<Entry> chosen(const RunOptions& options) {
  require_known(options.only);
  const auto& checks = all_checks();
  std::map<std::string, bool> asked;  // id -> asked for; false: only needed
  // From the end, because what a check needs stands before it.
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
    host::rethrow_as_error("the task", "threw");
  } catch (const base::Error& error) {
    return {Outcome::fail, error.what()};
  }
}

/// The check itself, in this process.
Finding try_out(const Check& check, Plugin& plugin, std::uint64_t seed) {
  try {
    // In a copied process LibTorch mends its thread pool at the first use, which must not be by two threads.
    at::set_num_threads(1);
    torch::manual_seed(seed);
    return check.run(plugin);
  } catch (const NotExercised& skip) {
    return {Outcome::skip, skip.reason};
  } catch (const base::Error& error) {
    return {Outcome::fail, error.what()};
  } catch (...) {
    return failure_in_flight();
  }
}

/// Skipped for what did not pass; where that was skipped itself, for what that one was skipped for.
Result not_tried(const Check& check, const Result& before) {
  const std::string reason = before.tried ? before.check->id + " did not pass" : before.reason;
  return {&check, Verdict::skip, reason, "", 0.0, false};
}

/// Takes all entries from chosen to judged.
class Run {
 public:
  Run(Plugin& plugin, const RunOptions& options)
      : plugin_(plugin), options_(options), entries_(chosen(options)) {
    report_.file = plugin.path().string();
    report_.id = plugin.stamped("id");
    report_.version = plugin.stamped("version");
    report_.level = options.level;
    report_.seed = options.seed;
  }

  Report all() {
    const std::size_t at_once = options_.at_once > 0 ? options_.at_once : base::usable_cores();
    while (reported_ < entries_.size()) {
      start(at_once);
      wait();
      collect();
      tell();
    }
    report_.seconds = seconds_since(begin_);
    return std::move(report_);
  }

 private:
  /// What this entry's check needs and what has not passed, or not yet; null where nothing hinders it.
  [[nodiscard]] const Entry* obstacle(const Entry& entry) const {
    for (const auto& need : entry.check->needs) {
      const auto found = std::find_if(entries_.begin(), entries_.end(),
                                      [&](const Entry& other) { return other.check->id == need; });
      if (found == entries_.end()) continue;
      if (!found->result) return &*found;
      if (found->result->verdict != Verdict::pass && found->result->verdict != Verdict::warn) return &*found;
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
      if (options_.in_process) {
        run_here(entry);
      } else if (running_ < at_once) {
        const ProcessLimits limits{options_.time_limit, folder_of(entry)};
        std::filesystem::create_directories(limits.folder);
        entry.process = std::make_unique<CheckProcess>(
            [&] { return try_out(*entry.check, plugin_, options_.seed); }, limits);
        ++running_;
      }
    }
  }

  void run_here(Entry& entry) {
    const CurrentFolder folder(folder_of(entry));
    const auto begin = Clock::now();
    const Finding finding = try_out(*entry.check, plugin_, options_.seed);
    entry.result = Result{entry.check, verdict_of(finding.outcome), finding.reason, "", seconds_since(begin)};
  }

  /// Until a check has something to say, or the next of them may have run out of time.
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
      entry.result = Result{entry.check, ending->verdict, ending->reason, ending->output, ending->seconds};
      std::error_code ignored;
      std::filesystem::remove_all(folder_of(entry), ignored);
    }
  }

  /// Reports what is judged, in order.
  void tell() {
    for (; reported_ < entries_.size() && entries_[reported_].result; ++reported_) {
      const Entry& entry = entries_[reported_];
      if (!entry.asked && !is_bad(entry.result->verdict)) continue;
      if (options_.on_result) options_.on_result(*entry.result);
      report_.results.push_back(*entry.result);
    }
  }

  [[nodiscard]] std::filesystem::path folder_of(const Entry& entry) const {
    return scratch_.path() / entry.check->id;
  }

  Plugin& plugin_;
  const RunOptions& options_;
  ScratchFolder scratch_;
  Clock::time_point begin_ = Clock::now();
  std::vector<Entry> entries_;
  std::size_t running_ = 0;
  std::size_t reported_ = 0;
  Report report_;
};

}  // namespace

void require_known(const std::vector<std::string>& names) {
  std::vector<std::string> known;
  for (const auto& check : all_checks()) {
    const auto group = group_of(check.id);
    if (std::find(known.begin(), known.end(), group) == known.end()) known.push_back(group);
    known.push_back(check.id);
  }
  for (const auto& name : names) {
    if (std::find(known.begin(), known.end(), name) == known.end())
      throw base::Error("no check and no group of checks is called \"" + name + "\"" +
                            base::did_you_mean(name, known) + "\nsee taskonomy tasks check --list",
                        base::ExitCode::usage);
  }
}

Report run_checks(Plugin& plugin, const RunOptions& options) {
  // Copies of this process have its one thread: a pool of LibTorch's would be dead in them.
  const int threads = at::get_num_threads();
  at::set_num_threads(1);
  Report report = Run(plugin, options).all();
  at::set_num_threads(threads);
  return report;
}

}  // namespace taskonomy::checks
