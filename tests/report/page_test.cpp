// The report's page without a browser: its data says what the table says, every optimum is there, and no name
// can break out of its place.
#include <cmath>
#include <nlohmann/json.hpp>
#include <random>

#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/report/page.hpp"
#include "core/report/page_data.hpp"
#include "core/report/page_pictures.hpp"
#include "core/report/page_titles.hpp"
#include "core/report/source_results.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/testing.hpp"
#include "tests/support/text.hpp"

using namespace taskonomy;
using nlohmann::json;
using tests::count_of;

namespace {

const std::string kMarkup = "</script><script>alert(1)</script><!--<b>&\"'";

/// Three targets, a source-only task, one second order; the third task's name is given.
report::PageContent content_with(const std::string& third = "normal") {
  report::PageContent content;
  content.title = "run of " + third;
  content.table.rows = {{{"depth"}, "depth", 0.5, 0.9, 0.5},
                        {{third}, "depth", 0.2, 0.8, 0.4},
                        {{"random"}, "depth", 0.05, 0.4, 0.2},
                        {{third, "random"}, "depth", 0.25, 0.85, 0.45},
                        {{third}, third, 0.7, 0.9, 0.5},
                        {{"depth"}, third, 0.2, 0.7, 0.3},
                        {{"random"}, third, 0.1}};
  content.prices.cost = {{"random", 0.0}};
  return content;
}

json data_of(const report::PageContent& content) {
  const auto optima = report::with_titles(
      report::solve_all(content.table, content.prices.cost, content.importance), content.texts);
  const auto titled = report::with_titles(content);
  return json::parse(report::page_json(titled, optima, report::tree_of(titled.table)));
}

}  // namespace

TEST_CASE("the page's rows are the table's") {
  const auto content = content_with();
  const auto data = data_of(content);
  const auto& rows = data["rows"];
  REQUIRE(rows["target"].size() == content.table.rows.size());
  for (std::size_t r = 0; r < content.table.rows.size(); ++r) {
    const auto& row = content.table.rows[r];
    CHECK(data["tasks"][rows["target"][r].get<std::size_t>()] == row.target);
    std::vector<std::string> sources;
    for (const auto& source : rows["sources"][r]) sources.push_back(data["tasks"][source.get<std::size_t>()]);
    CHECK(sources == row.sources);
    CHECK(rows["affinity"][r].get<double>() == row.affinity);
    CHECK(rows["gain"][r].is_null() == std::isnan(row.gain));
  }
  CHECK(data["cost"] == json::array({1.0, 1.0, 0.0}));  // depth, normal, random
}

TEST_CASE("for every preset, order and budget the page has the solver's own optimum") {
  const auto content = content_with();
  const auto data = data_of(content);
  REQUIRE(data["presets"].size() == 1 + content.table.targets().size());
  for (const auto& preset : data["presets"]) {
    taxonomy::Options options;
    options.cost = content.prices.cost;
    if (!preset["favoured"].is_null())
      options.importance[data["tasks"][preset["favoured"].get<std::size_t>()]] = report::kFavour;
    REQUIRE(preset["fronts"].size() == 2);
    for (const auto& front : preset["fronts"]) {
      options.max_order = front["order"];
      for (const auto& optimum : front["optima"]) {
        const auto best = taxonomy::solve(content.table, optimum[0], options);
        CHECK(optimum[1].get<double>() == doctest::Approx(best.cost));
        CHECK(optimum[2].get<double>() == doctest::Approx(best.objective));
        CHECK(optimum[3] == true);
        double objective = 0.0;  // of the rows that the page draws
        for (const std::size_t row : optimum[4]) {
          const auto weight = options.importance.find(content.table.rows[row].target);
          objective +=
              content.table.rows[row].affinity * (weight == options.importance.end() ? 1.0 : weight->second);
        }
        CHECK(objective == doctest::Approx(best.objective));
      }
    }
  }
}

