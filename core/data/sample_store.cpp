#include "core/data/sample_store.hpp"

#include <algorithm>

#include "core/base/error.hpp"
#include "core/base/json.hpp"
#include "core/data/tensor_file.hpp"

namespace taskonomy::data {

namespace {

/// Collects one modality over samples and refuses a sample that differs in shape or type. A sample that lacks
/// it is kept as zeros and a reason.
class Stack {
 public:
  void push(const std::string& modality, const std::string& id, const torch::Tensor& values) {
    if (like_.defined() && (values.sizes() != like_.sizes() || values.scalar_type() != like_.scalar_type()))
      throw base::Error("sample \"" + id + "\": modality \"" + modality + "\" is " + describe(values) +
                        ", earlier samples have " + describe(like_));
    like_ = values;
    values_.push_back(values);
  }
  void push_absent(const std::string& why) {
    absent_[std::to_string(values_.size())] = why;
    values_.emplace_back();
  }
  /// [N,...], or undefined where no sample has it.
  [[nodiscard]] torch::Tensor stacked() const {
    if (!like_.defined()) return {};
    std::vector<torch::Tensor> all = values_;
    for (auto& values : all)
      if (!values.defined()) values = torch::zeros_like(like_);
    return torch::stack(all);
  }
  /// Place of a sample -> why it lacks the modality.
  [[nodiscard]] const std::map<std::string, std::string>& absent() const { return absent_; }

 private:
  std::vector<torch::Tensor> values_;
  torch::Tensor like_;
  std::map<std::string, std::string> absent_;
};

void require_modality(const sdk::Dataset& dataset, const sdk::Sample& sample, const std::string& modality) {
  const auto found = sample.data.find(modality);
  if (found == sample.data.end() || !found->second.defined())
    throw base::Error("dataset \"" + dataset.info().id + "\": sample \"" + sample.id +
                      "\" lacks modality \"" + modality + "\", which the dataset says it offers");
}

void push(std::map<std::string, Stack>& stacks, const sdk::Dataset& dataset, const sdk::Sample& sample,
          const std::vector<std::string>& modalities) {
  for (const auto& modality : modalities) {
    const auto why = sample.absent.find(modality);
    if (why != sample.absent.end() && modality != "rgb") {
      stacks[modality].push_absent(why->second);
    } else {
      require_modality(dataset, sample, modality);
      stacks[modality].push(modality, sample.id, sample.data.at(modality));
    }
  }
}

}  // namespace

ShardSummary write_shard(const std::filesystem::path& path, const sdk::Dataset& dataset,
                         const ShardContent& content) {
  const auto& modalities = content.modalities;
  ShardSummary summary;
  std::map<std::string, Stack> stacks;
  std::vector<std::string> ids;
  std::vector<int> splits;
  for (const auto& key : content.keys) {
    sdk::Sample sample;
    try {
      sample = dataset.sample(key.scene, key.index, content.kind, modalities);
    } catch (const std::exception& error) {
      summary.left_out.push_back(key.scene + "/" + std::to_string(key.index) + ": " + error.what());
      continue;
    }
    push(stacks, dataset, sample, modalities);
    ids.push_back(sample.id);
    splits.push_back(static_cast<int>(key.split));
    ++summary.samples;
  }
  NamedTensors tensors;
  base::Json absent = base::Json::object();  // in the order of the modalities' names
  for (const auto& [modality, stack] : stacks) {
    if (const auto values = stack.stacked(); values.defined()) tensors[modality] = values;
    if (!stack.absent().empty()) absent.set(modality, stack.absent());
  }
  save_tensors(path, tensors,
               {{"made_from", content.made_from},
                {"ids", base::Json(ids).dump_exactly()},
                {"splits", base::Json(splits).dump()},
                {"absent", absent.dump()},
                {"left_out", base::Json(summary.left_out).dump()}});
  return summary;
}

struct Shard::Content {
  NamedTensors modalities;
  std::vector<std::string> ids;
  std::vector<int> splits;
  std::vector<std::string> left_out;
  /// modality -> place of a sample -> why it lacks it
  std::map<std::string, std::map<std::string, std::string>> absent;
};

Shard::Shard(const std::filesystem::path& path) : content_(std::make_unique<Content>()) {
  const TensorFile file(path);
  base::with_context(path.string(), [&] {
    const auto list = [&](const std::string& key) { return base::json_in(file.metadata(), key); };
    content_->modalities = file.all();
    content_->ids = list("ids").as<std::vector<std::string>>();
    content_->splits = list("splits").as<std::vector<int>>();
    content_->left_out = list("left_out").as<std::vector<std::string>>();
    content_->absent = list("absent").as<decltype(content_->absent)>();
    const auto known = [](int split) { return split >= 0 && split < static_cast<int>(kSplits.size()); };
    if (content_->splits.size() != content_->ids.size() ||
        !std::all_of(content_->splits.begin(), content_->splits.end(), known))
      throw base::Error("its metadata \"splits\" does not name a split for each of its ids");
    for (const auto& [modality, values] : content_->modalities)
      if (values.dim() < 1 || values.size(0) != size())
        throw base::Error("modality \"" + modality + "\" has another number of samples than there are ids");
  });
}

Shard::~Shard() = default;
Shard::Shard(Shard&&) noexcept = default;

std::int64_t Shard::size() const { return static_cast<std::int64_t>(content_->ids.size()); }

const std::string& Shard::id(std::int64_t i) const { return content_->ids.at(static_cast<std::size_t>(i)); }

Split Shard::split(std::int64_t i) const {
  return static_cast<Split>(content_->splits.at(static_cast<std::size_t>(i)));
}

StoredSample Shard::sample(std::int64_t i) const {
  StoredSample stored{{id(i), {}}, split(i)};
  for (const auto& [modality, values] : content_->modalities) stored.sample.data[modality] = values[i];
  const std::string place = std::to_string(i);
  for (const auto& [modality, places] : content_->absent) {
    const auto why = places.find(place);
    if (why == places.end()) continue;
    stored.sample.data.erase(modality);
    stored.sample.absent[modality] = why->second;
  }
  return stored;
}

const std::vector<std::string>& Shard::left_out() const { return content_->left_out; }

}  // namespace taskonomy::data
