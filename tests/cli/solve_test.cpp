// `taskonomy solve` through the real binary: answers, refusals, exit codes.
#include <nlohmann/json.hpp>

#include "tests/cli/binary.hpp"
#include "tests/support/testing.hpp"

using taskonomy::cli_test::file;
using taskonomy::cli_test::kPublished;
using taskonomy::cli_test::program;
using taskonomy::cli_test::refused;

namespace {

std::string small_table() {
  return file("small.csv",
              "sources,target,affinity,gain,quality\nnormal,normal,0.6,0.9,0.5\ndepth,normal,0.3,0.7,0.4\n"
              "depth,depth,0.7,0.9,0.5\nnormal,depth,0.2,0.6,0.3\nnormal+random,depth,0.25,0.6,0.35\n");
}

}  // namespace

TEST_CASE("the published table at budget 8: a proven optimum as JSON with exactly the promised keys") {
  const auto outcome =
      program("solve " + kPublished + " --cost random=0 --budget 8 --max-order 4 --format json");
  CHECK(outcome.code == 0);
  CHECK(outcome.err.empty());
  const auto json = nlohmann::ordered_json::parse(outcome.out);
  std::string keys;
  for (const auto& [key, value] : json.items()) keys += key + " ";
  CHECK(
      keys ==
      "budget max_order transform objective status sources transfers judge mean_gain mean_quality seconds ");
  CHECK(json["budget"] == 8);
  CHECK(json["max_order"] == 4);
  CHECK(json["transform"] == "raw");
  CHECK(json["status"] == "optimal");
  CHECK(json["sources"].size() == 8);
  CHECK(json["transfers"].size() == 22);
  CHECK(json["transfers"][0]["target"] == "autoencoder");
  CHECK(json["transfers"][0]["sources"][0] == "autoencoder");
  CHECK(json["seconds"] >= 0.0);
  double sum = 0.0;
  for (const auto& transfer : json["transfers"]) sum += transfer["affinity"].get<double>();
  CHECK(sum == doctest::Approx(json["objective"].get<double>()));
}

TEST_CASE("sweep, text and csv tell the same taxonomies") {
  const auto json = nlohmann::json::parse(program("solve " + small_table() + " --sweep --format json").out);
  REQUIRE(json.size() == 2);
  CHECK(json[0]["budget"] == 1);
  CHECK(json[0]["sources"] == nlohmann::json::array({"depth"}));
  CHECK(json[1]["mean_quality"] == 0.5);
  const auto csv = program("solve " + small_table() + " --format csv").out;
  CHECK(csv ==
        "budget,sources,target,affinity,gain,quality\n1,depth,normal,0.3,0.7,0.4\n1,depth,depth,0.7,0.9,0.5\n"
        "2,normal,normal,0.6,0.9,0.5\n2,depth,depth,0.7,0.9,0.5\n");
  const auto text =
      program("solve " + small_table() + " --budget 1 --cost random=0 --importance normal=3").out;
  CHECK(text.find("proven optimum") != std::string::npos);
  CHECK(text.find("normal + random") != std::string::npos);
  CHECK(program("solve " + small_table() + " --budget 2 --transform sqrt --exclude random").code == 0);
}

