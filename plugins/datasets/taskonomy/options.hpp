// The dataset's keys in a recipe's [data] table; the head of taskonomy.cpp says what they mean.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <taskonomy/sdk/dataset.hpp>

#include "label_files.hpp"

namespace taskonomy_dataset {

/// The keys, checked.
struct Options {
  std::filesystem::path root;
  LabelOptions labels;
  std::vector<std::string> class_names;            ///< of segment_semantic, "uncertain" first
  std::vector<std::int64_t> object_classes_kept;   ///< of class_object's; empty = all
  std::vector<std::int64_t> scene_classes_kept;    ///< of class_scene's; empty = all
  std::vector<std::string> scene_class_buildings;  ///< buildings whose name is their scene class
  double field_of_view =
      0.0;  ///< across the width of every photograph without a point_info file, radians; 0 = unknown
  std::filesystem::path split_file;  ///< empty = the recipe's shares decide
  std::string split_size;
};

/// Reads the keys. Throws std::invalid_argument naming the key and what is wrong with it.
[[nodiscard]] Options read_options(const taskonomy::sdk::DatasetContext& context);

}  // namespace taskonomy_dataset
