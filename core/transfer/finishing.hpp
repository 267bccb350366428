// After the comparison: a transfer that was chosen is trained on until its loss stops falling and, if asked, its
// encoders with it.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <taskonomy/sdk/task.hpp>

#include "core/network/encoder.hpp"
#include "core/network/weights.hpp"
#include "core/transfer/transfer_network.hpp"

namespace taskonomy::transfer {

/// Names of the metadata and of the weights of a finished transfer's file: with it, encoders of its own
/// ("encoder_0.*", in the order of its sources) stand beside the transfer ("transfer.*"); without, the transfer alone.
inline constexpr const char* kTuned = "tuned";

/// A transfer with encoders of its own, as one network on images.
class TunedTransfer : public torch::nn::Module {
 public:
  /// `shown_by`: for each source the task whose encoder it is, which shows it images its own way (TaskEncoder); null
  /// where images are shown as they are. The tasks outlive it. To be filled with weights.
  TunedTransfer(const recipe::Recipe& recipe, const sdk::Task& target,
                std::vector<std::shared_ptr<const sdk::Task>> shown_by);
  /// images [B*V,3,H,W] in [-1,1] -> prediction [B,...], float32.
  torch::Tensor forward(const torch::Tensor& images);
  /// In the order of the sources.
  [[nodiscard]] const std::vector<std::shared_ptr<network::Encoder>>& encoders() const { return encoders_; }
  [[nodiscard]] TransferNetwork& transfer() { return *transfer_; }
  [[nodiscard]] const std::shared_ptr<TransferNetwork>& shared_transfer() const { return transfer_; }

 private:
  std::vector<std::shared_ptr<const sdk::Task>> shown_by_;
  std::vector<std::shared_ptr<network::Encoder>> encoders_;
  std::shared_ptr<TransferNetwork> transfer_;
};

/// Goes on with a transfer from the weights in `network`, at frozen encoders, on nine tenths of the transfer split until
/// the loss on the last tenth stops falling, at most four times options.steps. The weights that it began with stay where
/// nothing lowered that loss, so that going on never makes it worse there. The same seed gives the same weights. Throws
/// Error as train_transfer().
[[nodiscard]] training::Summary finish_transfer(TransferNetwork& network, const sdk::Task& target,
                                                const FeatureSet& features, const data::ExampleSet& examples,
                                                const TransferTraining& training);

/// How a tuned transfer went and what it is worth.
struct TrainedTuned {
  training::Summary summary;
  training::TestScores scores;
};

/// The same of all of `network`, its encoders at `encoder_rate` times the rate, on images, which are augmented as
/// options.augment says; then judges it on the test split.
[[nodiscard]] TrainedTuned tune_transfer(TunedTransfer& network, const sdk::Task& target,
                                         const data::ExampleSet& examples, const TransferTraining& training,
                                         double encoder_rate);

}  // namespace taskonomy::transfer
