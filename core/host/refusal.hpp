// Why a plugin was not loaded: one code, what was found, what this host has, why that matters
// and what mends it.
//
//   TX1000  damaged file, or for another platform
//   TX1001  not a taskonomy plugin
//   TX1002  other SDK version
//   TX1003  other LibTorch version
//   TX1004  other C++ string ABI
//   TX1005  needs a second LibTorch
//   TX1006  other C++ library or language settings
//   TX1007  other sanitizer
//   TX1008  file that anybody may write, or a folder on the way to it
//   TX1009  the system's loader or the plugin's entry failed
//   TX1010  two plugins with one id in one folder, or in two folders of --plugin-dir
//   TX1011  a script task's page is wrong
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/host/elf.hpp"
#include "core/host/stamp.hpp"

namespace taskonomy::host {

/// The two kinds of plugins.
enum class Kind { task, dataset };

/// "task" or "dataset".
[[nodiscard]] std::string name_of(Kind kind);

/// A plugin file, or a folder of plugins, that will not be loaded.
struct Refusal {
  int code = 0;  ///< 1000..1011
  std::filesystem::path path;
  std::optional<Kind> kind;  ///< where the stamp or the file's name tells
  std::string id;            ///< "" where neither tells
  std::string reason;        ///< in one short line
  std::string text;          ///< several lines, beginning "TX1003: plugin not loaded: PATH"

  /// The refusal in one line, for plugins that nobody asked for: "TX1003: plugin not loaded: PATH (reason)".
  [[nodiscard]] std::string line() const;
};

/// What a plugin must agree with to be loaded into this process.
struct HostFacts {
  Stamp stamp;
  Platform platform;
  std::vector<std::filesystem::path> torch_libraries;  ///< libtorch*, libc10* that this process has mapped
  bool trust = false;  ///< takes files that others may write or replace (TX1008), because their owner says so
};

/// Those of the running program.
[[nodiscard]] HostFacts own_facts();

/// What reading a plugin's file gave.
struct PluginFile {
  std::optional<Refusal> refusal;
  Stamp stamp;  ///< valid where there is no refusal, or one of TX1002..TX1007
  /// Differences that do not hinder loading: compiler, C++ standard, build type.
  std::vector<std::string> notes;
  std::string manual;  ///< its manual page; "" without one
};

/// Checks everything that can be checked without loading the file. Takes about 0.1 ms. [any thread]
[[nodiscard]] PluginFile inspect(const std::filesystem::path& path, const HostFacts& host);

/// The first on the way to a plugin's file, or to a folder of plugins, that every user of this machine may write: the
/// file or folder itself, the folder that a file lies in, or a folder above, unless only owners may remove what is in it
/// (sticky, as /tmp is). Both ways are looked at, the one that was given and the one that links lead to. Nothing where
/// all is well.
[[nodiscard]] std::optional<std::filesystem::path> open_to_anybody(const std::filesystem::path& path);

/// A refusal found outside the file itself (TX1008..TX1010), in the same form.
[[nodiscard]] Refusal make_refusal(int code, const std::filesystem::path& path, const std::string& reason,
                                   const std::vector<std::pair<std::string, std::string>>& lines);

}  // namespace taskonomy::host
