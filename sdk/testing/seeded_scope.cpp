#include "seeded_scope.hpp"

namespace taskonomy::sdk::testing {

SeededScope::SeededScope(std::uint64_t seed)
    : before_(at::detail::getDefaultCPUGenerator().get_state().clone()) {
  torch::manual_seed(seed);
}

SeededScope::~SeededScope() {
  torch::Generator generator = at::detail::getDefaultCPUGenerator();
  generator.set_state(before_);
}

}  // namespace taskonomy::sdk::testing
