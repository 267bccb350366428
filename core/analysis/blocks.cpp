#include "core/analysis/blocks.hpp"

#include <map>

namespace taskonomy::analysis {

std::string name_of(Block block) { return block == Block::image ? "image" : "scene"; }

std::string scene_of(const std::string& image) { return image.substr(0, image.rfind('/')); }

Blocks blocks_of(const std::vector<std::string>& images, Block block) {
  Blocks blocks;
  std::map<std::string, std::size_t> known;
  for (const auto& image : images) {
    const auto [place, fresh] = known.emplace(block == Block::scene ? scene_of(image) : image, blocks.count);
    if (fresh) ++blocks.count;
    blocks.of_image.push_back(place->second);
  }
  return blocks;
}

}  // namespace taskonomy::analysis
