// What is asked of a decoder, apart from decoder.hpp so that a task without a decoder of its own is compiled without
// LibTorch's modules. decoder.hpp and task.hpp bring it.
#pragma once

#include <cstdint>

namespace taskonomy::sdk {

class Decoder;  // decoder.hpp

/// What the host tells a task about the decoder it needs.
struct DecoderConfig {
  /// C of the representation: 8 of one source, 8k of k joined sources, twice that behind a transfer network
  std::int64_t in_channels = 8;
  std::int64_t in_side = 8;  ///< h = w of the representation, pixels
  std::int64_t side = 64;    ///< image side, pixels; a pixel decoder enlarges side/in_side times
  int views = 1;             ///< number of views, joined on channels in front of the decoder
  /// The paper's 15 layers and 2048 units instead of the small decoders, which suit images of 64 to 128
  /// pixels.
  bool paper_size = false;
};

/// The hidden layers of a vector decoder in the paper's size. Most tasks have two of 2048 units (method.md,
/// column "decoder").
struct HiddenLayers {
  int count = 2;
  std::int64_t width = 2048;  ///< units
};

}  // namespace taskonomy::sdk
