#include "label_shape.hpp"

#include <string>
#include <vector>

#include "batch.hpp"

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

void require_sound(const Subject& subject) {
  Problems problems;
  for (const auto& sample : variants(subject, subject.sample()))
    expect_sound(problems, subject.info(), example_of(subject, sample), subject.side(), subject.side());
  if (!problems.empty())
    throw NotApplicable{"ordinary samples have no sound label; see label.shape, label.finite, label.range"};
}

}  // namespace taskonomy::sdk::testing
