// Colorization: the colours of an image of which only the lightness is shown.
//
//   label       int8 [2,H/4,W/4]: a* and b* of CIELAB, mean over squares of 4 x 4 pixels, rounded
//               to whole units
//               The loss spreads each colour over the ten nearest of Q = 261 bins of side 10 (ab_bins.hpp),
//               with Gaussian weights of sigma 5. Labels are kept as colours because these take 2 bytes a
//               pixel, not Q numbers.
//   input       the task's own, float32 [1,3,H,W]: L* scaled from 0..100 to [-1,1], in all three channels
//               Transfers show the encoder the lightness alone, too.
//   prediction  float32 [Q,H/4,W/4], logits of the bins
//   loss        mean over pixels of w * -sum over bins of share * log softmax(prediction); w = 1 unless
//               `rebalance` is set
//   mask        none
//   metrics     ab_error: mean distance of predicted and true colour in the a*b* plane, CIELAB units;
//               within_10: % of pixels with a distance of at most 10. The predicted colour is the mean of
//               the bins' centres under softmax(prediction / 0.38), the annealed mean of Zhang et al.
//   drawing     the colours at constant lightness
//   role        source only
//   parameters  rebalance (false): let rare colours weigh more: w by the rarity of the nearest bin. Set it
//                 for vivid colours; without it the network learns the greyish mean of rooms.
//               mean_chroma (11 CIELAB units; above 0): mean chroma sqrt(a*^2 + b*^2) of the prior that
//                 says what is rare. 11.3 was measured on the labels of rendered rooms at 64 px.
//   differs     The reference uses 313 bins, some of which no sRGB colour reaches, always rebalances, puts
//               tanh on the logits, and adds 0.01 of a conditional GAN's loss.
//   source      Zamir et al., "Taskonomy", CVPR 2018, task "Colorization"; Zhang, Isola, Efros, "Colorful
//               Image Colorization", ECCV 2016
#include <cmath>
#include <vector>

#include <taskonomy/sdk/augment.hpp>
#include <taskonomy/sdk/figure.hpp>
#include <taskonomy/sdk/metrics.hpp>
#include <taskonomy/sdk/modality.hpp>
#include <taskonomy/sdk/pixel_task.hpp>
#include <taskonomy/sdk/plugin.hpp>
#include <taskonomy/sdk/toolbox/colour.hpp>
#include <taskonomy/sdk/toolbox/drawing.hpp>

#include "ab_bins.hpp"

