#include "core/report/heat_map.hpp"

#include <algorithm>
#include <cmath>

#include "core/base/text.hpp"
#include "core/report/matrix.hpp"
#include "core/report/svg.hpp"
#include "core/report/text_table.hpp"

namespace taskonomy::report {

namespace {

constexpr double kCellWidth = 46;
constexpr double kCellHeight = 26;
constexpr double kSlope = 0.77;  // sine of the 50 degrees at which column labels stand
constexpr const char* kSelf = "#D55E00";

std::string box_at(double x, double y, double width, double height, const std::string& style) {
  return "<rect x=\"" + pixels(x) + "\" y=\"" + pixels(y) + "\" width=\"" + pixels(width) + "\" height=\"" +
         pixels(height) + "\" " + style + "/>\n";
}

double width_of(const std::vector<std::string>& names) {
  std::size_t longest = 0;
  for (const auto& name : names) longest = std::max(longest, letters(name));
  return kLetter * static_cast<double>(longest);
}

/// Draws one matrix; knows where things stand.
class HeatMap {
 public:
  explicit HeatMap(const Matrix& matrix) : matrix_(matrix) {
    left_ = 24 + std::max(width_of(matrix.targets), width_of({"target \\ source"})) + 14;
    top_ = 84 + kSlope * width_of(matrix.sources);
    right_ = left_ + kCellWidth * static_cast<double>(matrix.sources.size());
    bottom_ = top_ + kCellHeight * static_cast<double>(matrix.targets.size());
    // The last label leans out to the right; the legend needs its room, too.
    width_ = std::max({right_ + 0.64 * width_of(matrix.sources) + 24, left_ + 560, 700.0});
    height_ = bottom_ + 84;
  }

  std::string svg() const {
    std::string text =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + pixels(width_) + "\" height=\"" +
        pixels(height_) + "\" viewBox=\"0 0 " + pixels(width_) + " " + pixels(height_) +
        "\" font-family=\"Helvetica, Arial, sans-serif\" font-size=\"13\" fill=\"#222222\">\n" +
        box_at(0, 0, width_, height_, "fill=\"#ffffff\"");
    text += text_at(24, 32, " font-size=\"18\" font-weight=\"bold\"", "Affinity of first-order transfers");
    text += text_at(24, 54, " fill=\"#555555\"",
                    "percent of all transfers to a target, all orders and its own labels together");
    text += labels();
    for (std::size_t r = 0; r < matrix_.targets.size(); ++r) {
      for (std::size_t c = 0; c < matrix_.sources.size(); ++c) text += cell(r, c);
    }
    // Outlines last, or neighbours would cover them.
    for (std::size_t r = 0; r < matrix_.targets.size(); ++r) {
      for (std::size_t c = 0; c < matrix_.sources.size(); ++c) {
        if (is_self(r, c)) text += outline(x_of(c), y_of(r), kCellWidth, kCellHeight);
      }
    }
    return text + legend() + "</svg>\n";
  }

 private:
  double x_of(std::size_t column) const { return left_ + kCellWidth * static_cast<double>(column); }
  double y_of(std::size_t row) const { return top_ + kCellHeight * static_cast<double>(row); }
  bool is_self(std::size_t row, std::size_t column) const {
    return matrix_.targets[row] == matrix_.sources[column];
  }

  static std::string outline(double x, double y, double width, double height) {
    return box_at(x + 1.5, y + 1.5, width - 3, height - 3,
                  std::string("fill=\"none\" stroke=\"") + kSelf + "\" stroke-width=\"2\"");
  }

  std::string labels() const {
    std::string text;
    for (std::size_t r = 0; r < matrix_.targets.size(); ++r) {
      text += text_at(left_ - 10, y_of(r) + 17.5, " text-anchor=\"end\"", matrix_.targets[r]);
    }
    for (std::size_t c = 0; c < matrix_.sources.size(); ++c) {
      const double x = x_of(c) + 0.5 * kCellWidth + 3;
      const double y = top_ - 8;
      text +=
          text_at(x, y, " transform=\"rotate(-50 " + pixels(x) + " " + pixels(y) + ")\"", matrix_.sources[c]);
    }
    text += text_at(left_ - 10, top_ - 10, " text-anchor=\"end\" fill=\"#777777\" font-style=\"italic\"",
                    "target \\ source");
    return text;
  }

  std::string cell(std::size_t row, std::size_t column) const {
    const double share = matrix_.share[row][column];
    const double x = x_of(column);
    const double y = y_of(row);
    const double middle = x + 0.5 * kCellWidth;
    if (std::isnan(share)) {
      return box_at(x, y, kCellWidth, kCellHeight, "fill=\"#eeeeee\" stroke=\"#ffffff\"") +
             text_at(middle, y + 17.5, " text-anchor=\"middle\" fill=\"#999999\"", "–");
    }
    if (is_self(row, column)) {
      return box_at(x, y, kCellWidth, kCellHeight, "fill=\"#ffffff\" stroke=\"#ffffff\"") +
             text_at(middle, y + 17.5, " text-anchor=\"middle\"", base::fixed(100 * share, 1));
    }
    const auto best = matrix_.best[row];
    const double most = best ? matrix_.share[row][*best] : 0.0;
    const double depth = most > 0.0 ? share / most : 0.0;
    std::string style = is_dark(depth) ? " fill=\"#ffffff\"" : "";
    if (best == column) style += " font-weight=\"bold\"";
    return box_at(x, y, kCellWidth, kCellHeight, "fill=\"" + blue_scale(depth) + "\" stroke=\"#ffffff\"") +
           text_at(middle, y + 17.5, " text-anchor=\"middle\"" + style, base::fixed(100 * share, 1));
  }

  std::string legend() const {
    const double y = bottom_ + 32;
    constexpr int kSteps = 24;
    constexpr double kStep = 5;
    double x = left_;
    std::string text = text_at(x, y + 14, "", "0");
    x += 14;
    for (int i = 0; i < kSteps; ++i) {
      text += box_at(x + kStep * i, y, kStep + 1, 18, "fill=\"" + blue_scale(i / (kSteps - 1.0)) + "\"");
    }
    x += kSteps * kStep + 8;
    text += text_at(x, y + 14, "", "the row's best transfer (bold)");
    x += 218;
    text += outline(x, y - 1, 32, 20) + text_at(x + 40, y + 14, "", "its own labels (self)");
    return text;
  }

  const Matrix& matrix_;
  double left_ = 0;
  double top_ = 0;
  double right_ = 0;
  double bottom_ = 0;
  double width_ = 0;
  double height_ = 0;
};

}  // namespace

std::string heat_map_svg(const affinity::AffinityTable& table) {
  return HeatMap(first_order_matrix(table)).svg();
}

}  // namespace taskonomy::report
