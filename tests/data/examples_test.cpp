// Examples with chance in them: drawn anew in every epoch of a training, the same for the same seed, epoch and
// image, and as they are stored for everybody else.
#include "core/data/examples.hpp"
#include "core/data/example_writer.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>

#include <taskonomy/sdk/extensions.hpp>
#include <taskonomy/sdk/modality.hpp>

#include "core/base/error.hpp"
#include "core/data/tensor_file.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/testing.hpp"

namespace taskonomy::data {

namespace {

constexpr std::int64_t kImages = 5, kImageSide = 8;

/// The label is a number that is drawn; the input, where it has one of its own, is that number in every pixel.
class Drawn final : public sdk::Task, private sdk::Redraw {
 public:
  explicit Drawn(bool own_input, std::int64_t numbers = 1) : numbers_(numbers) {
    info_.id = "drawn";
    info_.target.shape = info_.prediction.shape = {1};
    if (own_input) info_.input = sdk::InputKind::own;
  }
  const sdk::TaskInfo& info() const noexcept override { return info_; }
  sdk::Example make_example(const sdk::Sample&, torch::Generator&) const override { return {}; }
  std::shared_ptr<sdk::Decoder> make_decoder(const sdk::DecoderConfig&) const override { return nullptr; }
  torch::Tensor loss(const torch::Tensor& prediction, const torch::Tensor& target,
                     const torch::Tensor&) const override {
    return (prediction - target).abs().squeeze(1);
  }
  const void* extension(std::string_view id) const noexcept override {
    return id == sdk::Redraw::kId ? static_cast<const sdk::Redraw*>(this) : nullptr;
  }
  sdk::Example redraw(const torch::Tensor& views, const sdk::Example& drawn,
                      torch::Generator& generator) const override {
    CHECK(views.sizes() == torch::IntArrayRef({1, 3, kImageSide, kImageSide}));
    CHECK(views.max().item<float>() <= 1.0F);
    CHECK(drawn.target.item<float>() < 0.0F);  // as stored below
    sdk::Example example;
    example.target = torch::rand({numbers_}, generator, torch::kFloat32);
    if (info_.input == sdk::InputKind::own)
      example.input = example.target.expand({1, 3, kImageSide, kImageSide});
    return example;
  }

 private:
  std::int64_t numbers_;
  sdk::TaskInfo info_;
};

ExampleSet stored(const tests::Folder& folder, bool own_input) {
  NamedTensors labels{{"train.target", -1.0 - torch::arange(kImages).to(torch::kFloat32).unsqueeze(1)},
                      {"train.valid", torch::ones({kImages}, torch::kBool)}};
  if (own_input)
    labels["train.input"] = torch::full({kImages, 1, 3, kImageSide, kImageSide}, -1.0).to(torch::kFloat16);
  save_tensors(folder / "images",
               {{"train.rgb", torch::full({kImages, 1, 3, kImageSide, kImageSide}, 200, torch::kUInt8)}},
               {{"ids", R"({"train":["a","b","c","d","e"],"validation":[],"transfer":[],"test":[]})"}});
  save_tensors(folder / "examples", labels, {});
  return {folder / "images", folder / "examples"};
}

Epoch epoch_of(std::int64_t number) {
  return {torch::arange(kImages), torch::full({kImages}, number, torch::kInt64)};
}

}  // namespace

TEST_CASE("chance is drawn anew by seed, epoch and image, and by nothing else") {
  const tests::Folder folder;
  for (const bool own_input : {false, true}) {
    CAPTURE(own_input);
    const Drawn task(own_input);
    const auto examples = stored(folder, own_input);
    const auto batch = [&](std::uint64_t seed, const Epoch& epoch) {
      return examples.batch_in_epoch(Split::train, epoch, {task, seed}, torch::kCPU);
    };
    const auto first = batch(1, epoch_of(0));
    CHECK(torch::equal(first.target, batch(1, epoch_of(0)).target));
    CHECK_FALSE(torch::equal(first.target, batch(1, epoch_of(1)).target));
    CHECK_FALSE(torch::equal(first.target, batch(2, epoch_of(0)).target));
    CHECK(std::get<0>(torch::_unique(first.target)).numel() == kImages);
    const Epoch turned{torch::arange(kImages).flip({0}), torch::zeros({kImages}, torch::kInt64)};
    CHECK(torch::equal(first.target.flip({0}), batch(1, turned).target));
    CHECK(first.input.sizes() == torch::IntArrayRef({kImages, 3, kImageSide, kImageSide}));
    if (own_input) CHECK(torch::equal(first.input.select(1, 0).flatten(1).amax(1, true), first.target));
    CHECK(examples.batch(Split::train, torch::arange(kImages), torch::kCPU).target.max().item<float>() <
          0.0F);
  }
}

TEST_CASE("networks that see features of a task's own input keep the label that was stored with it") {
  const tests::Folder folder;
  const auto all = epoch_of(3);
  CHECK(stored(folder, true)
            .labels_in_epoch(Split::train, all, {Drawn(true), 1}, torch::kCPU)
            .target.max()
            .item<float>() < 0.0F);
  CHECK(stored(folder, false)
            .labels_in_epoch(Split::train, all, {Drawn(false), 1}, torch::kCPU)
            .target.min()
            .item<float>() >= 0.0F);
}

TEST_CASE("what a task draws must have the shapes of its record") {
  const tests::Folder folder;
  CHECK_THROWS_WITH_AS((void)stored(folder, false)
                           .batch_in_epoch(Split::train, epoch_of(0), {Drawn(false, 2), 1}, torch::kCPU),
                       doctest::Contains("sample \"a\": drawn anew: make_example gave a target"),
                       base::Error);
}

namespace {

/// Samples of one room whose depth is one number each; NaN: there is none.
class Depths final : public sdk::Dataset {
 public:
  explicit Depths(std::vector<float> depths) : depths_(std::move(depths)) {
    info_.id = "depths";
    info_.modalities = {"rgb", "depth_zbuffer"};
  }
  [[nodiscard]] const sdk::DatasetInfo& info() const noexcept override { return info_; }
  [[nodiscard]] std::vector<sdk::Scene> scenes(sdk::ViewKind) const override {
    return {{"room", static_cast<std::int64_t>(depths_.size())}};
  }
  [[nodiscard]] sdk::Sample sample(const std::string& scene, std::int64_t index, sdk::ViewKind,
                                   const std::vector<std::string>&) const override {
    const float depth = depths_[static_cast<std::size_t>(index)];
    sdk::Sample sample{scene + "/" + std::to_string(index), {}};
    sample.data["rgb"] = torch::zeros({1, 3, kImageSide, kImageSide}, torch::kUInt8);
    if (std::isnan(depth))
      sample.absent["depth_zbuffer"] = "no such file";
    else
      sample.data["depth_zbuffer"] = torch::full({1, 1, kImageSide, kImageSide}, depth);
    return sample;
  }

