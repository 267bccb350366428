// What the drawings promise: everything is there once, nothing covers a name, strange names break nothing,
// and the page shows what the files show.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "core/base/text.hpp"
#include "core/report/heat_map.hpp"
#include "core/report/novel_task_report.hpp"
#include "core/report/taxonomy_graph.hpp"
#include "core/report/tree_svg.hpp"
#include "tests/support/published.hpp"
#include "tests/support/small_table.hpp"
#include "tests/support/svg.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
using namespace taskonomy::report;
using tests::has;
using tests::svg_elements;
using tests::SvgElement;

namespace {

const std::string kNasty = "a<b>&\"c\\N'";

/// The published table at up to three sources per transfer: 27 tasks, long names.
struct Published {
  affinity::AffinityTable table = tests::published();
  std::vector<taxonomy::Taxonomy> sweep;
  TaxonomyLayout layout;
  Published() {
    taxonomy::Options options;
    options.max_order = 3;
    sweep = taxonomy::sweep(table, options);
    layout = taxonomy_layout(table, sweep);
  }
};
const Published& published() {
  static const Published made;
  return made;
}

using Edges = std::multiset<std::pair<std::string, std::string>>;

Edges edges_of(const taxonomy::Taxonomy& taxonomy) {
  Edges edges;
  for (const auto& row : taxonomy.transfers) {
    if (row.is_self()) continue;
    for (const auto& source : row.sources) edges.emplace(source, row.target);
  }
  return edges;
}

Edges drawn_edges(const std::string& svg, const std::vector<std::string>& tasks) {
  Edges edges;
  for (const auto& one : svg_elements(svg)) {
    if (one.shown && one.is("edge"))
      edges.emplace(tasks.at(std::stoul(one.attribute("data-source"))),
                    tasks.at(std::stoul(one.attribute("data-target"))));
  }
  return edges;
}

/// Every task once; one that is a source and is transferred all the same stands, named, on both sides.
std::multiset<std::string> names_of(const taxonomy::Taxonomy& taxonomy,
                                    const std::vector<std::string>& tasks) {
  std::multiset<std::string> names(tasks.begin(), tasks.end());
  for (const auto& row : taxonomy.transfers)
    if (!row.is_self() && std::count(taxonomy.sources.begin(), taxonomy.sources.end(), row.target) > 0)
      names.insert(row.target);
  return names;
}

std::multiset<std::string> drawn_names(const std::string& svg) {
  std::multiset<std::string> names;
  for (const auto& one : svg_elements(svg))
    if (one.shown && one.is("name")) names.insert(one.text);
  return names;
}

/// Relative luminance of "#rrggbb", as WCAG 2 defines it.
double luminance(const std::string& hex) {
  double sum = 0.0;
  const double weights[] = {0.2126, 0.7152, 0.0722};
  for (std::size_t k = 0; k < 3; ++k) {
    const double share = std::stoi(hex.substr(1 + 2 * k, 2), nullptr, 16) / 255.0;
    sum += weights[k] * (share <= 0.04045 ? share / 12.92 : std::pow((share + 0.055) / 1.055, 2.4));
  }
  return sum;
}

}  // namespace

TEST_CASE("XML text is escaped, also where it is no text at all") {
  CHECK(xml_escaped("a<b>&\"c'") == "a&lt;b&gt;&amp;&quot;c'");
  CHECK(xml_escaped("größe\x01\xff\xc3") == "größe??");
}

TEST_CASE("a text is cut between letters, to the width, and only where it must be") {
  CHECK(shortened("depth", text_width("depth", 13), 13) == "depth");
  const std::string cut = shortened("größenordnung", 60, 13);
  CHECK(text_width(cut, 13) <= 60);
  CHECK(cut.starts_with("grö"));
  CHECK(cut.ends_with("…"));
  for (double width = 0; width < 120; ++width)
    CHECK_FALSE(has(xml_escaped(shortened("ößößößößö", width, 13)), "?"));
}

TEST_CASE("shades run from nearly white to dark blue") {
  const auto light = base::split(page_colours(), '\n').front();
  CHECK(has(light, "--s0:#f7fbff;"));
  CHECK(has(light, "--s" + std::to_string(kShades) + ":#08306b;"));
}

