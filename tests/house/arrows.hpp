// The rules of the house (share/doc, "layout"), each as a function from the sources to the list of what
// breaks it.
#pragma once

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/house/source_tree.hpp"

namespace taskonomy::tests {

inline bool starts_with(const std::string& text, const std::string& prefix) {
  return text.rfind(prefix, 0) == 0;
}

/// "core/host/elf.hpp" -> "host"; "" outside core.
inline std::string core_folder(const std::string& path) {
  if (!starts_with(path, "core/")) return "";
  const auto slash = path.find('/', 5);
  return slash == std::string::npos ? "" : path.substr(5, slash - 5);
}

inline std::string place(const SourceFile& file, const SourceFile::Include& include) {
  return file.path + ":" + std::to_string(include.line) + ": ";
}

inline bool is_sdk(const std::string& name) { return starts_with(name, "taskonomy/sdk/"); }
inline bool is_torch(const std::string& name) {
  return starts_with(name, "torch/") || starts_with(name, "ATen/") || starts_with(name, "c10/");
}

/// sdk <- core <- apps, plugins on the SDK alone, and inside core only along the links of
/// core/CMakeLists.txt.
inline std::vector<std::string> wrong_arrows(const std::vector<SourceFile>& files, const CoreFolders& core) {
  std::vector<std::string> wrong;
  for (const auto& file : files) {
    const std::string top = file.path.substr(0, file.path.find('/'));
    const std::string from = core_folder(file.path);
    const auto allowed = core.reachable(from);
    for (const auto& include : file.includes) {
      const std::string to = core_folder(include.name);
      const bool to_apps = starts_with(include.name, "apps/");
      const bool own_file = include.quoted && to.empty() && !to_apps &&
                            !starts_with(include.name, "plugins/") && !starts_with(include.name, "tests/") &&
                            !is_sdk(include.name);
      if ((top == "sdk" || top == "plugins") && include.quoted && !own_file) {
        wrong.push_back(place(file, include) + top +
                        " includes only <taskonomy/sdk/...> and its own files, not \"" + include.name + "\"");
      }
      if (top == "plugins" && own_file) {
        // "../other/file.hpp" would tie two plugins together.
        if (include.name.find("..") != std::string::npos) {
          wrong.push_back(place(file, include) + "a plugin's folder stands alone, not \"" + include.name +
                          "\"");
        }
      }
      if (top == "core" && (to_apps || (!to.empty() && allowed.count(to) == 0))) {
        wrong.push_back(place(file, include) + "core/" + from + " is not linked to \"" + include.name + "\"");
      }
      if (top == "core" && include.quoted && to.empty() && !to_apps) {
        wrong.push_back(place(file, include) + "core names its files from the repository root, not \"" +
                        include.name + "\"");
      }
      if (top == "core" && core.torch.count(from) == 0 && (is_torch(include.name) || is_sdk(include.name))) {
        wrong.push_back(place(file, include) + "core/" + from + " is built without LibTorch, not <" +
                        include.name + ">");
      }
    }
  }
  return wrong;
}

/// A library of others that only one .cpp may include, or only some folders.
struct Fence {
  std::string header;                ///< prefix of the include
  std::vector<std::string> folders;  ///< or files where it may stand; empty: anywhere, but in one .cpp only
};

inline const std::vector<Fence>& fences() {
  static const std::vector<Fence> list{
      {"lp_lib.h", {}},
      {"lpsolve/", {}},
      {"boost/dll", {}},
      {"toml++/", {}},
      {"embree", {}},
      {"png.h", {}},
      {"jpeglib.h", {}},
      {"boost/program_options", {"apps/taskonomy/command_line.cpp"}},
      {"nlohmann/", {"core/base/json.cpp", "plugins/datasets/taskonomy/"}},
      {"Eigen/", {"core/affinity/", "core/taxonomy/", "core/analysis/"}},
  };
  return list;
}

inline std::vector<std::string> broken_fences(const std::vector<SourceFile>& files) {
  std::vector<std::string> broken;
  for (const auto& fence : fences()) {
    std::set<std::string> holders;
    for (const auto& file : files) {
      for (const auto& include : file.includes) {
        if (!starts_with(include.name, fence.header)) continue;
        holders.insert(file.path);
        const bool inside =
            fence.folders.empty()
                ? std::filesystem::path(file.path).extension() == ".cpp"
                : std::any_of(fence.folders.begin(), fence.folders.end(),
                              [&](const auto& folder) { return starts_with(file.path, folder); });
        if (!inside) broken.push_back(place(file, include) + "<" + include.name + "> does not belong here");
      }
    }
    if (fence.folders.empty() && holders.size() > 1) {
      std::string list;
      for (const auto& holder : holders) list += " " + holder;
      broken.push_back("<" + fence.header + "> belongs in one .cpp, found in" + list);
    }
  }
  return broken;
}

/// Files that ask for LibTorch's version without the header that defines it. An undefined macro counts as 0 in #if,
/// so that the branch for newer versions would silently never be taken.
inline std::vector<std::string> unversioned(const std::vector<SourceFile>& files) {
  std::vector<std::string> list;
  for (const auto& file : files) {
    const bool includes = std::any_of(file.includes.begin(), file.includes.end(),
                                      [](const auto& include) { return include.name == "torch/version.h"; });
    if (includes) continue;
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      if (file.lines[i].find("TORCH_VERSION") != std::string::npos)
        list.push_back(file.path + ":" + std::to_string(i + 1) + ": TORCH_VERSION without <torch/version.h>");
    }
  }
  return list;
}

/// Files that grew beyond what one reads in one go.
inline std::vector<std::string> too_long(const std::vector<SourceFile>& files, std::size_t most) {
  std::vector<std::string> list;
  for (const auto& file : files) {
    if (file.lines.size() > most)
      list.push_back(file.path + ": " + std::to_string(file.lines.size()) + " lines");
  }
  return list;
}

/// Functions of more than `limit` lines between their braces, as the formatter lays them out: the head at most two columns in and
/// ending with " {", the end a brace in the same column. A function that is one table (its body ends with "};") may be longer.
inline std::vector<std::string> long_functions(const std::vector<SourceFile>& files, std::size_t limit) {
  static const std::regex head(
      R"((  )?(?!namespace|class|struct|enum|union|extern|public|private|return|\s).*[)a-z] \{)");
  std::vector<std::string> found;
  for (const auto& file : files) {
    const auto& lines = file.lines;
    for (std::size_t begin = 0; begin < lines.size(); ++begin) {
      if (!std::regex_match(lines[begin], head)) continue;
      const std::string close = lines[begin].substr(0, lines[begin].find_first_not_of(' ')) + "}";
      std::size_t end = begin + 1;
      while (end < lines.size() && !starts_with(lines[end], close)) ++end;
      if (end - begin - 1 > limit && lines[end - 1].find("};") == std::string::npos)
        found.push_back(file.path + ":" + std::to_string(begin + 1) + ": " + std::to_string(end - begin - 1) +
                        " lines");
    }
  }
  return found;
}

/// Names under which things get lost.
inline std::vector<std::string> vague_names(const std::vector<SourceFile>& files) {
  static const std::set<std::string> vague{"utils", "util", "misc", "common", "helpers", "helper"};
  std::vector<std::string> list;
  for (const auto& file : files) {
    for (const auto& part : std::filesystem::path(file.path)) {
      if (vague.count(part.stem().string()) > 0) list.push_back(file.path);
    }
  }
  return list;
}

}  // namespace taskonomy::tests
