// A temporary folder of plugins, good and broken ones: broken ones are good ones with a few bytes changed.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <stdexcept>
#include <string>

#include <taskonomy/sdk/dataset.hpp>
#include <taskonomy/sdk/detail/stamp.hpp>

#include "core/base/files.hpp"

namespace taskonomy::tests {

inline std::filesystem::path fixture_file(const std::string& id) {
  return std::filesystem::path(TASKONOMY_BINARY_DIR) / "fixtures/taskonomy" /
         ("taskonomy_task_" + id + ".so");
}

/// The bytes of the good fixture.
inline const std::string& good_plugin() {
  static const std::string bytes = base::read_file(fixture_file("fixture_good"));
  return bytes;
}

/// bytes with the first `from` replaced by the equally long `to`.
inline std::string patched(std::string bytes, const std::string& from, const std::string& to) {
  const auto at = bytes.find(from);
  if (at == std::string::npos || from.size() != to.size()) throw std::logic_error("cannot patch " + from);
  return bytes.replace(at, from.size(), to);
}

/// A plugin as one of another version of the SDK would be, in its stamp's header and text.
inline std::string with_sdk(std::string bytes, char major, char minor) {
  const auto stamp = bytes.find(TX_STAMP_MAGIC);
  const auto text = bytes.find("sdk=", stamp);
  if (stamp == std::string::npos || text == std::string::npos) throw std::logic_error("no stamp to patch");
  bytes[stamp + 16] = static_cast<char>(major - '0');
  bytes[stamp + 20] = static_cast<char>(minor - '0');
  return bytes.replace(text + 4, 3, {major, '.', minor});
}

/// Removed with all in it when the object dies. What was loaded from it stays mapped.
class PluginFolder {
 public:
  PluginFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "taskonomy-plugins-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make a temporary folder");
    path_ = std::filesystem::canonical(name);
  }
  ~PluginFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  PluginFolder(const PluginFolder&) = delete;
  PluginFolder& operator=(const PluginFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  std::filesystem::path write(const std::string& file, const std::string& bytes) const {
    base::write_file(path_ / file, bytes);
    return path_ / file;
  }
  void add(const std::string& id) const {
    write(fixture_file(id).filename().string(), base::read_file(fixture_file(id)));
  }
  void add_good() const { add("fixture_good"); }

 private:
  std::filesystem::path path_;
};

/// A dataset with single images and nothing else.
inline sdk::DatasetInfo photos() { return {"photos", "Photos", "", {"rgb"}, {sdk::ViewKind::single}, {}}; }

/// The message of what body throws, "" when it throws nothing.
template <typename Body>
std::string message_of(Body&& body) {
  try {
    body();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

}  // namespace taskonomy::tests
