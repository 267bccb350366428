#include <torch/autograd.h>
#include <taskonomy/sdk/toolbox/embedding.hpp>

#include <algorithm>
#include <cmath>
#include <sstream>
#include <stdexcept>

#include <taskonomy/sdk/toolbox/drawing.hpp>

namespace taskonomy::sdk {

namespace {

constexpr double kMostSquare = 80.0, kLn2 = 0.6931471805599453, kLn3 = 1.0986122886681098;

/// |p_i - p_j|^2 of points [...,n,D] -> [...,n,n], by scalar products: n^2 numbers instead of n^2 D. The
/// points must lie around 0; far from it the products of large numbers would swallow small distances.
torch::Tensor square_distances(const torch::Tensor& centred) {
  const torch::Tensor squares = centred.square().sum(-1, true);
  return squares + squares.transpose(-1, -2) - 2.0 * torch::matmul(centred, centred.transpose(-1, -2));
}

/// The mean over compared pairs and its gradient together. Left to autograd, a dozen tensors of n^2 numbers
/// an image would be kept and walked through again. Differentiable once.
struct MetricPairs : torch::autograd::Function<MetricPairs> {
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& points,
                               const torch::Tensor& regions, const torch::Tensor& counted) {
    const torch::Tensor centred = points - points.mean(1, true);
    const torch::Tensor squares = square_distances(centred);
    const torch::Tensor d = squares.clamp(kLeastSquare, kMostSquare);
    const torch::Tensor apart = torch::expm1(-d).neg_();  // 1 - exp(-d)
    const torch::Tensor near = 2.0 - apart;               // 1 + exp(-d)
    const torch::Tensor same = regions.unsqueeze(1) == regions.unsqueeze(2);
    const torch::Tensor compared =
        (counted.unsqueeze(1) & counted.unsqueeze(2))
            .logical_and(torch::eye(regions.size(1), counted.options()).logical_not());
    const torch::Tensor count = compared.sum({1, 2}).clamp_min(1).to(points.scalar_type());
    const torch::Tensor zero = torch::zeros({}, points.options());

    // d/dd of d + log(1 + exp(-d)) and of log(1 + exp(-d)) - log(1 - exp(-d)); none where d was clipped.
    const torch::Tensor slope = torch::where(same, near.reciprocal(), -2.0 * (1.0 - apart) / (near * apart));
    const torch::Tensor moving = compared & (d == squares);
    context->save_for_backward({centred, torch::where(moving, slope, zero), count});
    const torch::Tensor terms = torch::where(same, d - kLn2, -torch::log(apart)) + torch::log(near);
    return torch::where(compared, terms, zero).sum({1, 2}) / count;
  }

  /// Each pair counts twice, and d = |e_i - e_j|^2: 4 / count * sum over j of slope_ij (e_i - e_j).
  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const torch::Tensor &centred = saved[0], &slope = saved[1];
    const torch::Tensor pull = slope.sum(2, true) * centred - torch::bmm(slope, centred);
    return {pull * (4.0 * gradients[0] / saved[2]).view({-1, 1, 1}), {}, {}};
  }
};

/// n (n-1) / 2.
double pairs(double count) { return 0.5 * count * (count - 1.0); }

double sum_of_pairs(const torch::Tensor& counts) {
  const torch::Tensor numbers = counts.to(torch::kFloat64);
  return (numbers * (numbers - 1.0)).sum().item<double>() / 2.0;
}

/// Groups as 0..m-1.
torch::Tensor numbered(const torch::Tensor& groups) {
  return std::get<1>(torch::_unique(groups.to(torch::kCPU, torch::kInt64).flatten(), true, true));
}

}  // namespace

