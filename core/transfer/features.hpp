// Representations of frozen encoders (method.md, step II): each image of the transfer and test splits is
// encoded once, stored in half precision and mapped, so that the thousands of transfers never run an encoder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/data/examples.hpp"
#include "core/data/residence.hpp"
#include "core/data/tensor_file.hpp"
#include "core/network/encoder.hpp"
#include "core/network/pretrained_encoder.hpp"
#include "core/training/trainer.hpp"

namespace taskonomy::transfer {

/// The file that features go to, and what it holds beside them.
struct FeatureFile {
  std::filesystem::path path;
  std::string made_from;        ///< key of the job
  data::NamedTensors beside{};  ///< further tensors, such as the projection of a pretrained encoder
};

/// Encodes the transfer and test splits of `examples` and writes "transfer" and "test", float16 [N,V,C,h,w],
/// with the "mean" and "deviation" of the transfer split, float32 [C]. Returns the number of images encoded.
/// Throws Error when half precision cannot hold the representations.
std::int64_t write_features(const FeatureFile& file, network::Encoder& encoder,
                            const data::ExampleSet& examples, const training::Evaluation& evaluation);

/// The representations of one or more sources, mapped and joined on channels. [any thread]
class FeatureSet {
 public:
  /// Files in the order in which the sources are joined. Throws Error when they disagree in number or size.
  explicit FeatureSet(const std::vector<std::filesystem::path>& files);

  /// Channels of one view: kC for k sources.
  [[nodiscard]] std::int64_t channels() const;
  [[nodiscard]] std::int64_t views() const;
  /// Features of the transfer or test split, float32 [B*V,kC,h,w], channels-last, for int64 indices [B] into
  /// it.
  [[nodiscard]] torch::Tensor batch(data::Split split, const torch::Tensor& indices,
                                    torch::Device device) const;
  /// From here on features of the transfer split stay on a device, source by source as far as it has room.
  void keep(data::Residence& residence);
  /// Bounds [1,kC,1,1] at the mean -+ 5 standard deviations of the transfer split, to which transfers clip.
  [[nodiscard]] torch::Tensor low() const { return mean_ - 5.0 * deviation_; }
  [[nodiscard]] torch::Tensor high() const { return mean_ + 5.0 * deviation_; }

 private:
  struct Part {
    torch::Tensor transfer, test;
  };
  std::vector<Part> sources_;
  torch::Tensor mean_, deviation_;
};

/// Number of images that fit_projection() looks at, picked evenly from the transfer split: with 64 places and
/// more in each, plenty for a covariance of thousands of channels.
inline constexpr std::int64_t kFittingImages = 1024;
/// Largest K that fit_projection() takes: the covariance needs 8 K^2 bytes and its decomposition 15 s.
inline constexpr std::int64_t kMostFeatures = 4096;

/// Brings the K features of a pretrained encoder to the C channels of the run's representations, by principal
/// components: the directions v_j of largest variance l_j among the features of all places of the transfer
/// images, whitened,
///
///   basis_j = v_j / sqrt(l_j),   j = 1..C,
///
/// so that each channel has mean 0 and deviation 1 there. The sign of v_j is such that its largest component
/// is positive. Where the features vary in fewer than C directions, the remaining channels are 0. Labels play
/// no part. The same images give the same projection. Throws Error for more than kMostFeatures, and for
/// features that are the same for every image.
[[nodiscard]] network::Projection fit_projection(network::PretrainedEncoder& encoder,
                                                 const data::ExampleSet& examples, std::int64_t channels,
                                                 const training::Evaluation& evaluation);

}  // namespace taskonomy::transfer
