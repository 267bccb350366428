// Augmented images against what their own record says of them, and examples of epochs against the label of the
// augmented image.
#include "core/data/augmentation.hpp"

#include <algorithm>
#include <cmath>

#include <taskonomy/sdk/extensions.hpp>

#include "core/base/error.hpp"
#include "core/data/examples.hpp"
#include "core/data/tensor_file.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/testing.hpp"

namespace taskonomy::data {

namespace {

constexpr std::int64_t kAugmented = 40, kSide = 16;

std::vector<std::uint64_t> seeds(std::uint64_t first, std::int64_t count) {
  std::vector<std::uint64_t> all;
  for (std::int64_t i = 0; i < count; ++i) all.push_back(first + static_cast<std::uint64_t>(i));
  return all;
}

/// Images whose red and green are their pixels' own places x and y, as a grid has them: bilinear sampling of a ramp
/// is exact between the outermost pixel centres.
torch::Tensor ramps(std::int64_t count) {
  const torch::Tensor centres = (torch::arange(kSide, torch::kFloat32) * 2.0 + 1.0) / kSide - 1.0;
  const torch::Tensor x = centres.view({1, kSide}).expand({kSide, kSide});
  return torch::stack({x, x.t(), torch::zeros_like(x)}).unsqueeze(0).repeat({count, 1, 1, 1});
}

/// Sees plain images; its label, which it makes again from the augmented ones, is their first channel.
class Red final : public sdk::Task, private sdk::Augment {
 public:
  explicit Red(bool rows_are_lost = false, bool colour = true) : lossy_(rows_are_lost), colour_(colour) {
    info_.id = "red";
    info_.target.shape = info_.prediction.shape = {1, -1, -1};
  }
  const sdk::TaskInfo& info() const noexcept override { return info_; }
  sdk::Example make_example(const sdk::Sample&, torch::Generator&) const override { return {}; }
  std::shared_ptr<sdk::Decoder> make_decoder(const sdk::DecoderConfig&) const override { return nullptr; }
  torch::Tensor loss(const torch::Tensor&, const torch::Tensor&, const torch::Tensor&) const override {
    return {};
  }
  const void* extension(std::string_view id) const noexcept override {
    return id == sdk::Augment::kId ? static_cast<const sdk::Augment*>(this) : nullptr;
  }
  sdk::Example augment(const sdk::Example&, const sdk::Augmentation& how) const override {
    sdk::Example example;
    example.target = how.images.slice(1, 0, 1).slice(2, lossy_ ? 1 : 0);
    return example;
  }
  bool allows_colour() const override { return colour_; }

