#include "core/data/contact_sheet.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <taskonomy/sdk/image.hpp>

namespace taskonomy::data {

namespace {

constexpr double kMargin = 18.0;    // around everything
constexpr double kGap = 8.0;        // between cells
constexpr double kSheetGap = 30.0;  // between blocks
constexpr double kWidest = 2040.0;  // pixels: ten columns of 64 px; one block alone may be wider
constexpr double kCell = 168.0;     // about the side of a cell
constexpr double kLine = 15.0;      // of captions, ids and keys
constexpr double kHeaderHeight = 22.0;
constexpr double kPagePicture = 125.0;  // side of figure_png(), small because the page shows it smaller still
constexpr double kPageScale = 1.6;      // its pixels for each of these
constexpr double kKeyWidth = 460.0;     // of key_png()

const Lettering kHeader{.size = 13.0, .bold = true}, kId{.size = 11.0, .colour = {110, 110, 116}},
    kCaption{.size = 11.5};

/// Adds the entries of a key that are not in it yet.
void join_key(std::vector<sdk::Swatch>& key, const std::vector<sdk::Swatch>& more) {
  for (const auto& swatch : more)
    if (std::none_of(key.begin(), key.end(), [&](const auto& known) { return known.name == swatch.name; }))
      key.push_back(swatch);
}

/// A colour key, line by line, as wide as it may be.
class KeyText {
 public:
  KeyText(std::string title, std::vector<sdk::Swatch> key, double width) : title_(std::move(title)) {
    double left = title_.empty() ? 0.0 : text_width(title_, bold()) + kAfter;
    for (auto& swatch : key) {
      const double needed = kSquare + kBetween + text_width(swatch.name, kCaption) + kAfter;
      if (left > 0.0 && left + needed - kAfter > width) left = 0.0, ++lines_;
      entries_.push_back({std::move(swatch), left, lines_ - 1});
      left += needed;
    }
  }
  [[nodiscard]] double height() const { return lines_ * (kLine + 3.0); }
  void draw(DrawingSurface& surface, double left, double top) const {
    if (!title_.empty()) surface.write(title_, left, top + 11.0, bold());
    for (const auto& [swatch, x, line] : entries_) {
      const double y = top + line * (kLine + 3.0);
      surface.fill(Box{left + x, y + 1.0, kSquare, kSquare}, {150, 150, 156});  // a rim, for white
      surface.fill(Box{left + x + 0.75, y + 1.75, kSquare - 1.5, kSquare - 1.5}, swatch.colour);
      surface.write(swatch.name, left + x + kSquare + kBetween, y + 11.0, kCaption);
    }
  }

 private:
  static Lettering bold() { return {.size = kCaption.size, .bold = true}; }
  static constexpr double kSquare = 12.0, kBetween = 5.0, kAfter = 14.0;
  struct Entry {
    sdk::Swatch swatch;
    double left;
    int line;
  };
  std::string title_;
  std::vector<Entry> entries_;
  int lines_ = 1;
};

/// The longer side of a figure's picture; 0 without one.
std::int64_t side_of(const sdk::Figure& figure) {
  const torch::Tensor& picture = figure.ground == sdk::Ground::quantity ? figure.quantity : figure.picture;
  if (figure.ground == sdk::Ground::paper || !picture.defined()) return 0;
  return std::max(picture.size(1), picture.size(2));
}

/// A side near kCell that is a whole multiple of the photographs' side; that side where it is larger.
double cell_of(const ContactSheet& sheet) {
  std::int64_t side = 0;
  for (const auto& row : sheet.rows)
    if (!row.cells.empty()) side = std::max(side, side_of(row.cells[0]));
  if (side == 0) return kCell;
  const auto pixels = static_cast<double>(side);
  return pixels * std::max(1.0, std::round(kCell / pixels));
}

/// Some columns of a sheet, side by side: what is moved as a whole.
class Block {
 public:
  Block(const ContactSheet& sheet, std::vector<std::size_t> columns, double cell)
      : sheet_(sheet), columns_(std::move(columns)), cell_(cell) {
    for (const std::size_t column : columns_) {
      lefts_.push_back(width_);
      width_ += width_of(sheet_, column, cell_) + kGap;
    }
    width_ -= kGap;
    for (const auto& row : sheet_.rows) {
      width_ = std::max(width_, text_width(row.label, kId));
      captions_.push_back(caption_lines(row));
    }
    for (const std::size_t column : columns_) add_keys(column);
    height_ = kHeaderHeight;
    for (const std::size_t lines : captions_) height_ += row_height(lines);
    if (has_bars_) height_ += kColourBarHeight + kGap;
    for (const auto& key : keys_) height_ += key.height();
  }

