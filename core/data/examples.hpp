// Examples: input, target and mask of one task for every sample. They are made once per task (example_writer.hpp) and
// mapped afterwards, so that training never waits for a label.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <taskonomy/sdk/task.hpp>

#include "core/data/augmentation.hpp"
#include "core/data/residence.hpp"
#include "core/data/splits.hpp"

namespace taskonomy::data {

/// Name of a tensor in the files of images and examples: "train.target".
[[nodiscard]] std::string tensor_name(Split split, const std::string& part);
/// Metadata of a file of examples: the fingerprint of the ids of all samples, as the file of images has them.
inline constexpr const char* kSamplesKey = "samples";

/// TaskInfo's shape with -1 replaced by the image side.
[[nodiscard]] std::vector<std::int64_t> resolve_shape(std::vector<std::int64_t> shape, std::int64_t side);
/// Shape of the input that a task makes of its own.
[[nodiscard]] std::vector<std::int64_t> input_shape(const sdk::TaskInfo& info, std::int64_t side);
/// Throws Error when an example has other parts, shapes or types than TaskInfo says.
void check_example(const sdk::TaskInfo& info, const sdk::Example& example, std::int64_t side);

/// B examples on a device, ready for a network.
struct Batch {
  torch::Tensor input;   ///< float32 [B*V,3,H,W] in [-1,1], channels-last
  torch::Tensor target;  ///< [B,...] as in TaskInfo::target
  torch::Tensor mask;    ///< bool [B,...], or undefined
};

/// Training examples, each in an epoch: how many times the training has shown all of them before.
struct Epoch {
  torch::Tensor indices;  ///< int64 [B], into a split
  torch::Tensor epochs;   ///< int64 [B], 0 and up
};

/// Who draws the chance in training examples, and from what.
struct Chance {
  const sdk::Task& task;
  std::uint64_t seed = 0;             ///< of the training
  Strength augment = Strength::none;  ///< of the augmentation of networks' inputs, where the task offers it
};

/// The examples of one task, mapped. Both constructors throw Error naming the file that is malformed,
/// whose tensors are not as many as the ids of the images, or whose examples were made from other samples
/// than the images. [any thread]
class ExampleSet {
 public:
  ExampleSet(const std::filesystem::path& images, const std::filesystem::path& examples);
  /// The plain images alone, as encoders see them. Only ids(), size(), views() and inputs() may be called.
  explicit ExampleSet(const std::filesystem::path& images);

  [[nodiscard]] std::int64_t size(Split split) const;
  /// Indices of the examples of a split whose target counts, int64 [n]: those that were not left out
  /// and whose mask is not empty.
  [[nodiscard]] torch::Tensor valid(Split split) const;
  /// Ids of all N samples of a split.
  [[nodiscard]] const std::vector<std::string>& ids(Split split) const;
  /// Fingerprint of the ids of all samples: two sets that share it are of the same images.
  [[nodiscard]] const std::string& fingerprint() const { return samples_; }
  /// Number of views V of each sample.
  [[nodiscard]] std::int64_t views() const;
  /// Inputs of the samples at `indices` (int64 [B]) -> float32 [B*V,3,H,W].
  [[nodiscard]] torch::Tensor inputs(Split split, const torch::Tensor& indices, torch::Device device) const;
  /// Targets and masks as well.
  [[nodiscard]] Batch batch(Split split, const torch::Tensor& indices, torch::Device device) const;
  /// The examples as they are in their epochs (int64 [B], 0 and up): augmented where that is asked for and the task
  /// offers it, then with chance drawn anew where the task offers sdk::Redraw; otherwise batch(). What is drawn
  /// depends on the seed, the task, the epoch and the id of the image alone. Throws Error when the task gives other
  /// parts or shapes than TaskInfo says.
  [[nodiscard]] Batch batch_in_epoch(Split split, const Epoch& epoch, const Chance& chance,
                                     torch::Device device) const;
  /// Targets and masks alone, for networks that do not see the input. A task with an input of its own keeps its
  /// stored labels, because the features that such networks see are of the stored input.
  [[nodiscard]] Batch labels_in_epoch(Split split, const Epoch& epoch, const Chance& chance,
                                      torch::Device device) const;
  /// Targets and masks of all N samples of a split as they are stored, mapped, not copied. The masks are uint8, 0 where
  /// nothing counts.
  [[nodiscard]] Batch stored_labels(Split split) const;
  /// Targets and masks alone; input stays undefined.
  [[nodiscard]] Batch labels(Split split, const torch::Tensor& indices, torch::Device device) const;

  /// From here on what batch(), batch_in_epoch() or labels_in_epoch() reads of a split stays on a device, as far as it
  /// has room. Nothing where chance is drawn anew, which is done on the CPU.
  void keep_batches(Split split, Residence& residence);
  void keep_batches_in_epoch(Split split, const Chance& chance, Residence& residence);
  void keep_labels_in_epoch(Split split, const sdk::Task& task, Residence& residence);

 private:
  struct Part {
    torch::Tensor plain;  ///< what tasks with an input of their own made it from
    torch::Tensor input, target, valid;
    torch::Tensor mask;  ///< uint8, 0 where nothing counts
    std::vector<std::string> ids;
  };
  /// Plain images [B,V,3,H,W] and labels of examples before their chance is drawn.
  struct Undrawn {
    torch::Tensor views;  ///< float32 in [-1,1]
    sdk::Example labels;  ///< batched; an input, where there is one, is final
  };
  [[nodiscard]] Undrawn undrawn(Split split, const torch::Tensor& indices) const;
  /// The same of augmented images, for tasks that can_augment().
  [[nodiscard]] Undrawn augmented(Split split, const Epoch& epoch, const Chance& chance) const;
  /// Of a task that offers sdk::Redraw; input stays undefined where the task takes the plain image.
  [[nodiscard]] sdk::Example drawn_anew(Split split, const Undrawn& undrawn, const Epoch& epoch,
                                        const Chance& chance) const;
  [[nodiscard]] std::string id_of(Split split, const Epoch& epoch, std::int64_t i) const;
  [[nodiscard]] const Part& part(Split split) const { return parts_[static_cast<std::size_t>(split)]; }
  std::array<Part, kSplits.size()> parts_;
  std::string samples_;  ///< fingerprint of all ids
};

/// Stored inputs [B,V,3,H,W], uint8 in 0..255 or half precision in [-1,1] -> float32 [B*V,3,H,W] in [-1,1],
/// channels-last.
[[nodiscard]] torch::Tensor to_network_input(const torch::Tensor& stored, torch::Device device);

}  // namespace taskonomy::data
