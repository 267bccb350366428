// [sources.NAME]: an encoder trained elsewhere that takes part as a source beside those of the tasks.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace taskonomy::recipe {

struct Section;
struct Setting;

/// One [sources.NAME] table. Images are resized to `side`, scaled to `range`, then (x - mean) / deviation per
/// channel. The defaults are those of networks trained on ImageNet with torchvision.
struct Pretrained {
  std::string id;              ///< NAME: as a task id, and no task's of the recipe
  std::filesystem::path file;  ///< absolute; key `torchscript` or `safetensors`
  std::string architecture;    ///< of a safetensors file: resnet18, resnet50; "" = the file is TorchScript
  /// Of a TorchScript module: the method that is called with the images [B,3,S,S].
  std::string method = "forward";
  /// Of a TorchScript module: index into the tuple, or key of the dictionary, that it returns; "" = it
  /// returns a single tensor. Of an architecture: the stage whose features are taken; "" = the last, layer4.
  std::string output;
  std::int64_t side = 0;                               ///< of the images it wants, pixels; 0 = as they are
  std::vector<double> range{0.0, 1.0};                 ///< what black and white become
  std::vector<double> mean{0.485, 0.456, 0.406};       ///< of red, green, blue, in `range`
  std::vector<double> deviation{0.229, 0.224, 0.225};  ///< of red, green, blue, in `range`; key `std`
  double label_cost = 0.0;                             ///< in the supervision budget
  std::string where;                                   ///< of the section: "demo.toml:14"

  [[nodiscard]] bool is_torchscript() const { return architecture.empty(); }
};

/// Architectures whose parameters a safetensors file may hold, under torchvision's names.
[[nodiscard]] const std::vector<std::string>& pretrained_architectures();

/// "NAME" of "sources.NAME", "" of any other section.
[[nodiscard]] std::string source_of(const std::string& section);

/// Reads one table. Relative files start from `folder`, those given by --set from the current one. Throws
/// Error with the key's place for unknown keys, values of another kind, neither or both of torchscript and
/// safetensors, and keys that belong to the other form.
[[nodiscard]] Pretrained read_pretrained(const std::string& section, const Section& content,
                                         const std::filesystem::path& folder);

/// Every key of a table, defaults included; read_pretrained() of them gives the same source.
[[nodiscard]] std::vector<Setting> settings_of(const Pretrained& source);

/// A source as people are told of it: "imagenet: resnet50, weights of /data/resnet50.safetensors".
[[nodiscard]] std::string describe(const Pretrained& source);

}  // namespace taskonomy::recipe
