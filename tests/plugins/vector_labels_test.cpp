// Labels without pixels on rendered rooms, against the world that they describe; and their metrics in closed
// cases.
#include <cmath>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <taskonomy/sdk/components.hpp>
#include <taskonomy/sdk/extensions.hpp>
#include <taskonomy/sdk/toolbox/pose.hpp>
#include <taskonomy/sdk/toolbox/room_axes.hpp>

#include "core/data/example_writer.hpp"
#include "core/data/sample_store.hpp"
#include "core/data/tensor_file.hpp"
#include "core/host/requirements.hpp"
#include "tests/plugins/built_plugins.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;

namespace {

constexpr std::int64_t kSide = 32;  // pixels

recipe::Table numbers(const std::vector<std::pair<std::string, std::vector<double>>>& lists) {
  recipe::Table table;
  for (const auto& [key, list] : lists) table[key] = {list, "recipe.toml:7"};
  return table;
}

/// No whitening, so that labels can be read.
recipe::Table plain(std::size_t count) {
  return numbers({{"mean", std::vector<double>(count, 0.0)}, {"deviation", std::vector<double>(count, 1.0)}});
}

std::shared_ptr<sdk::Task> task_of(const std::string& id, const recipe::Table& params = {}) {
  return tests::built_plugins().create_task(id, params, host::any_dataset(), kSide);
}

/// One sample of a kind from each of eight rooms.
std::vector<sdk::Sample> samples(sdk::ViewKind kind, const std::vector<std::string>& modalities) {
  recipe::Table table;
  table["rooms"].value = std::int64_t{8};
  table["views_per_room"].value = std::int64_t{2};
  const auto dataset = tests::built_plugins().create_dataset("scenes", table, kSide, 5);
  std::vector<sdk::Sample> list;
  std::int64_t index = 0;
  for (const sdk::Scene& room : dataset->scenes(kind))
    list.push_back(dataset->sample(room.id, index++ % 2, kind, modalities));
  return list;
}

sdk::Example example_of(const sdk::Task& task, const sdk::Sample& sample) {
  auto generator = at::detail::createCPUGenerator(1);
  return task.make_example(sample, generator);
}

/// The metrics of one image, [M].
torch::Tensor measured(const sdk::Task& task, const torch::Tensor& prediction, const torch::Tensor& target,
                       bool known = true) {
  const auto* metrics = sdk::extension_of<sdk::Metrics>(task);
  REQUIRE(metrics != nullptr);
  const torch::Tensor values = metrics->measure(prediction.unsqueeze(0), target.unsqueeze(0),
                                                torch::full({1, 1}, known, torch::kBool));
  REQUIRE(values.sizes() == torch::IntArrayRef({1, static_cast<std::int64_t>(metrics->metrics().size())}));
  return values[0];
}

/// Of the second view's points that fall into the first image, the share that lies within 5 % of the depth
/// that the first view sees there, and the share in front of it, where there is nothing; over all samples.
struct Landing {
  double on = 0.0, before = 0.0;
};

Landing landing(const sdk::Task& task, const std::vector<sdk::Sample>& pairs, bool backwards) {
  std::vector<torch::Tensor> ratios;
  for (const sdk::Sample& sample : pairs) {
    torch::Tensor pose = sdk::decode_pose(example_of(task, sample).target);
    if (backwards) pose = sdk::inverse_pose(pose);
    const torch::Tensor depth = sample.data.at("depth_zbuffer"), k = sample.data.at("intrinsics");
    const torch::Tensor at = torch::arange(kSide, torch::kFloat32) + 0.5;
    const torch::Tensor ones = torch::ones({kSide, kSide});
    const torch::Tensor pixels = torch::stack({ones * at, ones * at.unsqueeze(1), ones}).flatten(1);
    const torch::Tensor points = torch::linalg_inv(k[1]).matmul(pixels) * depth[1].flatten();
    const torch::Tensor seen =
        pose.slice(0, 0, 3).slice(1, 0, 3).matmul(points) + pose.slice(0, 0, 3).slice(1, 3, 4);
    const torch::Tensor image = k[0].matmul(seen);
    const torch::Tensor column = (image[0] / image[2]).floor(), row = (image[1] / image[2]).floor();
    const torch::Tensor inside =
        (seen[2] > 0.1) & (column >= 0) & (column < kSide) & (row >= 0) & (row < kSide);
    const torch::Tensor place = (row * kSide + column).masked_select(inside).to(torch::kInt64);
    ratios.push_back(seen[2].masked_select(inside) / depth[0].flatten().index_select(0, place));
  }
  const torch::Tensor ratio = torch::cat(ratios);
  REQUIRE(ratio.numel() > 1000);
  const auto share = [](const torch::Tensor& which) {
    return which.to(torch::kFloat64).mean().item<double>();
  };
  return {share((ratio - 1.0).abs() < 0.05), share(ratio < 0.95)};
}

double degrees(double radians) { return radians * 180.0 / M_PI; }

}  // namespace

