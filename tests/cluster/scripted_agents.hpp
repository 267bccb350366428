// Agents that a test plays itself: what the pool of pilots does is seen line by line.
#pragma once

#include <sys/socket.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/cluster/engine.hpp"
#include "core/cluster/messages.hpp"

namespace taskonomy::tests {

/// What an engine was asked, and the agents' ends of its connections.
struct Script {
  std::vector<std::size_t> submitted;
  std::map<std::size_t, std::string> ends;  ///< pilots that ended, and why
  std::set<std::size_t> cancelled;
  std::vector<std::string> distrusted;  ///< nodes
  std::vector<cluster::Arrival> arriving;
  std::string token;     ///< of arrivals
  bool network = false;  ///< whether they come over the network
};

/// Does what the script says, and notes what it is asked.
class ScriptedEngine : public cluster::Engine {
 public:
  explicit ScriptedEngine(std::shared_ptr<Script> script) : script_(std::move(script)) {}
  void submit(const std::vector<std::size_t>& pilots) override {
    script_->submitted.insert(script_->submitted.end(), pilots.begin(), pilots.end());
  }
  std::vector<cluster::Arrival> arrivals() override { return std::exchange(script_->arriving, {}); }
  std::optional<std::string> end_of(std::size_t pilot) override {
    const auto end = script_->ends.find(pilot);
    return end == script_->ends.end() ? std::nullopt : std::optional(end->second);
  }
  std::string waits_for(std::size_t) override { return "Priority"; }
  std::string log_of(std::size_t pilot) const override { return "pilot-" + std::to_string(pilot) + ".log"; }
  void distrust(std::size_t, const std::string& node) override { script_->distrusted.push_back(node); }
  void cancel(std::size_t pilot) override { script_->cancelled.insert(pilot); }

 private:
  std::shared_ptr<Script> script_;
};

/// One agent's end of a connection.
class ScriptedAgent {
 public:
  /// Connects, and says nothing yet.
  explicit ScriptedAgent(Script& script) {
    int ends[2] = {-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
      throw std::runtime_error("no sockets");
    link_ = std::make_unique<cluster::Link>(ends[0], ends[0]);
    script.arriving.push_back(
        {std::make_unique<cluster::Link>(ends[1], ends[1]), script.token, !script.network});
  }
  void say(const cluster::FromAgent& message) { link_->send(cluster::to_line(message)); }
  void say_line(const std::string& line) { link_->send(line); }
  /// Says hello, that it has this much time left (0: no limit), and that it is ready.
  void begin(std::size_t pilot, std::size_t workers, double left = 0.0,
             std::map<std::string, std::string> at_work = {}) {
    say(cluster::Hello{pilot, "", "1", "", "node-" + std::to_string(pilot), workers, 0.0,
                       std::move(at_work)});
    say(left > 0.0 ? cluster::Heartbeat{left} : cluster::Heartbeat{});
    say(cluster::Ready{});
  }
  /// The ids of the orders that came since the last call.
  std::vector<std::string> orders() {
    std::vector<std::string> ids;
    for (const auto& line : link_->read()) {
      const auto message = cluster::parse_from_host(line);
      if (!message) throw std::runtime_error("no message of a host: " + line);
      if (const auto* order = std::get_if<cluster::Order>(&*message)) {
        ids.push_back(order->assignment.id);
        last_ = *order;
      }
      stopped_ = stopped_ || std::holds_alternative<cluster::Stop>(*message);
    }
    return ids;
  }
  [[nodiscard]] const cluster::Order& last_order() const { return last_; }
  [[nodiscard]] bool was_stopped() const { return stopped_; }
  [[nodiscard]] bool was_left() const { return link_->ended(); }
  /// Ends without a word, as kill -9 does.
  void die() { link_.reset(); }

 private:
  std::unique_ptr<cluster::Link> link_;
  cluster::Order last_;
  bool stopped_ = false;
};

}  // namespace taskonomy::tests
