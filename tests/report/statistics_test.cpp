// Statistics as text, JSON and CSV tell the same; the tree's drawing is sound.
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "core/base/csv.hpp"
#include "core/base/text.hpp"
#include "core/report/statistics_report.hpp"
#include "core/report/tree_svg.hpp"
#include "tests/support/svg.hpp"
#include "tests/support/testing.hpp"
#include "tests/support/text.hpp"

using namespace taskonomy;

namespace {

/// Two targets on ten images of five rooms, names that want quoting.
std::vector<affinity::LossTable> small_losses() {
  std::vector<affinity::LossTable> tables;
  for (const std::string target : {"a,b", "c"}) {
    affinity::LossTable table{target, {}, {}, {}};
    for (int n = 0; n < 10; ++n)
      table.images.push_back("room-" + std::to_string(n / 2) + "/single_" + std::to_string(n % 2));
    const std::string other = target == "c" ? "a,b" : "c";
    table.add(target, {1, 1, 1, 1, 1, 1, 1, 3, 3, 3});
    table.add(affinity::kScratch, {3, 3, 3, 3, 3, 3, 3, 3, 3, 1});
    table.add(other, {2, 2, 2, 2, 2, 2, 2, 2, 2, 4});
    table.add("free", {4, 4, 4, 4, 4, 4, 4, 4, 1, 2});
    tables.push_back(table);
  }
  return tables;
}

analysis::Statistics small_statistics(bool of_run) {
  affinity::AffinityTable table;
  for (const auto& losses : small_losses()) {
    const auto rows = affinity::affinity_of(losses);
    table.rows.insert(table.rows.end(), rows.begin(), rows.end());
  }
  taxonomy::Options options;
  options.cost["free"] = 0.0;
  analysis::StatisticsOptions how;
  how.bootstrap.replicates = 50;
  how.random_taxonomies = 20;
  return analysis::statistics_of(table, of_run ? small_losses() : std::vector<affinity::LossTable>{}, options,
                                 how);
}

analysis::TaskTree small_tree() {
  analysis::Distances distances{{"a<b>", "b", "c"}, Eigen::MatrixXd::Zero(3, 3)};
  distances.between << 0, 1, 4, 1, 0, 4, 4, 4, 0;
  return analysis::agglomerate(distances, analysis::Linkage::average);
}

}  // namespace

TEST_CASE("JSON and CSV hold the same figures") {
  const auto statistics = small_statistics(true);
  const auto json = nlohmann::json::parse(report::to_json(statistics));
  const auto records = base::parse_csv(report::to_csv(statistics), "csv");
  CHECK(base::join(records.front().cells, ",") ==
        "statistic,budget,order,target,sources,versus,figure,value,low,high,judge");
  std::map<std::string, std::size_t> lines;
  for (const auto& record : records) {
    REQUIRE(record.cells.size() == 11);
    ++lines[record.cells[0]];
  }
  CHECK(lines["transfer"] == 3 * json["bootstrap"]["transfers"].size());
  CHECK(lines["pair"] == 3 * json["pairs"].size());
  CHECK(lines["optimum"] == 5 * json["judgement"]["budgets"].size());
  CHECK(json["judgement"]["judge"] == "paper");  // a half of ten images is too small
  CHECK(json["judgement"]["reason"].get<std::string>().find("halves need 30") != std::string::npos);
  CHECK(lines["best"] == 3 * 2);     // one other transfer a target: self stands aside
  CHECK(json["pairs"].size() == 6);  // three competitors a target
  CHECK(lines["strength"] == 2 * 2 * 3);
  CHECK(lines["random"] == 8 * json["significance"].size());
  const auto& row = json["bootstrap"]["transfers"][1];
  for (const auto& record : records) {
    const auto& cells = record.cells;
    if (cells[0] != "transfer" || cells[3] != row["target"] || cells[4] != row["sources"][0] ||
        cells[6] != "gain")
      continue;
    CHECK(cells[7] == base::number(row["gain"]["estimate"].get<double>()));
    CHECK(cells[8] == base::number(row["gain"]["low"].get<double>()));
  }
  CHECK(row["gain"]["estimate"] == doctest::Approx(0.9));  // nine wins and a loss against scratch
  CHECK(json["bootstrap"]["block"] == "image");
  CHECK(json["significance"][0]["gain"]["random"].size() == 20);
}