TEST_CASE("egomotion on scenes: the pairs compose, and the fixated point lies ahead of every camera") {
  const auto task = task_of("egomotion", plain(6));
  for (const sdk::Sample& sample :
       samples(sdk::ViewKind::fixated_triplet, {"pose", "depth_zbuffer", "intrinsics"})) {
    const torch::Tensor pairs = sdk::decode_pose(example_of(*task, sample).target.reshape({3, 6}));
    CHECK(torch::allclose(pairs[0].matmul(pairs[1]), pairs[2], 1e-4, 1e-4));
    CHECK(torch::allclose(pairs[0].matmul(pairs[1]).matmul(sdk::inverse_pose(pairs[2])), torch::eye(4), 1e-4,
                          1e-4));
    // The optical axes of cameras 1 and 2 meet: the line between their places and both axes lie in one plane.
    const torch::Tensor place = pairs[0].slice(0, 0, 3).select(1, 3),
                        ahead = pairs[0].slice(0, 0, 3).select(1, 2);
    const torch::Tensor axis = torch::tensor({0.0F, 0.0F, 1.0F});
    CHECK(std::abs(torch::cross(place, ahead, 0).dot(axis).item<double>()) < 1e-3);
  }
}

TEST_CASE("relative poses on scenes carry the second view's points onto the first view's surface") {
  for (const auto& pose : {std::pair{"fixated_pose", sdk::ViewKind::fixated_pair},
                           {"nonfixated_pose", sdk::ViewKind::nonfixated_pair}}) {
    INFO(pose.first);
    const auto task = task_of(pose.first, plain(6));
    const auto pairs = samples(pose.second, {"pose", "depth_zbuffer", "intrinsics"});
    const Landing right = landing(*task, pairs, false), wrong = landing(*task, pairs, true);
    CHECK(right.on > 0.7);      // the rest the first view cannot see: things stand before it
    CHECK(right.before < 0.1);  // 0.05: pixels on edges
    CHECK(wrong.on < 0.5);
    CHECK(wrong.before > 0.2);
  }
}

TEST_CASE("the optical axes of a fixated pair on scenes meet ahead of both cameras") {
  const auto task = task_of("fixated_pose", plain(6));
  for (const sdk::Sample& sample : samples(sdk::ViewKind::fixated_pair, {"pose", "depth_zbuffer"})) {
    const torch::Tensor first_from_second = sdk::decode_pose(example_of(*task, sample).target);
    const torch::Tensor place = first_from_second.slice(0, 0, 3).select(1, 3),
                        ahead = first_from_second.slice(0, 0, 3).select(1, 2);
    const double reach = -place[0].item<double>() / ahead[0].item<double>();
    if (std::abs(ahead[0].item<double>()) < 0.05) continue;  // both look the same way: no crossing to find
    const torch::Tensor point = place + reach * ahead;
    CHECK(std::abs(point[1].item<double>()) < 1e-3);
    CHECK(reach > 0.0);
    CHECK(point[2].item<double>() > 0.0);
  }
}

TEST_CASE("vanishing points on scenes: orthogonal, and the directions of the world's axes") {
  const auto task = task_of("vanishing_point", plain(9));
  for (const sdk::Sample& sample : samples(sdk::ViewKind::single, {"vanishing_points", "pose"})) {
    const torch::Tensor axes = example_of(*task, sample).target.reshape({3, 3});
    CHECK(torch::allclose(axes.matmul(axes.transpose(0, 1)), torch::eye(3), 1e-4, 1e-4));
    // Rooms stand along the world's axes: in world coordinates every direction has one entry +-1.
    const torch::Tensor world = sample.data.at("pose")[0].slice(0, 0, 3).slice(1, 0, 3).matmul(axes.t()).t();
    CHECK(torch::allclose(world.abs().amax(1), torch::ones({3}), 1e-4, 1e-4));
    CHECK(world[2][2].item<double>() == doctest::Approx(1.0));  // up
    CHECK(axes[1][2].item<double>() >= std::abs(axes[0][2].item<double>()) - 1e-4);
  }
}

