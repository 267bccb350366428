// A vision task: what it takes from a sample, its label, its decoder and its loss. The host knows no task by
// name.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/dataset.hpp>
#include <taskonomy/sdk/decoder.hpp>
#include <taskonomy/sdk/detail/api.hpp>
#include <taskonomy/sdk/params.hpp>
#include <taskonomy/sdk/sample.hpp>

namespace taskonomy::sdk {

/// What a task may be in a transfer. A source-only task is never a target and the other way round.
enum class Role { source, target, both };

/// Where the image that a task looks at comes from. Targets with a plain input share each source's features.
enum class InputKind {
  plain,  ///< the sample's rgb, scaled to [-1,1]; Example::input stays undefined
  own     ///< Example::input, made by the task (noise added, parts removed)
};

/// Whether examples carry a mask.
enum class MaskKind { none, pixel, image };

/// Shape behind the batch dimension, type and range of a tensor. -1 stands for the image side.
struct TensorSpec {
  std::vector<std::int64_t> shape;
  torch::Dtype dtype = torch::kFloat32;
  double low = 0.0;  ///< values lie in [low, high] wherever the mask is true
  double high = 1.0;
};

/// The record by which generic code decides.
struct TaskInfo {
  std::string id;         ///< [a-z][a-z0-9_]*; also file, library, recipe key and report label
  std::string title;      ///< for people: "Surface normals"
  std::string family;     ///< "3D", "2D", "semantic", "geometric", "self-supervised", ...
  std::string reference;  ///< where the label and the loss come from
  Role role = Role::both;
  ViewKind view_kind = ViewKind::single;
  double label_cost = 1.0;  ///< cost of the labels in the supervision budget; 0 = no labels needed
  bool trained = true;      ///< false: the encoder is used as initialised (the random source)
  std::vector<std::string> modalities;  ///< every one must be offered by the dataset
  /// At least one of each inner list must be offered, in order of preference; make_example takes what is
  /// there.
  std::vector<std::vector<std::string>> any_of;
  InputKind input = InputKind::plain;
  int input_views = 0;          ///< with InputKind::own: images per example; 0 = those of the view kind
  std::int64_t input_side = 0;  ///< with InputKind::own: their side, pixels; 0 = the run's image side
  MaskKind mask = MaskKind::none;
  TensorSpec target;
  TensorSpec prediction;
};

/// Number of images that one example shows to the encoder: 1 to 3 views, or the task's own number (jigsaw:
/// nine tiles).
constexpr int input_views(const TaskInfo& info) {
  return info.input_views > 0 ? info.input_views : views_of(info.view_kind);
}
/// Their side, pixels, in a run whose images have `side`.
constexpr std::int64_t input_side(const TaskInfo& info, std::int64_t side) {
  return info.input_side > 0 ? info.input_side : side;
}

/// One training example of a task.
struct Example {
  /// float32 [input_views,3,S,S], S = input_side, in [-1,1]; undefined for InputKind::plain
  torch::Tensor input;
  torch::Tensor target;  ///< TaskInfo::target
  torch::Tensor
      mask;  ///< bool, [1,H,W] (pixel) or [1] (image): true where the target counts; undefined for none
};

/// What a task learns about the run when it is created.
struct TaskContext {
  Params& params;              ///< the task's own recipe table
  const DatasetInfo& dataset;  ///< modalities and class names of the dataset in use
  std::int64_t side = 64;      ///< image side of the run, pixels
};

/// A task plugin's one class. Objects are shared between threads: every const method is [any thread].
class TX_API Task {
 public:
  virtual ~Task();
  [[nodiscard]] virtual const TaskInfo& info() const noexcept = 0;
  /// A pure function of the sample and the generator; never changes the sample. Invalid readings go to the
  /// mask. Throws std::invalid_argument naming a modality that is missing or has a wrong shape.
  [[nodiscard]] virtual Example make_example(const Sample& sample, torch::Generator& generator) const = 0;
  /// A new decoder with fresh weights, drawn from LibTorch's default generator, which the host has seeded.
  [[nodiscard]] virtual std::shared_ptr<Decoder> make_decoder(const DecoderConfig& config) const = 0;
  /// prediction [B,...], target [B,...], mask [B,...] or undefined -> [B] float32, one loss per image.
  [[nodiscard]] virtual torch::Tensor loss(const torch::Tensor& prediction, const torch::Tensor& target,
                                           const torch::Tensor& mask) const = 0;
  /// Optional abilities by versioned id (extensions.hpp); null where a task lacks one.
  [[nodiscard]] virtual const void* extension(std::string_view id) const noexcept;
};

/// [a-z][a-z0-9_]*, as ids and names of modalities are.
[[nodiscard]] TX_API bool is_id(std::string_view text);

/// The first thing by which the record is incomplete or contradicts itself, "target has no shape"; "" where
/// it is sound.
[[nodiscard]] TX_API std::string problem_of(const TaskInfo& info);

}  // namespace taskonomy::sdk
