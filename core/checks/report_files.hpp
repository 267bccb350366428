// A report for other programs.
#pragma once

#include <string>

#include "core/checks/result.hpp"

namespace taskonomy::checks {

/// {"file", "id", "version", "level", "seed", "seconds", "kept", "counts": {"pass": n, ...},
///  "checks": [{"id", "outcome", "contract", "hint", "reason", "output", "seconds"}]}; outcomes in small
/// letters: pass, warn, fail, skip, crash, timeout.
[[nodiscard]] std::string json_of(const Report& report);

/// JUnit's XML as CI servers read it: a testsuite per group, a testcase per check. fail is a <failure>, crash
/// and timeout are an <error>, skip is <skipped>; warnings pass and keep their text in <system-out>.
[[nodiscard]] std::string junit_of(const Report& report);

}  // namespace taskonomy::checks
