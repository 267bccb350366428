#include "core/checks/report_files.hpp"

#include <nlohmann/json.hpp>

#include "core/base/text.hpp"

namespace taskonomy::checks {

namespace {

using nlohmann::ordered_json;

/// XML 1.0 knows no way to write most control characters; text that is no UTF-8 would end the reader.
std::string escaped(const std::string& text) {
  const std::string valid =
      ordered_json::parse(ordered_json(text).dump(-1, ' ', false, ordered_json::error_handler_t::replace));
  std::string out;
  for (const char c : valid) {
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

std::string testcase(const Report& report, const Result& result) {
  const Check& check = *result.check;
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
  if (result.verdict == Verdict::skip) {
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

/// The opening tag with JUnit's counts.
std::string opened(const std::string& element, const std::string& name, const std::vector<Result>& results) {
  std::size_t failures = 0, errors = 0, skipped = 0;
  double seconds = 0.0;
  for (const auto& result : results) {
    failures += result.verdict == Verdict::fail ? 1 : 0;
    errors += result.verdict == Verdict::crash || result.verdict == Verdict::timeout ? 1 : 0;
    skipped += result.verdict == Verdict::skip ? 1 : 0;
    seconds += result.seconds;
  }
  return "<" + element + " name=\"" + escaped(name) + "\" tests=\"" + std::to_string(results.size()) +
         "\" failures=\"" + std::to_string(failures) + "\" errors=\"" + std::to_string(errors) +
         "\" skipped=\"" + std::to_string(skipped) + "\" time=\"" + base::fixed(seconds, 3) + "\">\n";
}

}  // namespace

std::string json_of(const Report& report) {
  ordered_json counts = ordered_json::object();
  for (const Verdict verdict : kVerdicts) counts[word_of(verdict)] = report.count(verdict);
  ordered_json content{{"file", report.file},
                       {"id", report.id},
                       {"version", report.version},
                       {"level", sdk::testing::name_of(report.level)},
                       {"seed", report.seed},
                       {"seconds", report.seconds},
                       {"kept", report.kept()},
                       {"counts", counts},
                       {"checks", ordered_json::array()}};
  for (const auto& result : report.results) {
    content["checks"].push_back({{"id", result.check->id},
                                 {"outcome", word_of(result.verdict)},
                                 {"contract", result.check->contract},
                                 {"hint", result.check->hint},
                                 {"reason", result.reason},
                                 {"output", result.output},
                                 {"seconds", result.seconds}});
  }
  return content.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::string junit_of(const Report& report) {
  std::vector<std::pair<std::string, std::vector<Result>>> groups;
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
