#include <taskonomy/sdk/pixel_task.hpp>

#include <limits>
#include <utility>

#include <taskonomy/sdk/augment.hpp>
#include <taskonomy/sdk/decoder.hpp>
#include <taskonomy/sdk/figure.hpp>
#include <taskonomy/sdk/losses.hpp>
#include <taskonomy/sdk/toolbox/drawing.hpp>

namespace taskonomy::sdk {

PixelTask::PixelTask(TaskInfo info) : info_(std::move(info)) {}
PixelTask::~PixelTask() = default;

std::shared_ptr<Decoder> PixelTask::make_decoder(const DecoderConfig& config) const {
  const bool bounded = info_.prediction.low == -1.0 && info_.prediction.high == 1.0;
  return make_pixel_decoder(config, info_.prediction.shape.at(0), bounded ? Range::tanh : Range::unbounded);
}

torch::Tensor PixelTask::loss(const torch::Tensor& prediction, const torch::Tensor& target,
                              const torch::Tensor& mask) const {
  return l1_loss(prediction, target, mask);
}

const void* PixelTask::extension(std::string_view id) const noexcept {
  if (id == Visualize::kId) return static_cast<const Visualize*>(this);
  // Null unless derived from them publicly.
  if (id == Metrics::kId) return dynamic_cast<const Metrics*>(this);
  if (id == Illustrate::kId) return dynamic_cast<const Illustrate*>(this);
  if (id == PooledMetrics::kId) return dynamic_cast<const PooledMetrics*>(this);
  if (id == EncoderInput::kId) return dynamic_cast<const EncoderInput*>(this);
  if (id == Redraw::kId) return dynamic_cast<const Redraw*>(this);
  if (id == Augment::kId) return dynamic_cast<const Augment*>(this);
  if (id == NoneIsAnswer::kId) return dynamic_cast<const NoneIsAnswer*>(this);
  return nullptr;
}

torch::Tensor PixelTask::draw(const torch::Tensor& values, const torch::Tensor& mask) const {
  const double low = info_.target.low, high = info_.target.high;
  return values.size(0) == 3 ? draw_rgb(values, low, high, mask)
                             : draw_grey(values.slice(0, 0, 1), low, high, mask);
}

TaskInfo pixel_task_info(std::string id, std::string title, std::string family, std::int64_t channels,
                         double low, double high) {
  TaskInfo info;
  info.id = std::move(id);
  info.title = std::move(title);
  info.family = std::move(family);
  info.reference = "Zamir et al., Taskonomy, CVPR 2018";
  info.modalities = {"rgb"};
  info.target = {{channels, -1, -1}, torch::kFloat32, low, high};
  info.prediction = info.target;
  // Only tanh bounds what a decoder can say.
  if (low != -1.0 || high != 1.0) {
    info.prediction.high = std::numeric_limits<double>::infinity();
    info.prediction.low = -info.prediction.high;
  }
  return info;
}

}  // namespace taskonomy::sdk
