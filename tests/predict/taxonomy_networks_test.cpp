// The networks of a taxonomy at work: the same as those that the run trained, each encoder once.
#include "core/predict/taxonomy_networks.hpp"

#include <algorithm>
#include <filesystem>

#include <taskonomy/sdk/image.hpp>
#include <taskonomy/sdk/toolbox/npy.hpp>

#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/base/json.hpp"
#include "core/data/examples.hpp"
#include "core/predict/prediction_run.hpp"
#include "tests/predict/drawn_run.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/testing.hpp"
#include "tests/support/text.hpp"

using namespace taskonomy;
using pipeline::artefact_of;
using tests::DrawnRun;
namespace job = pipeline::job;

namespace {

const std::vector<predict::Service> kServices{{"normal", {"depth_zbuffer", "edge_texture"}},
                                              {"depth_zbuffer", {"depth_zbuffer"}},
                                              {"denoising", {"denoising"}}};

torch::Tensor noise(std::int64_t samples) {
  auto generator = torch::make_generator<torch::CPUGeneratorImpl>(7);
  return torch::randint(0, 256, {samples, 1, 3, 32, 32}, generator, torch::kUInt8);
}

}  // namespace

TEST_CASE("a taxonomy predicts what its networks say, and runs each encoder once") {
  const tests::Folder folder;
  const DrawnRun run(folder.path());
  const predict::TaxonomyNetworks networks(*run.setup, run.root, kServices, {});
  CHECK(networks.encoders() == std::vector<std::string>{"denoising", "depth_zbuffer", "edge_texture"});
  CHECK((networks.view_kinds() == std::set{sdk::ViewKind::single}));

  const auto images = noise(3);
  const auto predictions = networks.predict({sdk::ViewKind::single, {"a", "b", "c"}, images});
  REQUIRE(predictions.size() == 3);
  const auto seen = data::to_network_input(images, torch::kCPU);
  CHECK(torch::allclose(predictions.at("normal").values, run.normals(seen), 1e-5, 1e-5));
  const torch::NoGradGuard no_grad;
  CHECK(torch::allclose(predictions.at("depth_zbuffer").values,
                        run.sources.at("depth_zbuffer")->forward(seen), 1e-5, 1e-5));

  // Denoising looks at images that it has made noisy, by seed and id.
  const auto& noisy = predictions.at("denoising").input;
  CHECK_FALSE(torch::allclose(noisy, seen, 1e-2, 1e-2));
  CHECK(torch::equal(
      noisy, networks.predict({sdk::ViewKind::single, {"a", "b", "c"}, images}).at("denoising").input));
  CHECK_FALSE(torch::equal(
      noisy, networks.predict({sdk::ViewKind::single, {"x", "y", "z"}, images}).at("denoising").input));
  CHECK(torch::allclose(predictions.at("denoising").values, run.sources.at("denoising")->forward(noisy), 1e-4,
                        1e-4));
}

