// Reports: what a person reads, what a program reads; words of plugins are data, never markup.
#include <nlohmann/json.hpp>

#include <string>

#include "core/base/error.hpp"
#include "core/checks/check_report.hpp"
#include "tests/checks/checked.hpp"
#include "tests/support/testing.hpp"
#include "tests/support/text.hpp"

using namespace taskonomy;
using namespace taskonomy::tests;
using checks::CheckReport;
using checks::Level;
using checks::PluginCheck;
using checks::Verdict;

namespace {

using taskonomy::tests::has;

const PluginCheck kLabel{"label.shape", "The label has a shape.", "give it one", Level::quick, {}, nullptr};
const PluginCheck kLoss{"loss.finite", "The loss is <finite>.", "mask & count", Level::quick, {}, nullptr};
const PluginCheck kBatch{"loss.batch", "One loss an image.", "keep the first dimension", Level::quick, {},
                         nullptr};
const PluginCheck kSpeed{"loss.speed", "It ends.", "stop \"it\"", Level::full, {}, nullptr};
const PluginCheck kMask{"loss.mask", "Masked means masked.", "use where()", Level::full, {}, nullptr};

CheckReport report_of_all_kinds() {
  CheckReport report;
  report.file = "/plugins/taskonomy_task_mine.so";
  report.id = "mine";
  report.version = "1.2";
  report.seconds = 1.25;
  report.results = {{&kLabel, Verdict::pass, "", "", 0.1},
                    {&kLoss, Verdict::fail, "NaN & <inf> in \x01 \xff", "", 0.2},
                    {&kBatch, Verdict::crash, "crashed with SIGSEGV", "before it\nthe end", 0.3},
                    {&kSpeed, Verdict::timeout, "did not end", "", 2.0},
                    {&kMask, Verdict::skip, "it has none", "", 0.0}};
  return report;
}

}  // namespace

TEST_CASE("kept is what has neither failed nor crashed nor hung") {
  CheckReport report = report_of_all_kinds();
  CHECK_FALSE(report.kept());
  CHECK(report.count(Verdict::fail) == 1);
  report.results = {{&kLabel, Verdict::warn, "", "", 0.1}, {&kMask, Verdict::skip, "", "", 0.0}};
  CHECK(report.kept());
}

TEST_CASE("a group of which nothing could be tried is not checked, and not broken") {
  CheckReport report = report_of_all_kinds();
  report.results = {{&kLabel, Verdict::unchecked, "no samples", "", 0.1},
                    {&kLoss, Verdict::unchecked, "label.shape could not be tried", "", 0.0, false},
                    {&kBatch, Verdict::pass, "", "", 0.1}};
  CHECK(report.kept());
  CHECK(report.unchecked_groups() == Texts{"label"});
  CHECK(has(checks::TextReport(false).tail(report), "not checked: label\n"));
  CHECK(nlohmann::json::parse(checks::json_of(report))["unchecked"] == nlohmann::json::array({"label"}));
  CHECK(has(checks::junit_of(report), "<skipped message=\"no samples\"/>"));
}

TEST_CASE("JSON holds everything, whatever bytes a plugin says") {
  const auto content = nlohmann::json::parse(checks::json_of(report_of_all_kinds()));
  CHECK(content["id"] == "mine");
  CHECK(content["kept"] == false);
  CHECK(content["counts"]["crash"] == 1);
  CHECK(content["counts"]["warn"] == 0);
  REQUIRE(content["checks"].size() == 5);
  CHECK(content["checks"][3]["outcome"] == "timeout");
  CHECK(content["checks"][2]["output"] == "before it\nthe end");
  CHECK(content["checks"][1]["hint"] == "mask & count");
}

TEST_CASE("JUnit counts per group, escapes, and tells failures from errors") {
  const std::string xml = checks::junit_of(report_of_all_kinds());
  CHECK(has(xml, "<testsuites name=\"mine\" tests=\"5\" failures=\"1\" errors=\"2\" skipped=\"1\""));
  CHECK(
      has(xml,
          "<testsuite name=\"label\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\" time=\"0.100\">"));
  CHECK(has(xml, "<testcase classname=\"mine.loss\" name=\"finite\""));
  CHECK(has(xml, "message=\"NaN &amp; &lt;inf&gt; in ? \xef\xbf\xbd\""));
  CHECK(has(xml, "hint: stop &quot;it&quot;"));
  CHECK(has(xml, "<error type=\"crash\""));
  CHECK(has(xml, "<error type=\"timeout\""));
  CHECK(has(xml, "<skipped message=\"it has none\"/>"));
  CHECK(count_of(xml, "<testsuite ") == count_of(xml, "</testsuite>"));
  CHECK(count_of(xml, "\x01") == 0);
}

TEST_CASE(
    "text: a line a check, with must, hint and the command where it is not kept; colour only when asked") {
  const checks::CheckedPlugin plugin(fixture_file("fixture_good"));
  const CheckReport report = report_of_all_kinds();
  checks::TextReport plain(false), coloured(true);
  std::string text = plain.head(plugin, Level::full, 7);
  for (const auto& result : report.results) text += plain.line(plugin, result);
  text += plain.tail(report);
  CHECK(has(text, "taskonomy_task_fixture_good.so: task \"fixture_good\""));
  CHECK(has(text, "PASS       label.shape"));
  CHECK(has(text, "TIMEOUT    loss.speed"));
  CHECK(has(text, "hint   mask & count"));
  CHECK(has(text, "said   the end"));
  CHECK(has(text, "--only loss.batch --in-process"));
  CHECK(has(text, "5 checks: 1 pass, 1 fail, 1 skip, 1 crash, 1 timeout; 1.2 s"));
  CHECK_FALSE(has(text, "\x1b"));
  CHECK(has(coloured.line(plugin, report.results[0]), "\x1b[32mPASS"));
}

TEST_CASE("text: what was not tried is one line, not fifty") {
  const checks::CheckedPlugin plugin(fixture_file("fixture_good"));
  CheckReport report;
  for (const PluginCheck* check : {&kLabel, &kLoss, &kBatch})
    report.results.push_back({check, Verdict::skip, "file.elf did not pass", "", 0.0, false});
  checks::TextReport text(false);
  for (const auto& result : report.results) CHECK(text.line(plugin, result).empty());
  CHECK(has(text.tail(report), "not tried, because file.elf did not pass: 3 checks\n3 checks: 3 skip"));
}

TEST_CASE("only: an id whatever its level, a group of the level, what they need where it fails") {
  checks::CheckOptions options;
  options.level = Level::quick;
  options.only = {"load.gives_back"};  // of level full
  const auto one = checked(fixture_file("fixture_good"), options);
  REQUIRE(one.results.size() == 1);
  CHECK(one.results.front().verdict == Verdict::pass);
  options.only = {"load"};
  for (const auto& result : checked(fixture_file("fixture_good"), options).results) {
    CHECK(checks::group_of(result.check->id) == "load");
    CHECK(result.check->level == Level::quick);
  }
  options.only = {"manners.cwd"};
  const auto failed = checked(fixture_file("fixture_constructor"), options);
  CHECK(bad_of(failed) == Texts{"FAIL load.creates"});
  CHECK(result_of(failed, "load.creates").reason.find("needs a licence file") != std::string::npos);
  CHECK(result_of(failed, "manners.cwd").verdict == Verdict::skip);
  options.only = {"manners.cdw"};
  CHECK_THROWS_WITH_AS(checked(fixture_file("fixture_good"), options), doctest::Contains("\"manners.cwd\"?"),
                       base::Error);
}
