// A pretrained network behind the interface of the host's encoders: same images in, representations of the
// same size out, so that everything after the features is one path for all sources.
#pragma once

#include <cstdint>
#include <memory>

#include <taskonomy/sdk/torch.hpp>

#include "core/network/backbone.hpp"
#include "core/network/encoder.hpp"
#include "core/recipe/pretrained.hpp"

namespace taskonomy::network {

/// Affine map of K features of a place to the C channels of a representation: (features - mean) basis.
struct Projection {
  torch::Tensor mean;   ///< float32 [K]
  torch::Tensor basis;  ///< float32 [K,C]
};

/// Resized with antialiased bilinear interpolation, pixel centres at halves: [B,C,H,W] -> [B,C,side,side].
/// Where the side shrinks every input pixel counts; [B,C,1,1] is spread evenly; the same side changes
/// nothing.
[[nodiscard]] torch::Tensor resized(const torch::Tensor& maps, std::int64_t side);

/// images [B,3,H,W] in [-1,1] -> the recipe's side and normalisation -> backbone -> [B,K,h,h] -> projection
/// -> [B,C,h,h]. [no grad]
class PretrainedEncoder : public network::Encoder {
 public:
  /// `side` = h, of the run's representations.
  PretrainedEncoder(const recipe::Pretrained& source, std::unique_ptr<Backbone> backbone, std::int64_t side);

  /// The backbone's feature map at the representation's side, float32 [B,K,h,h]. Throws Error when it is not
  /// finite.
  torch::Tensor features(const torch::Tensor& images);
  /// [after set_projection()] The representation, [B,C,h,h].
  torch::Tensor forward(const torch::Tensor& images) override;

  void set_projection(const Projection& projection);
  [[nodiscard]] const Projection& projection() const { return projection_; }

 private:
  [[nodiscard]] torch::Tensor normalised(const torch::Tensor& images) const;

  recipe::Pretrained source_;
  std::unique_ptr<Backbone> backbone_;
  std::int64_t side_;
  Projection projection_;
};

}  // namespace taskonomy::network
