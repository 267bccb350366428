// The interface of a vision task, for authors of tasks: what it takes from a sample, its label, its decoder
// and its loss. Most tasks are shorter on one of the ready-made bases: pixel_task.hpp, response_task.hpp,
// class_task.hpp, vector_task.hpp, pose_task.hpp, depth_task.hpp, region_task.hpp. The host knows no task by
// name.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/dataset.hpp>
#ifndef TX_TENSORS_ONLY
#include <taskonomy/sdk/decoder.hpp>
#endif
#include <taskonomy/sdk/detail/api.hpp>
#include <taskonomy/sdk/detail/decoder_config.hpp>
#include <taskonomy/sdk/params.hpp>
#include <taskonomy/sdk/sample.hpp>

namespace taskonomy::sdk {

/// What a task may be in a transfer.
enum class Role {
  source,  ///< others learn from its network; it is no target (random, jigsaw)
  target,  ///< it learns from others; its own network helps nobody
  both
};

/// Where the image that a task looks at comes from. Choose plain where you can: all targets with a plain
/// input share the features of each source, so they cost less.
enum class InputKind {
  plain,  ///< the sample's rgb, scaled to [-1,1]; Example::input stays undefined
  own     ///< Example::input, made by the task (noise added, parts removed)
};

/// Whether examples carry a mask, which says where the label is known. A label of pixels has one per pixel wherever
/// readings may be missing. A label of numbers has one per image where it may be unknown; none where every image has
/// one, such as a count, whose 0 is a label.
enum class MaskKind {
  none,   ///< the label is known everywhere; Example::mask stays undefined
  pixel,  ///< bool [1,H,W]
  image   ///< bool [1]
};

/// Type, range and shape of a tensor, without the batch dimension. -1 in the shape stands for the image side.
struct TensorSpec {
  std::vector<std::int64_t> shape;
  torch::Dtype dtype = torch::kFloat32;
  double low = 0.0;  ///< values lie in [low, high] wherever the mask is true
  double high = 1.0;
};

/// What a task says about itself. The host decides from this record, never from the name.
struct TaskInfo {
  std::string id;         ///< [a-z][a-z0-9_]*; also file, library, recipe key and report label
  std::string title;      ///< for people: "Surface normals"
  std::string family;     ///< "3D", "2D", "semantic", "geometric", "self-supervised", ...
  std::string reference;  ///< where the label and the loss come from
  Role role = Role::both;
  ViewKind view_kind = ViewKind::single;
  double label_cost = 1.0;  ///< cost of its labels in the supervision budget; 0: it needs no labels
  bool trained = true;      ///< false: the encoder is used as initialised (the random source)
  std::vector<std::string> modalities;  ///< the dataset must offer every one
  /// The dataset must offer at least one of each inner list, which stands in order of preference.
  /// make_example takes the first that a sample has.
  std::vector<std::vector<std::string>> any_of;
  InputKind input = InputKind::plain;
  int input_views = 0;          ///< with InputKind::own: images per example; 0: as many as the kind has views
  std::int64_t input_side = 0;  ///< with InputKind::own: their side, pixels; 0: the run's image side
  MaskKind mask = MaskKind::none;
  TensorSpec target;
  TensorSpec prediction;
};

/// Number of images that one example shows to the encoder: 1 to 3 views, or the task's own number (jigsaw has
/// nine tiles).
constexpr int input_views(const TaskInfo& info) {
  return info.input_views > 0 ? info.input_views : views_of(info.view_kind);
}
/// Side of those images in a run whose images have `side`, pixels.
constexpr std::int64_t input_side(const TaskInfo& info, std::int64_t side) {
  return info.input_side > 0 ? info.input_side : side;
}

/// One training example of a task.
struct Example {
  /// float32 [input_views,3,S,S], S = input_side, in [-1,1]; undefined for InputKind::plain
  torch::Tensor input;
  torch::Tensor target;  ///< TaskInfo::target
  /// bool [1,H,W] (MaskKind::pixel) or [1] (MaskKind::image), true where the target counts; undefined for
  /// MaskKind::none
  torch::Tensor mask;
};

/// What a task learns about the run when it is created.
struct TaskContext {
  Params& params;              ///< the task's own table of the recipe, [task.ID]
  const DatasetInfo& dataset;  ///< modalities and class names of the dataset in use
  std::int64_t side = 64;      ///< image side of the run, pixels
};

/// The one class of a task plugin. The host shares an object between threads: every const method is [any
/// thread].
class TX_API Task {
 public:
  virtual ~Task();
  [[nodiscard]] virtual const TaskInfo& info() const noexcept = 0;
  /// Label, mask and, with InputKind::own, input of a sample. A pure function of the sample, which it never
  /// changes, and the generator. The mask is false at readings that are not valid. Throws
  /// std::invalid_argument naming a modality that is missing or has a wrong shape.
  [[nodiscard]] virtual Example make_example(const Sample& sample, torch::Generator& generator) const = 0;
  /// A new decoder. Its weights are drawn from LibTorch's default generator, which the host has seeded.
  [[nodiscard]] virtual std::shared_ptr<Decoder> make_decoder(const DecoderConfig& config) const = 0;
  /// prediction [B,...], target [B,...], mask [B,...] or undefined -> float32 [B], one loss per image; lower
  /// is better.
  [[nodiscard]] virtual torch::Tensor loss(const torch::Tensor& prediction, const torch::Tensor& target,
                                           const torch::Tensor& mask) const = 0;
  /// An optional ability by its versioned id (extensions.hpp), or null where the task lacks it.
  [[nodiscard]] virtual const void* extension(std::string_view id) const noexcept;
};

/// Whether the text is [a-z][a-z0-9_]*, as ids and names of modalities must be.
[[nodiscard]] TX_API bool is_id(std::string_view text);

/// What is wrong with a record, "target has no shape": the first thing that is missing or contradicts
/// another. "" where the record is sound. The host refuses a plugin over it; the checks of testing.hpp tell
/// its author.
[[nodiscard]] TX_API std::string problem_of(const TaskInfo& info);

}  // namespace taskonomy::sdk
