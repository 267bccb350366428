#include "core/base/csv.hpp"

#include "core/base/error.hpp"

namespace taskonomy::base {

namespace {

/// Reads one text from front to back; knows the line it is on.
class CsvReader {
 public:
  CsvReader(std::string_view text, const std::string& name) : text_(text), name_(name) {
    if (text_.substr(0, 3) == "\xEF\xBB\xBF") at_ = 3;
  }

  std::vector<CsvRecord> records() {
    std::vector<CsvRecord> result;
    while (at_ < text_.size()) {
      CsvRecord one = record();
      if (one.cells.size() > 1 || !one.cells.front().empty()) result.push_back(std::move(one));
    }
    return result;
  }

 private:
  CsvRecord record() {
    CsvRecord result{line_, {}};
    while (true) {
      result.cells.push_back(at_ < text_.size() && text_[at_] == '"' ? quoted() : plain());
      if (at_ >= text_.size() || text_[at_] != ',') break;
      ++at_;
    }
    if (at_ < text_.size() && text_[at_] == '\r') ++at_;
    if (at_ < text_.size() && text_[at_] == '\n') {
      ++at_;
      ++line_;
    }
    return result;
  }

  bool at_break() const {
    return text_[at_] == '\n' || (text_[at_] == '\r' && (at_ + 1 == text_.size() || text_[at_ + 1] == '\n'));
  }

  std::string plain() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && text_[at_] != ',' && !at_break()) ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }

  std::string quoted() {
    const std::size_t opened = line_;
    std::string cell;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '"') {
        if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
          ++at_;
        } else {
          ++at_;
          if (at_ < text_.size() && text_[at_] != ',' && !at_break()) {
            throw Error(name_ + ":" + std::to_string(line_) +
                        ": text behind a closing quote; expected a comma");
          }
          return cell;
        }
      }
      if (text_[at_] == '\n') ++line_;
      cell += text_[at_];
    }
    throw Error(name_ + ":" + std::to_string(opened) + ": a quote is opened here and never closed");
  }

  std::string_view text_;
  const std::string& name_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
};

}  // namespace

std::vector<CsvRecord> parse_csv(std::string_view text, const std::string& name) {
  return CsvReader(text, name).records();
}

std::string csv_cell(std::string_view text) {
  const bool blank_edge = !text.empty() && (text.front() == ' ' || text.back() == ' ');
  if (text.find_first_of(",\"\r\n") == std::string_view::npos && !blank_edge) return std::string(text);
  std::string cell = "\"";
  for (const char letter : text) {
    if (letter == '"') cell += '"';
    cell += letter;
  }
  return cell + "\"";
}

}  // namespace taskonomy::base
