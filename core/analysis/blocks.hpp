// What is drawn, left out or flipped as one: a test image, or all test images of a scene.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace taskonomy::analysis {

/// Views of one room are alike: as independent images they make every interval too short. By scene is the
/// stricter reading.
enum class Block { image, scene };
[[nodiscard]] std::string name_of(Block block);

/// The scene of a sample id, as datasets name them: "kitchen-00012/single_3" -> "kitchen-00012"; an id
/// without
/// '/' is a scene of its own.
[[nodiscard]] std::string scene_of(const std::string& image);

/// N images in `count` blocks, numbered by first appearance.
struct Blocks {
  std::size_t count = 0;
  std::vector<std::size_t> of_image;  ///< [N]
};
[[nodiscard]] Blocks blocks_of(const std::vector<std::string>& images, Block block);

}  // namespace taskonomy::analysis
