// Jigsaw (content prediction): in which order nine tiles of the image were handed over.
//
//   label       int16 [1]: number of the arrangement, drawn by the example's generator from arrangements of
//               which any two differ in at least 7 of the 9 places. For 100 arrangements that is the
//               largest minimum there is (permutations.hpp).
//   input       the task's own, float32 [9,3,S,S]: nine tiles
//               The image is cut into 3 x 3 cells. Of each cell a square of 90 % of its side, at a random
//               place within it, becomes a tile of side S (bilinear). The gaps and the jitter keep edges
//               from giving the order away. Image k of the input is the tile from cell arrangement[k].
//   prediction  float32 [100], logits; one encoder for all tiles, their representations joined
//   loss        -log softmax(prediction)[label]
//   mask        none
//   metrics     top_1, top_5: % of images whose arrangement is the best, among the five best predicted ones
//   drawing     the tiles as the network sees them, each with the number of the cell that it came from, 1 to
//               9 row by row
//   role        source only
//   parameters  tile (half the image side; 8..1024): S, pixels
//               permutations (100; 2..504): number of arrangements. More make the task harder.
//               Training images are arranged anew in every epoch; validation and test images keep theirs.
//   differs     The reference scales each tile to the whole image side, at four times the cost.
//   source      Zamir et al., "Taskonomy", CVPR 2018, task "Content prediction"; Noroozi, Favaro,
//               "Unsupervised Learning of Visual Representations by Solving Jigsaw Puzzles", ECCV 2016
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <taskonomy/sdk/augment.hpp>
#include <taskonomy/sdk/extensions.hpp>
#include <taskonomy/sdk/figure.hpp>
#include <taskonomy/sdk/modality.hpp>
#include <taskonomy/sdk/plugin.hpp>

#include "permutations.hpp"

