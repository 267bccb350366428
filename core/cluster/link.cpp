#include "core/cluster/link.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace taskonomy::cluster {

namespace {

/// Writes to a socket or a pipe, without a signal where nobody reads a socket any more.
ssize_t write_some(int descriptor, const char* bytes, std::size_t count) {
  const ssize_t sent = ::send(descriptor, bytes, count, MSG_NOSIGNAL | MSG_DONTWAIT);
  return sent < 0 && errno == ENOTSOCK ? ::write(descriptor, bytes, count) : sent;
}

}  // namespace

Link::Link(int input, int output) : input_(input), output_(output) {
  for (const int descriptor : {input, output})
    ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) | O_NONBLOCK);
}

Link::~Link() { close("closed"); }

void Link::close(const std::string& reason) {
  if (end_.empty()) end_ = reason;
  if (input_ >= 0) ::close(input_);
  if (output_ >= 0 && output_ != input_) ::close(output_);
  input_ = output_ = -1;
}

void Link::send(const std::string& line) {
  if (ended()) return;
  unsent_ += line;
  unsent_ += '\n';
  flush();
}

void Link::flush() {
  std::size_t sent = 0;
  while (!ended() && sent < unsent_.size()) {
    const ssize_t count = write_some(output_, unsent_.data() + sent, unsent_.size() - sent);
    if (count >= 0) {
      sent += static_cast<std::size_t>(count);
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      break;
    } else if (errno != EINTR) {
      // What it said before it left can still be read: read() sees the end.
      unsent_.clear();
      return;
    }
  }
  unsent_.erase(0, sent);
  if (unsent_.size() > kMostUnsent) close("takes no more lines");
}

/// Whole lines of what was heard. Ends the connection when the rest is too long for the beginning of one.
std::vector<std::string> Link::take_lines(std::size_t most) {
  std::vector<std::string> lines;
  std::size_t begin = 0;
  for (std::size_t end = heard_.find('\n'); end != std::string::npos && lines.size() < most;
       end = heard_.find('\n', begin)) {
    lines.push_back(heard_.substr(begin, end - begin));
    begin = end + 1;
  }
  heard_.erase(0, begin);
  if (heard_.size() > kLongestLine && heard_.find('\n') > kLongestLine)
    close("said a line of more than 4 MB");
  return lines;
}

std::vector<std::string> Link::read(std::size_t most) {
  std::vector<std::string> lines = take_lines(most);
  char buffer[65536];
  // A bounded number of reads: one that says much must not keep this process from the others.
  for (int reads = 0; !ended() && lines.size() < most && reads < 16; ++reads) {
    const ssize_t count = ::read(input_, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
    if (count <= 0) {
      close(count == 0 ? "closed the connection"
                       : std::string("lost the connection: ") + std::strerror(errno));
      break;
    }
    heard_.append(buffer, static_cast<std::size_t>(count));
    for (auto& line : take_lines(most - lines.size())) lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace taskonomy::cluster
