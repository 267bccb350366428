#include "core/base/csv.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/base/text.hpp"

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
  if (const auto zero = text.find('\0'); zero != std::string_view::npos) {
    const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(zero), '\n');
    throw Error(name + ":" + std::to_string(line) +
                ": holds a byte 0, which no text has; expected UTF-8 (is this UTF-16, or no CSV file?)");
  }
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

std::string csv_cell(double value) { return std::isnan(value) ? std::string() : number(value); }

std::string csv_cell(const std::vector<std::string>& names) { return csv_cell(join(names, "+")); }

CsvWriter::CsvWriter(const std::vector<std::string>& header) : text_(join(header, ",") + "\n") {}

double CsvRow::number(std::size_t column) const {
  const std::string& cell = text(column);
  if (cell.empty()) return std::numeric_limits<double>::quiet_NaN();
  double value = 0.0;
  const auto [stop, code] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (code != std::errc() || stop != cell.data() + cell.size() || std::isnan(value))
    refuse(column, "a number");
  return value;
}

std::size_t CsvRow::count(std::size_t column) const {
  const std::string& cell = text(column);
  std::size_t value = 0;
  const auto [stop, code] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (code != std::errc() || stop != cell.data() + cell.size()) refuse(column, "an integer >= 0");
  return value;
}

void CsvRow::refuse(std::size_t column, const std::string& expected) const {
  throw Error(place_ + ": " + columns_.at(column) + ": expected " + expected + ", got \"" + text(column) +
              "\"");
}

std::vector<CsvRow> read_csv(const std::filesystem::path& path, const std::vector<std::string>& header) {
  std::vector<CsvRow> rows;
  const auto records = parse_csv(read_file(path), path.string());
  for (const auto& record : records) {
    const std::string place = path.string() + ":" + std::to_string(record.line);
    const bool first = &record == &records.front();
    if (first ? record.cells != header : record.cells.size() != header.size())
      throw Error(place + ": expected the columns " + join(header, ","));
    if (!first) rows.emplace_back(place, header, record.cells);
  }
  return rows;
}

}  // namespace taskonomy::base
