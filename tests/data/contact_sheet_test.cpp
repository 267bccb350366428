// Contact sheets: pictures land where they belong, enlarged without blur; labels without an extension are
// drawn too.
#include "tests/support/testing.hpp"

#include <taskonomy/sdk/toolbox/drawing.hpp>

#include "core/data/contact_sheet.hpp"
#include "core/data/font.hpp"

using namespace taskonomy;

namespace {

/// A task without extensions whose target has the given shape.
class Plain : public sdk::Task {
 public:
  explicit Plain(std::vector<std::int64_t> shape) {
    info_.target = {std::move(shape), torch::kFloat32, -1.0, 1.0};
  }
  [[nodiscard]] const sdk::TaskInfo& info() const noexcept override { return info_; }
  [[nodiscard]] sdk::Example make_example(const sdk::Sample&, torch::Generator&) const override { return {}; }
  [[nodiscard]] std::shared_ptr<sdk::Decoder> make_decoder(const sdk::DecoderConfig&) const override {
    return nullptr;
  }
  [[nodiscard]] torch::Tensor loss(const torch::Tensor& p, const torch::Tensor&,
                                   const torch::Tensor&) const override {
    return p;
  }

 private:
  sdk::TaskInfo info_;
};

torch::Tensor picture(int value, std::int64_t side) {
  return torch::full({3, side, side}, value, torch::kUInt8);
}

/// Pixels of the sheet that have exactly this grey level.
std::int64_t count(const torch::Tensor& sheet, int value) {
  return sheet.eq(value).all(0).sum().item<std::int64_t>();
}

}  // namespace

TEST_CASE("every picture is enlarged by a whole factor to at least 128 pixels") {
  for (const std::int64_t side : {32, 50, 64, 128, 200}) {
    const torch::Tensor sheet = data::draw_contact_sheet({"input", "depth_zbuffer"},
                                                         {{"room/1", {picture(40, side), picture(90, side)}},
                                                          {"room/2", {picture(140, side), torch::Tensor()}}});
    const std::int64_t cell = (std::max<std::int64_t>(128, side) + side - 1) / side * side;
    CHECK(sheet.size(0) == 3);
    for (const int value : {40, 90, 140}) CHECK(count(sheet, value) == cell * cell);
    CHECK(count(sheet, 20) > 300);  // headers, labels and "none" are there
  }
  CHECK_THROWS_AS((void)data::draw_contact_sheet({"a"}, {{"row", {}}}), std::logic_error);
}

TEST_CASE("the input images of one example stand row by row in a square") {
  const auto tiles = torch::linspace(-1.0, 1.0, 9).reshape({9, 1, 1, 1}).expand({9, 3, 2, 2});
  const torch::Tensor nine = data::draw_inputs(tiles);
  CHECK((nine.sizes() == torch::IntArrayRef({3, 6, 6})));
  for (int i = 0; i < 9; ++i)
    CHECK(nine[0][2 * (i / 3)][2 * (i % 3)].item<int>() == data::draw_input(tiles[i])[0][0][0].item<int>());
  CHECK((data::draw_inputs(tiles.slice(0, 0, 3)).sizes() == torch::IntArrayRef({3, 4, 4})));
}

TEST_CASE("stacked sheets keep their pixels, on white where one is narrower") {
  const torch::Tensor all = data::stack_vertically({picture(40, 4), picture(90, 7)});
  CHECK((all.sizes() == torch::IntArrayRef({3, 11, 7})));
  CHECK(count(all, 40) == 16);
  CHECK(count(all, 90) == 49);
  CHECK(count(all, 255) == 4 * 3);
}

TEST_CASE("text is cut at the border and drawn at its scale") {
  torch::Tensor page = picture(255, 20);
  data::draw_text(page, "I", 2, 3, {2, 0});
  CHECK(count(page, 0) == 11 * 4);  // a serif I: 7 pixels of stem, 2 of each serif
  data::draw_text(page, "wide text \xff that leaves", -5, 10, {3, 0});
  CHECK(page.size(2) == 20);
  CHECK(data::text_width("abc", 2) == 34);
}

TEST_CASE("labels without an extension: grey, the first three channels, bars") {
  const torch::Tensor grey = data::draw_label(Plain({1, -1, -1}), torch::zeros({1, 4, 5}), {}, 5);
  CHECK((grey.sizes() == torch::IntArrayRef({3, 4, 5})));
  CHECK(grey[0][0][0].item<int>() == 128);
  const torch::Tensor rgb =
      data::draw_label(Plain({7, -1, -1}), torch::ones({7, 4, 4}), torch::zeros({1, 4, 4}, torch::kBool), 4);
  CHECK(rgb.eq(128).all().item<bool>());
  const torch::Tensor bars = data::draw_label(Plain({2}), torch::tensor({1.0F, -1.0F}), {}, 8);
  CHECK(bars.select(2, 7).eq(255).all().item<bool>());
  CHECK_FALSE(bars.select(2, 0).eq(255).all().item<bool>());
}

TEST_CASE("40 class colours differ from each other") {
  const torch::Tensor colours =
      sdk::draw_classes(torch::arange(40).reshape({1, 1, 40})).squeeze(1).t().to(torch::kFloat32);
  torch::Tensor distances = torch::cdist(colours.unsqueeze(0), colours.unsqueeze(0))[0];
  distances.fill_diagonal_(1000.0);
  CHECK(distances.min().item<float>() > 10.0F);
}