  /// Width of a column: of its cells or its header.
  static double width_of(const ContactSheet& sheet, std::size_t column, double cell) {
    return std::max(cell, text_width(sheet.headers[column], kHeader));
  }
  [[nodiscard]] double width() const { return width_; }
  [[nodiscard]] double height() const { return height_; }

  void draw(DrawingSurface& surface, double left, double top) const {
    for (std::size_t i = 0; i < columns_.size(); ++i)
      surface.write(sheet_.headers[columns_[i]], left + lefts_[i], top + 13.0, kHeader);
    double y = top + kHeaderHeight;
    for (std::size_t row = 0; row < sheet_.rows.size(); ++row) {
      draw_row(surface, sheet_.rows[row], left, y);
      y += row_height(captions_[row]);
    }
    if (has_bars_) {
      for (std::size_t i = 0; i < columns_.size(); ++i)
        if (const auto range = range_of(figures(columns_[i])))
          draw_colour_bar(surface, {left + lefts_[i], y, cell_, kColourBarHeight}, *range, unit(columns_[i]));
      y += kColourBarHeight + kGap;
    }
    for (const auto& key : keys_) {
      key.draw(surface, left, y);
      y += key.height();
    }
  }

 private:
  [[nodiscard]] double row_height(std::size_t captions) const {
    return kLine + cell_ + static_cast<double>(captions) * kLine + kGap;
  }
  [[nodiscard]] std::vector<const sdk::Figure*> figures(std::size_t column) const {
    std::vector<const sdk::Figure*> all;
    for (const auto& row : sheet_.rows) all.push_back(&row.cells[column]);
    return all;
  }
  [[nodiscard]] std::string unit(std::size_t column) const {
    for (const auto* figure : figures(column))
      if (!figure->unit.empty()) return figure->unit;
    return "";
  }
  void add_keys(std::size_t column) {
    std::vector<sdk::Swatch> key;
    for (const auto* figure : figures(column)) {
      join_key(key, figure->key);
      has_bars_ = has_bars_ || figure->ground == sdk::Ground::quantity;
    }
    if (!key.empty()) keys_.emplace_back(sheet_.headers[column], std::move(key), width_);
  }
  [[nodiscard]] std::size_t caption_lines(const SheetRow& row) const {
    std::size_t most = 0;
    for (const std::size_t column : columns_) {
      const auto& caption = row.cells[column].caption;
      if (!caption.empty()) most = std::max(most, break_lines(caption, cell_, kCaption).size());
    }
    return most;
  }
  void draw_row(DrawingSurface& surface, const SheetRow& row, double left, double top) const {
    surface.write(row.label, left, top + 10.0, kId);
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const auto& figure = row.cells[columns_[i]];
      const double x = left + lefts_[i];
      const Box box{x, top + kLine, cell_, cell_}, place = place_of(figure, box);
      draw_figure(surface, box, figure, range_of(figures(columns_[i])));
      double baseline = place.top + place.height + 12.0;
      if (figure.caption.empty()) continue;
      for (const auto& line : break_lines(figure.caption, cell_, kCaption)) {
        surface.write(line, x, baseline, kCaption);
        baseline += kLine;
      }
    }
  }

