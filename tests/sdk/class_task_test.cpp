// Classes of a task's own: the label of one class, and what ClassTask makes of it.
#include <cmath>

#include <taskonomy/sdk/class_task.hpp>

#include "tests/support/testing.hpp"

using namespace taskonomy;

namespace {

/// Three classes by the red of the first pixel: below 85, below 170, above.
class Redness final : public sdk::ClassTask {
 public:
  Redness() : sdk::ClassTask(sdk::class_task_info("redness", "Redness", "2D", 3), 16) {}
  [[nodiscard]] sdk::Example make_example(const sdk::Sample& sample, torch::Generator&) const override {
    return sdk::class_example(sample.data.at("rgb")[0][0][0][0].item<std::int64_t>() / 86, 3);
  }
};

sdk::Example example_of(std::int64_t red) {
  torch::Generator generator = at::detail::createCPUGenerator(1);
  return Redness().make_example({"red", {{"rgb", torch::full({1, 3, 2, 2}, red, torch::kUInt8)}}}, generator);
}

}  // namespace

TEST_CASE("the label of a class is 1 there and 0 elsewhere; an index outside is not known") {
  const auto known = sdk::class_example(2, 4);
  CHECK(known.target.equal(torch::tensor({0.0F, 0.0F, 1.0F, 0.0F})));
  CHECK(known.mask.equal(torch::tensor({true})));
  for (const std::int64_t outside : {-1, 4}) {
    const auto unknown = sdk::class_example(outside, 4);
    CHECK(unknown.target.equal(torch::zeros({4})));
    CHECK(unknown.mask.equal(torch::tensor({false})));
  }
}

TEST_CASE("a task of its own classes has their number, cross entropy and top_1") {
  const Redness task;
  CHECK(task.info().target.shape == std::vector<std::int64_t>{3});
  CHECK((task.info().mask == sdk::MaskKind::image));
  const auto labels = torch::stack({example_of(10).target, example_of(255).target});
  CHECK(labels.equal(torch::tensor({{1.0F, 0.0F, 0.0F}, {0.0F, 0.0F, 1.0F}})));
  // Equal logits say ln 3; a logit of ln 2 above two zeros says 1/2 for its class and 1/4 for each other.
  const auto logits = torch::tensor({{0.0F, 0.0F, 0.0F}, {std::log(2.0F), 0.0F, 0.0F}});
  CHECK(task.loss(logits, labels, {}).allclose(torch::tensor({std::log(3.0F), std::log(4.0F)})));
  const auto* metrics = sdk::extension_of<sdk::Metrics>(task);
  REQUIRE(metrics != nullptr);
  REQUIRE(metrics->metrics().size() == 1);
  CHECK(metrics->metrics()[0].name == "top_1");
  const auto right_and_wrong =
      metrics->measure(torch::tensor({{2.0F, 1.0F, 0.0F}, {2.0F, 1.0F, 0.0F}}), labels, {});
  CHECK(right_and_wrong.equal(torch::tensor({{100.0F}, {0.0F}})));
}
