// analyse, compare and tree through the real binary.
#include <nlohmann/json.hpp>

#include "core/base/hash.hpp"
#include "core/base/safetensors.hpp"
#include "tests/cli/binary.hpp"
#include "tests/support/testing.hpp"

using taskonomy::cli_test::file;
using taskonomy::cli_test::kPublished;
using taskonomy::cli_test::program;
using taskonomy::cli_test::refused;

namespace {

/// A run's folder as far as statistics need it: targets t and u, eight images of two rooms, t's transfer from
/// u.
std::string small_run() {
  const std::string ids = R"({"test":["a/1","a/2","a/3","a/4","b/1","b/2","b/3","b/4"]})";
  const std::string folder = taskonomy::cli_test::scratch() + "/small/";
  taskonomy::base::write_safetensors(folder + "examples/images-single.safetensors", {}, {{"ids", ids}});
  const auto losses = [&](const std::string& name, const std::vector<double>& values) {
    const auto* data = reinterpret_cast<const std::byte*>(values.data());
    taskonomy::base::write_safetensors(
        folder + "losses/" + name + ".safetensors", {{"loss", {"F64", {8}, data, 8 * sizeof(double)}}},
        {{"view_kind", "single"}, {"images", taskonomy::base::fingerprint(ids)}});
  };
  file("small/recipe.toml", "tasks = [\"t\", \"u\"]\n[data]\ndataset = \"scenes\"\n");
  file("small/affinity.csv",
       "sources,target,affinity,gain,quality\nt,t,0.75,1,0.5\nu,t,0.25,0.5,0.25\nu,u,1,1,0.5\n");
  file("small/manifest.json", "{\"label_costs\": {\"t\": 1, \"u\": 1}}");
  file("small/tournaments/t.csv", "wins of row over column,t,u\n");
  file("small/tournaments/u.csv", "wins of row over column,u\n");
  losses("t/_self", {1, 1, 1, 1, 1, 1, 3, 3});
  losses("t/u", {2, 2, 2, 2, 2, 2, 2, 2});
  losses("u/_self", {1, 1, 1, 1, 1, 1, 1, 1});
  return taskonomy::cli_test::scratch() + "/small";
}

}  // namespace

TEST_CASE(
    "analyse: a run's folder gives intervals, inclusions, tests and consistency; what is missing is named") {
  const std::string run_folder = small_run();
  const auto outcome = program("analyse " + run_folder + " --replicates 200 --random 10 --format json");
  CHECK_MESSAGE(outcome.err.empty(), outcome.err);
  const auto json = nlohmann::json::parse(outcome.out);
  CHECK(json["judgement"]["judge"] == "paper");  // two scenes cannot be halved
  CHECK(json["judgement"]["reason"] == "the test images show 2 scenes, and halves need 4");
  const auto& bootstrap = json["bootstrap"];
  CHECK(bootstrap["images"] == 8);
  CHECK(bootstrap["transfers"][0]["affinity"]["estimate"] == doctest::Approx(0.75));  // six wins of eight
  CHECK(bootstrap["transfers"][0]["affinity"]["low"] < 0.75);
  CHECK(json["pairs"][0]["p"] == doctest::Approx(74.0 / 256.0));  // 6 or more, 2 or fewer, of 8 coins
  CHECK(json["consistency"].size() == 2);
  for (const auto& budget : bootstrap["budgets"])
    for (const auto& source : budget["sources"]) CHECK(source["probability"] <= 1.0);
  CHECK(program("analyse " + run_folder + " --replicates 200 --random 10").out.find("How sure is it?") !=
        std::string::npos);
  file("small/losses/t/u.safetensors", "cut off");
  refused("analyse " + run_folder, 1, "u.safetensors");
}

TEST_CASE("analyse: the published table against random taxonomies; the same bytes for the same seed") {
  const std::string command =
      "analyse " + kPublished + " --max-order 1 --exclude random --random 50 --format json";
  const auto outcome = program(command);
  CHECK(outcome.code == 0);
  const auto json = nlohmann::json::parse(outcome.out);
  REQUIRE(json["significance"].size() > 8);
  for (const auto& one : json["significance"]) {
    CHECK(one["gain"]["random"].size() == 50);
    CHECK(one["gain"]["p"] <= 1.0);
  }
  CHECK(json.count("bootstrap") == 0);
  CHECK(program(command).out == outcome.out);
  CHECK(program(command + " --seed 2").out != outcome.out);
  refused("analyse " + kPublished + " --level 1.5", 1, "level: expected a share between 0 and 1");
  refused("analyse " + kPublished + " --replicates 1", 2, "--replicates: expected a number >= 2");
  refused("analyse " + kPublished + " --block room", 2, "--block: expected scene, image");
  refused("analyse nowhere.csv", 1, "nowhere.csv");
}

