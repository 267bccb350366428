#include <taskonomy/sdk/pose_task.hpp>

#include <utility>

#include <taskonomy/sdk/toolbox/drawing.hpp>
#include <taskonomy/sdk/toolbox/pose.hpp>

namespace taskonomy::sdk {

namespace {

constexpr std::int64_t kNumbers = 6;  ///< of one relative pose

/// A camera seen from above as a V that opens the way it looks, `place` and `ahead` in metres to the right
/// and forward of the first camera.
void draw_camera(Canvas& canvas, const torch::Tensor& pose, const Colour& colour) {
  constexpr float kLength = 0.6F, kHalfWidth = 0.35F;  // metres, to the open end of the V
  const auto at = [&](float right, float forward) {
    const torch::Tensor point = pose.matmul(torch::tensor({right, 0.0F, forward, 1.0F}));
    return Point{point[0].item<float>(), point[2].item<float>()};
  };
  const auto on_canvas = [](Point metres) { return Point{metres.x, -metres.y}; };
  const Point eye = on_canvas(at(0.0F, 0.0F));
  canvas.line(eye, on_canvas(at(-kHalfWidth, kLength)), colour);
  canvas.line(eye, on_canvas(at(kHalfWidth, kLength)), colour);
}

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

torch::Tensor PoseTask::draw_values(const torch::Tensor& values) const {
  constexpr float kReach = 3.0F;  // metres from the middle to each edge
  Canvas canvas(side(), kReach);
  const torch::Tensor poses = poses_of(values);
  draw_camera(canvas, torch::eye(4), kWhite);
  for (std::size_t pair = 0; pair < pairs_.size(); ++pair)
    if (pairs_[pair].first == 0)
      draw_camera(canvas, poses[static_cast<std::int64_t>(pair)], pairs_[pair].second == 1 ? kOrange : kBlue);
  return canvas.picture();
}

TaskInfo pose_task_info(const std::string& id, const std::string& title, ViewKind kind, std::int64_t pairs) {
  TaskInfo info = vector_task_info(id, title, "geometric", kNumbers * pairs);
  info.view_kind = kind;
  info.modalities.emplace_back("pose");
  return info;
}

}  // namespace taskonomy::sdk
