// The connection between the host of a run and an agent: lines, both ways.
#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

namespace taskonomy::cluster {

/// Lines over a pair of descriptors, or over one socket. Nothing here waits: what the other side does not take yet is
/// kept, and what it has not said yet is not there. [one thread]
class Link {
 public:
  static constexpr std::size_t kLongestLine = 4 << 20;  ///< bytes; a longer one ends the connection
  static constexpr std::size_t kMostUnsent = 64 << 20;  ///< bytes; who takes none of them is gone

  /// Takes both descriptors, which may be the same one.
  Link(int input, int output);
  ~Link();
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  [[nodiscard]] int input() const { return input_; }
  [[nodiscard]] int output() const { return output_; }
  /// Whether output() should be watched for room.
  [[nodiscard]] bool has_unsent() const { return !ended() && !unsent_.empty(); }
  /// Sends a line as far as it goes at once; flush() sends more.
  void send(const std::string& line);
  void flush();
  /// Whole lines that have come since the last call, at most so many; the others stay for the next call.
  [[nodiscard]] std::vector<std::string> read(std::size_t most = std::numeric_limits<std::size_t>::max());
  /// Ends the connection here. What was read before stays read.
  void close(const std::string& reason);
  [[nodiscard]] bool ended() const { return !end_.empty(); }
  /// Why it ended: "closed the connection", "said a line of more than 4 MB"; "" while it lasts.
  [[nodiscard]] const std::string& end() const { return end_; }

 private:
  std::vector<std::string> take_lines(std::size_t most);

  int input_, output_;
  std::string unsent_, heard_, end_;
};

}  // namespace taskonomy::cluster
