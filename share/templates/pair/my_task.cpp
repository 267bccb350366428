// My task: how far the camera moved and turned between two images of one point. A template of a task that
// looks at two images; put your own label here.
//
//   label       float32 [2], whitened: distance between the two places of the camera, m, and angle between
//               its two orientations, rad
//   input       the two plain images; one encoder for both
//   prediction  float32 [2], whitened
//   loss        mean (prediction - label)^2
//   mask        one per pair: false where a pose is not a rigid motion
//   metrics     distance_error, m; angle_error, degrees
//   drawing     a bar for distance (m) and angle (rad)
//   parameters  mean, deviation (two numbers each): of the label before whitening; measured on scenes
//   source      who defined the label, and where
#include <taskonomy/sdk/plugin.hpp>
#include <taskonomy/sdk/toolbox/drawing.hpp>
#include <taskonomy/sdk/toolbox/pose.hpp>
#include <taskonomy/sdk/vector_task.hpp>

namespace {

using namespace taskonomy;

// What the task is: id, title, family in the report, how many numbers; how its views are related, what it
// needs from a sample (the names are in taskonomy/sdk/sample.hpp) and what its labels cost beside those of
// other tasks.
sdk::TaskInfo describe() {
  sdk::TaskInfo info = sdk::vector_task_info("my_task", "My task", "geometric", 2);
  info.reference = "who defined the label, and where";
  info.view_kind = sdk::ViewKind::fixated_pair;
  info.modalities.emplace_back("pose");
  info.label_cost = 1.0;
  return info;
}

// VectorTask brings the decoder, the loss and the mask; whitening brings numbers of any unit near 0 +- 1.
class MyTask final : public sdk::VectorTask {
 public:
  explicit MyTask(const sdk::TaskContext& context)
      : sdk::VectorTask(describe(), context.side,
                        {{"distance_error", "m", false}, {"angle_error", "degrees", false}}),
        whitening_(context.params, {1.5, 0.5}, {0.8, 0.3}) {}

  // The label of one pair, and whether it is known.
  [[nodiscard]] sdk::Example make_example(const sdk::Sample& sample, torch::Generator&) const override {
    const torch::Tensor poses = sdk::require_poses(sample, 2);  // [2,4,4], world from camera
    const torch::Tensor motion = sdk::relative_pose(poses[0], poses[1]).slice(0, 0, 3);  // [3,4] = [R t]
    const torch::Tensor angle = sdk::rotation_angle(motion.slice(1, 0, 3), torch::eye(3, poses.options()));
    const torch::Tensor label = torch::stack({motion.select(1, 3).norm(), angle});
    return sdk::vector_example(whitening_.whiten(label), sdk::is_rigid(poses).all().item<bool>());
  }

 private:
  // The metrics of a batch [B,2] -> [B,2].
  [[nodiscard]] torch::Tensor judge(const torch::Tensor& prediction,
                                    const torch::Tensor& target) const override {
    const torch::Tensor error = (whitening_.restore(prediction) - whitening_.restore(target)).abs();
    return torch::stack({error.select(1, 0), error.select(1, 1).rad2deg()}, 1);
  }

  // A label or prediction [2] for people.
  [[nodiscard]] torch::Tensor draw_values(const torch::Tensor& values) const override {
    return sdk::draw_bars(whitening_.restore(values).clamp_min(0.0), side());
  }

  sdk::Whitening whitening_;
};

}  // namespace

TASKONOMY_EXPORT_TASK(MyTask, "my_task", "How far the camera moved and turned")
