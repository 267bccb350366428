// taskonomy finish through the real binary: a tiny run whose transfers are trained on.
#include <filesystem>
#include <string>

#include "core/base/files.hpp"
#include "tests/cli/binary.hpp"
#include "tests/cli/tiny_recipe.hpp"
#include "tests/support/testing.hpp"
#include "tests/support/text.hpp"

namespace {

namespace fs = std::filesystem;
using taskonomy::base::read_file;
using taskonomy::cli_test::file;
using taskonomy::cli_test::program;
using taskonomy::cli_test::refused;
using taskonomy::cli_test::scratch;
using taskonomy::cli_test::tiny_recipe;
using taskonomy::tests::has;

/// A finished comparison, made once; a copy for each test.
std::string compared_run(const std::string& name) {
  static const std::string made = [] {
    const auto run = scratch() + "/compared";
    REQUIRE(program("run " + file("compared.toml", tiny_recipe()) + " --out " + run + " --workers 0 --quiet")
                .code == 0);
    return run;
  }();
  fs::copy(made, scratch() + "/" + name, fs::copy_options::recursive);
  return scratch() + "/" + name;
}

const std::string kMine = R"([{"target": "normal", "sources": ["edge_texture", "depth_zbuffer"]},
                              {"target": "depth_zbuffer", "sources": ["random"]}])";

}  // namespace

TEST_CASE("a taxonomy's transfers are trained on, judged beside the others, and used from then on") {
  const auto run = compared_run("finished");
  const auto mine = file("mine.json", kMine);
  const auto transfer = read_file(run + "/transfers/normal/depth_zbuffer+edge_texture.safetensors");
  const auto affinities = read_file(run + "/affinity.csv");
  const std::string finish = "finish " + run + " --taxonomy " + mine + " --workers 0";
  const auto first = program(finish);
  INFO(first.err);
  REQUIRE(first.code == 0);
  CHECK(has(first.out, "normal, from depth_zbuffer+edge_texture: "));
  CHECK(has(first.out, "2 networks trained until the loss stopped falling"));
  CHECK(has(first.out, "edge_texture, depth_zbuffer") == false);  // labels of edges cost nothing
  const auto weights = run + "/finished/normal/depth_zbuffer+edge_texture.safetensors";
  const auto trained = read_file(weights);
  CHECK(trained != transfer);
  CHECK(has(read_file(run + "/finished/finished.csv"), "\nnormal,depth_zbuffer+edge_texture,"));
  // The comparison stays what it was.
  CHECK(read_file(run + "/transfers/normal/depth_zbuffer+edge_texture.safetensors") == transfer);
  CHECK(read_file(run + "/affinity.csv") == affinities);

  // Again: nothing is left to do. In worker processes: the same bytes.
  const auto second = program(finish);
  CHECK(second.out == first.out);
  CHECK(read_file(weights) == trained);
  const auto other = compared_run("finished_by_workers");
  REQUIRE(program("finish " + other + " --taxonomy " + mine + " --workers 2 --quiet").code == 0);
  CHECK(read_file(other + "/finished/normal/depth_zbuffer+edge_texture.safetensors") == trained);

  // predict takes the finished networks, or those of the comparison.
  REQUIRE(program("data export " + run + "/recipe.toml " + scratch() + "/finished_rooms").code == 0);
  std::string photograph;
  for (const auto& entry : fs::recursive_directory_iterator(scratch() + "/finished_rooms"))
    if (has(entry.path().filename().string(), "_rgb.png")) photograph = entry.path().string();
  const auto predicted = [&](const std::string& options) {
    const auto out = scratch() + "/predicted_by_finished";
    fs::remove_all(out);
    REQUIRE(program("predict " + run + " " + photograph + " --taxonomy " + mine + " --no-pictures --out " +
                    out + " " + options)
                .code == 0);
    for (const auto& entry : fs::directory_iterator(out + "/normal")) return read_file(entry.path());
    return std::string();
  };
  const auto by_finished = predicted("");
  CHECK(by_finished != predicted("--compared"));
  REQUIRE(
      program("finish " + run + " --taxonomy " + mine + " --tune --tasks normal --workers 0 --quiet").code ==
      0);
  CHECK(by_finished != predicted("--tasks normal"));
  CHECK(has(program("status " + run).out, "done"));
}

TEST_CASE("what cannot be finished is refused before anything begins") {
  const auto run = compared_run("not_finished");
  refused("finish " + scratch() + "/nowhere", 1, "no run is here");
  refused("finish " + run + " --set transfer.steps=3", 2, "expected finish.KEY=VALUE");
  refused("finish " + run + " --set finish.step=3", 1, "did you mean \"steps\"?");
  refused("finish " + run + " --set finish.tune_rate=0", 1, "tune_rate");
  refused("finish " + run + " --budget -1", 2, "--budget");
  refused("finish " + run + " --budget 1 --taxonomy x.json", 2, "exclude each other");
  refused("finish " + run + " --taxonomy " + file("empty.json", "[]"), 1, "empty.json: has no transfers");
  refused("finish " + run + " --taxonomy " + run + "/taxonomy.json", 1, "holds several taxonomies");
  refused("finish " + run + " --taxonomy " +
              file("wrong.json", R"([{"target": "random", "sources": ["normal"]}])"),
          1, "\"random\" is no target of the run");
  refused("finish " + run + " --taxonomy " +
              file("far.json", R"([{"target": "normal", "sources": ["normals"]}])"),
          1, "\"normals\" is no source of the run");
  refused("finish " + run + " --taxonomy " +
              file("three.json",
                   R"([{"target": "normal", "sources": ["random", "edge_texture", "depth_zbuffer"]}])"),
          1, "the run has no transfer from depth_zbuffer+edge_texture+random to normal");
  const auto half = scratch() + "/half_finished";
  REQUIRE(program("run " + file("half.toml", tiny_recipe()) + " --until transfers --out " + half +
                  " --workers 0 --quiet")
              .code == 0);
  refused("finish " + half, 1, "has no taxonomy yet; finish it with: taskonomy run");
  CHECK_FALSE(fs::exists(run + "/finished"));
}
