// Collects the folders and looks at each.
#include "core/host/discovery.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <utility>

#include "core/base/error.hpp"
#include "core/base/text.hpp"
#include "core/host/script_page.hpp"

namespace taskonomy::host {

namespace {

namespace fs = std::filesystem;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

/// $XDG_DATA_HOME or ~/.local/share; "" when neither is known. The XDG base directory rules ask
/// to ignore relative values.
fs::path user_data_folder() {
  const fs::path data = environment("XDG_DATA_HOME");
  if (data.is_absolute()) return data;
  const fs::path home = environment("HOME");
  return home.is_absolute() ? home / ".local/share" : fs::path();
}

fs::path program_folder() {
  std::error_code failed;
  const fs::path program = fs::read_symlink("/proc/self/exe", failed);
  return failed ? fs::path() : program.parent_path();
}

/// Appends folders, each once, and finds out whether they exist and who may write them.
class SearchPath {
 public:
  void add(const fs::path& folder, const std::string& origin, bool required) {
    if (folder.empty()) return;
    std::error_code failed;
    fs::path path = fs::weakly_canonical(fs::absolute(folder), failed);
    if (failed) path = fs::absolute(folder);
    if (!seen_.insert(path).second) return;
    SearchFolder entry{path, origin, fs::is_directory(path, failed), std::nullopt};
    if (required && !entry.exists) {
      throw base::Error("plugin folder " + path.string() + " (" + origin + ") does not exist");
    }
    if (const auto open = entry.exists ? open_to_anybody(folder) : std::nullopt) {
      entry.refusal =
          make_refusal(1008, path, "anybody may write in " + (*open == path ? "this folder" : open->string()),
                       {{"found", "a plugin folder that every user of this machine may write or replace"},
                        {"why", "a plugin runs with your rights; anybody could place one here"},
                        {"fix", "chmod o-w " + open->string()}});
      if (required) throw base::Error(entry.refusal->text);
    }
    folders_.push_back(std::move(entry));
  }
  std::vector<SearchFolder> take() { return std::move(folders_); }

 private:
  std::vector<SearchFolder> folders_;
  std::set<fs::path> seen_;
};

}  // namespace

SearchOptions search_options(const std::vector<std::string>& plugin_dirs, const recipe::Recipe* recipe) {
  SearchOptions options;
  options.plugin_dirs.assign(plugin_dirs.begin(), plugin_dirs.end());
  if (recipe != nullptr) {
    options.recipe_dirs = recipe->plugin_dirs;
    options.recipe_folder = fs::path(recipe->file).parent_path();
  }
  return options;
}

std::vector<SearchFolder> search_folders(const SearchOptions& options, const HostFacts& host) {
  SearchPath path;
  for (const auto& folder : options.plugin_dirs) path.add(folder, kAskedOrigin, true);
  if (options.standard_places) {
    for (const auto& folder : base::split(environment("TASKONOMY_PLUGIN_PATH"), ':')) {
      // A relative folder here would be the current folder by another name.
      if (fs::path(folder).is_absolute()) path.add(folder, "TASKONOMY_PLUGIN_PATH", false);
    }
  }
  for (const auto& folder : options.recipe_dirs)
    path.add(options.recipe_folder / folder, "[plugins] dirs", true);
  if (options.standard_places) {
    const fs::path user = user_data_folder();
    if (!user.empty()) path.add(user / "taskonomy/plugins" / abi_name(host.stamp), "user", false);
    const fs::path program = program_folder();
    if (!program.empty()) path.add(program / "../lib/taskonomy", kOwnOrigin, false);
    path.add("/usr/local/lib/taskonomy", "system", false);
    path.add("/usr/lib/taskonomy", "system", false);
  }
  return path.take();
}

std::string describe(const std::vector<SearchFolder>& folders) {
  std::vector<std::string> parts;
  for (const auto& folder : folders) {
    parts.push_back(folder.path.string() + " (" + folder.origin +
                    (!folder.exists   ? ", not there)"
                     : folder.refusal ? ", refused: TX1008)"
                                      : ")"));
  }
  return parts.empty() ? "no folder" : base::join(parts, ", ");
}

std::vector<fs::path> plugin_files(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code failed;
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed)) {
    if (entry->path().extension() == ".so" || is_script_page(entry->path())) files.push_back(entry->path());
  }
  std::sort(files.begin(), files.end());
  std::set<std::pair<dev_t, ino_t>> seen;
  files.erase(
      std::remove_if(
          files.begin(), files.end(),
          [&](const fs::path& file) {
            struct stat status {};
            return ::stat(file.c_str(), &status) == 0 && !seen.insert({status.st_dev, status.st_ino}).second;
          }),
      files.end());
  return files;
}

}  // namespace taskonomy::host
