#include "sdk/src/detail/norm_kernels.hpp"

#include <algorithm>
#include <cmath>
#include <type_traits>
#include <utility>

#include "sdk/src/detail/bfloat16_bits.hpp"

namespace taskonomy::sdk::detail {

namespace {

/// Channels as often side by side as makes inner loops long: an image's values lie in this order.
class Row {
 public:
  Row() = default;
  explicit Row(const Channels& channels) {
    const std::size_t times = std::max<std::size_t>(1, 64 / channels.size());
    for (std::size_t k = 0; k < times; ++k) values_.insert(values_.end(), channels.begin(), channels.end());
  }
  [[nodiscard]] const float* data() const { return values_.data(); }
  [[nodiscard]] std::int64_t size() const { return static_cast<std::int64_t>(values_.size()); }

 private:
  std::vector<float> values_;
};

/// Sums over the places of a row, which become sums of channels. Pieces are added in float32, their sums in double.
class RowSums {
 public:
  RowSums(std::size_t channels, std::int64_t row) : piece_(static_cast<std::size_t>(row)), sums_(channels) {}
  [[nodiscard]] float* piece() { return piece_.data(); }
  void end_piece() {
    for (std::size_t i = 0, c = 0; i < piece_.size(); ++i, c = c + 1 == sums_.size() ? 0 : c + 1)
      sums_[c] += static_cast<double>(std::exchange(piece_[i], 0.0F));
  }
  [[nodiscard]] double of(std::size_t channel) const { return sums_[channel]; }
  [[nodiscard]] Channels channels() const { return {sums_.begin(), sums_.end()}; }

