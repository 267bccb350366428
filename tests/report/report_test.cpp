// What a run leaves for people: aligned text, all files, the same bytes twice.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <random>

#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/base/text.hpp"
#include "core/report/advice.hpp"
#include "core/report/run_report.hpp"
#include "core/report/taxonomy_report.hpp"
#include "core/report/text_table.hpp"
#include "tests/support/published.hpp"
#include "tests/support/small_table.hpp"
#include "tests/support/testing.hpp"
#include "tests/support/text.hpp"

namespace fs = std::filesystem;
using namespace taskonomy;
using tests::has;

namespace {

/// Removes its folder at the end.
struct Folder {
  fs::path path = fs::temp_directory_path() / ("taskonomy-report-" + std::to_string(std::random_device()()));
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
};

}  // namespace

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

TEST_CASE("a table that is too wide is cut into parts, each with the first column; no word is broken") {
  report::TextTable table("lrrr", 13);
  table.add({"name", "aaaa", "bbbb", "c"});
  table.rule();
  table.add({"x", "1", "22", "3"});
  CHECK(table.text() ==
        "name  aaaa\n----------\nx        1\n\nname  bbbb  c\n-------------\nx       22  3\n");
  const std::string word = "vanishing_point_well_defined";
  report::TextTable wrapped("rw", 20);
  wrapped.add({"1", "normal, " + word});
  CHECK(wrapped.text() == "1  normal,\n   " + word + "\n");
}

TEST_CASE("sentences of a text keep to the width, its tables stay as they are") {
  const report::TextWidth width(20);
  const std::string table = "a  b\n----\n1  2\n";
  CHECK(report::fitted("one two three four five six\n\n" + table) ==
        "one two three four\nfive six\n\n" + table);
  CHECK(report::fitted("* an item of five words here") == "* an item of five\n  words here");
  CHECK(report::fitted("a row   of a table that is too wide") == "a row   of a table that is too wide");
  CHECK(report::fitted("no end").size() == 6);
  CHECK(report::fitted("").empty());
}

TEST_CASE("what the terminal shows stays within 110 letters and marks self and best") {
  const auto published = tests::published();
  taxonomy::Options options;
  options.max_order = 4;
  std::string all =
      report::affinity_text(published) + report::sweep_text(taxonomy::sweep(published, options), {});
  all += report::taxonomy_text(taxonomy::solve(published, 8, options), {});
  all += report::advice_text(taxonomy::sweep(published, options), {});
  all += report::source_check_text({{"depth", 0.924, 0.909, 17000}});
  for (const auto& line : base::split(all, '\n')) CHECK(report::letters(line) <= 110);
  const auto text = report::affinity_text(tests::small_table());
  CHECK(has(text, "[.500]"));
  CHECK(has(text, ".200*"));
  CHECK(has(report::source_check_text({{"a", 0.9, 0.8, 10}, {"b", 1.0, affinity::kUnknown, 10}}), ".950"));
  CHECK(report::share_text(0.85) == ".85");
  CHECK(report::share_text(1.0) == "1.00");
  CHECK(report::share_text(affinity::kUnknown) == "-");
}

