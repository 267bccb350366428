// Examples of PixelTask in files, as trainings read them, and whether two trainings gave the same.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "core/data/examples.hpp"
#include "core/data/tensor_file.hpp"
#include "core/network/precision.hpp"
#include "core/network/weights.hpp"
#include "core/training/source_network.hpp"
#include "tests/support/folder.hpp"

namespace taskonomy::tests {

inline constexpr std::int64_t kStoredSide = 16;  ///< of stored images, pixels
inline const network::Hardware kExactCpu{torch::kCPU, false};
using Targets = std::map<std::string, torch::Tensor>;  ///< split -> float32 [N,1,kStoredSide,kStoredSide]

/// Random targets, the same every time.
inline Targets random_targets(std::int64_t train = 9) {
  torch::manual_seed(7);
  const std::map<std::string, std::int64_t> counts{
      {"test", 3}, {"train", train}, {"transfer", 5}, {"validation", 4}};
  Targets targets;
  for (const auto& [split, count] : counts)
    targets[split] = torch::rand({count, 1, kStoredSide, kStoredSide});
  return targets;
}

/// The same with other targets in one split.
inline Targets with_other(const std::string& split) {
  auto targets = random_targets();
  targets[split] = targets[split] + 1.0;
  return targets;
}

/// Random images, the same every time, with these targets. `train`: ids of the training images; "0", "1", ...
/// where there are none, as in the other splits.
inline data::ExampleSet store_examples(const Folder& folder, const Targets& targets,
                                       const std::vector<std::string>& train = {}) {
  torch::manual_seed(8);
  data::NamedTensors images, examples;
  std::string ids;
  for (const auto& [split, values] : targets) {
    const std::int64_t count = values.size(0);
    images[split + ".rgb"] = torch::randint(0, 256, {count, 1, 3, kStoredSide, kStoredSide}, torch::kUInt8);
    examples[split + ".target"] = values;
    examples[split + ".valid"] = torch::ones({count}, torch::kBool);
    std::string names;
    for (std::int64_t i = 0; i < count; ++i) {
      const bool named = split == "train" && !train.empty();
      names += (i == 0 ? "\"" : ",\"") + (named ? train.at(static_cast<std::size_t>(i)) : std::to_string(i)) +
               "\"";
    }
    ids += (ids.empty() ? "\"" : ",\"") + split + "\":[" + names + "]";
  }
  data::save_tensors(folder / "images", images, {{"ids", "{" + ids + "}"}});
  data::save_tensors(folder / "examples", examples, {});
  return {folder / "images", folder / "examples"};
}

inline bool same_weights(const training::TrainedNetwork& a, const training::TrainedNetwork& b) {
  const auto first = network::weights_of(*a.network), second = network::weights_of(*b.network);
  return std::equal(
      first.begin(), first.end(), second.begin(), second.end(),
      [](const auto& x, const auto& y) { return x.first == y.first && torch::equal(x.second, y.second); });
}

}  // namespace taskonomy::tests
