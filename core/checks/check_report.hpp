// What running the checks of a plugin gave, and how it is shown: to people as text, to other programs as
// JSON, to CI servers as JUnit's XML.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/checks/plugin_check.hpp"

namespace taskonomy::checks {

/// A check's own outcome, or what became of its process.
enum class Verdict { pass, warn, fail, skip, unchecked, crash, timeout };
inline constexpr std::array kVerdicts{Verdict::pass,      Verdict::warn,  Verdict::fail,   Verdict::skip,
                                      Verdict::unchecked, Verdict::crash, Verdict::timeout};

/// "PASS", "WARN", "FAIL", "SKIP", "UNCHECKED", "CRASH", "TIMEOUT".
[[nodiscard]] const char* name_of(Verdict verdict);
/// The same in small letters.
[[nodiscard]] std::string word_of(Verdict verdict);
[[nodiscard]] Verdict verdict_of(Outcome outcome);
/// Whether the plugin breaks its contract: fail, crash or timeout.
[[nodiscard]] constexpr bool is_bad(Verdict verdict) {
  return verdict == Verdict::fail || verdict == Verdict::crash || verdict == Verdict::timeout;
}

/// What one check gave.
struct CheckResult {
  const PluginCheck* check = nullptr;
  Verdict verdict = Verdict::pass;
  std::string reason;    ///< what was seen; may be empty where all is well
  std::string output{};  ///< the end of what its process printed; "" for --in-process
  double seconds = 0.0;
  bool tried = true;  ///< false: not run, because a check that it needs did not pass; `reason` names that one
};

/// All results of one plugin.
struct CheckReport {
  std::string file;
  std::string id, version;  ///< of the stamp; "" where it cannot be read
  Level level = Level::full;
  std::uint64_t seed = 1;
  double seconds = 0.0;              ///< on the clock
  std::vector<CheckResult> results;  ///< in the order of all_checks()

  [[nodiscard]] std::size_t count(Verdict verdict) const;
  /// Whether the plugin keeps its contract: no result is_bad().
  [[nodiscard]] bool kept() const;
  /// Groups of which no check could be tried: "label", "loss".
  [[nodiscard]] std::vector<std::string> unchecked_groups() const;
};

/// Writes a report for people, piece by piece, as the checks end.
class TextReport {
 public:
  /// `colour`: paints the verdicts for a terminal.
  explicit TextReport(bool colour) : colour_(colour) {}
  /// "taskonomy_task_normal.so: task "normal" 1.0.0, level full, seed 1".
  [[nodiscard]] std::string head(const CheckedPlugin& plugin, Level level, std::uint64_t seed) const;
  /// One line for a result that is fine; else also contract, hint, output and the command that repeats
  /// the check. Begins with a blank line where a group of checks begins. "" for a check that was not
  /// tried: tail() counts those.
  [[nodiscard]] std::string line(const CheckedPlugin& plugin, const CheckResult& result);
  /// "not tried, because file.elf did not pass: 52 checks", "58 checks: 57 pass, 1 skip; 4.1 s", "not checked: label,
  /// loss".
  [[nodiscard]] std::string tail(const CheckReport& report) const;

 private:
  [[nodiscard]] std::string painted(Verdict verdict, const std::string& text) const;

  bool colour_ = false;
  std::string group_;
};

/// The list of all checks of such plugins with their levels and contracts.
[[nodiscard]] std::string list_text(host::Kind kind = host::Kind::task);

/// The report as JSON:
/// {"file", "id", "version", "level", "seed", "seconds", "kept", "unchecked": [groups], "counts": {"pass": n, ...},
///  "checks": [{"id", "outcome", "contract", "hint", "reason", "output", "seconds"}]}
/// An outcome is one of pass, warn, fail, skip, unchecked, crash, timeout.
[[nodiscard]] std::string json_of(const CheckReport& report);

/// The report as JUnit's XML, which CI servers read: a testsuite per group, a testcase per check. A
/// fail becomes a <failure>, a crash or timeout an <error>, a skip and what is unchecked
/// <skipped>; a warning passes and
/// keeps its text in <system-out>.
[[nodiscard]] std::string junit_of(const CheckReport& report);

}  // namespace taskonomy::checks
