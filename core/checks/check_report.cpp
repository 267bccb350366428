#include "core/checks/check_report.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "core/base/json.hpp"
#include "core/base/text.hpp"

namespace taskonomy::checks {

namespace {

constexpr std::size_t kOutputLines = 5;  // lines of a check's own output that are shown

std::size_t longest_id() {
  std::size_t width = 0;
  for (const auto kind : {host::Kind::task, host::Kind::dataset})
    for (const auto& check : all_checks(kind)) width = std::max(width, check.id.size());
  return width;
}

/// The last lines, with control characters replaced: a plugin's output must not paint our terminal.
std::vector<std::string> last_lines(const std::string& output) {
  std::vector<std::string> lines;
  for (auto& line : base::split(base::trim(output), '\n')) {
    std::replace_if(line.begin(), line.end(), base::is_control, ' ');
    if (!line.empty()) lines.push_back(line);
  }
  if (lines.size() > kOutputLines) lines.erase(lines.begin(), lines.end() - kOutputLines);
  return lines;
}

using base::Json;

/// Text for XML. XML 1.0 cannot write most control characters, and readers stop at text that is no UTF-8.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : base::utf8(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' ? '?' : c;
    }
  }
  return out;
}

std::string testcase(const CheckReport& report, const CheckResult& result) {
  const PluginCheck& check = *result.check;
  const std::string group = group_of(check.id);
  std::string text = "    <testcase classname=\"" + escaped(report.id.empty() ? "plugin" : report.id) + "." +
                     group + "\" name=\"" + check.id.substr(group.size() + 1) + "\" time=\"" +
                     base::fixed(result.seconds, 3) + "\"";
  if (result.verdict == Verdict::pass) return text + "/>\n";
  text += ">\n";
  const std::string body = "must: " + check.contract + "\nhint: " + check.hint +
                           (result.output.empty() ? "" : "\nsaid: " + result.output);
  std::string message = "\"";
  message += escaped(result.reason) + "\"";
  if (result.verdict == Verdict::skip || result.verdict == Verdict::unchecked) {
    text += "      <skipped message=" + message + "/>\n";
  } else if (result.verdict == Verdict::warn) {
    text += "      <system-out>" + escaped("warning: " + result.reason + "\n" + body) + "</system-out>\n";
  } else {
    const std::string element = result.verdict == Verdict::fail ? "failure" : "error";
    text += "      <" + element + " type=\"" + word_of(result.verdict) + "\" message=" + message + ">" +
            escaped(body) + "</" + element + ">\n";
  }
  return text + "    </testcase>\n";
}

/// The opening tag of a group of results, with JUnit's counts.
std::string opened(const std::string& element, const std::string& name,
                   const std::vector<CheckResult>& results) {
  std::size_t failures = 0, errors = 0, skipped = 0;
  double seconds = 0.0;
  for (const auto& result : results) {
    failures += result.verdict == Verdict::fail ? 1 : 0;
    errors += result.verdict == Verdict::crash || result.verdict == Verdict::timeout ? 1 : 0;
    skipped += result.verdict == Verdict::skip || result.verdict == Verdict::unchecked ? 1 : 0;
    seconds += result.seconds;
  }
  return "<" + element + " name=\"" + escaped(name) + "\" tests=\"" + std::to_string(results.size()) +
         "\" failures=\"" + std::to_string(failures) + "\" errors=\"" + std::to_string(errors) +
         "\" skipped=\"" + std::to_string(skipped) + "\" time=\"" + base::fixed(seconds, 3) + "\">\n";
}

}  // namespace

const char* name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return "PASS";
    case Verdict::warn:
      return "WARN";
    case Verdict::fail:
      return "FAIL";
    case Verdict::skip:
      return "SKIP";
    case Verdict::unchecked:
      return "UNCHECKED";
    case Verdict::crash:
      return "CRASH";
    case Verdict::timeout:
      return "TIMEOUT";
  }
  return "?";
}

std::string word_of(Verdict verdict) {
  std::string word = name_of(verdict);
  for (char& letter : word) letter = static_cast<char>(letter - 'A' + 'a');
  return word;
}

Verdict verdict_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::pass:
      return Verdict::pass;
    case Outcome::warn:
      return Verdict::warn;
    case Outcome::fail:
      return Verdict::fail;
    case Outcome::skip:
      return Verdict::skip;
    case Outcome::unchecked:
      return Verdict::unchecked;
  }
  return Verdict::fail;
}

std::size_t CheckReport::count(Verdict verdict) const {
  return static_cast<std::size_t>(std::count_if(
      results.begin(), results.end(), [&](const CheckResult& result) { return result.verdict == verdict; }));
}

bool CheckReport::kept() const {
  return std::none_of(results.begin(), results.end(),
                      [](const CheckResult& result) { return is_bad(result.verdict); });
}