namespace {

using namespace taskonomy;

constexpr std::int64_t kCoarser = 4;  // label pixels are this many image pixels wide

sdk::TaskInfo describe(std::int64_t bins, std::int64_t side) {
  sdk::TaskInfo info =
      sdk::pixel_task_info("colorization", "Colorization", "self-supervised", bins, 0.0, 1.0);
  const std::int64_t coarse = side / kCoarser;
  info.role = sdk::Role::source;
  info.input = sdk::InputKind::own;
  info.target = {{2, coarse, coarse},
                 torch::kInt8,
                 -static_cast<double>(colorization::kMostChroma),
                 static_cast<double>(colorization::kMostChroma)};
  info.prediction = {{bins, coarse, coarse}, torch::kFloat32, -INFINITY, INFINITY};
  info.label_cost = 0.0;  // computed from the image
  return info;
}

/// What all tasks of a process share, because its tables grow large.
struct Gamut {
  torch::Tensor bins = colorization::gamut_bins();  ///< [Q,2]
  colorization::SoftCode code{bins};
};

const Gamut& gamut() {
  static const Gamut made;
  return made;
}

class Colorization final : public sdk::PixelTask,
                           public sdk::Metrics,
                           public sdk::Illustrate,
                           public sdk::EncoderInput,
                           public sdk::Augment {
 public:
  explicit Colorization(const sdk::TaskContext& context)
      : PixelTask(describe(gamut().bins.size(0), context.side)), side_(context.side) {
    const bool rebalance = context.params.flag("rebalance", false);
    const double mean_chroma = context.params.real("mean_chroma", 11.0, 1e-3, 1e3);
    if (rebalance) weights_ = colorization::rarity_weights(gamut_.bins, mean_chroma);
  }

  [[nodiscard]] sdk::Example make_example(const sdk::Sample& sample, torch::Generator&) const override {
    const torch::Tensor lab = sdk::lab_from_rgb(sdk::require_view(sample, "rgb", 3).unsqueeze(0));
    sdk::Example example;
    example.input = shown(lab);
    example.target = label_of(lab)[0];
    return example;
  }

  [[nodiscard]] sdk::Example augment(const sdk::Example&, const sdk::Augmentation& how) const override {
    const torch::Tensor lab = sdk::lab_from_rgb((how.images + 1.0) * 127.5);
    sdk::Example example;
    example.input = shown(lab).unsqueeze(1);
    example.target = label_of(lab);
    return example;
  }

  [[nodiscard]] torch::Tensor encoder_input(const torch::Tensor& images) const override {
    return shown(sdk::lab_from_rgb((images + 1.0) * 127.5));
  }

  [[nodiscard]] std::shared_ptr<sdk::Decoder> make_decoder(const sdk::DecoderConfig& config) const override {
    sdk::DecoderConfig coarse = config;
    coarse.side = config.side / kCoarser;
    return PixelTask::make_decoder(coarse);
  }

  [[nodiscard]] torch::Tensor loss(const torch::Tensor& prediction, const torch::Tensor& target,
                                   const torch::Tensor&) const override {
    const auto code = gamut_.code.of(target);
    torch::Tensor entropy = -(torch::log_softmax(prediction, 1).gather(1, code.bin) * code.share).sum(1);
    if (weights_.defined()) {
      const torch::Tensor nearest = code.bin.select(1, 0);
      entropy =
          entropy * weights_.to(prediction.device()).index_select(0, nearest.flatten()).view_as(nearest);
    }
    return entropy.flatten(1).mean(1);
  }

  [[nodiscard]] const std::vector<sdk::Metric>& metrics() const noexcept override { return metrics_; }
  [[nodiscard]] torch::Tensor measure(const torch::Tensor& prediction, const torch::Tensor& target,
                                      const torch::Tensor&) const override {
    const torch::Tensor error = (colours(prediction) - target).norm(2, 1);
    return torch::stack(
        {sdk::mean_per_image(error, {}), 100.0 * sdk::mean_per_image(error.le(10.0).to(torch::kFloat32), {})},
        1);
  }

  [[nodiscard]] sdk::Figure illustrate(const torch::Tensor& values, const torch::Tensor& mask,
                                       const sdk::Sample&) const override {
    return {.picture = draw(values, mask)};
  }

 protected:
  /// values: colours [2,h,w], or logits [Q,h,w] of which the annealed mean is drawn.
  [[nodiscard]] torch::Tensor draw(const torch::Tensor& values, const torch::Tensor&) const override {
    constexpr double kLightness = 65.0;
    const torch::Tensor ab = (values.is_floating_point() ? colours(values.unsqueeze(0))[0] : values)
                                 .to(torch::kCPU, torch::kFloat32);
    const torch::Tensor lab = torch::cat({torch::full_like(ab.slice(0, 0, 1), kLightness), ab});
    const torch::Tensor picture = sdk::rgb_from_lab(lab).unsqueeze(0);
    return sdk::draw_rgb(torch::upsample_bilinear2d(picture, c10::IntArrayRef{side_, side_}, false)[0], 0.0,
                         255.0);
  }

 private:
  /// L*, a*, b* [B,3,H,W] -> what the network sees of it, [B,3,H,W].
  static torch::Tensor shown(const torch::Tensor& lab) {
    return (lab.slice(1, 0, 1) / 50.0 - 1.0).clamp(-1.0, 1.0).repeat({1, 3, 1, 1});
  }

  /// L*, a*, b* [B,3,H,W] -> the label's colours, int8 [B,2,H/4,W/4].
  static torch::Tensor label_of(const torch::Tensor& lab) {
    const double most = static_cast<double>(colorization::kMostChroma);
    return torch::avg_pool2d(lab.slice(1, 1), kCoarser).round().clamp(-most, most).to(torch::kInt8);
  }

  /// Logits [B,Q,h,w] -> annealed mean a*, b* [B,2,h,w].
  [[nodiscard]] torch::Tensor colours(const torch::Tensor& logits) const {
    constexpr double kTemperature = 0.38;
    const torch::Tensor shares = torch::softmax(logits.to(torch::kFloat32) / kTemperature, 1);
    return torch::einsum("bqhw,qc->bchw", {shares, gamut_.bins.to(logits.device())});
  }

  const Gamut& gamut_ = gamut();
  std::int64_t side_;
  torch::Tensor weights_;  ///< [Q], undefined: all 1
  std::vector<sdk::Metric> metrics_{{"ab_error", "CIELAB", false}, {"within_10", "%", true}};
};

}  // namespace

TASKONOMY_EXPORT_TASK(Colorization, "colorization", "Colours from lightness")
