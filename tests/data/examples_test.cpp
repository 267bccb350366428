// Examples with chance in them: drawn anew in every epoch of a training, the same for the same seed, epoch and
// image, and as they are stored for everybody else.
#include "core/data/examples.hpp"

#include <taskonomy/sdk/extensions.hpp>

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

}  // namespace taskonomy::data
