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
