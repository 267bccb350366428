#include <taskonomy/sdk/pose_task.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <utility>

#include <taskonomy/sdk/toolbox/pose.hpp>

namespace taskonomy::sdk {

namespace {

constexpr std::int64_t kNumbers = 6;  ///< of one relative pose

constexpr std::array kCameraColours{kGreen, kVermilion, kBlue};
constexpr Colour kScaleColour{32, 32, 36};

/// "0.42 m" with two digits that count.
std::string metres_text(double metres) {
  char text[32];
  std::snprintf(text, sizeof text, metres < 0.095 ? "%.0f\u00a0cm" : "%.2f\u00a0m",
                metres < 0.095 ? 100.0 * metres : metres);
  return text;
}

/// One movement in words: the amount and, by its sign, one of two directions.
struct Movement {
  double amount;
  const char *positive, *negative;
};

/// A pose of a camera in the frame of the first in words: "0.42 m right, 0.10 m back; turned 12 degrees left".
std::string pose_text(const torch::Tensor& pose) {
  const auto entry = [&](int row, int column) { return pose[row][column].item<double>(); };
  const std::array<Movement, 3> ways{
      {{entry(0, 3), "right", "left"}, {entry(1, 3), "down", "up"}, {entry(2, 3), "ahead", "back"}}};
  const double degrees = 180.0 / M_PI;
  const std::array<Movement, 3> turns{
      {{std::atan2(entry(0, 2), entry(2, 2)) * degrees, "right", "left"},
       {std::asin(std::clamp(-entry(1, 2), -1.0, 1.0)) * degrees, "up", "down"},
       {std::atan2(entry(1, 0), entry(1, 1)) * degrees, "clockwise", "anticlockwise"}}};
  std::string text, turned;
  for (const auto& way : ways)
    if (std::abs(way.amount) >= 0.005)
      text += (text.empty() ? "" : ", ") + metres_text(std::abs(way.amount)) + " " +
              (way.amount > 0.0 ? way.positive : way.negative);
  for (const auto& turn : turns)
    if (std::abs(turn.amount) >= 0.5)
      turned += (turned.empty() ? "turned " : ", ") + std::to_string(std::lround(std::abs(turn.amount))) +
                "\u00b0 " + (turn.amount > 0.0 ? turn.positive : turn.negative);
  if (text.empty()) text = "in place";
  return turned.empty() ? text : text + "; " + turned;
}

/// Cameras seen from above, the first one looking up the picture, in a frame that holds them all.
class CameraMap {
 public:
  /// Poses [C,4,4] in the frame of the first.
  explicit CameraMap(const torch::Tensor& poses) : poses_(poses) {
    const torch::Tensor places = poses.select(2, 3).index_select(1, torch::tensor({0, 2}, torch::kInt64));
    const torch::Tensor low = std::get<0>(places.min(0)), high = std::get<0>(places.max(0));
    const auto extent = std::max((high - low).max().item<float>(), 0.01F);  // m
    share_per_metre_ = 0.45F / extent;
    middle_ = {0.5F * (low + high)[0].item<float>(), 0.5F * (low + high)[1].item<float>()};
  }

  /// A triangle that widens the way the camera looks, and its number.
  void add_camera(std::vector<Mark>& marks, std::int64_t camera) const {
    constexpr float kLength = 0.15F, kHalfWidth = 0.09F;  // shares of the picture
    const Colour& colour = kCameraColours.at(static_cast<std::size_t>(camera) % kCameraColours.size());
    const auto at = [&](float right, float forward) {
      return seen(camera, right / share_per_metre_, forward / share_per_metre_);
    };
    const Point eye = at(0.0F, 0.0F), left = at(-kHalfWidth, kLength), right = at(kHalfWidth, kLength);
    marks.push_back({Mark::Kind::line, {eye, left, right, eye}, colour});
    marks.push_back({Mark::Kind::word, {at(0.0F, -0.06F)}, colour, std::to_string(camera + 1)});
  }

  /// The way from the first camera to another.
  void add_way(std::vector<Mark>& marks, std::int64_t camera) const {
    marks.push_back({Mark::Kind::arrow, {seen(0, 0.0F, 0.0F), seen(camera, 0.0F, 0.0F)}, {170, 170, 176}});
  }

  /// A bar of a round length, a fifth to a half of the picture.
  void add_scale(std::vector<Mark>& marks) const {
    float length = 0.001F;
    for (int step = 0; length * share_per_metre_ < 0.18F; ++step) length *= step % 3 == 1 ? 2.5F : 2.0F;
    const float share = length * share_per_metre_, y = 0.95F;
    marks.push_back({Mark::Kind::line, {{0.04F, y}, {0.04F + share, y}}, kScaleColour});
    marks.push_back({Mark::Kind::word, {{0.07F + share, y}}, kScaleColour, metres_text(length), true});
  }

 private:
  [[nodiscard]] Point seen(std::int64_t camera, float right, float forward) const {
    const torch::Tensor point = poses_[camera].matmul(torch::tensor({right, 0.0F, forward, 1.0F}));
    return {0.5F + (point[0].item<float>() - middle_.x) * share_per_metre_,
            0.47F - (point[2].item<float>() - middle_.y) * share_per_metre_};
  }

