// The dataset plugin `scenes` behind its interface: shapes, types and ranges of sample.hpp for every view
// kind, and what derived labels the SDK's own geometry makes of its depth.
#include <string>
#include <vector>

#include <taskonomy/sdk/toolbox/geometry.hpp>

#include "core/base/error.hpp"
#include "tests/plugins/built_plugins.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;

namespace {

std::shared_ptr<sdk::Dataset> scenes(const recipe::Table& params) {
  return tests::built_plugins().create_dataset("scenes", params, 32, 5);
}

recipe::Table eight_rooms() {
  recipe::Table table;
  table["rooms"].value = std::int64_t{8};
  table["views_per_room"].value = std::int64_t{2};
  return table;
}

struct Expected {
  std::string name;
  std::vector<std::int64_t> shape;  ///< behind V
  torch::Dtype dtype;
  double low, high;
};

const std::vector<Expected>& expected() {
  static const std::vector<Expected> list = {{"rgb", {3, 32, 32}, torch::kUInt8, 0, 255},
                                             {"depth_zbuffer", {1, 32, 32}, torch::kFloat32, 0.1, 15},
                                             {"depth_euclidean", {1, 32, 32}, torch::kFloat32, 0.1, 15},
                                             {"normal", {3, 32, 32}, torch::kFloat32, -1.0001, 1.0001},
                                             {"principal_curvature", {2, 32, 32}, torch::kFloat32, -1e4, 1e4},
                                             {"reshading", {1, 32, 32}, torch::kFloat32, 0, 1},
                                             {"segment_semantic", {1, 32, 32}, torch::kUInt8, 1, 17},
                                             {"instance", {1, 32, 32}, torch::kInt32, 1, 1e6},
                                             {"class_object", {16}, torch::kFloat32, 0, 1},
                                             {"class_scene", {8}, torch::kFloat32, 0, 1},
                                             {"intrinsics", {3, 3}, torch::kFloat32, 0, 1e3},
                                             {"pose", {4, 4}, torch::kFloat32, -20, 20},
                                             {"room_layout", {9}, torch::kFloat32, -20, 20},
                                             {"vanishing_points", {3, 3}, torch::kFloat32, -1, 1}};
  return list;
}

}  // namespace

TEST_CASE("scenes: every view kind carries every modality in the SDK's shapes, types and ranges") {
  const auto dataset = scenes(eight_rooms());
  for (const sdk::ViewKind kind : dataset->info().view_kinds) {
    const auto rooms = dataset->scenes(kind);
    REQUIRE(rooms.size() == 8);
    std::vector<std::string> names;
    for (const Expected& e : expected()) names.push_back(e.name);
    if (kind == sdk::ViewKind::matching_pair) names.emplace_back("match");
    const sdk::Sample sample = dataset->sample(rooms[2].id, 1, kind, names);
    for (const Expected& e : expected()) {
      INFO(e.name);
      const torch::Tensor t = sample.data.at(e.name);
      std::vector<std::int64_t> shape = e.shape;
      shape.insert(shape.begin(), sdk::views_of(kind));
      CHECK(t.sizes().vec() == shape);
      CHECK((t.scalar_type() == e.dtype));
      CHECK(t.is_contiguous());
      CHECK(t.to(torch::kFloat64).isfinite().all().item<bool>());
      CHECK(t.min().to(torch::kFloat64).item<double>() >= e.low);
      CHECK(t.max().to(torch::kFloat64).item<double>() <= e.high);
    }
    if (kind == sdk::ViewKind::matching_pair) CHECK(sample.data.at("match").item<float>() == 0.0F);
    const sdk::Sample again = dataset->sample(rooms[2].id, 1, kind, {"rgb"});
    CHECK(again.id == sample.id);
    CHECK(torch::equal(again.data.at("rgb"), sample.data.at("rgb")));
  }
}

TEST_CASE("scenes: its normals and shading agree with those derived from its depth") {
  const auto dataset = scenes(eight_rooms());
  double agree = 0, pixels = 0;
  for (const sdk::Scene& room : dataset->scenes(sdk::ViewKind::single)) {
    const sdk::Sample sample = dataset->sample(room.id, 0, sdk::ViewKind::single,
                                               {"depth_zbuffer", "normal", "reshading", "intrinsics"});
    const auto derived =
        sdk::normals_from_depth(sample.data.at("depth_zbuffer"), sample.data.at("intrinsics"));
    const torch::Tensor cosine = (derived.normal * sample.data.at("normal")).sum(1, true);
    agree += cosine.gt(0.95).logical_and(derived.valid).sum().item<double>();
    pixels += derived.valid.sum().item<double>();
    const torch::Tensor shading =
        sdk::lambert_at_camera(sample.data.at("normal"), sample.data.at("intrinsics"));
    CHECK((shading - sample.data.at("reshading")).abs().max().item<double>() < 1e-3);
  }
  // The rest are edges of furniture narrower than the window that normals are fitted to.
  CHECK(agree > 0.75 * pixels);
}

TEST_CASE("scenes: look = plain is the default, varied changes the pictures") {
  const auto picture = [](const char* look) {
    recipe::Table table = eight_rooms();
    if (look != nullptr) table["look"].value = std::string(look);
    return scenes(table)->sample("kitchen-00002", 0, sdk::ViewKind::single, {"rgb"}).data.at("rgb");
  };
  CHECK(torch::equal(picture(nullptr), picture("plain")));
  CHECK_FALSE(torch::equal(picture(nullptr), picture("varied")));
}

TEST_CASE("scenes: wrong keys are refused by name") {
  recipe::Table table = eight_rooms();
  table["kinds"].value = std::vector<std::string>{"kitchen", "attic"};
  CHECK_THROWS_WITH_AS(static_cast<void>(scenes(table)), doctest::Contains("attic"), base::Error);
  table = eight_rooms();
  table["rooms"].value = std::int64_t{0};
  CHECK_THROWS_WITH_AS(static_cast<void>(scenes(table)), doctest::Contains("rooms"), base::Error);
  table = eight_rooms();
  table["view_per_room"].value = std::int64_t{3};
  CHECK_THROWS_WITH_AS(static_cast<void>(scenes(table)), doctest::Contains("views_per_room"), base::Error);
  table = eight_rooms();
  table["look"].value = std::string("moody");
  CHECK_THROWS_WITH_AS(static_cast<void>(scenes(table)), doctest::Contains("varied"), base::Error);
  const auto dataset = scenes(eight_rooms());
  CHECK_THROWS(static_cast<void>(dataset->sample("kitchen-00003", 0, sdk::ViewKind::single, {"rgb"})));
  CHECK_THROWS(static_cast<void>(dataset->sample("kitchen-00002", 0, sdk::ViewKind::single, {"smell"})));
  CHECK_THROWS(static_cast<void>(dataset->sample("kitchen-00002", 0, sdk::ViewKind::single, {"match"})));
}
