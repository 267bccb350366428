// The dataset plugin `sevenscenes` on a wall that the test paints: red and green of a pixel say which point
// of the wall it shows, so that correspondences are judged by colours and not by the plugin's own geometry.
#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <sstream>
#include <string>

#include <taskonomy/sdk/dataset.hpp>
#include <taskonomy/sdk/image.hpp>

#include "core/base/error.hpp"
#include "core/host/registry.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
namespace fs = std::filesystem;

namespace {

constexpr std::int64_t kHeight = 96, kWidth = 128;
constexpr double kFocal = 100, kWall = 2.0;  // pixels; metres to the wall z = kWall

/// A camera at (x, 0, 0), turned by `yaw` about the vertical axis.
struct Place {
  double x = 0, yaw = 0;
};

/// Frame `number`: wall coordinate u in red, v in green, 4 cm a step around 128; depth in millimetres.
void write_frame(const fs::path& folder, int number, const Place& place) {
  torch::Tensor colour = torch::zeros({3, kHeight, kWidth}, torch::kUInt8);
  torch::Tensor depth = torch::zeros({1, kHeight, kWidth}, torch::kInt32);
  auto pixels = colour.accessor<std::uint8_t, 3>();
  auto metres = depth.accessor<std::int32_t, 3>();
  const double c = std::cos(place.yaw), s = std::sin(place.yaw);
  for (std::int64_t row = 0; row < kHeight; ++row)
    for (std::int64_t column = 0; column < kWidth; ++column) {
      const double x = (static_cast<double>(column) + 0.5 - kWidth / 2.0) / kFocal,
                   y = (static_cast<double>(row) + 0.5 - kHeight / 2.0) / kFocal;
      // World direction of the pixel's ray: x right, y down, z towards the wall.
      const double along = kWall / (c - s * x);
      pixels[0][row][column] =
          static_cast<std::uint8_t>(128 + std::lround((place.x + along * (c * x + s)) / 0.04));
      pixels[1][row][column] = static_cast<std::uint8_t>(128 + std::lround(along * y / 0.04));
      metres[0][row][column] = static_cast<std::int32_t>(std::lround(1000 * along));
    }
  std::ostringstream name;
  name << "frame-" << std::string(5, '0') << number;
  sdk::write_png(folder / (name.str() + ".color.png"), colour);
  sdk::write_png(folder / (name.str() + ".depth.png"), depth);
  std::ofstream(folder / (name.str() + ".pose.txt")) << c << " 0 " << s << ' ' << place.x << "\n0 1 0 0\n"
                                                     << -s << " 0 " << c << " 0\n0 0 0 1\n";
}

/// Frames 0..2 look at one point of the wall from 0.4 m apart; 3 and 4 look straight ahead from elsewhere.
struct Wall : tests::Folder {
  Wall() {
    const std::array<Place, 5> places = {
        {{0, 0}, {0.4, std::atan2(-0.4, kWall)}, {-0.4, std::atan2(0.4, kWall)}, {0.9, 0}, {-0.6, 0}}};
    for (std::size_t i = 0; i < places.size(); ++i) write_frame(path(), static_cast<int>(i), places[i]);
    std::ofstream(path() / "camera-intrinsics.txt") << "100 0 64\n0 100 48\n0 0 1\n";
  }
  [[nodiscard]] fs::path file(int frame, const std::string& kind) const {
    return path() / ("frame-00000" + std::to_string(frame) + "." + kind);
  }
};

std::shared_ptr<sdk::Dataset> open_dataset(const fs::path& root, std::int64_t side,
                                           recipe::Table params = {}) {
  host::SearchOptions options;
  options.plugin_dirs = {fs::path(TASKONOMY_BINARY_DIR) / "lib" / "taskonomy"};
  options.standard_places = false;
  host::PluginRegistry registry(options);
  if (!root.empty()) params["root"] = {root.string(), "test"};
  return registry.create_dataset("sevenscenes", params, side, 1);
}

std::string message_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Wall coordinates (m) that the centre of a view shows.
std::array<double, 2> centre_of(const torch::Tensor& rgb, std::int64_t view) {
  const std::int64_t n = rgb.size(2);
  const torch::Tensor middle =
      rgb[view].slice(1, n / 2 - 1, n / 2 + 1).slice(2, n / 2 - 1, n / 2 + 1).to(torch::kFloat64);
  return {(middle[0].mean().item<double>() - 128) * 0.04, (middle[1].mean().item<double>() - 128) * 0.04};
}

std::int64_t samples(const sdk::Dataset& dataset, sdk::ViewKind kind) {
  std::int64_t count = 0;
  for (const auto& scene : dataset.scenes(kind)) count += scene.samples;
  return count;
}

}  // namespace