TEST_CASE("layout on scenes: the camera is inside of the box, whose axes are the vanishing directions") {
  const auto layout = task_of("room_layout", plain(9)), directions = task_of("vanishing_point", plain(9));
  for (const sdk::Sample& sample :
       samples(sdk::ViewKind::single, {"room_layout", "vanishing_points", "pose"})) {
    const torch::Tensor box = example_of(*layout, sample).target;
    const torch::Tensor axes = sdk::rotation_from_euler(box.slice(0, 3, 6)).t();
    CHECK(torch::allclose(axes.flatten(), example_of(*directions, sample).target, 1e-4, 1e-4));
    const torch::Tensor camera = axes.matmul(-box.slice(0, 0, 3)) / box.slice(0, 6, 9);
    CHECK(camera.abs().max().item<double>() < 0.5);
  }
}

TEST_CASE("labels do not depend on how the data set names a room's axes") {
  const auto layout = task_of("room_layout"), directions = task_of("vanishing_point");
  for (sdk::Sample sample : samples(sdk::ViewKind::single, {"room_layout", "vanishing_points"})) {
    const torch::Tensor box = example_of(*layout, sample).target,
                        axes = example_of(*directions, sample).target;
    torch::Tensor& given = sample.data["room_layout"];
    // A quarter turn about the box's own up axis, with the horizontal extents swapped.
    const torch::Tensor quarter = torch::tensor({0.0F, -1.0F, 0.0F, 1.0F, 0.0F, 0.0F, 0.0F, 0.0F, 1.0F});
    const torch::Tensor turned =
        sdk::rotation_from_euler(given[0].slice(0, 3, 6)).matmul(quarter.reshape({3, 3}));
    given = torch::cat({given[0].slice(0, 0, 3), sdk::euler_from_rotation(turned),
                        given[0].slice(0, 6, 9).index_select(0, torch::tensor({1, 0, 2}))})
                .unsqueeze(0);
    sample.data["vanishing_points"] = -sample.data["vanishing_points"].flip(1);
    CHECK(torch::allclose(example_of(*layout, sample).target, box, 1e-3, 1e-3));
    CHECK(torch::allclose(example_of(*directions, sample).target, axes, 1e-4, 1e-4));
  }
}

TEST_CASE("whitened labels on scenes stay within a few deviations; a recipe may give other constants") {
  for (const char* id : {"room_layout", "vanishing_point"}) {
    for (const sdk::Sample& sample : samples(sdk::ViewKind::single, {"room_layout", "vanishing_points"})) {
      const auto count = static_cast<std::size_t>(task_of(id)->info().target.shape[0]);
      const torch::Tensor label = example_of(*task_of(id), sample).target;
      CHECK(label.abs().max().item<double>() < 6.0);
      CHECK_FALSE(torch::allclose(label, example_of(*task_of(id, plain(count)), sample).target));
    }
  }
  CHECK_THROWS_WITH_AS((void)task_of("fixated_pose", numbers({{"mean", {1.0}}})),
                       doctest::Contains("mean: expected 6 numbers, got 1"), std::exception);
  CHECK_THROWS_AS((void)task_of("fixated_pose", numbers({{"deviation", std::vector<double>(6, 0.0)}})),
                  std::exception);
}

TEST_CASE("a pose that is no rotation, a box without extent and a match of one half are masked") {
  const auto broken = [](const std::string& id, sdk::ViewKind kind, const std::string& modality,
                         const std::function<void(torch::Tensor&)>& spoil) {
    sdk::Sample sample = samples(kind, {modality}).front();
    CHECK(example_of(*task_of(id), sample).mask.item<bool>());
    spoil(sample.data[modality]);
    return !example_of(*task_of(id), sample).mask.item<bool>();
  };
  CHECK(broken("nonfixated_pose", sdk::ViewKind::nonfixated_pair, "pose",
               [](torch::Tensor& pose) { pose[1].slice(0, 0, 3).slice(1, 0, 3).mul_(1.1); }));
  CHECK(
      broken("room_layout", sdk::ViewKind::single, "room_layout", [](torch::Tensor& box) { box[0][7] = 0; }));
  CHECK(broken("vanishing_point", sdk::ViewKind::single, "vanishing_points",
               [](torch::Tensor& axes) { axes[0][1].zero_(); }));
  CHECK(broken("point_matching", sdk::ViewKind::matching_pair, "match",
               [](torch::Tensor& match) { match.fill_(0.5); }));
}

