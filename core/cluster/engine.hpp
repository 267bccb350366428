// What brings pilots to machines: one of these for each way there is.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/cluster/link.hpp"

namespace taskonomy::cluster {

/// A connection that came about.
struct Arrival {
  std::unique_ptr<Link> link;
  std::string token;   ///< that the hello must bear; "": none, because it came through a pipe of this process
  bool plain = false;  ///< other lines may come before the hello: what sites print at a login
};

/// Pilots are known by numbers, from 1. [one thread]
class Engine {
 public:
  virtual ~Engine() = default;
  /// Asks for these pilots. Throws Error with the cure when there will be none.
  virtual void submit(const std::vector<std::size_t>& pilots) = 0;
  /// Connections that came about since the last call.
  [[nodiscard]] virtual std::vector<Arrival> arrivals() = 0;
  /// Why a pilot that was submitted has ended; nothing while it may live or come, and when nobody knows.
  [[nodiscard]] virtual std::optional<std::string> end_of(std::size_t pilot) = 0;
  /// What a pilot that has not come yet waits for, in the engine's words: "Priority"; "" when nobody knows.
  [[nodiscard]] virtual std::string waits_for(std::size_t pilot) = 0;
  /// Where a pilot's output goes, for people; "" before it is known.
  [[nodiscard]] virtual std::string log_of(std::size_t pilot) const = 0;
  /// A pilot could not work where it was brought to (`node`: "" when it never said). Enough of these, and nothing
  /// is brought there any more.
  virtual void distrust(std::size_t pilot, const std::string& node) = 0;
  /// Ends a pilot for good, whatever it does.
  virtual void cancel(std::size_t pilot) = 0;
  /// A descriptor that shows arrivals, -1: none.
  [[nodiscard]] virtual int door() const { return -1; }
  /// Pilots that an earlier host asked for and that may still live.
  [[nodiscard]] virtual std::vector<std::size_t> inherited() { return {}; }
  /// Lets pilots live when this object dies. False: this engine cannot.
  virtual bool leave() { return false; }
};

}  // namespace taskonomy::cluster
