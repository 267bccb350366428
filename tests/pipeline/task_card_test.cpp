// A task's card is what the task says, in another process too.
#include "core/pipeline/task_card.hpp"

#include <cmath>
#include <limits>

#include "core/base/error.hpp"
#include "core/host/parcel.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;

namespace {

/// Says something of everything.
class TalkativeTask : public sdk::Task, public sdk::Metrics {
 public:
  TalkativeTask() {
    info_.id = "talkative";
    info_.title = "Talkative";
    info_.family = "3D";
    info_.reference = "nobody";
    info_.role = sdk::Role::target;
    info_.view_kind = sdk::ViewKind::fixated_triplet;
    info_.label_cost = 2.5;
    info_.trained = false;
    info_.modalities = {"rgb", "normal"};
    info_.any_of = {{"depth_zbuffer", "depth_euclidean"}, {}};
    info_.input = sdk::InputKind::own;
    info_.input_views = 9;
    info_.input_side = 16;
    info_.mask = sdk::MaskKind::image;
    info_.target = {{3, -1, -1}, torch::kInt64, 0.0, 5.0};
    info_.prediction = {{7},
                        torch::kFloat32,
                        -std::numeric_limits<double>::infinity(),
                        std::numeric_limits<double>::infinity()};
  }
  const sdk::TaskInfo& info() const noexcept override { return info_; }
  sdk::Example make_example(const sdk::Sample&, torch::Generator&) const override { return {}; }
  std::shared_ptr<sdk::Decoder> make_decoder(const sdk::DecoderConfig&) const override { return nullptr; }
  torch::Tensor loss(const torch::Tensor&, const torch::Tensor&, const torch::Tensor&) const override {
    return {};
  }
  const void* extension(std::string_view id) const noexcept override {
    return id == sdk::Metrics::kId ? static_cast<const sdk::Metrics*>(this) : nullptr;
  }
  const std::vector<sdk::Metric>& metrics() const noexcept override { return metrics_; }
  torch::Tensor measure(const torch::Tensor&, const torch::Tensor&, const torch::Tensor&) const override {
    return {};
  }

 private:
  sdk::TaskInfo info_;
  std::vector<sdk::Metric> metrics_{{"psnr", "dB", true}, {"l1", "", false}};
};

}  // namespace

TEST_CASE("a card has every field of the task's record, its metrics, and whether it augments") {
  const TalkativeTask task;
  const auto card = pipeline::unpacked_card(pipeline::packed_card(task));
  const auto& told = card.info;
  const auto& said = task.info();
  CHECK(told.id == said.id);
  CHECK(told.title == said.title);
  CHECK(told.family == said.family);
  CHECK(told.reference == said.reference);
  CHECK((told.role == said.role));
  CHECK((told.view_kind == said.view_kind));
  CHECK(told.label_cost == said.label_cost);
  CHECK(told.trained == said.trained);
  CHECK(told.modalities == said.modalities);
  CHECK((told.any_of == said.any_of));
  CHECK((told.input == said.input));
  CHECK(told.input_views == said.input_views);
  CHECK(told.input_side == said.input_side);
  CHECK((told.mask == said.mask));
  for (const auto& [a, b] :
       {std::pair(told.target, said.target), std::pair(told.prediction, said.prediction)}) {
    CHECK(a.shape == b.shape);
    CHECK((a.dtype == b.dtype));
    CHECK(a.low == b.low);
    CHECK(a.high == b.high);
  }
  REQUIRE(card.metrics.size() == 2);
  CHECK(card.metrics[0].name == "psnr");
  CHECK(card.metrics[0].unit == "dB");
  CHECK(card.metrics[0].higher_is_better);
  CHECK(card.metrics[1].name == "l1");
  CHECK_FALSE(card.augments);
}

TEST_CASE("a card that ends too early is an error") {
  const std::string whole = pipeline::packed_card(TalkativeTask());
  for (const std::size_t kept : {std::size_t{0}, std::size_t{7}, whole.size() / 2, whole.size() - 1})
    CHECK_THROWS_AS((void)pipeline::unpacked_card(whole.substr(0, kept)), base::Error);
}
