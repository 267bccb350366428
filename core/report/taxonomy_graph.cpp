#include "core/report/taxonomy_graph.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "core/analysis/win_rates.hpp"
#include "core/base/text.hpp"
#include "core/report/text_table.hpp"

namespace taskonomy::report {

namespace {

using taxonomy::Taxonomy;

// ---- the order of the rows

/// Orders tasks so that the weighted sum of the distances of tasks that share an edge is small.
class RowOrder {
 public:
  RowOrder(std::size_t tasks, const std::map<std::pair<std::size_t, std::size_t>, double>& weights)
      : neighbours_(tasks), order_(tasks), place_(tasks) {
    for (const auto& [edge, weight] : weights) {
      neighbours_[edge.first].emplace_back(edge.second, weight);
      neighbours_[edge.second].emplace_back(edge.first, weight);
    }
    for (std::size_t k = 0; k < tasks; ++k) order_[k] = place_[k] = k;
  }

  std::vector<std::size_t> improved() {
    constexpr int kTurns = 20;
    bool moved = true;
    for (int turn = 0; turn < kTurns && moved; ++turn) {
      moved = false;
      for (std::size_t task = 0; task < order_.size(); ++task) moved = move_to_best(task) || moved;
    }
    std::stable_partition(order_.begin(), order_.end(),
                          [&](std::size_t task) { return !neighbours_[task].empty(); });
    return order_;
  }

 private:
  /// How much the neighbours of `task`, `aside` aside, pull it down past its present place: weight of those
  /// below less weight of those above the place of `at`.
  double pull(std::size_t task, std::size_t at, std::size_t aside) const {
    double sum = 0.0;
    for (const auto& [other, weight] : neighbours_[task]) {
      if (other == aside || other == at) continue;
      sum += place_[other] > place_[at] ? weight : -weight;
    }
    return sum;
  }

  /// Change of the sum when `task` goes from just above `other` to just below it.
  double passing(std::size_t task, std::size_t other) const {
    return pull(other, other, task) - pull(task, other, other);
  }

  bool move_to_best(std::size_t task) {
    const std::size_t from = place_[task];
    std::size_t best = from;
    double least = -1e-9;  // rounding is no improvement
    double change = 0.0;
    for (std::size_t k = from + 1; k < order_.size(); ++k) {
      change += passing(task, order_[k]);
      if (change < least) least = change, best = k;
    }
    change = 0.0;
    for (std::size_t k = from; k-- > 0;) {
      change -= passing(task, order_[k]);
      if (change < least) least = change, best = k;
    }
    if (best == from) return false;
    const auto at = [&](std::size_t k) { return order_.begin() + static_cast<std::ptrdiff_t>(k); };
    if (best > from)
      std::rotate(at(from), at(from + 1), at(best + 1));
    else
      std::rotate(at(best), at(from), at(from + 1));
    for (std::size_t k = 0; k < order_.size(); ++k) place_[order_[k]] = k;
    return true;
  }

  std::vector<std::vector<std::pair<std::size_t, double>>> neighbours_;
  std::vector<std::size_t> order_;
  std::vector<std::size_t> place_;  ///< of a task in the order
};

// ---- the drawing

constexpr double kRow = 23;       // height of a row
constexpr double kHeadings = 26;  // height of the headings
constexpr double kNode = 12;      // from the middle of a node to its label
constexpr double kBar = 84;
constexpr double kBold = 1.18 * kFontSize;  // bold letters are as wide as those of this size

std::string attribute(const char* name, std::size_t value) {
  return std::string(" ") + name + "=\"" + std::to_string(value) + "\"";
}

std::string translated(Point to) {
  return " transform=\"translate(" + pixels(to.x) + " " + pixels(to.y) + ")\"";
}

/// Draws one taxonomy; knows where things stand.
class TaxonomyGraph {
 public:
  TaxonomyGraph(const Taxonomy& shown, const TaxonomyLayout& layout, GraphWidth width,
                const TaxonomyParts* switchable)
      : layout_(layout),
        switches_(switchable != nullptr),
        wide_(width == GraphWidth::wide),
        half_(width == GraphWidth::half) {
    if (switches_) all_ = *switchable;
    now_.add(shown);
    all_.add(shown);
    for (const auto& row : shown.transfers) transfer_to_[row.target] = &row;
    for (std::size_t k = 0; k < layout.tasks.size(); ++k) number_[layout.tasks[k]] = k;
    for (std::size_t k = 0; k < layout.rows.size(); ++k)
      y_[layout.tasks[layout.rows[k]]] = kHeadings + kRow * (static_cast<double>(k) + 0.5);
    place_columns();
  }

