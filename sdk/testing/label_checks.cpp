// label.*: what make_example hands out for ordinary samples.
#include "label_checks.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include <taskonomy/sdk/extensions.hpp>
#include <taskonomy/sdk/figure.hpp>
#include <taskonomy/sdk/modality.hpp>
#include <taskonomy/sdk/vector_task.hpp>

#include "batch.hpp"
#include "checks.hpp"
#include "synthetic_samples.hpp"

namespace taskonomy::sdk::testing {

namespace {

void expect_mask(Problems& problems, MaskKind kind, const torch::Tensor& mask, std::int64_t height,
                 std::int64_t width) {
  if (kind == MaskKind::none) {
    problems.expect(!mask.defined(), "the mask is " + text_of(mask) + ", the record says none");
    return;
  }
  const std::vector<std::int64_t> shape =
      kind == MaskKind::pixel ? std::vector<std::int64_t>{1, height, width} : std::vector<std::int64_t>{1};
  problems.expect(
      mask.defined() && mask.scalar_type() == torch::kBool && mask.sizes() == torch::IntArrayRef(shape),
      "the mask is " + text_of(mask) + ", expected bool " + text_of(torch::IntArrayRef(shape)));
}

void expect_input(Problems& problems, const TaskInfo& info, const torch::Tensor& input, std::int64_t height,
                  std::int64_t width) {
  if (info.input == InputKind::plain) {
    problems.expect(!input.defined(), "the input is " + text_of(input) + ", the record says plain");
    return;
  }
  const std::vector<std::int64_t> shape{input_views(info), 3, input_side(info, height),
                                        input_side(info, width)};
  problems.expect(
      input.defined() && input.scalar_type() == torch::kFloat32 && input.sizes() == torch::IntArrayRef(shape),
      "the input is " + text_of(input) + ", expected float " + text_of(torch::IntArrayRef(shape)));
}

}  // namespace

void expect_shapes(Problems& problems, const TaskInfo& info, const Example& example, std::int64_t height,
                   std::int64_t width) {
  const auto shape = shape_of(info.target, height, width);
  const auto expected = torch::empty(shape, info.target.dtype);
  problems.expect(example.target.defined() && example.target.scalar_type() == info.target.dtype &&
                      example.target.sizes() == torch::IntArrayRef(shape),
                  "the target is " + text_of(example.target) + ", the record says " + text_of(expected));
  expect_mask(problems, info.mask, example.mask, height, width);
  expect_input(problems, info, example.input, height, width);
}

torch::Tensor counted_values(const Example& example) {
  const torch::Tensor values = example.target.detach().to(torch::kFloat64);
  if (!example.mask.defined()) return values.flatten();
  torch::Tensor mask = example.mask;
  while (mask.dim() < values.dim()) mask = mask.unsqueeze(-1);  // one for the image
  return values.masked_select(mask.to(torch::kBool).expand_as(values));
}

std::int64_t not_finite_where_counted(const Example& example) {
  return torch::isfinite(counted_values(example)).logical_not().sum().item<std::int64_t>();
}

void expect_range(Problems& problems, const TaskInfo& info, const Example& example) {
  constexpr double kRounding = 1e-5;
  const torch::Tensor counted = counted_values(example);
  const torch::Tensor values = counted.masked_select(torch::isfinite(counted));
  if (values.numel() > 0) {
    const double low = values.min().item<double>(), high = values.max().item<double>();
    problems.expect(low >= info.target.low - kRounding && high <= info.target.high + kRounding,
                    "the target reaches from " + text_of(low) + " to " + text_of(high) +
                        ", the record says " + text_of(info.target.low) + " to " + text_of(info.target.high));
  }
  if (!example.input.defined() || example.input.numel() == 0) return;
  const double most = example.input.abs().max().item<double>();
  problems.expect(!(most > 1.0 + kRounding), "the input reaches " + text_of(most) + ", beyond [-1,1]");
}

void expect_values(Problems& problems, const TaskInfo& info, const Example& example) {
  const std::int64_t bad = not_finite_where_counted(example);
  problems.expect(bad == 0,
                  std::to_string(bad) + " values of the target are not finite where the mask is true");
  expect_range(problems, info, example);
}

void expect_sound(Problems& problems, const TaskInfo& info, const Example& example, std::int64_t height,
                  std::int64_t width) {
  expect_shapes(problems, info, example, height, width);
  if (problems.empty()) expect_values(problems, info, example);
}

namespace {

constexpr std::uint64_t kScenes = 4;

Finding label_shape(Subject& subject) {
  Problems problems;
  const Sample sample = subject.sample();
  for (const auto& variant : variants(subject, sample)) {
    expect_shapes(problems, subject.info(), example_of(subject, variant), subject.side(), subject.side());
  }
  return problems.finding(text_of(example_of(subject, sample).target));
}

Finding finite_labels(Subject& subject) {
  Problems problems;
  for (std::uint64_t scene = 0; scene < kScenes; ++scene) {
    for (const auto& variant : variants(subject, subject.sample(scene))) {
      const Example example = example_of(subject, variant);
      const std::int64_t bad = not_finite_where_counted(example);
      problems.expect(bad == 0, std::to_string(bad) + " of " + std::to_string(example.target.numel()) +
                                    " values of the target are NaN or infinite where the mask is true");
      problems.expect(!example.input.defined() || all_finite(example.input), "the input is not finite");
    }
  }
  return problems.finding();
}

Finding range(Subject& subject) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (std::uint64_t scene = 0; scene < kScenes; ++scene) {
    for (const auto& variant : variants(subject, subject.sample(scene))) {
      const Example example = example_of(subject, variant);
      Problems problems;
      expect_range(problems, subject.info(), example);
      if (!problems.empty()) return problems.finding();  // other scenes only have other numbers
      const torch::Tensor counted = counted_values(example);
      if (counted.numel() == 0) continue;
      low = std::min(low, counted.min().item<double>());
      high = std::max(high, counted.max().item<double>());
    }
  }
  return Problems().finding("seen: " + text_of(low) + " to " + text_of(high));
}

Finding input_unchanged(Subject& subject) {
  Problems problems;
  for (const auto& sample : variants(subject, subject.sample())) {
    const Sample before = copy_of(sample);
    (void)example_of(subject, sample);
    problems.expect(sample.data.size() == before.data.size(), "make_example added modalities to the sample");
    for (const auto& [name, tensor] : before.data) {
      const auto now = sample.data.find(name);
      problems.expect(now != sample.data.end() && same(tensor, now->second),
                      "make_example changed the sample's " + name);
    }
  }
  return problems.finding();
}

Finding pure(Subject& subject) {
  Problems problems;
  const Sample sample = subject.sample();
  const Example first = example_of(subject, copy_of(sample));
  const torch::Tensor kept = first.target.clone();
  (void)example_of(subject, subject.sample(2), 77);
  const Example second = example_of(subject, copy_of(sample));
  problems.expect(same(kept, first.target), "a later call changed an example that was handed out");
  const std::string how = "the same sample and seed gave another ";
  problems.expect(same(kept, second.target),
                  how + "target, " + text_of(distance(kept, second.target)) + " away");
  problems.expect(same(first.mask, second.mask), how + "mask");
  problems.expect(same(first.input, second.input), how + "input");
  const auto another = subject.make(subject.side());
  problems.expect(same(kept, example_of(*another, copy_of(sample)).target),
                  "another object of the task gave another target");
  return problems.finding();
}

/// A label that changes with the generator is noise to a network that sees the plain image, unless the task
/// says that it means it.
Finding chance(Subject& subject) {
  Problems problems;
  const Sample sample = subject.sample();
  const Example first = example_of(subject, copy_of(sample), 3),
                other = example_of(subject, copy_of(sample), 4);
  const bool varies =
      !same(first.target, other.target) || !same(first.mask, other.mask) || !same(first.input, other.input);
  const bool declared =
      subject.info().input == InputKind::own || extension_of<RandomLabel>(subject.task()) != nullptr;
  problems.expect(!varies || declared, "another generator gives another label (" +
                                           text_of(distance(first.target, other.target)) +
                                           " away), though the input is the plain image");
  problems.advise(varies || extension_of<RandomLabel>(subject.task()) == nullptr,
                  "the task declares a random label, but another generator changes nothing");
  return problems.finding(varies ? "varies, as declared" : "does not vary");
}

/// What redraw() gives for a generator is what make_example() gives for it.
Finding drawn_anew(Subject& subject) {
  const auto* redraw = extension_of<Redraw>(subject.task());
  if (redraw == nullptr) throw NotApplicable{"the task offers no taskonomy.redraw/1"};
  Problems problems;
  bool varies = false;
  for (const auto& sample : variants(subject, subject.sample())) {
    const auto redrawn = [&](std::uint64_t seed) {
      Example drawn = example_of(subject, sample, 3);
      drawn.input = torch::Tensor();
      torch::Generator generator = at::detail::createCPUGenerator(seed);
      return redraw->redraw(scaled_rgb(sample), drawn, generator);
    };
    const Example now = redrawn(4), meant = example_of(subject, sample, 4);
    expect_shapes(problems, subject.info(), now, subject.side(), subject.side());
    const std::string how = "redraw gives another ";
    problems.expect(same(now.target, meant.target),
                    how + "target than make_example with the same generator, " +
                        text_of(distance(now.target, meant.target)) + " away");
    problems.expect(same(now.mask, meant.mask), how + "mask than make_example with the same generator");
    problems.expect(same(now.input, meant.input), how + "input than make_example with the same generator");
    const Example other = redrawn(5);
    varies = varies || !same(now.target, other.target) || !same(now.input, other.input);
  }
  problems.advise(varies, "another generator changes nothing that redraw gives");
  return problems.finding();
}

/// Encoders are shown plain images in transfers: what EncoderInput makes of them is what they were trained on.
Finding encoder_input(Subject& subject) {
  const auto* input = extension_of<EncoderInput>(subject.task());
  if (input == nullptr) throw NotApplicable{"the task offers no taskonomy.encoder-input/1"};
  Problems problems;
  const Sample sample = subject.sample();
  const torch::Tensor plain = scaled_rgb(sample), kept = plain.clone(),
                      trained_on = example_of(subject, sample).input;
  const torch::Tensor shown = input->encoder_input(plain);
  problems.expect(same(plain, kept), "encoder_input changed the images that it was given");
  problems.expect(trained_on.defined(), "the task takes the plain image, so its encoder has no other input");
  if (!trained_on.defined()) return problems.finding();
  const bool fits = shown.defined() && shown.sizes() == trained_on.sizes();
  problems.expect(
      fits, "encoder_input gives " + text_of(shown) + ", make_example the input " + text_of(trained_on));
  if (fits)
    problems.expect(distance(shown, trained_on) < 1e-2, "encoder_input is up to " +
                                                            text_of(distance(shown, trained_on)) +
                                                            " away from the input of make_example");
  return problems.finding();
}

/// What measures a task's whitening restores its targets to numbers, and makes targets of such numbers.
Finding whitening(Subject& subject) {
  const auto* measured = extension_of<MeasuredWhitening>(subject.task());
  if (measured == nullptr) throw NotApplicable{"the task offers no taskonomy.measured-whitening/1"};
  Problems problems;
  const Whitening& constants = measured->whitening();
  const std::int64_t numbers = constants.restore(torch::zeros({1})).numel();
  const torch::Tensor target = example_of(subject, subject.sample()).target;
  const bool fits = numbers > 0 && target.numel() % numbers == 0;
  problems.expect(
      fits, "whitening() is of " + std::to_string(numbers) + " numbers, the target is " + text_of(target));
  if (!fits) return problems.finding();
  const torch::Tensor rows = target.to(torch::kFloat32).view({-1, numbers}), values = constants.restore(rows);
  problems.expect(all_finite(values), "the target is restored to numbers that are not finite");
  const double away = distance(constants.whiten(values), rows);
  problems.expect(away < 1e-3 * (1.0 + rows.abs().max().item<double>()),
                  "a target that is restored and whitened again is " + text_of(away) + " away");
  return problems.finding();
}

Finding drawing(Subject& subject) {
  const auto* visualize = extension_of<Visualize>(subject.task());
  if (visualize == nullptr) throw NotApplicable{"the task offers no taskonomy.visualize/1"};
  const Example example = example_of(subject, spoilt(subject.sample()));
  const Batch batch = make_batch(subject, 2);
  const torch::Tensor mask = batch.mask.defined() ? batch.mask[0] : batch.mask;
  struct Case {
    torch::Tensor values, mask;
    const char* what;
  };
  for (const auto& [values, of, what] : {Case{example.target, example.mask, "a target"},
                                         {example.target, {}, "a target without its mask"},
                                         {batch.prediction[0], {}, "a prediction"},
                                         {batch.prediction[0], mask, "a prediction under a mask"}}) {
    const torch::Tensor before = values.clone(), picture = visualize->draw(values, of);
    const bool fits = picture.defined() && picture.scalar_type() == torch::kUInt8 &&
                      picture.sizes() == torch::IntArrayRef({3, subject.side(), subject.side()});
    if (!fits)  // the others would say the same
      return {Outcome::fail, std::string("drawing ") + what + " gives " + text_of(picture) +
                                 ", expected uint8 [3," + std::to_string(subject.side()) + "," +
                                 std::to_string(subject.side()) + "]"};
    if (!same(values, before)) return {Outcome::fail, std::string("drawing ") + what + " changes it"};
    if (!same(picture, visualize->draw(values, of)))
      return {Outcome::fail, std::string("drawing ") + what + " again gives another picture"};
  }
  return {};
}

/// What a figure lacks to be drawn; "" where nothing.
std::string problem_of_figure(const Figure& figure) {
  const auto is_image = [](const torch::Tensor& image, torch::Dtype type, std::int64_t channels) {
    return image.defined() && image.scalar_type() == type && image.dim() == 3 && image.size(0) == channels &&
           image.numel() > 0;
  };
  if (figure.ground == Ground::picture && !is_image(figure.picture, torch::kUInt8, 3))
    return "Ground::picture needs a picture uint8 [3,h,w], not " + text_of(figure.picture);
  if (figure.ground == Ground::quantity && !is_image(figure.quantity, torch::kFloat32, 1))
    return "Ground::quantity needs a quantity float32 [1,h,w], not " + text_of(figure.quantity);
  for (const Mark& mark : figure.marks) {
    const std::size_t least = mark.kind == Mark::Kind::word ? 1 : mark.kind == Mark::Kind::area ? 3 : 2;
    if (mark.points.size() < least)
      return "a mark has " + std::to_string(mark.points.size()) + " points, expected at least " +
             std::to_string(least);
  }
  for (const Swatch& swatch : figure.key)
    if (swatch.name.empty()) return "a colour of the key has no name";
  return "";
}

Finding figures(Subject& subject) {
  const auto* illustrate = extension_of<Illustrate>(subject.task());
  if (illustrate == nullptr) throw NotApplicable{"the task offers no taskonomy.illustrate/1"};
  Problems problems;
  const Sample bare{subject.sample().id, {}};
  const auto expect = [&](const torch::Tensor& values, const torch::Tensor& mask, const Sample& sample,
                          const std::string& what) {
    const bool pixels = subject.info().mask == MaskKind::pixel;
    const std::string problem =
        problem_of_figure(illustrate->illustrate(values, pixels ? mask : torch::Tensor(), sample));
    problems.expect(problem.empty(), "the figure of " + what + ": " + problem);
  };
  const Example example = example_of(subject, subject.sample());
  expect(example.target, example.mask, subject.sample(), "a target");
  expect(example.target, {}, bare, "a target without its mask and sample");
  const Batch batch = make_batch(subject, 2);
  expect(batch.prediction[0], {}, bare, "a prediction");
  return problems.finding();
}

}  // namespace

