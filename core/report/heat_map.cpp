#include "core/report/heat_map.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

#include "core/base/text.hpp"

namespace taskonomy::report {

namespace {

constexpr double kLongestName = 215;
constexpr double kSlope = 50 * std::numbers::pi / 180;  // at which the names of the columns stand
constexpr double kHeatMapWidth = 1000;  // the cells share what names leave of it, where they can
constexpr std::size_t kNumbers = 60;    // more columns than this have no room for numbers
constexpr const char* kCorner = "↓ target, source →";

double width_of_name(const std::string& name) { return std::min(text_width(name, kFontSize), kLongestName); }

double widest(const std::vector<std::string>& names) {
  double width = 0.0;
  for (const auto& name : names) width = std::max(width, width_of_name(name));
  return width;
}

/// The names that come first, at most so many.
std::vector<std::string> first(std::vector<std::string> names, std::size_t most) {
  if (names.size() > most) names.resize(most);
  return names;
}

/// Draws matrices of the same targets and sources; knows where things stand.
class HeatMap {
 public:
  HeatMap(const Matrix& matrix, std::vector<std::string> tasks, std::size_t most)
      : tasks_(std::move(tasks)),
        targets_(first(matrix.targets, most)),
        sources_(first(matrix.sources, most)),
        numbers_(sources_.size() <= kNumbers) {
    left_ = std::ceil(std::max(widest(targets_), text_width(kCorner, 11)) + 12);
    top_ = std::ceil(std::sin(kSlope) * widest(sources_) + 26);
    const double columns = static_cast<double>(std::max<std::size_t>(1, sources_.size()));
    const double room = kHeatMapWidth - left_ - 0.5 * std::cos(kSlope) * widest(sources_);
    cell_ = numbers_ ? Size{std::floor(std::clamp(room / columns, 31.0, 46.0)), 25} : Size{13, 15};
    // Sorting can bring the longest name to the end, where it leans out to the right;
    // the legend needs its room, too.
    right_ = std::max(left_ + 510, x_of(sources_.size()) + std::cos(kSlope) * widest(sources_));
  }

  Size size() const { return {right_, bottom() + 48}; }

  /// The matrix of each order, the first of them shown.
  std::string body(const std::vector<std::pair<std::size_t, Matrix>>& orders) {
    for (const auto& [order, matrix] : orders) find_largest(matrix);
    std::string text = text_at({left_ - 12, top_ - 10}, "class=\"fill-soft small end\"", kCorner);
    for (std::size_t c = 0; c < sources_.size(); ++c) text += column(c);
    for (std::size_t r = 0; r < targets_.size(); ++r) {
      const double y = top_ + cell_.height * static_cast<double>(r);
      text += "<g class=\"row\"" + number_of(targets_[r]) + " transform=\"translate(0 " + pixels(y) +
              ")\">\n" +
              text_at({left_ - 12, cell_.height / 2 + kBaseLine}, "class=\"name end\"",
                      shortened(targets_[r], kLongestName, kFontSize));
      for (const auto& [order, matrix] : orders) {
        text += "<g class=\"order small middle\" data-order=\"" + std::to_string(order) + "\"" +
                (order == orders.front().first ? "" : " hidden=\"\"") + ">\n";
        for (std::size_t c = 0; c < sources_.size(); ++c) text += cell(matrix, r, c, order);
        text += "</g>\n";
      }
      text += "</g>\n";
    }
    return text + legend();
  }

 private:
  /// The full shade stands for the largest share that is drawn, own labels aside: where those leave nothing to
  /// transfers, the whole row is pale.
  void find_largest(const Matrix& matrix) {
    for (std::size_t r = 0; r < targets_.size(); ++r)
      if (const auto& best = matrix.best[r]) largest_ = std::max(largest_, matrix.cells[r][*best].share);
  }
  double bottom() const { return top_ + cell_.height * static_cast<double>(targets_.size()); }
  double x_of(std::size_t c) const { return left_ + cell_.width * static_cast<double>(c); }
  std::string to_column(std::size_t c) const { return " transform=\"translate(" + pixels(x_of(c)) + ")\""; }
  /// The place of a task in AffinityTable::tasks(), by which a page knows it.
  std::string number_of(const std::string& task) const {
    const auto place = std::lower_bound(tasks_.begin(), tasks_.end(), task) - tasks_.begin();
    return " data-task=\"" + std::to_string(place) + "\"";
  }

  std::string column(std::size_t c) const {
    const std::string at = pixels(cell_.width / 2 + 4) + " " + pixels(top_ - 8);
    return "<g class=\"column\"" + number_of(sources_[c]) + to_column(c) +
           "><text class=\"name\" transform=\"translate(" + at + ") rotate(-" +
           pixels(kSlope * 180 / std::numbers::pi) + ")\">" +
           xml_escaped(shortened(sources_[c], kLongestName, kFontSize)) + "</text></g>\n";
  }

  std::string square(const std::string& attributes, double inset) const {
    const std::string width = pixels(cell_.width - 1 - 2 * inset),
                      height = pixels(cell_.height - 1 - 2 * inset);
    const std::string corner = pixels(inset);
    return "<path " + attributes + " d=\"M" + corner + " " + corner + "h" + width + "v" + height + "h-" +
           width + "z\"/>";
  }