TEST_CASE("an order at which a target cannot be served is left out and named") {
  report::PageContent content;
  content.table.rows = {{{"a", "b"}, "t", 1.0}, {{"a"}, "u", 1.0}};
  const auto data = data_of(content);
  REQUIRE(data["presets"].size() == 3);
  for (const auto& preset : data["presets"]) {
    REQUIRE(preset["fronts"].size() == 1);
    CHECK(preset["fronts"][0]["order"] == 2);
  }
  REQUIRE(data["missing"].size() == 1);
  CHECK(data["missing"][0].get<std::string>().find("\"t\"") != std::string::npos);
}

TEST_CASE("no name ends the page's data, its title or its text") {
  auto content = content_with(kMarkup);
  content.missing = {kMarkup};
  content.recipe = kMarkup;
  content.pictures = {{kMarkup, {{kMarkup, "png", "", ""}}}};
  const auto page = report::page(content);
  const auto plain = report::page(content_with());
  CHECK(page.find("alert(1)</script>") == std::string::npos);
  CHECK(count_of(page, "<script") == count_of(plain, "<script"));
  CHECK(count_of(page, "</script") == count_of(plain, "</script"));
  CHECK(count_of(page, "<!--") == count_of(plain, "<!--"));
  CHECK(page.find("<title>run of &lt;/script&gt;") != std::string::npos);
  CHECK(page.find("<h1>run of &lt;/script&gt;") != std::string::npos);
  CHECK(data_of(content)["missing"][0] == kMarkup);  // and yet the page's scripts read the very name
}

TEST_CASE("the page holds the program's drawings: what is shown first is there without its scripts") {
  auto content = content_with();
  for (const std::string source : {"depth", "normal", "random"})
    content.table.rows.push_back(
        {{source}, "edges", 0.3});  // a target in common: without one there is no tree
  const auto page = report::page(content);
  for (const char* drawing : {"graph wide", "graph narrow", "heat-map", "task-tree wide", "task-tree narrow"})
    CHECK_MESSAGE(count_of(page, std::string("<svg class=\"drawing ") + drawing + "\"") == 1, drawing);
  CHECK(count_of(report::page({}), "<svg class=\"drawing") == 0);
  const auto start = data_of(content_with())["start"];
  CHECK(start["front"] == 1);
  CHECK(start["optimum"] == 2);  // where labels stop paying
}

TEST_CASE(
    "tasks are called by their titles, and the optima stay those that the solver finds under their ids") {
  auto content = content_with();
  content.pictures = {{"normal", {{"i", "", "", "", "", {{"depth+normal", "png"}}}}}};
  content.metrics = {{"normal", "depth+normal", "rmse", "m", false, 0.5}};
  const auto before = data_of(content);
  content.texts = {
      {"depth", "Zbuffer depth", "3D"}, {"normal", "Surface normals", "3D"}, {"edges", "", "2D"}};
  const auto data = data_of(content);
  const std::map<std::string, std::string> title{{"depth", "Zbuffer depth"}, {"normal", "Surface normals"}};
  REQUIRE(data["tasks"].size() == before["tasks"].size());
  for (std::size_t k = 0; k < data["tasks"].size(); ++k) {
    const std::string id = data["ids"][k];
    CHECK(data["tasks"][k] == (title.count(id) > 0 ? title.at(id) : id));
  }
  for (std::size_t k = 0; k < before["presets"][0]["fronts"].size(); ++k) {
    const auto& fronts = data["presets"][0]["fronts"];
    CHECK(fronts[k] == before["presets"][0]["fronts"][k]);  // rows by number: the same transfers
  }
  CHECK(data["pictures"][0]["task"] == "Surface normals");
  CHECK(data["pictures"][0]["pictures"][0]["transfers"].contains("Zbuffer depth+Surface normals"));
  CHECK(data["metrics"][0]["values"][0][0] == "Zbuffer depth+Surface normals");

  content.texts[1].title = "Zbuffer depth";  // two tasks of one title keep their ids
  CHECK(data_of(content)["tasks"] == before["tasks"]);
}

