// The paper's sizes, 256 px and ResNet-50, on walls that are made up: every stage gets through, whatever its networks learn in
// two steps.
#include <filesystem>
#include <string>

#include "core/base/json.hpp"
#include "tests/cli/binary.hpp"
#include "tests/support/testing.hpp"
#include "tests/support/text.hpp"

using namespace taskonomy::cli_test;
using taskonomy::tests::has;
namespace fs = std::filesystem;

namespace {

/// paper.toml on twelve walls, with what more is set.
std::string paper(const std::string& more) {
  return " '" TASKONOMY_SOURCE_DIR "/share/recipes/paper.toml' --plugin-dir '" + kBuild +
         "/fixtures/made_up' --set data.dataset=made_up --set data.scenes=12 --set "
         "data.samples_per_scene=1 " +
         more;
}

}  // namespace

TEST_CASE("paper.toml can be planned for GPUs on a machine without one, with all of its tasks") {
  const auto outcome = program("plan" + paper("--device cuda --no-trial --format json"));
  REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
  const auto plan = taskonomy::base::parse_json(outcome.out);
  CHECK(plan.at("jobs").count() > 1400);
  // 23.5 million weights four times, and 32 images of a ResNet-50 with 15 layers of a decoder.
  const double gib = plan.at("gpu_memory_of_worker").number() / (1 << 30);
  CHECK(gib > 4.0);
  CHECK(gib < 40.0);
}

TEST_CASE("sources and transfers of the paper's networks train, from samples to the answer") {
  const std::string folder = scratch() + "/paper";
  const auto outcome = program(
      "run" + paper("--set 'tasks=[\"normal\",\"edge_texture\",\"fixated_pose\"]' --set source.steps=2 "
                    "--set source.batch=2 --set transfer.steps=2 --set transfer.batch=2 "
                    "--set scratch.steps=2 --set transfer.orders=[1] --set compute.precision=float32 "
                    "--workers 1 --quiet --out " +
                    folder));
  REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
  CHECK(fs::exists(folder + "/affinity.csv"));
  // 8 bit, 3 channels, 12 images of 256 px: about 2.4 MB.
  CHECK(fs::file_size(folder + "/examples/images-single.safetensors") > 12U * 3 * 256 * 256);
}
