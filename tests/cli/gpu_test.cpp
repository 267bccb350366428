// Commands on a machine with GPUs, which a driver stands for that only says what there is (tests/fixtures/gpu_driver): what
// is planned and what is refused. Nothing computes on them.
#include <string>

#include "core/base/json.hpp"
#include "tests/cli/binary.hpp"
#include "tests/cli/tiny_recipe.hpp"
#include "tests/support/testing.hpp"
#include "tests/support/text.hpp"

using namespace taskonomy::cli_test;
using taskonomy::tests::has;

namespace {

/// `taskonomy ARGUMENTS` where the driver has these GPUs.
Outcome program_with(const std::string& gpus, const std::string& arguments) {
  const std::string before =
      "LD_LIBRARY_PATH='" TASKONOMY_BINARY_DIR "/fixtures/gpu_driver' TASKONOMY_FAKE_GPUS='" + gpus + "' ";
  return program(arguments, before);
}

const std::string kTwo = "13000 H100:9.0:80 H100:9.0:80";

std::string plan(const std::string& more) {
  return "plan " + file("gpus.toml", tiny_recipe()) + " --no-trial --format json --device cuda " + more;
}

taskonomy::base::JsonReader answer(const Outcome& outcome) {
  REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
  return taskonomy::base::parse_json(outcome.out);
}

}  // namespace

TEST_CASE("a plan counts workers by GPUs, and says what a worker takes of a GPU's memory") {
  const auto two = answer(program_with(kTwo, plan("--set compute.workers_per_gpu=1")));
  CHECK(two.at("workers").count() == 2);
  const double bytes = two.at("gpu_memory_of_worker").number();
  CHECK(bytes > 600.0 * (1 << 20));  // CUDA's own
  CHECK(bytes < 2.0 * (1 << 30));    // networks of 16 px and 8 channels
  // Twice the batch holds more.
  const auto more = answer(program_with(kTwo, plan("--set source.batch=64")));
  CHECK(more.at("gpu_memory_of_worker").number() > bytes);
  CHECK(answer(program_with(kTwo, plan("--workers 5"))).at("workers").count() == 5);
  CHECK(
      answer(program_with(kTwo, plan("--workers 5 --set compute.workers_per_gpu=2"))).at("workers").count() ==
      4);
}

TEST_CASE("a plan for GPUs needs none") {
  const auto none = program_with("13000", plan("--set compute.workers_per_gpu=3"));
  CHECK(answer(none).at("workers").count() >= 1);
  const auto text = program("plan " + file("gpus.toml", tiny_recipe()) + " --no-trial --device cuda");
  CHECK(text.code == 0);
  CHECK(has(text.out, "GPUs: none on this machine, "));
}

TEST_CASE("GPUs too old for bfloat16: auto means float32 and says so; bfloat16 is what it was asked for") {
  const std::string note = "note: the V100 (compute capability 7.0) has no instructions for bfloat16";
  CHECK(has(program_with("12040 A100:8.0:40 V100:7.0:16", plan("")).err, note));
  CHECK_FALSE(has(program_with(kTwo, plan("")).err, note));
  CHECK_FALSE(has(program_with("12040 V100:7.0:16", plan("--set compute.precision=float32")).err, note));
}

TEST_CASE("a run on GPUs is refused where LibTorch or the driver has none, before anything is made") {
  const auto outcome =
      program("run " + file("gpus.toml", tiny_recipe()) + " --device cuda --out " + scratch() + "/no");
  CHECK(outcome.code == 1);
  CHECK(has(outcome.err, "error: [compute] device: \"cuda\", but "));
  CHECK(has(outcome.err, "; or use device = \"cpu\""));
  CHECK(program("status " + scratch() + "/no").code == 1);
}

TEST_CASE("a run that others compute needs no GPU here; its pilots say what they lack") {
  const std::string folder = scratch() + "/pilots";
  const auto outcome =
      program("run " + file("gpus.toml", tiny_recipe()) + " --device cuda --out " + folder + " --cluster " +
              file("pretend.toml", "[cluster]\nlaunch = \"env\"\nworkers = 1\n"));
  CHECK(outcome.code == 1);
  CHECK_MESSAGE(has(outcome.err, "is gone: a worker could not begin: "), outcome.err);
  CHECK_MESSAGE(has(outcome.err, "[compute] device: \"cuda\", but "), outcome.err);
}
