// Names and units of a label's numbers, for authors of tasks whose label is a few numbers for the whole image: with
// them `taskonomy predict` says "translation_z: 0.42 m" where it would say the sixth of six whitened numbers.
//
//   class Gauge final : public sdk::VectorTask, public sdk::Components {
//     const std::vector<sdk::Component>& components() const noexcept override { return components_; }
//     torch::Tensor in_units(const torch::Tensor& values) const override { return whitening_.restore(values); }
//     std::vector<sdk::Component> components_{{"pressure", "bar"}};
//   };
//
// The ready-made bases find it by themselves; a task without a base answers Components::kId in extension().
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/detail/api.hpp>

namespace taskonomy::sdk {

/// One number that people read.
struct Component {
  std::string name;  ///< [a-z0-9_.]+, one of its kind in the list: "translation_z", "ahead.x"
  std::string unit;  ///< "degrees", "m", "%"; "" for a plain number
};

/// What the numbers of a label are. There may be more or fewer components than numbers: two logits are one probability.
class TX_API Components {
 public:
  static constexpr std::string_view kId = "taskonomy.components/1";
  virtual ~Components();
  /// The N components, at least one. The list stays the same for the life of the task.
  [[nodiscard]] virtual const std::vector<Component>& components() const noexcept = 0;
  /// A prediction of one image (no batch dimension, on the CPU), in the units of components() -> float32 [N].
  [[nodiscard]] virtual torch::Tensor in_units(const torch::Tensor& prediction) const = 0;
};

}  // namespace taskonomy::sdk
