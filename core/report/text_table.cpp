#include "core/report/text_table.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "core/base/text.hpp"

namespace taskonomy::report {

namespace {

constexpr std::size_t kGap = 2;

std::string padded(const std::string& cell, std::size_t width, bool right) {
  const std::string blanks(width > letters(cell) ? width - letters(cell) : 0, ' ');
  return right ? blanks + cell : cell + blanks;
}

std::string without_trailing_blanks(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

/// Letters in a line of columns of these widths.
std::size_t total_of(const std::vector<std::size_t>& widths) {
  std::size_t total = widths.empty() ? 0 : kGap * (widths.size() - 1);
  for (const auto width : widths) total += width;
  return total;
}

thread_local std::size_t width_now = kTextWidth;

}  // namespace

TextWidth::TextWidth(std::size_t letters) : before_(width_now) { width_now = letters; }
TextWidth::~TextWidth() { width_now = before_; }
std::size_t TextWidth::current() { return width_now; }

std::size_t letters(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](unsigned char byte) { return (byte & 0xC0U) != 0x80U; }));
}

std::vector<std::string> wrap(const std::string& text, std::size_t width) {
  std::vector<std::string> lines(1);
  for (const auto& word : base::split(text, ' ')) {
    if (!lines.back().empty() && letters(lines.back()) + 1 + letters(word) > width) lines.emplace_back();
    lines.back() += (lines.back().empty() ? "" : " ") + word;
  }
  return lines;
}

void TextTable::add(std::vector<std::string> cells) {
  if (cells.size() != alignment_.size()) throw std::logic_error("TextTable: wrong number of cells");
  rows_.push_back(std::move(cells));
}

std::vector<std::size_t> TextTable::column_widths() const {
  std::vector<std::size_t> widths(alignment_.size(), 0);
  for (const auto& row : rows_) {
    for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], letters(row[c]));
  }
  const std::size_t total = total_of(widths);
  if (const auto c = alignment_.find('w'); c != std::string::npos && total > width_) {
    // Narrower columns are worse than long lines. A word that is too long for its column may stand alone on a line of
    // its own, where there is room to the right; not so the first word of a cell, beside which other cells stand.
    std::size_t least = 16;
    const std::size_t begin =
        total_of({widths.begin(), widths.begin() + static_cast<std::ptrdiff_t>(c)}) + kGap;
    for (const auto& row : rows_) {
      if (row.empty()) continue;
      const auto words = base::split(row[c], ' ');
      least = std::max(least, letters(words.front()));
      for (const auto& word : words)
        if (begin + letters(word) > width_) least = std::max(least, letters(word));
    }
    const std::size_t others = total - widths[c];
    widths[c] = std::min(widths[c], std::max(least, width_ > others ? width_ - others : 0));
  }
  return widths;
}

std::vector<std::vector<std::size_t>> TextTable::parts(const std::vector<std::size_t>& widths) const {
  std::vector<std::vector<std::size_t>> parts;
  std::size_t total = 0;
  for (std::size_t c = 0; c < widths.size(); ++c) {
    if (parts.empty() || (parts.back().size() > 1 && total + kGap + widths[c] > width_)) {
      parts.push_back({0});
      total = widths[0];
    }
    if (c == 0) continue;
    parts.back().push_back(c);
    total += kGap + widths[c];
  }
  return parts;
}

std::string TextTable::text_of(const std::vector<std::size_t>& columns,
                               const std::vector<std::size_t>& widths) const {
  std::vector<std::size_t> shown;
  for (const auto c : columns) shown.push_back(widths[c]);
  std::string result;
  for (const auto& row : rows_) {
    if (row.empty()) {
      result += std::string(total_of(shown), '-') + "\n";
      continue;
    }
    std::vector<std::vector<std::string>> lines;
    std::size_t height = 1;
    for (const auto c : columns) {
      lines.push_back(alignment_[c] == 'w' ? wrap(row[c], widths[c]) : std::vector<std::string>{row[c]});
      height = std::max(height, lines.back().size());
    }
    for (std::size_t y = 0; y < height; ++y) {
      std::string line;
      for (std::size_t k = 0; k < columns.size(); ++k) {
        if (k > 0) line += std::string(kGap, ' ');
        line += padded(y < lines[k].size() ? lines[k][y] : "", shown[k], alignment_[columns[k]] == 'r');
      }
      result += without_trailing_blanks(std::move(line)) + "\n";
    }
  }
  return result;
}

std::string TextTable::text() const {
  const auto widths = column_widths();
  std::string result;
  for (const auto& columns : parts(widths)) result += (result.empty() ? "" : "\n") + text_of(columns, widths);
  return result;
}

std::string fitted(const std::string& text) {
  const std::size_t width = TextWidth::current();
  std::string result;
  for (const auto& line : base::split(text, '\n')) {
    const std::size_t indent = std::min(line.find_first_not_of(' '), line.size());
    const bool sentence =
        line.find(' ', indent) != std::string::npos && line.find("  ", indent) == std::string::npos;
    const std::size_t hang = line.compare(indent, 2, "* ") == 0 ? indent + 2 : indent;
    if (letters(line) > width && width > hang && sentence)
      result += std::string(indent, ' ') +
                base::join(wrap(line.substr(indent), width - hang), "\n" + std::string(hang, ' ')) + "\n";
    else
      result += line + "\n";
  }
  result.pop_back();  // split() sees an empty line behind the last end
  return result;
}

std::string list_text(const std::string& heading, const std::vector<std::string>& names) {
  const std::size_t indent = letters(heading) + 1;
  std::string text;
  for (const auto& line : wrap(base::join(names, ", "), TextWidth::current() - indent))
    text += (text.empty() ? heading + " " : std::string(indent, ' ')) + line + "\n";
  return text;
}

std::string percent_text(double share, int digits) {
  return std::isnan(share) ? "-" : base::fixed(100.0 * share, digits);
}

std::string share_text(double share, int digits) {
  if (std::isnan(share)) return "-";
  const std::string text = base::fixed(share, digits);
  return text.rfind("0.", 0) == 0 ? text.substr(1) : text;
}

std::string signed_text(double value) { return value < 0.0 ? "-" + share_text(-value) : share_text(value); }

std::string interval_text(const analysis::Interval& interval) {
  const std::string text = signed_text(interval.estimate);
  if (std::isnan(interval.low)) return text;
  return text + " [" + signed_text(interval.low) + ", " + signed_text(interval.high) + "]";
}

std::string affinity_interval_text(const analysis::Interval& interval) {
  return base::fixed(interval.estimate, 4) + " [" + base::fixed(interval.low, 4) + ", " +
         base::fixed(interval.high, 4) + "]";
}

std::string value_text(double value) {
  if (std::isnan(value)) return "-";
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

std::string p_text(double p) {
  if (std::isnan(p)) return "-";
  return p < 0.0001 ? "<.0001" : base::fixed(p, 4).substr(p < 1.0 ? 1 : 0);
}

}  // namespace taskonomy::report
