// Sample predictions: a few test images of a task, its labels, and what its own network says, for the report.
#pragma once

#include <cstdint>
#include <filesystem>

#include "core/data/examples.hpp"
#include "core/network/precision.hpp"
#include "core/pipeline/setup.hpp"
#include "core/report/source_results.hpp"

namespace taskonomy::pipeline {

/// Test images per task; spread over the split, the same ones for tasks that share their images.
inline constexpr std::int64_t kPictures = 5;
/// How they are drawn: enters the jobs that draw them.
inline constexpr const char* kPictureStyle = "figures, spread";

/// Draws them with the weights in `network_file`, of tasks with several views all of each image.
/// Fewer than kPictures when fewer test images have a label; none when no image has. Throws Error when the
/// weights do not fit or the task fails to draw.
[[nodiscard]] report::TaskPictures draw_pictures(const Setup& setup, const sdk::Task& task,
                                                 const data::ExampleSet& examples,
                                                 const std::filesystem::path& network_file,
                                                 const network::Hardware& hardware);

/// Draws what the network from scratch and the transfers that some optimum of taxonomy.json takes predict of the same
/// images, quantities in the same range of colours; the key is of all of them, own predictions and labels included.
/// `run`: the folder with networks and features. Throws Error when weights do not fit or the task fails to draw.
[[nodiscard]] report::TaskPictures draw_predictions(const Setup& setup, const sdk::Task& task,
                                                    const data::ExampleSet& examples,
                                                    const std::filesystem::path& run,
                                                    const network::Hardware& hardware);

}  // namespace taskonomy::pipeline
