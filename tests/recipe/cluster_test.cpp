// The section [cluster]: read with its places, never kept by a run's folder.
#include "core/recipe/cluster.hpp"

#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/jobs/run_directory.hpp"
#include "core/recipe/recipe.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
using tests::Folder;

namespace {

constexpr const char* kSmallRecipe = "tasks = [\"a\"]\n[data]\ndataset = \"fake\"\n";

/// What reading this file says.
std::string refusal_of_cluster(const std::string& text, const std::vector<std::string>& overrides = {}) {
  const Folder folder;
  base::write_file(folder / "c.toml", text);
  try {
    static_cast<void>(recipe::read_cluster(folder / "c.toml", overrides));
  } catch (const base::Error& error) {
    return error.what();
  }
  return "";
}

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("[cluster] is read from a file of its own or a recipe, with keys on top") {
  const Folder folder;
  base::write_file(folder / "c.toml",
                   "[cluster]\nlaunch = [\"ssh a\", \"ssh b\"]\npilots = 2\ntime = \"1:30:00\"\n");
  const auto cluster = recipe::read_cluster(folder / "c.toml", {"pilots=5", "settle=2.5", "launch=env"});
  CHECK(cluster.launch == std::vector<std::string>{"env"});
  CHECK(cluster.pilots == 5);
  CHECK(cluster.settle == 2.5);
  CHECK(cluster.seconds() == 5400.0);
  base::write_file(folder / "r.toml",
                   std::string(kSmallRecipe) + "[cluster]\nengine = \"slurm\"\npartition = \"long\"\n");
  CHECK(recipe::read_cluster(folder / "r.toml", {}).partition == "long");
  const auto recipe = recipe::read_recipe(folder / "r.toml", {"cluster.pilots=3"});
  REQUIRE(recipe.cluster);
  CHECK(recipe.cluster->pilots == 3);
  CHECK_FALSE(recipe::parse_recipe(kSmallRecipe, "r.toml").cluster);
}

TEST_CASE("mistakes in [cluster] are named with their places") {
  CHECK(says(refusal_of_cluster("pilots = 3\n"), "no section [cluster]"));
  CHECK(says(refusal_of_cluster("[cluster]\nlaunch = \"env\"\npilot = 3\n"),
             "c.toml:3: [cluster] pilot: unknown key; did you mean \"pilots\"?"));
  CHECK(says(refusal_of_cluster("[cluster]\nlaunch = \"env\"\npilots = 0\n"),
             "c.toml:3: [cluster] pilots: expected an integer"));
  CHECK(says(refusal_of_cluster("[cluster]\nlaunch = \"env\"\ntime = \"soon\"\n"),
             "expected a time as Slurm writes it"));
  CHECK(says(refusal_of_cluster("[cluster]\nengine = \"pbs\"\n"),
             "expected one of \"launch\", \"slurm\", got \"pbs\""));
  CHECK(says(refusal_of_cluster("[cluster]\npilots = 2\n"), "[cluster] launch: missing"));
  CHECK(says(refusal_of_cluster("[cluster]\nlaunch = \"env\"\n[compute]\nworkers = 2\n"),
             "nothing but the section [cluster]"));
  CHECK(
      says(refusal_of_cluster("[cluster]\nlaunch = \"env\"\n", {"pilots=many"}), "--set: [cluster] pilots"));
}

TEST_CASE("times are read as Slurm writes them") {
  for (const auto& [text, seconds] : std::vector<std::pair<std::string, double>>{{"30", 1800},
                                                                                 {"1:30", 90},
                                                                                 {"2:00:00", 7200},
                                                                                 {"1-00", 86400},
                                                                                 {"2-01:30", 178200},
                                                                                 {"1-00:00:05", 86405},
                                                                                 {"", 0},
                                                                                 {"1:2:3:4", 0},
                                                                                 {"-5", 0},
                                                                                 {"1h", 0}})
    CHECK_MESSAGE(recipe::slurm_seconds(text) == seconds, text);
}

TEST_CASE(
    "a run's folder keeps no [cluster], and one that comes with a folder is refused: it names commands") {
  const Folder folder;
  const jobs::RunDirectory run(folder.path());
  auto recipe = recipe::parse_recipe(std::string(kSmallRecipe) + "[cluster]\nlaunch = \"env\"\n", "r.toml");
  run.prepare(recipe);
  CHECK_FALSE(says(base::read_file(run.recipe_file()), "cluster"));
  CHECK_NOTHROW(static_cast<void>(run.read_recipe()));
  base::write_file(run.recipe_file(), std::string(kSmallRecipe) + "[cluster]\nlaunch = \"rm -rf ~\"\n");
  CHECK_THROWS_WITH_AS(static_cast<void>(run.read_recipe()),
                       doctest::Contains("[cluster] would run commands that came with a run's folder"),
                       base::Error);
}
