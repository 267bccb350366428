// Every domain of the layout through the plugin: older names, units, point info, soft labels; and files that
// are damaged, missing or of another size cost their own modality alone.
#include <cmath>
#include <filesystem>
#include <string>

#include <taskonomy/sdk/toolbox/npy.hpp>
#include <taskonomy/sdk/toolbox/stored_labels.hpp>

#include "tests/taskonomy_dataset/root.hpp"

using namespace taskonomy;
using namespace taskonomy::tests;
namespace fs = std::filesystem;

namespace {

/// A label image whose columns hold 0, 1, 2, ... times `factor`, and the names of its folder and file.
struct LabelImage {
  std::string folder, domain;
  std::int64_t channels;
  torch::Dtype dtype;
  int factor = 1;
};

void write_label(const Root& root, const LabelImage& label) {
  const torch::Tensor image = (torch::arange(kWidth).to(label.dtype) * label.factor)
                                  .expand({label.channels, kHeight, kWidth})
                                  .contiguous();
  const fs::path file =
      root.path() / "almena" / label.folder / ("point_1_view_0_domain_" + label.domain + ".png");
  fs::create_directories(file.parent_path());
  sdk::write_png(file, image);
}

void write_npy(const fs::path& file, const torch::Tensor& values) {
  write_text(file, sdk::encode_npy(values));
}

torch::Tensor read(const sdk::Dataset& dataset, const std::string& modality) {
  const sdk::Sample sample = dataset.sample("almena", 0, sdk::ViewKind::single, {modality});
  if (sample.absent.count(modality) > 0) FAIL(sample.absent.at(modality));
  return sample.data.at(modality)[0];
}

}  // namespace

TEST_CASE("older folder and file names are read as the current ones") {
  const Root root;
  write_view(root, "almena", 1);
  fs::remove_all(root.path() / "almena" / "depth_zbuffer");
  write_label(root, {"depth", "depth", 1, torch::kInt32, 512});
  write_label(root, {"mist", "mist", 1, torch::kInt32, 512});
  write_label(root, {"curvature", "principal_curvature", 3, torch::kUInt8});
  write_label(root, {"reshade", "reshade", 3, torch::kUInt8});
  write_label(root, {"edge2d", "edge2d", 1, torch::kInt32, 1000});
  write_label(root, {"edge", "edge", 1, torch::kUInt8});
  write_label(root, {"keypoint", "keypoint", 1, torch::kInt32, 1000});
  write_label(root, {"segment25d", "segment25d", 1, torch::kUInt8});
  const auto dataset = open_dataset(rooted(root.path()), 48);  // crop columns 8..55, nothing is resized
  CHECK(read(*dataset, "depth_zbuffer")[0][9][2].item<float>() == 10.0F);
  CHECK(read(*dataset, "depth_euclidean")[0][9][2].item<float>() == 10.0F);
  CHECK(read(*dataset, "principal_curvature")[0][9][0].item<float>() == doctest::Approx((8 - 127) / 10.0));
  CHECK(read(*dataset, "reshading")[0][9][0].item<float>() == doctest::Approx(8 / 255.0));
  CHECK(read(*dataset, "edge_texture")[0][9][0].item<float>() == doctest::Approx(8000 / 65535.0));
  CHECK(read(*dataset, "edge_occlusion")[0][9][0].item<float>() == doctest::Approx(8 / 255.0));
  CHECK(read(*dataset, "keypoints3d")[0][9][0].item<float>() == doctest::Approx(8000 / 65535.0));
  CHECK(read(*dataset, "segment_unsup25d")[0][9][0].item<int>() == 8);
}

