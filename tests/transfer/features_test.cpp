// Features: what is written reads back joined, and the projection of pretrained encoders is whitened, of the
// largest variance, and the same every time.

#include "core/transfer/features.hpp"
#include "core/base/error.hpp"
#include "core/data/tensor_file.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/testing.hpp"

namespace taskonomy::transfer {

namespace {

constexpr std::int64_t kSide = 4;  // of images and of representations

/// A linear map of each pixel's colour: [K,3].
class Colours : public network::Backbone {
 public:
  explicit Colours(torch::Tensor map) : map_(std::move(map)) {}
  torch::Tensor features(const torch::Tensor& images) override {
    return torch::einsum("kc,bchw->bkhw", {map_, images});
  }

 private:
  torch::Tensor map_;
};

/// Sees the images as they are, in [-1,1].
network::PretrainedEncoder encoder_of(const torch::Tensor& map) {
  recipe::Pretrained source;
  source.range = {-1.0, 1.0};
  source.mean = {0.0, 0.0, 0.0};
  source.deviation = {1.0, 1.0, 1.0};
  return {source, std::make_unique<Colours>(map), kSide};
}

/// Plain images: `count` in each split, noise whose channels have deviations 0.4, 0.2 and 0.1.
data::ExampleSet noise_images(const std::filesystem::path& file, std::int64_t count) {
  torch::manual_seed(3);
  data::NamedTensors tensors;
  for (const std::string split : {"train", "validation", "transfer", "test"}) {
    const auto scale = torch::tensor({0.4, 0.2, 0.1}).view({1, 1, 3, 1, 1});
    const auto images = (torch::randn({count, 1, 3, kSide, kSide}) * scale + 0.1).clamp(-1.0, 1.0);
    tensors[split + ".rgb"] = ((images + 1.0) * 127.5).round().to(torch::kUInt8);
  }
  std::string ids;
  for (std::int64_t i = 0; i < count; ++i) ids += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\"";
  const std::string list = "[" + ids + "]";
  data::save_tensors(file, tensors,
                     {{"ids", "{\"train\":" + list + ",\"validation\":" + list + ",\"transfer\":" + list +
                                  ",\"test\":" + list + "}"}});
  return data::ExampleSet(file);
}

torch::Tensor places_of(network::Encoder& encoder, const data::ExampleSet& images) {
  const auto all = torch::arange(images.size(data::Split::transfer));
  return encoder.forward(images.inputs(data::Split::transfer, all, torch::kCPU))
      .permute({0, 2, 3, 1})
      .flatten(0, 2);
}

}  // namespace

TEST_CASE("the representation has mean 0, deviation 1 and no correlation over the transfer images") {
  const tests::Folder folder;
  const auto images = noise_images(folder / "images.safetensors", 50);
  torch::manual_seed(1);
  auto encoder = encoder_of(torch::randn({16, 3}) * 100.0);
  encoder.set_projection(fit_projection(encoder, images, 3, {7, {}}));
  const auto places = places_of(encoder, images);
  const auto count = static_cast<double>(places.size(0));
  CHECK(places.mean(0).abs().max().item<double>() < 1e-3);
  CHECK((places.t().matmul(places) / count - torch::eye(3)).abs().max().item<double>() < 1e-3);
}

TEST_CASE("directions come by falling variance: of axis-aligned features, one channel each") {
  const tests::Folder folder;
  const auto images = noise_images(folder / "images.safetensors", 50);
  auto encoder = encoder_of(torch::eye(3));  // features = red, green, blue
  const auto projection = fit_projection(encoder, images, 2, {64, {}});
  REQUIRE(projection.basis.sizes() == torch::IntArrayRef({3, 2}));
  // Red varies most, green next: 1 / deviation on the diagonal, next to nothing elsewhere.
  CHECK(projection.basis[0][0].item<double>() == doctest::Approx(1.0 / 0.4).epsilon(0.1));
  CHECK(projection.basis[1][1].item<double>() == doctest::Approx(1.0 / 0.2).epsilon(0.1));
  CHECK(projection.basis[2].abs().max().item<double>() < 0.5);
  CHECK(projection.mean.sub(0.1).abs().max().item<double>() < 0.05);
}

TEST_CASE("channels beyond what the features vary in are 0") {
  const tests::Folder folder;
  const auto images = noise_images(folder / "images.safetensors", 20);
  torch::manual_seed(1);
  for (const std::int64_t features : {2, 12}) {  // of rank 2 and 3
    auto encoder = encoder_of(torch::randn({features, 3}));
    encoder.set_projection(fit_projection(encoder, images, 8, {64, {}}));
    const auto places = places_of(encoder, images);
    const std::int64_t rank = std::min<std::int64_t>(features, 3);
    REQUIRE(places.size(1) == 8);
    CHECK(places.narrow(1, rank, 8 - rank).abs().max().item<double>() == 0.0);
    CHECK(places.narrow(1, 0, rank).abs().max().item<double>() < 50.0);
  }
}

TEST_CASE("neither the batch nor the call changes it; features that never change are refused") {
  const tests::Folder folder;
  const auto images = noise_images(folder / "images.safetensors", 30);
  torch::manual_seed(1);
  const auto map = torch::randn({10, 3});
  auto encoder = encoder_of(map);
  const auto first = fit_projection(encoder, images, 3, {64, {}});
  const auto again = fit_projection(encoder, images, 3, {64, {}});
  const auto batches = fit_projection(encoder, images, 3, {4, {}});
  CHECK(torch::equal(first.basis, again.basis));
  CHECK(torch::allclose(first.basis, batches.basis, 1e-4, 1e-5));
  auto flat = encoder_of(torch::zeros({10, 3}));
  CHECK_THROWS_WITH_AS(static_cast<void>(fit_projection(flat, images, 3, {64, {}})),
                       doctest::Contains("the same features for every image"), base::Error);
  auto wide = encoder_of(torch::ones({kMostFeatures + 1, 3}));
  CHECK_THROWS_WITH_AS(static_cast<void>(fit_projection(wide, images, 3, {64, {}})),
                       doctest::Contains("4097 features, at most 4096"), base::Error);
}

TEST_CASE("features files of pretrained encoders are read like all others") {
  const tests::Folder folder;
  const auto images = noise_images(folder / "images.safetensors", 10);
  torch::manual_seed(1);
  auto encoder = encoder_of(torch::randn({16, 3}));
  const auto projection = fit_projection(encoder, images, 3, {64, {}});
  encoder.set_projection(projection);
  const auto file = folder / "features.safetensors";
  CHECK(write_features({file, "key", {{"projection.basis", projection.basis}}}, encoder, images, {4, {}}) ==
        20);
  const FeatureSet features({file, file});
  CHECK(features.channels() == 6);
  CHECK(torch::equal(data::TensorFile(file).at("projection.basis"), projection.basis));
  const auto batch = features.batch(data::Split::test, torch::arange(10), torch::kCPU);
  const auto direct = encoder.forward(images.inputs(data::Split::test, torch::arange(10), torch::kCPU));
  CHECK(torch::allclose(batch.narrow(1, 0, 3), direct, 2e-3, 2e-3));
}

TEST_CASE(
    "training clips at five deviations around the mean of the transfer split, whatever the test split "
    "holds") {
  const tests::Folder folder;
  const auto images = noise_images(folder / "images.safetensors", 20);
  auto encoder = encoder_of(torch::eye(3));
  encoder.set_projection({torch::zeros({3}), torch::eye(3)});
  const auto file = folder / "features.safetensors";
  (void)write_features({file, "key"}, encoder, images, {7, {}});
  const FeatureSet features({file});
  const auto all = features.batch(data::Split::transfer, torch::arange(20), torch::kCPU);
  const auto mean = all.mean({0, 2, 3}), deviation = all.std({0, 2, 3}, false);
  CHECK(torch::allclose(features.low().flatten(), mean - 5.0 * deviation, 1e-4, 1e-4));
  CHECK(torch::allclose(features.high().flatten(), mean + 5.0 * deviation, 1e-4, 1e-4));
  CHECK(features.views() == 1);
}

TEST_CASE(
    "features of another number of images are not joined, and what half precision cannot hold is refused") {
  const tests::Folder folder;
  auto encoder = encoder_of(torch::eye(3));
  encoder.set_projection({torch::zeros({3}), torch::eye(3)});
  const auto many = folder / "many.safetensors", few = folder / "few.safetensors";
  (void)write_features({many, "key"}, encoder, noise_images(folder / "images", 20), {7, {}});
  (void)write_features({few, "key"}, encoder, noise_images(folder / "others", 10), {7, {}});
  CHECK_THROWS_WITH_AS(FeatureSet({many, few}),
                       doctest::Contains("few.safetensors: holds features of another number"), base::Error);
  auto loud = encoder_of(torch::eye(3));
  loud.set_projection({torch::zeros({3}), 1e6 * torch::eye(3)});
  CHECK_THROWS_WITH_AS(write_features({few, "key"}, loud, noise_images(folder / "images", 20), {7, {}}),
                       doctest::Contains("beyond half precision"), base::Error);
}

}  // namespace taskonomy::transfer
