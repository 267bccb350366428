// The dataset on photographs that the test paints itself.
#include "gauges.cpp"  // the class is hidden in there

#include <doctest/doctest.h>  // after LibTorch, which has a CHECK of its own; main() comes with TESTS in CMakeLists.txt

namespace {

/// One scene: a dark gauge at 2.5 bar, a light one that the table lacks.
fs::path paint(const std::string& table) {
  const fs::path root = fs::temp_directory_path() / "gauges_test";
  fs::remove_all(root);
  fs::create_directories(root / "boiler");
  sdk::write_png(root / "boiler/a.png", torch::full({1, 20, 30}, 10, torch::kUInt8));
  sdk::write_png(root / "boiler/b.png", torch::full({1, 20, 30}, 200, torch::kUInt8));
  std::ofstream(root / "boiler/table.csv") << table;
  return root;
}

}  // namespace

TEST_CASE("gauges: a scene, its photographs, what they read and what is absent") {
  const fs::path root = paint("a,2.5\n");
  sdk::Params params({{"root", {root.string(), "test"}}});
  const Gauges dataset({params, 8, 1});
  REQUIRE(dataset.scenes(sdk::ViewKind::single).size() == 1);
  const auto& modalities = dataset.info().modalities;
  const auto dark = dataset.sample("boiler", 0, sdk::ViewKind::single, modalities);
  CHECK(dark.id == "boiler/a");
  CHECK((dark.data.at("rgb") == 10).all().item<bool>());
  CHECK(dark.data.at("reading").item<float>() == 2.5F);
  const auto light = dataset.sample("boiler", 1, sdk::ViewKind::single, modalities);
  CHECK(light.absent.count("reading") == 1);
  CHECK(light.data.count("rgb") == 1);
  fs::remove_all(root);
}

TEST_CASE("gauges: a wrong line of a table is named") {
  const fs::path root = paint("a,2.5\nb;3\n");
  sdk::Params params({{"root", {root.string(), "test"}}});
  CHECK_THROWS_WITH(Gauges({params, 8, 1}), doctest::Contains("table.csv:2: expected NAME,VALUE"));
  fs::remove_all(root);
}
