// A new plugin's folder, made from share/templates. A template is a plugin that works; it is called my_task
// or my_dataset, and a new one is a copy of it under another name.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace taskonomy::cli {

/// The forms in which a plugin's name stands in its files.
struct PluginName {
  std::string id;          ///< "room_height"; also in the names of its files
  std::string title;       ///< "Room height"
  std::string class_name;  ///< "RoomHeight"
};
/// All three from the id.
[[nodiscard]] PluginName plugin_name(const std::string& id);

/// Why `id` can name no plugin, and what would do instead; "" where it can.
[[nodiscard]] std::string problem_of_name(const std::string& id);

/// text with each form of the name `from` replaced by that of `to`.
[[nodiscard]] std::string renamed(const std::string& text, const PluginName& from, const PluginName& to);

/// Makes `folder` and copies every file of the folders `templates` into it under the name `to`. Returns the
/// names of its files, sorted. Throws base::Error naming folder, reason and cure where it exists or cannot be
/// made; then nothing is left of it.
std::vector<std::string> make_project(const std::vector<std::filesystem::path>& templates,
                                      const PluginName& from, const PluginName& to,
                                      const std::filesystem::path& folder);

}  // namespace taskonomy::cli
