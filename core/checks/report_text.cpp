#include "core/checks/report_text.hpp"

#include <algorithm>
#include <map>

#include "core/base/text.hpp"

namespace taskonomy::checks {

namespace {

constexpr std::size_t kOutputLines = 5;  // of a check's own output, under its line

std::string padded(const std::string& text, std::size_t width) {
  return text + std::string(width > text.size() ? width - text.size() : 0, ' ');
}

std::size_t longest_id() {
  std::size_t width = 0;
  for (const auto& check : all_checks()) width = std::max(width, check.id.size());
  return width;
}

/// The last lines, without control characters: a plugin's output must not paint our terminal.
std::vector<std::string> last_lines(const std::string& output) {
  std::vector<std::string> lines;
  for (auto& line : base::split(base::trim(output), '\n')) {
    std::replace_if(
        line.begin(), line.end(), [](unsigned char letter) { return letter < 0x20 || letter == 0x7f; }, ' ');
    if (!line.empty()) lines.push_back(line);
  }
  if (lines.size() > kOutputLines) lines.erase(lines.begin(), lines.end() - kOutputLines);
  return lines;
}

}  // namespace

std::string TextReport::painted(Verdict verdict, const std::string& text) const {
  if (!colour_) return text;
  const char* colour = is_bad(verdict)            ? "31"
                       : verdict == Verdict::warn ? "33"
                       : verdict == Verdict::pass ? "32"
                                                  : "2";
  return "\x1b[" + std::string(colour) + "m" + text + "\x1b[0m";
}

std::string TextReport::head(const Plugin& plugin, Level level, std::uint64_t seed) const {
  const std::string& id = plugin.stamped("id");
  return plugin.path().filename().string() + ": " +
         (id.empty() ? "" : "task \"" + id + "\" " + plugin.stamped("version") + ", ") + "level " +
         sdk::testing::name_of(level) + ", seed " + std::to_string(seed) + "\n";
}

std::string TextReport::line(const Plugin& plugin, const Result& result) {
  if (!result.tried) return "";
  const Check& check = *result.check;
  const std::string group = group_of(check.id);
  std::string text = group == group_ ? "" : "\n";
  group_ = group;
  static const std::size_t width = longest_id();
  text += painted(result.verdict, padded(name_of(result.verdict), 7)) + "  " + padded(check.id, width) +
          "  " + base::fixed(result.seconds, 2) + " s" + (result.reason.empty() ? "" : "  " + result.reason) +
          "\n";
  if (!is_bad(result.verdict) && result.verdict != Verdict::warn) return text;
  const auto detail = [&](const std::string& label, const std::string& content) {
    text += std::string(9, ' ') + padded(label, 7) + content + "\n";
  };
  detail("must", check.contract);
  detail("hint", check.hint);
  for (const auto& line : last_lines(result.output)) detail("said", line);
  detail("alone",
         "taskonomy tasks check " + plugin.path().string() + " --only " + check.id + " --in-process");
  return text;
}

std::string TextReport::tail(const Report& report) const {
  std::vector<std::string> counts;
  for (const Verdict verdict : kVerdicts) {
    if (const std::size_t count = report.count(verdict); count > 0) {
      counts.push_back(painted(verdict, std::to_string(count) + " " + word_of(verdict)));
    }
  }
  std::map<std::string, std::size_t> not_tried;  // reason -> checks
  for (const auto& result : report.results) {
    if (!result.tried) ++not_tried[result.reason];
  }
  std::string text = "\n";
  for (const auto& [reason, count] : not_tried)
    text += "not tried, because " + reason + ": " + std::to_string(count) + " checks\n";
  text += std::to_string(report.results.size()) + " checks: " + base::join(counts, ", ") + "; ";
  return text + base::fixed(report.seconds, 1) + " s\n";
}

std::string list_text() {
  const std::size_t width = longest_id();
  std::string text, group;
  for (const auto& check : all_checks()) {
    if (!group.empty() && group_of(check.id) != group) text += "\n";
    group = group_of(check.id);
    text += padded(check.id, width) + "  " + padded(sdk::testing::name_of(check.level), 8) + "  " +
            check.contract + "\n";
  }
  return text;
}

}  // namespace taskonomy::checks
