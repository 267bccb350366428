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
  return phases.narrow(1, (2 * a + 1 - b) * out, out)
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
/// side by side. Position p of a row of phases holds the image's columns 2p-1 and 2p side by side, of which one falls
/// outside at either end; in phases that are written, zeros stand there.
class PixelCopy {
 public:
  PixelCopy(const torch::Tensor& phases, const torch::Tensor& image, Direction direction)
      : phases_(static_cast<std::byte*>(phases.data_ptr())),
        image_(static_cast<std::byte*>(image.data_ptr())),
        pixel_(static_cast<std::size_t>(image.size(1) * image.element_size())),
        images_(image.size(0)),
        height_(image.size(2) / 2),
        width_(image.size(3) / 2),
        direction_(direction) {}

  void run() const {
    for (std::int64_t n = 0; n < images_; ++n)
      for (std::int64_t y = 0; y <= height_; ++y) copy_row(n, y);
  }

 private:
  /// Row `y` of the phases, which holds the image's rows 2y and 2y-1.
  void copy_row(std::int64_t n, std::int64_t y) const {
    std::byte* phase =
        phases_ + static_cast<std::size_t>(4 * (n * (height_ + 1) + y) * (width_ + 1)) * pixel_;
    std::byte *even = row_of(n, 2 * y), *odd = row_of(n, 2 * y - 1);
    for (std::int64_t p = 0; p <= width_; ++p, phase += 4 * pixel_) {
      copy(phase, even, p);
      copy(phase + 2 * pixel_, odd, p);
    }
  }
  /// Null outside of the image.
  [[nodiscard]] std::byte* row_of(std::int64_t n, std::int64_t row) const {
    if (row < 0 || row == 2 * height_) return nullptr;
    return image_ + static_cast<std::size_t>((2 * n * height_ + row) * 2 * width_) * pixel_;
  }
  /// Two pixels of position `p`, or the one that lies inside.
  void copy(std::byte* phase, std::byte* row, std::int64_t p) const {
    if (row == nullptr) return clear(phase, 2);
    if (p == 0) {
      clear(phase, 1);
      return copy_pixels(phase + pixel_, row, 1);
    }
    std::byte* const pixel = row + static_cast<std::size_t>(2 * p - 1) * pixel_;
    if (p < width_) return copy_pixels(phase, pixel, 2);
    copy_pixels(phase, pixel, 1);
    clear(phase + pixel_, 1);
  }
  void copy_pixels(std::byte* phase, std::byte* pixel, std::size_t count) const {
    if (direction_ == Direction::to_image)
      std::memcpy(pixel, phase, count * pixel_);
    else
      std::memcpy(phase, pixel, count * pixel_);
  }
  void clear(std::byte* phase, std::size_t count) const {
    if (direction_ == Direction::to_phases) std::memset(phase, 0, count * pixel_);
  }

  std::byte *phases_, *image_;
  std::size_t pixel_;  ///< bytes
  std::int64_t images_, height_, width_;
  Direction direction_;
};

void copy_phases(const torch::Tensor& phases, const torch::Tensor& image, Direction direction) {
  if (phases.is_cpu()) return PixelCopy(phases, image, direction).run();
  if (direction == Direction::to_phases) phases.zero_();
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
    const auto phases =
        torch::empty({image.size(0), image.size(1) * 4, image.size(2) / 2 + 1, image.size(3) / 2 + 1},
                     image.options().memory_format(kChannelsLast));
    copy_phases(phases, image.contiguous(kChannelsLast), Direction::to_phases);
    return {phases};
  }
};

/// Taps first..last-1 of a 3x3 filter's rows, or columns, that entry `r` of parity `a`'s 2x2 filter sums: R_a.
struct Taps {
  std::int64_t first, last;
};
constexpr Taps kTapsOf[2][2] = {{{0, 1}, {1, 3}}, {{0, 2}, {2, 3}}};

/// Calls add(f, t) for each filter f [2,2] of a phase and tap t [3,3] that it sums, as positions in the filters'
/// memory: both are channels-last, so that `in` numbers lie at each.
template <typename Add>
void for_each_tap(std::int64_t out, std::int64_t in, const Add& add) {
  for (std::int64_t phase = 0; phase < 4; ++phase)
    for (std::int64_t o = 0; o < out; ++o)
      for (std::int64_t place = 0; place < 4; ++place) {
        const auto rows = kTapsOf[phase / 2][place / 2], columns = kTapsOf[1 - phase % 2][place % 2];
        for (std::int64_t row = rows.first; row < rows.last; ++row)
          for (std::int64_t column = columns.first; column < columns.last; ++column)
            add(((phase * out + o) * 4 + place) * in, (o * 9 + 3 * row + column) * in);
      }
}

/// Filter [out,in,3,3] -> those of its phases (a,b) = (0,1), (0,0), (1,1), (1,0): [4*out,in,2,2]. float32 on a CPU, where
/// LibTorch's products of W_ab = R_a W R_b^T took a thirtieth of a transfer's step.
struct Fold : torch::autograd::Function<Fold> {
  static torch::Tensor forward(AutogradContext*, const torch::Tensor& weight) {
    const auto filter = weight.contiguous(kChannelsLast);
    const std::int64_t out = filter.size(0), in = filter.size(1);
    auto phases = torch::empty({4 * out, in, 2, 2}, filter.options().memory_format(kChannelsLast)).zero_();
    const float* const from = filter.data_ptr<float>();
    float* const to = phases.data_ptr<float>();
    for_each_tap(out, in, [&](std::int64_t f, std::int64_t t) {
      for (std::int64_t i = 0; i < in; ++i) to[f + i] += from[t + i];
    });
    return phases;
  }

  static variable_list backward(AutogradContext*, variable_list gradients) {
    const auto phases = gradients[0].contiguous(kChannelsLast);
    const std::int64_t out = phases.size(0) / 4, in = phases.size(1);
    auto weight = torch::empty({out, in, 3, 3}, phases.options().memory_format(kChannelsLast)).zero_();
    const float* const from = phases.data_ptr<float>();
    float* const to = weight.data_ptr<float>();
    for_each_tap(out, in, [&](std::int64_t f, std::int64_t t) {
      for (std::int64_t i = 0; i < in; ++i) to[t + i] += from[f + i];
    });
    return {weight};
  }
};

/// The same by LibTorch, elsewhere. `fold`: R_0 above R_1.
torch::Tensor folded(const torch::Tensor& weight, const torch::Tensor& fold) {
  const auto out = weight.size(0), in = weight.size(1);
  return torch::matmul(torch::matmul(fold, weight), fold.t())
      .view({out, in, 2, 2, 2, 2})  // (out, in, a, row, b, column)
      .permute({2, 4, 0, 1, 3, 5})  // (a, b, out, in, row, column)
      .flip(1)
      .reshape({4 * out, in, 2, 2})
      .contiguous(kChannelsLast);
}

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
  const bool plain = weight_.is_cpu() && weight_.scalar_type() == torch::kFloat32;
  const auto phases = plain ? Fold::apply(weight_) : folded(weight_, fold_.to(weight_.dtype()));
  return Interleave::apply(torch::conv2d(input, phases, {}, 1, 1));
}

}  // namespace taskonomy::sdk
