// The best guesses that do not look at the image, against closed forms.
#include <cmath>
#include <functional>
#include <set>

#include <taskonomy/sdk/losses.hpp>

#include "core/training/constant_guess.hpp"
#include "tests/support/pixel_task.hpp"
#include "tests/support/stored_examples.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;

namespace {

/// The best constant guess's losses on one test image that shows `seen`, when the training images show `base`
/// plus offsets whose median is 0 and whose mean is 2/3.
double loss_of_constant(bool squared, const torch::Tensor& base, double seen) {
  const tests::Folder folder;
  const auto offsets = torch::tensor({0, 0, 0, 0, 0, 1, 1, 1, 3}, torch::kFloat32).view({9, 1, 1, 1});
  auto targets = tests::with_other("transfer");
  targets["train"] = base + offsets;
  targets["test"] = (base + seen).unsqueeze(0);
  const auto examples = tests::store_examples(folder, targets);
  return training::score_constant_guesses(tests::PixelTask(squared), examples, tests::kStoredSide,
                                          tests::kExactCpu, 1)
      .constant.losses.item<double>();
}

}  // namespace

TEST_CASE("the constant guess is the median image of an absolute loss and the mean image of a squared one") {
  const auto base = torch::linspace(-1, 1, tests::kStoredSide * tests::kStoredSide)
                        .view({1, tests::kStoredSide, tests::kStoredSide});
  CHECK(loss_of_constant(false, base, 0.0) < 1e-6);
  CHECK(loss_of_constant(false, base, 2.0 / 3) == doctest::Approx(2.0 / 3).epsilon(1e-6));
  CHECK(loss_of_constant(true, base, 2.0 / 3) < 1e-12);
  CHECK(loss_of_constant(true, base, 0.0) == doctest::Approx(4.0 / 9).epsilon(1e-6));
}

namespace {

/// Two places of an image under a mask; the loss is the mean absolute difference over those that count.
class MaskedPair final : public sdk::Task {
 public:
  MaskedPair() {
    info_.id = "masked_pair";
    info_.mask = sdk::MaskKind::pixel;
    info_.target.shape = info_.prediction.shape = {1, 1, 3};
  }
  const sdk::TaskInfo& info() const noexcept override { return info_; }
  sdk::Example make_example(const sdk::Sample&, torch::Generator&) const override { return {}; }
  std::shared_ptr<sdk::Decoder> make_decoder(const sdk::DecoderConfig&) const override { return nullptr; }
  torch::Tensor loss(const torch::Tensor& prediction, const torch::Tensor& target,
                     const torch::Tensor& mask) const override {
    return sdk::l1_loss(prediction, target, mask);
  }

 private:
  sdk::TaskInfo info_;
};

/// One of three classes for the image.
class ThreeClasses final : public sdk::Task {
 public:
  ThreeClasses() {
    info_.id = "three_classes";
    info_.target = {{1}, torch::kInt16, 0.0, 2.0};
    info_.prediction.shape = {3};
  }
  const sdk::TaskInfo& info() const noexcept override { return info_; }
  sdk::Example make_example(const sdk::Sample&, torch::Generator&) const override { return {}; }
  std::shared_ptr<sdk::Decoder> make_decoder(const sdk::DecoderConfig&) const override { return nullptr; }
  torch::Tensor loss(const torch::Tensor& prediction, const torch::Tensor& target,
                     const torch::Tensor&) const override {
    return -torch::log_softmax(prediction, 1).gather(1, target.to(torch::kInt64)).squeeze(1);
  }

 private:
  sdk::TaskInfo info_;
};

/// Examples with these targets (and masks) in the training split and in the test split.
data::ExampleSet labelled(const tests::Folder& folder, const torch::Tensor& train, const torch::Tensor& test,
                          const torch::Tensor& train_mask = {}) {
  data::NamedTensors images, labels;
  std::string ids;
  for (const auto& [split, values] : std::map<std::string, torch::Tensor>{{"test", test}, {"train", train}}) {
    images[split + ".rgb"] =
        torch::zeros({values.size(0), 1, 3, tests::kStoredSide, tests::kStoredSide}, torch::kUInt8);
    labels[split + ".target"] = values;
    labels[split + ".valid"] = torch::ones({values.size(0)}, torch::kBool);
    std::string names;
    for (std::int64_t i = 0; i < values.size(0); ++i)
      names += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\"";
    ids += "\"" + split + "\":[" + names + "],";
  }
  if (train_mask.defined()) {
    labels["train.mask"] = train_mask;
    labels["test.mask"] = torch::ones({test.size(0), 1, 1, 3}, torch::kBool);
  }
  data::save_tensors(folder / "images", images, {{"ids", "{" + ids + R"("validation":[],"transfer":[]})"}});
  data::save_tensors(folder / "examples", labels, {});
  return {folder / "images", folder / "examples"};
}

}  // namespace

