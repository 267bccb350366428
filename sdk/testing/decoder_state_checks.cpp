// decoder.*: the state of a decoder: seeds, weights that are kept and restored, modes, types.
#include <exception>
#include <sstream>
#include <string>

#include <torch/serialize.h>

#include "batch.hpp"
#include "checks.hpp"

namespace taskonomy::sdk::testing {

namespace {

Finding deterministic(Subject& subject) {
  Problems problems;
  const DecoderConfig config = subject.decoder_config();
  const auto first = seeded_decoder(subject, config, 5);
  const auto again = seeded_decoder(subject, config, 5);
  const auto weights = first->named_parameters(), repeated = again->named_parameters();
  const auto others = seeded_decoder(subject, config, 6)->named_parameters();
  bool differs = false;
  for (const auto& parameter : weights) {
    const auto* repetition = repeated.find(parameter.key());
    problems.expect(repetition != nullptr && same(parameter.value(), *repetition),
                    parameter.key() + " differs for the same seed");
    const auto* other = others.find(parameter.key());
    differs = differs || other == nullptr || !same(parameter.value(), *other);
  }
  problems.expect(differs, "another seed gives the same weights");
  const torch::Tensor input = representations(config, kImages);
  const torch::Tensor prediction = prediction_of(*first, input);
  problems.expect(same(prediction, prediction_of(*first, input)),
                  "the same decoder predicts something else the second time");
  problems.expect(same(prediction, prediction_of(*again, input)),
                  "two decoders with the same weights predict " +
                      text_of(distance(prediction, prediction_of(*again, input))) + " apart");
  return problems.finding();
}

/// Copies parameters and buffers by name, as the host does with the weights that it keeps.
void copy_state(const Decoder& from, Decoder& to, Problems& problems) {
  const torch::NoGradGuard no_grad;
  const auto copy = [&](const auto& sources, const auto& destinations, const std::string& kind) {
    problems.expect(sources.size() == destinations.size(),
                    "two decoders of one configuration have " + std::to_string(sources.size()) + " and " +
                        std::to_string(destinations.size()) + " " + kind);
    for (const auto& item : sources) {
      const torch::Tensor* destination = destinations.find(item.key());
      const bool fits = destination != nullptr && destination->sizes() == item.value().sizes();
      if (problems.expect(fits, kind + " \"" + item.key() + "\" has no counterpart")) {
        torch::Tensor(*destination).copy_(item.value());
      }
    }
  };
  copy(from.named_parameters(), to.named_parameters(), "parameters");
  copy(from.named_buffers(), to.named_buffers(), "buffers");
}

Finding state_round_trip(Subject& subject) {
  Problems problems;
  const DecoderConfig config = subject.decoder_config();
  const auto trained = seeded_decoder(subject, config, 1), restored = seeded_decoder(subject, config, 2);
  const torch::Tensor input = representations(config, kImages);
  {
    const torch::NoGradGuard no_grad;
    trained->forward(input);  // in training mode: running statistics are state, too
  }
  copy_state(*trained, *restored, problems);
  const double apart = distance(prediction_of(*trained, input), prediction_of(*restored, input));
  problems.expect(apart == 0.0, "restored from its parameters and buffers the decoder predicts " +
                                    text_of(apart) + " away");
  return problems.finding();
}

/// What save() writes; without a decoder, an archive that holds nothing.
std::string archive_of(const Decoder* decoder) {
  torch::serialize::OutputArchive archive;
  if (decoder != nullptr) decoder->save(archive);
  std::ostringstream stream;
  archive.save_to(stream);
  return stream.str();
}

/// Shapes of all parameters, in their order.
std::string shapes_of(const Decoder& decoder) {
  std::string text;
  for (const auto& parameter : decoder.parameters()) text += text_of(parameter.sizes());
  return text;
}

/// Whether a decoder refuses the archive when it loads it, or at the latest when it should predict.
bool refuses(Decoder& decoder, const std::string& bytes, const torch::Tensor& input) {
  try {
    std::istringstream stream(bytes);
    torch::serialize::InputArchive archive;
    archive.load_from(stream);
    decoder.load(archive);
    (void)prediction_of(decoder, input);
  } catch (const std::exception&) {
    return true;
  }
  return false;
}

Finding corrupt_state(Subject& subject) {
  Problems problems;
  const DecoderConfig config = subject.decoder_config(8);
  const torch::Tensor input = representations(config, kImages);
  const auto whole = seeded_decoder(subject, config);
  problems.expect(!refuses(*seeded_decoder(subject, config), archive_of(whole.get()), input),
                  "the decoder refuses a state that another one saved");
  problems.expect(refuses(*seeded_decoder(subject, config), archive_of(nullptr), input),
                  "a state without any weights is taken");
  const auto wide = seeded_decoder(subject, subject.decoder_config(16));
  // A decoder that looks the same for any number of channels has nothing to refuse.
  problems.expect(shapes_of(*wide) == shapes_of(*whole) ||
                      refuses(*seeded_decoder(subject, config), archive_of(wide.get()), input),
                  "the weights of a decoder for 16 channels are taken by one for 8");
  return problems.finding();
}

Finding train_eval(Subject& subject) {
  Problems problems;
  const DecoderConfig config = subject.decoder_config();
  const auto decoder = seeded_decoder(subject, config);
  const torch::Tensor input = representations(config, kImages);
  for (const bool training : {false, true, false}) {
    decoder->train(training);
    for (const auto& module : decoder->named_modules()) {
      problems.expect(
          module.value()->is_training() == training,
          "module \"" + module.key() + "\" does not follow train(" + (training ? "true" : "false") + ")");
    }
  }
  std::vector<torch::Tensor> before;
  for (const auto& buffer : decoder->buffers()) before.push_back(buffer.clone());
  const torch::Tensor together = prediction_of(*decoder, input);
  const auto after = decoder->buffers();
  for (std::size_t index = 0; index < before.size() && index < after.size(); ++index) {
    problems.expect(same(before[index], after[index]), "a prediction in evaluation mode changes a buffer");
  }
  const torch::Tensor fewer = prediction_of(*decoder, input.slice(0, 0, kImages - 1));
  const double apart = distance(fewer, together.slice(0, 0, kImages - 1));
  problems.expect(apart <= 1e-4 * (1.0 + together.abs().max().item<double>()),
                  "in evaluation mode the prediction for an image moves by " + text_of(apart) +
                      " when the batch has another image");
  return problems.finding();
}

Finding other_dtype(Subject& subject) {
  Problems problems;
  const DecoderConfig config = subject.decoder_config();
  const auto decoder = seeded_decoder(subject, config);
  const torch::Tensor input = representations(config, kImages);
  const torch::Tensor single = prediction_of(*decoder, input);
  decoder->to(torch::kFloat64);
  const torch::Tensor twice = prediction_of(*decoder, input.to(torch::kFloat64));
  problems.expect(twice.scalar_type() == torch::kFloat64,
                  "moved to float64 the decoder predicts " + text_of(twice));
  const double apart = distance(single, twice);
  problems.expect(apart <= 1e-3 * (1.0 + single.abs().max().item<double>()),
                  "moved to float64 the decoder predicts " + text_of(apart) + " away");
  return problems.finding();
}

}  // namespace

std::vector<Check> decoder_state_checks() {
  return {
      make_check(
          "decoder.deterministic", Level::full,
          "the same seed gives the same weights and predictions, another seed other weights",
          "draw weights from LibTorch's default generator only; no time, address or std::random_device",
          deterministic),
      make_check(
          "decoder.state_round_trip", Level::full,
          "parameters and buffers are all of a decoder's state: the host keeps and restores nothing else",
          "register every tensor with register_parameter() or register_buffer(), every layer with "
          "register_module()",
          state_round_trip),
      make_check("decoder.corrupt_state", Level::full,
                 "a saved state that lacks weights or has others is refused, not half loaded",
                 "do not override load() and save(), or throw where a tensor is missing or does not fit",
                 corrupt_state),
      make_check("decoder.train_eval", Level::full,
                 "in evaluation mode a prediction depends on its image alone and changes nothing",
                 "register layers with register_module(), so that train() and eval() reach them; use running "
                 "statistics in evaluation mode",
                 train_eval),
      make_check("decoder.other_dtype", Level::full,
                 "the decoder moves as a whole to another type, as it must to another device",
                 "register every tensor; make new ones with representation.options(), not with a fixed type",
                 other_dtype),
  };
}

}  // namespace taskonomy::sdk::testing