TEST_CASE("names that are no UTF-8 are replaced, UTF-8 stays") {
  CHECK(data_of(content_with("größe"))["tasks"][1] == "größe");
  CHECK(data_of(content_with("\xff"))["tasks"][2] == "\xEF\xBF\xBD");
}

TEST_CASE("the page asks for nothing from anywhere") {
  const auto page = report::page(content_with());
  CHECK(page.find("default-src 'none'") != std::string::npos);
  for (const auto* outside : {"<link", "src=\"http", "@import", "url(http", "<iframe"})
    CHECK_MESSAGE(page.find(outside) == std::string::npos, outside);
  CHECK(page.size() < 1000000);
  CHECK(page == report::page(content_with()));
  CHECK(page.find("Observable") != std::string::npos);
  CHECK(page.find("Permission to use, copy, modify") != std::string::npos);  // licences travel with the code
}

TEST_CASE("without any affinity the page still shows what is there") {
  report::PageContent content;
  content.title = "half done";
  content.missing = {"affinity: 0 of 3 jobs are done."};
  content.checks = {{"normal", 0.95, 0.9, std::nan(""), 40}};
  const auto data = data_of(content);
  CHECK(data["presets"].empty());
  CHECK(data["tree"].is_null());
  CHECK(data["checks"][0]["beats_average"] == 0.95);
  CHECK(data["checks"][0]["beats_random"].is_null());
  CHECK(report::page(content).find("half done") != std::string::npos);
}

TEST_CASE("transfers with other numbers of labels are rows of their own, and every optimum finds its own") {
  report::PageContent content;
  for (const double labels : {1000.0, 16000.0})
    content.table.rows.push_back({{"a"}, "t", labels / 20000.0, 0.6, 0.4, labels});
  content.table.rows.push_back({{"a"}, "a", 1.0});
  const auto data = data_of(content);
  CHECK(data["rows"]["labels"] == json::array({1000.0, 16000.0, nullptr}));
  const auto& optima = data["presets"][0]["fronts"][0]["optima"];
  CHECK(optima.back()[4] == json::array({1, 2}));  // labels have no price on the page: the more the better
}

TEST_CASE("metrics stand grouped, target by target, and read back as they were written") {
  const std::vector<report::MetricRow> rows{{"t,\"x\"", "t,\"x\"", "rmse", "m", false, 0.25},
                                            {"t,\"x\"", "a+b", "rmse", "m", false, std::nan("")},
                                            {"t,\"x\"", "(scratch)", "iou", "", true, 0.5},
                                            {"u", "u", "iou", "", true, std::nan(""), "measure: no, luck"}};
  const tests::Folder folder;
  base::write_file(folder / "metrics.csv", report::metrics_csv(rows));
  const auto read = report::read_metrics(folder / "metrics.csv");
  REQUIRE(read.size() == rows.size());
  CHECK(report::metrics_csv(read) == report::metrics_csv(rows));
  auto content = content_with();
  content.metrics = read;
  const auto groups = data_of(content)["metrics"];
  CHECK(report::metrics_csv(rows).ends_with("u,u,iou,,higher,\"not available: measure: no, luck\"\n"));
  CHECK(report::metrics_text(rows).ends_with("metrics of u are not available: measure: no, luck\n"));
  REQUIRE(groups.size() == 3);
  CHECK(groups[2]["values"] == json::array({{"u", nullptr}}));
  CHECK(groups[0]["values"] == json::array({{rows[0].target, 0.25}, {"a+b", nullptr}}));
  CHECK(groups[1]["higher"] == true);

  for (const std::string line : {"t,t,rmse,m,better,1", "t,t,rmse,m,lower,1x", "t,t,rmse,m,lower,nan",
                                 "t,t,rmse,m,lower", "t,t,rmse,m,lower,not available: "}) {
    base::write_file(folder / "bad.csv", "target,competitor,metric,unit,better,value\n" + line + "\n");
    CHECK_THROWS_WITH_AS((void)report::read_metrics(folder / "bad.csv"), doctest::Contains("bad.csv:2"),
                         base::Error);
  }
}

