// Egomotion: how the camera moved along three images that look at the same point.
//
//   label       the relative poses 1-2, 2-3 and 1-3, each the later camera's place and orientation in the
//               frame of the earlier: Euler angles sxyz (rad) and translation (m; x right, y down, z
//               forward), whitened                                            float32 [18]
//   input       the three plain images; one encoder for all
//   prediction  [18], whitened
//   loss        |p12 - l12|_2 + |p23 - l23|_2 + |p13 - l13|_2 / 2: the last pair is composed of the others
//   mask        image: false where a pose is not a rigid motion
//   parameters  mean, deviation (six numbers each): of the label before whitening, the same for every pair.
//               The defaults are those of the data set scenes at its own defaults, all rooms
//   metrics     rotation_error: angle between the two rotations, degrees; translation_error: m; mean over the
//               pairs
//   drawing     seen from above, 6 m across: the first camera white, looking up, the second orange, the third
//               blue (by pair 1-3); each opens the way it looks
//   source      Zamir et al., Taskonomy, CVPR 2018, "Egomotion"; whitening as there, by listed constants
#include <taskonomy/sdk/plugin.hpp>
#include <taskonomy/sdk/pose_task.hpp>

namespace {

using namespace taskonomy;

class Egomotion final : public sdk::PoseTask {
 public:
  explicit Egomotion(const sdk::TaskContext& context)
      : PoseTask(context, sdk::pose_task_info("egomotion", "Egomotion", sdk::ViewKind::fixated_triplet, 3),
                 {{0, 1}, {1, 2}, {0, 2, 0.5}},
                 {context.params,
                  {0.034, 0.000, 0.000, -0.004, -0.071, 0.558},
                  {0.235, 0.544, 0.227, 1.163, 0.406, 0.894}},
                 {.count = 3, .width = 1024}) {}
};

}  // namespace

TASKONOMY_EXPORT_TASK(Egomotion, "egomotion", "How the camera moved along three images")