TEST_CASE(
    "under masks an image weighs by the share of its pixels that count; a place nobody knows is filled") {
  // The first place: 0 in two images that count there alone (weight 1 each), 1 in three that count at both
  // (weight 1/2 each): the weighted median is 0, the plain one would be 1.
  const tests::Folder folder;
  const auto values =
      torch::tensor({0.F, 0.F, 1.F, 1.F, 1.F}).view({5, 1, 1, 1}).expand({5, 1, 1, 3}).contiguous();
  auto mask = torch::zeros({5, 1, 1, 3}, torch::kBool);
  mask.select(3, 0).fill_(true);
  mask.slice(0, 2).select(3, 1).fill_(true);
  const auto examples = labelled(folder, values, torch::tensor({0.F, 1.F, 0.F}).view({1, 1, 1, 3}), mask);
  const auto scores =
      training::score_constant_guesses(MaskedPair(), examples, tests::kStoredSide, tests::kExactCpu, 1)
          .constant;
  CHECK(scores.losses.item<double>() < 1e-6);  // 0, 1, and 0 where no training image says anything
}

TEST_CASE("the constant guess of a cross entropy is the logarithm of how often each class is") {
  const tests::Folder folder;
  const auto train = torch::tensor({0, 0, 0, 0, 0, 1, 1, 1}).to(torch::kInt16).view({8, 1});
  const auto examples = labelled(folder, train, torch::tensor({0, 1, 2}).to(torch::kInt16).view({3, 1}));
  const auto both =
      training::score_constant_guesses(ThreeClasses(), examples, tests::kStoredSide, tests::kExactCpu, 1);
  const auto& scores = both.constant;
  CHECK(torch::equal(both.average.losses, scores.losses));  // a vector has no places
  const double sum = 5.0 / 8 + 3.0 / 8 + 0.01 / 8;  // the class that never was: a hundredth of an image
  CHECK(scores.losses[0].item<double>() == doctest::Approx(std::log(sum / (5.0 / 8))).epsilon(1e-5));
  CHECK(scores.losses[1].item<double>() == doctest::Approx(std::log(sum / (3.0 / 8))).epsilon(1e-5));
  CHECK(scores.losses[2].item<double>() == doctest::Approx(std::log(sum / (0.01 / 8))).epsilon(1e-5));
}

namespace {

/// A task of two channels (or three classes at each pixel) whose loss is as it is told.
class TwoChannels final : public sdk::Task {
 public:
  using Loss = std::function<torch::Tensor(const torch::Tensor& prediction, const torch::Tensor& target)>;
  explicit TwoChannels(Loss loss, std::int64_t channels = 2) : loss_(std::move(loss)) {
    info_.id = "two_channels";
    info_.prediction.shape = {channels, -1, -1};
  }
  const sdk::TaskInfo& info() const noexcept override { return info_; }
  sdk::Example make_example(const sdk::Sample&, torch::Generator&) const override { return {}; }
  std::shared_ptr<sdk::Decoder> make_decoder(const sdk::DecoderConfig&) const override { return nullptr; }
  torch::Tensor loss(const torch::Tensor& prediction, const torch::Tensor& target,
                     const torch::Tensor&) const override {
    return loss_(prediction, target).flatten(1).mean(1);
  }

 private:
  Loss loss_;
  sdk::TaskInfo info_;
};

/// Labels [7,2,tests::kStoredSide,tests::kStoredSide] of both signs and many sizes, and far from each other in the two channels.
torch::Tensor labels_of_two_channels() {
  torch::manual_seed(5);
  const auto values = torch::randn({7, 2, tests::kStoredSide, tests::kStoredSide}).pow(3);
  return values + torch::tensor({-2.0F, 30.0F}).view({1, 2, 1, 1});
}

/// The average guess's loss on the labels that it is made of.
double loss_of_average(const sdk::Task& task, const torch::Tensor& labels) {
  const tests::Folder folder;
  const auto examples = labelled(folder, labels, labels);
  return training::score_constant_guesses(task, examples, tests::kStoredSide, tests::kExactCpu, 1)
      .average.losses.mean()
      .item<double>();
}

}  // namespace