 private:
  bool lossy_, colour_;
  sdk::TaskInfo info_;
};

/// Three training images.
ExampleSet stored(const tests::Folder& folder) {
  auto generator = torch::make_generator<torch::CPUGeneratorImpl>(1);
  const auto images = torch::randint(0, 256, {3, 1, 3, kSide, kSide}, generator, torch::kUInt8);
  save_tensors(folder / "images", {{"train.rgb", images}},
               {{"ids", R"({"train":["a","b","c"],"validation":[],"transfer":[],"test":[]})"}});
  save_tensors(folder / "examples",
               {{"train.target", images.select(1, 0).slice(1, 0, 1).to(torch::kFloat32) / 127.5 - 1.0},
                {"train.valid", torch::ones({3}, torch::kBool)}},
               {});
  return {folder / "images", folder / "examples"};
}

Batch batch_of(const ExampleSet& examples, std::vector<std::int64_t> indices, std::int64_t epoch,
               Strength strength, const Red& task = Red(), std::uint64_t seed = 1) {
  const auto count = static_cast<std::int64_t>(indices.size());
  return examples.batch_in_epoch(Split::train,
                                 {torch::tensor(indices), torch::full({count}, epoch, torch::kInt64)},
                                 {task, seed, strength}, torch::kCPU);
}

}  // namespace

TEST_CASE("pixels come from where the grid says, crops lie inside the image, half of them are mirrored") {
  for (const Strength strength : {Strength::light, Strength::strong}) {
    const auto how = augment_images(ramps(kAugmented), {strength, false, seeds(1, kAugmented)});
    CHECK(how.grid.abs().max().item<float>() <= 1.0F);
    const float outermost = 1.0F - 1.0F / kSide;
    const torch::Tensor x = how.grid.select(3, 0).clamp(-outermost, outermost),
                        y = how.grid.select(3, 1).clamp(-outermost, outermost);
    CHECK(torch::allclose(how.images.select(1, 0), x, 0.0, 1e-5));
    CHECK(torch::allclose(how.images.select(1, 1), y, 0.0, 1e-5));
    // One pixel further in the result is 1/scale pixels further in the original, the other way in a mirror.
    const torch::Tensor step =
        (how.grid.select(3, 0).select(2, 1) - how.grid.select(3, 0).select(2, 0)) * kSide / 2.0;
    const torch::Tensor expected = torch::where(how.mirrored, -1.0 / how.scale, 1.0 / how.scale);
    CHECK(torch::allclose(step, expected.unsqueeze(1).expand_as(step), 1e-3, 1e-3));
    const double most = strength == Strength::light ? 1.25 : 1.6;
    CHECK(how.scale.min().item<double>() >= 1.0);
    CHECK(how.scale.max().item<double>() <= most);
    CHECK(how.scale.max().item<double>() > 1.0 + 0.8 * (most - 1.0));
    CHECK(std::abs(how.mirrored.sum().item<double>() - 0.5 * kAugmented) < 12.0);
  }
}

TEST_CASE("what is drawn for an image depends on its seed alone") {
  const auto images = torch::rand({kAugmented, 3, kSide, kSide}) * 2.0 - 1.0;
  const auto all = augment_images(images, {Strength::strong, true, seeds(1, kAugmented)});
  const auto last =
      augment_images(images.slice(0, kAugmented - 2), {Strength::strong, true, seeds(kAugmented - 1, 2)});
  CHECK(torch::allclose(all.images.slice(0, kAugmented - 2), last.images, 0.0, 1e-5));
  CHECK(torch::equal(all.scale.slice(0, kAugmented - 2), last.scale));
  const auto other = augment_images(images, {Strength::strong, true, seeds(100, kAugmented)});
  CHECK_FALSE(torch::allclose(all.images, other.images));
}

TEST_CASE("colours change within their limits, and grey stays grey but for the white balance") {
  const auto grey = torch::zeros({kAugmented, 3, kSide, kSide});
  const auto how = augment_images(grey, {Strength::light, true, seeds(1, kAugmented)});
  // Of intensities: 0.5 (1 + balance), contrast about 0.5, brightness.
  const double most = 0.5 * 0.03 * 1.15 + 0.06;
  const torch::Tensor intensity = (how.images + 1.0) / 2.0 - 0.5;
  CHECK(intensity.abs().max().item<double>() <= most + 1e-5);
  CHECK(intensity.abs().max().item<double>() > 0.5 * most);
  CHECK(
      torch::allclose(how.images.select(2, 0).select(2, 0), how.images.select(2, 5).select(2, 9), 0.0, 1e-6));

  const auto strong = augment_images(grey, {Strength::strong, true, seeds(1, kAugmented)});
  const torch::Tensor noise = strong.images.flatten(2).std(2);
  CHECK(noise.max().item<double>() < 1.3 * 2.0 * 0.03);
  CHECK(noise.max().item<double>() > 0.03);
  CHECK(strong.images.abs().max().item<double>() <= 1.0);
}

TEST_CASE("contrast is about mid grey, brightness is added, saturation keeps the brightness") {
  // The colours of many images are one linear map each: recovered from four colours, it has these properties.
  torch::Tensor colours = torch::zeros({1, 3, kSide, kSide});
  for (std::int64_t c = 0; c < 3; ++c) colours[0][c].slice(0, 4 * (c + 1), 4 * (c + 2)).fill_(0.5);
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto how = augment_images(colours, {Strength::light, true, {seed}});
    const auto at = [&](std::int64_t band) { return how.images[0].select(1, 4 * band + 2).select(1, 8); };
    if (how.scale.item<float>() > 1.1F) continue;  // bands have moved
    const torch::Tensor gains = torch::stack({at(1) - at(0), at(2) - at(0), at(3) - at(0)}, 1) / 0.5;
    const torch::Tensor rows = gains.sum(1);  // contrast times white balance
    CHECK(rows.min().item<double>() > 0.85 * 0.97 - 1e-4);
    CHECK(rows.max().item<double>() < 1.15 * 1.03 + 1e-4);
    CHECK((rows / rows.mean() - 1.0).abs().max().item<double>() < 0.07);
  }
}

