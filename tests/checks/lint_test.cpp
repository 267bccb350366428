// What looks wrong is named, what is right is not.
#include <algorithm>
#include <cmath>
#include <functional>
#include <stdexcept>

#include "core/checks/data_lint.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
using checks::Gravity;
using checks::Remark;

namespace {

constexpr std::int64_t kSide = 8;

std::vector<Remark> remarks(const std::string& modality, const torch::Tensor& values,
                            std::int64_t classes = 0) {
  checks::ModalityLint lint(modality, classes);
  lint.add(values, "a/1", kSide);
  lint.add(values, "a/2", kSide);
  return lint.remarks();
}

bool says(const std::vector<Remark>& all, const std::string& part) {
  return std::any_of(all.begin(), all.end(),
                     [&](const auto& f) { return f.text.find(part) != std::string::npos; });
}

torch::Tensor depth(double metres) {
  return torch::linspace(0.5 * metres, 1.5 * metres, kSide * kSide).reshape({1, 1, kSide, kSide});
}

torch::Tensor normals() {
  auto towards_camera = torch::zeros({1, 3, kSide, kSide});
  towards_camera.select(1, 2).fill_(-0.8);
  towards_camera.select(1, 0).fill_(0.6);
  return towards_camera;
}

torch::Tensor camera(double focal) {
  auto k = torch::eye(3).unsqueeze(0);
  k[0][0][0] = focal;
  k[0][1][1] = focal;
  k[0][0][2] = k[0][1][2] = 0.5 * kSide;
  return k;
}

/// A task whose label is what its function makes of the sample.
class Toy final : public sdk::Task {
 public:
  explicit Toy(std::function<sdk::Example(const sdk::Sample&)> make) : make_(std::move(make)) {
    info_.id = "toy";
    info_.modalities = {"depth_zbuffer"};
    info_.mask = sdk::MaskKind::pixel;
    info_.target = {{1, -1, -1}, torch::kFloat32, -1.0, 1.0};
  }
  const sdk::TaskInfo& info() const noexcept override { return info_; }
  sdk::Example make_example(const sdk::Sample& sample, torch::Generator&) const override {
    return make_(sample);
  }
  std::shared_ptr<sdk::Decoder> make_decoder(const sdk::DecoderConfig&) const override { return nullptr; }
  torch::Tensor loss(const torch::Tensor&, const torch::Tensor&, const torch::Tensor&) const override {
    return {};
  }

 private:
  std::function<sdk::Example(const sdk::Sample&)> make_;
  sdk::TaskInfo info_;
};

std::vector<Remark> label_remarks(const torch::Tensor& target, const torch::Tensor& mask) {
  const Toy task([&](const sdk::Sample&) { return sdk::Example{{}, target, mask}; });
  checks::LabelLint lint(task, 1);
  for (const char* id : {"a", "b", "c"}) lint.add({id, {}});
  return lint.remarks();
}

}  // namespace

TEST_CASE(
    "depth of a room is fine, in millimetres it is suspected, and so are metres taken for millimetres") {
  CHECK(remarks("depth_zbuffer", depth(2.5)).empty());
  CHECK(says(remarks("depth_zbuffer", depth(2500.0)), "millimetres"));
  CHECK(says(remarks("depth_euclidean", depth(0.0025)), "divided"));
  CHECK(says(remarks("depth_zbuffer", torch::zeros({1, 1, kSide, kSide})), "no value at all in 2 of 2"));
}

TEST_CASE("depth that is far for a room is suspected to be millimetres read as 1/512 m, with the factor") {
  CHECK(remarks("depth_zbuffer", depth(4.0)).empty());
  const auto far = remarks("depth_zbuffer", depth(2.8 * 1000.0 / 512.0));
  CHECK(says(far, "1.95 times too far"));
  CHECK(says(far, "would give 2.8 m"));
}

TEST_CASE("views of one colour are suspected by name: black rooms, photographs of 1 x 1 pixels") {
  const auto textured =
      torch::arange(3 * kSide * kSide).remainder(250).add(1).to(torch::kUInt8).reshape({1, 3, kSide, kSide});
  CHECK(remarks("rgb", textured).empty());
  const auto flat =
      torch::tensor({10, 20, 200}, torch::kUInt8).reshape({1, 3, 1, 1}).expand({1, 3, kSide, kSide});
  CHECK(says(remarks("rgb", flat), "one colour all over"));
  CHECK(says(remarks("rgb", flat), "in 2 of 2 samples, first a/1"));
}

