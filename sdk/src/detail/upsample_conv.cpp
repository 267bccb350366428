#include "sdk/src/detail/upsample_conv.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstring>

#include <ATen/TracerMode.h>
#include <torch/autograd.h>
#include <torch/nn/init.h>

namespace taskonomy::sdk {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr auto kChannelsLast = torch::MemoryFormat::ChannelsLast;

/// The part of phase (a,b) in the [B,4*out,h+1,w+1] result of the 2x2 convolution: channels of the phase,
/// shifted by (a,b).
torch::Tensor phase_of_phases(const torch::Tensor& phases, std::int64_t a, std::int64_t b) {
  const auto out = phases.size(1) / 4;
  return phases.narrow(1, (2 * a + b) * out, out)
      .narrow(2, a, phases.size(2) - 1)
      .narrow(3, b, phases.size(3) - 1);
}

/// The pixels of row parity a and column parity b in the [B,out,2h,2w] image.
torch::Tensor phase_of_image(const torch::Tensor& image, std::int64_t a, std::int64_t b) {
  return image.slice(2, a, {}, 2).slice(3, b, {}, 2);
}

enum class Direction { to_image, to_phases };

/// Copies every pixel's channels between phases [B,4*out,h+1,w+1] and image [B,out,2h,2w] in one pass, which
/// takes a fraction of the time of LibTorch's strided copies. Both are channels-last: a pixel's channels lie
/// side by side.
void copy_pixels(const torch::Tensor& phases, const torch::Tensor& image, Direction direction) {
  const std::int64_t height = image.size(2) / 2, width = image.size(3) / 2;
  const auto bytes = static_cast<std::size_t>(image.size(1) * image.element_size());
  const auto copy = [&](std::byte* phase, std::byte* pixel) {
    if (direction == Direction::to_image)
      std::memcpy(pixel, phase, bytes);
    else
      std::memcpy(phase, pixel, bytes);
  };
  auto* const first = static_cast<std::byte*>(phases.data_ptr());
  auto* pixel = static_cast<std::byte*>(image.data_ptr());
  for (std::int64_t n = 0; n < image.size(0); ++n)
    for (std::int64_t row = 0; row < 2 * height; ++row) {
      const std::int64_t a = row % 2, position = (n * (height + 1) + row / 2 + a) * (width + 1);
      std::byte* phase = first + static_cast<std::size_t>(4 * position + 2 * a) * bytes;
      for (std::int64_t column = 0; column < width; ++column) {
        copy(phase, pixel);
        copy(phase + 5 * bytes, pixel + bytes);  // one position and one phase further
        phase += 4 * bytes;
        pixel += 2 * bytes;
      }
    }
}

void copy_phases(const torch::Tensor& phases, const torch::Tensor& image, Direction direction) {
  if (phases.is_cpu()) return copy_pixels(phases, image, direction);
  for (std::int64_t a = 0; a < 2; ++a)
    for (std::int64_t b = 0; b < 2; ++b) {
      const auto from = phase_of_phases(phases, a, b), to = phase_of_image(image, a, b);
      direction == Direction::to_image ? to.copy_(from) : from.copy_(to);
    }
}

/// Phases [B,4*out,h+1,w+1] -> image [B,out,2h,2w]. Its gradient is written out because that of LibTorch's
/// slicing copies the image four times.
struct Interleave : torch::autograd::Function<Interleave> {
  static torch::Tensor forward(AutogradContext*, const torch::Tensor& phases) {
    const auto image =
        torch::empty({phases.size(0), phases.size(1) / 4, 2 * (phases.size(2) - 1), 2 * (phases.size(3) - 1)},
                     phases.options().memory_format(kChannelsLast));
    copy_phases(phases.contiguous(kChannelsLast), image, Direction::to_image);
    return image;
  }

  static variable_list backward(AutogradContext*, variable_list gradients) {
    const auto& image = gradients[0];
    const auto phases =  // zeros() would forget the memory format
        torch::empty({image.size(0), image.size(1) * 4, image.size(2) / 2 + 1, image.size(3) / 2 + 1},
                     image.options().memory_format(kChannelsLast))
            .zero_();
    copy_phases(phases, image.contiguous(kChannelsLast), Direction::to_phases);
    return {phases};
  }
};

}  // namespace

UpsampleConvImpl::UpsampleConvImpl(std::int64_t in_channels, std::int64_t out_channels) {
  weight_ = register_parameter("weight", torch::empty({out_channels, in_channels, 3, 3}));
  torch::nn::init::kaiming_uniform_(weight_, std::sqrt(5.0));  // what a torch::nn::Conv2d starts from
  fold_ = register_buffer(
      "fold", torch::tensor({{1., 0., 0.}, {0., 1., 1.}, {1., 1., 0.}, {0., 0., 1.}}, torch::kFloat32));
}

torch::Tensor UpsampleConvImpl::forward(const torch::Tensor& input) {
  // A trace cannot look into a function of our own: an exported network enlarges and convolves, which says the same.
  if (at::tracer::impl::is_dispatch_enabled()) {
    constexpr std::array<double, 2> kTwice{2.0, 2.0};
    // Both sizes of each pair in full: exporters of the trace to other formats do not expand them.
    return torch::conv2d(at::upsample_nearest2d(input, c10::nullopt, kTwice), weight_, {}, {1, 1}, {1, 1},
                         {1, 1});
  }
  const auto out = weight_.size(0);
  const auto in = weight_.size(1);
  const auto folded =
      torch::matmul(torch::matmul(fold_.to(weight_.dtype()), weight_), fold_.to(weight_.dtype()).t());
  const auto phases = folded
                          .view({out, in, 2, 2, 2, 2})  // (out, in, a, row, b, column)
                          .permute({2, 4, 0, 1, 3, 5})  // (a, b, out, in, row, column)
                          .reshape({4 * out, in, 2, 2})
                          .contiguous(kChannelsLast);
  return Interleave::apply(torch::conv2d(input, phases, {}, 1, 1));
}

}  // namespace taskonomy::sdk