TEST_CASE("normals: both conventions, and those that face away are refused with the cure") {
  const Root root;
  write_view(root, "almena", 1);
  torch::Tensor facing = torch::zeros({3, kHeight, kWidth});
  facing[1].fill_(-0.6F);  // upwards
  facing[2].fill_(-0.8F);  // towards the camera
  const fs::path file = root.file("almena", 1, "normal", "png");
  sdk::write_png(file, sdk::image_from_label("normal", facing));
  recipe::Table other = rooted(root.path());
  other["normal_axes"] = {std::string("right_up_back"), "test"};
  CHECK(read(*open_dataset(rooted(root.path()), 48), "normal")[2].mean().item<float>() ==
        doctest::Approx(-0.8).epsilon(0.01));
  CHECK(contains(trouble_of(*open_dataset(other, 48), "almena", 0, "normal"), "\"right_down_forward\""));
  sdk::write_png(file, sdk::image_from_label("normal", -facing));
  CHECK(read(*open_dataset(other, 48), "normal")[1].mean().item<float>() ==
        doctest::Approx(-0.6).epsilon(0.01));
  CHECK(contains(trouble_of(*open_dataset(rooted(root.path()), 48), "almena", 0, "normal"),
                 "\"right_up_back\""));
}

TEST_CASE("pose: the camera of the file looks along -z with y up; ours along z with y down") {
  const Root root;
  write_view(root, "almena", 1);
  // Turned 90 degrees about x, it looks along the world's +y with z up; about z by c, along (-sin c, cos c).
  const double c = 0.3;
  write_text(root.file("almena", 1, "point_info", "json"),
             R"({"field_of_view_rads": 1.0, "camera_location": [1, 2, 1.5], "camera_rotation_final": [)" +
                 std::to_string(M_PI / 2) + ", 0, " + std::to_string(c) +
                 R"(], "bounding_box_ranges": {"x": [-1, 4], "y": [0, 6], "z": [0, 2.5]}})");
  const auto dataset = open_dataset(rooted(root.path()), 48);
  const torch::Tensor pose = read(*dataset, "pose");
  const auto at = [&](int row, int column) { return pose[row][column].item<double>(); };
  CHECK(at(0, 2) == doctest::Approx(-std::sin(c)).epsilon(1e-4));  // forward
  CHECK(at(1, 2) == doctest::Approx(std::cos(c)).epsilon(1e-4));
  CHECK(at(2, 1) == doctest::Approx(-1.0));  // down
  CHECK(at(0, 0) == doctest::Approx(std::cos(c)).epsilon(1e-4));
  CHECK(at(1, 3) == doctest::Approx(2.0));
  CHECK(torch::det(pose).item<double>() == doctest::Approx(1.0));

  // The box's corners, by the label and by the file, are the same points of the camera's coordinates.
  const torch::Tensor box = read(*dataset, "room_layout");
  const auto turn = [](double angle, int i, int j) {
    torch::Tensor r = torch::eye(3);
    r[i][i] = r[j][j] = std::cos(angle);
    r[i][j] = -std::sin(angle), r[j][i] = std::sin(angle);
    return r;
  };
  const torch::Tensor rotation = turn(box[5].item<double>(), 0, 1)
                                     .mm(turn(box[4].item<double>(), 2, 0))
                                     .mm(turn(box[3].item<double>(), 1, 2));
  const torch::Tensor top_far = box.slice(0, 0, 3) + rotation.mv(0.5 * box.slice(0, 6, 9));
  // y of the box is the world's +y, x its +x: the far right top corner is (4, 6, 2.5).
  const torch::Tensor expected =
      pose.slice(0, 0, 3).slice(1, 0, 3).t().mv(torch::tensor({4.0F - 1.0F, 6.0F - 2.0F, 2.5F - 1.5F}));
  CHECK((top_far - expected).abs().max().item<double>() < 1e-4);
}

TEST_CASE("vanishing points: named by the view, whatever the file calls them") {
  const Root root;
  write_view(root, "almena", 1);
  write_text(
      root.file("almena", 1, "point_info", "json"),
      R"({"vanishing_points_gaussian_sphere": {"x": [0, 0.96, 0.28], "y": [0, 0.28, -0.96], "z": [-1, 0, 0]}})");
  const torch::Tensor rows = read(*open_dataset(rooted(root.path()), 48), "vanishing_points");
  CHECK(torch::allclose(rows,
                        torch::tensor({{1.0F, 0.0F, 0.0F}, {0.0F, -0.28F, 0.96F}, {0.0F, -0.96F, -0.28F}})));
}

