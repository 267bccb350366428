#include "core/checks/result.hpp"

#include <algorithm>

namespace taskonomy::checks {

const char* name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return "PASS";
    case Verdict::warn:
      return "WARN";
    case Verdict::fail:
      return "FAIL";
    case Verdict::skip:
      return "SKIP";
    case Verdict::crash:
      return "CRASH";
    case Verdict::timeout:
      return "TIMEOUT";
  }
  return "?";
}

std::string word_of(Verdict verdict) {
  std::string word = name_of(verdict);
  for (char& letter : word) letter = static_cast<char>(letter - 'A' + 'a');
  return word;
}

Verdict verdict_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::pass:
      return Verdict::pass;
    case Outcome::warn:
      return Verdict::warn;
    case Outcome::fail:
      return Verdict::fail;
    case Outcome::skip:
      return Verdict::skip;
  }
  return Verdict::fail;
}

std::size_t Report::count(Verdict verdict) const {
  return static_cast<std::size_t>(std::count_if(
      results.begin(), results.end(), [&](const Result& result) { return result.verdict == verdict; }));
}

bool Report::kept() const {
  return std::none_of(results.begin(), results.end(),
                      [](const Result& result) { return is_bad(result.verdict); });
}

}  // namespace taskonomy::checks
