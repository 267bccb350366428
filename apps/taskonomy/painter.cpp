#include "apps/taskonomy/painter.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "apps/taskonomy/terminal.hpp"

namespace taskonomy::cli {

namespace {

constexpr const char* kPlain = "\x1b[0m";
constexpr const char* kBold = "\x1b[1m";
constexpr const char* kGreen = "\x1b[32m";
constexpr const char* kRed = "\x1b[1;31m";
constexpr const char* kYellow = "\x1b[33m";
constexpr const char* kCyan = "\x1b[36m";

/// What a line may begin with.
struct Label {
  std::string_view text;
  const char* colour;
};
constexpr std::array<Label, 11> kLabels{{{"error:", kRed},
                                         {"failed:", kRed},
                                         {"warning:", kYellow},
                                         {"skipped:", kYellow},
                                         {"missing:", kYellow},
                                         {"left out:", kYellow},
                                         {"samples left out:", kYellow},
                                         {"interrupted.", kYellow},
                                         {"note:", kCyan},
                                         {"Recommended:", kBold},
                                         {"Report:", kBold}}};

std::string coloured(const std::string& text, const char* colour) { return colour + text + kPlain; }

/// Dashes from end to end, as below the head of a table.
bool is_rule(const std::string& line) {
  return line.size() > 2 && line.find_first_not_of("-\n") == std::string::npos;
}

/// A line that can stand as a heading: no sentence, no item, no columns.
bool can_be_heading(const std::string& line) {
  return line.size() > 1 && line[0] != ' ' && line[0] != '*' && line[line.size() - 2] != '.' &&
         line.find("  ") == std::string::npos;
}

}  // namespace

std::string painted_line(const std::string& line) {
  if (line.rfind("[", 0) == 0) {
    const auto end = line.find(']');
    const bool bar = end != std::string::npos && line.find_first_not_of("#.", 1) == end;
    return bar ? coloured(line.substr(0, end + 1), kGreen) + line.substr(end + 1) : line;
  }
  for (const auto& [text, colour] : kLabels)
    if (line.rfind(text, 0) == 0) return coloured(std::string(text), colour) + line.substr(text.size());
  return line;
}

Painter::Painter(std::ostream& stream, int descriptor)
    : stream_(stream), to_(stream.rdbuf(this)), descriptor_(descriptor) {}

Painter::~Painter() {
  Painter::sync();
  stream_.rdbuf(to_);
  if (broken_) stream_.setstate(std::ios::badbit);
}

void Painter::write(const std::string& text) {
  const auto count = static_cast<std::streamsize>(text.size());
  if (to_->sputn(text.data(), count) != count) broken_ = true;
}

void Painter::release_held(bool heading) {
  if (held_.empty()) return;
  const bool colour = takes_colour(descriptor_);
  if (colour && heading && held_ != "\n") {
    write(coloured(held_.substr(0, held_.size() - 1), kBold) + "\n");
  } else {
    write(colour ? painted_line(held_) : held_);
  }
  after_blank_ = held_ == "\n";
  held_.clear();
}

void Painter::end_line() {
  if (begun_) {
    write(line_);
    after_blank_ = false;
  } else {
    const bool rule = is_rule(line_), blank = line_ == "\n";
    release_held(rule ? !in_table_ : blank && after_blank_ && can_be_heading(held_));
    in_table_ = rule || (in_table_ && !blank);
    held_ = line_;
  }
  line_.clear();
  begun_ = false;
}

void Painter::take(char letter) {
  line_ += letter;
  if (letter == '\n') return end_line();
  if (letter != '\r') return;  // back to the beginning of a line that is drawn again
  write(line_);
  line_.clear();
  begun_ = false;
}

int Painter::sync() {
  release_held(false);
  if (!line_.empty()) {
    write(!begun_ && takes_colour(descriptor_) ? painted_line(line_) : line_);
    line_.clear();
    begun_ = true;
  }
  return to_->pubsync() != 0 || broken_ ? -1 : 0;
}

std::streamsize Painter::xsputn(const char* text, std::streamsize count) {
  std::for_each(text, text + count, [this](char letter) { take(letter); });
  return broken_ ? 0 : count;
}

Painter::int_type Painter::overflow(int_type letter) {
  if (traits_type::eq_int_type(letter, traits_type::eof())) return traits_type::not_eof(letter);
  take(traits_type::to_char_type(letter));
  return broken_ ? traits_type::eof() : letter;
}

}  // namespace taskonomy::cli
