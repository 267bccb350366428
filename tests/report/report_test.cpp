// What a run leaves for people: well-formed drawings with every name in them, aligned text, the same bytes
// twice.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <random>

#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/base/text.hpp"
#include "core/report/heat_map.hpp"
#include "core/report/run_report.hpp"
#include "core/report/svg.hpp"
#include "core/report/taxonomy_graph.hpp"
#include "core/report/taxonomy_report.hpp"
#include "core/report/text_table.hpp"
#include "tests/support/published.hpp"
#include "tests/support/testing.hpp"
#include "tests/support/text.hpp"

namespace fs = std::filesystem;
using namespace taskonomy;
using tests::count_of;
using tests::has;

namespace {

/// Tasks as a run has them: three targets, random as a source only, one second order.
affinity::AffinityTable table_with(const std::string& third = "normal") {
  return {{{{"depth"}, "depth", 0.5, 0.9, 0.5},
           {{third}, "depth", 0.2, 0.8, 0.4},
           {{"random"}, "depth", 0.05, 0.4, 0.2},
           {{third, "random"}, "depth", 0.25, 0.85, 0.45},
           {{third}, third, 0.7, 0.9, 0.5},
           {{"depth"}, third, 0.2, 0.7, 0.3},
           {{"random"}, third, 0.1},
           {{"depth"}, "edges", 0.3, 0.6, 0.3},
           {{"random"}, "edges", 0.3, 0.5, 0.25},
           {{"depth", "random"}, "edges", 0.4, 0.6, 0.4}}};
}

/// Tags nest, attributes are quoted, ampersands begin entities: enough of XML for what is drawn here.
bool well_formed(const std::string& xml) {
  std::vector<std::string> open;
  for (std::size_t at = xml.find('<'); at != std::string::npos; at = xml.find('<', at)) {
    if (xml.compare(at, 4, "<!--") == 0) {
      at = xml.find("-->", at);
      continue;
    }
    const std::size_t end = xml.find('>', at);
    if (end == std::string::npos) return false;
    const std::string tag = xml.substr(at + 1, end - at - 1);
    at = end;
    if (tag[0] == '?' || tag[0] == '!') continue;
    if (count_of(tag, "\"") % 2 != 0 || has(tag, "<")) return false;
    const std::string name =
        tag.substr(tag[0] == '/' ? 1 : 0, tag.find_first_of(" \n/", 1) - (tag[0] == '/' ? 1 : 0));
    if (tag[0] == '/') {
      if (open.empty() || open.back() != name) return false;
      open.pop_back();
    } else if (tag.back() != '/') {
      open.push_back(name);
    }
  }
  for (std::size_t at = xml.find('&'); at != std::string::npos; at = xml.find('&', at + 1)) {
    const std::size_t end = xml.find(';', at);
    if (end == std::string::npos || end - at > 8) return false;
  }
  return open.empty();
}

/// Removes its folder at the end.
struct Folder {
  fs::path path = fs::temp_directory_path() / ("taskonomy-report-" + std::to_string(std::random_device()()));
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
};

const std::string kNasty = "a<b>&\"c\\N'";

}  // namespace

TEST_CASE("XML text is escaped, also where it is no text at all") {
  CHECK(report::xml_escaped("a<b>&\"c'") == "a&lt;b&gt;&amp;&quot;c'");
  CHECK(report::xml_escaped("größe\x01\xff\xc3") == "größe??");
  CHECK(report::blue_scale(0) == "#f7fbff");
  CHECK(report::blue_scale(1) == "#08306b");
  CHECK(report::blue_scale(7) == report::blue_scale(1));
}

TEST_CASE("the heat map shows every number and name; strange names cannot break it") {
  const auto svg = report::heat_map_svg(table_with());
  CHECK(well_formed(svg));
  for (const auto* text : {">50.0<", ">20.0<", ">5.0<", ">70.0<", ">30.0<", ">edges<", ">random<", ">–<"}) {
    CHECK(has(svg, text));
  }
  CHECK(well_formed(report::heat_map_svg(table_with(kNasty))));
  CHECK(has(report::heat_map_svg(table_with(kNasty)), "a&lt;b&gt;&amp;&quot;c\\N'"));
  CHECK(well_formed(report::heat_map_svg({})));
}