  Size size() const { return {width_, kHeadings + kRow * static_cast<double>(layout_.rows.size()) + 4}; }

  std::string body() const {
    std::string text = headings() + "<g stroke-width=\"1.6\" stroke-opacity=\"0.75\">\n";
    for (const auto& edge : all_.edges) text += drawn_edge(edge);
    text += "</g>\n";
    for (const auto& target : all_.transferred) text += joint(target);
    for (const std::size_t task : layout_.rows) {
      const auto& name = layout_.tasks[task];
      if (all_.sources.contains(name)) text += source(name);
      if (all_.transferred.contains(name)) text += transferred(name);
      text += idle(name);
    }
    return text;
  }

 private:
  /// Labels get the room that they need, up to a share of the width; the edges get the rest, up to a length
  /// that is easily followed.
  void place_columns() {
    const double most = wide_ ? 244 : half_ ? 166 : 112, longest_edge = 420;
    double left = 0, right = 0;
    for (const auto& name : layout_.tasks) {
      if (!all_.transferred.contains(name) || all_.sources.contains(name))
        left = std::max(left, text_width(name, kBold));
      if (all_.transferred.contains(name)) right = std::max(right, text_width(name, kFontSize));
    }
    label_left_ = std::min(left, most);
    label_right_ = std::min(right, most);
    x_source_ = std::max(label_left_ + kNode, wide_ ? 100.0 : 60.0);
    const double behind = label_right_ + kNode + 2 + rates_width();
    width_ = wide_ ? std::min(900.0, x_source_ + longest_edge + behind) : half_ ? 500 : 360;
    x_target_ = width_ - behind;
    x_joint_ = x_target_ - (wide_ ? 60 : 26);
  }

  double rates_width() const { return !all_.rates ? 0 : wide_ ? 62 + kBar + 42 : 36; }
  double x_rates() const { return width_ - rates_width(); }
  static const char* hidden(bool shown) { return shown ? "" : " hidden=\"\""; }
  /// What can never be shown is not drawn.
  bool left_out(bool shown) const { return !shown && !switches_; }
  double y(const std::string& task) const { return y_.at(task); }
  std::size_t number(const std::string& task) const { return number_.at(task); }
  std::string colour(const std::string& source) const {
    return "c" + std::to_string(layout_.colour_of.at(source));
  }

  std::string headings() const {
    const std::string style = "class=\"fill-soft small";
    std::string text = text_at({x_source_ + 7, 13}, style + " end\"", "train") +
                       text_at({x_target_ - 5, 13}, style + "\"", "transfer");
    if (!all_.rates) return text;
    if (!wide_) return text + text_at({width_, 13}, style + " end\"", "Quality");
    return text + text_at({x_rates() + 48, 13}, style + " end\"", "Gain") +
           text_at({x_rates() + 62, 13}, style + "\"", "Quality");
  }

  /// From the source to the place where sources join, and on to the target.
  std::string drawn_edge(const std::pair<std::string, std::string>& edge) const {
    const auto& [source, target] = edge;
    const double from = x_source_ + 7, middle = (from + x_joint_) / 2;
    return "<path class=\"edge stroke-" + colour(source) + "\"" + attribute("data-source", number(source)) +
           attribute("data-target", number(target)) + " d=\"M" + pixels(from) + " " + pixels(y(source)) +
           "C" + pixels(middle) + " " + pixels(y(source)) + " " + pixels(middle) + " " + pixels(y(target)) +
           " " + pixels(x_joint_) + " " + pixels(y(target)) + "H" + pixels(x_target_ - 6) + "\"" +
           hidden(now_.edges.contains(edge)) + "/>\n";
  }

  std::string joint(const std::string& target) const {
    const auto found = transfer_to_.find(target);
    const bool joined = found != transfer_to_.end() && found->second->sources.size() > 1;
    if (left_out(joined)) return "";
    return "<g class=\"joint\"" + attribute("data-target", number(target)) + hidden(joined) + ">" +
           "<path class=\"stroke-soft\" stroke-width=\"2\" d=\"M" + pixels(x_joint_) + " " +
           pixels(y(target)) + "H" + pixels(x_target_ - 6) + "\"/><circle class=\"fill-soft\" cx=\"" +
           pixels(x_joint_) + "\" cy=\"" + pixels(y(target)) + "\" r=\"3.4\"/></g>\n";
  }

