// A vector decoder whose paper-size version is not the usual 2 x 2048 (method.md, column "decoder").
#pragma once

#include <cstdint>
#include <memory>

#include <taskonomy/sdk/decoder.hpp>

namespace taskonomy::sdk {

/// The hidden layers of the paper's vector decoder.
struct HiddenLayers {
  int count = 2;
  std::int64_t width = 2048;
};

/// make_vector_decoder() with other hidden layers in its paper size; the small decoder is the same.
TX_API std::shared_ptr<Decoder> make_vector_decoder(const DecoderConfig& config, std::int64_t outputs,
                                                    const HiddenLayers& layers);

}  // namespace taskonomy::sdk