std::vector<std::string> CheckReport::unchecked_groups() const {
  std::vector<std::string> groups;
  std::set<std::string> tried;
  for (const auto& result : results) {
    const std::string group = group_of(result.check->id);
    if (result.verdict != Verdict::unchecked)
      tried.insert(group);
    else if (std::find(groups.begin(), groups.end(), group) == groups.end())
      groups.push_back(group);
  }
  groups.erase(std::remove_if(groups.begin(), groups.end(),
                              [&](const std::string& group) { return tried.count(group) > 0; }),
               groups.end());
  return groups;
}

std::string TextReport::painted(Verdict verdict, const std::string& text) const {
  if (!colour_) return text;
  const char* colour = is_bad(verdict)                                             ? "31"
                       : verdict == Verdict::warn || verdict == Verdict::unchecked ? "33"
                       : verdict == Verdict::pass                                  ? "32"
                                                                                   : "2";
  return "\x1b[" + std::string(colour) + "m" + text + "\x1b[0m";
}

std::string TextReport::head(const CheckedPlugin& plugin, Level level, std::uint64_t seed) const {
  const std::string& id = plugin.stamped("id");
  return plugin.path().filename().string() + ": " +
         (id.empty() ? ""
                     : host::name_of(plugin.kind()) + " \"" + id + "\" " + plugin.stamped("version") + ", ") +
         "level " + sdk::testing::name_of(level) + ", seed " + std::to_string(seed) + "\n";
}

std::string TextReport::line(const CheckedPlugin& plugin, const CheckResult& result) {
  if (!result.tried) return "";
  const PluginCheck& check = *result.check;
  const std::string group = group_of(check.id);
  std::string text = group == group_ ? "" : "\n";
  group_ = group;
  static const std::size_t width = longest_id();
  text += painted(result.verdict, base::pad(name_of(result.verdict), 9)) + "  " + base::pad(check.id, width) +
          "  " + base::fixed(result.seconds, 2) + " s" + (result.reason.empty() ? "" : "  " + result.reason) +
          "\n";
  if (!is_bad(result.verdict) && result.verdict != Verdict::warn) return text;
  const auto detail = [&](const std::string& label, const std::string& content) {
    text += std::string(11, ' ') + base::pad(label, 7) + content + "\n";
  };
  detail("must", check.contract);
  detail("hint", check.hint);
  for (const auto& line : last_lines(result.output)) detail("said", line);
  detail("alone", "taskonomy " + host::name_of(plugin.kind()) + "s check " +
                      base::shell_quoted(plugin.path().string()) + " --only " + check.id + " --in-process");
  return text;
}

std::string TextReport::tail(const CheckReport& report) const {
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
  text += base::fixed(report.seconds, 1) + " s\n";
  const auto unchecked = report.unchecked_groups();
  return unchecked.empty() ? text : text + "not checked: " + base::join(unchecked, ", ") + "\n";
}

std::string list_text(host::Kind kind) {
  const std::size_t width = longest_id();
  std::string text, group;
  for (const auto& check : all_checks(kind)) {
    if (!group.empty() && group_of(check.id) != group) text += "\n";
    group = group_of(check.id);
    text += base::pad(check.id, width) + "  " + base::pad(sdk::testing::name_of(check.level), 8) + "  " +
            check.contract + "\n";
  }
  return text;
}

std::string json_of(const CheckReport& report) {
  Json counts = Json::object(), checks = Json::array();
  for (const Verdict verdict : kVerdicts) counts.set(word_of(verdict), report.count(verdict));
  for (const auto& result : report.results) {
    checks.add(Json::object()
                   .set("id", result.check->id)
                   .set("outcome", word_of(result.verdict))
                   .set("contract", result.check->contract)
                   .set("hint", result.check->hint)
                   .set("reason", result.reason)
                   .set("output", result.output)
                   .set("seconds", result.seconds));
  }
  const Json content = Json::object()
                           .set("file", report.file)
                           .set("id", report.id)
                           .set("version", report.version)
                           .set("level", sdk::testing::name_of(report.level))
                           .set("seed", report.seed)
                           .set("seconds", report.seconds)
                           .set("kept", report.kept())
                           .set("unchecked", report.unchecked_groups())
                           .set("counts", std::move(counts))
                           .set("checks", std::move(checks));
  return content.dump(2) + "\n";
}

std::string junit_of(const CheckReport& report) {
  std::vector<std::pair<std::string, std::vector<CheckResult>>> groups;
  for (const auto& result : report.results) {
    const std::string group = group_of(result.check->id);
    if (groups.empty() || groups.back().first != group) groups.push_back({group, {}});
    groups.back().second.push_back(result);
  }
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" +
                     opened("testsuites", report.id.empty() ? report.file : report.id, report.results);
  for (const auto& [group, results] : groups) {
    text += "  " + opened("testsuite", group, results);
    for (const auto& result : results) text += testcase(report, result);
    text += "  </testsuite>\n";
  }
  return text + "</testsuites>\n";
}

}  // namespace taskonomy::checks