  /// The frame that shows the keyboard's focus and catches the pointer.
  std::string focus(double from, double to) const {
    if (!switches_) return "";
    return box_at({from, -kRow / 2}, {to - from, kRow}, "class=\"focus\" rx=\"4\" fill=\"none\"");
  }

  std::string hole(bool shown) const {
    if (left_out(shown)) return "";
    return std::string(
               "<rect class=\"hole fill-paper\" x=\"-5\" y=\"-5\" width=\"10\" height=\"10\" rx=\"1\"") +
           hidden(shown) + "/>";
  }

  std::string source(const std::string& name) const {
    const auto own = transfer_to_.find(name);
    const bool serves_itself = own != transfer_to_.end() && own->second->is_self();
    return "<g class=\"source\"" + attribute("data-task", number(name)) + translated({x_source_, y(name)}) +
           hidden(now_.sources.contains(name)) + ">" +
           focus(-std::min(label_left_, text_width(name, kBold)) - kNode - 6, 11) + "<rect class=\"fill-" +
           colour(name) + "\" x=\"-7\" y=\"-7\" width=\"14\" height=\"14\" rx=\"2.5\"/>" +
           hole(!serves_itself) +
           text_at({-kNode, kBaseLine}, "class=\"name bold end\"", shortened(name, label_left_ + 1, kBold)) +
           "</g>\n";
  }

  std::string transferred(const std::string& name) const {
    std::string text =
        "<g class=\"transferred\"" + attribute("data-task", number(name)) + translated({x_target_, y(name)}) +
        hidden(now_.transferred.contains(name)) + ">" + focus(-9, width_ - x_target_) +
        "<circle class=\"ring stroke-ink\" stroke-width=\"1.6\" r=\"5\"/>" +
        text_at({kNode, kBaseLine}, "class=\"name\"", shortened(name, label_right_ + 1, kFontSize));
    if (all_.rates) text += rates(name);
    return text + "</g>\n";
  }

  /// Gain and Quality of the shown transfer, with a mark at .5: as good as the target's own labels.
  std::string rates(const std::string& target) const {
    const auto found = transfer_to_.find(target);
    const double gain = found == transfer_to_.end() ? affinity::kUnknown : found->second->gain;
    const double quality = found == transfer_to_.end() ? affinity::kUnknown : found->second->quality;
    const std::string value = text_at({width_ - x_target_, kBaseLine},
                                      "class=\"quality end\" font-size=\"12\"", share_text(quality));
    if (!wide_) return value;
    const double left = x_rates() - x_target_;
    const std::string share = std::isnan(quality) ? "0" : base::fixed(quality, 3);
    return text_at({left + 48, kBaseLine}, "class=\"gain fill-soft end\" font-size=\"12\"",
                   share_text(gain)) +
           "<g" + translated({left + 62, 0}) + "><rect class=\"fill-panel\" y=\"-5\" width=\"" +
           pixels(kBar) + "\" height=\"10\"/><rect class=\"bar fill-s14\" y=\"-5\" width=\"" + pixels(kBar) +
           "\" height=\"10\" transform=\"scale(" + share + " 1)\"/>" +
           (switches_ ? box_at({0, -1}, {0, 2}, "class=\"whisker fill-ink\"") : "") +
           line_from({kBar / 2, -7}, {kBar / 2, 7}, "class=\"stroke-ink\" stroke-width=\"1\"") + "</g>" +
           value;
  }

  std::string idle(const std::string& name) const {
    const bool shown = !now_.sources.contains(name) && !now_.transferred.contains(name);
    if (left_out(shown) || layout_.absent.contains(name)) return "";
    return "<g class=\"idle\"" + attribute("data-task", number(name)) + translated({x_source_, y(name)}) +
           hidden(shown) + ">" +
           text_at({-kNode, kBaseLine}, "class=\"name fill-soft end\"",
                   shortened(name, label_left_ + 1, kFontSize)) +
           "</g>\n";
  }

