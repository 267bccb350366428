// The rules of the house (share/doc, "layout"), each as a function from the sources to the list of what
// breaks it.
#pragma once

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
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

/// "core/host/elf.hpp:12: ".
inline std::string place(const std::string& path, std::size_t line) {
  return path + ":" + std::to_string(line) + ": ";
}

inline std::string place(const SourceFile& file, const SourceFile::Include& include) {
  return place(file.path, include.line);
}

inline bool is_sdk(const std::string& name) { return starts_with(name, "taskonomy/sdk/"); }
inline bool is_torch(const std::string& name) {
  return starts_with(name, "torch/") || starts_with(name, "ATen/") || starts_with(name, "c10/");
}

/// sdk <- core <- apps, plugins on the SDK alone, inside core only along the links of core/CMakeLists.txt, and
/// no LibTorch in what the program links (apps/taskonomy).
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
      // The program starts without LibTorch; what needs it is in apps/learning.
      if (starts_with(file.path, "apps/taskonomy/") &&
          (is_torch(include.name) || is_sdk(include.name) || core.torch.count(to) > 0 ||
           starts_with(include.name, "apps/learning/"))) {
        wrong.push_back(place(file, include) + "apps/taskonomy is built without LibTorch, not with " +
                        include.name);
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
      {"cairo", {"core/data/drawing_surface.cpp"}},
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

/// Files that ask for LibTorch's version without the header that defines it. An undefined macro counts as 0
/// in #if, so that the branch for newer versions would silently never be taken.
inline std::vector<std::string> unversioned(const std::vector<SourceFile>& files) {
  std::vector<std::string> list;
  for (const auto& file : files) {
    const bool includes = std::any_of(file.includes.begin(), file.includes.end(),
                                      [](const auto& include) { return include.name == "torch/version.h"; });
    if (includes) continue;
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      if (file.lines[i].find("TORCH_VERSION") != std::string::npos)
        list.push_back(place(file.path, i + 1) + "TORCH_VERSION without <torch/version.h>");
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

/// Where the line's text begins; npos for an empty line.
inline std::size_t indent_of(const std::string& line) { return line.find_first_not_of(' '); }

/// The column of the brace that closes what " {" at the end of line `begin` opens: two columns
/// left of the text that follows.
inline std::optional<std::size_t> closing_column(const std::vector<std::string>& lines, std::size_t begin) {
  const std::string& line = lines[begin];
  if (line.size() < 2 || line.compare(line.size() - 2, 2, " {") != 0) return std::nullopt;
  std::size_t next = begin + 1;
  while (next < lines.size() && (lines[next].empty() || lines[next][0] == '#')) ++next;
  if (next == lines.size() || indent_of(lines[next]) < 2) return std::nullopt;
  return indent_of(lines[next]) - 2;
}

/// Functions of more than `limit` lines, counted as clang-tidy's readability-function-size does: from the
/// line of the opening brace, which does not count, to that of the closing one. Relies on the formatter's
/// columns: outside a class a function's closing brace stands in column 0, inside one in column 2, alone in
/// its line. The braces of classes and tables end in "};".
inline std::vector<std::string> long_functions(const std::vector<SourceFile>& files, std::size_t limit) {
  std::vector<std::string> found;
  for (const auto& file : files) {
    const auto& lines = file.lines;
    for (std::size_t begin = 0; begin < lines.size(); ++begin) {
      const auto column = closing_column(lines, begin);
      if (!column || *column > 2) continue;
      const std::string close = std::string(*column, ' ') + "}";
      std::size_t end = begin + 1;
      while (end < lines.size() && !starts_with(lines[end], close)) ++end;
      if (end < lines.size() && lines[end] == close && end - begin > limit)
        found.push_back(place(file.path, begin + 1) + std::to_string(end - begin) + " lines");
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
