// file.*: what the file itself tells, read without running a line of it. Only the libraries that it needs are
// loaded, to see whether they can be.
#include <dlfcn.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "core/base/text.hpp"
#include "core/checks/plugin_check.hpp"
#include "core/host/elf.hpp"
#include "core/host/script_page.hpp"

namespace taskonomy::checks {

namespace {

namespace fs = std::filesystem;

std::string refused_text(const host::Refusal& refusal) {
  return "TX" + std::to_string(refusal.code) + ": " + refusal.reason;
}

/// Fails for one reason of refusal. file_checks() orders the reasons so that no other one can hide it.
Finding not_refused(const CheckedPlugin& plugin, int code) {
  const auto& refusal = plugin.file().refusal;
  if (refusal && refusal->code == code) return {Outcome::fail, refused_text(*refusal)};
  return {Outcome::pass, ""};
}

Finding permissions(CheckedPlugin& plugin) { return not_refused(plugin, 1008); }
Finding elf(CheckedPlugin& plugin) { return not_refused(plugin, 1000); }
Finding one_torch(CheckedPlugin& plugin) { return not_refused(plugin, 1005); }

Finding stamp(CheckedPlugin& plugin) {
  const auto& refusal = plugin.file().refusal;
  // TX1005 is not about the stamp; file.one_torch looks at it.
  if (refusal && refusal->code != 1005) return {Outcome::fail, refused_text(*refusal)};
  return {Outcome::pass, base::join(plugin.file().notes, "; ")};
}

Finding ids_valid(CheckedPlugin& plugin) {
  if (host::is_script_page(plugin.path())) return {Outcome::pass, ""};  // a page of another id is refused
  const std::string expected = "taskonomy_" + plugin.stamped("kind") + "_" + plugin.stamped("id") + ".so";
  const std::string name = plugin.path().filename().string();
  if (name == expected) return {Outcome::pass, ""};
  return {Outcome::fail, "the file is called " + name + ", its stamp says " + expected};
}

/// What the system's loader says against a library, "" where it takes it. A library that is already mapped is
/// found under its bare name.
std::string load_problem(const std::string& name, const std::vector<std::string>& search_paths) {
  std::string file = name;
  std::error_code ignored;
  for (const auto& folder : search_paths) {
    if (!fs::exists(fs::path(folder) / name, ignored)) continue;
    file = (fs::path(folder) / name).string();
    break;
  }
  if (::dlopen(file.c_str(), RTLD_LAZY | RTLD_LOCAL) != nullptr) return "";
  const char* cause = ::dlerror();
  return cause == nullptr ? name + ": cannot be loaded" : cause;
}

Finding libraries(CheckedPlugin& plugin) {
  const auto facts = plugin.link_facts();
  const auto needed = host::read_elf(host::file_bytes(plugin.path()), plugin.host().platform).needed;
  std::vector<std::string> problems;
  for (const auto& name : needed) {
    // LibTorch's parts must be the host's own; file.one_torch looks at them.
    if (name.rfind("libtorch", 0) == 0 || name.rfind("libc10", 0) == 0) continue;
    const auto problem = load_problem(name, facts.search_paths);
    if (!problem.empty()) problems.push_back(problem);
  }
  if (problems.empty()) return {Outcome::pass, ""};
  return {Outcome::fail, base::join(problems, "; ")};
}

/// "3 symbols, first: void f(int)".
std::string listed(const std::vector<std::string>& names) {
  const std::string count = std::to_string(names.size()) + (names.size() == 1 ? " symbol" : " symbols");
  return count + ", first: " + host::demangled(names.front());
}

Finding exports(CheckedPlugin& plugin) {
  std::vector<std::string> of_std, others;
  for (const auto& symbol : plugin.link_facts().symbols) {
    if (!symbol.defined || symbol.unique) continue;  // file.unique looks at unique ones
    if (symbol.name == sdk::kPluginEntry || symbol.name == "taskonomy_stamp") continue;
    (host::is_of_std(symbol.name) ? of_std : others).push_back(symbol.name);
  }
  if (!others.empty()) return {Outcome::fail, "exports " + listed(others)};
  if (!of_std.empty()) return {Outcome::warn, "exports instances of the C++ library: " + listed(of_std)};
  return {Outcome::pass, ""};
}

Finding unique(CheckedPlugin& plugin) {
  std::vector<std::string> names;
  for (const auto& symbol : plugin.link_facts().symbols) {
    if (symbol.defined && symbol.unique && !host::is_of_std(symbol.name)) names.push_back(symbol.name);
  }
  if (names.empty()) return {Outcome::pass, ""};
  return {Outcome::fail, "shares with the whole process " + listed(names)};
}

/// Functions that TORCH_LIBRARY, RegisterOperators and custom classes call: beginnings of demangled names.
constexpr std::array kRegistrations{"torch::Library::Library(",
                                    "c10::RegisterOperators::",
                                    "torch::jit::RegisterOperators::",
                                    "torch::jit::registerOperator",
                                    "torch::detail::class_base::class_base(",
                                    "c10::Dispatcher::register"};

Finding operators(CheckedPlugin& plugin) {
  std::vector<std::string> names;
  for (const auto& symbol : plugin.link_facts().symbols) {
    const std::string name = host::demangled(symbol.name);
    const bool registers = std::any_of(kRegistrations.begin(), kRegistrations.end(),
                                       [&](const char* start) { return name.rfind(start, 0) == 0; });
    if (registers) names.push_back(symbol.name);
  }
  if (names.empty()) return {Outcome::pass, ""};
  return {Outcome::fail, "registers operators or classes with LibTorch: calls " + listed(names)};
}

const std::string kRebuild = "cmake -S . -B build -DCMAKE_PREFIX_PATH=$(taskonomy sdk prefix)";
const std::string kHide = "build it with taskonomy_add_task(), which sets what hides them";

}  // namespace

std::vector<PluginCheck> file_checks() {
  return {
      {"file.permissions",
       "only its owner may write it: it runs with the rights of whoever uses it",
       "chmod o-w FILE, after building or copying it again",
       Level::quick,
       {},
       permissions},
      {"file.elf",
       "the file is a whole shared library for this machine: loading half of one ends the host",
       "copy the file again, or build it on this machine",
       Level::quick,
       {"file.permissions"},
       elf},
      {"file.stamp",
       "the stamp is there and says the same build of SDK, LibTorch and C++ library as this host's",
       "end the plugin with TASKONOMY_EXPORT_TASK and build it with the SDK of this host: " + kRebuild,
       Level::quick,
       {"file.elf"},
       stamp},
      {"file.ids",
       "file and stamp agree on kind and id, so that a plugin is found under its own name",
       "do not rename the file; the id stands in taskonomy_add_task() and TASKONOMY_EXPORT_TASK",
       Level::quick,
       {"file.stamp"},
       ids_valid},
      {"file.one_torch",
       "it needs the LibTorch of this host, not a second one beside it in one process",
       "build it against the host's LibTorch: " + kRebuild,
       Level::quick,
       {"file.stamp"},
       one_torch},
      {"file.libraries",
       "every library it needs is found and can be loaded",
       "install the library that is named, or link it statically",
       Level::quick,
       {"file.elf"},
       libraries},
      {"file.exports",
       "it exports the stamp and the entry alone, so that no plugin meets another's names",
       kHide,
       Level::quick,
       {"file.elf"},
       exports},
      {"file.unique",
       "it has no GNU-unique symbols outside std: two plugins would share one variable, whatever the loader "
       "does",
       kHide,
       Level::quick,
       {"file.elf"},
       unique},
      {"file.operators",
       "it registers no operators or classes: LibTorch's registry is one for all, and a second name ends the "
       "host",
       "call plain functions instead of TORCH_LIBRARY",
       Level::quick,
       {"file.elf"},
       operators},
  };
}

}  // namespace taskonomy::checks
