// The one exception type. Inner code says what is wrong, outer layers add where:
// recipe.toml:14: task "normal": ...
#pragma once

#include <stdexcept>
#include <string>

namespace taskonomy::base {

/// What the process returns to the shell.
enum class ExitCode {
  done = 0,
  bad_input = 1,
  usage = 2,
  infeasible = 3,
  some_jobs_failed = 4,
  not_checked = 5,    ///< by `tasks check` and `datasets check`: what they need was not there
  cut_off = 75,       ///< of a worker whose line to the host was closed
  hung_up = 129,      ///< by SIGHUP; these three are 128 and the signal, as shells have them
  interrupted = 130,  ///< by SIGINT
  terminated = 143    ///< by SIGTERM
};

/// The code of a process that a signal ended early, and whether a code is one.
[[nodiscard]] inline ExitCode code_of_signal(int signal) { return static_cast<ExitCode>(128 + signal); }
[[nodiscard]] inline bool is_of_signal(ExitCode code) { return static_cast<int>(code) > 128; }

/// Whom an error is to blame on: what was given, or the disk of the machine that it happened on, which is full or
/// broken, so that another machine may succeed.
enum class Fault { input, disk };

/// An error that a person can act on: the message names the place and the cure. Bugs of this program are
/// std::logic_error instead.
class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& message, ExitCode code = ExitCode::bad_input, Fault fault = Fault::input)
      : std::runtime_error(message), code_(code), fault_(fault) {}
  [[nodiscard]] ExitCode code() const noexcept { return code_; }
  [[nodiscard]] Fault fault() const noexcept { return fault_; }
  /// The same error with "place: " before it.
  [[nodiscard]] Error at(const std::string& place) const {
    return Error(place + ": " + what(), code_, fault_);
  }

 private:
  ExitCode code_;
  Fault fault_;
};

/// Runs body and returns what it returns. An Error that leaves it gets "place: " before its message; other
/// exceptions become such Errors, except for std::logic_error, which goes through as it is.
template <typename Body>
auto with_context(const std::string& place, Body&& body) -> decltype(body()) {
  try {
    return body();
  } catch (const Error& error) {
    throw error.at(place);
  } catch (const std::logic_error&) {
    throw;
  } catch (const std::exception& error) {
    throw Error(place + ": " + error.what());
  }
}

}  // namespace taskonomy::base
