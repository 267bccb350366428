// The graph segmentation: known regions, Felzenszwalb and Huttenlocher's own criterion by an independent
// spanning tree, and what must not matter.
#include <taskonomy/sdk/toolbox/graph_segmentation.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include <taskonomy/sdk/toolbox/embedding.hpp>

#include "tests/support/testing.hpp"

using namespace taskonomy;

namespace {

struct Edge {
  std::int64_t a, b;
  double weight;
};

/// Every edge of the 8-connected grid, by its definition.
std::vector<Edge> edges_of(const torch::Tensor& weights) {
  const std::int64_t height = weights.size(1), width = weights.size(2);
  const std::vector<std::pair<std::int64_t, std::int64_t>> steps{{0, 1}, {1, 0}, {1, 1}, {1, -1}};
  std::vector<Edge> edges;
  for (std::size_t direction = 0; direction < 4; ++direction) {
    for (std::int64_t r = 0; r < height; ++r) {
      for (std::int64_t c = 0; c < width; ++c) {
        const std::int64_t down = r + steps[direction].first, right = c + steps[direction].second;
        if (down >= height || right < 0 || right >= width) continue;
        edges.push_back({r * width + c, down * width + right,
                         weights[static_cast<std::int64_t>(direction)][r][c].item<double>()});
      }
    }
  }
  return edges;
}

/// Largest edge of a region's minimum spanning tree by Prim's algorithm; -1 where the region is not
/// connected.
double largest_in_tree(const std::vector<Edge>& edges, const std::vector<int>& region, int id) {
  std::map<std::int64_t, std::vector<std::pair<std::int64_t, double>>> neighbours;
  std::set<std::int64_t> outside;
  for (std::size_t pixel = 0; pixel < region.size(); ++pixel)
    if (region[pixel] == id) outside.insert(static_cast<std::int64_t>(pixel));
  for (const Edge& edge : edges) {
    if (region[static_cast<std::size_t>(edge.a)] != id || region[static_cast<std::size_t>(edge.b)] != id)
      continue;
    neighbours[edge.a].emplace_back(edge.b, edge.weight);
    neighbours[edge.b].emplace_back(edge.a, edge.weight);
  }
  double largest = 0.0;
  std::set<std::pair<double, std::int64_t>> frontier{{0.0, *outside.begin()}};
  while (!frontier.empty()) {
    const auto [weight, pixel] = *frontier.begin();
    frontier.erase(frontier.begin());
    if (outside.erase(pixel) == 0) continue;
    largest = std::max(largest, weight);
    for (const auto& [next, cost] : neighbours[pixel])
      if (outside.count(next) > 0) frontier.insert({cost, next});
  }
  return outside.empty() ? largest : -1.0;
}

torch::Tensor noise(std::int64_t height, std::int64_t width, std::uint64_t seed) {
  auto generator = at::detail::createCPUGenerator(seed);
  return torch::rand({3, height, width}, generator, torch::kFloat32);
}

/// A dark image with a bright disc and a mid-grey band, and their true regions.
std::pair<torch::Tensor, torch::Tensor> disc_and_band(std::int64_t side) {
  const auto at = (torch::arange(side, torch::kFloat32) + 0.5) / static_cast<double>(side);
  const auto y = at.reshape({side, 1}).expand({side, side}), x = at.reshape({1, side}).expand({side, side});
  const auto disc = ((y - 0.3).square() + (x - 0.4).square()).sqrt() < 0.2;
  const auto band = (y > 0.7) & (y < 0.85);
  const auto regions = torch::where(disc, torch::full({}, 1),
                                    torch::where(band, torch::full({}, 2), torch::zeros({}, torch::kInt64)));
  // The band cuts the ground into an upper and a lower part.
  const auto parts = torch::where((y >= 0.85) & (regions == 0), torch::full({}, 3), regions);
  return {(regions * 40.0).to(torch::kFloat32).unsqueeze(0), parts};
}

int regions_in(const torch::Tensor& ids) { return ids.max().item<int>() + 1; }

}  // namespace

TEST_CASE("regions of constant colour are found exactly, at any image side") {
  for (const std::int64_t side : {32, 64, 160}) {
    const auto [image, parts] = disc_and_band(side);
    const auto ids = sdk::segment_graph(sdk::edge_distances(image), {.scale = 0.05, .least_share = 0.002});
    CHECK(ids.sizes() == torch::IntArrayRef({1, side, side}));
    CHECK(static_cast<int>(ids.scalar_type()) == static_cast<int>(torch::kInt32));
    CHECK(regions_in(ids) == 4);
    CHECK(sdk::adjusted_rand_index(ids, parts) == 1.0);
  }
}

TEST_CASE("the regions of noisy areas are found; a smooth ramp stays one region") {
  auto [image, parts] = disc_and_band(64);
  const auto ids = sdk::segment_graph(sdk::edge_distances(image + 6.0 * noise(64, 64, 3).slice(0, 0, 1)),
                                      {.scale = 0.3, .least_share = 0.005});
  CHECK(sdk::adjusted_rand_index(ids, parts) > 0.97);
  const auto ramp = torch::arange(64, torch::kFloat32).reshape({1, 1, 64}).expand({1, 64, 64}).contiguous();
  CHECK(regions_in(sdk::segment_graph(sdk::edge_distances(ramp), {.scale = 0.05, .least_share = 0.0})) == 1);
  CHECK(regions_in(sdk::segment_graph(sdk::edge_distances(torch::zeros({1, 8, 8})))) == 1);
}

