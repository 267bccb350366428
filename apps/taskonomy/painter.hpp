// Colour where a terminal shows what the program says: labels of messages, headings, heads of tables, the bar of a
// run's progress. Files, pipes, terminals without colour and people who set NO_COLOR get the plain text.
#pragma once

#include <ostream>
#include <streambuf>
#include <string>

namespace taskonomy::cli {

/// While it lives, colours what is written to a stream. It stands between the stream and its buffer, so that no
/// text need know of colour. One line of standard output is held back until the next one tells whether it is the
/// head of a table; flushing writes it.
class Painter : public std::streambuf {
 public:
  /// `descriptor`: where the stream leads. Whether it takes colour is asked at every line, because a child process
  /// may have turned it elsewhere.
  Painter(std::ostream& stream, int descriptor);
  ~Painter() override;
  Painter(const Painter&) = delete;
  Painter& operator=(const Painter&) = delete;

 protected:
  int_type overflow(int_type letter) override;
  std::streamsize xsputn(const char* text, std::streamsize count) override;
  int sync() override;

 private:
  void take(char letter);
  void end_line();
  void release_held(bool heading);
  void write(const std::string& text);

  std::ostream& stream_;
  std::streambuf* to_;
  int descriptor_;
  std::string line_;         ///< begun and not written yet
  bool begun_ = false;       ///< the beginning of that line is written already
  std::string held_;         ///< the line before, with its end; "": none
  bool after_blank_ = true;  ///< the held line follows an empty one, or nothing
  bool in_table_ = false;    ///< after the rule below a table's head: the next rule is that of its foot
  bool broken_ = false;      ///< the stream's buffer took less than it was given
};

/// The text of one line, its labels and bar coloured: "note: x" with the first word in cyan. Other lines as they are.
[[nodiscard]] std::string painted_line(const std::string& line);

}  // namespace taskonomy::cli