  std::string number(const std::string& style, const std::string& text) const {
    if (!numbers_) return "";
    return "<text class=\"" + style + "\" x=\"" + pixels((cell_.width - 1) / 2) + "\" y=\"16\">" + text +
           "</text>";
  }

  std::string cell(const Matrix& matrix, std::size_t r, std::size_t c, std::size_t order) const {
    const auto& [share, row] = matrix.cells[r][c];
    if (std::isnan(share)) {
      if (order > 1) return "<g/>\n";  // few of all groups of sources are ever trained
      return "<g" + to_column(c) + ">" + square("class=\"fill-panel\"", 0) + number("fill-soft", "–") +
             "</g>\n";
    }
    const std::string open = "<g data-row=\"" + std::to_string(row) + "\"" + to_column(c) + ">";
    const std::string text = base::fixed(100 * share, share < 0.9995 ? 1 : 0);
    if (targets_[r] == sources_[c])
      return open + square("class=\"fill-panel\"", 0) + number("fill-soft", text) + "</g>\n";
    const auto& best = matrix.best[r];
    const bool is_best =
        best && matrix.cells[r][*best].row == row;  // of several sources: in the column of each
    const std::string step = std::to_string(shade(largest_ > 0.0 ? std::sqrt(share / largest_) : 0.0));
    const std::string frame = is_best ? square("class=\"best stroke-mark\" stroke-width=\"1.8\"", 1) : "";
    return open + square("class=\"fill-s" + step + "\"", 0) + frame +
           number("fill-t" + step + (is_best ? " bold" : ""), text) + "</g>\n";
  }

  std::string legend() const {
    constexpr double kStep = 5, kHeight = 12;
    const double y = bottom() + 26;
    std::string text = "<g class=\"shades\">\n";
    for (std::size_t step = 0; step <= kShades; ++step)
      text += box_at({left_ + kStep * static_cast<double>(step), y}, {kStep + 0.5, kHeight},
                     "class=\"fill-s" + std::to_string(step) + "\"");
    const auto entry = [&](double x, const char* style, const std::string& word) {
      return box_at({left_ + x, y}, {18, kHeight}, style) +
             text_at({left_ + x + 24, y + 10}, "class=\"fill-soft small\"", word);
    };
    return text +
           text_at({left_ + 112, y + 10}, "class=\"fill-soft small\"",
                   "0 to " + base::fixed(100 * largest_, 1) + " %, by its square root") +
           entry(292, "class=\"best stroke-mark\" stroke-width=\"1.8\"", "its best") +
           entry(380, "class=\"fill-panel\"", "its own labels") + "</g>\n";
  }

  std::vector<std::string> tasks_;  ///< in name order
  std::vector<std::string> targets_;
  std::vector<std::string> sources_;
  bool numbers_;
  double largest_ = 0;  ///< share
  double left_ = 0, top_ = 0, right_ = 0;
  Size cell_;
};

std::string title_of(std::size_t order) {
  return order == 1 ? "Affinity of first-order transfers"
                    : "Affinity of transfers from " + std::to_string(order) + " sources";
}

}  // namespace

Matrix affinity_matrix(const affinity::AffinityTable& table, std::size_t order) {
  Matrix matrix;
  matrix.targets = table.targets();
  const auto sources = table.sources();
  const auto among = [](const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  for (const auto& target : matrix.targets)
    if (among(sources, target)) matrix.sources.push_back(target);
  for (const auto& source : sources)
    if (!among(matrix.targets, source)) matrix.sources.push_back(source);
  std::map<std::string, std::size_t> row_of, column_of;
  for (std::size_t r = 0; r < matrix.targets.size(); ++r) row_of[matrix.targets[r]] = r;
  for (std::size_t c = 0; c < matrix.sources.size(); ++c) column_of[matrix.sources[c]] = c;
  matrix.cells.assign(matrix.targets.size(), std::vector<Matrix::Cell>(matrix.sources.size()));
  matrix.best.assign(matrix.targets.size(), std::nullopt);
  std::vector<double> total(matrix.targets.size(), 0.0);
  for (const auto& row : table.rows) total[row_of[row.target]] += row.affinity;
  for (std::size_t place = 0; place < table.rows.size(); ++place) {
    const auto& row = table.rows[place];
    if (row.sources.size() != order) continue;
    const std::size_t r = row_of[row.target];
    const double share = total[r] > 0.0 ? row.affinity / total[r] : 0.0;
    for (const auto& source : row.sources) {
      const std::size_t c = column_of[source];
      auto& cell = matrix.cells[r][c];
      if (std::isnan(cell.share) || share > cell.share) cell = {share, place};
      if (row.is_self()) continue;
      if (!matrix.best[r] || share > matrix.cells[r][*matrix.best[r]].share) matrix.best[r] = c;
    }
  }
  return matrix;
}

Drawing heat_map(const affinity::AffinityTable& table, const std::vector<std::size_t>& orders,
                 std::size_t most) {
  std::vector<std::pair<std::size_t, Matrix>> matrices;
  for (const std::size_t order : orders) matrices.emplace_back(order, affinity_matrix(table, order));
  HeatMap map(matrices.front().second, table.tasks(), most);
  return {"heat-map",
          title_of(orders.front()),
          {"Percent of all transfers to a target, all orders and its own labels together."},
          map.size(),
          map.body(matrices)};
}

}  // namespace taskonomy::report
