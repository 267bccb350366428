#include <taskonomy/sdk/toolbox/graph_segmentation.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <sstream>
#include <stdexcept>
#include <utility>
#include <vector>

namespace taskonomy::sdk {

namespace {

struct Step {
  std::int64_t down, right;
};
constexpr std::array<Step, kEdgeDirections> kSteps{{{0, 1}, {1, 0}, {1, 1}, {1, -1}}};

struct Edge {
  float weight;
  std::int32_t a, b;  ///< pixels, row by row
};

/// Components of pixels as trees whose root carries size and largest inner weight.
class ComponentForest {
 public:
  explicit ComponentForest(std::size_t pixels) : parent_(pixels), size_(pixels, 1), inner_(pixels, 0.0F) {
    std::iota(parent_.begin(), parent_.end(), 0);
  }
  std::int32_t find(std::int32_t pixel) {
    while (parent(pixel) != pixel) {
      parent(pixel) = parent(parent(pixel));
      pixel = parent(pixel);
    }
    return pixel;
  }
  /// Edges come in ascending order, so the one that joins is the largest within.
  void join(std::int32_t a, std::int32_t b, float weight) {
    if (size(a) < size(b)) std::swap(a, b);
    parent(b) = a;
    size_[static_cast<std::size_t>(a)] += size(b);
    inner_[static_cast<std::size_t>(a)] = weight;
  }
  [[nodiscard]] std::int32_t size(std::int32_t root) const { return size_[static_cast<std::size_t>(root)]; }
  /// Int(root) + k / |root|.
  [[nodiscard]] double tolerance(std::int32_t root, double k) const {
    return inner_[static_cast<std::size_t>(root)] + k / size(root);
  }

 private:
  std::int32_t& parent(std::int32_t pixel) { return parent_[static_cast<std::size_t>(pixel)]; }

  std::vector<std::int32_t> parent_, size_;
  std::vector<float> inner_;
};

std::vector<Edge> sorted_edges(const torch::Tensor& weights) {
  const torch::Tensor dense = weights.to(torch::kCPU, torch::kFloat32).contiguous();
  const auto value = dense.accessor<float, 3>();
  const std::int64_t height = dense.size(1), width = dense.size(2);
  std::vector<Edge> edges;
  edges.reserve(static_cast<std::size_t>(kEdgeDirections * height * width));
  for (std::int64_t direction = 0; direction < kEdgeDirections; ++direction) {
    const Step step = kSteps[static_cast<std::size_t>(direction)];
    for (std::int64_t r = 0; r + step.down < height; ++r) {
      for (std::int64_t c = std::max<std::int64_t>(0, -step.right);
           c + std::max<std::int64_t>(0, step.right) < width; ++c) {
        const float weight = value[direction][r][c];
        const std::int64_t far = (r + step.down) * width + c + step.right;
        edges.push_back({std::isfinite(weight) ? weight : INFINITY, static_cast<std::int32_t>(r * width + c),
                         static_cast<std::int32_t>(far)});
      }
    }
  }
  std::stable_sort(edges.begin(), edges.end(),
                   [](const Edge& a, const Edge& b) { return a.weight < b.weight; });
  return edges;
}

/// Ids 0..n-1 in the order in which the pixels, row by row, meet the components.
torch::Tensor numbered(ComponentForest& components, std::int64_t height, std::int64_t width) {
  torch::Tensor ids = torch::empty({1, height, width}, torch::kInt32);
  auto* id = ids.data_ptr<std::int32_t>();
  std::vector<std::int32_t> id_of_root(static_cast<std::size_t>(height * width), -1);
  std::int32_t next = 0;
  for (std::int32_t pixel = 0; pixel < height * width; ++pixel) {
    std::int32_t& known = id_of_root[static_cast<std::size_t>(components.find(pixel))];
    if (known < 0) known = next++;
    id[pixel] = known;
  }
  return ids;
}

void require_image(const char* what, const torch::Tensor& image, std::int64_t channels) {
  if (image.dim() == 3 && (channels == 0 || image.size(0) == channels) && image.numel() > 0) return;
  std::ostringstream message;
  message << what << ": expected [" << (channels == 0 ? "C" : std::to_string(channels)) << ",H,W], got "
          << image.sizes();
  throw std::invalid_argument(message.str());
}

}  // namespace

torch::Tensor segment_graph(const torch::Tensor& weights, const SegmentationOptions& options) {
  require_image("segment_graph", weights, kEdgeDirections);
  const std::int64_t height = weights.size(1), width = weights.size(2);
  const double pixels = static_cast<double>(height * width);
  const double k = options.scale * pixels;
  const std::vector<Edge> edges = sorted_edges(weights);
  ComponentForest components(static_cast<std::size_t>(height * width));

  for (const Edge& edge : edges) {
    const std::int32_t a = components.find(edge.a), b = components.find(edge.b);
    if (a != b && edge.weight <= std::min(components.tolerance(a, k), components.tolerance(b, k)))
      components.join(a, b, edge.weight);
  }
  const double least = options.least_share * pixels;
  for (const Edge& edge : edges) {
    const std::int32_t a = components.find(edge.a), b = components.find(edge.b);
    if (a != b && std::min(components.size(a), components.size(b)) < least)
      components.join(a, b, edge.weight);
  }
  return numbered(components, height, width);
}

torch::Tensor across_edge(const torch::Tensor& values, std::int64_t direction) {
  require_image("across_edge", values, 0);
  const Step step = kSteps.at(static_cast<std::size_t>(direction));
  const std::int64_t height = values.size(1), width = values.size(2);
  const std::int64_t left = std::max<std::int64_t>(0, -step.right),
                     right = std::max<std::int64_t>(0, step.right);
  torch::Tensor far = values.clone();
  far.slice(1, 0, height - step.down)
      .slice(2, left, width - right)
      .copy_(values.slice(1, step.down, height).slice(2, left + step.right, width - right + step.right));
  return far;
}

torch::Tensor edge_distances(const torch::Tensor& features) {
  require_image("edge_distances", features, 0);
  const torch::Tensor values = features.to(torch::kFloat32);
  std::vector<torch::Tensor> weights;
  for (std::int64_t direction = 0; direction < kEdgeDirections; ++direction)
    weights.push_back((across_edge(values, direction) - values).norm(2, 0));
  return torch::stack(weights);
}

}  // namespace taskonomy::sdk
