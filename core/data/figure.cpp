#include "core/data/figure.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include <taskonomy/sdk/extensions.hpp>
#include <taskonomy/sdk/toolbox/drawing.hpp>

#include "core/base/text.hpp"

namespace taskonomy::data {

namespace {

constexpr std::uint8_t kPaper = 255;
constexpr sdk::Colour kFaint{238, 238, 240}, kRule{205, 206, 210};
constexpr std::int64_t kBarsSide = 64;  // of labels without extension that are drawn as bars

/// What figure_of() says before its grounds are replaced by pictures.
sdk::Figure described(const sdk::Task& task, const torch::Tensor& values, const torch::Tensor& mask,
                      const Seen& seen) {
  if (const auto* illustrate = sdk::extension_of<sdk::Illustrate>(task))
    return illustrate->illustrate(values, mask, seen.sample);
  const sdk::TensorSpec& spec = task.info().target;
  sdk::Figure figure{.hard_pixels =
                         values.dim() == 3 && !values.is_floating_point()};  // names of classes or regions
  if (const auto* visualize = sdk::extension_of<sdk::Visualize>(task))
    figure.picture = visualize->draw(values, mask);
  else if (values.dim() == 1)
    figure.picture = sdk::draw_bars(values.to(torch::kFloat32) - spec.low, kBarsSide, mask);
  else if (values.size(0) >= 3)
    figure.picture = sdk::draw_rgb(values.slice(0, 0, 3), spec.low, spec.high, mask);
  else
    figure.picture = sdk::draw_grey(values.slice(0, 0, 1), spec.low, spec.high, mask);
  return figure;
}

/// A step of 1, 2 or 5 times a power of ten, near `size`.
double round_step(double size) {
  const double power = std::pow(10.0, std::floor(std::log10(size)));
  const double lead = size / power;
  return power * (lead < 1.5 ? 1.0 : lead < 3.5 ? 2.0 : lead < 7.5 ? 5.0 : 10.0);
}

std::string short_number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value);
  return text;
}

/// The part of a segment that lies near the picture (-1..2 of its sides), so that no coordinate is too
/// large for cairo. Nothing where none does or a coordinate is not finite.
std::optional<std::pair<sdk::Point, sdk::Point>> near_picture(const sdk::Point& p, const sdk::Point& q) {
  double begin = 0.0, end = 1.0;
  const auto keep = [&](double from, double to) {
    const double climb = to - from;
    if (climb == 0.0) return from >= -1.0 && from <= 2.0;
    const double first = (-1.0 - from) / climb, last = (2.0 - from) / climb;
    begin = std::max(begin, std::min(first, last));
    end = std::min(end, std::max(first, last));
    return begin <= end;
  };
  for (const float coordinate : {p.x, p.y, q.x, q.y})
    if (!std::isfinite(coordinate)) return std::nullopt;
  if (!keep(p.x, q.x) || !keep(p.y, q.y)) return std::nullopt;
  const auto between = [](double from, double to, double t) {
    return static_cast<float>(from + t * (to - from));
  };
  const auto at = [&](double t) { return sdk::Point{between(p.x, q.x, t), between(p.y, q.y, t)}; };
  return std::pair{at(begin), at(end)};
}

/// Draws marks into one picture.
class Marker {
 public:
  Marker(DrawingSurface& surface, const Box& box, bool on_photograph)
      : surface_(surface), box_(box), on_photograph_(on_photograph) {}

  void draw(const sdk::Mark& mark) const {
    switch (mark.kind) {
      case sdk::Mark::Kind::line:
        return line(mark);
      case sdk::Mark::Kind::arrow:
        line(mark);
        return head(mark);
      case sdk::Mark::Kind::area:
        return area(mark);
      case sdk::Mark::Kind::word:
        return word(mark);
    }
  }

