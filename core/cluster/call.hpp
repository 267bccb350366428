// Agents that call the run over the network: where it listens, and what shows that a caller may read its folder.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/cluster/link.hpp"

namespace taskonomy::cluster {

/// Where a run listens: RUN/cluster/address, which only the run's owner may read.
struct CallAddress {
  std::string address;  ///< numeric
  int port = 0;
  std::string token;
};

/// Writes the file with mode 0600, whole or not at all. Throws Error naming it.
void write_call_address(const std::filesystem::path& file, const CallAddress& address);
/// Nothing while the file is not there or is none.
[[nodiscard]] std::optional<CallAddress> read_call_address(const std::filesystem::path& file);

/// Calls; nothing when nobody answers within five seconds.
[[nodiscard]] std::unique_ptr<Link> call(const CallAddress& address);

/// Listens at one address of this machine for agents. Never waits.
class Listener {
 public:
  /// `address`: a host name or address of this machine; "": its own name. `port` 0: any that is free. Throws Error
  /// with the cure for an address that is not this machine's and a port that is taken.
  Listener(const std::string& address, int port);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  /// As agents are to call it; without a token.
  [[nodiscard]] const CallAddress& where() const { return where_; }
  [[nodiscard]] int descriptor() const { return descriptor_; }
  /// Connections that came about since the last call.
  [[nodiscard]] std::vector<std::unique_ptr<Link>> accept();

 private:
  int descriptor_ = -1;
  CallAddress where_;
};

}  // namespace taskonomy::cluster