TEST_CASE("text upon every shade is readable in both themes: contrast of at least 4.5") {
  for (const auto& line : base::split(page_colours(), '\n')) {
    if (!has(line, "--s0:")) continue;
    const auto colour = [&](const std::string& name) {
      return line.substr(line.find("--" + name + ":") + name.size() + 3, 7);
    };
    for (std::size_t step = 0; step <= kShades; ++step) {
      const double ground = luminance(colour("s" + std::to_string(step))),
                   text = luminance(colour("t" + std::to_string(step)));
      CHECK((std::max(ground, text) + 0.05) / (std::min(ground, text) + 0.05) >= 4.5);
    }
    CHECK(std::abs(luminance(colour("s0")) - luminance(colour("paper"))) < 0.1);
  }
  CHECK(shade(-1) == 0);
  CHECK(shade(0.5) == kShades / 2);
  CHECK(shade(7) == kShades);
}

TEST_CASE("a taxonomy's drawing has every edge once and every task once, and no name covers another") {
  const auto& [table, sweep, layout] = published();
  for (const auto& taxonomy : sweep) {
    CAPTURE(taxonomy.budget);
    for (const auto width : {GraphWidth::wide, GraphWidth::narrow}) {
      const std::string svg = svg_file(taxonomy_drawing(taxonomy, layout, width));
      CHECK(tests::well_formed(svg));
      CHECK(drawn_edges(svg, layout.tasks) == edges_of(taxonomy));
      CHECK(drawn_names(svg).size() == names_of(taxonomy, layout.tasks).size());
      if (width == GraphWidth::wide) CHECK(drawn_names(svg) == names_of(taxonomy, layout.tasks));
      const auto covered = tests::overlaps(svg, "name");
      CHECK_MESSAGE(covered.empty(), base::join(covered, ", "));
      CHECK_FALSE(has(svg, "hidden"));
    }
  }
}

TEST_CASE("sources stand left of their targets, several sources join in one dot") {
  const auto& [table, sweep, layout] = published();
  const auto& taxonomy = sweep[8];
  std::map<std::string, double> left, right;
  std::set<std::string> joints;
  for (const auto& one : svg_elements(svg_file(taxonomy_drawing(taxonomy, layout, GraphWidth::wide)))) {
    if (one.is("source")) left[layout.tasks[std::stoul(one.attribute("data-task"))]] = one.x;
    if (one.is("transferred")) right[layout.tasks[std::stoul(one.attribute("data-task"))]] = one.x;
    if (one.is("joint")) joints.insert(layout.tasks[std::stoul(one.attribute("data-target"))]);
  }
  CHECK(left.size() == taxonomy.sources.size());
  for (const auto& row : taxonomy.transfers) {
    CHECK(joints.contains(row.target) == (row.sources.size() > 1));
    CHECK(right.contains(row.target) == !row.is_self());
    for (const auto& source : row.sources)
      if (!row.is_self()) CHECK(left.at(source) < right.at(row.target));
  }
}

TEST_CASE("what the page shows of a taxonomy is what its file shows") {
  const auto& [table, sweep, layout] = published();
  TaxonomyParts parts;
  for (const auto& taxonomy : sweep) parts.add(taxonomy);
  for (const auto& taxonomy : sweep) {
    const auto drawing = taxonomy_drawing(taxonomy, layout, GraphWidth::wide, &parts);
    const std::string page = svg_element(drawing),
                      file = svg_file(taxonomy_drawing(taxonomy, layout, GraphWidth::wide));
    CHECK(tests::well_formed(page));
    CHECK(drawn_edges(page, layout.tasks) == drawn_edges(file, layout.tasks));
    CHECK(drawn_names(page) == drawn_names(file));
  }
}

