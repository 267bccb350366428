// Scene classification: what kind of room the image shows.
//
//   label       soft labels over the data set's scene classes, sum 1            float32 [C]
//   input       the plain image
//   prediction  logits [C]
//   loss        -sum over classes of label * log softmax(logits)
//   mask        image: false where all labels are 0 (the data set does not say)
//   parameters  none
//   metrics     top_1, top_5: share of images whose likeliest true class is among the one, the five highest
//               predictions
//   drawing     one bar per class, as high as its share
//   source      Zamir et al., Taskonomy, CVPR 2018, "Scene classification"
#include <taskonomy/sdk/class_task.hpp>
#include <taskonomy/sdk/plugin.hpp>

namespace {

using namespace taskonomy;

class ClassScene final : public sdk::ClassTask {
 public:
  explicit ClassScene(const sdk::TaskContext& context)
      : ClassTask(context, "class_scene", "Scene classification") {}
};

}  // namespace

TASKONOMY_EXPORT_TASK(ClassScene, "class_scene", "Kind of room")
