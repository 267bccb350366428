// Which photographs a dataset's samples show, for authors of datasets whose samples share photographs: where a pair
// or a triplet is made of views that are samples by themselves, or parts of other pairs. A dataset offers it by
// deriving from this class beside Dataset.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <taskonomy/sdk/detail/api.hpp>
#include <taskonomy/sdk/sample.hpp>

namespace taskonomy::sdk {

/// With it, a recipe that divides by unit = "image" divides photographs: none is in two splits through a pair or a
/// triplet. Without it, every sample is taken for an image of its own. [any thread]
class TX_API SharedPhotographs {
 public:
  virtual ~SharedPhotographs();
  /// Names of the photographs that a sample shows, in the order of its views. One photograph has one name in all
  /// kinds of views of its scene. Every sample is asked at every call of a run: answer without opening files.
  /// Empty for a sample that cannot be read.
  [[nodiscard]] virtual std::vector<std::string> photographs(const std::string& scene, std::int64_t index,
                                                             ViewKind kind) const = 0;
};

}  // namespace taskonomy::sdk
