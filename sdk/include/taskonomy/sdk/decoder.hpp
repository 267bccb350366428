// Decoders, for tasks that have none of the ready-made bases or want another one: from a representation
// [B,C,h,w] per view to a task's prediction (paper section 3.1, supplementary material).
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <torch/nn/module.h>
#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/detail/api.hpp>
#include <taskonomy/sdk/detail/decoder_config.hpp>

namespace taskonomy::sdk {

/// A network from representations to a prediction. Its last layer is linear, or followed by tanh where the
/// prediction is bounded (Range).
class TX_API Decoder : public torch::nn::Module {
 public:
  ~Decoder() override;
  /// representation [B,views*C,h,w] -> prediction [B,...], in the shape that TaskInfo::prediction gives.
  virtual torch::Tensor forward(const torch::Tensor& representation) = 0;
};

/// How a pixel decoder's output is bounded.
enum class Range {
  unbounded,  ///< linear: logits, metres
  tanh        ///< to -1..1, for labels in that range
};

/// A decoder to predictions [B,out_channels,side,side].
///   small  3x3 conv to 64; log2(side/in_side) times (nearest x2, 3x3 conv, BN, ReLU) to 48, 32, 24, 16, ...;
///          3x3 conv
///   paper  3x3 convs to 1024, 1024, 512, 256, 256, 128; (transposed conv x2, 3x3 conv) to 64, 32, 16;
///          transposed conv x2; 3x3 conv; BN and leaky ReLU 0.2 between (supplementary material; method.md,
///          step I)
/// Throws std::invalid_argument when side/in_side is not a power of two.
TX_API std::shared_ptr<Decoder> make_pixel_decoder(const DecoderConfig& config, std::int64_t out_channels,
                                                   Range range = Range::unbounded);

/// A decoder to predictions [B,outputs].
///   small  two 3x3 convs to 64; their average, maximum and a 4x4 grid over the image; a hidden layer of 128;
///          linear
///   paper  flatten; `hidden` layers of 2048 units, each with BN, ReLU and dropout 0.5; linear
TX_API std::shared_ptr<Decoder> make_vector_decoder(const DecoderConfig& config, std::int64_t outputs,
                                                    int hidden = 2);

/// The same with other hidden layers in the paper's size; the small decoder does not change.
TX_API std::shared_ptr<Decoder> make_vector_decoder(const DecoderConfig& config, std::int64_t outputs,
                                                    const HiddenLayers& layers);

}  // namespace taskonomy::sdk