TEST_CASE("the page's random taxonomies are those of the analysis, and none where none were drawn") {
  auto content = content_with();
  CHECK(data_of(content)["significance"].is_null());
  std::vector<std::string> notes;
  taxonomy::Options options;
  options.cost = content.prices.cost;
  content.significance = analysis::significance_by_budget(analysis::judge_as_paper(content.table, options),
                                                          options, 50, 1, notes);
  REQUIRE_FALSE(content.significance.empty());
  const auto data = data_of(content)["significance"];
  CHECK(data["count"] == 50);
  REQUIRE(data["budgets"].size() == content.significance.size());
  for (std::size_t b = 0; b < content.significance.size(); ++b) {
    CHECK(data["budgets"][b]["budget"] == content.significance[b].budget);
    CHECK(data["budgets"][b]["gain"][1].get<double>() == content.significance[b].gain.mean);
    CHECK(data["budgets"][b]["gain"][3].get<double>() == content.significance[b].gain.p);
  }
}

TEST_CASE("the page has what judged the optima, and how") {
  auto content = content_with();
  CHECK(data_of(content)["judgement"].is_null());
  taxonomy::Options options;
  options.cost = content.prices.cost;
  content.judgement = analysis::judge_as_paper(content.table, options, "a reason");
  const auto data = data_of(content)["judgement"];
  CHECK(data["judge"] == "paper");
  CHECK(data["text"].get<std::string>().find("a reason") != std::string::npos);
  REQUIRE(data["budgets"].size() == content.judgement->budgets.size());
  CHECK(data["budgets"][0]["mean_gain"]["low"].is_null());
}

TEST_CASE("base 64 is that of RFC 4648, section 10") {
  CHECK(report::base64("").empty());
  CHECK(report::base64("f") == "Zg==");
  CHECK(report::base64("fo") == "Zm8=");
  CHECK(report::base64("foo") == "Zm9v");
  CHECK(report::base64("foobar") == "Zm9vYmFy");
  CHECK(report::base64(std::string("\xff\x00\xfe", 3)) == "/wD+");
}

TEST_CASE("verdicts of an earlier version, which did not say what judged them, are told from damaged ones") {
  const tests::Folder folder;
  base::write_file(folder / "old.csv",
                   "target,question,subject,reference,win_rate,p\nd,learned,d,(constant),1,0\n");
  CHECK_FALSE(report::read_verdicts(folder / "old.csv").has_value());
  base::write_file(folder / "new.csv",
                   "target,question,subject,reference,win_rate,p,judge\nd,learned,d,(constant),1,0,paper\n");
  REQUIRE(report::read_verdicts(folder / "new.csv").has_value());
  CHECK(report::read_verdicts(folder / "new.csv")->front().target == "d");
  base::write_file(folder / "bad.csv", "target,judge\n");
  CHECK_THROWS_AS((void)report::read_verdicts(folder / "bad.csv"), base::Error);
}