 private:
  std::vector<float> piece_;
  std::vector<double> sums_;
};

/// The rows of a map.
struct Rows {
  const float *mean, *scale, *shift;
  float slope;
};

/// A row of pixels and what belongs to them; what an operation has no use for is null.
template <typename T>
struct Pixels {
  const T *x, *other, *gradient;
  T* to;
};

/// Sums that an operation adds to, and weights that it reads: rows.
struct Factors {
  float *first_sum, *second_sum;
  const float *by_gradient, *by_value, *constant;
};

enum class Operation {
  add_moments,
  apply,
  apply_with_added,
  sum_gradients,
  sum_gradients_by_result,
  apply_gradient
};

/// Rows of `count` values; what the operation has no use for may be null. None overlaps another: the compiler asks for
/// it in so many words.
template <Operation operation, typename T>
[[gnu::always_inline]] inline void compute_row(
    const T* __restrict x, const T* __restrict other, const T* __restrict gradient, T* __restrict to,
    const float* __restrict mean, const float* __restrict scale, const float* __restrict shift, float slope,
    float* __restrict first, float* __restrict second, const float* __restrict by_gradient,
    const float* __restrict by_value, const float* __restrict constant, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) {
    const float value = to_float(x[i]) - mean[i];
    if constexpr (operation == Operation::add_moments) {
      first[i] += value;
      second[i] += value * value;
      continue;
    }
    const float v = value * scale[i] + shift[i];
    if constexpr (operation == Operation::apply) store(std::max(v, slope * v), to[i]);
    if constexpr (operation == Operation::apply_with_added) {
      const float sum = v + to_float(other[i]);
      store(std::max(sum, slope * sum), to[i]);
    }
    if constexpr (operation == Operation::sum_gradients || operation == Operation::apply_gradient) {
      const float behind = to_float(gradient[i]);
      const float front = v > 0.0F ? behind : slope * behind;
      if constexpr (operation == Operation::sum_gradients) {
        first[i] += front;
        second[i] += front * value;
      } else {
        store(by_gradient[i] * front + by_value[i] * value + constant[i], to[i]);
      }
    }
    if constexpr (operation == Operation::sum_gradients_by_result) {
      const float front = to_float(other[i]) > 0.0F ? to_float(gradient[i]) : 0.0F;
      store(front, to[i]);
      first[i] += front;
      second[i] += front * value;
    }
  }
}

/// An operation on a piece of an image: `count` values in rows of `row`.
template <typename T>
struct Piece {
  Rows map;
  Pixels<T> pixels;
  Factors factors;
  std::int64_t row, count;
};

template <Operation operation, typename T>
[[gnu::always_inline]] inline void compute_rows(const Piece<T>& piece) {
  const auto at = [](auto* first, std::int64_t offset) { return first == nullptr ? first : first + offset; };
  for (std::int64_t first = 0; first < piece.count; first += piece.row) {
    const auto& [x, other, gradient, to] = piece.pixels;
    const auto& [mean, scale, shift, slope] = piece.map;
    const auto& [first_sum, second_sum, by_gradient, by_value, constant] = piece.factors;
    compute_row<operation, T>(x + first, at(other, first), at(gradient, first), at(to, first), mean, scale,
                              shift, slope, first_sum, second_sum, by_gradient, by_value, constant,
                              std::min(piece.row, piece.count - first));
  }
}

template <typename T>
[[gnu::always_inline]] inline void compute_operation(Operation operation, const Piece<T>& piece) {
  switch (operation) {
    case Operation::add_moments:
      return compute_rows<Operation::add_moments>(piece);
    case Operation::apply:
      return compute_rows<Operation::apply>(piece);
    case Operation::apply_with_added:
      return compute_rows<Operation::apply_with_added>(piece);
    case Operation::sum_gradients:
      return compute_rows<Operation::sum_gradients>(piece);
    case Operation::sum_gradients_by_result:
      return compute_rows<Operation::sum_gradients_by_result>(piece);
    case Operation::apply_gradient:
      return compute_rows<Operation::apply_gradient>(piece);
  }
}

// The compiler makes these two once for each generation of processors, with all that they call inside, and the one that
// fits is taken as the library is loaded.
#if defined(__x86_64__) && !defined(__clang__)
[[gnu::target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")]]
#endif
void compute_float(Operation operation, const Piece<float>& piece) {
  compute_operation(operation, piece);
}

#if defined(__x86_64__) && !defined(__clang__)
[[gnu::target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")]]
#endif
void compute_bfloat16(Operation operation, const Piece<Bfloat16>& piece) {
  compute_operation(operation, piece);
}

/// The images of an operation; undefined where it has no use for them.
struct Images {
  const torch::Tensor &x, &other, &gradient, &to;
};

/// Values that are worked on at a time: all that belongs to them fits the first cache.
constexpr std::int64_t kPiece = 2048;

/// Does an operation on whole images, piece by piece; `end_piece` is called after each.
template <typename T, typename EndPiece>
void compute_pieces(Operation operation, Piece<T> piece, const Images& images, const EndPiece& end_piece) {
  const auto values = [](const torch::Tensor& image, std::int64_t offset) {
    return image.defined() ? static_cast<T*>(image.data_ptr()) + offset : nullptr;
  };
  const std::int64_t most = std::max<std::int64_t>(1, kPiece / piece.row) * piece.row, all = images.x.numel();
  for (std::int64_t first = 0; first < all; first += most) {
    piece.pixels = {values(images.x, first), values(images.other, first), values(images.gradient, first),
                    values(images.to, first)};
    piece.count = std::min(most, all - first);
    if constexpr (std::is_same_v<T, float>)
      compute_float(operation, piece);
    else
      compute_bfloat16(operation, piece);
    end_piece();
  }
}

template <typename EndPiece>
void compute(Operation operation, const Rows& map, const Factors& factors, std::int64_t row,
             const Images& images, const EndPiece& end_piece) {
  if (images.x.scalar_type() == torch::kBFloat16)
    compute_pieces(operation, Piece<Bfloat16>{map, {}, factors, row, 0}, images, end_piece);
  else
    compute_pieces(operation, Piece<float>{map, {}, factors, row, 0}, images, end_piece);
}

/// A map's channels as rows.
class MapRows {
 public:
  explicit MapRows(const NormRelu& how)
      : mean_(how.mean), scale_(how.scale), shift_(how.shift), slope_(how.slope) {}
  [[nodiscard]] Rows rows() const { return {mean_.data(), scale_.data(), shift_.data(), slope_}; }
  [[nodiscard]] std::int64_t row() const { return mean_.size(); }

 private:
  Row mean_, scale_, shift_;
  float slope_;
};

/// The first pixel of an image.
Channels first_pixel(const torch::Tensor& x) {
  const auto pixel = x.select(0, 0).select(1, 0).select(1, 0).to(torch::kFloat32).contiguous();
  return {pixel.data_ptr<float>(), pixel.data_ptr<float>() + pixel.numel()};
}

const torch::Tensor kNone;

}  // namespace

Moments moments_of(const torch::Tensor& x) {
  const Channels first =
      first_pixel(x);  // taken off, so that a mean far from 0 costs no digits of the variance
  const Row around(first);
  RowSums sums(first.size(), around.size()), squares(first.size(), around.size());
  compute(Operation::add_moments, {around.data(), nullptr, nullptr, 0.0F},
          {sums.piece(), squares.piece(), nullptr, nullptr, nullptr}, around.size(), {x, kNone, kNone, kNone},
          [&] {
            sums.end_piece();
            squares.end_piece();
          });
  Moments moments;
  const double count = static_cast<double>(x.numel()) / static_cast<double>(first.size());
  for (std::size_t c = 0; c < first.size(); ++c) {
    const double mean = sums.of(c) / count;
    moments.mean.push_back(static_cast<float>(mean + static_cast<double>(first[c])));
    moments.variance.push_back(static_cast<float>(std::max(0.0, squares.of(c) / count - mean * mean)));
  }
  return moments;
}

void apply_norm(const NormRelu& how, const torch::Tensor& x, const torch::Tensor& added,
                const torch::Tensor& y) {
  const MapRows map(how);
  compute(added.defined() ? Operation::apply_with_added : Operation::apply, map.rows(), {}, map.row(),
          {x, added, kNone, y}, [] {});
}

GradientSums sum_gradients(const NormRelu& how, const torch::Tensor& x, const torch::Tensor& y,
                           const torch::Tensor& gradient, const torch::Tensor& front) {
  const MapRows map(how);
  RowSums plain(how.mean.size(), map.row()), by_value(how.mean.size(), map.row());
  compute(y.defined() ? Operation::sum_gradients_by_result : Operation::sum_gradients, map.rows(),
          {plain.piece(), by_value.piece(), nullptr, nullptr, nullptr}, map.row(), {x, y, gradient, front},
          [&] {
            plain.end_piece();
            by_value.end_piece();
          });
  return {plain.channels(), by_value.channels()};
}

void apply_gradient(const NormRelu& how, const GradientWeights& weights, const torch::Tensor& x,
                    const torch::Tensor& gradient, const torch::Tensor& of_x) {
  const MapRows map(how);
  const Row by_gradient(weights.gradient), by_value(weights.value), constant(weights.constant);
  compute(Operation::apply_gradient, map.rows(),
          {nullptr, nullptr, by_gradient.data(), by_value.data(), constant.data()}, map.row(),
          {x, kNone, gradient, of_x}, [] {});
}

}  // namespace taskonomy::sdk::detail
