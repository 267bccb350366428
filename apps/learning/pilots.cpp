#include "apps/learning/pilots.hpp"

#include <unistd.h>

#include <iostream>
#include <random>

#include "apps/taskonomy/program.hpp"
#include "apps/taskonomy/worker_processes.hpp"
#include "core/base/files.hpp"
#include "core/base/text.hpp"
#include "core/cluster/launch_engine.hpp"
#include "core/cluster/pilot_pool.hpp"
#include "core/cluster/shared_files.hpp"
#include "core/cluster/slurm_engine.hpp"

namespace taskonomy::cli {

namespace fs = std::filesystem;

namespace {

/// 128 bits that nobody can guess, as text.
std::string secret() {
  std::random_device random;
  std::string text;
  for (int i = 0; i < 4; ++i) {
    char digits[9];
    std::snprintf(digits, sizeof digits, "%08x", random());
    text += digits;
  }
  return text;
}

/// Asks the person who stopped the run whether its pilots shall live on. Without a terminal, nobody is asked: no.
bool wants_to_leave() {
  if (::isatty(STDIN_FILENO) == 0 || ::isatty(STDERR_FILENO) == 0) return false;
  std::cerr
      << "\nStop the pilots, or leave them? They work on and wait ten minutes for the next `taskonomy run`.\n"
         "s = stop (or Enter), l = leave: "
      << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  return base::trim(answer) == "l" || base::trim(answer) == "leave";
}

/// The command line of an agent, but for its number.
std::vector<std::string> agent_command_line(const jobs::RunDirectory& run, const recipe::Cluster& cluster,
                                            const std::vector<std::string>& plugin_dirs) {
  std::vector<std::string> words{cluster.program.empty() ? base::this_program() : cluster.program, "agent",
                                 fs::absolute(run.root()).string(), "--workers",
                                 std::to_string(cluster.workers)};
  if (const double seconds = cluster.seconds(); seconds > 0.0)
    words.insert(words.end(), {"--seconds", base::number(seconds)});
  if (!cluster.copies.empty()) words.insert(words.end(), {"--copies", cluster.copies});
  for (const auto& dir : plugin_dirs) words.insert(words.end(), {"--plugin-dir", fs::absolute(dir).string()});
  return words;
}

}  // namespace

std::unique_ptr<jobs::Pool> make_pilot_pool(const jobs::RunDirectory& run, const recipe::Cluster& cluster,
                                            const std::vector<std::string>& plugin_dirs, PilotTalk talk,
                                            jobs::RunLog& log) {
  cluster::PilotSettings settings;
  settings.pilots = static_cast<std::size_t>(cluster.pilots);
  settings.seconds = cluster.seconds();
  settings.settle = cluster.settle;
  settings.version = version();
  settings.stamp = program_stamp();
  settings.mark = secret();
  settings.say = std::move(talk.say);
  base::write_file(cluster::mark_file(run), settings.mark);
  auto agent = agent_command_line(run, cluster, plugin_dirs);
  std::unique_ptr<cluster::Engine> engine;
  if (cluster.engine == "slurm") {
    agent.insert(agent.end(), {"--call", (fs::absolute(cluster::cluster_folder(run)) / "address").string()});
    settings.leave = [interrupted = std::move(talk.interrupted)] {
      return interrupted() && wants_to_leave();
    };
    const jobs::RunDirectory absolute(fs::absolute(run.root()));
    engine = std::make_unique<cluster::SlurmEngine>(absolute, cluster, std::move(agent), secret(), log);
  } else {
    engine = std::make_unique<cluster::LaunchEngine>(cluster.launch, std::move(agent),
                                                     cluster::cluster_folder(run));
  }
  return std::make_unique<cluster::PilotPool>(run, std::move(settings), std::move(engine), log);
}

}  // namespace taskonomy::cli
