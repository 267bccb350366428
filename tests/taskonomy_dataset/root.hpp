// Small folders in the Taskonomy layout for tests, and the dataset plugin opened on them.
#pragma once

#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <taskonomy/sdk/dataset.hpp>
#include <taskonomy/sdk/image.hpp>

#include "core/host/registry.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/testing.hpp"

namespace taskonomy::tests {

inline constexpr std::int64_t kHeight = 48, kWidth = 64;
inline const std::vector<std::string> kAll = {"rgb", "depth_zbuffer", "segment_semantic", "intrinsics"};

/// A data set's root that goes with the test.
struct Root : Folder {
  /// The path of a file, its folder made.
  [[nodiscard]] std::filesystem::path file(const std::string& building, int point, const std::string& domain,
                                           const std::string& ending, int view = 0) const {
    const std::filesystem::path folder = path() / building / domain;
    std::filesystem::create_directories(folder);
    return folder / ("point_" + std::to_string(point) + "_view_" + std::to_string(view) + "_domain_" +
                     domain + "." + ending);
  }
};

inline void write_text(const std::filesystem::path& file, const std::string& text) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
}

/// One view 64 x 48: red = column, green = the point, a wall at 2 m with a step to 4 m, a hole and a 65535 in
/// the depth, classes by column.
inline void write_view(const Root& root, const std::string& building, int point, int view = 0) {
  torch::Tensor rgb = torch::zeros({3, kHeight, kWidth}, torch::kUInt8);
  rgb[0] = torch::arange(kWidth, torch::kUInt8).expand({kHeight, kWidth});
  rgb[1].fill_(point);
  sdk::write_png(root.file(building, point, "rgb", "png", view), rgb);
  torch::Tensor depth = torch::full({1, kHeight, kWidth}, 2 * 512, torch::kInt32);
  depth.slice(2, 32, kWidth).fill_(4 * 512);
  depth.slice(1, 0, 3).fill_(0);
  depth.slice(1, kHeight - 3, kHeight).fill_(65535);
  sdk::write_png(root.file(building, point, "depth_zbuffer", "png", view), depth);
  torch::Tensor classes = torch::zeros({1, kHeight, kWidth}, torch::kUInt8);
  classes.slice(2, 32, kWidth).fill_(5);
  sdk::write_png(root.file(building, point, "segment_semantic", "png", view), classes);
  write_text(root.file(building, point, "point_info", "json", view),
             R"({"resolution": [128, 96], "field_of_view_rads": 1.5707963267948966})");
}

inline std::shared_ptr<sdk::Dataset> open_dataset(const recipe::Table& params, std::int64_t side) {
  host::SearchOptions options;
  options.plugin_dirs = {std::filesystem::path(TASKONOMY_BINARY_DIR) / "lib" / "taskonomy"};
  options.standard_places = false;
  host::PluginRegistry registry(options);
  return registry.create_dataset("taskonomy", params, side, 1);
}

inline recipe::Table rooted(const std::filesystem::path& root) { return {{"root", {root.string(), "test"}}}; }

inline std::string message_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

/// Why a single view lacks a modality, or why there is no such sample; "" where all is well.
inline std::string trouble_of(const sdk::Dataset& dataset, const std::string& building, std::int64_t index,
                              const std::string& modality) {
  std::string absent;
  const std::string thrown = message_of([&] {
    const sdk::Sample sample = dataset.sample(building, index, sdk::ViewKind::single, {modality});
    if (const auto why = sample.absent.find(modality); why != sample.absent.end()) absent = why->second;
  });
  return thrown + absent;
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace taskonomy::tests