namespace {

using namespace taskonomy;

constexpr std::int64_t kGrid = 3;

class Jigsaw final : public sdk::Task,
                     private sdk::Illustrate,
                     private sdk::Metrics,
                     private sdk::Redraw,
                     private sdk::Augment {
 public:
  explicit Jigsaw(const sdk::TaskContext& context)
      : permutations_(jigsaw::distant_permutations(static_cast<std::size_t>(
            context.params.integer("permutations", 100, 2, jigsaw::kMostPermutations)))) {
    const auto count = static_cast<std::int64_t>(permutations_.size());
    info_.id = "jigsaw";
    info_.title = "Jigsaw";
    info_.family = "self-supervised";
    info_.reference = "Zamir et al., Taskonomy, CVPR 2018";
    info_.role = sdk::Role::source;
    info_.label_cost = 0.0;  // computed from the image
    info_.modalities = {"rgb"};
    info_.input = sdk::InputKind::own;
    info_.input_views = jigsaw::kTiles;
    info_.input_side = context.params.integer("tile", std::max<std::int64_t>(8, context.side / 2), 8, 1024);
    info_.target = {{1}, torch::kInt16, 0.0, static_cast<double>(count - 1)};
    info_.prediction = {{count}, torch::kFloat32, -INFINITY, INFINITY};
  }

  [[nodiscard]] const sdk::TaskInfo& info() const noexcept override { return info_; }

  [[nodiscard]] sdk::Example make_example(const sdk::Sample& sample,
                                          torch::Generator& generator) const override {
    return redraw(sdk::scaled_rgb(sample), {}, generator);
  }

  [[nodiscard]] sdk::Example redraw(const torch::Tensor& views, const sdk::Example&,
                                    torch::Generator& generator) const override {
    const torch::Tensor image = views.slice(0, 0, 1);
    const auto label =
        torch::randint(info_.prediction.shape[0], {1}, generator, torch::kInt64).item<std::int64_t>();
    std::vector<torch::Tensor> tiles;
    for (const int cell : permutations_[static_cast<std::size_t>(label)])
      tiles.push_back(cut_tile(image, cell, generator));
    sdk::Example example;
    example.input = torch::cat(tiles).clamp(-1.0, 1.0);
    example.target = torch::full({1}, label, torch::kInt16);
    return example;
  }

  [[nodiscard]] std::shared_ptr<sdk::Decoder> make_decoder(const sdk::DecoderConfig& config) const override {
    return sdk::make_vector_decoder(config, info_.prediction.shape[0], 3);
  }

  [[nodiscard]] torch::Tensor loss(const torch::Tensor& prediction, const torch::Tensor& target,
                                   const torch::Tensor&) const override {
    // bfloat16 would leave three digits and make ties in the tournament.
    const auto type = torch::promoteTypes(prediction.scalar_type(), torch::kFloat32);
    return -torch::log_softmax(prediction.to(type), 1).gather(1, target.to(torch::kInt64)).squeeze(1);
  }

  [[nodiscard]] const void* extension(std::string_view id) const noexcept override {
    if (id == sdk::Illustrate::kId) return static_cast<const sdk::Illustrate*>(this);
    if (id == sdk::Metrics::kId) return static_cast<const sdk::Metrics*>(this);
    if (id == sdk::Redraw::kId) return static_cast<const sdk::Redraw*>(this);
    if (id == sdk::Augment::kId) return static_cast<const sdk::Augment*>(this);
    return nullptr;
  }

 private:
  /// Cuts a square at a random place of a cell: image [1,3,H,W] -> [1,3,S,S].
  [[nodiscard]] torch::Tensor cut_tile(const torch::Tensor& image, int cell,
                                       torch::Generator& generator) const {
    const std::int64_t height = image.size(2) / kGrid, width = image.size(3) / kGrid;
    const std::int64_t tall = std::max<std::int64_t>(1, height * 9 / 10);
    const std::int64_t wide = std::max<std::int64_t>(1, width * 9 / 10);
    const auto up_to = [&](std::int64_t most) {
      return torch::randint(most + 1, {1}, generator, torch::kInt64).item<std::int64_t>();
    };
    const std::int64_t top = cell / kGrid * image.size(2) / kGrid + up_to(height - tall);
    const std::int64_t left = cell % kGrid * image.size(3) / kGrid + up_to(width - wide);
    return torch::_upsample_bilinear2d_aa(image.narrow(2, top, tall).narrow(3, left, wide).contiguous(),
                                          {info_.input_side, info_.input_side}, false);
  }

  /// redraw() will cut the augmented image into tiles, in an order of its own.
  [[nodiscard]] sdk::Example augment(const sdk::Example& originals, const sdk::Augmentation&) const override {
    return originals;
  }

  [[nodiscard]] const std::vector<sdk::Metric>& metrics() const noexcept override { return metrics_; }
  [[nodiscard]] torch::Tensor measure(const torch::Tensor& prediction, const torch::Tensor& target,
                                      const torch::Tensor&) const override {
    const torch::Tensor own = prediction.gather(1, target.to(torch::kInt64));
    const torch::Tensor better = prediction.gt(own).sum(1);
    return 100.0 * torch::stack({better < 1, better < 5}, 1).to(torch::kFloat32);
  }

  /// values: a label [1], or logits of which the highest is drawn.
  [[nodiscard]] sdk::Figure illustrate(const torch::Tensor& values, const torch::Tensor&,
                                       const sdk::Sample&) const override {
    const auto label = (values.is_floating_point() ? values.argmax() : values[0]).item<std::int64_t>();
    const auto& arrangement = permutations_.at(static_cast<std::size_t>(label));
    sdk::Figure figure{.ground = sdk::Ground::input};
    for (std::int64_t place = 0; place < kGrid * kGrid; ++place) {
      const auto middle = [](std::int64_t cell) {
        return (static_cast<float>(cell) + 0.5F) / static_cast<float>(kGrid);
      };
      figure.marks.push_back({sdk::Mark::Kind::word,
                              {{middle(place % kGrid), middle(place / kGrid)}},
                              sdk::kWhite,
                              std::to_string(arrangement[static_cast<std::size_t>(place)] + 1)});
    }
    return figure;
  }

  sdk::TaskInfo info_;
  std::vector<jigsaw::Permutation> permutations_;
  std::vector<sdk::Metric> metrics_{{"top_1", "%", true}, {"top_5", "%", true}};
};

}  // namespace

TASKONOMY_EXPORT_TASK(Jigsaw, "jigsaw", "The order of nine tiles")