TEST_CASE("write_reports leaves all files, the same bytes twice, and says what no budget can do") {
  const Folder folder;
  report::RunResults results;
  results.table = tests::small_table();
  results.prices = {{{"random", 0.0}, {"gone", 3.0}}, {"random"}, "hours"};
  results.importance = {{"gone", 1.0}};
  results.verdicts = {{"depth", analysis::Question::learned, "depth", affinity::kConstant, 0.52, 0.3},
                      {"normal", analysis::Question::learned, "normal", affinity::kConstant, 0.9, 0.001}};
  results.checks = {{"depth", 0.97, 0.95, 0.9, 100}};
  results.omissions.constant_labels = {"layout"};
  const auto summary = report::write_reports(folder.path, results);
  for (const auto* part :
       {"beats constant", "[.500]", "Taxonomy at budget 1 hours", "Use untrained: random", "affinity.svg",
        "did not learn: depth .52", "Nothing to learn: layout: all its training labels are the same"})
    CHECK(has(summary, part));
  std::map<std::string, std::string> before;
  for (const auto& entry : fs::directory_iterator(folder.path))
    before[entry.path().filename()] = base::read_file(entry.path());
  for (const auto* name :
       {"affinity.csv", "affinity.svg", "taxonomy.json", "taxonomy-budget-0.svg", "verdicts.csv"})
    CHECK(before.count(name) == 1);
  CHECK(summary.starts_with("Believe nothing that is said of depth: "));  // its label is what is advised
  CHECK(report::write_reports(folder.path, results) == summary);
  for (const auto& [name, bytes] : before) CHECK(base::read_file(folder.path / name) == bytes);

  const auto json = nlohmann::json::parse(before["taxonomy.json"]);
  REQUIRE(json.size() == 3);  // random alone, one of the two, both
  for (const auto& one : json) {
    CHECK(one["status"] == "optimal");
    CHECK_FALSE(one.contains("seconds"));
  }
  using Chosen = std::vector<std::vector<std::string>>;
  for (const std::string target :
       {"depth", "normal"}) {  // what is drawn of a target: all that some budget takes
    Chosen wanted;
    for (const auto& one : json)
      for (const auto& transfer : one["transfers"]) {
        const auto sources = transfer["sources"].get<std::vector<std::string>>();
        if (transfer["target"] == target && sources != std::vector{target} &&
            std::find(wanted.begin(), wanted.end(), sources) == wanted.end())
          wanted.push_back(sources);
      }
    CHECK(report::read_chosen_transfers(folder.path / "taxonomy.json", target) == wanted);
    CHECK_FALSE(wanted.empty());
  }
  CHECK(affinity::read_affinity(folder.path / "affinity.csv").table.rows.size() == results.table.rows.size());

  results.budgets = {2};
  results.prices.cost["depth"] = results.prices.cost["random"] = 5;
  const auto infeasible = report::write_reports(folder.path, results);
  CHECK(has(infeasible, "Budget 2: no taxonomy serves all 3 targets"));
  CHECK_FALSE(fs::exists(folder.path / "taxonomy-budget-0.svg"));  // of the earlier budgets

  CHECK_THROWS_AS((void)report::write_reports(folder.path, {}), base::Error);
  CHECK_THROWS_AS((void)report::write_reports("/proc/nowhere", results), base::Error);
}

TEST_CASE("what networks started from is written, read back and said in a sentence for each start") {
  const Folder folder;
  CHECK(report::read_starts(folder.path).empty());
  const std::vector<report::StartedNetwork> starts{
      {"source/normal", "normal", "/runs/rooms", true, "", "0a"},
      {"source/segment_semantic", "segment_semantic", "/runs/rooms", false, "its decoder gives 40, here 14",
       "0b"},
      {"source/depth_zbuffer", "depth_zbuffer", "/runs/rooms", true, "", "0c"},
      {"scratch/normal", "normal", "/w, 1.safetensors", false, "", "0d"}};
  report::write_starts(folder.path, starts);
  const auto again = report::read_starts(folder.path);
  REQUIRE(again.size() == 4);
  CHECK(again[1].why == starts[1].why);
  CHECK(again[3].from == starts[3].from);
  CHECK(again[3].weights == "0d");
  CHECK_FALSE(again[1].whole);
  CHECK(report::start_sentences(again) ==
        std::vector<std::string>{
            "normal, depth_zbuffer start from /runs/rooms; segment_semantic from its encoder "
            "alone (its decoder gives 40, here 14)",
            "networks from scratch of normal start from the encoder of /w, 1.safetensors alone"});

  report::RunResults results;
  results.table = tests::small_table();
  CHECK_FALSE(has(report::write_reports(folder.path, results), "did not begin at random"));
  results.starts = report::start_sentences(again);
  CHECK(has(report::write_reports(folder.path, results), "normal, depth_zbuffer start from /runs/rooms"));
  report::write_starts(folder.path, {});
  CHECK_FALSE(fs::exists(folder.path / report::kStartsFile));
}

TEST_CASE("texts are as wide as their terminal while a width holds, and as usual before and afterwards") {
  const auto widest = [] {
    std::string words;
    for (int i = 0; i < 60; ++i) words += "word ";
    std::size_t most = 0;
    for (const auto& line : taskonomy::report::wrap(words)) most = std::max(most, line.size());
    return most;
  };
  const auto usual = widest();
  CHECK((usual > 100 && usual <= taskonomy::report::kTextWidth));
  {
    const taskonomy::report::TextWidth narrow(70);
    CHECK((widest() > 60 && widest() <= 70));
    {
      const taskonomy::report::TextWidth wide(150);
      CHECK((widest() > 140 && widest() <= 150));
    }
    CHECK(widest() <= 70);
  }
  CHECK(widest() == usual);
}
