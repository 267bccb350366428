// Scene classification: what kind of room the image shows.
//
//   label       soft labels over the data set's scene classes, sum 1            float32 [C]
//   input       the plain image
//   prediction  logits [C]
//   loss        -sum over classes of label * log softmax(logits)
//   mask        image: false where all labels are 0 (the data set does not say)
//   parameters  none
//   drawing     one bar per class, as high as its share
//   source      Zamir et al., Taskonomy, CVPR 2018, "Scene classification"
#include <cmath>
#include <sstream>
#include <stdexcept>

#include <taskonomy/sdk/drawing.hpp>
#include <taskonomy/sdk/extensions.hpp>
#include <taskonomy/sdk/losses.hpp>
#include <taskonomy/sdk/modality.hpp>
#include <taskonomy/sdk/plugin.hpp>

namespace {

using namespace taskonomy;

class ClassScene final : public sdk::Task, private sdk::Visualize {
 public:
  explicit ClassScene(const sdk::TaskContext& context) : side_(context.side) {
    const auto names = context.dataset.class_names.find("class_scene");
    if (names == context.dataset.class_names.end() || names->second.size() < 2) {
      throw std::invalid_argument("dataset \"" + context.dataset.id + "\" names no classes of class_scene");
    }
    info_.id = "class_scene";
    info_.title = "Scene classification";
    info_.family = "semantic";
    info_.reference = "Zamir et al., Taskonomy, CVPR 2018";
    info_.modalities = {"rgb", "class_scene"};
    info_.mask = sdk::MaskKind::image;
    info_.target = {{static_cast<std::int64_t>(names->second.size())}, torch::kFloat32, 0.0, 1.0};
    info_.prediction = {info_.target.shape, torch::kFloat32, -INFINITY, INFINITY};
  }

  [[nodiscard]] const sdk::TaskInfo& info() const noexcept override { return info_; }

  [[nodiscard]] sdk::Example make_example(const sdk::Sample& sample, torch::Generator&) const override {
    const torch::Tensor labels = sdk::require(sample, "class_scene").to(torch::kFloat32);
    if (labels.dim() != 2 || labels.size(0) < 1 || labels.size(1) != info_.target.shape[0]) {
      std::ostringstream message;
      message << "sample \"" << sample.id << "\": modality \"class_scene\" has shape " << labels.sizes()
              << ", expected [V," << info_.target.shape[0] << "]";
      throw std::invalid_argument(message.str());
    }
    const torch::Tensor shares =
        torch::where(torch::isfinite(labels[0]), labels[0], torch::zeros({})).clamp_min(0.0);
    const torch::Tensor sum = shares.sum();
    sdk::Example example;
    example.mask = (sum > 0.0).reshape({1});
    example.target = shares / torch::where(example.mask[0], sum, torch::ones({}));
    return example;
  }

  [[nodiscard]] std::shared_ptr<sdk::Decoder> make_decoder(const sdk::DecoderConfig& config) const override {
    return sdk::make_vector_decoder(config, info_.prediction.shape[0]);
  }

  [[nodiscard]] torch::Tensor loss(const torch::Tensor& prediction, const torch::Tensor& target,
                                   const torch::Tensor& mask) const override {
    return sdk::soft_cross_entropy(prediction, target, mask);
  }

  [[nodiscard]] const void* extension(std::string_view id) const noexcept override {
    return id == sdk::Visualize::kId ? static_cast<const sdk::Visualize*>(this) : nullptr;
  }

 private:
  /// values: shares that sum to 1, or logits, drawn as their softmax.
  [[nodiscard]] torch::Tensor draw(const torch::Tensor& values, const torch::Tensor& mask) const override {
    const torch::Tensor numbers = values.to(torch::kFloat32);
    const bool shares = numbers.min().item<float>() >= 0.0F && numbers.sum().item<float>() <= 1.0F + 1e-3F;
    return sdk::draw_bars(shares ? numbers : torch::softmax(numbers, 0), side_, mask);
  }

  sdk::TaskInfo info_;
  std::int64_t side_;
};

}  // namespace

TASKONOMY_EXPORT_TASK(ClassScene, "class_scene", "Kind of room")