TEST_CASE("usage errors: exit 2, the option's help, nothing on stdout") {
  refused("solve", 2, "TABLE|RUN is missing");
  refused("solve a.csv b.csv", 2, "unexpected argument \"b.csv\"");
  refused("solve a.csv --bugdet 3", 2, "unknown option \"--bugdet\"; did you mean \"--budget\"?");
  refused("solve a.csv --bugdet 3", 2, "taskonomy solve share/published/taskonomy-16k.csv");
  refused("solve a.csv -b 3", 2, "unknown option \"-b\"");
  refused("solve a.csv --budget", 2, "option \"--budget\" needs a value");
  refused("solve a.csv --budget 1 --budget 2", 2, "option \"--budget\" is given twice");
  refused("solve a.csv --sweep=3", 2, "takes no value");
  refused("solve a.csv --budget eight", 2, "--budget: expected a number >= 0, got \"eight\"");
  refused("solve a.csv --budget -3", 2, "--budget: expected a number >= 0, got \"-3\"");
  refused("solve a.csv --budget nan", 2, "got \"nan\"");
  refused("solve a.csv --budget 3 --sweep", 2, "--budget and --sweep exclude each other");
  refused("solve a.csv --max-order 0", 2, "--max-order: expected a number >= 1");
  refused("solve a.csv --max-order 2.5", 2, "--max-order: expected a whole number");
  refused("solve a.csv --cost normal", 2, "--cost: expected NAME=NUMBER");
  refused("solve a.csv --cost normal=-1", 2, "--cost: expected NAME=NUMBER");
  refused("solve a.csv --importance a=1,a=2", 2, "\"a\" is given twice");
  refused("solve a.csv --exclude a,,b", 2, "--exclude: empty name");
  refused("solve a.csv --transform cube", 2, "--transform: expected raw, sqrt, got \"cube\"");
  refused("solve a.csv --format jsn", 2, "did you mean \"json\"?");
}

TEST_CASE("a table comes from standard input or a pipe as well as from a file") {
  const std::string table = file("piped.csv", "sources,target,affinity\na,a,0.5\nb,a,0.4\n");
  const std::string expected = program("solve " + table + " --budget 1 --format csv").out;
  REQUIRE(expected.find("1,a,a,0.5") != std::string::npos);
  for (const std::string& words : {std::string("- --budget 1 --format csv < " + table),
                                   std::string("/dev/stdin --budget 1 --format csv < " + table),
                                   std::string("- --budget 1 --format csv < <(cat " + table + ")"),
                                   std::string("<(cat " + table + ") --budget 1 --format csv")}) {
    const std::string script = file("pipe.sh", TASKONOMY_BINARY_DIR "/bin/taskonomy solve " + words + "\n");
    CHECK_MESSAGE(program("--version > /dev/null; bash " + script).out == expected, words);
  }
  const auto broken = program("--version > /dev/null; bash " +
                              file("pipe.sh", "echo x,y | " TASKONOMY_BINARY_DIR "/bin/taskonomy solve -\n"));
  CHECK(broken.code == 1);
  CHECK(broken.err.find("stdin:1: column \"sources\" is missing") != std::string::npos);
}

TEST_CASE("bad tables: exit 1, file and line") {
  refused("solve nowhere.csv --budget 1", 1, "nowhere.csv");
  refused("solve " + file("empty.csv", "") + " --budget 1", 1, "empty.csv: the file is empty");
  refused("solve " + file("column.csv", "sources,target\na,b\n"), 1,
          "column.csv:1: column \"affinity\" is missing");
  refused("solve " + file("nan.csv", "sources,target,affinity\na,b,1\nc,b,NaN\n"), 1, "nan.csv:3: affinity");
  refused("solve " + file("minus.csv", "sources,target,affinity\na,b,-1\n"), 1, "minus.csv:2: affinity");
  refused("solve " + file("twice.csv", "sources,target,affinity\na+c,b,1\nc+a,b,1\n"), 1,
          "twice.csv:3: duplicate row");
  refused("solve " + file("binary.csv", std::string("\x7f"
                                                    "ELF\0\1\2,\n",
                                                    9)),
          1, "binary.csv:1: holds a byte 0");
  const auto extra =
      program("solve " + file("extra.csv", "sources,target,affinity,note\na,b,1,x\n") + " --budget 1");
  CHECK(extra.code == 0);
  CHECK(extra.err.find("warning: ") == 0);
  CHECK(extra.err.find("note") != std::string::npos);
}

