// A taxonomy as one TorchScript file: another program's loader gets the same predictions from it.
#include "core/predict/export.hpp"

#include <torch/script.h>

#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/predict/export_texts.hpp"
#include "core/predict/exported_networks.hpp"
#include "tests/predict/drawn_run.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/testing.hpp"
#include "tests/support/text.hpp"

using namespace taskonomy;

namespace {

const std::vector<predict::Service> kAllKinds{{"normal", {"depth_zbuffer", "edge_texture"}},
                                              {"depth_zbuffer", {"depth_zbuffer"}},
                                              {"segment_semantic", {"segment_semantic"}},
                                              {"class_scene", {"class_scene"}},
                                              {"vanishing_point", {"vanishing_point"}},
                                              {"denoising", {"denoising"}},
                                              {"fixated_pose", {"fixated_pose"}},
                                              {"egomotion", {"egomotion"}}};

torch::Tensor bytes(std::vector<std::int64_t> shape) {
  auto generator = torch::make_generator<torch::CPUGeneratorImpl>(3);
  return torch::randint(0, 256, shape, generator, torch::kUInt8);
}

/// What the file's method says of images in 0..1.
c10::impl::GenericDict told(torch::jit::Module& module, const std::string& method,
                            const torch::Tensor& images) {
  const torch::NoGradGuard no_grad;
  return module.get_method(method)({images.to(torch::kFloat32) / 255.0}).toGenericDict();
}

}  // namespace

TEST_CASE("the exported file predicts pixels, vectors, classes, pairs and triplets as the networks do") {
  const tests::Folder folder;
  const tests::DrawnRun run(folder.path());
  const predict::TaxonomyNetworks networks(*run.setup, run.root, kAllKinds, {});
  const auto file = folder / "taxonomy.pt";
  const auto summary = predict::export_networks(networks, 32, {{"about.json", "{\"side\": 32}"}}, file);
  CHECK(summary.methods == std::vector<std::string>{"forward", "pairs", "triplets"});
  CHECK(summary.targets.size() == kAllKinds.size());
  CHECK(summary.left_out.empty());

  torch::jit::ExtraFilesMap extra{{"about.json", ""}};
  auto module = torch::jit::load(file.string(), torch::kCPU, extra);
  CHECK(extra.at("about.json") == "{\"side\": 32}");
  const std::vector<std::string> ids(16, "any");
  const struct {
    std::string method;
    sdk::ViewKind kind;
    std::vector<std::int64_t> shape;
  } all[] = {{"forward", sdk::ViewKind::single, {16, 1, 3, 32, 32}},
             {"pairs", sdk::ViewKind::fixated_pair, {16, 2, 3, 32, 32}},
             {"triplets", sdk::ViewKind::fixated_triplet, {16, 3, 3, 32, 32}}};
  for (const auto& [method, kind, shape] : all) {
    const auto images = bytes(shape);
    const auto expected = networks.predict({kind, ids, images});
    const auto given = told(module, method, shape[1] == 1 ? images.select(1, 0) : images);
    std::size_t compared = 0;
    for (const auto& [target, prediction] : expected) {
      if (target == "denoising") continue;  // the file sees the image as it is, the program adds noise
      ++compared;
      CHECK_MESSAGE(torch::allclose(given.at(target).toTensor(), prediction.values, 1e-4, 1e-4), target);
    }
    CHECK(compared == (shape[1] == 1 ? 5 : 1));
  }
  // Images of another size come to the run's by the mean over areas.
  const auto large = bytes({2, 3, 32, 32}).repeat_interleave(3, 2).repeat_interleave(3, 3);
  const auto small = told(module, "forward", bytes({2, 3, 32, 32})), same = told(module, "forward", large);
  CHECK(torch::allclose(small.at("normal").toTensor(), same.at("normal").toTensor(), 1e-4, 1e-4));
}

TEST_CASE("a file's own texts are enough to predict from it what the run's networks say") {
  const tests::Folder folder;
  const tests::DrawnRun run(folder.path());
  const predict::TaxonomyNetworks networks(*run.setup, run.root, kAllKinds, {});
  const auto file = folder / "taxonomy.pt";
  const auto written = predict::export_texts(*run.setup, networks, "taxonomy 0");
  static_cast<void>(predict::export_networks(networks, 32, written, file));

  const auto texts = predict::read_export_texts(file);
  CHECK(texts.targets.size() == kAllKinds.size());
  CHECK(texts.recipe.tasks.size() == kAllKinds.size());  // edge_texture serves, and is no target
  const auto setup = tests::setup_of(recipe::to_toml(texts.recipe));
  const predict::ExportedNetworks exported(*setup, file, texts.targets);
  CHECK((exported.view_kinds() == networks.view_kinds()));
  for (const auto kind : networks.view_kinds()) {
    const auto images = bytes({5, sdk::views_of(kind), 3, 32, 32});
    const std::vector<std::string> ids(5, "any");
    const auto expected = networks.predict({kind, ids, images}), told = exported.predict({kind, ids, images});
    CHECK(told.size() == expected.size());
    for (const auto& [target, prediction] : told)
      if (target != "denoising")
        CHECK_MESSAGE(torch::allclose(prediction.values, expected.at(target).values, 1e-4, 1e-4), target);
  }

  auto other = texts.targets;
  for (auto& target : other)
    if (target.service.target == "normal") target.shape = {2, -1, -1};
  CHECK_THROWS_WITH_AS(
      predict::ExportedNetworks(*setup, file, other),
      doctest::Contains("predicts normal of shape [2, any, any], and the plugin here [3, any, any]"),
      base::Error);
}

TEST_CASE("files that export did not write, or wrote in another format, are named with their cure") {
  const tests::Folder folder;
  const tests::DrawnRun run(folder.path());
  const predict::TaxonomyNetworks networks(*run.setup, run.root, {{"normal", {"normal"}}}, {});
  const auto refused = [&](const std::map<std::string, std::string>& texts, const std::string& reason) {
    const auto file = folder / "taxonomy.pt";
    static_cast<void>(predict::export_networks(networks, 32, texts, file));
    CHECK_THROWS_WITH_AS(static_cast<void>(predict::read_export_texts(file)),
                         doctest::Contains(reason.c_str()), base::Error);
  };
  refused({}, "not one of taskonomy export");
  refused({{"about.json", R"({"format": 2, "made_by": "taskonomy 9"})"}},
          "written by taskonomy 9 in format 2, and this program reads format 1: export it again");
  auto cut = predict::export_texts(*run.setup, networks, "taxonomy 0");
  cut.erase("dataset.json");
  refused(cut, "damaged: a text that taskonomy export wrote is not there");
  base::write_file(folder / "taxonomy.pt", "no archive");
  CHECK_THROWS_WITH_AS(static_cast<void>(predict::read_export_texts(folder / "taxonomy.pt")),
                       doctest::Contains("not a file of taskonomy export, or damaged"), base::Error);
}

TEST_CASE("what cannot be exported is said") {
  const tests::Folder folder;
  const tests::DrawnRun run(folder.path());
  const predict::TaxonomyNetworks networks(*run.setup, run.root, {{"normal", {"normal"}}}, {});
  CHECK_THROWS_WITH_AS((void)predict::export_networks(networks, 32, {}, "/proc/no/taxonomy.pt"),
                       doctest::Contains("/proc/no"), base::Error);
}