TEST_CASE("a wall at the image's side may face forward and still be seen") {
  // The camera looks along z through 90 degrees; the wall x = 1 runs slightly towards the axis: n_z > 0, n . ray < 0.
  auto wall = torch::zeros({1, 3, kSide, kSide});
  wall.select(1, 0).fill_(-0.995);
  wall.select(1, 2).fill_(0.0998);
  wall.slice(3, 0, 5).zero_();  // seen in the right part alone
  checks::ModalityLint lint("normal", 0);
  lint.add(wall, "a/1", kSide, camera(0.5 * kSide));
  CHECK(lint.remarks().empty());
  CHECK(says(remarks("normal", -wall), "face away"));
}

TEST_CASE("normals: unit and towards the camera; longer ones and ones that face away are named") {
  auto steps = normals();
  steps.select(3, 0).zero_();  // (0,0,0) = none
  CHECK(remarks("normal", steps).empty());
  CHECK(says(remarks("normal", 1.2 * normals()), "not of unit length, in 2 of 2 samples, first a/1"));
  CHECK(says(remarks("normal", -normals()), "face away"));
}

TEST_CASE("poses, cameras, class ids and soft labels") {
  auto pose = torch::eye(4).unsqueeze(0);
  pose[0][0][3] = 2.0;
  CHECK(remarks("pose", pose).empty());
  CHECK(says(remarks("pose", pose * 2.0), "no rotation"));
  CHECK(remarks("intrinsics", camera(kSide)).empty());
  CHECK(says(remarks("intrinsics", camera(100.0 * kSide)), "angle of view"));
  CHECK(says(remarks("intrinsics", camera(-1.0)), "angle of view"));
  auto off = camera(kSide);
  off[0][0][2] = 3.0 * kSide;
  CHECK(says(remarks("intrinsics", off), "optical axis"));
  const auto ids = torch::arange(kSide * kSide).remainder(5).to(torch::kUInt8).reshape({1, 1, kSide, kSide});
  CHECK(remarks("segment_semantic", ids, 5).empty());
  CHECK(says(remarks("segment_semantic", ids, 4), "beyond the 4"));
  CHECK(remarks("class_scene", torch::tensor({{0.25, 0.75}}), 2).empty());
  CHECK(says(remarks("class_scene", torch::tensor({{0.5, 0.75}}), 2), "sum to 1"));
}

TEST_CASE("what samples lack is counted with the first reason") {
  checks::ModalityLint lint("normal", 0);
  lint.add(normals(), "a/1", kSide);
  lint.add_absent("a/2", "x.png: truncated");
  CHECK(says(lint.remarks(), "missing in 1 of 2 samples, first a/2: x.png: truncated"));
}

TEST_CASE("labels: good ones pass; constant, saturated, masked and failing ones do not") {
  const auto good = torch::linspace(-0.9, 0.9, kSide * kSide).reshape({1, kSide, kSide});
  const auto all = torch::ones({1, kSide, kSide}, torch::kBool);
  CHECK(label_remarks(good, all).empty());
  CHECK(says(label_remarks(torch::zeros_like(good), all), "nothing to learn"));
  CHECK(says(label_remarks(good.sign(), all), "at an end of the range"));
  const auto masked = label_remarks(good, all.logical_not());
  REQUIRE(masked.size() == 1);
  CHECK(masked.front().gravity == Gravity::fault);

  const Toy failing([](const sdk::Sample& sample) -> sdk::Example {
    throw std::invalid_argument("sample \"" + sample.id + "\" lacks everything");
  });
  checks::LabelLint lint(failing, 1);
  lint.add({"a", {}});
  REQUIRE(lint.remarks().size() == 1);
  CHECK(lint.remarks().front().gravity == Gravity::fault);
  CHECK(says(lint.remarks(), "lacks everything"));

  // What the sample lacks is no fault of a run that does without; what fails for another reason stays one.
  const auto with = [&](const std::string& absent) {
    checks::LabelLint lenient(failing, 1, /*labels_may_lack=*/true);
    sdk::Sample sample{"a", {}};
    sample.absent[absent] = "no such file";
    lenient.add(sample);
    return lenient.remarks().front().gravity;
  };
  CHECK(with("depth_zbuffer") == Gravity::suspicion);
  CHECK(with("another") == Gravity::fault);
}