TEST_CASE("fixated pairs and triplets look at one point, non-fixated ones do not") {
  const Wall wall;
  const auto dataset = open_dataset(wall.path(), 48);
  const std::string chunk = dataset->scenes(sdk::ViewKind::single).at(0).id;
  CHECK(samples(*dataset, sdk::ViewKind::single) == 5);
  CHECK(samples(*dataset, sdk::ViewKind::fixated_pair) == 3);
  REQUIRE(samples(*dataset, sdk::ViewKind::fixated_triplet) == 1);
  for (const auto kind :
       {sdk::ViewKind::fixated_pair, sdk::ViewKind::fixated_triplet, sdk::ViewKind::nonfixated_pair}) {
    REQUIRE(samples(*dataset, kind) > 0);
    for (std::int64_t i = 0; i < samples(*dataset, kind); ++i) {
      const torch::Tensor rgb = dataset->sample(chunk, i, kind, {"rgb"}).data.at("rgb");
      const auto first = centre_of(rgb, 0), second = centre_of(rgb, 1);
      const double apart = std::hypot(first[0] - second[0], first[1] - second[1]);
      CHECK((apart < 0.15) == (kind != sdk::ViewKind::nonfixated_pair));
    }
  }
}

TEST_CASE("poses take what one view sees to where another sees it") {
  const Wall wall;
  const auto dataset = open_dataset(wall.path(), 48);
  const std::string chunk = dataset->scenes(sdk::ViewKind::single).at(0).id;
  const sdk::Sample pair =
      dataset->sample(chunk, 0, sdk::ViewKind::fixated_pair, {"rgb", "depth_zbuffer", "intrinsics", "pose"});
  for (std::int64_t view = 0; view < 2; ++view) {
    const torch::Tensor k = pair.data.at("intrinsics")[view], pose = pair.data.at("pose")[view];
    const float depth = pair.data.at("depth_zbuffer")[view][0][10][30].item<float>();
    const torch::Tensor point = torch::tensor({30.5F, 10.5F, 1.0F}).mul(depth);
    const torch::Tensor world =
        pose.slice(0, 0, 3).slice(1, 0, 3).mv(torch::inverse(k).mv(point)) + pose.slice(0, 0, 3).select(1, 3);
    CHECK(world[2].item<double>() == doctest::Approx(kWall).epsilon(0.01));
    CHECK(world[0].item<double>() ==
          doctest::Approx((pair.data.at("rgb")[view][0][10][30].item<double>() - 128) * 0.04).epsilon(0.05));
  }
}

TEST_CASE("matching pairs: centres of even samples show one point, of odd ones two that are apart") {
  const Wall wall;
  const auto dataset = open_dataset(wall.path(), 32);
  const std::string chunk = dataset->scenes(sdk::ViewKind::single).at(0).id;
  REQUIRE(samples(*dataset, sdk::ViewKind::matching_pair) >= 2);
  for (std::int64_t i = 0; i < samples(*dataset, sdk::ViewKind::matching_pair); ++i) {
    const sdk::Sample sample = dataset->sample(chunk, i, sdk::ViewKind::matching_pair, {"rgb", "match"});
    const auto first = centre_of(sample.data.at("rgb"), 0), second = centre_of(sample.data.at("rgb"), 1);
    const double apart = std::hypot(first[0] - second[0], first[1] - second[1]);
    CHECK(sample.data.at("match").item<float>() == (i % 2 == 0 ? 1.0F : 0.0F));
    CHECK((i % 2 == 0 ? apart < 0.12 : apart > 0.25));
  }
  const torch::Tensor again =
      open_dataset(wall.path(), 32)->sample(chunk, 1, sdk::ViewKind::matching_pair, {"rgb"}).data.at("rgb");
  CHECK(torch::equal(again, dataset->sample(chunk, 1, sdk::ViewKind::matching_pair, {"rgb"}).data.at("rgb")));
}

TEST_CASE("chunks are consecutive frames, listed for every kind") {
  const Wall wall;
  const auto dataset = open_dataset(wall.path(), 16, {{"chunk", {std::int64_t{2}, "test"}}});
  const auto chunks = dataset->scenes(sdk::ViewKind::single);
  REQUIRE(chunks.size() == 3);
  CHECK(chunks[0].samples == 2);
  CHECK(chunks[2].samples == 1);
  CHECK(dataset->scenes(sdk::ViewKind::fixated_triplet).size() == 3);
  CHECK(samples(*open_dataset(wall.path(), 16, {{"every", {std::int64_t{2}, "test"}}}),
                sdk::ViewKind::single) == 3);
}

