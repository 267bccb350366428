// A report for people: one line a check, grouped, aligned; what is not kept with reason, hint and the command
// that shows it alone.
#pragma once

#include <string>

#include "core/checks/result.hpp"

namespace taskonomy::checks {

/// Writes a report piece by piece, as the checks end.
class TextReport {
 public:
  /// colour: with terminal colours.
  explicit TextReport(bool colour) : colour_(colour) {}
  /// "taskonomy_task_normal.so: task "normal" 1.0.0, level full, seed 1".
  [[nodiscard]] std::string head(const Plugin& plugin, Level level, std::uint64_t seed) const;
  /// One check; a blank line before another group. "" for a check that was not tried: tail() counts those.
  [[nodiscard]] std::string line(const Plugin& plugin, const Result& result);
  /// "not tried, because file.elf did not pass: 52 checks", "58 checks: 57 pass, 1 skip; 4.1 s".
  [[nodiscard]] std::string tail(const Report& report) const;

 private:
  [[nodiscard]] std::string painted(Verdict verdict, const std::string& text) const;

  bool colour_ = false;
  std::string group_;
};

/// The list of all checks with their levels and contracts.
[[nodiscard]] std::string list_text();

}  // namespace taskonomy::checks
