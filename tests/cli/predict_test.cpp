// taskonomy predict through the real binary: a tiny run, its own photographs, and what must be refused.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/base/files.hpp"
#include "core/base/text.hpp"
#include "tests/cli/binary.hpp"
#include "tests/cli/tiny_recipe.hpp"
#include "tests/support/testing.hpp"
#include "tests/support/text.hpp"

namespace {

namespace fs = std::filesystem;
using taskonomy::base::read_file;
using taskonomy::base::write_file;
using taskonomy::cli_test::file;
using taskonomy::cli_test::program;
using taskonomy::cli_test::refused;
using taskonomy::cli_test::scratch;
using taskonomy::cli_test::tiny_recipe;
using taskonomy::tests::has;

/// A run of three targets that is finished, and some photographs of its rooms.
struct Finished {
  std::string run = scratch() + "/predicted_run";
  std::vector<std::string> photographs;

  Finished() {
    const auto recipe = file("predicted.toml", tiny_recipe());
    REQUIRE(program("run " + recipe + " --out " + run + " --workers 0 --quiet").code == 0);
    const auto rooms = scratch() + "/predicted_rooms";
    REQUIRE(program("data export " + recipe + " " + rooms).code == 0);
    for (const auto& entry : fs::recursive_directory_iterator(rooms))
      if (has(entry.path().filename().string(), "_rgb.png")) photographs.push_back(entry.path().string());
    std::sort(photographs.begin(), photographs.end());
    photographs.resize(3);
  }
};

std::vector<nlohmann::json> told_in(const std::string& folder) {
  std::vector<nlohmann::json> lines;
  for (const auto& line : taskonomy::base::split(read_file(folder + "/predictions.jsonl"), '\n'))
    if (!line.empty()) lines.push_back(nlohmann::json::parse(line));
  return lines;
}

}  // namespace

TEST_CASE("a run's networks predict photographs, go on where they stopped, and name what they cannot read") {
  const Finished finished;
  const auto& [run, photographs] = finished;
  const auto out = scratch() + "/predictions";
  const auto first =
      program("predict " + run + " " + photographs[0] + " " + photographs[1] + " --out " + out);
  INFO(first.err);
  CHECK(first.code == 0);
  CHECK(has(first.out, "2 predictions of 3 targets in " + out));
  auto lines = told_in(out);
  REQUIRE(lines.size() == 2);
  for (const std::string target : {"edge_texture", "normal", "depth_zbuffer"})
    for (const auto* part : {"numbers", "picture"})
      CHECK(fs::exists(out + "/" + lines[0]["targets"][target][part].get<std::string>()));
  CHECK(lines[0]["targets"]["depth_zbuffer"]["unit"] == "m");
  CHECK(fs::exists(out + "/sheet.png"));

  const auto broken = file("broken.png", "no image");
  const auto whole = read_file(out + "/" + lines[0]["targets"]["normal"]["numbers"].get<std::string>());
  std::ofstream(out + "/predictions.jsonl", std::ios::app) << "{\"id\":\"cut of";  // by a full disk
  const auto all = photographs[0] + " " + photographs[1] + " " + photographs[2] + " " + broken;
  const auto more = program("predict " + run + " " + all + " --continue --out " + out);
  CHECK(more.code == 4);
  CHECK(has(more.err, "left out: " + broken + ": "));
  lines = told_in(out);
  CHECK(lines.size() == 3);

  // One target by its own network, numbers alone: the same photographs by way of standard input.
  const auto list = file("photographs.txt", photographs[0] + "\n");
  const auto own = taskonomy::cli_test::kBuild + "/bin/taskonomy predict " + run +
                   " - --own --tasks normal --no-pictures --size network --quiet --out " + out + "2 <" + list;
  CHECK(std::system(own.c_str()) == 0);
  CHECK(told_in(out + "2")[0]["targets"]["normal"]["shape"] == nlohmann::json({3, 16, 16}));
  CHECK_FALSE(fs::exists(out + "2/sheet.png"));
  CHECK(read_file(out + "/" + lines[0]["targets"]["normal"]["numbers"].get<std::string>()) == whole);
}