  const TaxonomyLayout& layout_;
  TaxonomyParts all_;  ///< what is drawn
  TaxonomyParts now_;  ///< what of it is shown
  bool switches_;
  bool wide_;
  bool half_;
  std::map<std::string, const affinity::AffinityRow*> transfer_to_;
  std::map<std::string, std::size_t> number_;
  std::map<std::string, double> y_;
  double width_ = 0;
  double label_left_ = 0, label_right_ = 0;           ///< room of the labels
  double x_source_ = 0, x_joint_ = 0, x_target_ = 0;  ///< of the three columns
};

void append_new(std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

/// Gives each task in turn the colour whose nearest bearer is farthest away in rows; one
/// that nobody bears is farthest.
void colour(TaxonomyLayout& layout, const std::vector<std::string>& tasks) {
  std::map<std::string, double> row_of;
  for (std::size_t k = 0; k < layout.rows.size(); ++k)
    row_of[layout.tasks[layout.rows[k]]] = static_cast<double>(k);
  std::array<std::vector<double>, kPalette> bearers;
  for (const auto& task : tasks) {
    const double row = row_of.at(task);
    std::size_t chosen = 0;
    double farthest = -1.0;
    for (std::size_t candidate = 0; candidate < kPalette; ++candidate) {
      double nearest = std::numeric_limits<double>::infinity();
      for (const double other : bearers[candidate]) nearest = std::min(nearest, std::abs(other - row));
      if (nearest > farthest) farthest = nearest, chosen = candidate;
    }
    bearers[chosen].push_back(row);
    layout.colour_of[task] = chosen;
  }
}

std::vector<std::string> heading_of(const Taxonomy& taxonomy) {
  const auto means = analysis::means_of(taxonomy);
  const std::string many = taxonomy.sources.size() == 1 ? " task" : " tasks";
  std::string first =
      "Train " + std::to_string(taxonomy.sources.size()) + many +
      " (squares; hollow: only a source) and transfer to the others (circles). Their labels cost " +
      base::number(taxonomy.cost) + ".";
  if (std::isnan(means.gain) && std::isnan(means.quality)) return {first};
  return {first, "Mean Gain (wins against training from scratch) " + share_text(means.gain) +
                     ", mean Quality (wins against own labels; even at .50) " + share_text(means.quality) +
                     "."};
}

}  // namespace

void TaxonomyParts::add(const Taxonomy& taxonomy) {
  sources.insert(taxonomy.sources.begin(), taxonomy.sources.end());
  for (const auto& row : taxonomy.transfers) add(row);
}

void TaxonomyParts::add(const affinity::AffinityRow& row) {
  rates = rates || !std::isnan(row.gain) || !std::isnan(row.quality);
  sources.insert(row.sources.begin(), row.sources.end());
  if (row.is_self()) return;
  transferred.insert(row.target);
  for (const auto& source : row.sources) edges.emplace(source, row.target);
}

TaxonomyLayout taxonomy_layout(const affinity::AffinityTable& table, const std::vector<Taxonomy>& sweep) {
  TaxonomyLayout layout{table.tasks(), {}, {}};
  std::map<std::string, std::size_t> number;
  for (std::size_t k = 0; k < layout.tasks.size(); ++k) number[layout.tasks[k]] = k;
  std::map<std::pair<std::size_t, std::size_t>, double> weights;
  std::vector<std::string> sources;               // in the order in which they enter
  std::map<std::string, std::size_t> taxonomies;  // that a source is in
  for (const auto& taxonomy : sweep) {
    for (const auto& source : taxonomy.sources) {
      append_new(sources, source);
      ++taxonomies[source];
    }
    for (const auto& row : taxonomy.transfers) {
      if (row.is_self()) continue;
      for (const auto& source : row.sources)
        weights[{number.at(source), number.at(row.target)}] += 1.0 / static_cast<double>(row.sources.size());
    }
  }
  std::stable_sort(sources.begin(), sources.end(),
                   [&](const auto& a, const auto& b) { return taxonomies[a] > taxonomies[b]; });
  for (const auto& task : layout.tasks) append_new(sources, task);
  layout.rows = RowOrder(layout.tasks.size(), weights).improved();
  colour(layout, sources);
  return layout;
}

Drawing taxonomy_drawing(const Taxonomy& shown, const TaxonomyLayout& layout, GraphWidth width,
                         const TaxonomyParts* switchable) {
  const TaxonomyGraph graph(shown, layout, width, switchable);
  const std::string name = width == GraphWidth::wide   ? "graph wide"
                           : width == GraphWidth::half ? "graph half"
                                                       : "graph narrow";
  return {name, "Taxonomy at budget " + base::number(shown.budget), heading_of(shown), graph.size(),
          graph.body()};
}

}  // namespace taskonomy::report
