// Records of plugins, and what a dataset must offer for a task.
#include <limits>
#include <string>

#include "core/host/requirements.hpp"
#include "tests/host/plugin_folder.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
using tests::message_of;
using tests::photos;

namespace {

sdk::TaskInfo normal() {
  sdk::TaskInfo info;
  info.id = "normal";
  info.title = "Surface normals";
  info.target = {{3, -1, -1}, torch::kFloat32, -1.0, 1.0};
  info.prediction = info.target;
  return info;
}

}  // namespace

TEST_CASE("a dataset must offer every modality of a task") {
  auto task = normal();
  CHECK(message_of([&] { host::require_modalities(task, photos()); }) == "");
  task.modalities = {"rgb", "depth_zbuffer"};
  CHECK(message_of([&] { host::require_modalities(task, photos()); }) ==
        "task \"normal\": needs modality \"depth_zbuffer\"; dataset \"photos\" offers: rgb");
  task = normal();
  task.any_of = {{"normal", "depth_zbuffer"}};
  CHECK(message_of([&] { host::require_modalities(task, photos()); }) ==
        "task \"normal\": needs one of the modalities \"normal\", \"depth_zbuffer\"; dataset \"photos\" "
        "offers: rgb");
  auto dataset = photos();
  dataset.modalities.push_back("depth_zbuffer");
  CHECK(message_of([&] { host::require_modalities(task, dataset); }) == "");
}

TEST_CASE("a plain input needs rgb, and views must be of the task's kind") {
  auto dataset = photos();
  dataset.modalities = {"depth_zbuffer"};
  CHECK(message_of([&] { host::require_modalities(normal(), dataset); }) ==
        "task \"normal\": needs modality \"rgb\"; dataset \"photos\" offers: depth_zbuffer");
  auto task = normal();
  task.view_kind = sdk::ViewKind::fixated_pair;
  CHECK(message_of([&] { host::require_modalities(task, photos()); }) ==
        "task \"normal\": needs views of kind fixated_pair; dataset \"photos\" offers: single");
}

TEST_CASE("a task's record must be complete") {
  CHECK(message_of([] { host::check_info(normal(), "normal"); }) == "");
  CHECK(message_of([] { host::check_info(normal(), "normals"); }) ==
        "task \"normals\": its record calls it \"normal\"");
  auto task = normal();
  task.title.clear();
  CHECK(message_of([&] { host::check_info(task, "normal"); }) == "task \"normal\": its record has no title");
  task = normal();
  task.label_cost = std::numeric_limits<double>::quiet_NaN();
  CHECK(message_of([&] { host::check_info(task, "normal"); }) ==
        "task \"normal\": label cost nan is not a number from 0 up");
  task = normal();
  task.target.shape = {3, 0};
  CHECK(message_of([&] { host::check_info(task, "normal"); }) ==
        "task \"normal\": target has a dimension of length 0");
  task = normal();
  task.prediction.low = 2.0;
  CHECK(message_of([&] { host::check_info(task, "normal"); }) ==
        "task \"normal\": prediction has the empty range 2 to 1");
  task = normal();
  task.modalities = {"RGB"};
  CHECK(message_of([&] { host::check_info(task, "normal"); }) ==
        "task \"normal\": \"RGB\" is no name of a modality");
  task = normal();
  task.trained = false;
  CHECK(message_of([&] { host::check_info(task, "normal"); }) ==
        "task \"normal\": is not trained, so its role can only be source");
}

TEST_CASE("a dataset's record must be complete") {
  CHECK(message_of([] { host::check_info(photos(), "photos"); }) == "");
  auto dataset = photos();
  dataset.modalities.clear();
  CHECK(message_of([&] { host::check_info(dataset, "photos"); }) == "dataset \"photos\": offers no modality");
  dataset = photos();
  dataset.class_names["class_scene"] = {};
  CHECK(message_of([&] { host::check_info(dataset, "photos"); }) ==
        "dataset \"photos\": modality \"class_scene\" has an empty list of classes");
}
