// Pictures of labels for people: each function gives uint8 RGB [3,H,W]. Pixels outside the mask are grey
// (128).
#pragma once

#include <cstdint>

#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/export.hpp>

namespace taskonomy::sdk {

/// [1,H,W] in low..high as grey, high = white. NaN counts as outside the mask, here and below. mask: bool
/// [1,H,W] or undefined.
[[nodiscard]] TX_API torch::Tensor draw_grey(const torch::Tensor& values, double low, double high,
                                             const torch::Tensor& mask = {});

/// [3,H,W] in low..high as red, green, blue.
[[nodiscard]] TX_API torch::Tensor draw_rgb(const torch::Tensor& values, double low, double high,
                                            const torch::Tensor& mask = {});

/// [1,H,W] in low..high on a scale that a colour-blind reader and a grey printer keep in order: low = dark
/// violet, over blue-green, high = bright yellow (nine support points, after matplotlib's viridis, CC0).
[[nodiscard]] TX_API torch::Tensor draw_scale(const torch::Tensor& values, double low, double high,
                                              const torch::Tensor& mask = {});

/// Class ids [1,H,W], integral, in distinct colours: neighbouring ids differ in hue by the golden angle.
[[nodiscard]] TX_API torch::Tensor draw_classes(const torch::Tensor& classes, const torch::Tensor& mask = {});

/// Class scores [C] >= 0 as a bar chart side x side, one bar per class in the colours of draw_classes,
/// tallest = highest. All grey where mask (bool [1] or undefined) is false.
[[nodiscard]] TX_API torch::Tensor draw_bars(const torch::Tensor& scores, std::int64_t side,
                                             const torch::Tensor& mask = {});

}  // namespace taskonomy::sdk
