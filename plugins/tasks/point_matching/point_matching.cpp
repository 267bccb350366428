// Point matching: whether the centres of two images show the same point of the world.
//
//   label       float32 [2], shares of (no match, match): (1,0) or (0,1), from the modality "match"
//   input       the two plain images; one encoder for both
//   prediction  float32 [2], logits
//   loss        -sum over both of label * log softmax(prediction)
//   mask        one per pair: false where the data set's number is neither 0 nor 1
//   metrics     accuracy: % of pairs that are judged right
//   drawing     the two images side by side, a cross at their centres, and "match" or "no match", of a
//               prediction with its probability
//   parameters  none
//   source      Zamir et al., "Taskonomy", CVPR 2018, task "Point matching"
#include <cmath>
#include <stdexcept>
#include <string>

#include <taskonomy/sdk/components.hpp>
#include <taskonomy/sdk/figure.hpp>
#include <taskonomy/sdk/losses.hpp>
#include <taskonomy/sdk/modality.hpp>
#include <taskonomy/sdk/plugin.hpp>
#include <taskonomy/sdk/toolbox/drawing.hpp>
#include <taskonomy/sdk/vector_task.hpp>

namespace {

using namespace taskonomy;

sdk::TaskInfo describe() {
  sdk::TaskInfo info = sdk::vector_task_info("point_matching", "Point matching", "geometric", 2);
  info.view_kind = sdk::ViewKind::matching_pair;
  info.modalities.emplace_back("match");
  info.target.low = 0.0;
  info.target.high = 1.0;
  return info;
}

class PointMatching final : public sdk::VectorTask, public sdk::Illustrate, public sdk::Components {
 public:
  explicit PointMatching(const sdk::TaskContext& context)
      : VectorTask(describe(), context.side, {{"accuracy", "%", true}}, {.count = 2, .width = 256}) {}

  [[nodiscard]] sdk::Example make_example(const sdk::Sample& sample, torch::Generator&) const override {
    const torch::Tensor match = sdk::require(sample, "match").to(torch::kFloat32).flatten();
    if (match.numel() != 1)
      throw std::invalid_argument("sample \"" + sample.id + "\": modality \"match\" has " +
                                  std::to_string(match.numel()) + " numbers, expected 1");
    const float share = match.item<float>();
    return sdk::vector_example(torch::tensor({1.0F - share, share}), share == 0.0F || share == 1.0F);
  }

  [[nodiscard]] torch::Tensor loss(const torch::Tensor& prediction, const torch::Tensor& target,
                                   const torch::Tensor& mask) const override {
    return sdk::soft_cross_entropy(prediction, target, mask);
  }

  [[nodiscard]] sdk::Figure illustrate(const torch::Tensor& values, const torch::Tensor&,
                                       const sdk::Sample&) const override {
    const bool label = is_label(values);
    const torch::Tensor shares = label ? values : torch::softmax(values.to(torch::kFloat32), 0);
    const bool match = shares[1].item<float>() > shares[0].item<float>();
    sdk::Figure figure{.ground = sdk::Ground::input, .caption = match ? "match" : "no match"};
    if (!label)
      figure.caption += ", " + std::to_string(std::lround(100.0 * shares.max().item<double>())) + " %";
    const sdk::Colour colour = match ? sdk::kGreen : sdk::kVermilion;
    for (const float x : {0.25F, 0.75F}) {
      figure.marks.push_back({sdk::Mark::Kind::line, {{x - 0.04F, 0.5F}, {x + 0.04F, 0.5F}}, colour});
      figure.marks.push_back({sdk::Mark::Kind::line, {{x, 0.42F}, {x, 0.58F}}, colour});
    }
    return figure;
  }

  [[nodiscard]] const std::vector<sdk::Component>& components() const noexcept override {
    return components_;
  }
  [[nodiscard]] torch::Tensor in_units(const torch::Tensor& prediction) const override {
    return 100.0 * torch::softmax(prediction.to(torch::kFloat32), 0).slice(0, 1, 2);
  }

 private:
  /// Whether these are the label's shares, not logits.
  static bool is_label(const torch::Tensor& values) {
    return values.min().item<float>() == 0.0F && values.max().item<float>() == 1.0F;
  }

  [[nodiscard]] torch::Tensor judge(const torch::Tensor& prediction,
                                    const torch::Tensor& target) const override {
    return prediction.argmax(1, true).eq(target.argmax(1, true)).to(torch::kFloat32) * 100.0;
  }

  /// values: the label, or logits, drawn as their softmax.
  [[nodiscard]] torch::Tensor draw_values(const torch::Tensor& values) const override {
    return sdk::draw_bars(is_label(values) ? values : torch::softmax(values, 0), side());
  }

  std::vector<sdk::Component> components_{{"match", "%"}};
};

}  // namespace

TASKONOMY_EXPORT_TASK(PointMatching, "point_matching", "Whether two image centres are one point")
