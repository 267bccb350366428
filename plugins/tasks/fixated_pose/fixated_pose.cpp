// Fixated relative pose: how the camera moved between two images that look at the same point.
//
//   label       the second camera's place and orientation in the frame of the first: Euler angles sxyz
//               (rad) and translation (m; x right, y down, z forward), whitened     float32 [6]
//   input       the two plain images; one encoder for both
//   prediction  [6], whitened
//   loss        |prediction - label|_2
//   mask        image: false where a pose is not a rigid motion
//   parameters  mean, deviation (six numbers each): of the label before whitening. The defaults are those of
//               the data set scenes at its own defaults, all rooms
//   metrics     rotation_error: angle between the two rotations, degrees; translation_error: m
//   drawing     seen from above, 6 m across: the first camera white, looking up, the second orange; each
//               opens the way it looks
//   source      Zamir et al., Taskonomy, CVPR 2018, "Relative camera pose estimation, fixated";
//               whitening as there, by listed constants
#include <taskonomy/sdk/plugin.hpp>
#include <taskonomy/sdk/pose_task.hpp>

namespace {

using namespace taskonomy;

class FixatedPose final : public sdk::PoseTask {
 public:
  explicit FixatedPose(const sdk::TaskContext& context)
      : PoseTask(
            context,
            sdk::pose_task_info("fixated_pose", "Relative pose, fixated", sdk::ViewKind::fixated_pair, 1),
            {{0, 1}},
            {context.params,
             {0.042, 0.008, 0.000, -0.022, -0.065, 0.607},
             {0.230, 0.550, 0.233, 1.166, 0.394, 0.878}},
            {.count = 2}) {}
};

}  // namespace

TASKONOMY_EXPORT_TASK(FixatedPose, "fixated_pose", "How the camera moved around a point")
