// Images and labels of many samples: what is written is what was made, and no job keeps it in memory.
#include "core/data/example_writer.hpp"

#include <unistd.h>

#include <algorithm>

#include "core/data/examples.hpp"
#include "core/jobs/process.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;

namespace {

constexpr std::int64_t kLargeSide = 256;
/// Images of a run that would fill a GiB as labels.
constexpr std::int64_t kManyImages = 1280;

/// Writes shards of one invented image that all their samples share.
std::vector<data::Shard> large_shards(const std::filesystem::path& folder) {
  class Invented final : public sdk::Dataset {
   public:
    Invented() { info_.modalities = {"rgb"}; }
    [[nodiscard]] const sdk::DatasetInfo& info() const noexcept override { return info_; }
    [[nodiscard]] std::vector<sdk::Scene> scenes(sdk::ViewKind) const override { return {}; }
    [[nodiscard]] sdk::Sample sample(const std::string& scene, std::int64_t index, sdk::ViewKind,
                                     const std::vector<std::string>&) const override {
      sdk::Sample sample{scene + "/" + std::to_string(index), {}};
      sample.data["rgb"] = torch::full({1, 3, kLargeSide, kLargeSide}, index % 256, torch::kUInt8);
      return sample;
    }

   private:
    sdk::DatasetInfo info_;
  };
  std::vector<data::Shard> shards;
  for (std::int64_t first = 0; first < kManyImages; first += data::kShardSamples) {
    std::vector<data::SampleKey> keys;
    for (std::int64_t i = 0; i < static_cast<std::int64_t>(data::kShardSamples); ++i)
      keys.push_back({"room", first + i, i % 4 == 0 ? data::Split::test : data::Split::train});
    const auto file = folder / ("shard" + std::to_string(first));
    (void)data::write_shard(file, Invented(), {sdk::ViewKind::single, keys, {"rgb"}, "test"});
    shards.emplace_back(file);
  }
  return shards;
}

/// The label is the image, three values a pixel. Notes how much memory its process has.
class LargeLabels final : public sdk::Task {
 public:
  LargeLabels() {
    info_.id = "large";
    info_.target.shape = info_.prediction.shape = {3, -1, -1};
    info_.mask = sdk::MaskKind::pixel;
  }
  [[nodiscard]] const sdk::TaskInfo& info() const noexcept override { return info_; }
  [[nodiscard]] sdk::Example make_example(const sdk::Sample& sample, torch::Generator&) const override {
    memory_.push_back(jobs::usage_of(::getpid()).memory);
    sdk::Example example;
    example.target = sample.data.at("rgb")[0].to(torch::kFloat32) / 256.0;
    example.mask = torch::ones({1, kLargeSide, kLargeSide}, torch::kBool);
    return example;
  }
  [[nodiscard]] std::shared_ptr<sdk::Decoder> make_decoder(const sdk::DecoderConfig&) const override {
    return nullptr;
  }
  [[nodiscard]] torch::Tensor loss(const torch::Tensor& prediction, const torch::Tensor&,
                                   const torch::Tensor&) const override {
    return prediction;
  }
  /// Bytes of memory more than after the first samples.
  [[nodiscard]] std::uint64_t grown() const {
    const std::uint64_t begin = memory_.at(memory_.size() / 8);
    const std::uint64_t most = *std::max_element(memory_.begin(), memory_.end());
    return most > begin ? most - begin : 0;
  }

 private:
  sdk::TaskInfo info_;
  mutable std::vector<std::uint64_t> memory_;
};

}  // namespace

TEST_CASE("labels that would fill a GiB in memory are made in a few MiB, and come back in their order") {
  const tests::Folder folder;
  const auto shards = large_shards(folder.path());
  CHECK(data::write_images(folder / "images", shards, "test") == kManyImages);
  const LargeLabels task;
  const auto summary =
      data::write_examples(folder / "examples", task, shards, {.side = kLargeSide, .made_from = "test"});
  CHECK(summary.examples == kManyImages);
  CHECK_FALSE(summary.constant);
  CHECK(std::filesystem::file_size(folder / "examples") > std::uintmax_t{500} << 20);
  CHECK(task.grown() < std::uint64_t{64} << 20);

  const data::ExampleSet examples(folder / "images", folder / "examples");
  CHECK(examples.size(data::Split::test) == kManyImages / 4);
  CHECK(examples.valid(data::Split::train).numel() == kManyImages * 3 / 4);
  for (const std::int64_t i : {std::int64_t{0}, std::int64_t{100}, kManyImages / 4 - 1}) {
    const auto batch = examples.batch(data::Split::test, torch::tensor({i}), torch::kCPU);
    const auto number = static_cast<double>(4 * i % 256);  // every fourth sample is one of the test split
    CHECK(examples.ids(data::Split::test)[static_cast<std::size_t>(i)] == "room/" + std::to_string(4 * i));
    CHECK(batch.target.eq(number / 256.0).all().item<bool>());
    CHECK(batch.input.sub(number / 127.5 - 1.0).abs().max().item<double>() < 1e-6);
    CHECK(batch.mask.all().item<bool>());
  }
}
