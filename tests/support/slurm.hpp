// A Slurm of two nodes on this machine, for the tests of pilots (tests/cluster/slurm).
#pragma once

#include <cstdlib>
#include <string>
#include <vector>

#include "core/cluster/query.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/testing.hpp"

namespace taskonomy::tests {

/// A Slurm while it lives, which sbatch and squeue of this process and of its children ask; not up where it cannot be
/// had, with the reason.
class Slurm {
 public:
  Slurm() {
    const auto answer = cluster::ask({kScript, "start", folder_.path()}, "", 120.0);
    up_ = answer.good;
    if (!up_) MESSAGE("skipped: no Slurm here: ", answer.text, answer.error);
    ::setenv("SLURM_CONF", (folder_ / "slurm.conf").c_str(), 1);
  }
  ~Slurm() {
    static_cast<void>(cluster::ask({kScript, "stop", folder_.path()}, "", 120.0));
    ::unsetenv("SLURM_CONF");
  }
  Slurm(const Slurm&) = delete;
  Slurm& operator=(const Slurm&) = delete;
  [[nodiscard]] bool up() const { return up_; }
  [[nodiscard]] const Folder& folder() const { return folder_; }
  /// Jobs that wait or run, a line each.
  [[nodiscard]] static std::vector<std::string> jobs() {
    std::vector<std::string> lines;
    std::string text = cluster::ask({"squeue", "-h", "-r", "-o", "%i"}, "", 60.0).text;
    for (std::size_t at = 0; (at = text.find('\n')) != std::string::npos; text.erase(0, at + 1))
      lines.push_back(text.substr(0, at));
    return lines;
  }

 private:
  inline static const std::string kScript = TASKONOMY_SOURCE_DIR "/tests/cluster/slurm";
  Folder folder_;
  bool up_ = false;
};

}  // namespace taskonomy::tests
