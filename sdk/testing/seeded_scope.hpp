// LibTorch's default generator while a check runs.
#pragma once

#include <cstdint>

#include <taskonomy/sdk/torch.hpp>

namespace taskonomy::sdk::testing {

/// Seeds LibTorch's default generator and puts it back as it was.
class SeededScope {
 public:
  explicit SeededScope(std::uint64_t seed);
  ~SeededScope();
  SeededScope(const SeededScope&) = delete;
  SeededScope& operator=(const SeededScope&) = delete;

 private:
  torch::Tensor before_;
};

}  // namespace taskonomy::sdk::testing