TEST_CASE("metrics of poses: a camera turned by 0.3 rad and moved by 3 and 4 m") {
  const auto task = task_of("fixated_pose", plain(6));
  const torch::Tensor truth = torch::tensor({0.0F, 0.2F, 0.0F, 1.0F, 2.0F, 3.0F});
  const torch::Tensor guess = torch::tensor({0.0F, 0.5F, 0.0F, 4.0F, 2.0F, 7.0F});
  CHECK(measured(*task, guess, truth)[0].item<double>() == doctest::Approx(degrees(0.3)).epsilon(1e-4));
  CHECK(measured(*task, guess, truth)[1].item<double>() == doctest::Approx(5.0));
  CHECK(measured(*task, truth, truth).abs().max().item<double>() < 1e-3);
  CHECK(measured(*task, guess, truth, false).isnan().all().item<bool>());

  const auto three = task_of("egomotion", plain(6));
  const torch::Tensor still = torch::zeros({18});
  torch::Tensor moved = still.clone();
  moved[3] = 0.9;  // one of three pairs
  CHECK(measured(*three, moved, still)[1].item<double>() == doctest::Approx(0.3));
  const torch::Tensor loss = three->loss(moved.unsqueeze(0), still.unsqueeze(0), {});
  CHECK(loss.item<double>() == doctest::Approx(0.9));
  torch::Tensor composed = still.clone();
  composed[15] = 0.9;
  CHECK(three->loss(composed.unsqueeze(0), still.unsqueeze(0), {}).item<double>() == doctest::Approx(0.45));
}

TEST_CASE("predictions are told by name and unit: degrees, metres, unit directions, a probability") {
  const auto told = [](const sdk::Task& task, const torch::Tensor& prediction) {
    const auto* named = sdk::extension_of<sdk::Components>(task);
    REQUIRE(named != nullptr);
    const auto values = named->in_units(prediction);
    REQUIRE(values.numel() == std::ssize(named->components()));
    std::map<std::string, std::pair<double, std::string>> all;
    for (std::size_t i = 0; i < named->components().size(); ++i)
      all[named->components()[i].name] = {values[static_cast<std::int64_t>(i)].item<double>(),
                                          named->components()[i].unit};
    return all;
  };
  const auto is = [](const std::pair<double, std::string>& given, double value, const std::string& unit) {
    return given.second == unit && std::abs(given.first - value) < 1e-3;
  };
  // Whitened by means of 1 and deviations of 2: a prediction of 0 stands for 1, one of -0.5 for 0.
  const auto constants =
      numbers({{"mean", std::vector<double>(6, 1.0)}, {"deviation", std::vector<double>(6, 2.0)}});
  auto three = torch::zeros({18});
  three[7] = -0.5;
  const auto poses = told(*task_of("egomotion", constants), three);
  CHECK(poses.size() == 18);
  CHECK(is(poses.at("pair_1_2.rotation_y"), degrees(1.0), "degrees"));
  CHECK(is(poses.at("pair_2_3.rotation_y"), 0.0, "degrees"));
  CHECK(is(poses.at("pair_1_3.translation_z"), 1.0, "m"));
  CHECK(is(told(*task_of("fixated_pose", plain(6)), torch::full({6}, 0.5)).at("rotation_x"), degrees(0.5),
           "degrees"));
  const auto box = told(*task_of("room_layout", plain(9)),
                        torch::tensor({0.0F, 0.0F, 2.0F, 0.1F, 0.0F, 0.0F, 3.0F, 4.0F, 2.5F}));
  CHECK(is(box.at("centre_z"), 2.0, "m"));
  CHECK(is(box.at("rotation_x"), degrees(0.1), "degrees"));
  CHECK(is(box.at("extent_ahead"), 4.0, "m"));
  CHECK(
      is(told(*task_of("vanishing_point", plain(9)), 3.0 * torch::eye(3).flatten()).at("ahead.y"), 1.0, ""));
  CHECK(is(told(*task_of("point_matching"), torch::tensor({0.0F, std::log(3.0F)})).at("match"), 75.0, "%"));
}

TEST_CASE("metrics of layout and vanishing points: shifted, turned, and length does not matter") {
  const auto layout = task_of("room_layout", plain(9));
  const torch::Tensor box = torch::tensor({0.0F, 0.0F, 2.0F, 0.1F, 0.0F, 0.0F, 3.0F, 4.0F, 2.5F});
  torch::Tensor shifted = box.clone(), turned = box.clone();
  shifted[0] = 0.6;
  turned[3] = 0.4;
  CHECK(measured(*layout, shifted, box)[0].item<double>() == doctest::Approx(0.6));
  CHECK(measured(*layout, shifted, box)[1].item<double>() < 0.1);
  CHECK(measured(*layout, turned, box)[1].item<double>() == doctest::Approx(degrees(0.3)).epsilon(1e-3));

  const auto directions = task_of("vanishing_point", plain(9));
  const torch::Tensor axes = torch::eye(3).flatten();
  torch::Tensor one_off = torch::eye(3);
  one_off[1] = torch::tensor({std::sin(0.3F), std::cos(0.3F), 0.0F});
  const torch::Tensor error = measured(*directions, (one_off * 0.5).flatten(), axes);
  CHECK(error[0].item<double>() == doctest::Approx(degrees(0.3) / 3.0).epsilon(1e-3));
}