std::vector<Check> label_checks() {
  return {
      make_check("label.shape", Level::quick,
                 "target, mask and input have the shapes and types that the record states: the host stores "
                 "them in one table",
                 "compare TaskInfo::target, mask and input with what make_example returns", label_shape),
      make_check("label.finite", Level::quick, "labels are finite wherever the mask is true",
                 "set the mask to isfinite(target) and fill the rest with 0", finite_labels),
      make_check("label.range", Level::quick,
                 "labels lie in the record's range wherever the mask is true, inputs in [-1,1]",
                 "clamp the label, or correct TaskInfo::target.low and high", range),
      make_check("label.input_unchanged", Level::quick,
                 "make_example does not change the sample, which other tasks read too",
                 "avoid in-place operations (add_, clamp_, copy_) on tensors of the sample; clone() first",
                 input_unchanged),
      make_check("label.pure", Level::quick,
                 "make_example is a pure function of sample and generator: examples are made once and kept",
                 "draw from the generator that is passed in, keep no state in the task, return own tensors",
                 pure),
      make_check(
          "label.chance", Level::full,
          "another generator gives another label only where the input changes too or the task declares it",
          "compute the label from the sample alone, or offer RandomLabel (extensions.hpp)", chance),
      make_check(
          "label.redraw", Level::full,
          "what redraw gives for a generator is what make_example gives for it: training and test differ in "
          "chance alone",
          "let both call one function that draws from the generator in one order", drawn_anew),
      make_check("label.encoder_input", Level::full,
                 "encoder_input makes of a plain image the input that make_example makes: encoders see in "
                 "transfers what they saw in training",
                 "let both call one function", encoder_input),
      make_check(
          "label.whitening", Level::full,
          "whitening() is that of the target's numbers: the host measures them by it on the training split",
          "return the Whitening that make_example whitens with", whitening),
      make_check("label.drawing", Level::full,
                 "targets and predictions, masked or not, are drawn as RGB uint8 [3,side,side]",
                 "see toolbox/drawing.hpp: draw_rgb(), draw_grey(), draw_classes(), draw_bars()", drawing),
      make_check(
          "label.figure", Level::full,
          "figures of targets and predictions can be drawn, also of a sample of which only the id is known",
          "see figure.hpp: a Ground needs its picture or quantity, a line two points, a colour a name",
          figures),
  };
}

}  // namespace taskonomy::sdk::testing
