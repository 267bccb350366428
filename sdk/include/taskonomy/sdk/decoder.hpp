// Decoders: from a representation [B,C,h,w] per view to a task's prediction (paper section 3.1, supplementary
// material).
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/detail/api.hpp>

namespace taskonomy::sdk {

/// What the host tells a task about the decoder it needs.
struct DecoderConfig {
  std::int64_t in_channels =
      8;  ///< C of the representation; 8k after joining k sources, 2x that after a transfer network
  std::int64_t in_side = 8;  ///< h = w of the representation, pixels
  std::int64_t side = 64;    ///< image side, pixels; a pixel decoder upsamples side/in_side times
  int views = 1;             ///< views joined on channels before the decoder
  bool paper_size =
      false;  ///< the paper's 15 layers and 2048 units instead of the small decoders for 64-128 px
};

/// From representations to a prediction. The last layer is linear; a task adds its own range (tanh) on top.
class TX_API Decoder : public torch::nn::Module {
 public:
  ~Decoder() override;
  /// representation [B, views*C, h, w] -> prediction, whose shape behind B is TaskInfo::prediction.
  virtual torch::Tensor forward(const torch::Tensor& representation) = 0;
};

/// How a pixel decoder's output is bounded.
enum class Range { unbounded, tanh };

/// Prediction [B, out_channels, side, side].
/// small: 3x3 conv to 64, then log2(side/in_side) times (nearest x2, 3x3 conv, BN, ReLU) to 48, 32, 24, ...,
/// 3x3 conv out. paper: 3x3 convs 1024,1024,512,256,256,128, then (transposed conv x2, conv) 64, 32, 16,
/// transposed conv x2, conv out; BN and leaky ReLU 0.2 between (supplementary material; method.md step I).
/// Throws std::invalid_argument when side/in_side is not a power of two.
TX_API std::shared_ptr<Decoder> make_pixel_decoder(const DecoderConfig& config, std::int64_t out_channels,
                                                   Range range = Range::unbounded);

/// Prediction [B, outputs].
/// small: 3x3 convs to 64, average, maximum and a 4x4 grid of them, a hidden layer of 128; paper: flatten,
/// `hidden` layers of 2048 units, BN, ReLU, dropout 0.5, then linear.
TX_API std::shared_ptr<Decoder> make_vector_decoder(const DecoderConfig& config, std::int64_t outputs,
                                                    int hidden = 2);

/// The hidden layers of the paper's vector decoder.
struct HiddenLayers {
  int count = 2;
  std::int64_t width = 2048;
};

/// make_vector_decoder() with other hidden layers in its paper size; the small decoder is the same.
TX_API std::shared_ptr<Decoder> make_vector_decoder(const DecoderConfig& config, std::int64_t outputs,
                                                    const HiddenLayers& layers);

}  // namespace taskonomy::sdk
