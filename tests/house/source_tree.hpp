// The repository's own sources, as text, for tests about the house.
#pragma once

#include <algorithm>
#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "core/base/files.hpp"

namespace taskonomy::tests {

/// One source file: path from the repository root with '/', lines, and what it includes.
struct SourceFile {
  std::string path;
  std::vector<std::string> lines;
  struct Include {
    std::string name;
    bool quoted = false;
    std::size_t line = 0;
  };
  std::vector<Include> includes;
};

inline SourceFile parse_source(const std::string& path, const std::string& text) {
  static const std::regex pattern(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"].*)");
  SourceFile file{path, {}, {}};
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    file.lines.push_back(line);
    std::smatch match;
    if (std::regex_match(line, match, pattern))
      file.includes.push_back({match[2], match[1] == "\"", file.lines.size()});
  }
  return file;
}

/// All *.cpp and *.hpp under these top folders, by path.
inline std::vector<SourceFile> read_sources(const std::vector<std::string>& folders) {
  namespace fs = std::filesystem;
  const fs::path root = TASKONOMY_SOURCE_DIR;
  std::vector<SourceFile> files;
  for (const auto& folder : folders) {
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      const auto extension = entry.path().extension();
      if (!entry.is_regular_file() || (extension != ".cpp" && extension != ".hpp")) continue;
      files.push_back(parse_source(entry.path().lexically_relative(root).generic_string(),
                                   base::read_file(entry.path())));
    }
  }
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return files;
}

/// What core/CMakeLists.txt says: the folders in order, what each links (directly), and which use LibTorch.
struct CoreFolders {
  std::vector<std::string> order;
  std::map<std::string, std::vector<std::string>> links;
  std::set<std::string> torch;

  /// The folders that `folder` may include: itself and whatever its links reach.
  [[nodiscard]] std::set<std::string> reachable(const std::string& folder) const {
    std::set<std::string> found{folder};
    const auto direct = links.find(folder);
    if (direct == links.end()) return found;
    for (const auto& next : direct->second) {
      if (next != folder) found.merge(reachable(next));
    }
    return found;
  }
};

inline CoreFolders parse_core_folders(const std::string& text) {
  static const std::regex line_pattern(R"(taskonomy_core_library\((\w+)([^)]*)\))");
  static const std::regex link_pattern(R"(\bcore_(\w+))");
  CoreFolders folders;
  for (std::sregex_iterator match(text.begin(), text.end(), line_pattern), end; match != end; ++match) {
    const std::string name = (*match)[1];
    const std::string rest = (*match)[2];
    folders.order.push_back(name);
    for (std::sregex_iterator link(rest.begin(), rest.end(), link_pattern); link != end; ++link) {
      folders.links[name].push_back((*link)[1]);
    }
    if (rest.find("TORCH") != std::string::npos) folders.torch.insert(name);
  }
  return folders;
}

}  // namespace taskonomy::tests