 private:
  [[nodiscard]] sdk::Point placed(const sdk::Point& share) const {
    return {static_cast<float>(box_.left + share.x * box_.width),
            static_cast<float>(box_.top + share.y * box_.height)};
  }
  void line(const sdk::Mark& mark) const {
    for (std::size_t i = 1; i < mark.points.size(); ++i)
      if (const auto part = near_picture(mark.points[i - 1], mark.points[i]))
        surface_.stroke({placed(part->first), placed(part->second)}, mark.colour, kLine, on_photograph_);
  }
  void head(const sdk::Mark& mark) const {
    if (mark.points.size() < 2) return;
    const auto part = near_picture(mark.points[mark.points.size() - 2], mark.points.back());
    if (!part) return;
    const sdk::Point from = placed(part->first), tip = placed(part->second);
    const float length = std::hypot(tip.x - from.x, tip.y - from.y);
    if (length < 1.0F) return;
    const float x = (tip.x - from.x) / length, y = (tip.y - from.y) / length,
                size = std::min(8.0F, 0.6F * length);
    const auto corner = [&](float side) {
      return sdk::Point{tip.x - size * (x + side * y), tip.y - size * (y - side * x)};
    };
    surface_.stroke({corner(0.5F), tip, corner(-0.5F)}, mark.colour, kLine, on_photograph_);
  }
  void area(const sdk::Mark& mark) const {
    std::vector<sdk::Point> corners;
    for (const auto& point : mark.points) {
      if (!std::isfinite(point.x + point.y)) return;
      corners.push_back(placed({std::clamp(point.x, -1.0F, 2.0F), std::clamp(point.y, -1.0F, 2.0F)}));
    }
    surface_.fill(corners, mark.colour);
  }
  void word(const sdk::Mark& mark) const {
    if (mark.points.empty() || !near_picture(mark.points[0], mark.points[0])) return;
    Lettering lettering{.size = 13.0, .bold = true, .colour = mark.colour, .outlined = on_photograph_};
    const sdk::Point at = placed(mark.points[0]);
    const double room = mark.from_left ? box_.left + box_.width - at.x : box_.width;
    double width = text_width(mark.text, lettering);
    if (width > room && room > 0.0) lettering.size *= std::max(0.5, room / width);
    width = text_width(mark.text, lettering);
    surface_.write(mark.text, mark.from_left ? at.x : at.x - 0.5 * width, at.y + 0.36 * lettering.size,
                   lettering);
  }

  static constexpr double kLine = 2.0;
  DrawingSurface& surface_;
  Box box_;
  bool on_photograph_;
};

/// The largest box of this shape in the upper left corner of a box.
Box fitted(const Box& box, double height, double width) {
  const double scale = std::min(box.width / width, box.height / height);
  return {box.left, box.top, scale * width, scale * height};
}

torch::Tensor coloured(const torch::Tensor& quantity, const Range& range) {
  return sdk::draw_scale(-quantity, -range.high, -range.low);
}

}  // namespace

torch::Tensor draw_input(const torch::Tensor& input) { return sdk::draw_rgb(input, -1.0, 1.0); }

torch::Tensor draw_inputs(const torch::Tensor& inputs) {
  const std::int64_t count = inputs.size(0), height = inputs.size(2), width = inputs.size(3);
  const auto columns = static_cast<std::int64_t>(std::ceil(std::sqrt(static_cast<double>(count))));
  const std::int64_t rows = (count + columns - 1) / columns;
  torch::Tensor picture = torch::full({3, rows * height, columns * width}, kPaper, torch::kUInt8);
  for (std::int64_t i = 0; i < count; ++i)
    picture.slice(1, i / columns * height, (i / columns + 1) * height)
        .slice(2, i % columns * width, (i % columns + 1) * width)
        .copy_(draw_input(inputs[i]));
  return picture;
}

sdk::Figure blank_figure(std::string words) {
  const sdk::Mark word{sdk::Mark::Kind::word, {{0.5F, 0.5F}}, {90, 90, 96}, std::move(words)};
  return {.ground = sdk::Ground::paper,
          .marks = {{sdk::Mark::Kind::area, {{0, 0}, {1, 0}, {1, 1}, {0, 1}}, kFaint}, word}};
}

