// Running the checker on a file, and reading its report.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "core/conformance/run_checks.hpp"
#include "core/host/elf_symbols.hpp"
#include "tests/host/plugin_folder.hpp"

namespace taskonomy::tests {

using Texts = std::vector<std::string>;

inline conformance::Report checked(const std::filesystem::path& path,
                                   const conformance::RunOptions& options = {}) {
  conformance::Plugin plugin(path);
  return conformance::run_checks(plugin, options);
}

/// "FAIL manners.cwd" for each check that neither passed nor was skipped, in order.
inline Texts bad_of(const conformance::Report& report) {
  Texts bad;
  for (const auto& result : report.results) {
    if (result.verdict == conformance::Verdict::pass || result.verdict == conformance::Verdict::skip)
      continue;
    bad.push_back(std::string(conformance::name_of(result.verdict)) + " " + result.check->id);
  }
  return bad;
}

inline const conformance::Result& result_of(const conformance::Report& report, const std::string& id) {
  for (const auto& result : report.results) {
    if (result.check->id == id) return result;
  }
  throw std::logic_error("no result of " + id);
}

}  // namespace taskonomy::tests
