#include "sdk/src/detail/narrow_conv_kernels.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "sdk/src/detail/bfloat16_bits.hpp"

namespace taskonomy::sdk::detail {

namespace {

constexpr std::int64_t kLanes = 8, kTaps = 3;
using Vector = float __attribute__((vector_size(kLanes * sizeof(float))));
using Half = float __attribute__((vector_size(kLanes / 2 * sizeof(float))));

/// Pixels of a result that are worked on at a time: with their channels they fill the registers, and are enough that
/// no sum waits for the one before.
template <std::int64_t outputs>
constexpr std::int64_t kAtOnce = outputs == 1 ? 8 : 4;
constexpr std::int64_t kMostAtOnce = 8;

/// Sizes of a convolution.
struct Sizes {
  std::int64_t images, height, width, channels, outputs;
  /// Vectors that hold a pixel's channels; the last may be padded with zeros.
  [[nodiscard]] std::int64_t vectors() const { return (channels + kLanes - 1) / kLanes; }
};

Sizes sizes_of(const torch::Tensor& x, std::int64_t outputs) {
  return {x.size(0), x.size(2), x.size(3), x.size(1), outputs};
}

/// Three rows of an image at a time, each with zeros on both sides: those that a row of the result sees. `values` are
/// numbers of a pixel here.
class RowWindow {
 public:
  RowWindow(std::int64_t width, std::int64_t values)
      : row_((width + 2 + kMostAtOnce) * values),
        values_(values),
        memory_(torch::zeros({4 * row_}, torch::kFloat32)) {}
  /// Where row `y` of an image of `height` rows lies, from the zeros on its left; zeros alone outside of it.
  [[nodiscard]] const float* of(std::int64_t y, std::int64_t height) const {
    return first() + (y < 0 || y >= height ? kTaps : y % kTaps) * row_;
  }
  /// Where the pixels of row `y` are to be written.
  [[nodiscard]] float* pixels(std::int64_t y) const { return first() + y % kTaps * row_ + values_; }

