// Checks a plugin before it is loaded, and words what is found.
#include "core/host/refusal.hpp"

#include <link.h>
#include <sys/stat.h>

#include <algorithm>
#include <utility>

#include <taskonomy/sdk/detail/stamp.hpp>

#include "core/base/error.hpp"
#include "core/base/text.hpp"
#include "core/host/script_page.hpp"

namespace taskonomy::host {

namespace {

using Lines = std::vector<std::pair<std::string, std::string>>;

constexpr const char* kRebuild =
    "build the plugin again with this host's SDK and LibTorch: cmake -S <plugin> -B build --fresh "
    "-DCMAKE_PREFIX_PATH=\"$(taskonomy sdk prefix)\" && cmake --build build";

/// A key of the stamp that must be equal, the code of a refusal when it is not, and why it must.
struct Rule {
  const char* key;
  int code;
  const char* why;
};
constexpr Rule kRules[] = {
    {"torch", 1003, "torch::Tensor and torch::nn only work inside one LibTorch build"},
    {"cxx11abi", 1004, "std::string has another layout on the other side of the call"},
    {"stdlib", 1006, "containers have another layout in another C++ library"},
    {"debug", 1006, "checked containers (_GLIBCXX_DEBUG) have another layout"},
    {"rtti", 1006, "errors and modules are told apart by their run-time types"},
    {"exceptions", 1006, "errors cross the plugin's functions as exceptions"},
    {"sanitizer", 1007, "a sanitizer must watch all of the process or none of it"},
};
/// Keys whose difference is harmless but worth knowing.
constexpr const char* kNotes[] = {"compiler", "standard", "build", "torch_kind"};

std::string build_text(const Stamp& stamp, const std::vector<std::string>& differing) {
  std::string text = "LibTorch " + stamp.at("torch") + ", cxx11abi " + stamp.at("cxx11abi") + ", " +
                     stamp.at("compiler") + ", SDK " + stamp.at("sdk");
  for (const auto& key : differing) {
    if (key != "torch" && key != "cxx11abi" && key != "sdk") text += ", " + key + " " + stamp.at(key);
  }
  return text;
}

/// Compares all keys. The first rule that fails gives the code; the text names every difference.
std::optional<Refusal> compare(const std::filesystem::path& path, const Stamp& plugin, const Stamp& host) {
  int code = 0;
  std::string why;
  std::vector<std::string> differing;
  const auto differs = [&](const std::string& key, int rule_code, const std::string& reason) {
    if (code == 0) {
      code = rule_code;
      why = reason;
    }
    differing.push_back(key);
  };
  if (plugin.sdk_major != host.sdk_major) {
    differs("sdk", 1002, "interfaces change between major versions of the SDK");
  } else if (plugin.sdk_minor > host.sdk_minor) {
    differs("sdk", 1002, "the plugin may use parts of the SDK that this host does not have yet");
  }
  for (const auto& rule : kRules) {
    if (plugin.at(rule.key) != host.at(rule.key)) differs(rule.key, rule.code, rule.why);
  }
  if (code == 0) return std::nullopt;
  const std::string list = base::join(differing, ", ");
  const std::string more =
      plugin.sdk_major < host.sdk_major ? "; share/doc/versioning.md lists what changed for its source" : "";
  return make_refusal(code, path, "differs: " + list,
                      {{"built with", build_text(plugin, differing)},
                       {"this host", build_text(host, differing)},
                       {"differs", list},
                       {"why", why},
                       {"fix", kRebuild + more}});
}

bool is_torch_library(const std::string& name) {
  return name.rfind("libtorch", 0) == 0 || name.rfind("libc10", 0) == 0;
}

/// The first needed LibTorch library that is not part of the LibTorch of this process; "" when there is
/// none. Parts that are not mapped yet (libtorch.so itself is often only a name) are found in the folder
/// of those that are.
std::string second_torch(const std::vector<std::string>& needed, const HostFacts& host) {
  for (const auto& name : needed) {
    if (!is_torch_library(name)) continue;
    const bool ours =
        std::any_of(host.torch_libraries.begin(), host.torch_libraries.end(), [&](const auto& mapped) {
          std::error_code ignored;
          return mapped.filename() == name || std::filesystem::exists(mapped.parent_path() / name, ignored);
        });
    if (!ours) return name;
  }
  return "";
}

std::string torch_names(const HostFacts& host) {
  std::vector<std::string> names;
  for (const auto& path : host.torch_libraries) names.push_back(path.filename().string());
  return base::join(names, ", ");
}

/// Takes kind and id from the file's name when the stamp cannot be read:
/// "taskonomy_task_normal.so" -> task, "normal".
void name_by_file(Refusal& refusal) {
  const std::string stem = refusal.path.stem().string();
  for (const Kind kind : {Kind::task, Kind::dataset}) {
    const std::string prefix = "taskonomy_" + name_of(kind) + "_";
    if (stem.rfind(prefix, 0) != 0) continue;
    refusal.kind = kind;
    refusal.id = stem.substr(prefix.size());
  }
}

PluginFile refused_by_name(Refusal refusal) {
  name_by_file(refusal);
  return {std::move(refusal), {}, {}, {}};
}

}  // namespace

std::string name_of(Kind kind) { return kind == Kind::task ? "task" : "dataset"; }

std::string Refusal::line() const {
  return "TX" + std::to_string(code) + ": plugin not loaded: " + path.string() + " (" + reason + ")";
}

Refusal make_refusal(int code, const std::filesystem::path& path, const std::string& reason,
                     const Lines& lines) {
  std::string text = "TX" + std::to_string(code) + ": plugin not loaded: " + path.string();
  for (const auto& [label, content] : lines) {
    text += "\n  " + label + std::string(label.size() < 11 ? 11 - label.size() : 0, ' ') + ": " + content;
  }
  return {code, path, std::nullopt, "", reason, text};
}

HostFacts own_facts() {
  HostFacts facts{host_stamp(), own_platform(), {}};
  ::dl_iterate_phdr(
      [](dl_phdr_info* library, std::size_t, void* to) {
        const std::filesystem::path path(library->dlpi_name == nullptr ? "" : library->dlpi_name);
        if (is_torch_library(path.filename().string())) {
          static_cast<HostFacts*>(to)->torch_libraries.push_back(path);
        }
        return 0;
      },
      &facts);
  return facts;
}

std::optional<std::filesystem::path> open_to_anybody(const std::filesystem::path& path) {
  namespace fs = std::filesystem;
  const auto open = [](const fs::path& place, bool sticky_helps) {
    struct stat status {};
    return ::stat(place.c_str(), &status) == 0 && (status.st_mode & S_IWOTH) != 0 &&
           !(sticky_helps && (status.st_mode & S_ISVTX) != 0);
  };
  std::error_code failed;
  const fs::path given = fs::absolute(path, failed).lexically_normal(), real = fs::canonical(path, failed);
  for (const fs::path& way : failed ? std::vector<fs::path>{given} : std::vector<fs::path>{given, real}) {
    if (open(way, /*sticky_helps=*/false)) return way;
    const bool file = !fs::is_directory(way, failed);
    fs::path place = way.parent_path();
    if (file && open(place, /*sticky_helps=*/false)) return place;
    for (; place != place.parent_path(); place = place.parent_path())
      if (open(place, /*sticky_helps=*/true)) return place;
  }
  return std::nullopt;
}

PluginFile inspect(const std::filesystem::path& path, const HostFacts& host) {
  if (const auto open = host.trust ? std::nullopt : open_to_anybody(path)) {
    const bool itself = std::filesystem::is_regular_file(*open);
    return refused_by_name(make_refusal(
        1008, path, "anybody may write " + (itself ? "this file" : open->string()),
        {{"found", itself ? "a plugin that every user of this machine may write"
                          : "a folder on the way to it that every user may write: " + open->string()},
         {"why", "a plugin runs with your rights; anybody could have changed or replaced it"},
         {"fix", "build or copy it again, " + std::string(itself ? "" : "elsewhere or ") + "then chmod o-w " +
                     open->string()}}));
  }
  if (is_script_page(path)) return inspect_script_page(path, host);
  ElfFacts elf;
  try {
    elf = read_elf(file_bytes(path), host.platform);
  } catch (const base::Error& error) {
    elf.problem = error.what();
  }
  if (!elf.problem.empty()) {
    return refused_by_name(make_refusal(1000, path, elf.problem,
                                        {{"found", elf.problem},
                                         {"why", "loading a damaged or foreign file would end this program"},
                                         {"fix", "copy the plugin again, or build it on this machine"}}));
  }
  const StampReading reading = elf.stamp ? read_stamp(*elf.stamp) : StampReading{"it has no stamp", {}};
  if (!reading.problem.empty()) {
    return refused_by_name(
        make_refusal(1001, path, reading.problem,
                     {{"found", "a shared library, but " + reading.problem},
                      {"why", "only a stamp tells what a library is without running its code"},
                      {"fix", "end the plugin with TASKONOMY_EXPORT_TASK or TASKONOMY_EXPORT_DATASET"}}));
  }
  PluginFile file{compare(path, reading.stamp, host.stamp), reading.stamp, {}, read_manual(elf.manual)};
  const std::string second = second_torch(elf.needed, host);
  // When versions differ as well, that difference is the refusal, because it explains the second LibTorch.
  if (!file.refusal && !second.empty()) {
    file.refusal =
        make_refusal(1005, path, "needs " + second,
                     {{"needs", second},
                      {"this host", "has " + torch_names(host)},
                      {"why", "a second LibTorch in one process has its own types, operators and memory"},
                      {"fix", kRebuild}});
  } else if (file.refusal && !second.empty()) {
    file.refusal->text += "\n  also       : needs " + second + ", this host has " + torch_names(host);
  }
  if (file.refusal) {
    file.refusal->kind = reading.stamp.at("kind") == "task" ? Kind::task : Kind::dataset;
    file.refusal->id = reading.stamp.at("id");
  }
  for (const char* key : kNotes) {
    const auto& theirs = reading.stamp.at(key);
    const auto& ours = host.stamp.at(key);
    if (theirs != ours) file.notes.push_back(std::string(key) + " " + theirs + ", this host's is " + ours);
  }
  return file;
}

}  // namespace taskonomy::host
