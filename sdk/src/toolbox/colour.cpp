// sRGB -> linear light -> XYZ -> CIELAB, and back.
#include <taskonomy/sdk/toolbox/colour.hpp>

#include <sstream>
#include <stdexcept>

namespace taskonomy::sdk {

namespace {

// CIE's f(t) is a cube root above kLinear and a straight line of slope kSlope below, so that black has a
// finite slope.
constexpr double kLinear = 216.0 / 24389.0, kSlope = 24389.0 / (27.0 * 116.0), kOffset = 16.0 / 116.0;

/// XYZ, each divided by the white point's (0.95047, 1, 1.08883), from linear RGB: [3,3], rows sum to 1.
torch::Tensor xyz_from_linear() {
  return torch::tensor({0.4339499F, 0.3762098F, 0.1898403F,  //
                        0.2126729F, 0.7151521F, 0.0721750F,  //
                        0.0177566F, 0.1094680F, 0.8727755F})
      .reshape({3, 3});
}

/// matrix [3,3] applied to the channels of colours [...,3,H,W].
torch::Tensor mixed(const torch::Tensor& matrix, const torch::Tensor& colours) {
  return torch::matmul(matrix.to(colours.device()), colours.flatten(-2)).view(colours.sizes());
}

torch::Tensor require_colours(const char* what, const torch::Tensor& colours) {
  if (colours.dim() < 3 || colours.size(-3) != 3) {
    std::ostringstream message;
    message << what << ": expected [...,3,H,W], got " << colours.sizes();
    throw std::invalid_argument(message.str());
  }
  return colours.to(torch::kFloat32).contiguous();
}

}  // namespace

torch::Tensor lab_from_rgb(const torch::Tensor& rgb) {
  const torch::Tensor values = require_colours("lab_from_rgb", rgb) / 255.0;
  const torch::Tensor linear =
      torch::where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055).pow(2.4));
  const torch::Tensor xyz = mixed(xyz_from_linear(), linear);
  const torch::Tensor f =
      torch::where(xyz > kLinear, xyz.clamp_min(kLinear).pow(1.0 / 3.0), kSlope * xyz + kOffset);
  const torch::Tensor x = f.select(-3, 0), y = f.select(-3, 1), z = f.select(-3, 2);
  return torch::stack({116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)}, -3);
}

torch::Tensor rgb_from_lab(const torch::Tensor& lab) {
  const torch::Tensor values = require_colours("rgb_from_lab", lab);
  const torch::Tensor y = (values.select(-3, 0) + 16.0) / 116.0;
  const torch::Tensor f =
      torch::stack({y + values.select(-3, 1) / 500.0, y, y - values.select(-3, 2) / 200.0}, -3);
  const torch::Tensor xyz = torch::where(f > 6.0 / 29.0, f.pow(3.0), (f - kOffset) / kSlope);
  const torch::Tensor linear = mixed(torch::inverse(xyz_from_linear()), xyz).clamp(0.0, 1.0);
  const torch::Tensor rgb = torch::where(linear <= 0.0031308, linear * 12.92,
                                         1.055 * linear.clamp_min(0.0031308).pow(1.0 / 2.4) - 0.055);
  return (rgb * 255.0).clamp(0.0, 255.0);
}

}  // namespace taskonomy::sdk
