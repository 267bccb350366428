// manners.*: whatever a plugin is asked for, state that belongs to the whole process or thread stays as it was.
// Ten plugins use a worker one after the other: the next one computes with what the last one left changed.
#include <ATen/Parallel.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cfenv>
#include <clocale>
#include <csignal>
#include <filesystem>
#include <locale>
#include <map>
#include <set>
#include <sstream>

#include "core/base/hash.hpp"
#include "core/base/text.hpp"
#include "core/checks/exercise.hpp"
#include "core/checks/plugin_check.hpp"

namespace taskonomy::checks {

namespace {

/// Values of some state by name, as text.
using State = std::map<std::string, std::string>;

/// One kind of state and how to read it.
struct Probe {
  State (*read)();
  std::set<std::string> free_steps{};  ///< steps of exercise() that may change it
};

/// "from float to double" for each value that differs.
std::string difference(const State& before, const State& after) {
  std::vector<std::string> changes;
  for (const auto& [name, value] : after) {
    const auto old = before.find(name);
    const std::string from = old == before.end() ? "nothing" : old->second;
    if (from != value) changes.push_back(name + " from " + from + " to " + value);
  }
  for (const auto& [name, value] : before)
    if (after.count(name) == 0) changes.push_back(name + " from " + value + " to nothing");
  return base::join(changes, ", ");
}

/// Loads and exercises the plugin; names every change of the state with the step that made it.
Finding check_untouched(CheckedPlugin& plugin, const Probe& probe) {
  std::vector<std::string> changes;
  State state = probe.read();
  const auto look = [&](const std::string& step) {
    State now = probe.read();
    const auto changed = difference(state, now);
    if (!changed.empty() && probe.free_steps.count(step) == 0)
      changes.push_back(step + " changes " + changed);
    state = std::move(now);
  };
  (void)plugin.library();
  look("loading");
  const auto ended_early = exercise(plugin, look);
  return finding_of(changes, ended_early);
}

State default_dtype() { return {{"the default type", std::string(torch::get_default_dtype().name())}}; }

State torch_threads() { return {{"the number of threads", std::to_string(at::get_num_threads())}}; }

/// The state of the generator as a hash, because it is 5 kB long.
State random_numbers() {
  const auto& generator = at::detail::getDefaultCPUGenerator();
  const auto state = generator.get_state();
  const std::string bytes(static_cast<const char*>(state.data_ptr()),
                          static_cast<std::size_t>(state.numel()));
  return {{"the default generator", base::fingerprint(bytes).substr(0, 8)}};
}

State grad_mode() {
  const auto word = [](bool on) { return on ? "on" : "off"; };
  return {{"gradients", word(at::GradMode::is_enabled())},
          {"inference mode", word(c10::InferenceMode::is_enabled())}};
}

State locale() {
  const auto name = [](int category) { return std::string(std::setlocale(category, nullptr)); };
  return {{"LC_COLLATE", name(LC_COLLATE)},   {"LC_CTYPE", name(LC_CTYPE)},
          {"LC_MONETARY", name(LC_MONETARY)}, {"LC_NUMERIC", name(LC_NUMERIC)},
          {"LC_TIME", name(LC_TIME)},         {"std::locale", std::locale().name()}};
}

State environment() {
  State state;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const auto equals = text.find('=');
    state["the variable " + text.substr(0, equals)] =
        equals == std::string::npos ? "" : text.substr(equals + 1);
  }
  return state;
}

/// Can only be read by setting it.
State file_mode_mask() {
  const mode_t mask = ::umask(0);
  ::umask(mask);
  std::ostringstream text;
  text << std::oct << mask;
  return {{"the umask", text.str()}};
}

State current_folder() { return {{"the current folder", std::filesystem::current_path().string()}}; }

std::string handler_text(const struct sigaction& action) {
  if (action.sa_handler == SIG_DFL) return "default";
  if (action.sa_handler == SIG_IGN) return "ignored";
  std::ostringstream text;
  text << "a handler at " << reinterpret_cast<const void*>(action.sa_handler);
  return text.str();
}

State signals() {
  State state;
  sigset_t blocked;
  ::pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
  for (int signal = 1; signal < NSIG; ++signal) {
    const char* name = ::sigabbrev_np(signal);
    if (name == nullptr) continue;
    struct sigaction action {};
    if (::sigaction(signal, nullptr, &action) != 0) continue;
    state["SIG" + std::string(name)] =
        handler_text(action) + (::sigismember(&blocked, signal) == 1 ? ", blocked" : "");
  }
  return state;
}

/// How the processor computes: asks it by computing with a number that is too small for its type.
State arithmetic() {
  volatile float tiny = 1e-40F;
  volatile float product = tiny * 0.5F;
  return {{"numbers below 1e-38", product == 0.0F ? "flushed to 0" : "kept"},
          {"the rounding mode", std::to_string(std::fegetround())},
          {"trapped exceptions", std::to_string(::fegetexcept())}};
}

/// A check has one thread, so that setting the number to one would not be noticed; but the plugin's file
/// tells whether it calls the setter at all.
Finding threads(CheckedPlugin& plugin) {
  for (const auto& symbol : plugin.link_facts().symbols) {
    const std::string name = host::demangled(symbol.name);
    for (const char* setter :
         {"at::set_num_threads(", "at::set_num_interop_threads(", "omp_set_num_threads"}) {
      if (name.rfind(setter, 0) == 0) return {Outcome::fail, "it calls " + name};
    }
  }
  return check_untouched(plugin, {torch_threads});
}

/// Looks with gradients on, then with gradients off, because switching them on is a change, too.
Finding gradients(CheckedPlugin& plugin) {
  const auto finding = check_untouched(plugin, {grad_mode});
  if (finding.outcome != Outcome::pass) return finding;
  const torch::NoGradGuard no_grad;
  return check_untouched(plugin, {grad_mode});
}

std::function<Finding(CheckedPlugin&)> watch(Probe probe) {
  return [probe = std::move(probe)](CheckedPlugin& plugin) { return check_untouched(plugin, probe); };
}

}  // namespace

