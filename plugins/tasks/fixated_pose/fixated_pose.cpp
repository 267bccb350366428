// Fixated relative pose: how the camera moved between two images that look at the same point.
//
//   label       float32 [6], whitened: place and orientation of the second camera in the frame of the
//               first: Euler angles sxyz (rad), then translation (m; x right, y down, z forward)
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
//   source      Zamir et al., "Taskonomy", CVPR 2018, task "Relative camera pose estimation, fixated"
#include <taskonomy/sdk/plugin.hpp>
#include <taskonomy/sdk/pose_task.hpp>

namespace {

using namespace taskonomy;

class FixatedPose final : public sdk::PoseTask,
                          public sdk::Illustrate,
                          public sdk::MeasuredWhitening,
                          public sdk::Components {
 public:
  explicit FixatedPose(const sdk::TaskContext& context)
      : PoseTask(
            context,
            sdk::pose_task_info("fixated_pose", "Relative pose, fixated", sdk::ViewKind::fixated_pair, 1),
            {{0, 1}},
            {context.params,
             {0.042, 0.008, 0.000, -0.022, -0.065, 0.607},
             {0.230, 0.550, 0.233, 1.166, 0.394, 0.878}},
            {.count = 2}),
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

TASKONOMY_EXPORT_TASK(FixatedPose, "fixated_pose", "How the camera moved around a point")
