// `taskonomy data preview` through the real binary: a readable picture, the same every time, and plain
// refusals.
#include <filesystem>

#include "core/base/files.hpp"
#include "tests/cli/binary.hpp"
#include "tests/support/testing.hpp"

using taskonomy::base::read_file;
using taskonomy::cli_test::Outcome;
using taskonomy::cli_test::program;
using taskonomy::cli_test::scratch;

namespace {

const std::string kRecipes = TASKONOMY_SOURCE_DIR "/share/recipes/";

Outcome preview(const std::string& arguments) { return program("data preview " + arguments); }

/// Width of a PNG image, from its header.
int width_of(const std::string& png) {
  int width = 0;
  for (std::size_t i = 16; i < 20; ++i) width = width * 256 + static_cast<unsigned char>(png.at(i));
  return width;
}

void check_refused_preview(const std::string& arguments, int code, const std::string& text) {
  taskonomy::cli_test::refused("data preview " + arguments, code, text);
}

}  // namespace

TEST_CASE(
    "the demo's sheet: a PNG with a column of at least 128 pixels per task, byte for byte the same again") {
  const std::string first = scratch() + "/first.png", second = scratch() + "/second.png";
  const auto outcome = preview(kRecipes + "demo.toml --samples 3 --split test --out " + first);
  INFO(outcome.err);
  REQUIRE(outcome.code == 0);
  CHECK(outcome.out.find("3 samples of split test") != std::string::npos);
  const std::string png = read_file(first);
  CHECK(png.substr(0, 4) == "\x89PNG");
  CHECK(width_of(png) > 9 * 128);
  CHECK(preview(kRecipes + "demo.toml --samples 3 --split test --out " + second).code == 0);
  CHECK(read_file(second) == png);
  CHECK(preview(kRecipes + "demo.toml --samples 3 --split train --out " + second).code == 0);
  CHECK(read_file(second) != png);
}

TEST_CASE("the same sheet as a document of vectors, for a paper") {
  for (const std::string ending : {"pdf", "svg"}) {
    const std::string first = scratch() + "/first." + ending, second = scratch() + "/second." + ending;
    REQUIRE(preview(kRecipes + "demo.toml --samples 1 --out " + first).code == 0);
    REQUIRE(preview(kRecipes + "demo.toml --samples 1 --out " + second).code == 0);
    const std::string document = read_file(first);
    CHECK(document.substr(0, 5) == (ending == "pdf" ? "%PDF-" : "<?xml"));
    CHECK(read_file(second) == document);
  }
}

TEST_CASE("all 26 tasks of the mini recipe but the untrained one are drawn, pairs and triplets below") {
  const auto outcome =
      preview(kRecipes + "mini.toml --set data.rooms=8 --samples 1 --out " + scratch() + "/mini.png");
  INFO(outcome.err);
  CHECK(outcome.code == 0);
  CHECK(outcome.err.empty());
  CHECK(outcome.out.find("5 samples of split train") != std::string::npos);  // one of each kind of views
  CHECK(outcome.out.find("29 columns beside the input") !=
        std::string::npos);  // 25 targets, 4 inputs of their own
}

TEST_CASE("a sheet of augmented examples: another picture, the same every time") {
  const auto sheet = [](const std::string& augment) {
    const std::string file = scratch() + "/augmented.png";
    const auto outcome = preview(kRecipes + "demo.toml --samples 1 --augment " + augment + " --out " + file);
    INFO(outcome.err);
    REQUIRE(outcome.code == 0);
    return read_file(file);
  };
  const std::string strong = sheet("strong");
  CHECK(sheet("strong") == strong);
  CHECK(sheet("light") != strong);
  CHECK(sheet("none") != strong);
  check_refused_preview(kRecipes + "demo.toml --augment much", 2, "augment");
}

TEST_CASE("what cannot be drawn is said plainly, and no picture is written") {
  check_refused_preview(kRecipes + "demo.toml --split tset", 2, "did you mean \"test\"?");
  check_refused_preview(kRecipes + "demo.toml --out x.jpg", 2,
                        "--out: expected FILE.png, FILE.pdf or FILE.svg");
  check_refused_preview(kRecipes + "demo.toml --samples 0", 2, "samples");
  check_refused_preview(kRecipes + "none.toml", 1, "none.toml");
  check_refused_preview(kRecipes + "nyuv2.toml", 1, "--set data.root=...");
  check_refused_preview(kRecipes + "nyuv2.toml --set data.root=" + scratch() + "/nowhere", 1,
                        "nowhere: cannot read the data folder");
  check_refused_preview(kRecipes + "demo.toml --set task.edge_texture.sigm=2 --out " + scratch() + "/x.png",
                        1, "did you mean \"sigma\"?");
  check_refused_preview(kRecipes + "demo.toml --samples 1 --out /proc/none/x.png", 1, "/proc/none");
  check_refused_preview(kRecipes + "demo.toml --plugin-dir " + scratch() + "/none", 1, "/none");
  CHECK_FALSE(std::filesystem::exists(scratch() + "/x.png"));
  CHECK(program("data prevew").code == 2);
}
