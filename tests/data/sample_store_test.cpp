// Shards: a sample that lacks one modality keeps the others and its reason; one that cannot be read is left
// out.
#include "core/data/sample_store.hpp"

#include <taskonomy/sdk/modality.hpp>

#include "core/base/error.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/testing.hpp"

namespace taskonomy::data {

namespace {

/// Sample i holds rgb and depth filled with i; 1 lacks depth, 2 cannot be read.
class Patchy final : public sdk::Dataset {
 public:
  explicit Patchy(bool any_depth = true, bool honest = true) : any_depth_(any_depth), honest_(honest) {
    info_.id = "patchy";
    info_.modalities = {"rgb", "depth_zbuffer"};
  }
  [[nodiscard]] const sdk::DatasetInfo& info() const noexcept override { return info_; }
  [[nodiscard]] std::vector<sdk::Scene> scenes(sdk::ViewKind) const override { return {{"room", 4}}; }
  [[nodiscard]] sdk::Sample sample(const std::string& scene, std::int64_t index, sdk::ViewKind,
                                   const std::vector<std::string>&) const override {
    if (index == 2) throw std::runtime_error("c.png: truncated");
    sdk::Sample sample{scene + "/" + std::to_string(index), {}};
    sample.data["rgb"] = torch::full({1, 3, 4, 4}, index, torch::kUInt8);
    if (any_depth_ && index != 1) {
      sample.data["depth_zbuffer"] = torch::full({1, 1, 4, 4}, static_cast<float>(index));
    } else if (honest_) {
      sample.absent["depth_zbuffer"] = "b.png: no such file";
    }
    return sample;
  }

 private:
  sdk::DatasetInfo info_;
  bool any_depth_, honest_;
};

ShardSummary write(const std::filesystem::path& path, const sdk::Dataset& dataset) {
  std::vector<SampleKey> keys;
  for (std::int64_t i = 0; i < 4; ++i) keys.push_back({"room", i, Split::test});
  return write_shard(path, dataset, {sdk::ViewKind::single, keys, {"rgb", "depth_zbuffer"}, "test"});
}

}  // namespace

TEST_CASE("a sample without one modality keeps the others and says why; the rest is as it was") {
  const tests::Folder folder;
  const ShardSummary summary = write(folder / "shard", Patchy());
  CHECK(summary.samples == 3);
  CHECK(summary.left_out == std::vector<std::string>{"room/2: c.png: truncated"});
  const Shard shard(folder / "shard");
  REQUIRE(shard.size() == 3);
  CHECK(shard.left_out() == summary.left_out);
  const sdk::Sample lacking = shard.sample(1).sample;
  CHECK(lacking.data.at("rgb")[0][0][0][0].item<int>() == 1);
  CHECK_FALSE(sdk::has(lacking, "depth_zbuffer"));
  CHECK_THROWS_WITH_AS((void)sdk::require(lacking, "depth_zbuffer"), doctest::Contains("b.png: no such file"),
                       std::invalid_argument);
  CHECK(shard.sample(2).sample.data.at("depth_zbuffer")[0][0][0][0].item<float>() == 3.0F);
  CHECK(shard.sample(2).sample.absent.empty());
}

TEST_CASE("a shard in which no sample has the modality can be written and read") {
  const tests::Folder folder;
  (void)write(folder / "shard", Patchy(false));
  CHECK(Shard(folder / "shard").sample(0).sample.absent.count("depth_zbuffer") == 1);
}

TEST_CASE("a modality that is missing without a reason is the dataset's mistake") {
  const tests::Folder folder;
  CHECK_THROWS_WITH_AS((void)write(folder / "shard", Patchy(true, false)),
                       doctest::Contains("lacks modality \"depth_zbuffer\""), base::Error);
}

}  // namespace taskonomy::data
