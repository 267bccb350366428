// Runs with an encoder trained elsewhere: a source like the others, or refused before anything is made.
#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "core/base/files.hpp"
#include "core/base/text.hpp"
#include "tests/cli/binary.hpp"
#include "tests/cli/tiny_recipe.hpp"
#include "tests/support/testing.hpp"
#include "tests/support/text.hpp"

namespace {

namespace fs = std::filesystem;
using taskonomy::base::read_file;
using taskonomy::cli_test::file;
using taskonomy::cli_test::Outcome;
using taskonomy::cli_test::program;
using taskonomy::cli_test::scratch;
using taskonomy::cli_test::tiny_recipe;
using taskonomy::tests::has;

const std::string kNetworks = TASKONOMY_SOURCE_DIR "/tests/fixtures/pretrained/";

/// The tiny recipe with a source "elsewhere", its file beside it.
std::string recipe_with(const std::string& keys) {
  const auto recipe =
      file("pretrained.toml", tiny_recipe({.tasks = {"edge_texture", "normal", "denoising", "random"},
                                           .tail = "[sources.elsewhere]\n" + keys}));
  for (const std::string name : {"small.pt", "weights.pt"})
    fs::copy_file(kNetworks + name, scratch() + "/" + name, fs::copy_options::overwrite_existing);
  return recipe;
}

/// Jobs of a stage that `taskonomy plan` finds: all, and done.
std::pair<int, int> planned(const std::string& recipe, const std::string& folder, const std::string& stage,
                            const std::string& options = "") {
  const auto outcome =
      program("plan " + recipe + " --out " + folder + " --no-trial --format json " + options);
  REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
  const auto plan = nlohmann::json::parse(outcome.out);
  for (const auto& one : plan.at("stages"))
    if (one.at("name") == stage) return {one.at("jobs"), one.at("done")};
  FAIL("no stage " << stage);
  return {};
}

}  // namespace

TEST_CASE("a TorchScript network takes part as a source, alone and joined, and is nobody's target") {
  const auto recipe = recipe_with("torchscript = \"small.pt\"\noutput = 0\nside = 32\nlabel_cost = 0.25\n");
  const auto folder = scratch() + "/pretrained";
  const Outcome outcome = program("run " + recipe + " --out " + folder + " --workers 0");
  REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
  CHECK(has(outcome.out, "elsewhere"));

  std::size_t alone = 0, joined = 0;
  for (const auto& line : taskonomy::base::split(read_file(folder + "/affinity.csv"), '\n')) {
    const auto cells = taskonomy::base::split(line, ',');
    if (cells.size() < 3) continue;
    const auto sources = taskonomy::base::split(cells[0], '+');
    CHECK(cells[1] != "elsewhere");
    if (std::find(sources.begin(), sources.end(), "elsewhere") == sources.end()) continue;
    sources.size() == 1 ? ++alone : ++joined;
  }
  CHECK(alone == 3);  // one for each target
  CHECK(joined > 0);  // orders 1 and 2, of the three best of three or four sources

  CHECK(fs::exists(folder + "/features/elsewhere/single.safetensors"));
  CHECK(fs::exists(folder + "/features/elsewhere/denoising.safetensors"));  // whose input is its own
  CHECK_FALSE(fs::exists(folder + "/sources/elsewhere.safetensors"));
  const auto manifest = nlohmann::json::parse(read_file(folder + "/manifest.json"));
  CHECK(manifest.at("label_costs").at("elsewhere") == 0.25);
  const auto told = "elsewhere: TorchScript network " + scratch() + "/small.pt";
  CHECK(has(program("status " + folder).out, "pretrained source " + told));
  CHECK(has(program("plan " + recipe + " --out " + folder + " --no-trial").out, "pretrained source " + told));
  CHECK(has(read_file(folder + "/report.html"), told));
  CHECK(has(program("solve " + folder + " --budget 2 --force elsewhere").out, "elsewhere"));

  // The file may move; what is made of its content stays. Another side of its images is another network.
  fs::copy_file(scratch() + "/small.pt", scratch() + "/moved.pt");
  const auto moved = "--set sources.elsewhere.torchscript=" + scratch() + "/moved.pt";
  CHECK(planned(recipe, folder, "features", moved) == planned(recipe, folder, "features"));
  CHECK(planned(recipe, folder, "features", moved).second == planned(recipe, folder, "features").first);
  const auto [all, done] = planned(recipe, folder, "features", "--set sources.elsewhere.side=16");
  CHECK(all - done == 2);
  const auto [sources, trained] = planned(recipe, folder, "source", "--set sources.elsewhere.side=16");
  CHECK(sources == trained);
  CHECK(program("run " + recipe + " --out " + folder + " --workers 0 --quiet " + moved).code == 0);
}

TEST_CASE("a network that fails costs its own jobs; the rest of the run stands") {
  const auto recipe = recipe_with("torchscript = \"small.pt\"\nmethod = \"tokens\"\n");
  const auto folder = scratch() + "/failing-source";
  const Outcome outcome = program("run " + recipe + " --out " + folder + " --workers 1");
  CHECK(outcome.code == 4);
  CHECK_MESSAGE(has(outcome.out + outcome.err, "features/elsewhere/single"), outcome.err);
  CHECK_MESSAGE(has(outcome.out + outcome.err, "expected a feature map [B,K,h,w] or one vector per image"),
                outcome.err);
  CHECK_FALSE(has(read_file(folder + "/affinity.csv"), "elsewhere"));
  CHECK(has(read_file(folder + "/affinity.csv"), "random,normal"));
}

TEST_CASE("files that cannot be a source are refused before anything is made") {
  struct Mistake {
    std::string keys, message;
  };
  for (const auto& [keys, message] : std::vector<Mistake>{
           {"torchscript = \"missing.pt\"\n", "missing.pt: cannot read: No such file or directory"},
           {"torchscript = \"weights.pt\"\n", "weights.pt: holds weights alone (torch.save)"},
           {"torchscript = \"pretrained.toml\"\n", "pretrained.toml: not a TorchScript file"},
           {"safetensors = \"small.pt\"\narchitecture = \"resnet18\"\n",
            "small.pt: not a sound safetensors file"},
           {"torchscript = \"small.pt\"\n[sources.normal]\ntorchscript = \"small.pt\"\n",
            "[sources.normal]: \"normal\" is a task of this recipe"}}) {
    const auto recipe = recipe_with(keys);
    const Outcome outcome = program("run " + recipe + " --out " + scratch() + "/refused-source");
    CHECK(outcome.code == 1);
    CHECK_MESSAGE(has(outcome.err, message), outcome.err);
    CHECK_MESSAGE(has(outcome.err, "pretrained.toml:"), outcome.err);
    CHECK_FALSE(fs::exists(scratch() + "/refused-source"));
  }
}