TEST_CASE("damaged files are named, cost their own modality and keep the frame out of pairs") {
  const Wall wall;
  const auto absent = [&](int frame, const std::string& modality) {
    const auto dataset = open_dataset(wall.path(), 16);
    const sdk::Sample sample = dataset->sample(dataset->scenes(sdk::ViewKind::single)[0].id, frame,
                                               sdk::ViewKind::single, {"rgb", modality});
    return sample.absent.count(modality) > 0 ? sample.absent.at(modality) : "";
  };
  std::ofstream(wall.file(0, "pose.txt")) << "1 0 0 0  0 2 0 0  0 0 1 0  0 0 0 1";
  CHECK(contains(absent(0, "pose"), "frame-000000.pose.txt: pose is not a rotation"));
  std::ofstream(wall.file(1, "pose.txt")) << "1 0 0 0  0 -1 0 0  0 0 1 0  0 0 0 1";  // a mirror
  CHECK(contains(absent(1, "pose"), "pose is not a rotation"));
  std::ofstream(wall.file(1, "pose.txt")) << "1 0 0 nan  0 1 0 0  0 0 1 0  0 0 0 1";
  CHECK(contains(absent(1, "pose"), "\"nan\" is no finite number"));
  std::ofstream(wall.file(1, "pose.txt")) << "1 0 0 0  0 1 0 0";
  CHECK(contains(absent(1, "pose"), "expected 16 numbers, got 8"));
  CHECK(samples(*open_dataset(wall.path(), 16), sdk::ViewKind::fixated_pair) == 0);
  sdk::write_png(wall.file(2, "depth.png"), torch::full({1, kHeight, kWidth}, 65535, torch::kInt32));
  CHECK(absent(2, "depth_zbuffer").empty());  // no reading anywhere is no damage
  sdk::write_png(wall.file(2, "depth.png"), torch::ones({1, kHeight, kWidth}, torch::kUInt8));
  CHECK(contains(absent(2, "depth_zbuffer"), "depth.png: expected depth as 16-bit grey, got 8 bits"));
  sdk::write_png(wall.file(2, "depth.png"), torch::ones({1, 50, 50}, torch::kInt32));
  CHECK(contains(absent(2, "depth_zbuffer"), "is 50 x 50 pixels, the colour image 128 x 96"));
  fs::resize_file(wall.file(3, "color.png"), 100);
  CHECK(contains(message_of([&] { (void)absent(3, "pose"); }), "frame-000003.color.png: "));
  CHECK(samples(*open_dataset(wall.path(), 16), sdk::ViewKind::single) == 5);
}

TEST_CASE("an empty folder, wrong keys and a wrong camera are errors at once") {
  const tests::Folder empty;
  CHECK(contains(message_of([&] { (void)open_dataset(empty.path(), 16); }), "no frames found"));
  CHECK(contains(message_of([] { (void)open_dataset("", 16); }), "--set data.root="));
  const Wall wall;
  CHECK(contains(message_of([&] {
                   (void)open_dataset(wall.path(), 16, {{"intrinsics", {std::vector<double>{1, 2}, "t"}}});
                 }),
                 "[fx, fy, cx, cy]"));
  std::ofstream(wall.path() / "camera-intrinsics.txt") << "0 0 64\n0 100 48\n0 0 1\n";
  CHECK(contains(message_of([&] { (void)open_dataset(wall.path(), 16); }),
                 "camera-intrinsics.txt: focal length"));
}

TEST_CASE("TUM: associations and quaternions; a frame without a pose near in time has none") {
  const Wall wall;
  const tests::Folder root;
  const fs::path folder = root / "desk";
  fs::create_directories(folder);
  fs::copy(wall.file(0, "color.png"), folder / "a.png");
  fs::copy(wall.file(0, "depth.png"), folder / "depth-a.png");
  std::ofstream(folder / "associations.txt") << "# colour, depth\n10.00 a.png 10.01 depth-a.png\n"
                                             << "20.00 a.png 20.01 depth-a.png\n";
  const double half = std::sqrt(0.5);
  std::ofstream(folder / "groundtruth.txt")
      << "# time tx ty tz qx qy qz qw\n9.99 1 2 3 0 0 " << half << ' ' << half << "\n21 0 0 0 0 0 0 1\n";
  const auto dataset = open_dataset(root.path(), 16);
  const sdk::Sample sample =
      dataset->sample("desk-0000", 0, sdk::ViewKind::single, {"pose", "depth_zbuffer", "intrinsics"});
  const torch::Tensor pose = sample.data.at("pose")[0];
  CHECK(pose[0][1].item<double>() == doctest::Approx(-1.0));  // a quarter turn about z: x goes to y
  CHECK(pose[1][0].item<double>() == doctest::Approx(1.0));
  CHECK(pose[1][3].item<double>() == doctest::Approx(2.0));
  CHECK(sample.data.at("depth_zbuffer")[0][0][8][8].item<double>() ==
        doctest::Approx(0.4).epsilon(0.01));  // 1/5000 m
  CHECK(contains(dataset->sample("desk-0000", 1, sdk::ViewKind::single, {"pose"}).absent.at("pose"),
                 "no pose within"));
}

