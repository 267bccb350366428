#include "tests/cli/terminal.hpp"

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utmp.h>

#include <stdexcept>

namespace taskonomy::cli_test {

Terminal::Terminal(const std::string& command, unsigned short columns) {
  const winsize size{30, columns, 0, 0};
  if (::openpty(&terminal_, &side_, nullptr, nullptr, &size) != 0)
    throw std::runtime_error("no terminal to be had");
  pid_ = ::fork();
  if (pid_ < 0) throw std::runtime_error("no process to be had");
  if (pid_ > 0) return;
  ::close(terminal_);
  ::login_tty(side_);
  ::execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
  ::_exit(127);
}

Terminal::~Terminal() {
  if (!ended_) {
    ::kill(-pid_, SIGKILL);  // it leads a session, and with it a group, of its own
    ::waitpid(pid_, nullptr, 0);
  }
  ::close(side_);
  ::close(terminal_);
}

bool Terminal::read_more() {
  pollfd ready{terminal_, POLLIN, 0};
  if (::poll(&ready, 1, 50) > 0) {
    char buffer[4096];
    const ssize_t count = ::read(terminal_, buffer, sizeof buffer);
    if (count > 0) shown_.append(buffer, static_cast<std::size_t>(count));
    return true;
  }
  if (ended_) return false;
  ended_ = ::waitpid(pid_, nullptr, WNOHANG) == pid_;
  return true;
}

bool Terminal::shows(const std::string& text) {
  while (shown_.find(text) == std::string::npos)
    if (!read_more()) return false;
  return true;
}

void Terminal::type(const std::string& keys) {
  if (::write(terminal_, keys.data(), keys.size()) != static_cast<ssize_t>(keys.size()))
    throw std::runtime_error("the terminal takes no keys");
}

std::string Terminal::rest() {
  while (read_more()) {
  }
  std::string text = shown_;
  std::erase(text, '\r');
  return text;
}

}  // namespace taskonomy::cli_test
