// How a task says what becomes of its label when the image is mirrored.
#pragma once

#include <string_view>

#include <taskonomy/sdk/detail/api.hpp>
#include <taskonomy/sdk/task.hpp>

namespace taskonomy::sdk {

/// For trainers that show an example and its mirror image. A label of numbers per pixel is turned left to
/// right; directions change their sign, too: the x of a normal. The check label.flip holds it to that.
class TX_API Augment {
 public:
  static constexpr std::string_view kId = "taskonomy.augment/1";
  virtual ~Augment();
  /// The example of the sample seen in a mirror, columns from right to left, made from the example of the
  /// sample. Pure.
  [[nodiscard]] virtual Example mirrored(const Example& example) const = 0;
};

}  // namespace taskonomy::sdk
