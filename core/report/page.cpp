#include "core/report/page.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>

#include "core/base/files.hpp"
#include "core/report/beside.hpp"
#include "core/report/heat_map.hpp"
#include "core/report/page_data.hpp"
#include "core/report/page_optima.hpp"
#include "core/report/page_titles.hpp"
#include "core/report/plain_page.hpp"
#include "core/report/svg.hpp"
#include "core/report/taxonomy_graph.hpp"
#include "core/report/tree_svg.hpp"

namespace taskonomy::report {

namespace {

std::string_view asset(std::string_view name) {
  for (const auto& candidate : page_assets())
    if (candidate.name == name) return candidate.text;
  throw std::logic_error("no file " + std::string(name) + " was embedded");
}

std::string scripts() {
  std::string all;
  for (const auto& [name, text] : page_assets())
    if (name.ends_with(".js")) all.append("<script>\n").append(text).append("</script>\n");
  return all;
}

/// page.html with its places {{name}} filled. What is filled in is not looked at again.
std::string filled(std::string_view text, const std::map<std::string, std::string, std::less<>>& places) {
  std::string result;
  for (std::size_t open = text.find("{{"); open != std::string_view::npos; open = text.find("{{")) {
    const std::size_t shut = text.find("}}", open);
    result += text.substr(0, open);
    result += places.at(std::string(text.substr(open + 2, shut - open - 2)));
    text.remove_prefix(shut + 2);
  }
  return result.append(text);
}

/// Tables of at most so many sources are solved by the page itself for costs and importances that a reader gives
/// (share/report/solver.js), so that any of their transfers can be shown.
constexpr std::size_t kSolvedByPage = 14;

/// The graph of what is shown first, with everything that the page's sliders can ask for, in both widths.
std::string graph_of(const PageContent& content, const Optima& optima) {
  if (optima.presets.empty()) return "";
  TaxonomyParts parts;
  for (const auto& preset : optima.presets)
    for (const auto& front : preset.fronts)
      for (const auto& taxonomy : front.taxonomies) parts.add(taxonomy);
  if (content.table.sources().size() <= kSolvedByPage)
    for (const auto& row : content.table.rows) parts.add(row);
  const auto& asked = optima.presets.front().fronts;
  const Start start = start_of(content, optima);
  const auto& shown = asked[start.front].taxonomies[start.taxonomy];
  const auto layout = taxonomy_layout(content.table, asked.back().taxonomies);
  return svg_element(taxonomy_drawing(shown, layout, GraphWidth::wide, &parts)) +
         svg_element(taxonomy_drawing(shown, layout, GraphWidth::narrow, &parts));
}

/// More targets than this are painted by the page's script (share/report/heat_canvas.js), which folds them into blocks.
constexpr std::size_t kMostDrawn = 60;
/// Beyond this many sources per transfer nearly every cell shows the same transfer.
constexpr std::size_t kLargestDrawnOrder = 4;

std::string heat_map_of(const affinity::AffinityTable& table) {
  if (table.targets().size() > kMostDrawn) return "";
  std::vector<std::size_t> orders;
  for (std::size_t order = 1; order <= kLargestDrawnOrder; ++order)
    if (std::any_of(table.rows.begin(), table.rows.end(),
                    [&](const auto& row) { return row.sources.size() == order; }))
      orders.push_back(order);
  return orders.empty() ? std::string() : svg_element(heat_map(table, orders));
}

std::string tree_of_page(const std::optional<analysis::TaskTree>& tree) {
  if (!tree) return "";
  constexpr std::size_t kClusters = 4;  // as the paper's figure 13 has
  const std::size_t clusters = std::min(kClusters, tree->tasks.size());
  auto wide = tree_drawing(*tree, clusters, 760), narrow = tree_drawing(*tree, clusters, 360);
  wide.name += " wide";
  narrow.name += " narrow";
  return svg_element(wide) + svg_element(narrow);
}

std::string title_of(const PageContent& content) {
  return content.title + (content.beside ? " and " + content.beside->other.title : "");
}

/// Which of two an answer is of.
std::string whose_html(const std::string& title) {
  return "<p class=\"whose\">" + xml_escaped(title) + "</p>\n";
}
std::string other_answer_html(const std::string& title, const std::string& headline) {
  return whose_html(title) + "<p>" + xml_escaped(headline) + "</p>\n";
}

}  // namespace

std::string page(const PageContent& with_ids, const PageTime& time) {
  const Optima under_ids = solve_all(with_ids.table, with_ids.prices.cost, with_ids.importance, time);
  const Optima optima = with_titles(under_ids, with_ids.texts);
  const PageContent content = with_titles(with_ids);
  const auto beside = with_ids.beside ? beside_texts(with_ids, under_ids, time) : BesideTexts{};
  const auto tree = tree_of(content.table);
  return filled(
      asset("page.html"),
      {{"title", xml_escaped(title_of(content))},
       {"answer",
        answer_html(content, optima) +
            (content.beside ? other_answer_html(content.beside->other.title, beside.headline) : "")},
       {"whose", content.beside ? whose_html(content.title) : ""},
       {"beside", beside.section},
       {"alone", content.beside ? xml_escaped(content.title) + " alone: choose a budget" : "Choose a budget"},
       {"plain", plain_html(content, optima)},
       {"style", std::string(asset("page.css"))},
       {"colours", page_colours()},
       {"graph", graph_of(content, optima)},
       {"heat-map", heat_map_of(content.table)},
       {"tree", tree_of_page(tree)},
       {"data", page_json(content, optima, tree)},
       {"licences", xml_escaped(asset("vendor/LICENSES.txt"))},
       {"scripts", scripts()}});
}

void write_page(const std::filesystem::path& path, const PageContent& content, const PageTime& time) {
  base::write_file(path, page(content, time));
}

}  // namespace taskonomy::report
