// Non-fixated relative pose: how the camera moved between two images that overlap but look at other points.
//
//   label       the second camera's place and orientation in the frame of the first: Euler angles sxyz
//               (rad) and translation (m; x right, y down, z forward), whitened     float32 [6]
//               The middle angle is the turn about the camera's vertical, -pi..pi (toolbox/pose.hpp): in a tenth
//               of the pairs of scenes it exceeds 90 degrees
//   input       the two plain images; one encoder for both
//   prediction  [6], whitened
//   loss        |prediction - label|_2
//   mask        image: false where a pose is not a rigid motion
//   parameters  mean, deviation (six numbers each): of the label before whitening. The defaults are those of
//               the data set scenes at its own defaults, all rooms
//   metrics     rotation_error: angle between the two rotations, degrees; translation_error: m
//   drawing     seen from above, 6 m across: the first camera white, looking up, the second orange; each
//               opens the way it looks
//   source      Zamir et al., Taskonomy, CVPR 2018, "Relative camera pose estimation, non-fixated";
//               whitening as there, by listed constants
#include <taskonomy/sdk/plugin.hpp>
#include <taskonomy/sdk/pose_task.hpp>

namespace {

using namespace taskonomy;

class NonfixatedPose final : public sdk::PoseTask {
 public:
  explicit NonfixatedPose(const sdk::TaskContext& context)
      : PoseTask(context,
                 sdk::pose_task_info("nonfixated_pose", "Relative pose, non-fixated",
                                     sdk::ViewKind::nonfixated_pair, 1),
                 {{0, 1}},
                 {context.params,
                  {0.048, -0.002, -0.007, 0.022, -0.042, 0.521},
                  {0.458, 0.949, 0.384, 1.242, 0.403, 1.050}},
                 {.count = 3}) {}
};

}  // namespace

TASKONOMY_EXPORT_TASK(NonfixatedPose, "nonfixated_pose", "How the camera moved between overlapping images")
