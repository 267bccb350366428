#include "core/transfer/features.hpp"

#include <algorithm>

#include "core/base/error.hpp"

namespace taskonomy::transfer {

namespace {

/// Representations of all images of a split, float16 [N,V,C,h,w] on the CPU.
torch::Tensor encode_split(network::Encoder& encoder, const data::ExampleSet& examples, data::Split split,
                           const training::Evaluation& evaluation) {
  std::vector<torch::Tensor> pieces;
  for (const auto& indices : torch::arange(examples.size(split)).split(evaluation.batch)) {
    const network::Autocast autocast(evaluation.hardware);
    pieces.push_back(encoder.forward(examples.inputs(split, indices, evaluation.hardware.device))
                         .to(torch::kCPU, torch::kFloat16)
                         .contiguous());
  }
  return torch::cat(pieces).unflatten(0, {-1, examples.views()});
}

/// Variances below this share of the largest are rounding noise of float32 features.
constexpr double kNoise = 1e-10;

/// Sums of x and x x' over places, float64.
struct Moments {
  torch::Tensor sum, products;  ///< [K], [K,K]
  double count = 0.0;

  void add(const torch::Tensor& places) {  // [n,K]
    if (!sum.defined()) {
      sum = torch::zeros({places.size(1)}, places.options());
      products = torch::zeros({places.size(1), places.size(1)}, places.options());
    }
    sum += places.sum(0);
    products.addmm_(places.t(), places);
    count += static_cast<double>(places.size(0));
  }
};

/// Moments of the features at all places of the fitting images.
Moments moments_of(network::PretrainedEncoder& encoder, const data::ExampleSet& examples,
                   const training::Evaluation& evaluation) {
  Moments moments;
  if (examples.size(data::Split::transfer) == 0) throw base::Error("the transfer split has no image");
  const auto chosen =
      torch::tensor(data::pick_evenly(examples.size(data::Split::transfer), kFittingImages), torch::kInt64);
  for (const auto& indices : chosen.split(evaluation.batch)) {
    const auto maps =
        encoder.features(examples.inputs(data::Split::transfer, indices, evaluation.hardware.device));
    if (maps.size(1) > kMostFeatures)
      throw base::Error(
          "the network gives " + std::to_string(maps.size(1)) + " features, at most " +
          std::to_string(kMostFeatures) +
          " can be projected; choose an earlier output, or a feature map instead of a flat one");
    moments.add(maps.permute({0, 2, 3, 1}).flatten(0, 2).to(torch::kFloat64));
  }
  return moments;
}

/// Turns each column so that its largest component is positive: eigenvectors have no sign of their own.
torch::Tensor fix_signs(const torch::Tensor& vectors) {
  const auto largest = vectors.gather(0, vectors.abs().argmax(0, /*keepdim=*/true));
  return vectors * largest.sign();
}

}  // namespace

std::int64_t write_features(const FeatureFile& file, network::Encoder& encoder,
                            const data::ExampleSet& examples, const training::Evaluation& evaluation) {
  const torch::NoGradGuard no_grad;
  encoder.eval();
  const auto transfer = encode_split(encoder, examples, data::Split::transfer, evaluation);
  const auto test = encode_split(encoder, examples, data::Split::test, evaluation);
  const auto values = transfer.to(torch::kFloat32);
  if (!values.isfinite().all().item<bool>())
    throw base::Error(
        "the encoder gives representations beyond half precision; train it again with a lower learning_rate");
  data::NamedTensors tensors{{"transfer", transfer},
                             {"test", test},
                             {"mean", values.mean({0, 1, 3, 4})},
                             {"deviation", values.std({0, 1, 3, 4}, false)}};
  tensors.insert(file.beside.begin(), file.beside.end());
  data::save_tensors(file.path, tensors, {{"made_from", file.made_from}});
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

network::Projection fit_projection(network::PretrainedEncoder& encoder, const data::ExampleSet& examples,
                                   std::int64_t channels, const training::Evaluation& evaluation) {
  const torch::NoGradGuard no_grad;
  const Moments moments = moments_of(encoder, examples, evaluation);
  const auto mean = moments.sum / moments.count;
  const auto covariance = (moments.products / moments.count - torch::outer(mean, mean)).cpu();
  const auto [variances, vectors] = torch::linalg_eigh(covariance, "L");  // ascending
  const double largest = variances[-1].item<double>();
  if (!(largest > kNoise * mean.square().sum().item<double>()))
    throw base::Error("the network gives the same features for every image");

  const std::int64_t kept = std::min(channels, variances.size(0));
  const auto top = variances.flip(0).narrow(0, 0, kept);
  const auto scale =
      torch::where(top > kNoise * largest, top.clamp_min(kNoise * largest).rsqrt(), torch::zeros_like(top));
  auto basis = torch::zeros({variances.size(0), channels}, torch::kFloat64);
  basis.narrow(1, 0, kept).copy_(fix_signs(vectors.flip(1).narrow(1, 0, kept)) * scale);
  return {mean.to(evaluation.hardware.device, torch::kFloat32),
          basis.to(evaluation.hardware.device, torch::kFloat32)};
}

}  // namespace taskonomy::transfer
