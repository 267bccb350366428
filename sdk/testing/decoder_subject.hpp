// Decoders under test.
#pragma once

#include <cstdint>
#include <memory>

#include <taskonomy/sdk/testing.hpp>

namespace taskonomy::sdk::testing {

/// A decoder with weights drawn from this seed, in training mode. Throws std::runtime_error where the task
/// makes none.
[[nodiscard]] std::shared_ptr<Decoder> seeded_decoder(const Subject& subject, const DecoderConfig& config,
                                                      std::uint64_t seed = 1);

/// The prediction in evaluation mode, without a graph; leaves the decoder in evaluation mode.
[[nodiscard]] torch::Tensor prediction_of(Decoder& decoder, const torch::Tensor& representation);

}  // namespace taskonomy::sdk::testing
