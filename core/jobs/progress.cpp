// Lines about a run under way.
#include "core/jobs/progress.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <ostream>

#include "core/base/json.hpp"
#include "core/base/text.hpp"

namespace taskonomy::jobs {

namespace {

constexpr std::size_t kBar = 20;    // columns
constexpr std::size_t kRecent = 8;  // jobs that images per second look back on
constexpr std::chrono::milliseconds kRedraw{200};
constexpr std::chrono::seconds kPlain{10};

std::string bar(double share) {
  const auto full = static_cast<std::size_t>(std::floor(share * kBar));
  return "[" + std::string(full, '#') + std::string(kBar - full, '.') + "]";
}

/// "source/normal step 300 of 800, loss 0.12", or for how long it has been at work.
std::string job_text(const Running& job) {
  if (job.step.steps == 0) return job.id + " for " + base::duration(job.seconds);
  char loss[32];
  std::snprintf(loss, sizeof loss, "%.3g", job.step.loss);
  return job.id + " step " + std::to_string(job.step.step) + " of " + std::to_string(job.step.steps) +
         ", loss " + loss;
}

/// The same in fewer columns: "source/normal 300/800".
std::string short_job_text(const Running& job) {
  if (job.step.steps == 0) return job.id;
  return job.id + " " + std::to_string(job.step.step) + "/" + std::to_string(job.step.steps);
}

/// The running jobs, as many as fit into `room` columns, then how many there are beside them.
std::string jobs_text(const std::vector<Running>& running, std::size_t room) {
  std::string text;
  for (std::size_t i = 0; i < running.size(); ++i) {
    std::string part = (i > 0 ? "; " : "") + job_text(running[i]);
    const std::string rest =
        (i > 0 ? "; " : "") + std::to_string(running.size() - i) + (i > 0 ? " more" : " running");
    const std::string after =
        i + 1 < running.size() ? "; " + std::to_string(running.size() - i - 1) + " more" : "";
    if (text.size() + part.size() + after.size() > room)
      part = (i > 0 ? "; " : "") + short_job_text(running[i]);
    if (text.size() + part.size() + after.size() > room)
      return text.size() + rest.size() <= room ? text + rest : text;
    text += part;
  }
  return text;
}

}  // namespace

std::string progress_line(const Snapshot& snapshot, std::size_t width) {
  const Tally& tally = snapshot.tally;
  const std::size_t settled = tally.done + tally.failed + tally.blocked;
  std::string line =
      bar(tally.all == 0 ? 1.0 : static_cast<double>(settled) / static_cast<double>(tally.all));
  line += " " + std::to_string(tally.done) + " of " + std::to_string(tally.all) + " jobs";
  if (tally.failed > 0) line += ", " + std::to_string(tally.failed) + " failed";
  if (snapshot.seconds > 0.0) line += ", " + base::duration(snapshot.seconds) + " gone";
  if (snapshot.seconds_left) line += ", about " + base::duration(*snapshot.seconds_left) + " left";
  if (snapshot.images_per_second > 0.0)
    line += ", " + base::fixed(snapshot.images_per_second, 0) + " images/s";
  if (line.size() > width) return line.substr(kBar + 3, width);  // too narrow for the bar
  if (line.size() + 2 < width) {
    const std::string jobs = jobs_text(snapshot.running, width - line.size() - 2);
    if (!jobs.empty()) line += "; " + jobs;
  }
  return line;
}

std::optional<double> seconds_left(const Scheduler& scheduler, const Durations& durations,
                                   const std::vector<Running>& running, std::size_t workers) {
  std::map<std::string, double> elapsed;
  for (const Running& job : running) elapsed[job.id] = job.seconds;
  double total = 0.0;
  double longest = 0.0;  // no number of workers beats the longest single job
  for (const Job& job : scheduler.graph().jobs()) {
    const JobState state = scheduler.state(job.id);
    if (state != JobState::waiting && state != JobState::ready && state != JobState::running) continue;
    if (scheduler.will_serve(job.id)) continue;
    const auto expected = durations.expected(job.id, job.weight);
    if (!expected) return std::nullopt;
    const double left = std::max(0.0, *expected - elapsed[job.id]);
    total += left;
    longest = std::max(longest, left);
  }
  return std::max(longest, total / static_cast<double>(std::max<std::size_t>(workers, 1)));
}

Progress::Progress(Display display, std::ostream& messages, std::ostream& results,
                   std::function<std::size_t()> width)
    : display_(display), messages_(messages), results_(results), width_(std::move(width)) {}

Progress::~Progress() { clear_line(); }

void Progress::clear_line() {
  if (drawn_ > 0) messages_ << '\r' << std::string(drawn_, ' ') << '\r' << std::flush;
  drawn_ = 0;
}

double Progress::images_per_second(std::size_t running) const {
  double images = 0.0, seconds = 0.0;
  for (const auto& [count, time] : recent_) {
    images += count;
    seconds += time;
  }
  return seconds > 0.0 ? images / seconds * static_cast<double>(running) : 0.0;
}

void Progress::ended(const JobReport& report) {
  const auto images = report.figures.find("images");
  if (report.ok && images != report.figures.end() && images->second > 0.0 && report.seconds > 0.0) {
    recent_.emplace_back(images->second, report.seconds);
    if (recent_.size() > kRecent) recent_.pop_front();
  }
  if (display_ == Display::json) {
    base::Json line =
        base::Json::object().set("job", report.id).set("ok", report.ok).set("seconds", report.seconds);
    if (!report.ok) line.set("error", report.error);
    base::Json figures = base::Json::object();
    for (const auto& [name, value] : report.figures)
      if (std::isfinite(value)) figures.set(name, value);
    if (!figures.empty()) line.set("figures", std::move(figures));
    results_ << line.dump() << std::endl;
  } else if (!report.ok) {
    say("failed: " + report.id + ": " + report.error);
  }
}

void Progress::show(const Scheduler& scheduler, const Durations& durations, const Pool& pool, bool now) {
  if (display_ != Display::live && display_ != Display::plain) return;
  const auto time = Clock::now();
  const bool live = display_ == Display::live;
  if (!now && shown_ && time - *shown_ < (live ? Clock::duration(kRedraw) : Clock::duration(kPlain))) return;
  shown_ = time;
  Snapshot snapshot{scheduler.tally(), pool.running(), std::chrono::duration<double>(time - begin_).count(),
                    0.0, std::nullopt};
  snapshot.images_per_second = images_per_second(snapshot.running.size());
  snapshot.seconds_left = seconds_left(scheduler, durations, snapshot.running, pool.size());
  if (!live) {
    constexpr std::size_t kPlainWidth = 160;
    messages_ << progress_line(snapshot, kPlainWidth).substr(kBar + 3) << std::endl;
    return;
  }
  // The last column stays free: terminals wrap when it is written.
  const std::size_t width = std::max<std::size_t>(width_(), 2) - 1;
  const std::string line = progress_line(snapshot, width);
  const std::size_t blank = drawn_ > line.size() ? std::min(drawn_, width) - std::min(line.size(), width) : 0;
  messages_ << '\r' << line << std::string(blank, ' ') << std::flush;
  drawn_ = line.size();
}

void Progress::say(const std::string& line) {
  clear_line();
  messages_ << line << std::endl;
}

}  // namespace taskonomy::jobs
