// share/python/taskonomy.py reads what a run holds: the numbers of its own files, read by another program.
#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdlib>
#include <string>

#include "core/base/files.hpp"
#include "core/base/text.hpp"
#include "tests/cli/binary.hpp"
#include "tests/cli/tiny_recipe.hpp"
#include "tests/support/testing.hpp"
#include "tests/support/text.hpp"

namespace {

using taskonomy::cli_test::file;
using taskonomy::cli_test::program;
using taskonomy::cli_test::scratch;
using taskonomy::cli_test::tiny_recipe;
using taskonomy::tests::has;

constexpr const char* kPython = "/usr/bin/python3";

/// What a Python program prints that has the reader on its path.
std::string printed(const std::string& name, const std::string& text) {
  const auto script = file(name + ".py", text), answer = scratch() + "/" + name + ".txt";
  const std::string command =
      std::string("PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=" TASKONOMY_SOURCE_DIR "/share/python ") + kPython +
      " " + script + " >" + answer + " 2>&1";
  CHECK(std::system(command.c_str()) == 0);
  return taskonomy::base::read_file(answer);
}

}  // namespace

TEST_CASE("Python reads a run: affinities, losses, taxonomies and weights") {
  if (std::system((std::string(kPython) + " -c 'import numpy' 2>/dev/null").c_str()) != 0) {
    MESSAGE("skipped: ", kPython, " has no numpy (apt-get install python3-numpy)");
    return;
  }
  const auto folder = scratch() + "/read_by_python";
  REQUIRE(program("run " + file("python.toml", tiny_recipe()) + " --out " + folder + " --workers 0").code ==
          0);
  const auto told = nlohmann::json::parse(printed("reads", std::string(R"py(
import json, taskonomy
run = taskonomy.load(")py") + folder + R"py(")
losses = run.losses("normal")
print(json.dumps({
    "targets": run.targets,
    "affinity": run.affinity["edge_texture", "normal"],
    "shape": losses.values.shape,
    "rows": losses.rows,
    "wins": float((losses["edge_texture"] < losses["(scratch)"]).mean()),
    "gain": run.gain["edge_texture", "normal"],
    "budgets": [taxonomy.budget for taxonomy in run.taxonomies],
    "served": sorted(run.taxonomy(1).transfers),
    "width": run.recipe["encoder"]["width"],
    "own": len(run.weights("normal")),
    "transfer": len(run.weights("normal", ["edge_texture"])),
}))
)py"));
  CHECK(told.at("targets") == nlohmann::json({"edge_texture", "normal", "depth_zbuffer"}));
  double affinity = -1.0, gain = -1.0;
  for (const auto& line :
       taskonomy::base::split(taskonomy::base::read_file(folder + "/affinity.csv"), '\n')) {
    const auto cells = taskonomy::base::split(line, ',');
    if (cells.size() < 4 || cells[0] != "edge_texture" || cells[1] != "normal") continue;
    affinity = std::stod(cells[2]);
    gain = std::stod(cells[3]);
  }
  CHECK(told.at("affinity").get<double>() == doctest::Approx(affinity));
  CHECK(told.at("gain").get<double>() == doctest::Approx(gain));
  CHECK(std::abs(told.at("wins").get<double>() - gain) < 0.01);  // no ties to speak of
  CHECK(told.at("shape")[0] == told.at("rows").size());
  CHECK(told.at("served") == nlohmann::json({"depth_zbuffer", "edge_texture", "normal"}));
  CHECK(told.at("width") == 8);
  CHECK(told.at("own").get<int>() > told.at("transfer").get<int>());
  CHECK(told.at("transfer").get<int>() > 10);

  const auto refusals = printed("refused", std::string(R"py(
import taskonomy
run = taskonomy.load(")py") + folder + R"py(")
for bad in (lambda: taskonomy.load("/nowhere"), lambda: run.losses("nothing"), lambda: run.taxonomy(-1),
            lambda: run.weights("nothing"), lambda: run.affinity["nothing"]):
    try:
        bad()
        print("accepted")
    except (taskonomy.Error, KeyError) as error:
        print(error)
)py");
  CHECK_FALSE(has(refusals, "accepted"));
  CHECK(has(refusals, "/nowhere: no run is here"));
  CHECK(has(refusals, "no losses of \"nothing\"; the run has those of "));
  CHECK(has(refusals, "no taxonomy for budget -1"));
}

TEST_CASE("Python predicts by a run's networks, and writes them as ONNX") {
  // Another Python than Debian's by TASKONOMY_PYTHON, because Debian has no onnxruntime.
  const char* named = std::getenv("TASKONOMY_PYTHON");
  const std::string python = named == nullptr ? kPython : named;
  if (std::system((python + " -c 'import torch, numpy' 2>/dev/null").c_str()) != 0) {
    MESSAGE("skipped: ", python, " has no torch (apt-get install python3-torch)");
    return;
  }
  const auto run = scratch() + "/predicting_in_python";
  REQUIRE(program("run " + file("predicting.toml", tiny_recipe()) + " --out " + run + " --workers 0").code ==
          0);
  const auto script = file("predictor.py", std::string(R"py(
import sys
import numpy, taskonomy
run = taskonomy.load(sys.argv[1])
predictor = run.predictor(1, program=sys.argv[2])
images = numpy.random.RandomState(1).randint(0, 256, (3, 16, 24, 3)).astype(numpy.uint8)
told = predictor(images)
assert sorted(told) == ["depth_zbuffer", "edge_texture", "normal"], told.keys()
assert told["normal"].shape == (3, 3, 16, 16)
same = predictor(images[:, :, 4:20].astype(numpy.float32) / 255)
assert numpy.abs(same["normal"] - told["normal"]).max() < 1e-5
assert predictor.about["side"] == 16
try:
    run.predictor(2, program="/nowhere/taskonomy")
except taskonomy.Error as error:
    assert "not found" in str(error)
)py"));
  const std::string with_reader =
      "PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=" TASKONOMY_SOURCE_DIR "/share/python ";
  CHECK(std::system((with_reader + python + " " + script + " " + run + " " + taskonomy::cli_test::kBuild +
                     "/bin/taskonomy")
                        .c_str()) == 0);
  if (std::system((python + " -c 'import onnx' 2>/dev/null").c_str()) != 0) {
    MESSAGE("ONNX skipped: ", python,
            " has no onnx (TASKONOMY_PYTHON names a Python with torch, onnx, onnxruntime)");
    return;
  }
  const std::string to_onnx = python + " " TASKONOMY_SOURCE_DIR "/share/python/to_onnx.py " + run +
                              "/exported/taxonomy-1.pt " + run + "/taxonomy.onnx";
  CHECK(std::system((to_onnx + " >" + run + "/told.txt").c_str()) == 0);
  CHECK(has(taskonomy::base::read_file(run + "/told.txt"), "depth_zbuffer, edge_texture, normal; "));
  CHECK(std::system((to_onnx + " --method pairs 2>" + run + "/told.txt").c_str()) != 0);
  CHECK(has(taskonomy::base::read_file(run + "/told.txt"), "has no method pairs; it has forward"));
}