torch::Tensor metric_loss(const torch::Tensor& embeddings, const torch::Tensor& regions,
                          const torch::Tensor& counted) {
  if (embeddings.dim() != 3 || regions.sizes() != embeddings.sizes().slice(0, 2) ||
      counted.sizes() != regions.sizes()) {
    std::ostringstream message;
    message << "metric_loss: expected embeddings [B,n,D], regions [B,n], counted [B,n], got "
            << embeddings.sizes() << ", " << regions.sizes() << ", " << counted.sizes();
    throw std::invalid_argument(message.str());
  }
  const auto type = embeddings.scalar_type() == torch::kFloat64 ? torch::kFloat64 : torch::kFloat32;
  const torch::Tensor known = torch::where(counted.unsqueeze(-1), embeddings.to(type),
                                           torch::zeros({}, embeddings.options().dtype(type)));
  return MetricPairs::apply(known, regions, counted);
}

torch::Tensor cluster_embeddings(const torch::Tensor& points) {
  if (points.dim() != 2) throw std::invalid_argument("cluster_embeddings: expected points [n,D]");
  const torch::NoGradGuard no_grad;
  const torch::Tensor numbers = points.to(torch::kCPU, torch::kFloat32);
  const torch::Tensor alike = square_distances(numbers - numbers.mean(0, true)) <= kLn3;
  alike.fill_diagonal_(true);
  torch::Tensor groups = torch::full({points.size(0)}, -1, torch::kInt64);
  torch::Tensor free = torch::ones({points.size(0)}, torch::kBool);
  for (std::int64_t group = 0; free.any().item<bool>(); ++group) {
    const torch::Tensor neighbours = (alike & free).sum(1).masked_fill(free.logical_not(), -1);
    const auto centre = (neighbours == neighbours.max()).nonzero()[0].item<std::int64_t>();
    const torch::Tensor members = alike[centre] & free;
    groups.masked_fill_(members, group);
    free = free & members.logical_not();
  }
  return groups;
}

double adjusted_rand_index(const torch::Tensor& a, const torch::Tensor& b) {
  if (a.numel() != b.numel()) throw std::invalid_argument("adjusted_rand_index: groupings differ in length");
  if (a.numel() < 2) return 1.0;
  const torch::Tensor first = numbered(a), second = numbered(b);
  const std::int64_t columns = second.max().item<std::int64_t>() + 1;
  const torch::Tensor both = torch::bincount(first * columns + second);
  const double together = sum_of_pairs(both);
  const double in_first = sum_of_pairs(torch::bincount(first)),
               in_second = sum_of_pairs(torch::bincount(second));
  const double expected = in_first * in_second / pairs(static_cast<double>(a.numel()));
  const double most = (in_first + in_second) / 2.0;
  return most == expected ? 1.0 : (together - expected) / (most - expected);
}

torch::Tensor draw_embedding(const torch::Tensor& embedding) {
  if (embedding.dim() != 3) throw std::invalid_argument("draw_embedding: expected [D,H,W]");
  const torch::NoGradGuard no_grad;
  const std::int64_t dimensions = embedding.size(0), height = embedding.size(1), width = embedding.size(2);
  const torch::Tensor points = embedding.detach().to(torch::kCPU, torch::kFloat64).nan_to_num().flatten(1);
  const torch::Tensor centred = points - points.mean(1, true);
  const auto [variances, axes] =
      torch::linalg_eigh(torch::matmul(centred, centred.t()) / points.size(1), "L");
  const std::int64_t shown = std::min<std::int64_t>(3, dimensions);
  torch::Tensor main = axes.flip(1).slice(1, 0, shown).t();  // [shown,D], ascending variance turned round
  const torch::Tensor largest = main.gather(1, main.abs().argmax(1, true));
  main = main * torch::where(largest < 0.0, -torch::ones_like(largest), torch::ones_like(largest));
  torch::Tensor parts = torch::zeros({3, height, width});
  parts.slice(0, 0, shown).copy_(torch::matmul(main, centred).view({shown, height, width}));
  const double span = 2.0 * std::sqrt(std::max(1e-12, variances[dimensions - 1].item<double>()));
  return draw_rgb(parts, -span, span);
}

}  // namespace taskonomy::sdk