TEST_CASE("files_state: every modality counts the files it is read from, match those that pair views") {
  const Wall wall;
  const std::vector<std::string> modalities = {"rgb", "depth_zbuffer", "pose", "intrinsics", "match"};
  using States = std::map<std::string, std::string>;
  const auto states = [&](const recipe::Table& params = {}) {
    const auto dataset = open_dataset(wall.path(), 16, params);
    const std::string chunk = dataset->scenes(sdk::ViewKind::single).at(0).id;
    States all;
    for (const auto& modality : modalities) all[modality] = dataset->files_state(chunk, modality);
    return all;
  };
  const auto changed = [&](const States& before) {
    std::vector<std::string> names;
    const States now = states();
    for (const auto& modality : modalities)
      if (now.at(modality) != before.at(modality)) names.push_back(modality);
    return names;
  };
  using Names = std::vector<std::string>;
  for (const auto& modality : states()) CHECK_MESSAGE(!modality.second.empty(), modality.first);
  auto before = states();
  CHECK(changed(before).empty());
  fs::resize_file(wall.file(2, "depth.png"), 60);
  CHECK(changed(before) == Names{"depth_zbuffer", "match"});
  before = states();
  std::ofstream(wall.file(1, "pose.txt"), std::ios::app) << " ";
  CHECK(changed(before) == Names{"pose", "match"});
  before = states();
  fs::remove(wall.path() / "camera-intrinsics.txt");
  CHECK(changed(before) == Names{"intrinsics", "match"});
  before = states();
  fs::remove(wall.file(4, "depth.png"));
  CHECK(changed(before) == Names{"depth_zbuffer", "match"});
  CHECK(contains(states().at("depth_zbuffer"), "frame-000004.depth.png missing"));
  // A camera that the recipe gives is read from no file.
  CHECK(states({{"intrinsics", {std::vector<double>{100, 100, 64, 48}, "t"}}}).at("intrinsics").empty());
  const auto dataset = open_dataset(wall.path(), 16);
  CHECK(dataset->files_state("nowhere", "rgb").empty());
  CHECK(dataset->files_state(dataset->scenes(sdk::ViewKind::single).at(0).id, "normal").empty());
}

TEST_CASE("files_state, TUM: poses come from the trajectory, and every modality from the list of frames") {
  const Wall wall;
  const tests::Folder root;
  fs::copy(wall.file(0, "color.png"), root / "a.png");
  fs::copy(wall.file(0, "depth.png"), root / "depth-a.png");
  std::ofstream(root / "associations.txt") << "10.00 a.png 10.01 depth-a.png\n";
  std::ofstream(root / "groundtruth.txt") << "9.99 1 2 3 0 0 0 1\n";
  const auto state = [&](const std::string& modality) {
    const auto dataset = open_dataset(root.path(), 16);
    return dataset->files_state(dataset->scenes(sdk::ViewKind::single).at(0).id, modality);
  };
  const std::string rgb = state("rgb"), pose = state("pose"), match = state("match");
  std::ofstream(root / "groundtruth.txt", std::ios::app) << "21 0 0 0 0 0 0 1\n";
  CHECK(state("rgb") == rgb);
  CHECK(state("pose") != pose);
  CHECK(state("match") != match);
  std::ofstream(root / "associations.txt", std::ios::app) << "20.00 a.png 20.01 depth-a.png\n";
  CHECK(state("rgb") != rgb);
}

TEST_CASE("RedKitchen: pairs of every kind in its frames") {
  const fs::path root = fs::path(TASKONOMY_SOURCE_DIR) / ".." / "shared" / "data" / "redkitchen";
  if (!fs::exists(root)) {
    MESSAGE("skipped: no ../shared/data");
    return;
  }
  const auto dataset = open_dataset(root, 32, {{"chunk", {std::int64_t{10}, "test"}}});
  CHECK(samples(*dataset, sdk::ViewKind::single) == 100);
  for (const sdk::ViewKind kind : dataset->info().view_kinds) {
    MESSAGE("kind " << static_cast<int>(kind) << ": " << samples(*dataset, kind) << " samples");
    CHECK(samples(*dataset, kind) >= 20);
  }
}
