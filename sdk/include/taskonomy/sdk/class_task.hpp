// The ready-made base of classification: soft labels for the whole image, such as scene and object classes. A
// plugin that derives from it states its id and title, or classes of its own and how an image gets its label.
#pragma once

#include <cstdint>
#include <string>

#include <taskonomy/sdk/vector_task.hpp>

namespace taskonomy::sdk {

/// A task whose label is the modality of its own name: shares [V,C] over the classes that the dataset names.
///   label    shares of the first view, scaled to sum 1; negative ones and such that are not finite count
///            as 0
///   mask     image: false where all shares are 0
///   loss     -sum over classes of label * log softmax(prediction)
///   metrics  "top_1", "top_5": whether the class of the largest share is among the one, the five highest
///            predictions, %; "top_5" with more than five classes only
class TX_API ClassTask : public VectorTask {
 public:
  ~ClassTask() override;
  [[nodiscard]] Example make_example(const Sample& sample, torch::Generator& generator) const override;
  [[nodiscard]] torch::Tensor loss(const torch::Tensor& prediction, const torch::Tensor& target,
                                   const torch::Tensor& mask) const override;

 protected:
  /// Throws std::invalid_argument when the dataset names fewer than two classes of `id`.
  ClassTask(const TaskContext& context, const std::string& id, const std::string& title);
  /// For classes of the task's own. `info` comes from class_task_info(); override make_example(), most simply
  /// with class_example().
  ClassTask(TaskInfo info, std::int64_t side);
  /// A target or prediction [C] as shares: logits as their softmax. For class_figure() (figure.hpp).
  [[nodiscard]] static torch::Tensor shares_of(const torch::Tensor& values);

 private:
  [[nodiscard]] torch::Tensor judge(const torch::Tensor& prediction,
                                    const torch::Tensor& target) const override;
  /// Draws one bar per class; logits as their softmax.
  [[nodiscard]] torch::Tensor draw_values(const torch::Tensor& values) const override;
};

/// A TaskInfo for `classes` classes: target float32 [classes] in 0..1, logits as prediction, a mask per
/// image. Set the other fields where their defaults do not fit.
[[nodiscard]] TX_API TaskInfo class_task_info(std::string id, std::string title, std::string family,
                                              std::int64_t classes);

/// The label of an image that certainly belongs to class `index`: 1 there, 0 elsewhere. An index outside
/// 0..classes-1 stands for "not known": the mask is then false.
[[nodiscard]] TX_API Example class_example(std::int64_t index, std::int64_t classes);

}  // namespace taskonomy::sdk