TEST_CASE("rows: every task has one, and no task could shorten the edges by moving alone") {
  const auto& [table, sweep, layout] = published();
  CHECK(std::set<std::size_t>(layout.rows.begin(), layout.rows.end()).size() == layout.tasks.size());
  std::map<std::pair<std::string, std::string>, double> weights;
  for (const auto& taxonomy : sweep) {
    for (const auto& row : taxonomy.transfers)
      for (const auto& source : row.sources)
        if (!row.is_self()) weights[{source, row.target}] += 1.0 / static_cast<double>(row.sources.size());
  }
  const auto length = [&, &tasks = layout.tasks](const std::vector<std::size_t>& rows) {
    std::map<std::string, double> place;
    for (std::size_t k = 0; k < rows.size(); ++k) place[tasks[rows[k]]] = static_cast<double>(k);
    double sum = 0.0;
    for (const auto& [edge, weight] : weights)
      sum += weight * std::abs(place[edge.first] - place[edge.second]);
    return sum;
  };
  const double least = length(layout.rows);
  for (std::size_t from = 0; from < layout.rows.size(); ++from) {
    for (std::size_t to = 0; to < layout.rows.size(); ++to) {
      auto moved = layout.rows;
      const auto task = moved[from];
      moved.erase(moved.begin() + static_cast<std::ptrdiff_t>(from));
      moved.insert(moved.begin() + static_cast<std::ptrdiff_t>(to), task);
      CHECK(length(moved) >= least - 1e-6);
    }
  }
  CHECK(taxonomy_layout(table, sweep).rows == layout.rows);
  for (const auto& taxonomy : sweep) {  // as many colours as can be told apart
    std::set<std::size_t> colours;
    for (const auto& source : taxonomy.sources) colours.insert(layout.colour_of.at(source));
    if (taxonomy.sources.size() <= 7) CHECK(colours.size() == taxonomy.sources.size());
  }
}

TEST_CASE("squares are hollow where a source does not serve itself; the rates are written") {
  const auto table = tests::small_table();
  taxonomy::Options options;
  options.cost["random"] = 0;
  const auto found = taxonomy::solve(table, 1, options);
  REQUIRE(found.sources == std::vector<std::string>{"normal", "random"});
  const auto layout = taxonomy_layout(table, {found});
  const std::string svg = svg_file(taxonomy_drawing(found, layout, GraphWidth::wide));
  CHECK(tests::count_of(svg, "class=\"hole") == 1);  // random's
  CHECK(has(svg, "budget 1"));
  CHECK(has(svg, ">.45</text>"));
  CHECK(has(svg, ">.85</text>"));
  // The two sources have the first two colours, in the layout's order; no third one is used.
  std::set<std::string> colours;
  for (const auto& one : svg_elements(svg))
    if (one.is("edge")) colours.insert(one.attribute("class"));
  CHECK(colours == std::set<std::string>{"edge stroke-c0", "edge stroke-c1"});
  // Without rates there is neither column.
  auto bare = table;
  for (auto& row : bare.rows) row.gain = row.quality = affinity::kUnknown;
  const auto plain = taxonomy::solve(bare, 1, options);
  CHECK_FALSE(has(svg_file(taxonomy_drawing(plain, layout, GraphWidth::wide)), "Quality"));
}

TEST_CASE("the heat map has a cell per target and source, every number, and one frame per target") {
  const auto table = tests::small_table();
  const std::string svg = svg_file(heat_map(table));
  CHECK(tests::well_formed(svg));
  for (const auto* text : {">50.0<", ">20.0<", ">5.0<", ">70.0<", ">30.0<", ">edges<", ">random<", ">–<"})
    CHECK(has(svg, text));
  CHECK(tests::count_of(svg, "<g class=\"row\"") == 3);
  CHECK(tests::count_of(svg, "<g class=\"column\"") == 3);
  CHECK(tests::count_of(svg, "class=\"best") == 3 + 1);  // and the legend's
  std::multiset<std::size_t> rows;
  for (const auto& one : svg_elements(svg))
    if (one.attributes.contains("data-row")) rows.insert(std::stoul(one.attribute("data-row")));
  std::multiset<std::size_t> single;
  for (std::size_t r = 0; r < table.rows.size(); ++r)
    if (table.rows[r].sources.size() == 1) single.insert(r);
  CHECK(rows == single);
  CHECK(tests::well_formed(svg_file(heat_map({}))));
  const auto of_paper = svg_file(heat_map(tests::published()));
  CHECK(tests::overlaps(of_paper, "name").empty());
}

TEST_CASE(
    "the heat map of several sources shows the best transfer that reads a source; other orders are hidden") {
  const auto table = tests::small_table();
  const auto matrix = affinity_matrix(table, 2);
  CHECK(matrix.cells[0][2].row == 3);  // depth from normal + random
  CHECK(std::isnan(matrix.cells[0][0].share));
  std::size_t shown = 0, hidden = 0;
  for (const auto& one : svg_elements(svg_element(heat_map(table, {1, 2})))) {
    if (!one.is("order")) continue;
    (one.shown ? shown : hidden) += 1;
    CHECK(one.shown == (one.attribute("data-order") == "1"));
  }
  CHECK(shown == 3);
  CHECK(hidden == 3);
}

