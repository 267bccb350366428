// What the checks work on: examples of made-up samples, one by one and joined to batches with predictions,
// and decoders with what they are fed.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include <taskonomy/sdk/testing.hpp>

namespace taskonomy::sdk::testing {

/// The task's example of a sample, with a generator of its own.
[[nodiscard]] Example example_of(const Task& task, const Sample& sample, std::uint64_t seed = 3);
/// The same with the subject's shared task.
[[nodiscard]] Example example_of(const Subject& subject, const Sample& sample, std::uint64_t seed = 3);

/// The sample once for each way in which the task may find its labels: with everything, and with the first
/// modality of each list of alternatives taken away.
[[nodiscard]] std::vector<Sample> variants(const Subject& subject, const Sample& sample);

/// A record's shape with -1 replaced by the image's height, then its width.
[[nodiscard]] std::vector<std::int64_t> shape_of(const TensorSpec& spec, std::int64_t height,
                                                 std::int64_t width);

/// Examples of B different samples, joined, with random predictions in the record's range.
struct Batch {
  torch::Tensor prediction;  ///< float32 [B,...]
  torch::Tensor target;      ///< [B,...]
  torch::Tensor mask;        ///< [B,...] or undefined; of a pixel mask the upper third is false
};
constexpr std::int64_t kImages = 3;  ///< of an ordinary batch
[[nodiscard]] Batch make_batch(const Subject& subject, std::int64_t images);

/// Images `order` of a batch, in that order.
[[nodiscard]] Batch picked(const Batch& batch, const std::vector<std::int64_t>& order);
/// Where the mask is false, bool, with as many dimensions as values [B,...], to be broadcast to them.
[[nodiscard]] torch::Tensor hidden_places(const Batch& batch, const torch::Tensor& values);

/// Throws NotApplicable where the record says that there is no mask.
void require_mask(const Subject& subject);
/// A batch with something hidden in every kind of mask; throws as require_mask().
[[nodiscard]] Batch partly_hidden(const Subject& subject);
/// The batch with NaN (an integral target: 127) in the target under the mask.
[[nodiscard]] Batch poisoned(const Batch& batch);

/// The task's loss [B], without a graph.
[[nodiscard]] torch::Tensor loss_of(const Subject& subject, const Batch& batch);
/// The same for checks that take loss.per_image and loss.finite for granted. Throws std::runtime_error where the
/// loss of this batch is not finite or not [B].
[[nodiscard]] torch::Tensor sound_loss_of(const Subject& subject, const Batch& batch);
/// Gradient of the summed loss with respect to the prediction; undefined where none reaches it.
[[nodiscard]] torch::Tensor gradient_of(const Subject& subject, const Batch& batch);

/// The best possible prediction: the target itself; for shares that sum to 1 over the channels, their
/// logarithm; for class ids, 20 at the right channel and 0 elsewhere. Nothing where the record does not tell
/// which.
[[nodiscard]] std::optional<torch::Tensor> best_prediction(const Subject& subject, const Batch& batch);

/// Representations [B,views*C,h,w] for a decoder, standard normal; another seed, others.
[[nodiscard]] torch::Tensor representations(const DecoderConfig& config, std::int64_t images,
                                            std::uint64_t seed = 21);

/// A decoder with weights drawn from this seed, in training mode. Throws std::runtime_error where the task
/// makes none.
[[nodiscard]] std::shared_ptr<Decoder> seeded_decoder(const Subject& subject, const DecoderConfig& config,
                                                      std::uint64_t seed = 1);

/// The prediction in evaluation mode, without a graph; leaves the decoder in evaluation mode.
[[nodiscard]] torch::Tensor prediction_of(Decoder& decoder, const torch::Tensor& representation);

}  // namespace taskonomy::sdk::testing
