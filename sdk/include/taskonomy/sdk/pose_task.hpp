// The ready-made base of tasks of relative camera poses (fixated_pose, nonfixated_pose, egomotion). A plugin
// that derives from it states which views are compared and how the numbers are whitened.
#pragma once

#include <string>
#include <vector>

#include <taskonomy/sdk/components.hpp>
#include <taskonomy/sdk/figure.hpp>
#include <taskonomy/sdk/vector_task.hpp>

namespace taskonomy::sdk {

/// Two views of a sample, and the weight of their relative pose in the loss.
struct ViewPair {
  std::int64_t first, second;
  double weight = 1.0;
};

/// A task whose label is P relative poses of the modality "pose", six numbers each (toolbox/pose.hpp).
///   label    first_from_second of every pair: Euler sxyz, then translation, whitened by the same six means
///            and deviations; derive from MeasuredWhitening, too, to have the host measure them
///   mask     image: false where a pose is not rigid
///   loss     sum over pairs of weight * |prediction - label|_2, whitened
///   metrics  "rotation_error": angle between the two rotations, degrees; "translation_error": distance
///            between the two places of the camera, m; each the mean over pairs
class TX_API PoseTask : public VectorTask {
 public:
  ~PoseTask() override;
  [[nodiscard]] Example make_example(const Sample& sample, torch::Generator& generator) const override;
  [[nodiscard]] torch::Tensor loss(const torch::Tensor& prediction, const torch::Tensor& target,
                                   const torch::Tensor& mask) const override;

 protected:
  /// `info` comes from pose_task_info().
  PoseTask(const TaskContext& context, TaskInfo info, std::vector<ViewPair> pairs, Whitening whitening,
           HiddenLayers layers);
  /// The cameras seen from above with a bar of length, and how they moved and turned in words: all that a derived
  /// class which offers Illustrate returns.
  [[nodiscard]] Figure pose_figure(const torch::Tensor& values) const;
  /// All that a derived class which offers Components returns, made once: "rotation_x" .. "rotation_z", Euler sxyz in
  /// degrees, and "translation_x" .. "translation_z", m; where there are several pairs behind "pair_1_2.", by the views'
  /// numbers from 1.
  [[nodiscard]] std::vector<Component> pose_components() const;
  /// A prediction [6P] in the units of pose_components().
  [[nodiscard]] torch::Tensor pose_in_units(const torch::Tensor& prediction) const;
  /// All that a derived class which offers MeasuredWhitening returns.
  [[nodiscard]] const Whitening& pose_whitening() const noexcept { return whitening_; }

 private:
  /// Whitened numbers [...,6P] -> poses [...,P,4,4].
  [[nodiscard]] torch::Tensor poses_of(const torch::Tensor& numbers) const;
  [[nodiscard]] torch::Tensor judge(const torch::Tensor& prediction,
                                    const torch::Tensor& target) const override;
  [[nodiscard]] torch::Tensor draw_values(const torch::Tensor& values) const override;

  std::vector<ViewPair> pairs_;
  Whitening whitening_;
};

/// A TaskInfo for `pairs` relative poses of views of a kind.
[[nodiscard]] TX_API TaskInfo pose_task_info(const std::string& id, const std::string& title, ViewKind kind,
                                             std::int64_t pairs);

}  // namespace taskonomy::sdk
