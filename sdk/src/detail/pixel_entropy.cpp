#include "sdk/src/detail/pixel_entropy.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include <torch/autograd.h>

namespace taskonomy::sdk {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// Number of pixels worked on together. Vector lanes run across pixels, so their use does not depend on C.
constexpr std::int64_t kTile = 64;

/// exp(x) for x <= 0, cut at exp(-87), with a relative error below 2e-7. It has no branch and no conversion,
/// so that loops over it vectorise.
inline float exp_of_negative(float x) {
  constexpr float kLog2E = 1.44269504F, kLn2High = 0.693359375F, kLn2Low = -2.12194440e-4F;
  constexpr float kRound =
      12582912.0F;  // 1.5 * 2^23: adding it rounds and leaves the integer in the low bits
  // The larger of x and -87. Of two negative numbers the one of larger magnitude has the larger bits; a
  // comparison of floats would be a branch.
  const float cut =
      std::bit_cast<float>(std::min(std::bit_cast<std::uint32_t>(x), std::bit_cast<std::uint32_t>(-87.0F)));
  const float rounded = cut * kLog2E + kRound;
  const float n = rounded - kRound;
  const float r = (cut - n * kLn2High) - n * kLn2Low;
  const float series =
      1.0F + r * (1.0F + r * (0.5F + r * (1.0F / 6 + r * (1.0F / 24 + r * (1.0F / 120 + r * (1.0F / 720))))));
  const auto power = std::bit_cast<std::uint32_t>(rounded) - std::bit_cast<std::uint32_t>(kRound) + 127U;
  return series * std::bit_cast<float>(power << 23);
}

inline float to_float(float x) { return x; }
inline float to_float(at::BFloat16 x) { return std::bit_cast<float>(static_cast<std::uint32_t>(x.x) << 16); }

inline void assign(float& to, float x) { to = x; }
/// Rounds to nearest, ties to even. LibTorch's own conversion branches on NaN, so that loops over it do not
/// vectorise.
inline void assign(at::BFloat16& to, float x) {
  const auto bits = std::bit_cast<std::uint32_t>(x);
  to.x = static_cast<std::uint16_t>((bits + 0x7fffU + ((bits >> 16) & 1U)) >> 16);
}

/// One tile of pixels of one image: logits, then probabilities, [C][kTile].
struct Tile {
  std::vector<float> values;
  std::int64_t channels;

  explicit Tile(std::int64_t c) : values(static_cast<std::size_t>(c * kTile)), channels(c) {}
  float* row(std::int64_t c) { return values.data() + c * kTile; }