std::vector<PluginCheck> global_state_checks(const std::vector<std::string>& needs) {
  const auto state_check = [&](const std::string& name, const std::string& what, const std::string& hint,
                               std::function<Finding(CheckedPlugin&)> run) -> PluginCheck {
    return {"manners." + name,
            "it leaves " + what + " as it was: what comes after it in the same worker depends on it",
            hint,
            Level::quick,
            needs,
            std::move(run)};
  };
  const Probe generator{random_numbers, {"make_decoder", "forward"}};  // weights, dropout
  return {
      state_check("dtype", "LibTorch's default type", "say the type where a tensor is made: torch::kFloat64",
                  watch({default_dtype})),
      state_check("threads", "LibTorch's number of threads", "leave at::set_num_threads() to the host",
                  threads),
      state_check("rng", "LibTorch's default generator",
                  "draw from the generator that make_example gets, or from one of your own",
                  watch(generator)),
      state_check("grad_mode", "the switches for gradients", "use torch::NoGradGuard, which switches back",
                  gradients),
      state_check("locale", "the locale",
                  "format with std::to_chars; no setlocale(), no std::locale::global()", watch({locale})),
      state_check("environment", "the environment",
                  "keep settings in the object; no setenv(), putenv() or unsetenv()", watch({environment})),
      state_check("umask", "the mask of new files' permissions", "chmod() the files themselves",
                  watch({file_mode_mask})),
      state_check("cwd", "the current folder", "use whole paths instead of chdir()", watch({current_folder})),
      state_check("signals", "signal handlers and masks", "leave signals to the host", watch({signals})),
      state_check("denormals", "the processor's way with tiny numbers, rounding and exceptions",
                  "no set_flush_denormal(), no fesetround(), no -ffast-math when linking",
                  watch({arithmetic})),
  };
}

}  // namespace taskonomy::checks