TEST_CASE("an exported file predicts as its run does, and takes no choice among a run's networks") {
  const Finished finished;
  const auto& [run, photographs] = finished;
  const auto exported = run + ".pt", out = scratch() + "/by_file";
  REQUIRE(program("export " + run + " --budget 1 --out " + exported).code == 0);
  const auto by_run = program("predict " + run + " " + photographs[0] + " --budget 1 --out " + out + "_not");
  REQUIRE_MESSAGE(by_run.code == 0, by_run.err);
  const auto outcome = program("predict " + exported + " " + photographs[0] + " --out " + out);
  REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
  CHECK(has(outcome.out, "1 prediction of 3 targets in " + out));
  const auto told = told_in(out)[0], expected = told_in(out + "_not")[0];
  CHECK(told["targets"] == expected["targets"]);  // names, shapes, units
  CHECK(has(read_file(out + "/sheet.png"), "PNG"));

  CHECK(program("predict " + exported + " " + photographs[0] + " --tasks normal --out " + out + "2").code ==
        0);
  CHECK(told_in(out + "2")[0]["targets"].size() == 1);
  refused("predict " + exported + " " + photographs[0] + " --own", 2, "an exported file holds one taxonomy");
  refused("predict " + exported + " --pairs a.png,b.png", 1, "sees single photographs");
  refused("predict " + photographs[0] + " " + photographs[0], 1,
          "not a file of taskonomy export, or damaged");
}

TEST_CASE("a run that was copied to another machine predicts without its data") {
  taskonomy::cli_test::TinyRecipe recipe;
  recipe.tasks = {"normal", "depth_zbuffer"};
  const auto rooms = scratch() + "/learned_rooms", run = scratch() + "/learned_run";
  REQUIRE(program("data export " + file("learned_rooms.toml", tiny_recipe(recipe)) + " " + rooms).code == 0);
  recipe.photos = rooms;
  const auto learned = program("run " + file("learned.toml", tiny_recipe(recipe)) +
                               " --until sources --workers 0 --quiet --out " + run);
  INFO(learned.err);
  REQUIRE(learned.code == 0);
  std::string photograph = scratch() + "/kept.png";
  for (const auto& entry : fs::recursive_directory_iterator(rooms))
    if (has(entry.path().filename().string(), "_rgb.png"))
      fs::copy_file(entry.path(), photograph, fs::copy_options::overwrite_existing);
  const auto copy = scratch() + "/copied_run";
  fs::copy(run, copy, fs::copy_options::recursive);
  fs::remove_all(run);
  fs::remove_all(rooms);
  const auto predicted = program("predict " + copy + " " + photograph + " --own --out " + copy + "_said");
  INFO(predicted.err);
  CHECK(predicted.code == 0);
  CHECK(told_in(copy + "_said")[0]["targets"]["depth_zbuffer"]["unit"] == "m");
  CHECK(program("show " + copy + " --own").code == 0);
  CHECK(program("export " + copy + " --own --out " + copy + ".pt").code == 0);
  // A run of an earlier version did not keep what it knew of its data.
  fs::remove(copy + "/dataset.json");
  refused("predict " + copy + " " + photograph + " --own --out " + copy + "_said", 1, rooms);
}

