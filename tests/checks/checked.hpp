// Running the checker on a file, and reading its report.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "core/checks/run_checks.hpp"
#include "core/host/elf.hpp"
#include "tests/host/plugin_folder.hpp"

namespace taskonomy::tests {

using Texts = std::vector<std::string>;

inline checks::CheckReport checked(const std::filesystem::path& path,
                                   const checks::CheckOptions& options = {}) {
  checks::CheckedPlugin plugin(path);
  return checks::run_checks(plugin, options);
}

/// "FAIL manners.cwd" for each check that neither passed nor was skipped or not tried, in order.
inline Texts bad_of(const checks::CheckReport& report) {
  Texts bad;
  for (const auto& result : report.results) {
    if (result.verdict == checks::Verdict::pass || result.verdict == checks::Verdict::skip || !result.tried)
      continue;
    bad.push_back(std::string(checks::name_of(result.verdict)) + " " + result.check->id);
  }
  return bad;
}

inline const checks::CheckResult& result_of(const checks::CheckReport& report, const std::string& id) {
  for (const auto& result : report.results) {
    if (result.check->id == id) return result;
  }
  throw std::logic_error("no result of " + id);
}

}  // namespace taskonomy::tests
