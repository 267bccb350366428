// Egomotion: how the camera moved along three images that look at the same point.
//
//   label       float32 [18], whitened: the relative poses 1-2, 2-3 and 1-3, six numbers each: place and
//               orientation of the later camera in the frame of the earlier one: Euler angles sxyz (rad),
//               then translation (m; x right, y down, z forward)
//   input       the three plain images; one encoder for all
//   prediction  float32 [18], whitened
//   loss        |p12 - l12|_2 + |p23 - l23|_2 + |p13 - l13|_2 / 2, p and l the six numbers of a pair. The
//               last pair weighs half because it is composed of the other two.
//   mask        one per sample: false where a pose is not a rigid motion
//   metrics     rotation_error: angle between the two rotations, degrees; translation_error: distance
//               between the two places, m; both the mean over the pairs
//   drawing     the cameras seen from above, with a bar of length: the first looks up the picture, and each
//               widens the way it looks; below, how they moved and turned in words
//   parameters  mean, deviation (six numbers each; measured on the run's training split): of the
//                 label before whitening: label = (value - mean) / deviation. Give them to compare
//                 losses between runs on different data.
//                 All pairs share them.
//   source      Zamir et al., "Taskonomy", CVPR 2018, task "Egomotion"
#include <taskonomy/sdk/plugin.hpp>
#include <taskonomy/sdk/pose_task.hpp>

namespace {

using namespace taskonomy;

class Egomotion final : public sdk::PoseTask,
                        public sdk::Illustrate,
                        public sdk::MeasuredWhitening,
                        public sdk::Components {
 public:
  explicit Egomotion(const sdk::TaskContext& context)
      : PoseTask(context, sdk::pose_task_info("egomotion", "Egomotion", sdk::ViewKind::fixated_triplet, 3),
                 {{0, 1}, {1, 2}, {0, 2, 0.5}},
                 {context.params,
                  {0.034, 0.000, 0.000, -0.004, -0.071, 0.558},
                  {0.235, 0.544, 0.227, 1.163, 0.406, 0.894}},
                 {.count = 3, .width = 1024}),
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

TASKONOMY_EXPORT_TASK(Egomotion, "egomotion", "How the camera moved along three images")
