// `taskonomy report` through the real binary: a page from a table, what it refuses, and a page of half a run.
#include <filesystem>

#include "core/base/files.hpp"
#include "tests/cli/binary.hpp"
#include "tests/support/testing.hpp"

using taskonomy::base::read_file;
using taskonomy::cli_test::file;
using taskonomy::cli_test::kPublished;
using taskonomy::cli_test::program;
using taskonomy::cli_test::scratch;

namespace {

taskonomy::cli_test::Outcome report(const std::string& arguments) { return program("report " + arguments); }

const std::string kTable =
    "sources,target,affinity,gain,quality\na,a,0.6,0.9,0.5\nb,a,0.4,0.7,0.4\nb,b,0.7,0.9,0.5\na,b,0.3,0.6,0."
    "2\n";

}  // namespace

TEST_CASE("a table becomes one page, compared with another one; the same page each time") {
  const auto table = file("small.csv", kTable);
  const auto first = report(table + " --cost a=2 --compare " + table + " --out one.html");
  CHECK(first.code == 0);
  CHECK(first.out.find("one.html: 4 transfers into 2 targets") == 0);
  CHECK(report(table + " --cost a=2 --compare " + table + " --out two.html").code == 0);
  const auto page = read_file(scratch() + "/one.html");
  CHECK(page == read_file(scratch() + "/two.html"));
  CHECK(page.find("\"cost\":[2.0,1.0]") != std::string::npos);
  CHECK(page.find("\"with\":\"small.csv\"") != std::string::npos);
}

TEST_CASE("bad input: the option or the file is named, no page is written") {
  const auto table = file("small.csv", kTable);
  CHECK(report("").code == 2);
  CHECK(report(table + " --cost a=-1").code == 2);
  CHECK(report(table + " --bootstrap many").code == 2);
  const auto typo = report(table + " --importance aa=2 --out never.html");
  CHECK(typo.code == 1);
  CHECK(typo.err.find("importance: no task \"aa\"") != std::string::npos);
  CHECK(report("nowhere.csv --out never.html").code == 1);
  CHECK(report(table + " --compare nowhere.csv --out never.html").code == 1);
  CHECK_FALSE(std::filesystem::exists(scratch() + "/never.html"));
  CHECK(report(table + " --out /proc/page.html").code == 1);
}

TEST_CASE(
    "a table with several numbers of labels has its page, and says what each transfer was trained with") {
  const auto table = file("labels.csv",
                          "sources,target,affinity,gain,labels\na,a,0.9,0.9,\na,b,0.2,0.6,1000\n"
                          "a,b,0.5,0.7,4000\na,b,0.6,0.8,16000\nb,b,0.8,0.9,\n");
  const auto outcome = report(table + " --random 50 --out labels.html");
  CHECK(outcome.err.empty());
  CHECK(outcome.code == 0);
  const auto page = read_file(scratch() + "/labels.html");
  CHECK(page.find("\"labels\":[null,1000.0,4000.0,16000.0,null]") != std::string::npos);
  CHECK(page.find("\"significance\":{\"count\":50") != std::string::npos);
  CHECK(report(table + " --random -1").code == 2);
}

TEST_CASE("report A B: both side by side; what cannot be compared is refused, and nothing is written") {
  const auto a = file("a.csv", kTable);
  const auto b =
      file("b.csv",
           "sources,target,affinity,gain,quality\na,a,0.6,0.9,0.5\nb,b,0.7,0.9,0.5\na,b,0.3,0.8,0.4\n"
           "a,c,1,0.5,0.5\n");
  const auto outcome = report(a + " " + b + " --cost c=2 --out two.html");
  CHECK_MESSAGE(outcome.code == 0, outcome.err);
  const auto page = read_file(scratch() + "/two.html");
  CHECK(page.find("<h2 id=\"beside-title\">a and b side by side</h2>") != std::string::npos);
  CHECK(page.find("Only b has c.") != std::string::npos);
  CHECK(report(a + " " + b + " --cost q=2 --out never2.html").err.find("no task \"q\"") != std::string::npos);
  CHECK(report(a + " " + b + " --compare " + a).code == 2);
  CHECK(report(a + " nowhere.csv --out never2.html").code == 1);
  const auto foreign = file("foreign.csv", "sources,target,affinity\nx,x,1\n");
  const auto refused = report(a + " " + foreign + " --out never2.html");
  CHECK(refused.code == 1);
  CHECK(refused.err.find("a has a, b; foreign has x") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(scratch() + "/never2.html"));
  CHECK(report(a + " " + kPublished + " --out never2.html").code == 1);
}