TEST_CASE(
    "names the table does not have: exit 1 with the nearest; infeasible: exit 3 with the smallest budget") {
  refused("solve " + small_table() + " --budget 2 --cost norml=0", 1,
          "cost: no task \"norml\" in the table; did you mean \"normal\"?");
  refused("solve " + small_table() + " --budget 2 --importance dept=2", 1, "did you mean \"depth\"?");
  refused("solve " + small_table() + " --budget 2 --exclude q", 1, "exclude: no task \"q\"");
  refused("solve " + small_table() + " --budget 2 --source-only q", 1, "source-only: no task \"q\"");
  refused("solve " + small_table() + " --budget 2 --target-only q", 1, "target-only: no task \"q\"");
  refused("solve " + small_table() + " --budget 0.5", 3, "the smallest that works is 1");
  refused("solve " + small_table() + " --sweep --target-only normal,depth", 3,
          "no transfer to \"normal\" is left");
}

TEST_CASE("K best, reasons, restrictions, marginal value: text and JSON") {
  const auto parsed = [](const std::string& arguments) {
    const auto outcome = program(arguments + " --format json");
    INFO(outcome.err);
    REQUIRE(outcome.code == 0);
    return nlohmann::json::parse(outcome.out);
  };
  const auto best = parsed("solve " + small_table() + " --budget 1 --best 2");
  REQUIRE(best.size() == 2);
  CHECK(best[0]["sources"] == nlohmann::json::array({"depth"}));
  CHECK(best[1]["sources"] == nlohmann::json::array({"normal"}));
  const auto why = parsed("solve " + small_table() + " --budget 1 --why normal");
  CHECK(why["chosen"]["sources"] == nlohmann::json::array({"depth"}));
  CHECK(why["alternatives"][0]["sources"] == nlohmann::json::array({"normal"}));
  CHECK(why["alternatives"][0]["loss"] == doctest::Approx(0.2));
  CHECK(why["alternatives"][0]["budget_needed"] == 2);
  const auto forced = parsed("solve " + small_table() + " --budget 1 --force normal --marginal");
  CHECK(forced["sources"] == nlohmann::json::array({"normal"}));
  CHECK(forced["restrictions"]["loss"] == doctest::Approx(0.2));
  CHECK(forced["restrictions"]["single"][0]["kind"] == "force");
  CHECK(forced["marginal"] == doctest::Approx(0.5));
  const auto gain = parsed("solve " + small_table() + " --budget 1 --objective gain --forbid normal");
  CHECK(gain["goal"] == "gain");
  CHECK(gain["objective"] == doctest::Approx(1.6));
  CHECK(program("solve " + small_table() + " --budget 1 --best 2").out.find("loses") != std::string::npos);
  CHECK(program("solve " + small_table() + " --budget 1 --why normal").out.find("as good at budget") !=
        std::string::npos);
  CHECK(program("solve " + small_table() + " --budget 1 --force normal --marginal").out.find("adds 0.5000") !=
        std::string::npos);
  refused("solve " + small_table() + " --budget 1 --why normla", 1, "did you mean \"normal\"?");
  refused("solve " + small_table() + " --budget 1 --why xyz", 1, "\ntargets: normal, depth");
  refused("solve " + small_table() + " --best 2", 2, "give --budget too");
  refused("solve " + small_table() + " --budget 1 --best 0", 2, "--best: expected a number >= 1");
  refused("solve " + small_table() + " --budget 1 --best 2 --why normal", 2,
          "--best and --why exclude each other");
  refused("solve " + small_table() + " --budget 1 --best 2 --format csv", 2, "use json");
  refused("solve " + small_table() + " --budget 1 --objective loss", 2,
          "--objective: expected affinity, gain, quality");
  refused("solve " + small_table() + " --budget 1 --force normal,depth", 3,
          "the forced sources (normal, depth) cost 2");
  refused("solve " + small_table() + " --budget 1 --force normal --forbid normal", 1, "is forbidden too");
  refused("solve " + small_table() + " --budget 1 --force nroma", 1, "force: no task \"nroma\"");
  refused("solve " + small_table() + " --budget 1 --label-price 1", 1, "does not say how many labels");
}

