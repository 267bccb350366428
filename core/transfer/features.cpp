#include "core/transfer/features.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <utility>

#include "core/base/error.hpp"
#include "core/network/precision.hpp"

namespace taskonomy::transfer {

namespace {

/// Called with the representations of a batch of images, float16 [B,V,C,h,w] on the CPU.
using SeeFeatures = std::function<void(const torch::Tensor& features)>;

/// Shows the representations of all images of a split, in their order.
void encode_split(network::Encoder& encoder, const data::ExampleSet& examples, data::Split split,
                  const training::Evaluation& evaluation, const SeeFeatures& see) {
  for (const auto& indices : torch::arange(examples.size(split)).split(evaluation.at_once())) {
    const network::Autocast autocast(evaluation.hardware);
    see(encoder.forward(examples.inputs(split, indices, evaluation.hardware.device))
            .to(torch::kCPU, torch::kFloat16)
            .contiguous()
            .unflatten(0, {-1, examples.views()}));
  }
}

/// Mean and deviation of each channel, float64 [C], of features that come batch by batch.
class ChannelMoments {
 public:
  void add(const torch::Tensor& features) {  // [B,V,C,h,w]
    const auto values = features.to(torch::kFloat64);
    const auto sum = values.sum({0, 1, 3, 4}), squares = values.square().sum({0, 1, 3, 4});
    sum_ = sum_.defined() ? sum_ + sum : sum;
    squares_ = squares_.defined() ? squares_ + squares : squares;
    count_ += static_cast<double>(values.numel() / values.size(2));
  }
  [[nodiscard]] torch::Tensor mean() const { return sum_ / count_; }
  [[nodiscard]] torch::Tensor deviation() const {
    return (squares_ / count_ - mean().square()).clamp_min(0.0).sqrt();
  }

 private:
  torch::Tensor sum_, squares_;
  double count_ = 0.0;
};

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
  for (const auto& indices : chosen.split(evaluation.at_once())) {
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
  std::optional<data::TensorWriter> writer;
  ChannelMoments moments;
  const auto begin = [&](const torch::Tensor& first) {
    std::map<std::string, data::TensorKind> kinds;
    for (const auto& [name, split] :
         {std::pair{"transfer", data::Split::transfer}, {"test", data::Split::test}}) {
      auto shape = first.sizes().vec();
      shape.front() = examples.size(split);
      kinds[name] = {torch::kFloat16, std::move(shape)};
    }
    for (const auto* name : {"mean", "deviation"}) kinds[name] = {torch::kFloat32, {first.size(2)}};
    for (const auto& [name, values] : file.beside) kinds[name] = {values.scalar_type(), values.sizes().vec()};
    writer.emplace(file.path, kinds, std::map<std::string, std::string>{{"made_from", file.made_from}});
  };
  encode_split(encoder, examples, data::Split::transfer, evaluation, [&](const torch::Tensor& features) {
    if (!features.isfinite().all().item<bool>())
      throw base::Error(
          "the encoder gives representations beyond half precision; train it again with a lower "
          "learning_rate");
    if (!writer) begin(features);
    moments.add(features);
    writer->append("transfer", features);
  });
  if (!writer) throw base::Error("the transfer split has no image");
  encode_split(encoder, examples, data::Split::test, evaluation,
               [&](const torch::Tensor& features) { writer->append("test", features); });
  writer->append("mean", moments.mean().to(torch::kFloat32));
  writer->append("deviation", moments.deviation().to(torch::kFloat32));
  for (const auto& [name, values] : file.beside) writer->append(name, values);
  writer->keep();
  return examples.size(data::Split::transfer) + examples.size(data::Split::test);
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
  const network::FullPrecision
      full;  // autocast to bfloat16 joins no half-precision tensors from LibTorch 2 on
  std::vector<torch::Tensor> parts;
  for (const auto& source : sources_)
    parts.push_back(data::rows_of(split == data::Split::test ? source.test : source.transfer, indices, device)
                        .flatten(0, 1));
  const auto joined = parts.size() == 1 ? parts.front() : torch::cat(parts, 1);
  return joined.to(torch::kFloat32).contiguous(torch::MemoryFormat::ChannelsLast);
}

void FeatureSet::keep(data::Residence& residence) {
  for (auto& source : sources_) source.transfer = residence.kept(source.transfer);
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
