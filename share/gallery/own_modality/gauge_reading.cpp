// Gauge reading: what a gauge reads, a number. Shows a task on a modality that only one dataset offers.
//
//   label       float32 [1], whitened: the reading, bar
//   input       the plain image
//   prediction  float32 [1], whitened
//   loss        mean (prediction - label)^2
//   mask        one per image: false where there is no reading. 0 bar is one.
//   metrics     error: |difference|, bar
//   drawing     a bar
//   parameters  mean, deviation (a number each): of readings, before whitening
//   source      your own gauges
#include <taskonomy/sdk/components.hpp>
#include <taskonomy/sdk/plugin.hpp>
#include <taskonomy/sdk/toolbox/drawing.hpp>
#include <taskonomy/sdk/vector_task.hpp>

namespace {

using namespace taskonomy;

sdk::TaskInfo describe() {
  sdk::TaskInfo info = sdk::vector_task_info("gauge_reading", "Gauge reading", "own", 1);
  info.reference = "your own gauges";
  info.modalities.emplace_back("reading");  // the dataset `gauges` offers it
  return info;
}

class GaugeReading final : public sdk::VectorTask, public sdk::Components {
 public:
  explicit GaugeReading(const sdk::TaskContext& context)
      : VectorTask(describe(), context.side, {{"error", "bar", false}}),
        whitening_(context.params, {2.0}, {1.0}) {}

  [[nodiscard]] sdk::Example make_example(const sdk::Sample& sample, torch::Generator&) const override {
    const torch::Tensor reading = sdk::require_numbers(sample, "reading", {1});
    return sdk::vector_example(whitening_.whiten(reading), torch::isfinite(reading).all().item<bool>());
  }

  [[nodiscard]] const std::vector<sdk::Component>& components() const noexcept override {
    return components_;
  }
  [[nodiscard]] torch::Tensor in_units(const torch::Tensor& prediction) const override {
    return whitening_.restore(prediction);
  }

 private:
  [[nodiscard]] torch::Tensor judge(const torch::Tensor& prediction,
                                    const torch::Tensor& target) const override {
    return (whitening_.restore(prediction) - whitening_.restore(target)).abs();
  }

  [[nodiscard]] torch::Tensor draw_values(const torch::Tensor& values) const override {
    return sdk::draw_bars(whitening_.restore(values).clamp_min(0.0), side());
  }

  sdk::Whitening whitening_;
  std::vector<sdk::Component> components_{{"reading", "bar"}};
};

}  // namespace

TASKONOMY_EXPORT_TASK(GaugeReading, "gauge_reading", "What a gauge reads")