TEST_CASE("predict says what is missing and how to get it") {
  const Finished finished;
  const auto& [run, photographs] = finished;
  refused("predict " + scratch() + "/nowhere " + photographs[0], 1, "no run is here");
  refused("predict " + run, 2, "IMAGES... is missing");
  refused("predict " + run + " /nowhere.png", 1, "/nowhere.png: there is no such file or folder");
  refused("predict " + run + " " + photographs[0] + " --tasks normals", 1, "did you mean \"normal\"?");
  refused("predict " + run + " " + photographs[0] + " --own --budget 1", 2, "exclude each other");
  refused("predict " + run + " --pairs a.png,b.png", 1, "sees single photographs");
  const auto half = scratch() + "/half_run";
  REQUIRE(program("run " + file("half.toml", tiny_recipe()) + " --until sources --out " + half +
                  " --workers 0 --quiet")
              .code == 0);
  refused("predict " + half + " " + photographs[0] + " --out " + scratch() + "/half", 1,
          "has no taxonomy yet; finish it with: taskonomy run");
  CHECK(program("predict " + half + " " + photographs[0] + " --own --out " + scratch() + "/half").code == 0);
  fs::remove(run + "/sources/normal.safetensors");
  refused("predict " + run + " " + photographs[0] + " --own --out " + scratch() + "/gone", 1,
          "normal.safetensors: is not there; taskonomy run ");
}

TEST_CASE("Python runs an exported taxonomy without any code of ours") {
  constexpr const char* python = "/usr/bin/python3";
  if (std::system((std::string(python) + " -c 'import torch, numpy' 2>/dev/null").c_str()) != 0) {
    MESSAGE("skipped: ", python, " has no torch (apt-get install python3-torch)");
    return;
  }
  const auto run = scratch() + "/exported_run";
  taskonomy::cli_test::TinyRecipe recipe;
  recipe.tail = "[compute]\nprecision = \"float32\"\n";
  REQUIRE(
      program("run " + file("exported.toml", tiny_recipe(recipe)) + " --out " + run + " --workers 0 --quiet")
          .code == 0);
  const auto exported = program("export " + run + " --budget 1 --out " + run + ".pt");
  CHECK(has(exported.out, "depth_zbuffer, edge_texture, normal; methods forward"));
  // Photographs of 16 random images, which the program reads and Python knows.
  const auto script = file("exported.py", std::string(R"py(
import json, struct, subprocess, sys, zlib
import numpy, torch
run, program = sys.argv[1:]
images = numpy.random.RandomState(1).randint(0, 256, (16, 16, 16, 3)).astype(numpy.uint8)
def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
names = []
for i, image in enumerate(images):
    rows = b"".join(b"\0" + row.tobytes() for row in image)
    names.append(f"{run}-{i}.png")
    with open(names[-1], "wb") as png:
        png.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 16, 16, 8, 2, 0, 0, 0)) +
                  chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
subprocess.run([program, "predict", run, *names, "--budget", "1", "--no-pictures", "--out", run + "-said"], check=True)
lines = [json.loads(line) for line in open(run + "-said/predictions.jsonl")]
extra = {"targets.json": "", "about.json": ""}
module = torch.jit.load(run + ".pt", _extra_files=extra)
with torch.no_grad():
    told = module(torch.from_numpy(images).permute(0, 3, 1, 2) / 255.0)
for target in ("normal", "edge_texture"):
    expected = numpy.stack([numpy.load(run + "-said/" + line["targets"][target]["numbers"]) for line in lines])
    print(target, "agrees:", abs(told[target].numpy() - expected).max() < 1e-4)
print(json.loads(extra["about.json"])["side"], sorted(json.loads(extra["targets.json"])))
)py"));
  const auto answer = scratch() + "/exported.txt";
  CHECK(std::system((std::string(python) + " " + script + " " + run + " " + taskonomy::cli_test::kBuild +
                     "/bin/taskonomy >" + answer + " 2>" + answer + ".err")
                        .c_str()) == 0);
  INFO(read_file(answer + ".err"));
  const auto said = read_file(answer);
  CHECK(has(said, "normal agrees: True"));
  CHECK(has(said, "edge_texture agrees: True"));
  CHECK(has(said, "16 ['depth_zbuffer', 'edge_texture', 'normal']"));
}