TEST_CASE("report A B: a table under the authors' names and one under ours are of the same tasks") {
  const auto ours = file("ours.csv", "sources,target,affinity\nnormal,normal,0.7\nreshading,normal,0.3\n");
  const auto outcome =
      report(ours + " " + kPublished + " --bootstrap 0 --random 0 --time-limit 2 --out names.html");
  CHECK_MESSAGE(outcome.code == 0, outcome.err);
  CHECK(read_file(scratch() + "/names.html").find("Both have 1 target;") != std::string::npos);
}

namespace {

/// Half of a run: target a is answered, b is not; a sample was left out, one plugin ran in place of another.
std::string half_run() {
  file("half/recipe.toml", "name = \"half\"\ntasks = [\"a\", \"b\"]\n[data]\ndataset = \"scenes\"\n");
  file(
      "half/manifest.json",
      R"({"program": "taskonomy 1.0.0", "sdk": "2.3", "libtorch": "1.13", "seed": 1, "created": "2026-11-28T18:20:48Z",
          "last_run": "2026-11-28T18:20:48Z", "machine": {"cpu": "some", "cores": 2, "memory_gib": 8}, "tasks": ["a", "b"],
          "label_costs": {"a": 1, "b": 2}, "untrained": [], "cost_unit": "hours", "left_out": {}, "plugins": [{"kind": "task",
          "id": "a", "version": "0.3", "file": "/mine/a.so", "fingerprint": "3f2a", "own": false, "shadows": ["/theirs/a.so"]}]})");
  file(
      "half/jobs/plan.json",
      R"({"jobs": [{"id": "source/a", "key": "k"}, {"id": "source/b", "key": "k"}, {"id": "shortlist/a", "key": "k"},
          {"id": "shortlist/b", "key": "k"}], "failures": [], "until": ""})");
  file("half/jobs/source.a.json",
       R"({"id": "source/a", "key": "k", "ingredients": "", "seconds": 90.0, "files": {}, "sums": {},
       "figures": {}, "left_out": ["kitchen/3: damaged JPEG"]})");
  file("half/affinities/a.csv", "sources,target,affinity,gain,quality\na,a,0.6,0.9,0.5\nb,a,0.4,0.7,0.4\n");
  return scratch() + "/half";
}

}  // namespace

TEST_CASE(
    "the page of half a run names the targets without an answer, the time left and the command, and what it "
    "passed over") {
  const auto run = half_run();
  const auto outcome = report(run + " --bootstrap 0 --random 0 --out half.html");
  CHECK_MESSAGE(outcome.code == 0, outcome.err);
  const auto says = [&](const std::string& text) { return outcome.err.find(text) != std::string::npos; };
  CHECK(says("Targets without an answer yet: b."));
  CHECK(says("`taskonomy run " + run + "` goes on."));
  CHECK(
      says("What is left takes about 1 min 30 s of one worker, without the stages of which nothing is done "
           "yet: shortlist."));
  CHECK_FALSE(says("damaged JPEG"));  // not missing on the page: it says so near its end
  const auto page = read_file(scratch() + "/half.html");
  CHECK(page.find(
            "The run went on without 1 sample that could not be used, such as kitchen/3: damaged JPEG.") !=
        std::string::npos);
  CHECK(page.find("\"shadows\":[\"/theirs/a.so\"]") != std::string::npos);
}

TEST_CASE(
    "report --time-limit: a page in time, whose taxonomies are not proven, or the reason why there is none") {
  std::string table = "sources,target,affinity\n";
  for (int target = 0; target < 60; ++target)
    for (int source = 0; source < 60; ++source)
      table += "s" + std::to_string(source) + ",t" + std::to_string(target) + "," +
               std::to_string(1 + (7 * source + 13 * target + source * target) % 97) + "\n";
  const auto large = file("large.csv", table);
  for (const std::string limit : {"0.000001", "0.5"}) {
    const auto outcome =
        report(large + " --time-limit " + limit + " --bootstrap 0 --random 0 --out limited.html");
    CHECK_MESSAGE(outcome.code == 0, outcome.err);
    const auto page = read_file(scratch() + "/limited.html");
    const bool has_none = page.find("\"presets\":[]") != std::string::npos;
    CHECK(has_none == (outcome.err.empty() ? false : page.find("Orders up to 1: ") != std::string::npos));
  }
  CHECK(report(large + " --time-limit -1").code == 2);
}
