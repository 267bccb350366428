// What running the checks gave, and how it is shown.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/checks/check.hpp"

namespace taskonomy::checks {

/// A check's own outcome, or what became of its process.
enum class Verdict { pass, warn, fail, skip, crash, timeout };
inline constexpr std::array kVerdicts{Verdict::pass, Verdict::warn,  Verdict::fail,
                                      Verdict::skip, Verdict::crash, Verdict::timeout};

/// "PASS", "WARN", "FAIL", "SKIP", "CRASH", "TIMEOUT".
[[nodiscard]] const char* name_of(Verdict verdict);
/// The same in small letters.
[[nodiscard]] std::string word_of(Verdict verdict);
[[nodiscard]] Verdict verdict_of(Outcome outcome);
/// Neither kept nor beside the point: fail, crash or timeout.
[[nodiscard]] constexpr bool is_bad(Verdict verdict) {
  return verdict == Verdict::fail || verdict == Verdict::crash || verdict == Verdict::timeout;
}

struct Result {
  const Check* check = nullptr;
  Verdict verdict = Verdict::pass;
  std::string reason;    ///< what was seen; may be empty where all is well
  std::string output{};  ///< the end of what its process printed; "" for --in-process
  double seconds = 0.0;
  bool tried = true;  ///< false: skipped because what it needs did not pass; the reason names that
};

/// All results of one plugin.
struct Report {
  std::string file;
  std::string id, version;  ///< of the stamp; "" where it cannot be read
  Level level = Level::full;
  std::uint64_t seed = 1;
  double seconds = 0.0;         ///< on the clock
  std::vector<Result> results;  ///< in the order of all_checks()

  [[nodiscard]] std::size_t count(Verdict verdict) const;
  [[nodiscard]] bool kept() const;  ///< nothing is bad
};

}  // namespace taskonomy::checks
