// Classification of the whole image by soft labels: scene and object classes. A plugin that derives from it
// states its id and title, or classes of its own and how an image gets its label.
#pragma once

#include <cstdint>
#include <string>

#include <taskonomy/sdk/vector_task.hpp>

namespace taskonomy::sdk {

/// A task whose label is the modality of its own name, [V,C] shares over the classes that the data set names.
///   label    shares of the first view, negative and non-finite ones 0, scaled to sum 1; mask false where all
///            are 0
///   loss     -sum over classes of label * log softmax(prediction)
///   metrics  top_1, top_5: share of images whose likeliest true class is among the one, the five highest
///            predictions (top_5 with more than five classes only)
class TX_API ClassTask : public VectorTask {
 public:
  ~ClassTask() override;
  [[nodiscard]] Example make_example(const Sample& sample, torch::Generator& generator) const override;
  [[nodiscard]] torch::Tensor loss(const torch::Tensor& prediction, const torch::Tensor& target,
                                   const torch::Tensor& mask) const override;

 protected:
  /// Throws std::invalid_argument when the data set does not name at least two classes of `id`.
  ClassTask(const TaskContext& context, const std::string& id, const std::string& title);
  /// For classes of the task's own: info from class_task_info(), labels from a make_example() that overrides
  /// this one, most simply by class_example().
  ClassTask(TaskInfo info, std::int64_t side);

 private:
  [[nodiscard]] torch::Tensor judge(const torch::Tensor& prediction,
                                    const torch::Tensor& target) const override;
  /// One bar per class; logits as their softmax.
  [[nodiscard]] torch::Tensor picture(const torch::Tensor& values) const override;
};

/// A TaskInfo for `classes` classes: target float32 [classes] in 0..1, the prediction logits, a mask per
/// image. The other fields at their defaults.
[[nodiscard]] TX_API TaskInfo class_task_info(std::string id, std::string title, std::string family,
                                              std::int64_t classes);

/// The label of one of `classes` classes for certain: 1 at `index`, 0 elsewhere. An index outside
/// 0..classes-1 stands for "not known" and makes the mask false.
[[nodiscard]] TX_API Example class_example(std::int64_t index, std::int64_t classes);

}  // namespace taskonomy::sdk
