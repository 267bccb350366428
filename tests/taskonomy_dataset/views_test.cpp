// Pairs, triplets and splits of the taskonomy plugin.
#include <filesystem>
#include <set>
#include <string>

#include "tests/taskonomy_dataset/root.hpp"

using namespace taskonomy;
using namespace taskonomy::tests;

namespace {

std::int64_t count(const sdk::Dataset& dataset, sdk::ViewKind kind, std::size_t building = 0) {
  return dataset.scenes(kind).at(building).samples;
}

/// Greens of the views' images: the points they fixate.
std::vector<int> points_of(const sdk::Dataset& dataset, std::int64_t index, sdk::ViewKind kind) {
  const torch::Tensor rgb = dataset.sample("almena", index, kind, {"rgb"}).data.at("rgb");
  std::vector<int> points;
  for (std::int64_t v = 0; v < rgb.size(0); ++v) points.push_back(rgb[v][1][0][0].item<int>());
  return points;
}

}  // namespace

TEST_CASE("views of one point make fixated pairs and triplets") {
  const Root root;
  for (int view = 0; view < 3; ++view) write_view(root, "almena", 7, view);
  write_view(root, "almena", 8, 0);
  write_view(root, "bangor", 1, 0);  // a building with one image
  const auto dataset = open_dataset(rooted(root.path()), 16);
  CHECK(count(*dataset, sdk::ViewKind::single) == 4);
  CHECK(count(*dataset, sdk::ViewKind::fixated_pair) == 3);
  CHECK(count(*dataset, sdk::ViewKind::fixated_triplet) == 1);
  CHECK(count(*dataset, sdk::ViewKind::single, 1) == 1);
  CHECK(count(*dataset, sdk::ViewKind::fixated_pair, 1) == 0);
  CHECK(points_of(*dataset, 2, sdk::ViewKind::fixated_pair) == std::vector<int>{7, 7});
  const sdk::Sample triplet = dataset->sample("almena", 0, sdk::ViewKind::fixated_triplet, kAll);
  CHECK(triplet.id == "almena/point_7_view_0+point_7_view_1+point_7_view_2");
  CHECK((triplet.data.at("depth_zbuffer").sizes() == torch::IntArrayRef({3, 1, 16, 16})));
  CHECK((triplet.data.at("intrinsics").sizes() == torch::IntArrayRef({3, 3, 3})));
}

TEST_CASE("matching pairs: even ones show one point in the centre, odd ones two") {
  const Root root;
  for (const int point : {3, 5})
    for (int view = 0; view < 2; ++view) write_view(root, "almena", point, view);
  const auto dataset = open_dataset(rooted(root.path()), 16);
  REQUIRE(count(*dataset, sdk::ViewKind::matching_pair) == 4);
  for (std::int64_t index = 0; index < 4; ++index) {
    const std::vector<int> points = points_of(*dataset, index, sdk::ViewKind::matching_pair);
    const sdk::Sample sample = dataset->sample("almena", index, sdk::ViewKind::matching_pair, {"match"});
    CHECK((points[0] == points[1]) == (index % 2 == 0));
    CHECK(sample.data.at("match").item<float>() == (index % 2 == 0 ? 1.0F : 0.0F));
  }
}

TEST_CASE("non-fixated pairs: from nonfixated_matches, or from the points that a view sees") {
  const Root root;
  for (const int point : {3, 5, 6}) write_view(root, "almena", point);
  const auto folder = root.path() / "almena" / "nonfixated_matches";
  write_text(
      folder / "point_3_view_all_domain_nonfixated_matches.json",
      R"({"views": [{"point_uuid": "5", "view_id": 0, "nonfixated_pixel_x": 10, "nonfixated_pixel_y": 20},
                           {"point_uuid": "0003", "view_id": 0}, {"point_uuid": 99, "view_id": 0}]})");
  write_text(folder / "point_6_view_all_domain_nonfixated_matches.json", R"({"views": [{"point_uuid")");
  const auto dataset = open_dataset(rooted(root.path()), 16);
  REQUIRE(count(*dataset, sdk::ViewKind::nonfixated_pair) == 2);
  CHECK(points_of(*dataset, 0, sdk::ViewKind::nonfixated_pair) == std::vector<int>{3, 5});
  // The damaged list is a sample that says so, so that it is counted and named.
  CHECK(contains(message_of([&] { (void)points_of(*dataset, 1, sdk::ViewKind::nonfixated_pair); }),
                 "point_6_view_all_domain_nonfixated_matches.json: not readable JSON"));

  std::filesystem::remove_all(folder);
  write_text(root.file("almena", 5, "point_info", "json"),
             R"({"nonfixated_points_in_view": ["0006", 5, 77]})");
  const auto other = open_dataset(rooted(root.path()), 16);
  REQUIRE(count(*other, sdk::ViewKind::nonfixated_pair) == 1);
  CHECK(points_of(*other, 0, sdk::ViewKind::nonfixated_pair) == std::vector<int>{6, 5});
}

TEST_CASE("standard splits: CSV and JSON; buildings that are not named are not used") {
  const Root root;
  for (const char* building : {"almena", "beechwood", "collierville", "darden"})
    write_view(root, building, 1);
  const auto split_of = [&](const std::string& file, const std::string& text, const std::string& size) {
    write_text(root.path() / file, text);
    recipe::Table params = rooted(root.path());
    params["split_file"] = {(root.path() / file).string(), "test"};
    if (!size.empty()) params["split_size"] = {size, "test"};
    std::string found;
    for (const auto& scene : open_dataset(params, 16)->scenes(sdk::ViewKind::single))
      found += scene.id + ":" + scene.split + " ";
    return found;
  };
  const std::string all = "almena:train beechwood:transfer collierville:test ";
  CHECK(split_of("a.csv",
                 "id,train,val,test\nalmena,1,0,0\nbeechwood,0,1,0\ncollierville,0,0,1\ndarden,0,0,0\n",
                 "") == all);
  const std::string json =
      R"({"train": ["almena"], "val": ["beechwood"], "test": ["collierville", "elsewhere"]})";
  CHECK(split_of("b.json", json, "") == all);
  CHECK(split_of("c.json", R"({"tiny": {"train": ["darden"]}, "medium": )" + json + "}", "medium") == all);
  const auto error = [&](const std::string& file, const std::string& text, const std::string& size) {
    return message_of([&] { (void)split_of(file, text, size); });
  };
  CHECK(contains(error("d.json", R"({"tiny": {}, "full": {}})", "huge"),
                 "no split_size \"huge\"; there are: full, tiny"));
  CHECK(contains(error("e.csv", "name,train\n", ""), "e.csv: expected a first line id,train,val,test"));
  CHECK(contains(error("f.csv", "id,train,val,test\nalmena,1,0,1\n", ""),
                 "building \"almena\" is in two splits"));
  CHECK(contains(error("g.csv", "id,train,val,test\nelsewhere,1,0,0\n", ""), "names none of the buildings"));
  CHECK(contains(error("h.json", R"({"train": [1)", ""), "h.json: not readable JSON"));
}