TEST_CASE("the graph shows sources as boxes and joins higher orders in one dot") {
  taxonomy::Options options;
  options.cost["random"] = 0;
  const auto found = taxonomy::solve(table_with(), 1, options);
  CHECK(found.sources == std::vector<std::string>{"normal", "random"});
  for (const auto& name : {std::string("normal"), kNasty}) {
    const auto answer = taxonomy::solve(table_with(name), 1, options);
    const auto svg = report::taxonomy_svg(answer);
    CHECK(well_formed(svg));
    CHECK(has(svg, name == kNasty ? "a&lt;b&gt;&amp;&quot;c\\N&#39;" : name));
    CHECK(has(svg, "stroke-dasharray"));  // random serves only as a source
    CHECK(has(svg, "budget 1"));
    CHECK(report::taxonomy_svg(answer) == svg);
  }
  // One dot for depth <- normal + random and edges <- random alone: the first colour is used, the second is
  // not.
  CHECK(has(report::taxonomy_svg(found), "#0072b2"));
  CHECK_FALSE(has(report::taxonomy_svg(found), "#d55e00"));
  CHECK(well_formed(report::taxonomy_svg(taxonomy::solve(table_with(), 9, options))));
}

TEST_CASE("text tables align UTF-8, wrap the wide column, end no line in blanks") {
  report::TextTable table("lwr", 30);
  table.add({"größe", "one two three four five six", "1"});
  table.rule();
  table.add({"x", "a", "22"});
  const auto lines = base::split(table.text(), '\n');
  REQUIRE(lines.size() == 5);
  CHECK(lines[0] == "größe  one two three four    1");
  CHECK(lines[1] == "       five six");
  CHECK(lines[2] == std::string(30, '-'));
  CHECK(lines[3] == "x      a                    22");
}

TEST_CASE("what the terminal shows stays within 110 letters and marks self and best") {
  const auto published = tests::published();
  taxonomy::Options options;
  options.max_order = 4;
  std::string all =
      report::affinity_text(published) + report::sweep_text(taxonomy::sweep(published, options));
  all += report::taxonomy_text(taxonomy::solve(published, 8, options));
  all += report::source_check_text({{"depth", 0.924, 0.909, 17000}});
  for (const auto& line : base::split(all, '\n')) CHECK(report::letters(line) <= 110);
  const auto text = report::affinity_text(table_with());
  CHECK(has(text, "[50.0]"));
  CHECK(has(text, "20.0*"));
  CHECK(has(report::source_check_text({{"a", 0.9, 0.8, 10}, {"b", 1.0, affinity::kUnknown, 10}}), "95.0"));
  CHECK(report::share_text(0.85) == ".85");
  CHECK(report::share_text(1.0) == "1.00");
  CHECK(report::share_text(affinity::kUnknown) == "-");
}

TEST_CASE("write_reports leaves all files, the same bytes twice, and says what no budget can do") {
  const Folder folder;
  report::RunResults results{table_with(), {{"random", 0.0}, {"gone", 3.0}}, {{"gone", 1.0}}, {}, {}};
  results.checks = {{"depth", 0.95, 0.9, 100}};
  const auto summary = report::write_reports(folder.path, results);
  for (const auto* part : {"beats constant guess", "[50.0]", "Taxonomy at budget 1", "affinity.svg"})
    CHECK(has(summary, part));
  std::map<std::string, std::string> before;
  for (const auto& entry : fs::directory_iterator(folder.path))
    before[entry.path().filename()] = base::read_file(entry.path());
  for (const auto* name : {"affinity.csv", "affinity.svg", "taxonomy.json", "taxonomy-budget-0.svg"})
    CHECK(before.count(name) == 1);
  CHECK(report::write_reports(folder.path, results) == summary);
  for (const auto& [name, bytes] : before) CHECK(base::read_file(folder.path / name) == bytes);

  const auto json = nlohmann::json::parse(before["taxonomy.json"]);
  REQUIRE(json.size() == 3);  // random alone, one of the two, both
  for (const auto& one : json) {
    CHECK(one["status"] == "optimal");
    CHECK_FALSE(one.contains("seconds"));
  }
  CHECK(affinity::read_affinity(folder.path / "affinity.csv").table.rows.size() == results.table.rows.size());

  results.budgets = {2};
  results.label_cost["depth"] = results.label_cost["random"] = 5;
  const auto infeasible = report::write_reports(folder.path, results);
  CHECK(has(infeasible, "Budget 2: no taxonomy serves all 3 targets"));
  CHECK_FALSE(fs::exists(folder.path / "taxonomy-budget-0.svg"));  // of the earlier budgets

  CHECK_THROWS_AS((void)report::write_reports(folder.path, {}), base::Error);
  CHECK_THROWS_AS((void)report::write_reports("/proc/nowhere", results), base::Error);
}