TEST_CASE("the text has every section of a run, and says what a bare table lacks") {
  const std::string run = report::statistics_text(small_statistics(true));
  for (const char* heading : {"more than luck", "How sure is it?", "Which transfers differ?",
                              "have an order?", "more sources in one transfer", "views of 5 scenes"})
    CHECK(run.find(heading) != std::string::npos);
  CHECK(run.find("the paper's way") != std::string::npos);
  CHECK(run.find("halves need 30") != std::string::npos);
  CHECK(run.find("Saaty") == std::string::npos);
  const std::string table = report::statistics_text(small_statistics(false));
  CHECK(table.find("How sure is it?") == std::string::npos);
  CHECK(table.find("need the losses of a run") != std::string::npos);
  const auto json = nlohmann::json::parse(report::to_json(small_statistics(false)));
  CHECK(json.count("bootstrap") == 0);
  CHECK(json["significance"].size() == small_statistics(false).significance.size());
}

TEST_CASE("a comparison in three forms") {
  const affinity::AffinityTable a{
      {{{"x"}, "t", 0.1}, {{"y"}, "t", 0.2}, {{"z"}, "t", 0.3}, {{"x"}, "u", 0.3}}};
  const auto comparison = analysis::compare(a, a);
  const auto json = nlohmann::json::parse(report::to_json(comparison));
  CHECK(json["spearman"]["estimate"] == 1.0);
  CHECK(json["spearman"]["low"].is_null());  // one target alone has no interval
  CHECK(json["targets"][0]["best_in_b"] == "z");
  const auto records = base::parse_csv(report::to_csv(comparison), "csv");
  REQUIRE(records.size() == 4);
  for (const auto& record : records) CHECK(record.cells.size() == 10);
  CHECK(records[1].cells[1] == "3");
  CHECK(records[3].cells[0] == "mean");
  CHECK(report::comparison_text(comparison).find("100.0 % of the targets") != std::string::npos);
}

TEST_CASE("the tree as a picture: every task once, escaped, one colour a cluster; as JSON with its Newick") {
  const std::string svg = report::svg_file(report::tree_drawing(small_tree(), 2));
  CHECK(tests::well_formed(svg));
  CHECK(tests::overlaps(svg, "name").empty());
  CHECK(svg.find("a<b>") == std::string::npos);
  std::multiset<std::string> names;
  std::map<std::string, std::set<std::string>> colours;  // of dots and branches
  for (const auto& one : tests::svg_elements(svg)) {
    if (one.is("name")) names.insert(one.text);
    if (one.tag == "circle" || one.is("branch")) colours[one.tag].insert(one.attribute("class"));
  }
  CHECK(names == std::multiset<std::string>{"a&lt;b&gt;", "b", "c"});
  CHECK(colours["circle"] == std::set<std::string>{"fill-c0", "fill-c1"});
  CHECK(colours["path"].size() ==
        2);  // of the joint above, and the cluster of two; one leaf hangs on the joint
  CHECK_FALSE(tests::has(report::tree_drawing(small_tree(), 1).body, "fill-c1"));
  const auto json = nlohmann::json::parse(report::to_json(small_tree(), 2));
  CHECK(json["newick"] == "(c:4,('a<b>':1,b:1):3);");
  CHECK(json["merges"][1]["tasks"] == 3);
  CHECK(json["clusters"].size() == 2);
  CHECK(report::tree_text(small_tree(), 2).find("cophenetic correlation 1.00") != std::string::npos);
}
