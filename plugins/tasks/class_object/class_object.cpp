// Object classification: which kinds of things the image shows.
//
//   label       float32 [C], shares of the data set's C object classes, sum 1: the modality "class_object"
//               of the first view. Negative and non-finite shares count as 0.
//   input       the plain image
//   prediction  float32 [C], logits
//   loss        -sum over classes of label * log softmax(prediction)
//   mask        one per image: false where all shares are 0, because nothing of any class is visible
//   metrics     top_1, top_5: % of images whose most present class is the best, among the five best
//               predicted ones (top_5 with more than five classes only)
//   drawing     names and bars of the three largest shares
//   parameters  none
//   differs     The reference distils 1000 ImageNet classes from another network. Data sets of photographs
//               store such labels; the rendered rooms of "scenes" give each of their 16 classes its share
//               of the labelled pixels.
//   source      Zamir et al., "Taskonomy", CVPR 2018, task "Object classification"
#include <string>
#include <vector>

#include <taskonomy/sdk/augment.hpp>
#include <taskonomy/sdk/class_task.hpp>
#include <taskonomy/sdk/figure.hpp>
#include <taskonomy/sdk/plugin.hpp>

namespace {

using namespace taskonomy;

class ClassObject final : public sdk::ClassTask, public sdk::Illustrate, public sdk::Augment {
 public:
  explicit ClassObject(const sdk::TaskContext& context)
      : ClassTask(context, "class_object", "Object classification"),
        names_(context.dataset.class_names.at("class_object")) {}

  [[nodiscard]] sdk::Figure illustrate(const torch::Tensor& values, const torch::Tensor&,
                                       const sdk::Sample&) const override {
    return sdk::class_figure(shares_of(values), names_);
  }
  [[nodiscard]] sdk::Example augment(const sdk::Example& originals, const sdk::Augmentation&) const override {
    return originals;
  }

 private:
  std::vector<std::string> names_;
};

}  // namespace

TASKONOMY_EXPORT_TASK(ClassObject, "class_object", "Kinds of things")
