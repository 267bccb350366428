// Figures of single images: what a task says of a target or prediction, and how it is drawn.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/figure.hpp>
#include <taskonomy/sdk/task.hpp>

#include "core/data/drawing_surface.hpp"

namespace taskonomy::data {

/// Draws an input image float32 [3,H,W] in [-1,1] as RGB uint8 [3,H,W].
[[nodiscard]] torch::Tensor draw_input(const torch::Tensor& input);

/// Draws all input images [V,3,H,W] of one example in one picture, row by row in a square of ceil(sqrt V)
/// columns.
[[nodiscard]] torch::Tensor draw_inputs(const torch::Tensor& inputs);

/// What the values of a figure belong to.
struct Seen {
  const sdk::Sample& sample;  ///< at least its id
  torch::Tensor input;        ///< what the task's network sees, float32 [V,3,H,W] in [-1,1]
  torch::Tensor photograph;   ///< the sample's first view, float32 [3,H,W] in [-1,1]
};

/// The figure of a target or prediction of one image (no batch dimension). The task's Illustrate extension
/// says what it shows, else its Visualize extension draws it. Without both, three channels and more are
/// drawn as the first three, one channel as grey from `low` to `high` of its TensorSpec, and a vector as
/// bars. "no label" where a mask of the whole image is false. The grounds photograph and input come back as
/// pictures.
[[nodiscard]] sdk::Figure figure_of(const sdk::Task& task, const torch::Tensor& values,
                                    const torch::Tensor& mask, const Seen& seen);

/// A figure that shows nothing but these words on grey.
[[nodiscard]] sdk::Figure blank_figure(std::string words);

/// Which values of quantities lie at the ends of the scale of colours.
struct Range {
  double low = 0.0, high = 1.0;
};

/// One range for the quantities of figures that are shown together: all but the outermost 1 % of their
/// values at each end, rounded outwards. Nothing where no figure has a quantity.
[[nodiscard]] std::optional<Range> range_of(const std::vector<const sdk::Figure*>& figures);

/// The part of a box that a figure takes: its upper left corner, as large as fits.
[[nodiscard]] Box place_of(const sdk::Figure& figure, const Box& box);

/// Draws ground and marks of a figure into its place in the box, without caption and key.
void draw_figure(DrawingSurface& surface, const Box& box, const sdk::Figure& figure,
                 const std::optional<Range>& range);

/// Draws the bar of a quantity's colours, with the values at its ends. kColourBarHeight high.
void draw_colour_bar(DrawingSurface& surface, const Box& box, const Range& range, const std::string& unit);
inline constexpr double kColourBarHeight = 26.0;

/// The words broken into lines no wider than `width`, only at blanks: a wider word keeps its line.
[[nodiscard]] std::vector<std::string> break_lines(const std::string& words, double width,
                                                   const Lettering& lettering);

}  // namespace taskonomy::data
