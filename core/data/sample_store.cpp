#include "core/data/sample_store.hpp"

#include <nlohmann/json.hpp>

#include "core/base/error.hpp"
#include "core/data/tensor_file.hpp"

namespace taskonomy::data {

namespace {

/// Collects one modality over samples and refuses a sample that differs in shape or type.
class Stack {
 public:
  void push(const std::string& modality, const std::string& id, const torch::Tensor& values) {
    if (!values_.empty() &&
        (values.sizes() != values_.front().sizes() || values.scalar_type() != values_.front().scalar_type()))
      throw base::Error("sample \"" + id + "\": modality \"" + modality + "\" is " + describe(values) +
                        ", earlier samples have " + describe(values_.front()));
    values_.push_back(values);
  }
  [[nodiscard]] torch::Tensor stacked() const { return torch::stack(values_); }

 private:
  std::vector<torch::Tensor> values_;
};

void require_modalities(const sdk::Dataset& dataset, const sdk::Sample& sample,
                        const std::vector<std::string>& modalities) {
  for (const auto& modality : modalities) {
    const auto found = sample.data.find(modality);
    if (found == sample.data.end() || !found->second.defined())
      throw base::Error("dataset \"" + dataset.info().id + "\": sample \"" + sample.id +
                        "\" lacks modality \"" + modality + "\", which the dataset says it offers");
  }
}

}  // namespace

ShardSummary write_shard(const std::filesystem::path& path, const sdk::Dataset& dataset, sdk::ViewKind kind,
                         const std::vector<SampleKey>& keys, const std::vector<std::string>& modalities,
                         const std::string& made_from) {
  ShardSummary summary;
  std::map<std::string, Stack> stacks;
  nlohmann::json ids = nlohmann::json::array(), splits = nlohmann::json::array();
  for (const auto& key : keys) {
    sdk::Sample sample;
    try {
      sample = dataset.sample(key.scene, key.index, kind, modalities);
    } catch (const std::exception& error) {
      summary.left_out.push_back(key.scene + "/" + std::to_string(key.index) + ": " + error.what());
      continue;
    }
    require_modalities(dataset, sample, modalities);
    for (const auto& modality : modalities)
      stacks[modality].push(modality, sample.id, sample.data.at(modality));
    ids.push_back(sample.id);
    splits.push_back(static_cast<int>(key.split));
    ++summary.samples;
  }
  NamedTensors tensors;
  if (summary.samples > 0)
    for (const auto& [modality, stack] : stacks) tensors[modality] = stack.stacked();
  save_tensors(path, tensors,
               {{"made_from", made_from},
                {"ids", ids.dump()},
                {"splits", splits.dump()},
                {"left_out", nlohmann::json(summary.left_out).dump()}});
  return summary;
}

struct Shard::Content {
  NamedTensors modalities;
  std::vector<std::string> ids;
  std::vector<int> splits;
  std::vector<std::string> left_out;
};

Shard::Shard(const std::filesystem::path& path) : content_(std::make_unique<Content>()) {
  const TensorFile file(path);
  base::with_context(path.string(), [&] {
    const auto list = [&](const std::string& key) { return nlohmann::json::parse(file.metadata().at(key)); };
    content_->modalities = file.all();
    content_->ids = list("ids").get<std::vector<std::string>>();
    content_->splits = list("splits").get<std::vector<int>>();
    content_->left_out = list("left_out").get<std::vector<std::string>>();
    for (const auto& [modality, values] : content_->modalities)
      if (values.dim() < 1 || values.size(0) != size())
        throw base::Error("modality \"" + modality + "\" has another number of samples than there are ids");
  });
}

Shard::~Shard() = default;
Shard::Shard(Shard&&) noexcept = default;

std::int64_t Shard::size() const { return static_cast<std::int64_t>(content_->ids.size()); }

StoredSample Shard::sample(std::int64_t i) const {
  const auto at = static_cast<std::size_t>(i);
  StoredSample stored{{content_->ids.at(at), {}}, static_cast<Split>(content_->splits.at(at))};
  for (const auto& [modality, values] : content_->modalities) stored.sample.data[modality] = values[i];
  return stored;
}

const std::vector<std::string>& Shard::left_out() const { return content_->left_out; }

}  // namespace taskonomy::data