TEST_CASE("a network that is missing or damaged is named with the cure") {
  const tests::Folder folder;
  const DrawnRun run(folder.path());
  const auto message = [&](const std::vector<predict::Service>& services) {
    try {
      const predict::TaxonomyNetworks networks(*run.setup, run.root, services, {});
    } catch (const base::Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  CHECK(tests::has(message({{"edge_texture", {"normal"}}}),
                   "transfers/edge_texture/normal.safetensors: is not there; taskonomy run"));
  base::write_file(run.root / artefact_of(job::source("normal")), "no weights");
  CHECK(tests::has(message({{"normal", {"normal"}}}), "sources/normal.safetensors: "));
}

TEST_CASE(
    "predictions go to files at the photograph's size, in the order of the photographs, whatever the "
    "threads") {
  const tests::Folder folder;
  const DrawnRun run(folder / "run");
  const predict::TaxonomyNetworks networks(*run.setup, run.root, kServices, {});
  std::vector<predict::Given> given;
  const auto images = noise(5);
  for (std::int64_t i = 0; i < 5; ++i) {
    const auto file = folder / ("photo" + std::to_string(i) + ".png");
    // Twice as large, each pixel four times: the networks see the image itself.
    sdk::write_png(file, images[i][0].repeat_interleave(2, 1).repeat_interleave(2, 2).contiguous());
    given.push_back({"photo" + std::to_string(i), {file}});
  }
  base::write_file(folder / "broken.png", "no image");
  given.insert(given.begin() + 2, {"broken", {folder / "broken.png"}});

  std::map<std::size_t, std::vector<std::string>> lines;
  for (const std::size_t threads : {1, 3}) {
    const predict::PredictionWriter writer(
        {folder / std::to_string(threads), predict::MapSize::photograph, true}, networks,
        run.setup->dataset().info());
    predict::PredictionSettings settings;
    settings.side = 32;
    settings.batch = 2;
    settings.threads = threads;
    settings.on_line = [&, threads](const std::string& line) { lines[threads].push_back(line); };
    const auto outcome = predict::predict_all(networks, writer, given, settings);
    CHECK(outcome.done == 5);
    REQUIRE(outcome.left_out.size() == 1);
    CHECK(tests::has(outcome.left_out.front(), "broken.png: "));
    CHECK(outcome.rows.size() == 5);
  }
  CHECK(lines.at(1) == lines.at(3));
  const auto line = base::parse_json(lines.at(1).at(4));
  CHECK(line.at("id").text() == "photo4");
  CHECK(line.at("squares").elements().front().at("size").integer() == 64);
  const auto normal = sdk::read_npy(folder / "1" / line.at("targets").at("normal").at("numbers").text());
  CHECK(normal.sizes() == torch::IntArrayRef({3, 64, 64}));
  const auto expected = run.normals(data::to_network_input(images.narrow(0, 4, 1), torch::kCPU));
  CHECK(torch::allclose(torch::avg_pool2d(normal.unsqueeze(0), 2), expected, 0.0,
                        0.2));  // bilinear, so not exactly
  const auto depth = line.at("targets").at("depth_zbuffer");
  CHECK(depth.at("unit").text() == "m");
  CHECK(sdk::read_npy(folder / "1" / depth.at("numbers").text()).sizes() == torch::IntArrayRef({64, 64}));
  CHECK(std::filesystem::exists(folder / "3/denoising/photo0.png"));
}

TEST_CASE("numbers of predictions have names and units, classes the data set's names and shares") {
  const tests::Folder folder;
  const DrawnRun run(folder / "run");
  const predict::TaxonomyNetworks networks(
      *run.setup, run.root, {{"class_scene", {"class_scene"}}, {"egomotion", {"egomotion"}}}, {});
  const predict::PredictionWriter writer({folder / "out", predict::MapSize::photograph, false}, networks,
                                         run.setup->dataset().info());
  std::vector<std::filesystem::path> views;
  for (std::int64_t i = 0; i < 3; ++i) {
    views.push_back(folder / (std::to_string(i) + ".png"));
    sdk::write_png(views.back(), noise(3)[i][0]);
  }
  std::vector<std::string> lines;
  predict::PredictionSettings settings;
  settings.side = 32;
  settings.on_line = [&](const std::string& line) { lines.push_back(line); };
  (void)predict::predict_all(networks, writer, {{"one", {views[0]}}}, settings);
  (void)predict::predict_all(networks, writer, {{"walk", views}}, settings);
  REQUIRE(lines.size() == 2);
  const auto scene = base::parse_json(lines[0]);
  const auto classes = scene.at("targets").at("class_scene").at("classes").elements();
  REQUIRE(classes.size() == 5);
  const auto& names = run.setup->dataset().info().class_names.at("class_scene");
  CHECK(std::count(names.begin(), names.end(), classes[0].at("name").text()) == 1);
  CHECK(classes[0].at("share").number() >= classes[4].at("share").number());
  const auto walk = base::parse_json(lines[1]);
  const auto motion = walk.at("targets").at("egomotion");
  CHECK(motion.at("values").elements().size() == 18);
  CHECK(motion.at("names").elements()[3].text() == "pair_1_2.translation_x");
  CHECK(motion.at("units").elements()[0].text() == "degrees");
  CHECK(motion.at("units").elements()[3].text() == "m");
}