TEST_CASE("the average guess is one number per channel: the median of all pixels, or their mean") {
  const auto labels = labels_of_two_channels();
  const auto by_channel = labels.transpose(0, 1).flatten(1);
  const auto loss_at = [&](const torch::Tensor& values, double power) {
    return (labels - values.view({1, 2, 1, 1})).abs().pow(power).mean().item<double>();
  };
  const TwoChannels absolute(
      [](const auto& prediction, const auto& target) { return (prediction - target).abs(); });
  CHECK(loss_of_average(absolute, labels) ==
        doctest::Approx(loss_at(std::get<0>(by_channel.median(1)), 1.0)).epsilon(1e-6));
  const TwoChannels squared(
      [](const auto& prediction, const auto& target) { return (prediction - target).pow(2); });
  CHECK(loss_of_average(squared, labels) == doctest::Approx(loss_at(by_channel.mean(1), 2.0)).epsilon(1e-5));
}

TEST_CASE("the average guess of any other loss is found by descent") {
  torch::manual_seed(6);
  const auto labels = torch::rand({7, 2, tests::kStoredSide, tests::kStoredSide}).pow(4);
  const TwoChannels quartic(
      [](const auto& prediction, const auto& target) { return (prediction - target).pow(4); });
  double least = 1e9;  // of a fine grid, the same value in both channels, which are alike
  for (double value = 0.0; value <= 1.0; value += 0.005)
    least = std::min(least, (labels - value).pow(4).mean().item<double>());
  CHECK(loss_of_average(quartic, labels) == doctest::Approx(least).epsilon(0.02));
}

TEST_CASE("the average guess of classes at pixels is how often each class is anywhere") {
  const TwoChannels classes(
      [](const auto& prediction, const auto& target) {
        return -torch::log_softmax(prediction, 1).gather(1, target.to(torch::kInt64));
      },
      3);
  auto labels = torch::zeros({4, 1, tests::kStoredSide, tests::kStoredSide}, torch::kInt16);
  labels.slice(0, 3).fill_(2);                    // 1/4 of the pixels
  labels.slice(0, 0, 1).slice(2, 0, 8).fill_(1);  // 1/8
  const double entropy = -(0.25 * std::log(0.25) + 0.125 * std::log(0.125) + 0.625 * std::log(0.625));
  CHECK(loss_of_average(classes, labels) == doctest::Approx(entropy).epsilon(1e-5));
}

TEST_CASE("under masks an image weighs the same in the average guess, however many of its pixels count") {
  // 0 in three images that count at one place (weight 1), 1 in two that count at three (weight 1/3 a pixel):
  // the weighted median is 0, that of all counted pixels would be 1.
  const tests::Folder folder;
  const auto values =
      torch::tensor({0.F, 0.F, 0.F, 1.F, 1.F}).view({5, 1, 1, 1}).expand({5, 1, 1, 3}).contiguous();
  auto mask = torch::zeros({5, 1, 1, 3}, torch::kBool);
  mask.select(3, 1).fill_(true);
  mask.slice(0, 3).fill_(true);
  const auto examples = labelled(folder, values, torch::zeros({1, 1, 1, 3}), mask);
  const auto scores =
      training::score_constant_guesses(MaskedPair(), examples, tests::kStoredSide, tests::kExactCpu, 1);
  CHECK(scores.average.losses.item<double>() == 0.0);
}

TEST_CASE("of very many training images so many as are enough are looked at, evenly picked") {
  constexpr std::int64_t kMany = 20000;
  const tests::Folder folder;
  auto targets = tests::with_other("transfer");
  const auto numbers = torch::arange(kMany).to(torch::kFloat32) / kMany;
  targets["train"] = numbers.view({kMany, 1, 1, 1}).expand({kMany, 1, 4, 4}).contiguous();
  targets["test"] = torch::zeros({1, 1, 4, 4});
  for (const std::string split : {"transfer", "validation"}) targets[split] = torch::zeros({2, 1, 4, 4});
  const auto examples = tests::store_examples(folder, targets);
  const auto guess =
      training::score_constant_guesses(tests::PixelTask(), examples, 4, tests::kExactCpu, 1).constant;
  const auto picked = torch::tensor(data::pick_evenly(kMany, 1 << 14), torch::kInt64);
  const double median = numbers.index_select(0, picked).median().item<double>();
  CHECK(median == doctest::Approx(0.5).epsilon(0.01));
  CHECK(guess.losses.item<double>() == doctest::Approx(median).epsilon(1e-5));
}
