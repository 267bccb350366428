// What the host of a run and its agents say to each other: one JSON object a line, with one member that names the
// kind of message. Nothing that comes over a connection is ever executed: an order names a job of the run, whose
// folder the agent was started for.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/jobs/job.hpp"

namespace taskonomy::cluster {

/// An agent's first line.
struct Hello {
  std::size_t pilot = 0;  ///< its number, from its command line
  std::string token;      ///< proves that it can read the run's folder; "" over the host's own pipes
  std::string version;    ///< of the program
  std::string stamp;      ///< checksum of the program's files
  std::string node;       ///< name of its machine
  std::size_t workers = 1;
  double clock = 0.0;                          ///< its clock, seconds since 1970
  std::map<std::string, std::string> at_work;  ///< jobs that it works on (of a host before this one) -> key
};
/// It sees the run's folder and can take orders.
struct Ready {};
inline constexpr double kHeartbeat = 15.0;  ///< seconds between two heartbeats
inline constexpr double kSilence = 120.0;   ///< seconds after which a side that says nothing is gone
/// It lives.
struct Heartbeat {
  std::optional<double> left;  ///< seconds until its time is up; nothing without a limit
};
/// A job ended, and what its record says, so that the host knows what it must be able to see.
struct Finished {
  jobs::JobReport report;
  std::string key;
  std::map<std::string, std::string> sums;  ///< relative path -> checksum
};
/// It ends after this line.
struct Parting {
  std::string reason;
  bool broken = false;  ///< it could not work at all
};
using FromAgent = std::variant<Hello, Ready, Heartbeat, jobs::JobStep, Finished, Parting>;

/// The host's first line.
struct Welcome {
  std::string mark;     ///< content of the file `cluster/mark` in the run's folder
  double settle = 0.0;  ///< seconds to wait for files of other machines
};
struct Order {
  jobs::Assignment assignment;
  double limit = 0.0;                       ///< as Pool::start()
  std::map<std::string, std::string> keys;  ///< of its inputs: an agent waits until it sees them
};
/// Another limit for a job at work.
struct NewLimit {
  std::string id;
  double seconds = 0.0;
};
/// The answer to a heartbeat.
struct Heard {};
/// End now.
struct Stop {};
using FromHost = std::variant<Welcome, Order, NewLimit, Heard, Stop>;

/// One line, without the line end.
[[nodiscard]] std::string to_line(const FromAgent& message);
[[nodiscard]] std::string to_line(const FromHost& message);
/// Nothing when the line is no such message.
[[nodiscard]] std::optional<FromAgent> parse_from_agent(const std::string& line);
[[nodiscard]] std::optional<FromHost> parse_from_host(const std::string& line);

}  // namespace taskonomy::cluster