 private:
  [[nodiscard]] float* first() const { return memory_.data_ptr<float>(); }
  std::int64_t row_, values_;
  torch::Tensor memory_;
};

/// Weights in the order in which the loops want them: [ky][kx][vector][output][lane].
torch::Tensor in_order(const torch::Tensor& weight, const Sizes& sizes) {
  const auto padded = torch::constant_pad_nd(weight.permute({2, 3, 1, 0}),
                                             {0, 0, 0, sizes.vectors() * kLanes - sizes.channels});
  return padded.reshape({kTaps, kTaps, sizes.vectors(), kLanes, sizes.outputs}).transpose(3, 4).contiguous();
}

// ---- rows between images and vectors

/// What a loop reads and writes; what it has no use for is null. `image` is a row of the image x or of its gradient.
struct RowWork {
  void* image;
  float* pixels;                                ///< the same in vectors
  std::array<const float*, kTaps> above_below;  ///< three rows, from the zeros on their left
  const float* of_y;                            ///< a row
  float* y;
  const float* weights;
  float* sums;  ///< of the gradient of weights, in their order
};

template <typename T>
[[gnu::always_inline]] inline void read_row(const Sizes& sizes, const T* __restrict from,
                                            float* __restrict to) {
  const std::int64_t padded = sizes.vectors() * kLanes;
  if (padded == sizes.channels) {
    for (std::int64_t i = 0; i < sizes.width * padded; ++i) to[i] = to_float(from[i]);
    return;
  }
  for (std::int64_t column = 0; column < sizes.width; ++column)
    for (std::int64_t c = 0; c < sizes.channels; ++c)
      to[column * padded + c] = to_float(from[column * sizes.channels + c]);
}

template <typename T>
[[gnu::always_inline]] inline void write_row(const Sizes& sizes, const float* __restrict from,
                                             T* __restrict to) {
  const std::int64_t padded = sizes.vectors() * kLanes;
  if (padded == sizes.channels) {
    for (std::int64_t i = 0; i < sizes.width * padded; ++i) store(from[i], to[i]);
    return;
  }
  for (std::int64_t column = 0; column < sizes.width; ++column)
    for (std::int64_t c = 0; c < sizes.channels; ++c)
      store(from[column * padded + c], to[column * sizes.channels + c]);
}

// ---- the three loops

[[gnu::always_inline]] inline Half halves_added(const Vector& v) {
  return __builtin_shufflevector(v, v, 0, 1, 2, 3) + __builtin_shufflevector(v, v, 4, 5, 6, 7);
}

/// The sums of the lanes of four vectors.
[[gnu::always_inline]] inline Half sums_of(const Vector* v) {
  const Half a = halves_added(v[0]), b = halves_added(v[1]), c = halves_added(v[2]), d = halves_added(v[3]);
  const Half ab = __builtin_shufflevector(a, b, 0, 4, 1, 5) + __builtin_shufflevector(a, b, 2, 6, 3, 7);
  const Half cd = __builtin_shufflevector(c, d, 0, 4, 1, 5) + __builtin_shufflevector(c, d, 2, 6, 3, 7);
  return __builtin_shufflevector(ab, cd, 0, 1, 4, 5) + __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
}

/// A row of y: for every pixel and output a vector of sums over taps and channels, whose lanes are added at the end.
template <std::int64_t outputs>
[[gnu::always_inline]] inline void convolve_row(const Sizes& sizes, const RowWork& work) {
  constexpr std::int64_t kPixels = kAtOnce<outputs>;
  const std::int64_t vectors = sizes.vectors();
  for (std::int64_t column = 0; column < sizes.width; column += kPixels) {
    Vector sums[kPixels * outputs] = {};
    const auto* weights = reinterpret_cast<const Vector*>(work.weights);
    for (const float* const above_below : work.above_below) {
      const auto* x = reinterpret_cast<const Vector*>(above_below) + column * vectors;
      for (std::int64_t i = 0; i < kTaps * vectors; ++i, ++x, weights += outputs)
        for (std::int64_t p = 0; p < kPixels; ++p)
          for (std::int64_t o = 0; o < outputs; ++o) sums[p * outputs + o] += x[p * vectors] * weights[o];
    }
    float results[kPixels * outputs];
    for (std::int64_t k = 0; k < kPixels * outputs; k += 4) {
      const Half four = sums_of(sums + k);
      for (std::int64_t i = 0; i < 4; ++i) results[k + i] = four[i];
    }
    const std::int64_t count = std::min(kPixels, sizes.width - column) * outputs;
    std::copy(results, results + count, work.y + column * outputs);
  }
}

/// A row of the gradient of x, vectors of channels: `some` of them of each pixel, from vector `v` on.
template <std::int64_t outputs, std::int64_t some>
[[gnu::always_inline]] inline void spread_some(const Sizes& sizes, const RowWork& work, std::int64_t v) {
  constexpr std::int64_t kPixels = 4;
  const std::int64_t vectors = sizes.vectors();
  for (std::int64_t column = 0; column < sizes.width; column += kPixels) {
    Vector sums[kPixels][some] = {};
    for (std::int64_t ky = 0; ky < kTaps; ++ky)
      for (std::int64_t kx = 0; kx < kTaps; ++kx) {
        const float* const of_y = work.above_below[kTaps - 1 - ky] + (column + kTaps - 1 - kx) * outputs;
        const auto* const weights =
            reinterpret_cast<const Vector*>(work.weights) + ((ky * kTaps + kx) * vectors + v) * outputs;
        for (std::int64_t o = 0; o < outputs; ++o)
          for (std::int64_t p = 0; p < kPixels; ++p)
            for (std::int64_t s = 0; s < some; ++s)
              sums[p][s] += of_y[p * outputs + o] * weights[s * outputs + o];
      }
    auto* const to = reinterpret_cast<Vector*>(work.pixels) + v;
    for (std::int64_t p = 0; p < std::min(kPixels, sizes.width - column); ++p)
      for (std::int64_t s = 0; s < some; ++s) to[(column + p) * vectors + s] = sums[p][s];
  }
}

template <std::int64_t outputs>
[[gnu::always_inline]] inline void spread_row(const Sizes& sizes, const RowWork& work) {
  const std::int64_t vectors = sizes.vectors();
  std::int64_t v = 0;
  for (; v + 3 <= vectors; v += 3) spread_some<outputs, 3>(sizes, work, v);
  for (; v + 2 <= vectors; v += 2) spread_some<outputs, 2>(sizes, work, v);
  for (; v < vectors; ++v) spread_some<outputs, 1>(sizes, work, v);
}

/// Adds what a row of the gradient of y gives to the gradient of the weights.
template <std::int64_t outputs>
[[gnu::always_inline]] inline void add_weight_sums(const Sizes& sizes, const RowWork& work) {
  // Sums that do not wait for each other.
  constexpr std::int64_t kApart = outputs > 2 ? 1 : 4 / outputs;
  const std::int64_t vectors = sizes.vectors();
  for (std::int64_t ky = 0; ky < kTaps; ++ky)
    for (std::int64_t v = 0; v < vectors; ++v) {
      const auto* x = reinterpret_cast<const Vector*>(work.above_below[static_cast<std::size_t>(ky)]) + v;
      Vector sums[kApart][kTaps][outputs] = {};
      const auto add = [&](std::int64_t k, std::int64_t column) {
        for (std::int64_t kx = 0; kx < kTaps; ++kx)
          for (std::int64_t o = 0; o < outputs; ++o)
            sums[k][kx][o] += x[(column + kx) * vectors] * work.of_y[column * outputs + o];
      };
      std::int64_t column = 0;
      for (; column + kApart <= sizes.width; column += kApart)
        for (std::int64_t k = 0; k < kApart; ++k) add(k, column + k);
      for (; column < sizes.width; ++column) add(0, column);
      for (std::int64_t kx = 0; kx < kTaps; ++kx)
        for (std::int64_t o = 0; o < outputs; ++o) {
          Vector sum = sums[0][kx][o];
          for (std::int64_t k = 1; k < kApart; ++k) sum += sums[k][kx][o];
          reinterpret_cast<Vector*>(work.sums)[((ky * kTaps + kx) * vectors + v) * outputs + o] += sum;
        }
    }
}

// ---- one function for each generation of processors

enum class Loop { read_float, read_bfloat16, write_float, write_bfloat16, convolve, spread, add_weight_sums };

template <std::int64_t outputs>
[[gnu::always_inline]] inline void work_on(Loop loop, const Sizes& sizes, const RowWork& work) {
  if (loop == Loop::convolve) convolve_row<outputs>(sizes, work);
  if (loop == Loop::spread) spread_row<outputs>(sizes, work);
  if (loop == Loop::add_weight_sums) add_weight_sums<outputs>(sizes, work);
}

#if defined(__x86_64__) && !defined(__clang__)
[[gnu::target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")]]
#endif
void run(Loop loop, const Sizes& sizes, const RowWork& work) {
  switch (loop) {
    case Loop::read_float:
      return read_row(sizes, static_cast<const float*>(work.image), work.pixels);
    case Loop::read_bfloat16:
      return read_row(sizes, static_cast<const Bfloat16*>(work.image), work.pixels);
    case Loop::write_float:
      return write_row(sizes, work.pixels, static_cast<float*>(work.image));
    case Loop::write_bfloat16:
      return write_row(sizes, work.pixels, static_cast<Bfloat16*>(work.image));
    default:
      break;
  }
  switch (sizes.outputs) {
    case 1:
      return work_on<1>(loop, sizes, work);
    case 2:
      return work_on<2>(loop, sizes, work);
    case 3:
      return work_on<3>(loop, sizes, work);
    default:
      return work_on<kNarrow>(loop, sizes, work);
  }
}

/// Row `y` of image `n`.
void* row_of(const torch::Tensor& image, std::int64_t n, std::int64_t y) {
  const std::int64_t values = image.size(1) * image.size(3);
  return static_cast<std::byte*>(image.data_ptr()) + (n * image.size(2) + y) * values * image.element_size();
}

bool is_bfloat16(const torch::Tensor& image) { return image.scalar_type() == torch::kBFloat16; }

/// Reads image `n` row by row into `window`, one row ahead, and calls `at_row(y)` when rows y-1 to y+1 are there.
template <typename AtRow>
void for_each_row(const torch::Tensor& image, std::int64_t n, const RowWindow& window, const AtRow& at_row) {
  const auto sizes = sizes_of(image, 0);
  const auto read = [&](std::int64_t y) {
    RowWork work{};
    work.image = row_of(image, n, y);
    work.pixels = window.pixels(y);
    run(is_bfloat16(image) ? Loop::read_bfloat16 : Loop::read_float, sizes, work);
  };
  read(0);
  for (std::int64_t y = 0; y < sizes.height; ++y) {
    if (y + 1 < sizes.height) read(y + 1);
    at_row(y);
  }
}

std::array<const float*, kTaps> around(const RowWindow& window, std::int64_t y, std::int64_t height) {
  return {window.of(y - 1, height), window.of(y, height), window.of(y + 1, height)};
}

}  // namespace

bool narrow_conv_pays() {
#if !defined(__x86_64__)
  return true;
#elif defined(__clang__)
  return false;  // clang makes the loops for the oldest processors alone
#else
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#endif
}

void narrow_conv(const torch::Tensor& x, const torch::Tensor& weight, const torch::Tensor& y) {
  const auto sizes = sizes_of(x, weight.size(0));
  const auto weights = in_order(weight, sizes);
  const RowWindow window(sizes.width, sizes.vectors() * kLanes);
  RowWork work{};
  work.weights = weights.data_ptr<float>();
  for (std::int64_t n = 0; n < sizes.images; ++n)
    for_each_row(x, n, window, [&](std::int64_t at) {
      work.above_below = around(window, at, sizes.height);
      work.y = static_cast<float*>(row_of(y, n, at));
      run(Loop::convolve, sizes, work);
    });
}

void narrow_conv_input_gradient(const torch::Tensor& of_y, const torch::Tensor& weight,
                                const torch::Tensor& of_x) {
  const auto sizes = sizes_of(of_x, weight.size(0));
  const auto weights = in_order(weight, sizes);
  const auto pixels = torch::empty({sizes.width * sizes.vectors() * kLanes}, torch::kFloat32);
  const RowWindow window(sizes.width, sizes.outputs);
  RowWork work{};
  work.weights = weights.data_ptr<float>();
  work.pixels = pixels.data_ptr<float>();
  for (std::int64_t n = 0; n < sizes.images; ++n)
    for (std::int64_t y = 0; y < sizes.height; ++y) {
      for (std::int64_t read = y == 0 ? 0 : y + 1; read < std::min(y + 2, sizes.height); ++read) {
        const auto* const from = static_cast<const float*>(row_of(of_y, n, read));
        std::copy(from, from + sizes.width * sizes.outputs, window.pixels(read));
      }
      work.above_below = around(window, y, sizes.height);
      run(Loop::spread, sizes, work);
      work.image = row_of(of_x, n, y);
      run(is_bfloat16(of_x) ? Loop::write_bfloat16 : Loop::write_float, sizes, work);
    }
}

torch::Tensor narrow_conv_weight_gradient(const torch::Tensor& x, const torch::Tensor& of_y) {
  const auto sizes = sizes_of(x, of_y.size(1));
  const RowWindow window(sizes.width, sizes.vectors() * kLanes);
  const auto sums = torch::zeros({kTaps, kTaps, sizes.vectors(), sizes.outputs, kLanes}, torch::kFloat32);
  const auto all = torch::zeros_like(sums, torch::kFloat64);
  RowWork work{};
  work.sums = sums.data_ptr<float>();
  for (std::int64_t n = 0; n < sizes.images; ++n) {
    for_each_row(x, n, window, [&](std::int64_t y) {
      work.above_below = around(window, y, sizes.height);
      work.of_y = static_cast<const float*>(row_of(of_y, n, y));
      run(Loop::add_weight_sums, sizes, work);
    });
    all.add_(sums);
    sums.zero_();
  }
  return all.transpose(3, 4)
      .reshape({kTaps, kTaps, sizes.vectors() * kLanes, sizes.outputs})
      .narrow(2, 0, sizes.channels)
      .permute({3, 2, 0, 1})
      .to(torch::kFloat32);
}

}  // namespace taskonomy::sdk::detail
