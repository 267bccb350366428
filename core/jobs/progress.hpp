// What a run shows while it runs: one live line on a terminal, plain lines elsewhere, or one JSON object per
// job.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "core/jobs/forecast.hpp"
#include "core/jobs/pool.hpp"
#include "core/jobs/scheduler.hpp"

namespace taskonomy::jobs {

/// All that the line shows.
struct Snapshot {
  Tally tally;
  std::vector<Running> running;
  double seconds = 0.0;                ///< since the run began
  double images_per_second = 0.0;      ///< 0 = not known
  std::optional<double> seconds_left;  ///< nothing before the first job is done
};

/// "[######....] 37 of 212 jobs, 40 s gone, about 2 min 05 s left, 812 images/s; source/normal step 300 of 800,
/// loss 0.12; 1 more", at most `width` columns (counted in bytes: ids are ASCII); what does not fit is dropped
/// from the least important end. Never longer.
[[nodiscard]] std::string progress_line(const Snapshot& snapshot, std::size_t width);

/// How to show it.
enum class Display {
  live,   ///< one line that is redrawn
  plain,  ///< lines, about every ten seconds and for failures
  quiet,  ///< nothing but failures
  json    ///< one object per finished job on `results`
};

/// Expected seconds until everything known is done with this many workers: what is left of the running jobs
/// and all of the waiting ones, by the durations seen so far. Nothing before any is known.
[[nodiscard]] std::optional<double> seconds_left(const Scheduler& scheduler, const Durations& durations,
                                                 const std::vector<Running>& running, std::size_t workers);

/// Follows a run. [one thread]
class Progress {
 public:
  /// `messages` takes lines for people, `results` JSON. `width` is asked at each redraw (columns of the
  /// terminal).
  Progress(Display display, std::ostream& messages, std::ostream& results,
           std::function<std::size_t()> width);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// A job ended; `durations` already knows it.
  void ended(const JobReport& report);
  /// Shows how things stand if it is time: about five times a second live, every ten seconds in plain lines.
  void show(const Scheduler& scheduler, const Durations& durations, const Pool& pool, bool now = false);
  /// A line that stays.
  void say(const std::string& line);

 private:
  using Clock = std::chrono::steady_clock;
  [[nodiscard]] double images_per_second(std::size_t running) const;
  void clear_line();

  Display display_;
  std::ostream& messages_;
  std::ostream& results_;
  std::function<std::size_t()> width_;
  Clock::time_point begin_ = Clock::now();
  std::optional<Clock::time_point> shown_;
  std::size_t drawn_ = 0;                         ///< columns of the live line now on the screen
  std::deque<std::pair<double, double>> recent_;  ///< {images, seconds} of the last jobs that had images
};

}  // namespace taskonomy::jobs
