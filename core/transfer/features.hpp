// Representations of frozen encoders: each image of the transfer and test splits is encoded once, stored in
// half precision and mapped (method.md step II; design: step 4 of the path of one batch).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/data/examples.hpp"
#include "core/data/tensor_file.hpp"
#include "core/network/encoder.hpp"
#include "core/network/precision.hpp"

namespace taskonomy::transfer {

/// Encodes the transfer and test splits of `examples` and writes "transfer" and "test", float16 [N,V,C,h,w],
/// with the mean and standard deviation [C] of the transfer split, and the tensors `beside`. Returns the
/// number of images encoded.
std::int64_t write_features(const std::filesystem::path& path, network::Encoder& encoder,
                            const data::ExampleSet& examples, std::int64_t batch,
                            const network::Hardware& hardware, const std::string& made_from,
                            const data::NamedTensors& beside = {});

/// Joined representations of one or more sources, mapped. [any thread]
class FeatureSet {
 public:
  /// Files in the order in which the sources are joined. Throws Error when they disagree in number or size.
  explicit FeatureSet(const std::vector<std::filesystem::path>& files);

  /// Channels of one view: k sources times C.
  [[nodiscard]] std::int64_t channels() const;
  [[nodiscard]] std::int64_t views() const;
  /// float32 [B*V,kC,h,w], channels-last, for int64 indices [B] into the split.
  [[nodiscard]] torch::Tensor batch(data::Split split, const torch::Tensor& indices,
                                    torch::Device device) const;
  /// Bounds [1,kC,1,1] at mean -+ 5 standard deviations of the transfer split, to which training clips.
  [[nodiscard]] torch::Tensor low() const { return mean_ - 5.0 * deviation_; }
  [[nodiscard]] torch::Tensor high() const { return mean_ + 5.0 * deviation_; }

 private:
  struct Part {
    torch::Tensor transfer, test;
  };
  std::vector<Part> sources_;
  torch::Tensor mean_, deviation_;
};

}  // namespace taskonomy::transfer
