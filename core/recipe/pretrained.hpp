// [sources.NAME]: an encoder trained elsewhere that takes part as a source beside those of the tasks.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace taskonomy::recipe {

/// One [sources.NAME] table. Images are resized to `side`, scaled to `range`, then (x - mean) / deviation per
/// channel.
struct Pretrained {
  std::string id;              ///< NAME: as a task id, and no task's of the recipe
  std::filesystem::path file;  ///< absolute; key `torchscript` or `safetensors`
  std::string architecture;    ///< of a safetensors file: resnet18, resnet50; "" = the file is TorchScript
  std::string method = "forward";  ///< TorchScript: the method that is called with the images [B,3,S,S]
  /// TorchScript: index into the tuple or key of the dictionary that it returns; "" = a single tensor.
  /// Else the stage whose features are taken; "" = the last, layer4.
  std::string output;
  std::int64_t side = 0;                               ///< of the images it wants, pixels; 0 = as they are
  std::vector<double> range{0.0, 1.0};                 ///< of black and white
  std::vector<double> mean{0.485, 0.456, 0.406};       ///< of red, green, blue, in `range`; ImageNet's
  std::vector<double> deviation{0.229, 0.224, 0.225};  ///< the same; key `std`
  double label_cost = 0.0;                             ///< in the supervision budget
  std::string where;                                   ///< of the section: "demo.toml:14"

  [[nodiscard]] bool is_torchscript() const { return architecture.empty(); }
};

/// Architectures whose parameters a safetensors file may hold, under torchvision's names.
[[nodiscard]] const std::vector<std::string>& pretrained_architectures();

}  // namespace taskonomy::recipe
