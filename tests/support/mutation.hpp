// Damaged input by the thousand, from a fixed seed: a reader gives a value or an error, and never crashes.
// The environment variable TASKONOMY_MUTATIONS asks for more inputs than a test tries as a rule.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <random>
#include <stdexcept>
#include <string>

#include "tests/support/testing.hpp"

namespace taskonomy::tests {

/// How many inputs a test program tries in all.
inline int mutations(int usual) {
  const char* wanted = std::getenv("TASKONOMY_MUTATIONS");
  return wanted != nullptr ? std::max(1, std::atoi(wanted)) : usual;
}

/// Changes, cuts and doubles bytes; digits and brackets often become others, as damage in headers does the
/// most.
inline std::string mutated(std::string bytes, std::mt19937& generator) {
  const auto place = [&] { return generator() % bytes.size(); };
  static const std::string kSharp("0123456789-.eE{}[](),:'\"\0\xff", 26);
  for (unsigned edit = 0; edit <= generator() % 5; ++edit)
    bytes[place()] =
        generator() % 2 == 0 ? static_cast<char>(generator()) : kSharp[generator() % kSharp.size()];
  if (generator() % 6 == 0) bytes.resize(1 + place());
  if (generator() % 8 == 0) bytes.insert(place(), bytes.substr(place(), generator() % 64));
  if (generator() % 8 == 0) bytes.erase(place(), generator() % 16);
  return bytes.empty() ? std::string(1, 'x') : bytes;
}

/// Hands `count` mutations of `original` to `read`, which gives what is wrong with the value it read, or "",
/// and refuses by a std::runtime_error that begins with `name` and a colon. `mend`, called on half of them,
/// makes checksums right again, so that damage gets past them.
template <typename Read>
void survive(const std::string& original, int count, const std::string& name, const Read& read,
             const std::function<void(std::string&)>& mend = {}) {
  std::mt19937 generator(20180618);
  int good = 0, refused = 0;
  for (int i = 0; i < count; ++i) {
    std::string bytes = mutated(original, generator);
    if (mend && generator() % 2 == 0) mend(bytes);
    try {
      const std::string wrong = read(bytes);
      if (!wrong.empty()) FAIL(wrong);
      ++good;
    } catch (const std::runtime_error& error) {
      if (std::string(error.what()).rfind(name + ":", 0) != 0) FAIL(error.what());
      ++refused;
    }
  }
  CHECK(good + refused == count);
  CHECK(refused > count / 10);
}

}  // namespace taskonomy::tests
