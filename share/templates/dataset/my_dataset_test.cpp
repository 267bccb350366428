// The dataset on two small photographs that the test paints itself.
#include "my_dataset.cpp"  // the class is hidden in there

#include <doctest/doctest.h>  // after LibTorch, which has a CHECK of its own; main() comes with TESTS in CMakeLists.txt

namespace {

constexpr std::int64_t kSide = 16;

/// The dataset of a folder whose only scene has a red photograph with depth and a grey one without.
MyDataset painted(const fs::path& root) {
  fs::remove_all(root);
  fs::create_directories(root / "kitchen");
  torch::Tensor red = torch::zeros({3, 30, 40}, torch::kUInt8);
  red[0].fill_(255);
  sdk::write_png(root / "kitchen/a.png", red);
  sdk::write_png(root / "kitchen/a.depth.png", torch::full({1, 30, 40}, 1500, torch::kInt32));
  sdk::write_png(root / "kitchen/b.png", torch::full({1, 30, 40}, 128, torch::kUInt8));
  sdk::Params params({{"root", {root.string(), "test"}}});
  return MyDataset({params, kSide, 1});
}

}  // namespace

TEST_CASE("my_dataset: a scene, its samples, their shapes, units and what is absent") {
  const fs::path root = fs::temp_directory_path() / "my_dataset_test";
  const MyDataset dataset = painted(root);
  const auto scenes = dataset.scenes(sdk::ViewKind::single);
  REQUIRE(scenes.size() == 1);
  CHECK(scenes[0].id == "kitchen");
  CHECK(scenes[0].samples == 2);
  const auto& modalities = dataset.info().modalities;
  const auto red = dataset.sample("kitchen", 0, sdk::ViewKind::single, modalities);
  CHECK(red.id == "kitchen/a");
  CHECK(red.data.at("rgb").sizes() == torch::IntArrayRef({1, 3, kSide, kSide}));
  CHECK((red.data.at("rgb").select(1, 0) == 255).all().item<bool>());
  CHECK(red.data.at("depth_zbuffer").allclose(torch::full({1, 1, kSide, kSide}, 1.5F)));
  const auto grey = dataset.sample("kitchen", 1, sdk::ViewKind::single, modalities);
  CHECK((grey.data.at("rgb") == 128).all().item<bool>());
  CHECK(grey.absent.count("depth_zbuffer") == 1);
  fs::remove_all(root);
}

TEST_CASE("my_dataset: without a folder it says what to set") {
  sdk::Params params;
  CHECK_THROWS_WITH(MyDataset({params, kSide, 1}), doctest::Contains("data.root"));
}
