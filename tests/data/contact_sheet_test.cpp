// Contact sheets: pictures land where they belong, names stay whole, colours mean the same in a column;
// labels without an extension are drawn too.
#include "tests/support/testing.hpp"

#include <cmath>

#include <taskonomy/sdk/image.hpp>
#include <taskonomy/sdk/toolbox/drawing.hpp>

#include "core/data/contact_sheet.hpp"

using namespace taskonomy;

namespace {

/// A task without extensions whose target has the given shape.
class Plain : public sdk::Task {
 public:
  explicit Plain(std::vector<std::int64_t> shape, sdk::MaskKind mask = sdk::MaskKind::none) {
    info_.target = {std::move(shape), torch::kFloat32, -1.0, 1.0};
    info_.mask = mask;
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

/// The same whose figure has the marks and the ground that a test gives it.
class Drawn final : public Plain, public sdk::Illustrate {
 public:
  explicit Drawn(sdk::Figure figure) : Plain({3}), figure_(std::move(figure)) {}
  [[nodiscard]] const void* extension(std::string_view id) const noexcept override {
    return id == sdk::Illustrate::kId ? static_cast<const sdk::Illustrate*>(this) : nullptr;
  }
  [[nodiscard]] sdk::Figure illustrate(const torch::Tensor&, const torch::Tensor&,
                                       const sdk::Sample&) const override {
    return figure_;
  }

 private:
  sdk::Figure figure_;
};

torch::Tensor picture(int value, std::int64_t side) {
  return torch::full({3, side, side}, value, torch::kUInt8);
}

sdk::Figure quantity(float low, float high) {
  return {.ground = sdk::Ground::quantity,
          .quantity = torch::linspace(low, high, 64).reshape({1, 8, 8}),
          .unit = "m"};
}

/// The pixels of a sheet.
torch::Tensor sheet_of(const std::vector<data::ContactSheet>& sheets) {
  return sdk::decode_image(data::draw_contact_sheets(sheets, data::SheetFormat::png).file, "sheet");
}

/// Pixels that have exactly this grey level.
std::int64_t count(const torch::Tensor& sheet, int value) {
  return sheet.eq(value).all(0).sum().item<std::int64_t>();
}

const sdk::Sample kSample{"room/1", {}};

data::Seen seen(std::int64_t side) {
  return {kSample, torch::zeros({1, 3, side, side}), torch::zeros({3, side, side})};
}

}  // namespace

TEST_CASE("every picture is enlarged to a cell of about 168 pixels, a whole number of times") {
  for (const std::int64_t side : {32, 50, 64, 128, 200}) {
    const torch::Tensor sheet =
        sheet_of({{{"input", "depth"},
                   {{"room/1", {{.picture = picture(40, side)}, {.picture = picture(90, side)}}},
                    {"room/2", {{.picture = picture(140, side)}, data::blank_figure("none")}}}}});
    const auto cell = static_cast<std::int64_t>(static_cast<double>(side) *
                                                std::max(1.0, std::round(168.0 / static_cast<double>(side))));
    for (const int value : {40, 90, 140}) CHECK(count(sheet, value) >= cell * cell);
    for (const int value : {40, 90, 140})
      CHECK(count(sheet, value) < cell * cell + 40);  // but for edges of letters
  }
  CHECK_THROWS_AS((void)data::draw_contact_sheets({{{"a"}, {{"row", {}}}}}, data::SheetFormat::png),
                  std::logic_error);
}

TEST_CASE("a column is as wide as its header, so that no name is broken") {
  const std::string name(60, 'm');
  const auto width = data::draw_contact_sheets({{{"input", name}, {}}}, data::SheetFormat::png).width;
  CHECK(width > data::text_width(name, {.size = 13.0, .bold = true}));
}

TEST_CASE("more columns than fit go on below, behind the photograph again") {
  std::vector<std::string> headers{"input"};
  data::SheetRow row{"room", {{.picture = picture(40, 64)}}};
  for (int column = 0; column < 25; ++column) {
    headers.push_back("task");
    row.cells.push_back({.picture = picture(90, 64)});
  }
  const auto drawn = data::draw_contact_sheets({{headers, {row}}}, data::SheetFormat::png);
  CHECK(drawn.width <= 2040);
  const torch::Tensor sheet = sdk::decode_image(drawn.file, "sheet");
  CHECK(count(sheet, 90) / (192 * 192) == 25);
  CHECK(count(sheet, 40) / (192 * 192) == 3);  // 25 tasks in three lines of at most nine
  const auto covered = static_cast<double>(count(sheet, 90) + count(sheet, 40));
  CHECK(covered > 0.6 * static_cast<double>(sheet.size(1) * sheet.size(2)));
}

TEST_CASE("small sheets share a line of the paper") {
  const data::ContactSheet sheet{{"input", "task"},
                                 {{"room", {{.picture = picture(40, 64)}, {.picture = picture(90, 64)}}}}};
  const auto one = data::draw_contact_sheets({sheet}, data::SheetFormat::png);
  const auto two = data::draw_contact_sheets({sheet, sheet}, data::SheetFormat::png);
  CHECK(two.height == one.height);
  CHECK(two.width > 2 * one.width - 40);
}

TEST_CASE("quantities of a column share one range, which leaves out the outermost values") {
  const sdk::Figure near = quantity(1.0F, 2.0F), far = quantity(3.0F, 5.0F);
  const auto range = data::range_of({&near, &far});
  REQUIRE(range);
  CHECK(range->low == doctest::Approx(1.0).epsilon(0.05));
  CHECK(range->high == doctest::Approx(5.0).epsilon(0.05));
  const sdk::Figure bare{.picture = picture(1, 4)};
  CHECK_FALSE(data::range_of({&bare}));
  sdk::Figure empty = quantity(1.0F, 2.0F);
  empty.quantity.fill_(std::nanf(""));
  CHECK(data::range_of({&empty})->high > data::range_of({&empty})->low);
  sdk::Figure flat = quantity(2.0F, 2.0F);
  CHECK(data::range_of({&flat})->high > data::range_of({&flat})->low);
}

TEST_CASE("the input images of one example stand row by row in a square") {
  const auto tiles = torch::linspace(-1.0, 1.0, 9).reshape({9, 1, 1, 1}).expand({9, 3, 2, 2});
  const torch::Tensor nine = data::draw_inputs(tiles);
  CHECK((nine.sizes() == torch::IntArrayRef({3, 6, 6})));
  for (int i = 0; i < 9; ++i)
    CHECK(nine[0][2 * (i / 3)][2 * (i % 3)].item<int>() == data::draw_input(tiles[i])[0][0][0].item<int>());
  CHECK((data::draw_inputs(tiles.slice(0, 0, 3)).sizes() == torch::IntArrayRef({3, 4, 4})));
}

TEST_CASE("labels without an extension: grey, the first three channels, bars") {
  const torch::Tensor grey =
      data::figure_of(Plain({1, -1, -1}), torch::zeros({1, 4, 5}), {}, seen(5)).picture;
  CHECK((grey.sizes() == torch::IntArrayRef({3, 4, 5})));
  CHECK(grey[0][0][0].item<int>() == 128);
  const torch::Tensor rgb = data::figure_of(Plain({7, -1, -1}), torch::ones({7, 4, 4}),
                                            torch::zeros({1, 4, 4}, torch::kBool), seen(4))
                                .picture;
  CHECK(rgb.eq(128).all().item<bool>());
  const torch::Tensor bars = data::figure_of(Plain({2}), torch::tensor({1.0F, -1.0F}), {}, seen(8)).picture;
  CHECK(bars.select(2, bars.size(2) - 1).eq(255).all().item<bool>());
  CHECK_FALSE(bars.select(2, 0).eq(255).all().item<bool>());
}

TEST_CASE("an image without a label and numbers that are not finite are said so, and the task is not asked") {
  const Plain task({2}, sdk::MaskKind::image);
  const auto words = [](const sdk::Figure& figure) { return figure.marks.back().text; };
  CHECK(words(data::figure_of(task, torch::zeros({2}), torch::zeros({1}, torch::kBool), seen(8))) ==
        "no label");
  CHECK(words(data::figure_of(task, torch::full({2}, NAN), {}, seen(8))) == "not finite");
}

TEST_CASE("the ground of a figure is the photograph or all that the network sees") {
  const auto ground_of = [](sdk::Ground ground) {
    const data::Seen pair{kSample, torch::ones({2, 3, 4, 4}), torch::zeros({3, 4, 4})};
    return data::figure_of(Drawn({.ground = ground}), torch::zeros({3}), {}, pair).picture;
  };
  CHECK(ground_of(sdk::Ground::photograph).equal(picture(128, 4)));
  CHECK(ground_of(sdk::Ground::input).equal(torch::full({3, 4, 8}, 255, torch::kUInt8)));
}

TEST_CASE("marks far outside, without a place or without letters of UTF-8 harm nothing") {
  const float far = 1e30F;
  const sdk::Figure wild{.picture = picture(90, 8),
                         .marks = {{sdk::Mark::Kind::line, {{-1e6F, 0.5F}, {1e6F, 0.5F}}, {10, 20, 30}},
                                   {sdk::Mark::Kind::line, {{-far, far}, {far, -far}}},
                                   {sdk::Mark::Kind::arrow, {{NAN, 0.5F}, {0.2F, 0.1F}}},
                                   {sdk::Mark::Kind::area, {{NAN, NAN}, {far, far}, {0.0F, 0.0F}}},
                                   {sdk::Mark::Kind::line, {}},
                                   {sdk::Mark::Kind::word,
                                    {{0.5F, 0.8F}},
                                    {10, 20, 30},
                                    "wide \xff words that leave the picture"},
                                   {sdk::Mark::Kind::word, {}, {10, 20, 30}, "nowhere"}},
                         .caption = "a \xff caption"};
  const torch::Tensor drawn = sdk::decode_image(data::figure_png(wild, {}), "figure");
  const torch::Tensor line = drawn.slice(1, 99, 101).slice(2, 0, 200);
  CHECK(line[0].eq(10).logical_and(line[1].eq(20)).sum().item<int>() > 150);  // the line crosses the picture
}

TEST_CASE("a picture alone comes as it is; keys and bars only where something needs them") {
  const sdk::Figure bare{.picture = picture(7, 8)};
  CHECK(sdk::decode_image(data::figure_png(bare, {}), "figure").equal(bare.picture));
  CHECK(data::key_png({&bare}, {}).empty());
  const sdk::Figure named{.picture = picture(7, 8), .key = {{{10, 20, 30}, "bed"}}};
  const torch::Tensor key = sdk::decode_image(data::key_png({&named}, {}), "key");
  CHECK(key[1].eq(20).sum().item<int>() > 80);
  CHECK_FALSE(data::key_png({&bare}, data::Range{0.0, 2.0}).empty());
}