  torch::Tensor poses_;
  float share_per_metre_;
  Point middle_{};
};

}  // namespace

PoseTask::PoseTask(const TaskContext& context, TaskInfo info, std::vector<ViewPair> pairs,
                   Whitening whitening, HiddenLayers layers)
    : VectorTask(std::move(info), context.side,
                 {{"rotation_error", "degrees", false}, {"translation_error", "m", false}}, layers),
      pairs_(std::move(pairs)),
      whitening_(std::move(whitening)) {}
PoseTask::~PoseTask() = default;

Example PoseTask::make_example(const Sample& sample, torch::Generator&) const {
  const torch::Tensor poses = require_poses(sample, views_of(info().view_kind));
  std::vector<torch::Tensor> numbers;
  for (const ViewPair& pair : pairs_)
    numbers.push_back(whitening_.whiten(encode_pose(relative_pose(poses[pair.first], poses[pair.second]))));
  return vector_example(torch::cat(numbers), is_rigid(poses).all().item<bool>());
}

torch::Tensor PoseTask::loss(const torch::Tensor& prediction, const torch::Tensor& target,
                             const torch::Tensor& mask) const {
  torch::Tensor difference = prediction - target;
  if (prediction.scalar_type() != torch::kFloat64) difference = difference.to(torch::kFloat32);
  if (mask.defined())
    difference = torch::where(mask.to(torch::kBool).reshape({-1, 1}), difference,
                              torch::zeros({}, difference.options()));
  torch::Tensor sum = torch::zeros({difference.size(0)}, difference.options());
  for (std::size_t pair = 0; pair < pairs_.size(); ++pair)
    sum = sum + pairs_[pair].weight *
                    difference.narrow(1, static_cast<std::int64_t>(pair) * kNumbers, kNumbers).norm(2, 1);
  return sum;
}

torch::Tensor PoseTask::poses_of(const torch::Tensor& numbers) const {
  return decode_pose(
      whitening_.restore(numbers.unflatten(-1, {static_cast<std::int64_t>(pairs_.size()), -1})));
}

torch::Tensor PoseTask::judge(const torch::Tensor& prediction, const torch::Tensor& target) const {
  const torch::Tensor guess = poses_of(prediction), truth = poses_of(target);
  const auto rotation = [](const torch::Tensor& poses) { return poses.narrow(-2, 0, 3).narrow(-1, 0, 3); };
  const auto place = [](const torch::Tensor& poses) { return poses.narrow(-2, 0, 3).select(-1, 3); };
  const torch::Tensor degrees = rotation_angle(rotation(guess), rotation(truth)).rad2deg().mean(1);
  const torch::Tensor metres = (place(guess) - place(truth)).norm(2, -1).mean(1);
  return torch::stack({degrees, metres}, 1);
}

Figure PoseTask::pose_figure(const torch::Tensor& values) const {
  const torch::Tensor relative = poses_of(values.to(torch::kFloat32));
  std::vector<torch::Tensor> poses{torch::eye(4)};
  Figure figure{.ground = Ground::paper};
  for (std::size_t pair = 0; pair < pairs_.size(); ++pair) {
    if (pairs_[pair].first != 0) continue;
    poses.push_back(relative[static_cast<std::int64_t>(pair)]);
    figure.caption += (figure.caption.empty() ? "" : " \u00b7 ") + std::to_string(poses.size()) + ": " +
                      pose_text(poses.back());
  }
  const CameraMap map(torch::stack(poses));
  for (std::size_t camera = 1; camera < poses.size(); ++camera)
    map.add_way(figure.marks, static_cast<std::int64_t>(camera));
  for (std::size_t camera = 0; camera < poses.size(); ++camera)
    map.add_camera(figure.marks, static_cast<std::int64_t>(camera));
  map.add_scale(figure.marks);
  return figure;
}

std::vector<Component> PoseTask::pose_components() const {
  std::vector<Component> components;
  for (const ViewPair& pair : pairs_) {
    const std::string prefix = pairs_.size() == 1 ? ""
                                                  : "pair_" + std::to_string(pair.first + 1) + "_" +
                                                        std::to_string(pair.second + 1) + ".";
    for (const char* axis : {"x", "y", "z"}) components.push_back({prefix + "rotation_" + axis, "degrees"});
    for (const char* axis : {"x", "y", "z"}) components.push_back({prefix + "translation_" + axis, "m"});
  }
  return components;
}

torch::Tensor PoseTask::pose_in_units(const torch::Tensor& prediction) const {
  torch::Tensor numbers = whitening_.restore(prediction.to(torch::kFloat32).reshape({-1, kNumbers})).clone();
  numbers.narrow(1, 0, 3).rad2deg_();
  return numbers.flatten();
}

torch::Tensor PoseTask::draw_values(const torch::Tensor& values) const {
  return draw_marks(pose_figure(values).marks, side());
}

TaskInfo pose_task_info(const std::string& id, const std::string& title, ViewKind kind, std::int64_t pairs) {
  TaskInfo info = vector_task_info(id, title, "geometric", kNumbers * pairs);
  info.view_kind = kind;
  info.modalities.emplace_back("pose");
  return info;
}

}  // namespace taskonomy::sdk
