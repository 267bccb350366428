// What is known of the terminal that shows our texts: how wide it is, and whether it takes colour.
#pragma once

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <string_view>

namespace taskonomy::cli {

/// Columns of the terminal behind a descriptor; 0: it is none, or does not say.
[[nodiscard]] inline std::size_t terminal_columns(int descriptor) {
  winsize size{};
  return ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

/// Letters in a line of our texts: COLUMNS where the environment has it, else the terminal's columns, else `usual`;
/// at least 60, because tables cannot be read in less.
[[nodiscard]] inline std::size_t text_columns(std::size_t usual) {
  constexpr std::size_t kLeast = 60;
  std::size_t wished = 0;
  if (const char* columns = std::getenv("COLUMNS"); columns != nullptr) {
    const std::string_view text(columns);
    std::from_chars(text.data(), text.data() + text.size(), wished);
  }
  if (wished == 0) wished = terminal_columns(STDOUT_FILENO);
  return wished == 0 ? usual : std::max(kLeast, wished);
}

/// Whether to colour what goes to a descriptor: a terminal, unless NO_COLOR is set (no-color.org) or TERM is dumb.
[[nodiscard]] inline bool takes_colour(int descriptor) {
  const char* refused = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  return ::isatty(descriptor) != 0 && (refused == nullptr || *refused == '\0') &&
         (terminal == nullptr || std::string_view(terminal) != "dumb");
}

}  // namespace taskonomy::cli
