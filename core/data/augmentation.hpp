// Augmentation of training images: what is drawn for each image of a batch, and the images after it. What becomes of
// the labels, the tasks say (sdk::Augment).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <taskonomy/sdk/augment.hpp>
#include <taskonomy/sdk/torch.hpp>

namespace taskonomy::data {

/// How much training images are changed:
///
///                     light        strong
///   mirrored          half of them, left to right
///   crop              enlarged up to 1.25 and 1.6 times, at a random place
///   brightness        +-0.06       +-0.12, of intensities 0..1
///   contrast          x 0.85..1.15 x 0.7..1.3, about mid grey
///   saturation        x 0.8..1.2   x 0.5..1.5
///   white balance     x 0.97..1.03 x 0.9..1.1, each of red, green and blue
///   noise             none         deviation 0..0.03, of intensities 0..1
///
/// light suits most photographs; strong is for a few hundred, where networks would learn them by heart.
enum class Strength { none, light, strong };

/// "none", "light", "strong": the words of [source] augment. Throws std::logic_error for any other.
[[nodiscard]] Strength strength_named(const std::string& word);

/// Whether a task's examples can be augmented: it offers sdk::Augment and looks at single views.
[[nodiscard]] bool can_augment(const sdk::Task& task);

/// How the images of a batch are to be changed.
struct AugmentOptions {
  Strength strength = Strength::light;
  bool colour = true;                  ///< false: mirror and crop alone
  std::vector<std::uint64_t> seeds{};  ///< one for each image, which alone decides what becomes of it
};

/// Draws the changes of images float32 [B,3,H,W] in [-1,1] and makes them; on the CPU.
[[nodiscard]] sdk::Augmentation augment_images(const torch::Tensor& images, const AugmentOptions& options);

/// The examples of augmented images. `originals` as sdk::Augment::augment() has them; `options.colour` is replaced by
/// what the task allows. Throws Error when the task gives other shapes or types.
struct AugmentedBatch {
  sdk::Augmentation how;
  sdk::Example examples;  ///< batched; its input is undefined where redraw() or the plain image gives it
};
[[nodiscard]] AugmentedBatch augment_batch(const sdk::Task& task, const torch::Tensor& images,
                                           const sdk::Example& originals, AugmentOptions options);

/// One image float32 [1,3,H,W] in [-1,1] and its example, augmented and drawn anew as in training. Of a task that
/// cannot be augmented both stay as they are.
struct AugmentedExample {
  torch::Tensor image;  ///< [1,3,H,W]
  sdk::Example example;
};
[[nodiscard]] AugmentedExample augment_example(const sdk::Task& task, const torch::Tensor& image,
                                               const sdk::Example& example, Strength strength,
                                               std::uint64_t seed);

}  // namespace taskonomy::data
