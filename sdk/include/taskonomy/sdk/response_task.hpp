// The ready-made base of pixel tasks whose label is the response of an operator: edges, keypoints, curvature,
// shading. For authors of tasks whose label some datasets store while for others the task derives it.
#pragma once

#include <string>

#include <taskonomy/sdk/augment.hpp>
#include <taskonomy/sdk/metrics.hpp>
#include <taskonomy/sdk/pixel_task.hpp>

namespace taskonomy::sdk {

/// How a response is brought to a label in -1..1. A smaller clip shows weak responses better and makes strong
/// ones alike.
struct ResponseScale {
  double clip = 1.0;         ///< derived response that fills the range; above 0
  double stored_clip = 1.0;  ///< the same of the label that a dataset stores; above 0
  bool has_sign = false;     ///< responses lie in -clip..clip instead of 0..clip
};

/// A PixelTask whose label [C,H,W] is a clipped response, C as TaskInfo::target says.
///   response  the modality of the task's own name where the dataset stores it, otherwise derived_response()
///   mask      with MaskKind::pixel: true where all channels are finite. With MaskKind::none a pixel
///             without a response counts as one of strength 0.
///   label     label_of_share(response / clip, brought into 0..1 or -1..1); 0 outside the mask
///   metrics   "l1": mean |prediction - label| over masked pixels, on a scale of 0..1; with a sign in the
///             response's unit
class TX_API ResponseTask : public PixelTask, public L1Metric {
 public:
  ~ResponseTask() override;
  [[nodiscard]] Example make_example(const Sample& sample, torch::Generator& generator) const final;

 protected:
  /// `unit`: of a response with a sign, for its metric.
  ResponseTask(TaskInfo info, const ResponseScale& scale, std::string unit = "");
  /// Response [C,H,W] of a sample whose dataset stores none, NaN where there is none. Pure. Throws
  /// std::invalid_argument naming the modality that is missing.
  [[nodiscard]] virtual torch::Tensor derived_response(const Sample& sample) const = 0;
  /// The label [C,H,W] of clipped shares [C,H,W]. Where `known` (bool [1,H,W]) is false, shares may be NaN
  /// and the result does not count. Unless overridden 2 share - 1, or the share itself where it has a sign.
  [[nodiscard]] virtual torch::Tensor label_of_share(const torch::Tensor& share,
                                                     const torch::Tensor& known) const;
  /// Labels of derived responses [B,C,H,W] without NaN. label_of_share() is given batches.
  [[nodiscard]] torch::Tensor labels_of_responses(const torch::Tensor& responses) const;

 private:
  ResponseScale scale_;
};

/// A ResponseTask whose operator sees the image alone, such as edges or corners. Augmentation makes its label again
/// from the augmented images, colours included; a label that the dataset stores is warped, and colours stay.
class TX_API ImageResponseTask : public ResponseTask, public Augment {
 public:
  ~ImageResponseTask() override;
  [[nodiscard]] Example augment(const Example& originals, const Augmentation& how) const final;
  [[nodiscard]] bool allows_colour() const final;

 protected:
  /// The context says whether the dataset stores the label.
  ImageResponseTask(TaskInfo info, const ResponseScale& scale, const TaskContext& context);
  /// Response [B,C,H,W] of images float32 [B,3,H,W] in 0..1, finite. Pure.
  [[nodiscard]] virtual torch::Tensor response_of(const torch::Tensor& images) const = 0;

 private:
  [[nodiscard]] torch::Tensor derived_response(const Sample& sample) const final;

  bool stored_;
};

}  // namespace taskonomy::sdk