TEST_CASE("a novel task's drawing has its best transfers, one a line, each interval around its estimate") {
  analysis::NovelTask task;
  task.target = kNasty;
  for (int k = 0; k < 20; ++k) {
    const double gain = 0.9 - 0.02 * k;
    task.transfers.push_back(
        {{"source " + std::to_string(k)}, 1.0, {0.1, 0.05, 0.2}, {gain, gain - 0.1, gain + 0.1}, {}});
  }
  const std::string svg = svg_file(novel_task_drawing(task));
  CHECK(tests::well_formed(svg));
  CHECK(tests::overlaps(svg, "name").empty());
  CHECK(drawn_names(svg).size() == 16);
  CHECK(drawn_names(svg).contains("source 0"));
  CHECK(has(svg, "the best 16 of 20 transfers"));
  double previous = 1e9;
  for (const auto& one : svg_elements(svg)) {
    if (one.tag != "circle" || one.number("cy") > 16 * 24) continue;  // below: the key of the colours
    CHECK(one.number("cx") < previous);
    previous = one.number("cx");
  }
  CHECK(tests::count_of(svg, "<circle") == 16 + 1);
  CHECK(has(svg, "one source"));
  task.transfers[3].sources.push_back("another");
  CHECK(has(svg_file(novel_task_drawing(task)), "2 sources"));
}

TEST_CASE("no name breaks a drawing, whatever stands in it") {
  for (const std::string& name :
       {kNasty, std::string("\xff\x01"), std::string(300, 'w'), std::string("größe")}) {
    const auto table = tests::small_table(name);
    const auto found = taxonomy::solve(table, 1, {});
    const std::string graph =
        svg_file(taxonomy_drawing(found, taxonomy_layout(table, {found}), GraphWidth::wide));
    const std::string map = svg_file(heat_map(table));
    CHECK(tests::well_formed(graph));
    CHECK(tests::well_formed(map));
    CHECK_FALSE(has(graph + map, "<b>"));
    CHECK(tests::overlaps(graph, "name").empty());
    if (name == kNasty)
      for (const auto& svg : {graph, map}) CHECK(has(svg, "a&lt;b&gt;&amp;&quot;c\\N'"));
  }
}

TEST_CASE("the same table is drawn as the same bytes") {
  const auto table = tests::small_table();
  const auto drawn = [&] {
    const auto found = taxonomy::solve(table, 1, {});
    return svg_file(taxonomy_drawing(found, taxonomy_layout(table, {found}), GraphWidth::wide)) +
           svg_file(heat_map(table, {1, 2}));
  };
  CHECK(drawn() == drawn());
}

TEST_CASE("the heat map has one scale: a target that own labels serve best is pale") {
  affinity::AffinityTable table;
  for (const auto& [source, target, value] : std::vector<std::tuple<std::string, std::string, double>>{
           {"a", "a", 0.5}, {"b", "a", 0.5}, {"b", "b", 0.995}, {"a", "b", 0.005}})
    table.rows.push_back({{source}, target, value});
  const std::string svg = svg_file(heat_map(table));
  CHECK(tests::count_of(svg, "<path class=\"fill-s20\"") == 1);  // 50 %, the largest
  CHECK(tests::count_of(svg, "<path class=\"fill-s2\"") == 1);   // sqrt(0.5 / 50) = 0.1 of it
}

TEST_CASE("a heat map that begins with a higher order says so") {
  const auto table = tests::small_table();
  CHECK(heat_map(table).title == "Affinity of first-order transfers");
  CHECK(heat_map(table, {2, 3}).title == "Affinity of transfers from 2 sources");
}

TEST_CASE("a file has its colours within and needs nothing else; an element leaves them to the page") {
  const auto drawing = heat_map(tests::small_table());
  const std::string file = svg_file(drawing), element = svg_element(drawing);
  CHECK(file.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
  CHECK_FALSE(has(file, "var("));
  CHECK(has(file, "<title>"));
  CHECK_FALSE(has(element, "<style"));
  CHECK_FALSE(has(element, "#"));
  std::set<std::string> used;  // every class of a colour has a rule in both
  for (const auto& one : svg_elements(file))
    for (const auto& word : base::split(one.attribute("class"), ' '))
      if (word.starts_with("fill-") || word.starts_with("stroke-")) used.insert(word);
  for (const auto& word : used) {
    CHECK(has(file, "." + word + "{"));
    CHECK(has(page_colours(), "." + word + "{"));
  }
}