TEST_CASE("a sweep says when sources enter and leave, and what lies on the front") {
  const auto json = nlohmann::json::parse(program("solve " + small_table() + " --sweep --format json").out);
  CHECK(json[0]["pareto"] == true);
  CHECK(json[0]["enters"] == nlohmann::json::array({"depth"}));
  CHECK(json[1]["enters"] == nlohmann::json::array({"normal"}));
  CHECK(json[1]["leaves"].empty());
  const auto text = program("solve " + small_table() + " --sweep").out;
  CHECK(text.find("Pareto front") != std::string::npos);
  CHECK(text.find("from 2") != std::string::npos);
}

TEST_CASE("label sizes: bought beside the sources, from a column of the table") {
  const std::string table = file("labels.csv",
                                 "sources,target,affinity,labels\nnormal,normal,0.9,\nnormal,depth,0.2,1000\n"
                                 "normal,depth,0.5,4000\nnormal,depth,0.6,16000\n");
  const auto at = [&](const std::string& budget) {
    const auto outcome = program("solve " + table + " --label-price 0.001 --format json --budget " + budget);
    REQUIRE(outcome.code == 0);
    return nlohmann::json::parse(outcome.out);
  };
  CHECK(at("2")["transfers"][1]["labels"] == 1000);
  CHECK(at("5")["transfers"][1]["labels"] == 4000);
  CHECK(at("17")["transfers"][1]["labels"] == 16000);
  CHECK(at("17")["label_cost"] == 16);
  CHECK_FALSE(at("5")["transfers"][0].contains("labels"));
  refused("solve " + table + " --label-price 0.001 --budget 1.5", 3, "the smallest that works is 2");
  CHECK(program("solve " + table + " --sweep --label-price 0.001").out.find("proven") == std::string::npos);
}

TEST_CASE("options from a file: the same answers, the command line on top, refusals at their line") {
  const std::string options = file("options.toml",
                                   "budget = 1\nforce = [\"normal\"]\nmarginal = true\n[importance]\n"
                                   "normal = 2\n[cost]\n\"random\" = 0\n");
  const auto from_file = program("solve " + small_table() + " --options " + options).out;
  CHECK(from_file == program("solve " + small_table() +
                             " --budget 1 --force normal --marginal --importance normal=2 --cost random=0")
                         .out);
  CHECK(program("solve " + small_table() + " --options " + options + " --force depth --importance normal=1")
            .out ==
        program("solve " + small_table() + " --budget 1 --force depth --marginal --cost random=0").out);
  const auto wrong = [&](const std::string& text, const std::string& said) {
    refused("solve " + small_table() + " --options " + file("wrong.toml", text), 1, "wrong.toml:" + said);
  };
  wrong("\nbugdet = 1\n", "2: unknown key \"bugdet\"; did you mean \"budget\"?");
  wrong("budget = -1\n", "1: budget: expected a number >= 0, got -1");
  wrong("budget = nan\n", "1: budget: expected a number >= 0");
  wrong("[costs]\na = 1\n", "1: unknown section [costs]; did you mean \"cost\"?");
  wrong("[cost]\nnormal = \"x\"\n", "2: [cost] normal: expected a number >= 0");
  wrong("force = 3\n", "1: force: expected a list of task names");
  wrong("objective = \"loss\"\n", "1: objective: expected affinity, gain, quality");
  wrong("budget = \n", "1: ");
}

TEST_CASE("names with commas, quotes and letters of all alphabets") {
  const std::string table = file("names.csv",
                                 "sources,target,affinity\n\"a,\"\"b\"\"\",\"a,\"\"b\"\"\",0.5\nTiefe-"
                                 "\u00e4\u6df1,\"a,\"\"b\"\"\",0.4\n");
  const std::string options = file("names.toml", "budget = 1\nforbid = ['a,\"b\"']\n");
  const auto outcome = program("solve " + table + " --options " + options + " --format json");
  CHECK(outcome.code == 0);
  const auto json = nlohmann::json::parse(outcome.out);
  CHECK(json["transfers"][0]["target"] == "a,\"b\"");
  CHECK(json["sources"][0] == "Tiefe-\u00e4\u6df1");
  CHECK(program("solve " + table + " --budget 1 --format csv").out.find("\"a,\"\"b\"\"\"") !=
        std::string::npos);
}