TEST_CASE("compare: the published table with itself under our names, and with one that shares nothing") {
  const auto ours = file("ours.csv",
                         "sources,target,affinity\nreshading,normal,0.5\nautoencoding,normal,0.1\n"
                         "depth_zbuffer,normal,0.3\nnormal,normal,0.9\n");
  const auto json =
      nlohmann::json::parse(program("compare " + ours + " " + kPublished + " --format json").out);
  REQUIRE(json["targets"].size() == 1);
  CHECK(json["targets"][0]["target"] == "normal");
  CHECK(json["targets"][0]["sources"].size() == 3);
  CHECK(json["targets"][0]["best_in_a"] == "reshading");
  CHECK(program("compare " + kPublished + " " + kPublished).out.find("1.00 [1.00, 1.00]") !=
        std::string::npos);
  const auto other = file("other.csv", "sources,target,affinity\nx,y,0.5\n");
  refused("compare " + ours + " " + other, 1, "the tables share no target");
  const auto one = file("one.csv", "sources,target,affinity\na,t,0.5\nb,t,0.5\n"),
             two = file("two.csv", "sources,target,affinity\nb,t,0.5\nc,t,0.5\n");
  refused(
      "compare " + one + " " + two, 1,
      "the tables share no two first-order sources of any target, which a correlation needs; A has: a, b");
  refused("compare " + ours, 2, "B is missing");
  const auto sizes =
      file("sizes.csv",
           "sources,target,affinity,labels\nreshading,normal,0.5,100\nreshading,normal,0.1,300\n"
           "depth_zbuffer,normal,0.3,100\ndepth_zbuffer,normal,0.4,300\n");
  refused("compare " + sizes + " " + kPublished, 1, "several numbers of labels");
  const auto at = [&](const std::string& labels) {
    const auto out =
        program("compare " + sizes + " " + kPublished + " --labels " + labels + " --format json").out;
    return nlohmann::json::parse(out)["targets"][0]["best_in_a"].get<std::string>();
  };
  CHECK(at("100") == "reshading");
  CHECK(at("300") == "depth_zbuffer");
  refused("compare " + sizes + " " + kPublished + " --labels 7", 1, "known: 100, 300");
}

TEST_CASE("tree: four forms of one tree") {
  const auto text = program("tree " + kPublished);
  CHECK(text.code == 0);
  CHECK(text.out.find("27 tasks") != std::string::npos);
  const auto newick = program("tree " + kPublished + " --format newick").out;
  CHECK(newick.substr(newick.size() - 2) == ";\n");
  const auto json = nlohmann::json::parse(program("tree " + kPublished + " --format json --clusters 3").out);
  CHECK(json["newick"].get<std::string>() + "\n" == newick);
  CHECK(json["clusters"].size() == 3);
  CHECK(program("tree " + kPublished + " --format svg").out.rfind("<svg", 0) == 0);
  CHECK(program("tree " + kPublished + " --linkage single --transform log").out != text.out);
  refused("tree " + kPublished + " --clusters 28", 1, "the tree has only 27 tasks");
  refused("tree " + kPublished + " --linkage wards", 2, "did you mean \"ward\"?");
}

TEST_CASE("compare: tables of others get our names, a run's tasks keep theirs") {
  const std::string table = "sources,target,affinity\nrgb2mist,rgb2depth,0.5\nreshade,rgb2depth,0.5\n";
  const std::string published = file("names/table.csv", table);
  (void)file("names/run/affinity.csv", table);
  const std::string run_folder = taskonomy::cli_test::scratch() + "/names/run";
  const auto targets = [](const std::string& a, const std::string& b) {
    const auto outcome = program("compare " + a + " " + b + " --format json");
    CHECK(outcome.code == 0);
    std::vector<std::string> names;
    const auto json = nlohmann::json::parse(outcome.out);
    for (const auto& one : json["targets"]) names.push_back(one["target"]);
    return names;
  };
  CHECK(targets(published, published) == std::vector<std::string>{"depth_zbuffer"});
  CHECK(targets(run_folder, run_folder) == std::vector<std::string>{"rgb2depth"});
}
