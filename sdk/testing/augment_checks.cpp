// augment.*: what a task says of its label when the image is mirrored and cropped.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <taskonomy/sdk/augment.hpp>
#include <taskonomy/sdk/extensions.hpp>
#include <taskonomy/sdk/modality.hpp>

#include "batch.hpp"
#include "checks.hpp"
#include "label_checks.hpp"
#include "synthetic_samples.hpp"

namespace taskonomy::sdk::testing {

namespace {

/// Examples of some samples, batched, and their images.
struct Originals {
  torch::Tensor images;  ///< [B,3,H,W] in [-1,1]
  torch::Tensor inputs;  ///< [B,views,3,S,S] or undefined: what make_example gave
  Example examples;      ///< as Augment::augment() has them
};

/// A crop: the centre in -1..1, and by how much it is enlarged.
struct Crop {
  double scale = 1.0, x = 0.0, y = 0.0;
};

Originals originals_of(const Subject& subject, const std::vector<Sample>& samples) {
  std::vector<torch::Tensor> images, inputs, targets, masks;
  for (const auto& sample : samples) {
    const Example example = example_of(subject, sample);
    images.push_back(scaled_rgb(sample)[0]);
    if (example.input.defined()) inputs.push_back(example.input);
    targets.push_back(example.target);
    if (example.mask.defined()) masks.push_back(example.mask);
  }
  Originals originals;
  originals.images = torch::stack(images);
  if (!inputs.empty()) originals.inputs = torch::stack(inputs);
  originals.examples.target = torch::stack(targets);
  if (!masks.empty()) originals.examples.mask = torch::stack(masks);
  return originals;
}

Augmentation augmentation_of(const torch::Tensor& images, bool mirrored, const Crop& crop = {}) {
  const auto centres = [](std::int64_t length) {
    return (torch::arange(length, torch::kFloat32) * 2.0 + 1.0) / static_cast<double>(length) - 1.0;
  };
  const std::int64_t count = images.size(0), height = images.size(2), width = images.size(3);
  const torch::Tensor x = crop.x + (mirrored ? -1.0 : 1.0) / crop.scale * centres(width);
  const torch::Tensor y = crop.y + centres(height) / crop.scale;
  Augmentation how;
  how.mirrored = torch::full({count}, mirrored, torch::kBool);
  how.scale = torch::full({count}, crop.scale, torch::kFloat32);
  how.grid = torch::stack({x.unsqueeze(0).expand({height, width}), y.unsqueeze(1).expand({height, width})}, 2)
                 .repeat({count, 1, 1, 1});
  how.images = warp(images, how, Sampling::bilinear);
  return how;
}

/// The task's Augment; throws NotApplicable where it offers none.
const Augment& augment_of(const Subject& subject) {
  const auto* augment = extension_of<Augment>(subject.task());
  if (augment == nullptr) throw NotApplicable{"the task offers no taskonomy.augment/2"};
  return *augment;
}

std::vector<Sample> scenes(const Subject& subject) {
  return {subject.sample(0), subject.sample(1), subject.sample(2)};
}

/// One image of a batch.
Example image_of(const Example& batch, std::int64_t index) {
  Example one;
  if (batch.input.defined()) one.input = batch.input[index];
  one.target = batch.target[index];
  if (batch.mask.defined()) one.mask = batch.mask[index];
  return one;
}

/// Mean difference of two batches of labels where both masks are true, as a share of the record's range; of ids the
/// share of places that differ.
double apart(const TaskInfo& info, const Example& a, const Example& b) {
  Example first = a, second = b;
  if (a.mask.defined()) first.mask = second.mask = a.mask & b.mask;
  const auto values = [](const Example& batch) {
    std::vector<torch::Tensor> all;
    for (std::int64_t i = 0; i < batch.target.size(0); ++i) all.push_back(counted_values(image_of(batch, i)));
    return torch::cat(all);
  };
  const torch::Tensor difference = (values(first) - values(second)).abs();
  if (difference.numel() == 0) return 0.0;
  if (!a.target.is_floating_point()) return difference.ne(0.0).to(torch::kFloat64).mean().item<double>();
  const bool bounded = std::isfinite(info.target.low) && std::isfinite(info.target.high);
  const double range = bounded ? std::max(1e-6, info.target.high - info.target.low) : 1.0;
  return difference.mean().item<double>() / range;
}

void expect_alike(Problems& problems, const Subject& subject, const Example& expected, const Example& found,
                  double tolerance, const std::string& what) {
  const bool fits = found.target.defined() && found.target.sizes() == expected.target.sizes() &&
                    found.mask.defined() == expected.mask.defined();
  if (!problems.expect(fits, what + " gives a target " + text_of(found.target) + " and a mask " +
                                 text_of(found.mask) + ", expected " + text_of(expected.target) + " and " +
                                 text_of(expected.mask)))
    return;
  const double target = apart(subject.info(), expected, found);
  problems.expect(target <= tolerance, what + ": the label is off by " + text_of(100.0 * target) + " %");
  if (!expected.mask.defined()) return;
  const double mask = expected.mask.ne(found.mask).to(torch::kFloat64).mean().item<double>();
  problems.expect(mask <= std::max(0.05, tolerance),
                  what + ": " + text_of(100.0 * mask) + " % of the mask differ");
}

/// Shapes, types and values of a crop of samples with invalid readings, what is left alone, and other images.
Finding shapes(Subject& subject) {
  const Augment& augment = augment_of(subject);
  Problems problems;
  problems.expect(subject.info().view_kind == ViewKind::single,
                  "the task has several views, of which the host augments none");
  if (!problems.empty()) return problems.finding();
  const Originals originals =
      originals_of(subject, {subject.sample(0), spoilt(subject.sample(1)), subject.sample(2)});
  const Augmentation how = augmentation_of(originals.images, true, {1.5, 0.2, -0.1});
  const torch::Tensor kept = originals.examples.target.clone(), images = how.images.clone();
  const Example result = augment.augment(originals.examples, how);
  problems.expect(same(kept, originals.examples.target) && same(images, how.images),
                  "augment writes to what it was given");
  problems.expect(result.target.defined() && result.target.dim() == kept.dim() &&
                      result.mask.defined() == originals.examples.mask.defined(),
                  "the batch of targets is " + text_of(result.target) + ", expected " + text_of(kept));
  const bool redraws = extension_of<Redraw>(subject.task()) != nullptr;
  problems.expect(
      redraws || result.input.defined() == originals.inputs.defined(),
      "the input is " + text_of(result.input) + ", make_example gives " + text_of(originals.inputs));
  if (!problems.empty()) return problems.finding();
  for (std::int64_t i = 0; i < kept.size(0); ++i) {
    Example one = image_of(result, i);
    if (redraws && !one.input.defined() && originals.inputs.defined()) one.input = originals.inputs[i];
    expect_sound(problems, subject.info(), one, subject.side(), subject.side());
  }
  const Originals first = originals_of(subject, {subject.sample(0)});
  const Example alone =
      augment.augment(first.examples, augmentation_of(first.images, true, {1.5, 0.2, -0.1}));
  problems.expect(distance(alone.target[0], result.target[0]) < 1e-4,
                  "an image has another label in a batch than alone");
  return problems.finding();
}

/// Nothing is changed where the image is not.
Finding identity(Subject& subject) {
  const Augment& augment = augment_of(subject);
  Problems problems;
  const Originals originals = originals_of(subject, scenes(subject));
  const Example result =
      augment.augment(originals.examples, augmentation_of(originals.images, /*mirrored=*/false));
  const double tolerance = originals.examples.target.is_floating_point() ? 1e-4 : 0.01;
  expect_alike(problems, subject, originals.examples, result, tolerance, "an image that is not changed");
  if (result.input.defined() && originals.inputs.defined())
    problems.expect(distance(result.input, originals.inputs) < 1e-3,
                    "an image that is not changed has an input " +
                        text_of(distance(result.input, originals.inputs)) + " away from make_example's");
  return problems.finding();
}

/// A mirror image of the mirror image is the image.
Finding mirrored_twice(Subject& subject) {
  const Augment& augment = augment_of(subject);
  Problems problems;
  const Originals originals = originals_of(subject, scenes(subject));
  const Augmentation once = augmentation_of(originals.images, true);
  Example first = augment.augment(originals.examples, once);
  first.input = torch::Tensor();
  const Example second = augment.augment(first, augmentation_of(once.images, true));
  const double tolerance = originals.examples.target.is_floating_point() ? 1e-3 : 0.01;
  expect_alike(problems, subject, originals.examples, second, tolerance, "mirrored twice");
  return problems.finding();
}

/// The mirrored label is the label of the mirrored sample.
Finding mirrored_sample(Subject& subject) {
  const Augment& augment = augment_of(subject);
  if (extension_of<RandomLabel>(subject.task()) != nullptr)
    throw NotApplicable{"the label holds chance, which is drawn anew"};
  Problems problems;
  for (const auto& sample : variants(subject, subject.sample())) {
    const auto reflected = mirrored(sample);
    for (const auto& name : subject.info().modalities)
      if (reflected.data.count(name) == 0) throw NotApplicable{"no mirror image is made up of " + name};
    const Originals originals = originals_of(subject, {sample}),
                    expected = originals_of(subject, {reflected});
    const Example result = augment.augment(originals.examples, augmentation_of(originals.images, true));
    expect_alike(problems, subject, expected.examples, result, 0.02, "the mirror image of a sample");
  }
  return problems.finding();
}

}  // namespace

std::vector<Check> augment_checks() {
  return {
      make_check(
          "augment.shape", Level::quick,
          "labels of augmented images have the record's shapes, types and ranges, image by image; nothing "
          "that "
          "was invalid becomes a label, and the originals stay as they are",
          "warp_pixels() keeps masked values out; compute from originals.target without in-place operations",
          shapes),
      make_check(
          "augment.identity", Level::quick, "an image that is not changed keeps its label and input",
          "make the label of how.images by the function that make_example calls, or warp the original's",
          identity),
      make_check(
          "augment.mirror_twice", Level::quick, "the label of an image that is mirrored twice is its label",
          "warp_pixels() mirrors pixels; values that point left or right change their sign", mirrored_twice),
      make_check(
          "augment.mirrored_sample", Level::full,
          "the mirrored label is what make_example makes of the mirrored sample: else the network is taught "
          "what no test image shows",
          "ask what the label of the mirror image is: of normals, x changes its sign", mirrored_sample),
  };
}

}  // namespace taskonomy::sdk::testing
