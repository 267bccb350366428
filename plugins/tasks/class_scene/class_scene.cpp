// Scene classification: what kind of room the image shows.
//
//   label       float32 [C], shares of the data set's C scene classes, sum 1: the modality "class_scene" of
//               the first view. Negative and non-finite shares count as 0.
//   input       the plain image
//   prediction  float32 [C], logits
//   loss        -sum over classes of label * log softmax(prediction)
//   mask        one per image: false where all shares are 0, because the data set does not know the scene
//   metrics     top_1, top_5: % of images whose likeliest true class is the best, among the five best
//               predicted ones (top_5 with more than five classes only)
//   drawing     names and bars of the three largest shares
//   parameters  none
//   differs     The reference distils 63 indoor classes of MIT Places from another network. "scenes" names
//               its 8 kinds of rooms; data sets of photographs may store soft labels.
//   source      Zamir et al., "Taskonomy", CVPR 2018, task "Scene classification"
#include <string>
#include <vector>

#include <taskonomy/sdk/augment.hpp>
#include <taskonomy/sdk/class_task.hpp>
#include <taskonomy/sdk/figure.hpp>
#include <taskonomy/sdk/plugin.hpp>

namespace {

using namespace taskonomy;

class ClassScene final : public sdk::ClassTask, public sdk::Illustrate, public sdk::Augment {
 public:
  explicit ClassScene(const sdk::TaskContext& context)
      : ClassTask(context, "class_scene", "Scene classification"),
        names_(context.dataset.class_names.at("class_scene")) {}

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

TASKONOMY_EXPORT_TASK(ClassScene, "class_scene", "Kind of room")
