#include "core/data/whitening.hpp"

#include <taskonomy/sdk/extensions.hpp>
#include <taskonomy/sdk/vector_task.hpp>

#include "core/base/error.hpp"
#include "core/base/json.hpp"
#include "core/data/example_writer.hpp"
#include "core/data/tensor_file.hpp"

namespace taskonomy::data {

namespace {

std::vector<double> list_of(const torch::Tensor& values) {
  const auto whole = values.to(torch::kFloat64).contiguous();
  return {whole.data_ptr<double>(), whole.data_ptr<double>() + whole.numel()};
}

}  // namespace

std::optional<WhiteningConstants> measure_whitening(const sdk::Task& task, const std::vector<Shard>& shards,
                                                    std::uint64_t seed) {
  const auto* measured = sdk::extension_of<sdk::MeasuredWhitening>(task);
  if (measured == nullptr || measured->given()) return std::nullopt;
  std::vector<torch::Tensor> rows;
  for (const auto& shard : shards)
    for (std::int64_t i = 0; i < shard.size(); ++i) {
      const auto stored = shard.sample(i);
      if (stored.split != Split::train) continue;
      try {
        const auto example = example_of(task, stored.sample, seed);
        if (example.mask.defined() && !example.mask.all().item<bool>()) continue;
        rows.push_back(example.target.to(torch::kFloat32));
      } catch (const base::Error&) {
        continue;  // write_examples() leaves the sample out and says why
      }
    }
  if (rows.size() < 2) return std::nullopt;
  const auto whitened = torch::stack(rows);
  const std::int64_t numbers = measured->whitening().restore(torch::zeros({1})).numel();
  const auto values = measured->whitening().restore(whitened.view({-1, numbers})).to(torch::kFloat64);
  return WhiteningConstants{list_of(values.mean(0)),
                            list_of(values.std(0, false).clamp_min(kLeastDeviation))};
}

std::optional<WhiteningConstants> whitening_of(const sdk::Task& task) {
  const auto* measured = sdk::extension_of<sdk::MeasuredWhitening>(task);
  if (measured == nullptr) return std::nullopt;
  const auto mean = measured->whitening().restore(torch::zeros({1}));
  return WhiteningConstants{list_of(mean), list_of(measured->whitening().restore(torch::ones({1})) - mean)};
}

std::string text_of(const WhiteningConstants& whitening) {
  return base::Json::object().set("mean", whitening.mean).set("deviation", whitening.deviation).dump();
}

std::optional<WhiteningConstants> whitening_of(const std::filesystem::path& examples) {
  const TensorFile file(examples);
  if (file.metadata().count(kWhitening) == 0) return std::nullopt;
  return base::with_context(examples.string(), [&] {
    const auto json = base::json_in(file.metadata(), kWhitening);
    return WhiteningConstants{json.at("mean").as<std::vector<double>>(),
                              json.at("deviation").as<std::vector<double>>()};
  });
}

}  // namespace taskonomy::data
