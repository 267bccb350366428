// Runs of the fixture as processes: started, killed, looked at.
#pragma once

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "core/base/files.hpp"
#include "tests/jobs/fixture/program.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/testing.hpp"

namespace taskonomy::tests {

using Artefacts = std::map<std::string, std::string>;

/// Starts `jobs_fixture WORDS`, its output in FILE.
inline pid_t start_fixture(const std::vector<std::string>& words, const std::filesystem::path& file) {
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  const int output = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  std::vector<char*> arguments{const_cast<char*>(fake::kProgram.c_str())};
  for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  ::execv(fake::kProgram.c_str(), arguments.data());
  ::_exit(99);
}

/// Waits for it; its exit code, or -signal.
inline int end_of_fixture(pid_t pid) {
  int status = 0;
  ::waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/// Whether it has ended, without taking its exit code.
inline bool has_ended(pid_t pid) {
  siginfo_t end{};
  return ::waitid(P_PID, static_cast<id_t>(pid), &end, WEXITED | WNOHANG | WNOWAIT) == 0 && end.si_pid == pid;
}

/// What a run in FOLDER printed into FOLDER.out.
inline std::string printed_by(const std::filesystem::path& folder) {
  return base::read_file(folder.string() + ".out");
}

/// Names and contents of all artefacts, without what killed processes had begun to write, which the next run removes.
inline Artefacts artefacts_in(const std::filesystem::path& folder) {
  Artefacts result;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "artefacts"))
    if (!base::writer_of(entry.path())) result[entry.path().filename()] = base::read_file(entry.path());
  return result;
}

/// How many there are, while a run makes them.
inline std::size_t made_in(const std::filesystem::path& folder) {
  std::error_code none;
  const std::filesystem::directory_iterator files(folder / "artefacts", none);
  return none ? 0 : static_cast<std::size_t>(std::distance(begin(files), end(files)));
}

/// Processes of the fixture whose command line has this word and names this folder.
inline std::vector<pid_t> processes(const std::string& word, const std::filesystem::path& folder) {
  std::vector<pid_t> found;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    std::ifstream file(entry.path() / "cmdline");
    std::string text;
    for (std::string part; std::getline(file, part, '\0');) text += part + " ";
    if (text.find("jobs_fixture " + word + " " + folder.string() + " ") == std::string::npos) continue;
    if (text.rfind("/bin/sh", 0) != 0) found.push_back(std::stoi(entry.path().filename()));
  }
  return found;
}

inline bool all_gone(const std::filesystem::path& folder) {
  return eventually(
      [&] { return processes("agent", folder).empty() && processes("worker", folder).empty(); });
}

/// What the same jobs leave on one machine.
inline Artefacts made_alone(const Folder& folder) {
  REQUIRE(end_of_fixture(start_fixture({"run", folder / "alone", "2"}, folder / "alone.out")) == 0);
  return artefacts_in(folder / "alone");
}

}  // namespace taskonomy::tests
