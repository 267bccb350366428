#include "core/transfer/features.hpp"

#include "core/base/error.hpp"

namespace taskonomy::transfer {

namespace {

torch::Tensor encode(network::Encoder& encoder, const data::ExampleSet& examples, data::Split split,
                     std::int64_t batch, const network::Hardware& hardware) {
  std::vector<torch::Tensor> pieces;
  for (const auto& indices : torch::arange(examples.size(split)).split(batch)) {
    const network::Autocast autocast(hardware);
    pieces.push_back(encoder.forward(examples.inputs(split, indices, hardware.device))
                         .to(torch::kCPU, torch::kFloat16)
                         .contiguous());
  }
  return torch::cat(pieces).unflatten(0, {-1, examples.views()});
}

}  // namespace

std::int64_t write_features(const std::filesystem::path& path, network::Encoder& encoder,
                            const data::ExampleSet& examples, std::int64_t batch,
                            const network::Hardware& hardware, const std::string& made_from,
                            const data::NamedTensors& beside) {
  const torch::NoGradGuard no_grad;
  encoder.eval();
  const auto transfer = encode(encoder, examples, data::Split::transfer, batch, hardware);
  const auto test = encode(encoder, examples, data::Split::test, batch, hardware);
  const auto values = transfer.to(torch::kFloat32);
  if (!values.isfinite().all().item<bool>())
    throw base::Error(
        "the encoder gives representations beyond half precision; train it again with a lower learning_rate");
  data::NamedTensors tensors{{"transfer", transfer},
                             {"test", test},
                             {"mean", values.mean({0, 1, 3, 4})},
                             {"deviation", values.std({0, 1, 3, 4}, false)}};
  tensors.insert(beside.begin(), beside.end());
  data::save_tensors(path, tensors, {{"made_from", made_from}});
  return transfer.size(0) + test.size(0);
}

FeatureSet::FeatureSet(const std::vector<std::filesystem::path>& files) {
  std::vector<torch::Tensor> means, deviations;
  for (const auto& path : files) {
    const data::TensorFile file(path);
    sources_.push_back({file.at("transfer"), file.at("test")});
    means.push_back(file.at("mean"));
    deviations.push_back(file.at("deviation"));
    const auto& first = sources_.front();
    const auto& last = sources_.back();
    if (last.transfer.dim() != 5 || last.transfer.sizes() != first.transfer.sizes() ||
        last.test.sizes() != first.test.sizes())
      throw base::Error(path.string() + ": holds features of another number or size than " +
                        files.front().string());
  }
  mean_ = torch::cat(means).view({1, -1, 1, 1});
  deviation_ = torch::cat(deviations).view({1, -1, 1, 1});
}

std::int64_t FeatureSet::channels() const { return mean_.size(1); }
std::int64_t FeatureSet::views() const { return sources_.front().transfer.size(1); }

torch::Tensor FeatureSet::batch(data::Split split, const torch::Tensor& indices, torch::Device device) const {
  std::vector<torch::Tensor> parts;
  for (const auto& source : sources_)
    parts.push_back(
        (split == data::Split::test ? source.test : source.transfer).index_select(0, indices).flatten(0, 1));
  const auto joined = parts.size() == 1 ? parts.front() : torch::cat(parts, 1);
  return joined.to(device).to(torch::kFloat32).contiguous(torch::MemoryFormat::ChannelsLast);
}

}  // namespace taskonomy::transfer
