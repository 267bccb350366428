// Networks trained elsewhere, as sources of transfers (share/doc/pretrained_sources.md). A Backbone is such a
// network as it was trained; a PretrainedEncoder puts it behind the interface of the host's encoders, so that
// everything after the features is one path for all sources.
#pragma once

#include <cstdint>
#include <memory>

#include <taskonomy/sdk/torch.hpp>

#include "core/data/tensor_file.hpp"
#include "core/network/encoder.hpp"
#include "core/recipe/pretrained.hpp"

namespace taskonomy::network {

/// A frozen network in evaluation mode. It computes in float32 whatever the run's precision, so that it gives
/// what it gives in PyTorch.
class Backbone {
 public:
  virtual ~Backbone() = default;
  /// Normalised images [B,3,S,S] -> feature map [B,K,h,w], or one vector per image [B,K], as the network
  /// gives it. Throws Error when the network fails or gives something else.
  virtual torch::Tensor features(const torch::Tensor& images) = 0;
};

/// Reads the network of a [sources.NAME] table. A TorchScript file is a program, and it runs here: only files
/// of people one trusts belong in a recipe. Throws Error naming the file and what is wrong with it: another
/// form than the recipe says, names or shapes of another network, numbers that are not finite.
[[nodiscard]] std::unique_ptr<Backbone> open_backbone(const recipe::Pretrained& source, torch::Device device);

/// Refuses before a run begins what open_backbone() would refuse, as far as that can be seen without running
/// the file's code. Throws Error naming the place in the recipe.
void check_pretrained_file(const recipe::Pretrained& source);

/// Affine map of the K features of a place to the C channels of a representation: (features - mean) basis.
struct Projection {
  torch::Tensor mean;   ///< float32 [K]
  torch::Tensor basis;  ///< float32 [K,C]
};

/// Resizes [B,C,H,W] -> [B,C,side,side] by antialiased bilinear interpolation with pixel centres at halves:
/// where the side shrinks, every input pixel counts. [B,C,1,1] is spread evenly; maps that have the side
/// already are returned as they are.
[[nodiscard]] torch::Tensor resize(const torch::Tensor& maps, std::int64_t side);

/// images [B,3,H,W] in [-1,1] -> the recipe's side and normalisation -> backbone -> [B,K,h,h] -> projection
/// -> [B,C,h,h]. [no grad]
class PretrainedEncoder : public Encoder {
 public:
  /// `side` is h, the side of the run's representations.
  PretrainedEncoder(const recipe::Pretrained& source, std::unique_ptr<Backbone> backbone, std::int64_t side);

  /// The backbone's feature map at the representation's side, float32 [B,K,h,h]. Throws Error when it is not
  /// finite.
  torch::Tensor features(const torch::Tensor& images);
  /// [after set_projection()] The representation [B,C,h,h].
  torch::Tensor forward(const torch::Tensor& images) override;

  void set_projection(const Projection& projection);
  [[nodiscard]] const Projection& projection() const { return projection_; }

 private:
  [[nodiscard]] torch::Tensor normalise(const torch::Tensor& images) const;

  recipe::Pretrained source_;
  std::unique_ptr<Backbone> backbone_;
  std::int64_t side_;
  Projection projection_;
};

// What the two kinds of files need; open_backbone() and check_pretrained_file() choose between them and add
// the name of the file to errors.

/// Loads the module of torch.jit.trace or torch.jit.script and freezes it. Throws Error when the file is no
/// TorchScript, needs operators that this LibTorch lacks, has no method of the recipe's name, or holds NaN.
[[nodiscard]] std::unique_ptr<Backbone> open_torchscript(const recipe::Pretrained& source,
                                                         torch::Device device);

/// Looks at the archive's table of contents alone. Throws Error for files that are no archive and for those
/// of torch.save, which hold weights without the network.
void check_torchscript(const recipe::Pretrained& source);

/// Makes resnet18 or resnet50 with torchvision's strides, up to the stage `source.output`, from weights under
/// torchvision's parameter names, ImageNet's for instance. The classifier (fc.*) and batch counters
/// (num_batches_tracked) may be there or not. Throws Error counting and naming tensors that are missing (with
/// the nearest name that is there), left over, of another shape, or not finite.
[[nodiscard]] std::unique_ptr<Backbone> open_torchvision(const recipe::Pretrained& source,
                                                         const data::NamedTensors& weights,
                                                         torch::Device device);

}  // namespace taskonomy::network
