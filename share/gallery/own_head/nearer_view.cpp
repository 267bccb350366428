// Nearer view: which of two cameras is nearer to the point that both look at, and by how much. Shows a decoder of
// a task's own: exchanging the views turns the label's sign, and this decoder's answer with it, whatever it learned.
//
//   label       float32 [1]: log of (distance from the second camera / distance from the first), both to the point
//               at the images' centres; above 0 where the first camera is nearer
//   input       the two plain images; one encoder for both
//   prediction  float32 [1], score(first view) - score(second view); score: 1x1 conv to 64, ReLU, mean over the
//               image, linear without bias
//   loss        mean (prediction - label)^2
//   mask        one per pair: false where a centre has no depth reading
//   metrics     factor: by what factor the ratio of distances is off, %; nearer: pairs whose nearer camera is found, %
//   drawing     a bar for each camera that is nearer by its length
//   parameters  none
//   source      Bromley et al., "Signature Verification using a Siamese Time Delay Neural Network", NeurIPS 1993
#include <torch/nn.h>

#include <taskonomy/sdk/decoder.hpp>
#include <taskonomy/sdk/modality.hpp>
#include <taskonomy/sdk/plugin.hpp>
#include <taskonomy/sdk/toolbox/drawing.hpp>
#include <taskonomy/sdk/vector_task.hpp>

namespace {

using namespace taskonomy;

// One network for both views. A bias behind the mean would cancel in the difference and never be trained.
class NearerDecoder final : public sdk::Decoder {
 public:
  explicit NearerDecoder(std::int64_t channels)
      : look_(register_module("look", torch::nn::Conv2d(torch::nn::Conv2dOptions(channels, kWidth, 1)))),
        score_(register_module("score", torch::nn::Linear(torch::nn::LinearOptions(kWidth, 1).bias(false)))) {
  }

  // [B,2 C,h,w], the first view's channels first -> [B,1].
  torch::Tensor forward(const torch::Tensor& representation) override {
    const auto views = representation.chunk(2, 1);
    return score_of(views[0]) - score_of(views[1]);
  }

 private:
  static constexpr std::int64_t kWidth = 64;

  torch::Tensor score_of(const torch::Tensor& view) {
    return score_->forward(torch::relu(look_->forward(view)).mean({2, 3}));
  }

  torch::nn::Conv2d look_;
  torch::nn::Linear score_;
};

sdk::TaskInfo describe() {
  sdk::TaskInfo info = sdk::vector_task_info("nearer_view", "Nearer view", "geometric", 1);
  info.reference = "Bromley et al., NeurIPS 1993";
  info.view_kind = sdk::ViewKind::fixated_pair;
  info.modalities.emplace_back("depth_zbuffer");
  return info;
}

// VectorTask brings loss and mask; its decoder is replaced.
class NearerView final : public sdk::VectorTask {
 public:
  explicit NearerView(const sdk::TaskContext& context)
      : VectorTask(describe(), context.side, {{"factor", "%", false}, {"nearer", "%", true}}) {}

  [[nodiscard]] std::shared_ptr<sdk::Decoder> make_decoder(const sdk::DecoderConfig& config) const override {
    return std::make_shared<NearerDecoder>(config.in_channels);
  }

  [[nodiscard]] sdk::Example make_example(const sdk::Sample& sample, torch::Generator&) const override {
    const torch::Tensor depth = sdk::require_pixels(sample, "depth_zbuffer", 1);  // [2,1,H,W], m
    // On the optical axis depth is distance.
    const torch::Tensor centres = depth.select(3, depth.size(3) / 2).select(2, depth.size(2) / 2).flatten();
    const bool known = (torch::isfinite(centres) & (centres > 0.0)).all().item<bool>();
    return sdk::vector_example(torch::log(centres[1] / centres[0]).reshape({1}), known);
  }

 private:
  [[nodiscard]] torch::Tensor judge(const torch::Tensor& prediction,
                                    const torch::Tensor& target) const override {
    constexpr double kMost =
        10.0;  // a factor of 22,000: beyond it exp() of a wild prediction would be infinite
    const torch::Tensor factor = (torch::exp((prediction - target).abs().clamp_max(kMost)) - 1.0) * 100.0;
    const torch::Tensor right = prediction.gt(0.0).eq(target.gt(0.0)).to(torch::kFloat32) * 100.0;
    return torch::cat({factor, right}, 1);
  }

  [[nodiscard]] torch::Tensor draw_values(const torch::Tensor& values) const override {
    return sdk::draw_bars(torch::cat({values, -values}).clamp_min(0.0), side());
  }
};

}  // namespace

TASKONOMY_EXPORT_TASK(NearerView, "nearer_view", "Which of two cameras is nearer to what both look at")
