// Object classification: which kinds of things the image shows.
//
//   label       soft labels over the data set's object classes, sum 1           float32 [C]
//               The reference distils 1000 ImageNet classes from another network; rendered rooms give each
//               class its share of the labelled pixels.
//   input       the plain image
//   prediction  logits [C]
//   loss        -sum over classes of label * log softmax(logits)
//   mask        image: false where all labels are 0 (nothing of any class is visible)
//   parameters  none
//   metrics     top_1, top_5: share of images whose most present class is among the one, the five highest
//               predictions
//   drawing     one bar per class, as high as its share
//   source      Zamir et al., Taskonomy, CVPR 2018, "Object classification"
#include <taskonomy/sdk/class_task.hpp>
#include <taskonomy/sdk/plugin.hpp>

namespace {

using namespace taskonomy;

class ClassObject final : public sdk::ClassTask {
 public:
  explicit ClassObject(const sdk::TaskContext& context)
      : ClassTask(context, "class_object", "Object classification") {}
};

}  // namespace

TASKONOMY_EXPORT_TASK(ClassObject, "class_object", "Kinds of things")
