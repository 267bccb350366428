#include "decoder_subject.hpp"

#include <stdexcept>

namespace taskonomy::sdk::testing {

SeededScope::SeededScope(std::uint64_t seed)
    : before_(at::detail::getDefaultCPUGenerator().get_state().clone()) {
  torch::manual_seed(seed);
}

SeededScope::~SeededScope() {
  torch::Generator generator = at::detail::getDefaultCPUGenerator();
  generator.set_state(before_);
}

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
