// Operators on images, for tasks that derive their label from what is seen: smoothing and derivatives of
// float32 [N,C,H,W], channel by channel, lengths in pixels. Beyond the border the border pixel repeats, so
// that a constant image has no response there either.
#pragma once

#include <vector>

#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/detail/api.hpp>

namespace taskonomy::sdk {

/// Brightness 0.299 R + 0.587 G + 0.114 B of rgb [...,3,H,W] -> [...,1,H,W] in the unit of rgb (ITU-R
/// BT.601).
[[nodiscard]] TX_API torch::Tensor brightness_of(const torch::Tensor& rgb);

/// The image convolved with a Gaussian of standard deviation sigma >= 0, cut off at 3 sigma, with weights of
/// sum 1. Sigma 0 leaves the image as it is.
[[nodiscard]] TX_API torch::Tensor gaussian_blur(const torch::Tensor& image, double sigma);

/// gaussian_blur() of the known pixels (bool [N,1,H,W]) alone: sum(w known image) / sum(w known), 0 where no
/// known pixel is within reach. Values at unknown pixels have no influence, not even NaN.
[[nodiscard]] TX_API torch::Tensor gaussian_blur_known(const torch::Tensor& image, const torch::Tensor& known,
                                                       double sigma);

/// Length of the gradient by central differences, per pixel -> the same shape.
[[nodiscard]] TX_API torch::Tensor gradient_magnitude(const torch::Tensor& image);

/// SURF's response before suppression: the largest over sigmas of sigma^4 (Lxx Lyy - Lxy^2), at least 0,
/// where L is the image smoothed with sigma and its second derivatives are differences. High on blobs and
/// corners, light or dark, 0 along straight edges. sigma^4 makes scales comparable: a Gaussian blob of height
/// a and standard deviation s has, at its centre, sigma^4 a^2 s^4 / (s^2 + sigma^2)^4, at most a^2 / 16, for
/// sigma = s. Bay, Ess, Tuytelaars, Van Gool: SURF, CVIU 2008, with Gaussian derivatives instead of box
/// filters.
[[nodiscard]] TX_API torch::Tensor hessian_response(const torch::Tensor& image,
                                                    const std::vector<double>& sigmas);

}  // namespace taskonomy::sdk
