// What an exported file says beside its code: for people and other programs, and for `taskonomy predict FILE`, which makes
// the tasks of its targets again.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <taskonomy/sdk/dataset.hpp>

#include "core/data/whitening.hpp"
#include "core/pipeline/setup.hpp"
#include "core/predict/predictor.hpp"
#include "core/recipe/recipe.hpp"

namespace taskonomy::predict {

/// Of the methods and texts; a file of another format must be exported again.
inline constexpr std::int64_t kExportFormat = 1;

/// The texts by name. taxonomy.json: the sources of each target. targets.json: titles, shapes, ranges, class names,
/// whitening. about.json: format, versions, side, seed. recipe.toml and dataset.json: the targets' tasks with their own
/// keys, and what the data set said of itself; without the paths of this machine. `made_by`: "taskonomy 1.0".
[[nodiscard]] std::map<std::string, std::string> export_texts(const pipeline::Setup& setup,
                                                              const Predictor& networks,
                                                              const std::string& made_by);

/// What a file says of one target.
struct ExportedTarget {
  Service service;
  std::vector<std::int64_t> shape;  ///< of its prediction
  std::optional<data::WhiteningConstants> whitening;
};

/// The same, read.
struct ExportedTexts {
  recipe::Recipe recipe;  ///< of the targets alone
  sdk::DatasetInfo dataset;
  std::vector<ExportedTarget> targets;
};

/// Reads the texts of a file, but not its code. Throws Error naming the file: not one that export wrote, damaged, or of
/// another format.
[[nodiscard]] ExportedTexts read_export_texts(const std::filesystem::path& file);

}  // namespace taskonomy::predict
