// Augmentation: training images that are mirrored, cropped and recoloured, so that a network meets another picture
// in every epoch and cannot learn a few hundred photographs by heart. For authors of single-view tasks: the host
// changes the images, and the task says what that does to its label.
#pragma once

#include <string_view>

#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/detail/api.hpp>
#include <taskonomy/sdk/task.hpp>

namespace taskonomy::sdk {

/// What was done to a batch of images. A crop is enlarged to the whole image: whoever knows only the picture sees
/// what a camera `scale` times nearer would see.
struct Augmentation {
  torch::Tensor images;    ///< float32 [B,3,H,W] in [-1,1]: the images after all changes
  torch::Tensor mirrored;  ///< bool [B]: left and right are exchanged
  torch::Tensor scale;     ///< float32 [B], at least 1: by how much the crop was enlarged
  /// float32 [B,H,W,2]: from where in the original each pixel comes, (x, y) with -1 and 1 at the outer edges of the
  /// first and last pixel, as torch::grid_sampler has it without align_corners; never outside.
  torch::Tensor grid;
};

/// Lets the host augment training images: [source] augment = "light" or "strong". Offer it where the label of a
/// changed image follows from the label of the original, or from the changed image. Tasks with several views have
/// no augmentation. Validation and test images stay as they are, and so do those of transfers.
class TX_API Augment {
 public:
  static constexpr std::string_view kId = "taskonomy.augment/2";
  virtual ~Augment();
  /// The examples of the augmented images. `originals`: target [B,...] and mask [B,...] or undefined of the images
  /// as they were; its input is undefined. The result has a target and a mask of the same shapes and types, and
  /// with InputKind::own an input [B,input_views,3,S,S], made from how.images. A task that offers Redraw may leave
  /// the input to it: it is asked afterwards, with the augmented images and this result. Pure, without chance; no
  /// tensor of `originals` is written to; each image is treated as if it were alone.
  ///
  /// For most labels of pixels this is one line: return warp_pixels(originals, how, Sampling::nearest);
  [[nodiscard]] virtual Example augment(const Example& originals, const Augmentation& how) const = 0;
  /// Whether colours may change, too (brightness, contrast, saturation, white balance, noise). Override it with
  /// false for a label that is measured in the image's colours and not made again from how.images: a network would
  /// have to guess the colours that it was not shown.
  [[nodiscard]] virtual bool allows_colour() const;
};

/// How the value of a pixel is found between the original's pixels. nearest keeps values as they are: ids, classes,
/// and what jumps at borders, such as depth. bilinear is smoother, for responses and colours.
enum class Sampling { nearest, bilinear };

/// Pixels [B,C,H,W] of any type where the augmented images have them; type and shape stay.
[[nodiscard]] TX_API torch::Tensor warp(const torch::Tensor& pixels, const Augmentation& how,
                                        Sampling sampling);

/// Targets [B,C,H,W], and masks where these are per pixel, where the augmented images have them; masks per image
/// stay. A pixel of which a part comes from one that is masked is masked, and what stood under the mask, NaN too,
/// reaches no other pixel. All that a label needs which neither mirror nor scale changes: classes, regions, edges.
[[nodiscard]] TX_API Example warp_pixels(const Example& originals, const Augmentation& how,
                                         Sampling sampling);

/// Values [B] in a shape that multiplies tensors [B,...] of this many dimensions: [B,1,1,1] for 4.
[[nodiscard]] TX_API torch::Tensor per_image(const torch::Tensor& values, std::int64_t dimensions);

}  // namespace taskonomy::sdk
