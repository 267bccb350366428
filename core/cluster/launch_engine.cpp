#include "core/cluster/launch_engine.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <thread>

#include "core/base/error.hpp"
#include "core/base/text.hpp"
#include "core/jobs/process.hpp"

namespace taskonomy::cluster {

namespace {

constexpr std::size_t kMostFailures = 2;  // of one prefix, as long as there is another

/// A descriptor that is closed at the end of its scope.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return number_; }
  int release() { return std::exchange(number_, -1); }

 private:
  int number_;
};

}  // namespace

LaunchEngine::LaunchEngine(std::vector<std::string> prefixes, std::vector<std::string> agent,
                           std::filesystem::path logs)
    : prefixes_(std::move(prefixes)),
      failures_(prefixes_.size(), 0),
      agent_(std::move(agent)),
      logs_(std::move(logs)) {}

LaunchEngine::~LaunchEngine() {
  arrivals_.clear();
  // Agents end when their connection does, and the commands with them; what does not is ended here.
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  const auto running = [this] {
    std::size_t count = 0;
    for (auto& [pilot, command] : commands_) {
      look(command, false);
      count += command.end.empty();
    }
    return count;
  };
  while (running() > 0 && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  for (auto& [pilot, command] : commands_) cancel(pilot);
  for (auto& [pilot, command] : commands_) look(command, true);
}

/// The prefix with the fewest commands that run, of those that are trusted.
std::size_t LaunchEngine::choose_prefix() const {
  std::vector<std::size_t> running(prefixes_.size(), 0);
  for (const auto& [pilot, command] : commands_) running[command.prefix] += command.end.empty();
  const std::size_t fewest = *std::min_element(failures_.begin(), failures_.end());
  std::size_t best = prefixes_.size();
  for (std::size_t i = 0; i < prefixes_.size(); ++i) {
    if (failures_[i] >= kMostFailures && failures_[i] > fewest) continue;
    if (best == prefixes_.size() || running[i] < running[best]) best = i;
  }
  return best;
}

void LaunchEngine::submit(const std::vector<std::size_t>& pilots) {
  for (const std::size_t pilot : pilots) start(pilot);
}

void LaunchEngine::start(std::size_t pilot) {
  const std::size_t prefix = choose_prefix();
  std::string line = prefixes_[prefix];
  for (const auto& word : agent_) line += " " + base::shell_quoted(word);
  line += " --pilot " + std::to_string(pilot);
  int orders[2] = {-1, -1}, reports[2] = {-1, -1};
  const Descriptor log(::open(log_of(pilot).c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
  const bool open = ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, orders) == 0;
  Descriptor to_agent(orders[0]), agent_input(orders[1]);
  const bool both = open && ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, reports) == 0;
  Descriptor from_agent(reports[0]), agent_output(reports[1]);
  if (!both || log.get() < 0) throw base::Error(std::string("cannot start a pilot: ") + std::strerror(errno));
  const pid_t process = jobs::start_process(
      {"/bin/sh", "-c", line}, {agent_input.get(), agent_output.get(), log.get()}, jobs::Environment::whole);
  commands_[pilot] = {process, prefix, ""};
  arrivals_.push_back({std::make_unique<Link>(from_agent.release(), to_agent.release()), "", true});
}

std::vector<Arrival> LaunchEngine::arrivals() { return std::exchange(arrivals_, {}); }

void LaunchEngine::look(Command& command, bool wait) {
  if (!command.end.empty()) return;
  int status = 0;
  while (::waitpid(command.process, &status, wait ? 0 : WNOHANG) != command.process)
    if (!wait || errno != EINTR) return;
  command.end = "its command " + jobs::end_in_words(status);
}

std::optional<std::string> LaunchEngine::end_of(std::size_t pilot) {
  const auto command = commands_.find(pilot);
  if (command == commands_.end()) return std::nullopt;
  look(command->second, false);
  if (command->second.end.empty()) return std::nullopt;
  return command->second.end + " (" + prefixes_[command->second.prefix] + " ...)";
}

std::string LaunchEngine::log_of(std::size_t pilot) const {
  return (logs_ / ("pilot-" + std::to_string(pilot) + ".log")).string();
}

void LaunchEngine::distrust(std::size_t pilot, const std::string&) {
  if (const auto command = commands_.find(pilot); command != commands_.end())
    ++failures_[command->second.prefix];
}

void LaunchEngine::cancel(std::size_t pilot) {
  const auto command = commands_.find(pilot);
  if (command == commands_.end() || !command->second.end.empty()) return;
  ::kill(-command->second.process, SIGKILL);
}

}  // namespace taskonomy::cluster
