#include "core/data/contact_sheet.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <taskonomy/sdk/extensions.hpp>
#include <taskonomy/sdk/toolbox/drawing.hpp>

#include "core/data/font.hpp"

namespace taskonomy::data {

namespace {

constexpr std::int64_t kGap = 6;           // pixels between cells
constexpr std::size_t kLabelLetters = 20;  // in a line of a row's label
constexpr std::uint8_t kPaper = 255, kInk = 20, kFaint = 225;

/// Breaks a name into lines of at most `width` letters, behind '_', '/', '-' or ' ' only: a longer word keeps
/// its line.
std::vector<std::string> break_lines(const std::string& name, std::size_t width) {
  std::vector<std::string> lines(1);
  for (std::size_t begin = 0; begin < name.size();) {
    const std::size_t end = std::min(name.find_first_of("_/- ", begin), name.size() - 1) + 1;
    const std::string word = name.substr(begin, end - begin);
    if (!lines.back().empty() && lines.back().size() + word.size() > width) lines.emplace_back();
    lines.back() += word;
    begin = end;
  }
  return lines;
}

/// Sizes in pixels that follow from what is shown.
struct Layout {
  std::int64_t cell, pitch, scale, line, label_width, header_height;
  std::size_t letters;  ///< of a header's longest line

  Layout(const std::vector<std::string>& headers, const std::vector<SheetRow>& rows,
         const SheetOptions& options)
      : cell(options.least_cell), scale(options.text_scale), line((kGlyphHeight + 3) * options.text_scale) {
    for (const auto& row : rows) {
      for (const auto& picture : row.cells) {
        if (picture.defined()) cell = std::max({cell, picture.size(1), picture.size(2)});
      }
    }
    letters = static_cast<std::size_t>(std::max<std::int64_t>(1, cell / (kGlyphAdvance * scale)));
    for (const auto& header : headers) {
      for (const auto& word : break_lines(header, 1)) letters = std::max(letters, word.size());
    }
    pitch = std::max(cell, static_cast<std::int64_t>(letters) * kGlyphAdvance * scale + kGap) + kGap;
    label_width = header_height = 0;
    for (const auto& row : rows) {
      for (const auto& text : break_lines(row.label, kLabelLetters))
        label_width = std::max(label_width, text_width(text, scale));
    }
    for (const auto& header : headers) {
      header_height =
          std::max(header_height, line * static_cast<std::int64_t>(break_lines(header, letters).size()));
    }
  }
  [[nodiscard]] std::int64_t left(std::size_t column) const {
    return 2 * kGap + label_width + static_cast<std::int64_t>(column) * pitch;
  }
  [[nodiscard]] std::int64_t top(std::size_t row) const {
    return 2 * kGap + header_height + static_cast<std::int64_t>(row) * (cell + kGap);
  }
};

/// Enlarges a picture by the largest whole factor that fits the cell and puts it into the cell's upper left
/// corner.
void place_picture(torch::Tensor& sheet, const torch::Tensor& picture, std::int64_t top, std::int64_t left,
                   std::int64_t cell) {
  const std::int64_t factor = std::max<std::int64_t>(1, cell / std::max(picture.size(1), picture.size(2)));
  const torch::Tensor enlarged = picture.repeat_interleave(factor, 1).repeat_interleave(factor, 2);
  sheet.slice(1, top, top + enlarged.size(1)).slice(2, left, left + enlarged.size(2)).copy_(enlarged);
}

void write_lines(torch::Tensor& sheet, const std::vector<std::string>& lines, std::int64_t top,
                 std::int64_t left, const Layout& layout) {
  for (const auto& line : lines) {
    draw_text(sheet, line, top, left, {layout.scale, kInk});
    top += layout.line;
  }
}

}  // namespace

torch::Tensor draw_contact_sheet(const std::vector<std::string>& headers, const std::vector<SheetRow>& rows,
                                 const SheetOptions& options) {
  // A cell as large as a whole multiple of the largest picture, so that enlarged pictures fill it.
  SheetOptions fitted = options;
  for (const auto& row : rows) {
    if (row.cells.size() != headers.size())
      throw std::logic_error("draw_contact_sheet: cells and headers differ in number");
    for (const auto& picture : row.cells) {
      if (!picture.defined()) continue;
      const std::int64_t side = std::max(picture.size(1), picture.size(2));
      fitted.least_cell = std::max(fitted.least_cell, (options.least_cell + side - 1) / side * side);
    }
  }
  const Layout layout(headers, rows, fitted);
  torch::Tensor sheet = torch::full({3, layout.top(rows.size()) + kGap, layout.left(headers.size()) + kGap},
                                    kPaper, torch::kUInt8);
  for (std::size_t column = 0; column < headers.size(); ++column) {
    write_lines(sheet, break_lines(headers[column], layout.letters), kGap, layout.left(column), layout);
  }
  for (std::size_t row = 0; row < rows.size(); ++row) {
    write_lines(sheet, break_lines(rows[row].label, kLabelLetters), layout.top(row), kGap, layout);
    for (std::size_t column = 0; column < headers.size(); ++column) {
      const std::int64_t top = layout.top(row), left = layout.left(column);
      if (rows[row].cells[column].defined()) {
        place_picture(sheet, rows[row].cells[column], top, left, layout.cell);
      } else {
        sheet.slice(1, top, top + layout.cell).slice(2, left, left + layout.cell).fill_(kFaint);
        draw_text(sheet, "none", top + kGap, left + kGap, {layout.scale, kInk});
      }
    }
  }
  return sheet;
}

torch::Tensor draw_label(const sdk::Task& task, const torch::Tensor& values, const torch::Tensor& mask,
                         std::int64_t side) {
  if (const auto* visualize = sdk::extension_of<sdk::Visualize>(task)) return visualize->draw(values, mask);
  const sdk::TensorSpec& spec = task.info().target;
  if (values.dim() == 1) return sdk::draw_bars(values.to(torch::kFloat32) - spec.low, side, mask);
  if (values.size(0) >= 3) return sdk::draw_rgb(values.slice(0, 0, 3), spec.low, spec.high, mask);
  return sdk::draw_grey(values.slice(0, 0, 1), spec.low, spec.high, mask);
}

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

torch::Tensor stack_vertically(const std::vector<torch::Tensor>& sheets) {
  std::int64_t height = 0, width = 0;
  for (const auto& sheet : sheets) {
    height += sheet.size(1);
    width = std::max(width, sheet.size(2));
  }
  torch::Tensor all = torch::full({3, height, width}, kPaper, torch::kUInt8);
  std::int64_t top = 0;
  for (const auto& sheet : sheets) {
    all.slice(1, top, top + sheet.size(1)).slice(2, 0, sheet.size(2)).copy_(sheet);
    top += sheet.size(1);
  }
  return all;
}

}  // namespace taskonomy::data