TEST_CASE("metrics of classes and of matching: hits in per cent") {
  const auto scene = task_of("class_scene");
  const torch::Tensor truth =
      torch::tensor({0.1F, 0.6F, 0.3F, 0.0F, 0.0F, 0.0F}).slice(0, 0, scene->info().target.shape[0]);
  const torch::Tensor right = torch::tensor({0.0F, 9.0F, 1.0F, 2.0F, 3.0F, -5.0F}).slice(0, 0, truth.size(0));
  torch::Tensor wrong = right.clone();
  wrong[1] = -9.0;
  CHECK(measured(*scene, right, truth)[0].item<double>() == 100.0);
  CHECK(measured(*scene, wrong, truth)[0].item<double>() == 0.0);
  if (truth.size(0) > 5) {
    CHECK(measured(*scene, right, truth)[1].item<double>() == 100.0);
    CHECK(measured(*scene, wrong, truth)[1].item<double>() == 0.0);  // last of six
  }
  const auto match = task_of("point_matching");
  const torch::Tensor yes = torch::tensor({0.0F, 1.0F});
  CHECK(measured(*match, torch::tensor({-1.0F, 2.0F}), yes)[0].item<double>() == 100.0);
  CHECK(measured(*match, torch::tensor({3.0F, 2.0F}), yes)[0].item<double>() == 0.0);
}

TEST_CASE(
    "whitening is measured on the training split alone, unless the recipe gives it, and kept with the "
    "examples") {
  const tests::Folder folder;
  constexpr std::int64_t side = 32;
  recipe::Table table;
  table["rooms"].value = std::int64_t{8};
  table["views_per_room"].value = std::int64_t{4};
  const auto dataset = tests::built_plugins().create_dataset("scenes", table, side, 5);
  const auto written = [&](const std::string& name, data::Split last) {
    std::vector<data::SampleKey> keys;
    for (const sdk::Scene& room : dataset->scenes(sdk::ViewKind::fixated_triplet))
      for (std::int64_t view = 0; view < 4; ++view)
        keys.push_back({room.id, view, keys.size() < 24 ? data::Split::train : last});
    (void)data::write_shard(folder / name, *dataset,
                            {sdk::ViewKind::fixated_triplet, keys, {"rgb", "pose"}, "key"});
    std::vector<data::Shard> shards;
    shards.emplace_back(folder / name);
    return shards;
  };
  const auto shards = written("shard", data::Split::test);
  const auto constants = data::measure_whitening(*task_of("egomotion"), shards, 1);
  REQUIRE(constants);
  REQUIRE(constants->mean.size() == 6);

  const auto task =
      task_of("egomotion", numbers({{"mean", constants->mean}, {"deviation", constants->deviation}}));
  (void)data::write_examples(folder / "examples", *task, shards, {side, 1, "key", constants});
  const auto targets = data::TensorFile(folder / "examples").at("train.target").reshape({-1, 6});
  CHECK(targets.mean(0).abs().max().item<double>() < 1e-3);
  const auto deviations = targets.std(0, false);
  for (std::int64_t k = 0; k < 6; ++k) {
    const bool floored = constants->deviation[static_cast<std::size_t>(k)] == data::kLeastDeviation;
    CHECK((floored || std::abs(deviations[k].item<double>() - 1.0) < 1e-3));
  }
  CHECK(data::whitening_of(folder / "examples")->mean == constants->mean);
  CHECK(data::whitening_of(folder / "examples")->deviation == constants->deviation);
  CHECK(data::whitening_of(*task)->mean[3] == doctest::Approx(constants->mean[3]));
  CHECK(data::whitening_of(*task)->deviation[3] == doctest::Approx(constants->deviation[3]));
  CHECK_FALSE(data::whitening_of(*task_of("point_matching")));

  CHECK(data::measure_whitening(*task_of("egomotion"), written("other", data::Split::train), 1)->mean !=
        constants->mean);
  CHECK_FALSE(data::measure_whitening(*task, shards, 1));
  CHECK_FALSE(data::measure_whitening(*task_of("point_matching"), shards, 1));
}