 private:
  sdk::DatasetInfo info_;
  std::vector<float> depths_;
};

/// The label is the depth; depths below 0 are refused.
class DepthTask final : public sdk::Task {
 public:
  DepthTask() {
    info_.id = "depth";
    info_.modalities = {"depth_zbuffer"};
    info_.target.shape = info_.prediction.shape = {1};
  }
  const sdk::TaskInfo& info() const noexcept override { return info_; }
  sdk::Example make_example(const sdk::Sample& sample, torch::Generator&) const override {
    sdk::Example example;
    example.target = sdk::require(sample, "depth_zbuffer").mean().reshape({1});
    if (example.target.item<float>() < 0.0F) throw std::invalid_argument("below 0");
    return example;
  }
  std::shared_ptr<sdk::Decoder> make_decoder(const sdk::DecoderConfig&) const override { return nullptr; }
  torch::Tensor loss(const torch::Tensor& prediction, const torch::Tensor&,
                     const torch::Tensor&) const override {
    return prediction;
  }

 private:
  sdk::TaskInfo info_;
};

ExampleSummary summary_of(const std::vector<float>& depths, bool labels_may_lack = false,
                          std::size_t train = 1000) {
  const tests::Folder folder;
  std::vector<SampleKey> keys;
  for (std::size_t i = 0; i < depths.size(); ++i)
    keys.push_back({"room", static_cast<std::int64_t>(i), i < train ? Split::train : Split::test});
  (void)write_shard(folder / "shard", Depths(depths),
                    {sdk::ViewKind::single, keys, {"rgb", "depth_zbuffer"}, "test"});
  std::vector<Shard> shards;
  shards.emplace_back(folder / "shard");
  return write_examples(
      folder / "examples", DepthTask(), shards,
      {.side = kImageSide, .seed = 1, .made_from = "test", .labels_may_lack = labels_may_lack});
}

}  // namespace

TEST_CASE("labels that are missing may be any number where the recipe says so, damaged ones may not") {
  constexpr float kNone = std::numeric_limits<float>::quiet_NaN();
  CHECK_THROWS_WITH_AS((void)summary_of({1, 2, kNone, kNone}), doctest::Contains("samples gave no example"),
                       base::Error);
  const auto summary = summary_of({1, 2, kNone, kNone}, true);
  CHECK(summary.examples == 4);
  REQUIRE(summary.left_out.size() == 2);
  CHECK(summary.left_out[0] == "room/2: has no label: depth_zbuffer: no such file");
  CHECK_THROWS_WITH_AS((void)summary_of({1, 2, kNone, -1}, true), doctest::Contains("room/3: "), base::Error);
}

TEST_CASE("a label that is the same in all training images is known for it") {
  constexpr float kNone = std::numeric_limits<float>::quiet_NaN();
  CHECK(summary_of({2, 2, 2}).constant);
  CHECK(summary_of({2, 2, 3}, false, 2).constant);  // the third is a test image
  CHECK(summary_of({2, 2, kNone}, true).constant);
  CHECK_FALSE(summary_of({2, 2, 3}).constant);
  CHECK_FALSE(summary_of({kNone, kNone}, true).constant);
}

}  // namespace taskonomy::data