TEST_CASE("soft labels: any number of classes, some kept, or by the building's name") {
  const Root root;
  write_view(root, "almena", 1);
  const fs::path places = root.file("almena", 1, "class_scene", "npy");
  write_npy(places, torch::tensor({0.5, 0.25, 0.0, 0.25}, torch::kFloat64));
  CHECK(torch::allclose(read(*open_dataset(rooted(root.path()), 16), "class_scene"),
                        torch::tensor({0.5F, 0.25F, 0.0F, 0.25F})));
  recipe::Table some = rooted(root.path());
  some["class_scene_classes"] = {std::vector<double>{3, 0}, "test"};
  const auto dataset = open_dataset(some, 16);
  CHECK(dataset->info().class_names.at("class_scene") == std::vector<std::string>{"class 3", "class 0"});
  CHECK(torch::allclose(read(*dataset, "class_scene"), torch::tensor({1.0F / 3, 2.0F / 3})));
  recipe::Table named = rooted(root.path());
  named["building_classes"] = {std::vector<std::string>{"beechwood", "almena"}, "test"};
  CHECK(torch::equal(read(*open_dataset(named, 16), "class_scene"), torch::tensor({0.0F, 1.0F})));
  write_npy(places, torch::tensor({0.5, -0.25, 0.0, 0.75}, torch::kFloat64));
  CHECK(contains(trouble_of(*dataset, "almena", 0, "class_scene"),
                 "class_scene.npy: class probabilities that are"));
  write_npy(places, torch::tensor({0.5, 0.5}, torch::kFloat64));
  CHECK(contains(trouble_of(*dataset, "almena", 0, "class_scene"),
                 "holds 2 classes, the recipe keeps number 3"));
  write_text(places, sdk::encode_npy(torch::ones({4})).substr(0, 100));
  CHECK(contains(trouble_of(*dataset, "almena", 0, "class_scene"), "class_scene.npy: truncated"));
}

TEST_CASE("a damaged label costs its own modality; the others of the sample are read") {
  const Root root;
  for (const int point : {1, 2}) write_view(root, "almena", point);
  const auto dataset = open_dataset(rooted(root.path()), 16);
  const auto expect = [&](const std::string& modality, const std::string& reason) {
    const sdk::Sample sample = dataset->sample("almena", 0, sdk::ViewKind::single, kAll);
    CHECK_MESSAGE(contains(sample.absent.at(modality), reason), sample.absent.at(modality));
    CHECK(contains(sample.absent.at(modality), "point_1_view_0_domain_"));
    CHECK(sample.data.size() == kAll.size() - 1);
    CHECK(dataset->sample("almena", 1, sdk::ViewKind::single, kAll).absent.empty());
  };
  const fs::path depth = root.file("almena", 1, "depth_zbuffer", "png");
  sdk::write_png(depth, torch::ones({1, 64, 64}, torch::kInt32));
  expect("depth_zbuffer", "is 64 x 64 pixels, the view's rgb image 64 x 48");
  sdk::write_png(depth, torch::ones({1, 2 * kHeight, 2 * kWidth}, torch::kInt32));
  CHECK(trouble_of(*dataset, "almena", 0, "depth_zbuffer").empty());  // another scale is fine
  fs::resize_file(depth, 90);
  expect("depth_zbuffer", "truncated");
  write_view(root, "almena", 1);
  const fs::path classes = root.file("almena", 1, "segment_semantic", "png");
  sdk::write_png(classes, torch::full({1, kHeight, kWidth}, 18, torch::kUInt8));
  expect("segment_semantic", "class 18 lies beyond the 18 declared");
  sdk::write_png(classes, torch::full({1, kHeight, kWidth}, 3, torch::kInt32));
  expect("segment_semantic", "expected class ids as 8-bit grey, got 16 bits");
  fs::remove(classes);
  expect("segment_semantic", "no such file");
  write_view(root, "almena", 1);
  write_text(root.file("almena", 1, "point_info", "json"), R"({"field_of_view_rads": "wide"})");
  expect("intrinsics", "field_of_view_rads: ");
}

TEST_CASE("depth: 0 and 65535 are no reading, an empty image is all none") {
  const Root root;
  write_view(root, "almena", 1);
  sdk::write_png(root.file("almena", 1, "depth_zbuffer", "png"),
                 torch::full({1, kHeight, kWidth}, 65535, torch::kInt32));
  CHECK(read(*open_dataset(rooted(root.path()), 16), "depth_zbuffer").eq(0).all().item<bool>());
}
