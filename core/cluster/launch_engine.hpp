// Pilots as commands: what stands before `taskonomy agent RUN` brings it to a machine.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/cluster/engine.hpp"

namespace taskonomy::cluster {

/// Runs `PREFIX AGENT --pilot N` in a shell for each pilot: standard input and output are the connection, standard
/// error goes to a file. Ends the commands when it dies.
class LaunchEngine : public Engine {
 public:
  /// `agent`: the words of the agent's command line; they are quoted for the shell. `logs`: a folder.
  LaunchEngine(std::vector<std::string> prefixes, std::vector<std::string> agent, std::filesystem::path logs);
  ~LaunchEngine() override;
  void submit(const std::vector<std::size_t>& pilots) override;
  [[nodiscard]] std::vector<Arrival> arrivals() override;
  [[nodiscard]] std::optional<std::string> end_of(std::size_t pilot) override;
  [[nodiscard]] std::string waits_for(std::size_t) override { return ""; }
  [[nodiscard]] std::string log_of(std::size_t pilot) const override;
  void distrust(std::size_t pilot, const std::string& node) override;
  void cancel(std::size_t pilot) override;

 private:
  struct Command {
    pid_t process = -1;
    std::size_t prefix = 0;
    std::string end;  ///< "" while it runs
  };
  [[nodiscard]] std::size_t choose_prefix() const;
  void start(std::size_t pilot);
  void look(Command& command, bool wait);

  std::vector<std::string> prefixes_;
  std::vector<std::size_t> failures_;  ///< by prefix
  std::vector<std::string> agent_;
  std::filesystem::path logs_;
  std::map<std::size_t, Command> commands_;
  std::vector<Arrival> arrivals_;
};

}  // namespace taskonomy::cluster