TEST_CASE("Table 1 and pictures read back as they were written") {
  const tests::Folder folder;
  const std::vector<analysis::SourceCheck> checks{{"a,\"b\"", 0.75, 0.25, std::nan(""), 7},
                                                  {"c", 1.0, 1.0, 0.5, 0}};
  base::write_file(folder / "t.csv", report::table_one_csv(checks));
  const auto read = report::read_table_one(folder / "t.csv");
  REQUIRE(read.size() == 2);
  CHECK(read[0].task == "a,\"b\"");
  CHECK(read[0].beats_average == 0.75);
  CHECK(read[0].beats_constant == 0.25);
  CHECK(std::isnan(read[0].beats_random));
  CHECK(read[0].images == 7);
  // What an earlier version wrote.
  base::write_file(folder / "old.csv", "task,beats_constant,beats_random,images\nnormal,0.25,0.5,7\n");
  const auto old = report::read_table_one(folder / "old.csv");
  REQUIRE(old.size() == 1);
  CHECK(std::isnan(old[0].beats_average));
  CHECK(old[0].beats_constant == 0.25);
  CHECK(old[0].beats_random == 0.5);
  CHECK(old[0].images == 7);
  base::write_file(folder / "bad.csv", "task,images\n");
  CHECK_THROWS_WITH(static_cast<void>(report::read_table_one(folder / "bad.csv")),
                    doctest::Contains("bad.csv:1: expected the columns task,beats_average"));
  const std::pair<std::string, std::string> malformed[] = {
      {"normal,2,0.5,,7", "beats_average: expected a share from 0 to 1, got \"2\""},
      {"normal,,-0.1,,7", "beats_constant: expected a share from 0 to 1, got \"-0.1\""},
      {"normal,,,1.5,7", "beats_random: expected a share from 0 to 1, got \"1.5\""},
      {"normal,,inf,,7", "beats_constant: expected a share from 0 to 1, got \"inf\""},
      {"normal,,nan,,7", "beats_constant: expected a number, got \"nan\""},
      {"normal,,0.5,,-7", "images: expected an integer >= 0, got \"-7\""}};
  for (const auto& [line, message] : malformed) {
    base::write_file(folder / "bad.csv",
                     "task,beats_average,beats_constant,beats_random,images\n\n" + line + "\n");
    CHECK_THROWS_WITH(static_cast<void>(report::read_table_one(folder / "bad.csv")),
                      ((folder / "bad.csv").string() + ":3: " + message).c_str());
  }
}

TEST_CASE(
    "pictures are read as they were written, and those of transfers that are not chosen any more are gone") {
  const tests::Folder folder;
  const report::TaskPictures drawn{"normal", {{"room/1", "i1", "t1", "p1"}, {"room/2", "i2", "", "p2"}}, "k"};
  CHECK(report::write_pictures(folder.path(), drawn).size() == 7);  // five pictures, their key and the ids
  const auto pictures = report::read_pictures(folder / report::kPicturesFolder, {"depth", "normal"});
  REQUIRE(pictures.size() == 1);
  REQUIRE(pictures[0].pictures.size() == 2);
  CHECK(pictures[0].pictures[1].image == "room/2");
  CHECK(pictures[0].pictures[1].prediction == "p2");
  CHECK(pictures[0].pictures[1].target.empty());
  CHECK(pictures[0].key == "k");

  // What networks from scratch and transfers predict comes later, and again when other transfers are chosen.
  report::TaskPictures chosen{"normal", {{"room/1", "", "", ""}, {"room/2", "", "", ""}}, "all"};
  chosen.pictures[1].scratch = "s2";
  chosen.pictures[1].transfers = {{"depth+edges", "t2"}, {"edges", "e2"}};
  CHECK(report::write_predictions(folder.path(), chosen).size() == 4);
  chosen.pictures[1].transfers.erase("edges");
  CHECK(report::write_predictions(folder.path(), chosen).size() == 3);
  const auto both = report::read_pictures(folder / report::kPicturesFolder, {"normal"});
  REQUIRE(both.size() == 1);
  CHECK(both[0].key == "all");
  CHECK(both[0].pictures[1].prediction == "p2");
  CHECK(both[0].pictures[1].scratch == "s2");
  CHECK(both[0].pictures[0].transfers.empty());
  CHECK(both[0].pictures[1].transfers == std::map<std::string, std::string>{{"depth+edges", "t2"}});
}
