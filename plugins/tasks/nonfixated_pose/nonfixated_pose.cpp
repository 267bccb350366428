// Non-fixated relative pose: how the camera moved between two images that overlap but look at other points.
//
//   label       float32 [6], whitened: place and orientation of the second camera in the frame of the
//               first: Euler angles sxyz (rad), then translation (m; x right, y down, z forward)
//               The middle angle is the turn about the camera's vertical, -pi..pi: in a tenth of the pairs
//               of "scenes" it exceeds 90 degrees.
//   input       the two plain images; one encoder for both
//   prediction  float32 [6], whitened
//   loss        |prediction - label|_2
//   mask        one per sample: false where a pose is not a rigid motion
//   metrics     rotation_error: angle between the two rotations, degrees; translation_error: distance
//               between the two places, m
//   drawing     the cameras seen from above, with a bar of length: the first looks up the picture, and each
//               widens the way it looks; below, how they moved and turned in words
//   parameters  mean, deviation (six numbers each; measured on the run's training split): of the
//                 label before whitening: label = (value - mean) / deviation. Give them to compare
//                 losses between runs on different data.
//   source      Zamir et al., "Taskonomy", CVPR 2018, task "Relative camera pose estimation, non-fixated"
#include <taskonomy/sdk/plugin.hpp>
#include <taskonomy/sdk/pose_task.hpp>

namespace {

using namespace taskonomy;

class NonfixatedPose final : public sdk::PoseTask,
                             public sdk::Illustrate,
                             public sdk::MeasuredWhitening,
                             public sdk::Components {
 public:
  explicit NonfixatedPose(const sdk::TaskContext& context)
      : PoseTask(context,
                 sdk::pose_task_info("nonfixated_pose", "Relative pose, non-fixated",
                                     sdk::ViewKind::nonfixated_pair, 1),
                 {{0, 1}},
                 {context.params,
                  {0.048, -0.002, -0.007, 0.022, -0.042, 0.521},
                  {0.458, 0.949, 0.384, 1.242, 0.403, 1.050}},
                 {.count = 3}),
        MeasuredWhitening(context.params) {}

  [[nodiscard]] sdk::Figure illustrate(const torch::Tensor& values, const torch::Tensor&,
                                       const sdk::Sample&) const override {
    return pose_figure(values);
  }
  [[nodiscard]] const sdk::Whitening& whitening() const noexcept override { return pose_whitening(); }
  [[nodiscard]] const std::vector<sdk::Component>& components() const noexcept override {
    return components_;
  }
  [[nodiscard]] torch::Tensor in_units(const torch::Tensor& prediction) const override {
    return pose_in_units(prediction);
  }

 private:
  std::vector<sdk::Component> components_ = pose_components();
};

}  // namespace

TASKONOMY_EXPORT_TASK(NonfixatedPose, "nonfixated_pose", "How the camera moved between overlapping images")