TEST_CASE(
    "regions are connected, and borders between them stronger than both sides allow (IJCV 2004, eq. 4)") {
  const std::int64_t height = 13, width = 17;
  const double scale = 0.004, k = scale * static_cast<double>(height * width);
  const auto weights = sdk::edge_distances(noise(height, width, 11));
  const auto ids = sdk::segment_graph(weights, {.scale = scale, .least_share = 0.0});
  REQUIRE(regions_in(ids) > 5);
  REQUIRE(regions_in(ids) < height * width);
  std::vector<int> region;
  for (std::int64_t pixel = 0; pixel < ids.numel(); ++pixel)
    region.push_back(ids.flatten()[pixel].item<int>());
  const auto edges = edges_of(weights);
  std::vector<double> tolerance;
  for (int id = 0; id < regions_in(ids); ++id) {
    const double inner = largest_in_tree(edges, region, id);
    REQUIRE(inner >= 0.0);
    tolerance.push_back(inner + k / static_cast<double>(std::count(region.begin(), region.end(), id)));
  }
  std::map<std::pair<int, int>, double> weakest;
  for (const Edge& edge : edges) {
    const auto sides =
        std::minmax(region[static_cast<std::size_t>(edge.a)], region[static_cast<std::size_t>(edge.b)]);
    if (sides.first == sides.second) continue;
    const auto found = weakest.emplace(std::pair<int, int>(sides), edge.weight).first;
    found->second = std::min(found->second, edge.weight);
  }
  for (const auto& [sides, weight] : weakest) {
    CHECK(weight > std::min(tolerance[static_cast<std::size_t>(sides.first)],
                            tolerance[static_cast<std::size_t>(sides.second)]) -
                       1e-6);
  }
}

TEST_CASE(
    "mirroring, adding a colour and a common factor change no region; the same input gives the same ids") {
  const auto image = noise(24, 31, 5);  // no two weights are equal
  const sdk::SegmentationOptions options{.scale = 0.0012, .least_share = 0.01};
  const auto segment = [&](const torch::Tensor& features, double factor) {
    return sdk::segment_graph(sdk::edge_distances(features), {options.scale * factor, options.least_share});
  };
  const auto ids = segment(image, 1.0);
  REQUIRE(regions_in(ids) > 3);
  CHECK(torch::equal(ids, segment(image.clone(), 1.0)));
  CHECK(sdk::adjusted_rand_index(ids, segment(image.flip(2), 1.0).flip(2)) == 1.0);
  CHECK(sdk::adjusted_rand_index(ids, segment(image.flip(1), 1.0).flip(1)) == 1.0);
  CHECK(sdk::adjusted_rand_index(ids, segment(image.transpose(1, 2), 1.0).transpose(1, 2)) == 1.0);
  CHECK(torch::equal(ids, segment(image * 64.0, 64.0)));
  CHECK(sdk::adjusted_rand_index(ids, segment(image.to(torch::kFloat64) + 1.0, 1.0)) == 1.0);
}

TEST_CASE("no region is smaller than the least share; ids follow the rows") {
  const auto ids =
      sdk::segment_graph(sdk::edge_distances(noise(20, 20, 9)), {.scale = 0.0, .least_share = 0.02});
  const auto sizes = torch::bincount(ids.flatten().to(torch::kInt64));
  CHECK(sizes.min().item<int>() >= 8);
  int next = 0;
  for (std::int64_t pixel = 0; pixel < ids.numel(); ++pixel) {
    const int id = ids.flatten()[pixel].item<int>();
    CHECK(id <= next);
    if (id == next) ++next;
  }
}

TEST_CASE("weights that are no numbers join nothing; odd sizes and wrong shapes") {
  auto weights = torch::zeros({4, 6, 6});
  weights.slice(2, 2, 3).fill_(std::numeric_limits<float>::quiet_NaN());    // out of the third column
  weights.slice(2, 3, 4)[3].fill_(std::numeric_limits<float>::infinity());  // and down-left into it
  const auto ids = sdk::segment_graph(weights, {.scale = 1.0, .least_share = 0.0});
  CHECK(ids[0][0][5].item<int>() != ids[0][0][0].item<int>());
  for (const auto& shape : {std::vector<std::int64_t>{1, 1, 1}, {1, 1, 7}, {1, 7, 1}}) {
    CHECK(regions_in(sdk::segment_graph(sdk::edge_distances(torch::zeros(shape)))) == 1);
  }
  CHECK_THROWS_AS((void)sdk::segment_graph(torch::zeros({3, 6, 6})), std::invalid_argument);
  CHECK_THROWS_AS((void)sdk::edge_distances(torch::zeros({6, 6})), std::invalid_argument);
}