  const ContactSheet& sheet_;
  std::vector<std::size_t> columns_;
  double cell_;
  std::vector<double> lefts_;
  std::vector<std::size_t> captions_;  ///< lines of each row
  std::vector<KeyText> keys_;
  bool has_bars_ = false;
  double width_ = 0.0, height_ = 0.0;
};

/// Divides a sheet into blocks of about as many columns each that fit the paper.
std::vector<Block> blocks_of(const ContactSheet& sheet) {
  const double cell = cell_of(sheet), room = kWidest - 2.0 * kMargin;
  const std::size_t first = std::min(sheet.repeated, sheet.headers.size());
  double pitch = 0.0;
  for (std::size_t column = 0; column < sheet.headers.size(); ++column)
    pitch = std::max(pitch, Block::width_of(sheet, column, cell) + kGap);
  const auto fitting = static_cast<std::size_t>(std::max(1.0, std::floor((room + kGap) / pitch)));
  const std::size_t own = std::max<std::size_t>(1, fitting - std::min(first, fitting - 1));
  const std::size_t rest = sheet.headers.size() - first;
  const std::size_t count = std::max<std::size_t>(1, (rest + own - 1) / own);
  std::vector<Block> blocks;
  for (std::size_t block = 0; block < count; ++block) {
    std::vector<std::size_t> columns;
    for (std::size_t column = 0; column < first; ++column) columns.push_back(column);
    for (std::size_t column = block * rest / count; column < (block + 1) * rest / count; ++column)
      columns.push_back(first + column);
    blocks.emplace_back(sheet, std::move(columns), cell);
  }
  return blocks;
}

/// Places of blocks on the paper, in lines as words are set.
struct Arrangement {
  std::vector<sdk::Point> places;
  double width = 0.0, height = kMargin;
};

Arrangement arrange(const std::vector<Block>& blocks) {
  Arrangement all;
  double left = kMargin, top = kMargin;
  for (const auto& block : blocks) {
    if (left > kMargin && left + block.width() > kWidest - kMargin) {
      left = kMargin;
      top = all.height + kSheetGap;
    }
    all.places.push_back({static_cast<float>(left), static_cast<float>(top)});
    all.width = std::max(all.width, left + block.width());
    all.height = std::max(all.height, top + block.height());
    left += block.width() + kSheetGap;
  }
  all.width += kMargin;
  all.height += kMargin;
  return all;
}

}  // namespace

DrawnSheets draw_contact_sheets(const std::vector<ContactSheet>& sheets, SheetFormat format) {
  std::vector<Block> blocks;
  for (const auto& sheet : sheets) {
    for (const auto& row : sheet.rows)
      if (row.cells.size() != sheet.headers.size())
        throw std::logic_error("draw_contact_sheets: cells and headers differ in number");
    for (auto& block : blocks_of(sheet)) blocks.push_back(std::move(block));
  }
  const Arrangement arrangement = arrange(blocks);
  DrawingSurface surface(arrangement.width, arrangement.height, format);
  for (std::size_t i = 0; i < blocks.size(); ++i)
    blocks[i].draw(surface, arrangement.places[i].x, arrangement.places[i].y);
  return {surface.finish(), std::lround(std::ceil(arrangement.width)),
          std::lround(std::ceil(arrangement.height))};
}

std::string figure_png(const sdk::Figure& figure, const std::optional<Range>& range,
                       sdk::PngPacking packing) {
  if (figure.marks.empty() && figure.caption.empty() && figure.picture.defined())
    return sdk::encode_png(figure.picture, packing);
  std::vector<std::string> lines;
  if (!figure.caption.empty()) lines = break_lines(figure.caption, kPagePicture, kCaption);
  const Box box{0.0, 0.0, kPagePicture, kPagePicture}, place = place_of(figure, box);
  DrawingSurface surface(place.width, place.height + static_cast<double>(lines.size()) * kLine + 2.0,
                         SheetFormat::png, kPageScale);
  draw_figure(surface, box, figure, range);
  double baseline = place.height + 12.0;
  for (const auto& line : lines) {
    surface.write(line, 0.0, baseline, kCaption);
    baseline += kLine;
  }
  return surface.finish(packing);
}

std::string key_png(const std::vector<const sdk::Figure*>& figures, const std::optional<Range>& range) {
  std::vector<sdk::Swatch> key;
  std::string unit;
  for (const auto* figure : figures) {
    join_key(key, figure->key);
    if (!figure->unit.empty()) unit = figure->unit;
  }
  if (key.empty() && !range) return "";
  const KeyText text("", std::move(key), kKeyWidth);
  DrawingSurface surface(kKeyWidth, (range ? kColourBarHeight : text.height()) + 4.0, SheetFormat::png);
  if (range)
    draw_colour_bar(surface, {2.0, 2.0, 200.0, kColourBarHeight}, *range, unit);
  else
    text.draw(surface, 2.0, 2.0);
  return surface.finish();
}

}  // namespace taskonomy::data
