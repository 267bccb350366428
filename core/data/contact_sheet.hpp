// A contact sheet: one row per sample, one column per task, so that a person can judge inputs and labels at a
// glance.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/task.hpp>

namespace taskonomy::data {

/// One sample.
struct SheetRow {
  std::string label;  ///< sample id, written to the left of the row
  /// Pictures, uint8 [3,h,w]. An undefined one is drawn as "none": the task could not make an example.
  std::vector<torch::Tensor> cells;
};

/// How a sheet is laid out.
struct SheetOptions {
  std::int64_t least_cell = 128;  ///< pixels; smaller pictures are enlarged to it, by a whole factor
  std::int64_t text_scale = 2;    ///< picture pixels per font pixel
};

/// Draws the sheet as uint8 [3,H,W]: headers above the columns, labels left of the rows, long names broken at
/// '_', '/' and '-'. Throws std::logic_error when a row has another number of cells than there are headers.
[[nodiscard]] torch::Tensor draw_contact_sheet(const std::vector<std::string>& headers,
                                               const std::vector<SheetRow>& rows,
                                               const SheetOptions& options = {});

/// Draws a target or prediction of one image (no batch dimension) as RGB uint8 [3,H,W]. The task's Visualize
/// extension says how. Without one, three channels and more are drawn as the first three, one channel as grey
/// from `low` to `high` of its TensorSpec, and a vector as bars on side x side pixels.
[[nodiscard]] torch::Tensor draw_label(const sdk::Task& task, const torch::Tensor& values,
                                       const torch::Tensor& mask, std::int64_t side);

/// Draws an input image float32 [3,H,W] in [-1,1] as RGB uint8 [3,H,W].
[[nodiscard]] torch::Tensor draw_input(const torch::Tensor& input);

/// Draws all input images [V,3,H,W] of one example in one picture, row by row in a square of ceil(sqrt V)
/// columns.
[[nodiscard]] torch::Tensor draw_inputs(const torch::Tensor& inputs);

/// Puts sheets one below the other on white, as wide as the widest.
[[nodiscard]] torch::Tensor stack_vertically(const std::vector<torch::Tensor>& sheets);

}  // namespace taskonomy::data
