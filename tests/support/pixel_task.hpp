// A task for tests of networks: one number per pixel.
#pragma once

#include <memory>

#include <taskonomy/sdk/decoder.hpp>
#include <taskonomy/sdk/task.hpp>

namespace taskonomy::tests {

/// Predicts one number per pixel; its loss is the mean absolute or the mean squared difference.
class PixelTask : public sdk::Task {
 public:
  explicit PixelTask(bool squared = false, bool trained = true) : squared_(squared) {
    info_.id = "pixel";
    info_.target.shape = info_.prediction.shape = {1, -1, -1};
    info_.trained = trained;
  }
  const sdk::TaskInfo& info() const noexcept override { return info_; }
  sdk::Example make_example(const sdk::Sample&, torch::Generator&) const override { return {}; }
  std::shared_ptr<sdk::Decoder> make_decoder(const sdk::DecoderConfig& config) const override {
    return sdk::make_pixel_decoder(config, 1);
  }
  torch::Tensor loss(const torch::Tensor& prediction, const torch::Tensor& target,
                     const torch::Tensor&) const override {
    const auto difference = prediction - target;
    return (squared_ ? difference.square() : difference.abs()).flatten(1).mean(1);
  }

 private:
  bool squared_;
  sdk::TaskInfo info_;
};

}  // namespace taskonomy::tests
