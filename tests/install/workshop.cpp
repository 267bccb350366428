#include "tests/install/workshop.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

#include "core/base/files.hpp"

namespace taskonomy::install_test {

namespace fs = std::filesystem;

namespace {

struct Scratch {
  fs::path path = fs::temp_directory_path() / ("taskonomy-install-" + std::to_string(getpid()));
  Scratch() { fs::create_directories(path / "home"); }
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
};

fs::path install_and_move() {
  const Outcome done = shell("cmake --install '" TASKONOMY_BINARY_DIR "' --prefix \"$PWD/first place\"");
  if (done.code != 0) throw std::runtime_error("cmake --install: " + done.text);
  const fs::path moved = workshop() / "moved place";
  fs::rename(workshop() / "first place", moved);
  return moved;
}

}  // namespace

const fs::path& workshop() {
  static const Scratch scratch;
  return scratch.path;
}

Outcome shell(const std::string& command) {
  const fs::path out = workshop() / "output";
  const std::string whole =
      "cd '" + workshop().string() +
      "' && unset TASKONOMY_PLUGIN_PATH XDG_DATA_HOME LD_LIBRARY_PATH && HOME=\"$PWD/home\" && "
      "export HOME && { " +
      command + " ; } >'" + out.string() + "' 2>&1 </dev/null";
  const int status = std::system(whole.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), base::read_file(out)};
}

const fs::path& moved_prefix() {
  static const fs::path prefix = install_and_move();
  return prefix;
}

std::string program() { return "'" + (moved_prefix() / "bin/taskonomy").string() + "'"; }

fs::path write(const std::string& name, const std::string& text) {
  const fs::path path = workshop() / name;
  base::write_file(path, text);
  return path;
}

}  // namespace taskonomy::install_test