  /// Turns logits into softmax probabilities; log_sums gets log sum exp. A pixel with NaN or infinity
  /// anywhere becomes NaN.
  void softmax(float* log_sums) {
    float most[kTile], sum[kTile] = {}, poison[kTile] = {};
    std::copy(row(0), row(0) + kTile, most);
    for (std::int64_t c = 1; c < channels; ++c) {
      const float* v = row(c);
      for (std::int64_t i = 0; i < kTile; ++i) most[i] = v[i] > most[i] ? v[i] : most[i];
    }
    for (std::int64_t c = 0; c < channels; ++c) {
      float* v = row(c);
      for (std::int64_t i = 0; i < kTile; ++i) {
        poison[i] += v[i] - v[i];
        v[i] = exp_of_negative(v[i] - most[i]);
        sum[i] += v[i];
      }
    }
    float inverse[kTile];
    for (std::int64_t i = 0; i < kTile; ++i) {
      inverse[i] = (1.0F + poison[i]) / sum[i];
      log_sums[i] = std::log(sum[i]) + most[i] + poison[i];
    }
    for (std::int64_t c = 0; c < channels; ++c) {
      float* v = row(c);
      for (std::int64_t i = 0; i < kTile; ++i) v[i] *= inverse[i];
    }
  }
};

/// The problem as plain numbers; strides in elements.
template <typename Number>
struct Problem {
  const Number* logits;
  Number* gradient;  ///< null where none is needed
  const std::int64_t* classes;
  const bool* counted;  ///< null = all
  std::int64_t images, channels, pixels, image_stride, channel_stride, pixel_stride;
};

template <typename Number>
void load(const Problem<Number>& problem, std::int64_t image, std::int64_t first, std::int64_t count,
          Tile& tile) {
  const Number* from = problem.logits + image * problem.image_stride + first * problem.pixel_stride;
  for (std::int64_t c = 0; c < problem.channels; ++c) {
    const Number* channel = from + c * problem.channel_stride;
    float* row = tile.row(c);
    for (std::int64_t i = 0; i < count; ++i) row[i] = to_float(channel[i * problem.pixel_stride]);
    std::fill(row + count, row + kTile, 0.0F);
  }
}

/// Writes scale * (probability - [class]) for counted pixels and 0 for the others, whose scale is 0.
template <typename Number>
void store_gradient(const Problem<Number>& problem, std::int64_t image, std::int64_t first,
                    std::int64_t count, const float* scale, Tile& tile) {
  std::uint32_t keep[kTile];
  for (std::int64_t i = 0; i < kTile; ++i) keep[i] = scale[i] > 0.0F ? ~0U : 0U;
  Number* to = problem.gradient + image * problem.image_stride + first * problem.pixel_stride;
  for (std::int64_t c = 0; c < problem.channels; ++c) {
    Number* channel = to + c * problem.channel_stride;
    float* row = tile.row(c);
    for (std::int64_t i = 0; i < kTile; ++i) {  // not a product alone: 0 * NaN is NaN
      row[i] = std::bit_cast<float>(std::bit_cast<std::uint32_t>(row[i] * scale[i]) & keep[i]);
    }
    for (std::int64_t i = 0; i < count; ++i) assign(channel[i * problem.pixel_stride], row[i]);
  }
}

/// Loss of one image.
template <typename Number>
float image_entropy(const Problem<Number>& problem, std::int64_t image, Tile& tile) {
  const std::int64_t* classes = problem.classes + image * problem.pixels;
  const bool* counted = problem.counted == nullptr ? nullptr : problem.counted + image * problem.pixels;
  const std::int64_t number =
      counted == nullptr ? problem.pixels : std::count(counted, counted + problem.pixels, true);
  const float share = 1.0F / static_cast<float>(std::max<std::int64_t>(1, number));
  double sum = 0.0;
  for (std::int64_t first = 0; first < problem.pixels; first += kTile) {
    const std::int64_t count = std::min(kTile, problem.pixels - first);
    float log_sums[kTile], scale[kTile] = {};
    load(problem, image, first, count, tile);
    float labelled[kTile] = {};
    for (std::int64_t i = 0; i < count; ++i) {
      if (counted != nullptr && !counted[first + i]) continue;
      const std::int64_t label = classes[first + i];
      if (label < 0 || label >= problem.channels) {
        throw std::invalid_argument("pixel_cross_entropy: class " + std::to_string(label) + " with " +
                                    std::to_string(problem.channels) + " logits");
      }
      labelled[i] = tile.row(label)[i];
      scale[i] = share;
    }
    tile.softmax(log_sums);
    for (std::int64_t i = 0; i < count; ++i) {
      if (scale[i] > 0.0F) sum += static_cast<double>(log_sums[i] - labelled[i]);
    }
    if (problem.gradient == nullptr) continue;
    for (std::int64_t i = 0; i < count; ++i) {
      if (scale[i] > 0.0F) tile.row(classes[first + i])[i] -= 1.0F;
    }
    store_gradient(problem, image, first, count, scale, tile);
  }
  return static_cast<float>(sum * static_cast<double>(share));
}

template <typename Number>
void entropy(const torch::Tensor& logits, torch::Tensor& gradient, const torch::Tensor& classes,
             const torch::Tensor& counted, torch::Tensor& losses) {
  const Problem<Number> problem{logits.data_ptr<Number>(),
                                gradient.defined() ? gradient.data_ptr<Number>() : nullptr,
                                classes.data_ptr<std::int64_t>(),
                                counted.defined() ? counted.data_ptr<bool>() : nullptr,
                                logits.size(0),
                                logits.size(1),
                                logits.size(2) * logits.size(3),
                                logits.stride(0),
                                logits.stride(1),
                                logits.stride(3)};
  Tile tile(problem.channels);
  auto* loss = losses.data_ptr<float>();
  for (std::int64_t image = 0; image < problem.images; ++image)
    loss[image] = image_entropy(problem, image, tile);
}

/// Classes and mask of the pixels. They travel as a struct because autograd's tensor arguments must be
/// defined, which the mask need not be.
struct Labels {
  torch::Tensor classes, counted;
};

struct PixelEntropy : torch::autograd::Function<PixelEntropy> {
  static torch::Tensor forward(AutogradContext* context, const torch::Tensor& logits, const Labels& labels,
                               bool with_gradient) {
    // Dense NCHW and dense channels-last both have one stride from pixel to pixel.
    const bool last = logits.is_contiguous(torch::MemoryFormat::ChannelsLast);
    const torch::Tensor dense = last ? logits : logits.contiguous();
    torch::Tensor losses = torch::zeros({logits.size(0)}, torch::kFloat32);
    torch::Tensor gradient = with_gradient ? torch::empty_like(dense) : torch::Tensor();
    if (dense.scalar_type() == torch::kBFloat16) {
      entropy<at::BFloat16>(dense, gradient, labels.classes, labels.counted, losses);
    } else {
      entropy<float>(dense, gradient, labels.classes, labels.counted, losses);
    }
    context->save_for_backward({gradient});
    return losses;
  }

  static variable_list backward(AutogradContext* context, variable_list outer) {
    const torch::Tensor gradient = context->get_saved_variables().at(0);
    const torch::Tensor scale = outer.at(0).to(gradient.scalar_type()).reshape({-1, 1, 1, 1});
    return {gradient * scale, torch::Tensor(), torch::Tensor()};
  }
};

}  // namespace

bool takes_fused_entropy(const torch::Tensor& logits) {
  const auto type = logits.scalar_type();
  return logits.device().is_cpu() && (type == torch::kFloat32 || type == torch::kBFloat16);
}

torch::Tensor fused_pixel_entropy(const torch::Tensor& logits, const torch::Tensor& classes,
                                  const torch::Tensor& counted) {
  const bool with_gradient = torch::GradMode::is_enabled() && logits.requires_grad();
  const Labels labels{classes.contiguous(), counted.defined() ? counted.contiguous() : counted};
  return PixelEntropy::apply(logits, labels, with_gradient);
}

}  // namespace taskonomy::sdk