sdk::Figure figure_of(const sdk::Task& task, const torch::Tensor& values, const torch::Tensor& mask,
                      const Seen& seen) {
  const bool whole_image = task.info().mask == sdk::MaskKind::image;
  if (whole_image && mask.defined() && !mask.to(torch::kBool).any().item<bool>())
    return blank_figure("no label");
  if (values.dim() == 1 && values.is_floating_point() && !torch::isfinite(values).all().item<bool>())
    return blank_figure("not finite");
  sdk::Figure figure = described(task, values, whole_image ? torch::Tensor() : mask, seen);
  if (figure.ground == sdk::Ground::photograph) figure.picture = draw_input(seen.photograph);
  if (figure.ground == sdk::Ground::input) figure.picture = draw_inputs(seen.input);
  return figure;
}

std::optional<Range> range_of(const std::vector<const sdk::Figure*>& figures) {
  std::vector<torch::Tensor> all;
  for (const auto* figure : figures) {
    if (figure->ground != sdk::Ground::quantity) continue;
    const torch::Tensor values = figure->quantity.to(torch::kFloat64).flatten();
    all.push_back(values.masked_select(torch::isfinite(values)));
  }
  if (all.empty()) return std::nullopt;
  const torch::Tensor sorted = std::get<0>(torch::cat(all).sort());
  if (sorted.numel() == 0) return Range{};
  const std::int64_t last = sorted.numel() - 1;
  const double low = sorted[last / 100].item<double>(), high = sorted[last - last / 100].item<double>();
  const double step = round_step(std::max({(high - low) / 20.0, std::abs(high) * 1e-3, 1e-9}));
  return Range{std::floor(low / step) * step,
               std::max(std::ceil(high / step), std::floor(low / step) + 1.0) * step};
}

Box place_of(const sdk::Figure& figure, const Box& box) {
  if (figure.ground == sdk::Ground::paper) return fitted(box, 1.0, 1.0);
  const torch::Tensor& picture = figure.ground == sdk::Ground::quantity ? figure.quantity : figure.picture;
  return fitted(box, static_cast<double>(picture.size(1)), static_cast<double>(picture.size(2)));
}

void draw_figure(DrawingSurface& surface, const Box& box, const sdk::Figure& figure,
                 const std::optional<Range>& range) {
  const Box place = place_of(figure, box);
  const bool on_photograph = figure.ground != sdk::Ground::paper;
  if (figure.ground == sdk::Ground::quantity)
    surface.image(coloured(figure.quantity, range.value_or(Range{})), place, false);
  else if (on_photograph)
    surface.image(figure.picture, place, figure.hard_pixels);
  surface.clip(place);
  for (const auto& mark : figure.marks) Marker(surface, place, on_photograph).draw(mark);
  surface.unclip();
  if (on_photograph) return;
  const auto at = [&](double x, double y) {
    return sdk::Point{static_cast<float>(place.left + x * place.width),
                      static_cast<float>(place.top + y * place.height)};
  };
  surface.stroke({at(0, 0), at(1, 0), at(1, 1), at(0, 1), at(0, 0)}, kRule, 1.0, false);
}

void draw_colour_bar(DrawingSurface& surface, const Box& box, const Range& range, const std::string& unit) {
  constexpr double kThickness = 8.0;
  const torch::Tensor ramp = torch::linspace(range.low, range.high, 256).reshape({1, 1, 256});
  surface.image(coloured(ramp, range), {box.left, box.top, box.width, kThickness}, false);
  const Lettering lettering{.size = 11.0};
  const std::string high = short_number(range.high) + (unit.empty() ? "" : " " + unit);
  const double baseline = box.top + kThickness + 12.0;
  surface.write(short_number(range.low), box.left, baseline, lettering);
  surface.write(high, box.left + box.width - text_width(high, lettering), baseline, lettering);
}

std::vector<std::string> break_lines(const std::string& words, double width, const Lettering& lettering) {
  std::vector<std::string> lines;
  for (const auto& word : base::split(words, ' ')) {
    const std::string longer = lines.empty() ? word : lines.back() + " " + word;
    if (!lines.empty() && text_width(longer, lettering) <= width)
      lines.back() = longer;
    else
      lines.push_back(word);
  }
  return lines;
}

}  // namespace taskonomy::data