TEST_CASE("training examples are augmented anew in every epoch, by seed and image, labels with them") {
  const tests::Folder folder;
  const auto examples = stored(folder);
  const auto first = batch_of(examples, {0, 1, 2}, 0, Strength::light);
  CHECK(first.input.sizes() == torch::IntArrayRef({3, 3, kSide, kSide}));
  CHECK(first.input.is_contiguous(torch::MemoryFormat::ChannelsLast));
  CHECK(torch::equal(first.target, first.input.slice(1, 0, 1)));
  const auto again = batch_of(examples, {2, 0}, 0, Strength::light);
  CHECK(torch::allclose(again.input[0], first.input[2], 0.0, 1e-6));
  CHECK(torch::allclose(again.input[1], first.input[0], 0.0, 1e-6));
  CHECK_FALSE(torch::allclose(batch_of(examples, {0, 1, 2}, 1, Strength::light).input, first.input));
  CHECK_FALSE(
      torch::allclose(batch_of(examples, {0, 1, 2}, 0, Strength::light, Red(), 2).input, first.input));
  const auto plain = examples.batch(Split::train, torch::arange(3), torch::kCPU);
  CHECK(torch::equal(batch_of(examples, {0, 1, 2}, 0, Strength::none).input, plain.input));
}

TEST_CASE("a task that does not allow other colours gets none") {
  const tests::Folder folder;
  const auto examples = stored(folder);
  const auto geometry = batch_of(examples, {0, 1, 2}, 0, Strength::strong, Red(false, false)).input,
             colours = batch_of(examples, {0, 1, 2}, 0, Strength::strong).input;
  CHECK_FALSE(torch::allclose(geometry, colours));
  const auto plain = examples.batch(Split::train, torch::arange(3), torch::kCPU).input;
  CHECK(
      geometry.amax({2, 3}).le(plain.amax({2, 3}) + 1e-5).all().item<bool>());  // interpolates between pixels
}

TEST_CASE("labels of another shape are refused with the task and both shapes") {
  const tests::Folder folder;
  const auto examples = stored(folder);
  CHECK_THROWS_WITH_AS(static_cast<void>(batch_of(examples, {0}, 0, Strength::light, Red(true))),
                       doctest::Contains("task \"red\": augment gave a target"), base::Error);
}

TEST_CASE("one example is augmented as batches are, and stays as it is without augmentation") {
  const auto image = torch::rand({1, 3, kSide, kSide}) * 2.0 - 1.0;
  sdk::Example example;
  example.target = image[0].slice(0, 0, 1);
  const auto augmented = augment_example(Red(), image, example, Strength::strong, 7);
  CHECK(torch::equal(augmented.image, augment_images(image, {Strength::strong, true, {7}}).images));
  CHECK(torch::equal(augmented.example.target, augmented.image[0].slice(0, 0, 1)));
  CHECK(torch::equal(augment_example(Red(), image, example, Strength::none, 7).image, image));
}

}  // namespace taskonomy::data
