#include "core/analysis/halves.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "core/analysis/resampling.hpp"

namespace taskonomy::analysis {

using affinity::LossTable;

namespace {

/// The name of an image's scene, which is its own where the splits do not keep scenes apart.
std::string scene_in(const LossTable& table, const std::string& image) {
  return table.scenes_apart ? scene_of(image) : image;
}

LossTable images_of(const LossTable& losses, const Halves& halves, char half) {
  const auto kept = [&](std::size_t n) { return halves.half[halves.scene_of_image.front()[n]] == half; };
  LossTable part{losses.target, {}, {}, {}, losses.scenes_apart};
  for (std::size_t n = 0; n < losses.images.size(); ++n)
    if (kept(n)) part.images.push_back(losses.images[n]);
  for (std::size_t k = 0; k < losses.competitors.size(); ++k) {
    std::vector<double> row;
    for (std::size_t n = 0; n < losses.images.size(); ++n)
      if (kept(n)) row.push_back(losses.loss[k][n]);
    part.add(losses.competitors[k], std::move(row));
  }
  return part;
}

}  // namespace

std::string name_of(Judge judge) { return judge == Judge::halves ? "halves" : "paper"; }

Halves halve(const std::vector<LossTable>& tables, std::uint64_t seed) {
  std::map<std::string, std::size_t> number;  // in name order
  for (const auto& table : tables)
    for (const auto& image : table.images) number.emplace(scene_in(table, image), 0);
  Halves halves;
  std::vector<std::pair<std::uint64_t, std::size_t>> order;
  for (auto& [name, place] : number) {
    place = halves.scenes++;
    order.emplace_back(base::seed_of(seed, "half/" + name), place);
  }
  std::sort(order.begin(), order.end());
  halves.half.assign(halves.scenes, 1);
  for (std::size_t k = 0; k < order.size() / 2; ++k) halves.half[order[k].second] = 0;
  for (const auto& table : tables) {
    auto& scenes = halves.scene_of_image.emplace_back();
    for (const auto& image : table.images) scenes.push_back(number.at(scene_in(table, image)));
  }
  return halves;
}

std::string too_few_to_halve(const std::vector<LossTable>& tables, const Halves& halves) {
  if (halves.scenes < kScenesToHalve && tables.front().scenes_apart)
    return "the test images show " + std::to_string(halves.scenes) +
           (halves.scenes == 1 ? " scene" : " scenes") + ", and halves need " +
           std::to_string(kScenesToHalve);
  for (std::size_t t = 0; t < tables.size(); ++t) {
    std::array<std::size_t, 2> images{};
    for (const auto n : tables[t].usable_images())
      ++images[static_cast<std::size_t>(halves.half[halves.scene_of_image[t][n]])];
    if (const auto fewest = std::min(images[0], images[1]); fewest < kImagesPerHalf)
      return (tables[t].scenes_apart ? "a half of the test scenes has " : "a half of the test images has ") +
             std::to_string(fewest) + " usable images of \"" + tables[t].target + "\", and halves need " +
             std::to_string(kImagesPerHalf);
  }
  return "";
}

std::optional<std::array<LossTable, 2>> halved(const LossTable& losses, std::uint64_t seed) {
  const Halves halves = halve({losses}, seed);
  if (!too_few_to_halve({losses}, halves).empty()) return std::nullopt;
  return std::array{images_of(losses, halves, 0), images_of(losses, halves, 1)};
}

}  // namespace taskonomy::analysis
