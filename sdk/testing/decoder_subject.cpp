#include "decoder_subject.hpp"

#include <stdexcept>

#include "seeded_scope.hpp"

namespace taskonomy::sdk::testing {

std::shared_ptr<Decoder> seeded_decoder(const Subject& subject, const DecoderConfig& config,
                                        std::uint64_t seed) {
  const SeededScope scope(seed);
  auto decoder = subject.task().make_decoder(config);
  if (decoder == nullptr) throw std::runtime_error("make_decoder returns null");
  decoder->train();
  return decoder;
}

torch::Tensor prediction_of(Decoder& decoder, const torch::Tensor& representation) {
  const torch::NoGradGuard no_grad;
  decoder.eval();
  return decoder.forward(representation);
}

}  // namespace taskonomy::sdk::testing