TEST_CASE("a run's folder stands for its table and label costs") {
  small_table();
  const std::string run_folder = taskonomy::cli_test::scratch() + "/run";
  refused("solve '" + taskonomy::cli_test::scratch() + "'", 1, "no affinity.csv in this folder");
  file("run/affinity.csv", "sources,target,affinity\na,a,0.5\nb,a,0.4\n");
  const auto bare = program("solve " + run_folder + " --budget 1 --format csv");
  CHECK(bare.out.find("1,a,a,0.5") != std::string::npos);
  CHECK(bare.err.find("run/manifest.json is missing, and with it what labels cost") != std::string::npos);
  file("run/manifest.json", "{\"label_costs\": {\"a\": 2, \"gone\": 1}}");
  CHECK(program("solve " + run_folder + " --budget 1 --format csv").out.find("1,b,a,0.4") !=
        std::string::npos);
  CHECK(program("solve " + run_folder + " --budget 1 --cost a=1 --format csv").out.find("1,a,a,0.5") !=
        std::string::npos);
  file("run/manifest.json", "{\"label_costs\": {\"a\": \"x\"}}");
  refused("solve " + run_folder + " --budget 1", 1, "manifest.json: label_costs: a: expected a number");
  file("run/manifest.json", "{");
  refused("solve " + run_folder + " --budget 1", 1, "manifest.json: not JSON at byte 2");
  file("run/manifest.json", "[1]");
  refused("solve " + run_folder + " --budget 1", 1, "manifest.json: expected a JSON object");
  file("run/manifest.json", std::string(1000000, '['));
  refused("solve " + run_folder + " --budget 1", 1, "manifest.json: nested deeper than 64 levels");
}

TEST_CASE("tasks of the published table go by our names, too, in every option") {
  const std::string published = "solve " + kPublished + " --cost random=0 --max-order 2 --budget 4 ";
  const auto answer = [&](const std::string& options) {
    const auto outcome = program(published + options + " --format json");
    REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
    auto json = nlohmann::json::parse(outcome.out);
    if (json.is_object()) json.erase("seconds");
    return json;
  };
  for (const std::string option : {"--why ", "--force ", "--forbid ", "--exclude ", "--source-only "})
    CHECK_MESSAGE(answer(option + "normal") == answer(option + "rgb2sfnorm"), option);
  for (const std::string option : {"--cost ", "--importance "})
    CHECK_MESSAGE(answer(option + "normal=3") == answer(option + "rgb2sfnorm=3"), option);
  const auto file_of_options = file("names.toml", "exclude = [\"normal\"]\n[cost]\nreshading = 2\n");
  CHECK(answer("--options " + file_of_options) == answer("--exclude rgb2sfnorm --cost reshade=2"));
  const auto told = program(published + "--exclude normal --force reshading").err;
  CHECK(told == "note: normal is rgb2sfnorm in the table\nnote: reshading is reshade in the table\n");
  const auto twice = program(published + "--cost normal=1,rgb2sfnorm=2");
  CHECK(twice.code == 1);
  CHECK(twice.err.find("error: \"rgb2sfnorm\" is given twice, under two names") != std::string::npos);
  refused(published + "--exclude normals", 1, "exclude: no task \"normals\" in the table");
  CHECK(program("tree " + kPublished + " --exclude normal").out ==
        program("tree " + kPublished + " --exclude rgb2sfnorm").out);
  const std::string analyse = "analyse " + kPublished + " --max-order 1 --random 2 --exclude ";
  CHECK(program(analyse + "normal").out == program(analyse + "rgb2sfnorm").out);
}
