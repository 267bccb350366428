// All checks in one process, for authors.
#include <chrono>
#include <cstdio>
#include <iostream>
#include <stdexcept>

#include "checks.hpp"

namespace taskonomy::sdk::testing {

namespace {

bool chosen(const Check& check, const RunOptions& options) {
  // Whoever names a check wants it, whatever its level.
  if (check.id == options.only) return true;
  const bool asked = options.only.empty() || check.id.rfind(options.only + ".", 0) == 0;
  return asked && check.level <= options.level;
}

void print(std::ostream& out, const Result& result) {
  char seconds[32];
  std::snprintf(seconds, sizeof seconds, "%6.2f s", result.seconds);
  const Finding& finding = result.finding;
  out << name_of(finding.outcome) << "  " << result.check->id;
  for (std::size_t width = result.check->id.size(); width < 28; ++width) out << ' ';
  out << seconds << (finding.reason.empty() ? "" : "  ") << finding.reason << "\n";
  if (finding.outcome == Outcome::fail || finding.outcome == Outcome::warn) {
    out << "      must   " << result.check->contract << "\n      hint   " << result.check->hint << "\n";
  }
  out.flush();  // the next check may be the last thing this process does
}

Result timed(const Check& check, Subject& subject) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  Result result{&check, check.run(subject), 0.0};
  result.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  return result;
}

}  // namespace

const char* name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::pass:
      return "PASS";
    case Outcome::warn:
      return "WARN";
    case Outcome::fail:
      return "FAIL";
    case Outcome::skip:
      return "SKIP";
  }
  return "?";
}

const char* name_of(Level level) {
  return level == Level::quick ? "quick" : level == Level::full ? "full" : "pedantic";
}

std::vector<Result> run_checks(Subject& subject, const RunOptions& options) {
  std::ostream& out = options.out == nullptr ? std::cout : *options.out;
  std::vector<Result> results;
  for (const auto& check : task_checks()) {
    if (!chosen(check, options)) continue;
    results.push_back(timed(check, subject));
    print(out, results.back());
  }
  if (results.empty()) throw std::invalid_argument("no check is called \"" + options.only + "\"");
  return results;
}

bool conforms(Subject& subject, const RunOptions& options) {
  bool kept = true;
  for (const auto& result : run_checks(subject, options))
    kept = kept && result.finding.outcome != Outcome::fail;
  return kept;
}

}  // namespace taskonomy::sdk::testing
