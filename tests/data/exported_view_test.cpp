// Files of a view against their formats: pixels read back, angles and rooms against hand-made geometry.
#include "core/data/exported_view.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include <taskonomy/sdk/image.hpp>
#include <taskonomy/sdk/toolbox/npy.hpp>
#include <taskonomy/sdk/toolbox/stored_labels.hpp>

#include "tests/support/testing.hpp"

using namespace taskonomy;

namespace {

constexpr std::int64_t kSide = 6;

/// A camera at (1, 2, 1.5) that looks along world y, turned to the left by `yaw`, in a room 4 x 5 x 3 m.
sdk::Sample sample(double yaw) {
  const double c = std::cos(yaw), s = std::sin(yaw);
  // Columns: right, down, forward in world coordinates.
  const auto pose = torch::tensor({c, 0.0, -s, 1.0, s, 0.0, c, 2.0, 0.0, -1.0, 0.0, 1.5, 0.0, 0.0, 0.0, 1.0},
                                  torch::kFloat64)
                        .reshape({4, 4});
  const auto turn = pose.slice(0, 0, 3).slice(1, 0, 3).t();  // camera from world
  const auto offset = torch::tensor({2.0 - 1.0, 2.5 - 2.0, 1.5 - 1.5}, torch::kFloat64);
  const auto centre = turn.matmul(offset);
  // Box axes are the world's; R = Rz(c) Ry(b) Rx(a) read off the matrix.
  const auto at = [&](int i, int j) { return turn[i][j].item<double>(); };
  const double a = std::atan2(at(2, 1), at(2, 2)), b = std::asin(-at(2, 0)),
               g = std::atan2(at(1, 0), at(0, 0));
  const auto layout = torch::cat({centre, torch::tensor({a, b, g, 4.0, 5.0, 3.0}, torch::kFloat64)});
  sdk::Sample result{"room/1", {}};
  result.data["rgb"] = torch::arange(3 * kSide * kSide).to(torch::kUInt8).reshape({1, 3, kSide, kSide});
  result.data["depth_zbuffer"] = torch::linspace(0.0, 9.0, kSide * kSide).reshape({1, 1, kSide, kSide});
  result.data["pose"] = pose.to(torch::kFloat32).unsqueeze(0);
  result.data["room_layout"] = layout.to(torch::kFloat32).unsqueeze(0);
  result.data["class_scene"] = torch::tensor({{0.25F, 0.75F}});
  result.data["instance"] = torch::zeros({1, 1, kSide, kSide}, torch::kInt32);
  result.data["intrinsics"] =
      torch::tensor({4.0F, 0.0F, 3.0F, 0.0F, 4.0F, 3.0F, 0.0F, 0.0F, 1.0F}).reshape({1, 3, 3});
  return result;
}

nlohmann::json info_of(const sdk::Sample& sample, const data::ViewPlace& place) {
  return nlohmann::json::parse(data::files_of(sample, 0, place).at(data::path_of(place, "point_info")));
}

}  // namespace

TEST_CASE("one file per domain under its name; what the layout has no place for has none") {
  const data::ViewPlace place{"room", 7, 2, {3}};
  const auto files = data::files_of(sample(0.3), 0, place);
  CHECK(files.size() == 4);
  CHECK(files.count("room/depth_zbuffer/point_0007_view_2_domain_depth_zbuffer.png") == 1);
  CHECK(files.count("room/class_scene/point_0007_view_2_domain_class_scene.npy") == 1);
  CHECK(data::domain_of("instance").empty());
  CHECK(info_of(sample(0.3), place)["nonfixated_points_in_view"][0] == "0003");
}

TEST_CASE("pixels and soft labels read back as they were, depth to half of 1/512 m") {
  const data::ViewPlace place{"room", 0, 0, {}};
  const auto given = sample(0.0);
  const auto files = data::files_of(given, 0, place);
  const auto image = [&](const std::string& modality) {
    return sdk::label_from_image(modality,
                                 sdk::decode_image(files.at(data::path_of(place, modality)), modality));
  };
  CHECK(torch::equal(image("rgb"), given.data.at("rgb")[0]));
  const auto difference = (image("depth_zbuffer") - given.data.at("depth_zbuffer")[0]).abs();
  CHECK(difference.max().item<double>() <= 0.5 / 512.0 + 1e-6);
  CHECK(torch::equal(sdk::decode_npy(files.at(data::path_of(place, "class_scene")), "labels"),
                     given.data.at("class_scene")[0]));
}

TEST_CASE(
    "the room's world extent comes back from its box in the camera, the camera's angles from its pose") {
  for (const double yaw : {0.0, 0.4, -2.0}) {
    const auto info = info_of(sample(yaw), {"room", 0, 0, {}});
    const double wanted[3] = {4.0, 5.0, 3.0};
    const char* axes[3] = {"x", "y", "z"};
    for (int i = 0; i < 3; ++i) {
      const auto& range = info["bounding_box_ranges"][axes[i]];
      CHECK(range[0].get<double>() == doctest::Approx(0.0).epsilon(1e-4).scale(1.0));
      CHECK(range[1].get<double>() == doctest::Approx(wanted[i]).epsilon(1e-4));
    }
    // Upright and looking along world y, the layout's camera is turned by 90 degrees about x, then by the yaw
    // about z.
    const auto& angles = info["camera_rotation_final"];
    CHECK(angles[0].get<double>() == doctest::Approx(M_PI / 2.0).epsilon(1e-4));
    CHECK(angles[1].get<double>() == doctest::Approx(0.0).epsilon(1e-4).scale(1.0));
    CHECK(angles[2].get<double>() == doctest::Approx(yaw).epsilon(1e-4).scale(1.0));
    CHECK(info["camera_location"][2].get<double>() == doctest::Approx(1.5));
    CHECK(info["field_of_view_rads"].get<double>() == doctest::Approx(2.0 * std::atan(3.0 / 4.0)));
  }
}
