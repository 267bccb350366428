#include "core/report/taxonomy_graph.hpp"

#include <gvc.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "core/analysis/win_rates.hpp"
#include "core/base/error.hpp"
#include "core/base/text.hpp"
#include "core/report/svg.hpp"
#include "core/report/text_table.hpp"

namespace taskonomy::report {

namespace {

/// Graphviz's context, one for the life of the process: its Pango plugin keeps a pointer into the fonts of
/// the context it saw last and reads it after that one was freed (found by AddressSanitizer, Graphviz 2.43).
GVC_t* context() {
  static GVC_t* const only = gvContext();
  if (only == nullptr) throw base::Error("Graphviz cannot start");
  return only;
}

struct CloseGraph {
  void operator()(Agraph_t* graph) const { agclose(graph); }
};

/// Graphviz takes char* for what it only reads.
char* text_of(const std::string& text) { return const_cast<char*>(text.c_str()); }

void set(void* object, const char* attribute, const std::string& value) {
  agsafeset(object, const_cast<char*>(attribute), text_of(value), const_cast<char*>(""));
}

/// A name inside a label: Graphviz reads backslashes as escapes and entities as letters.
std::string label_of(const std::string& name) {
  std::string label;
  for (const char letter : xml_escaped(name)) {
    if (letter == '\\') label += '\\';
    label += letter;
  }
  return label;
}

/// Builds the graph of one taxonomy. Node names are numbers, so that task names need no escaping there.
class Drawing {
 public:
  explicit Drawing(const taxonomy::Taxonomy& taxonomy)
      : taxonomy_(taxonomy), graph_(agopen(const_cast<char*>("taxonomy"), Agdirected, nullptr)) {
    if (!graph_) throw base::Error("Graphviz cannot make a graph");
    dress();
    add_tasks();
    for (const auto& row : taxonomy.transfers) {
      if (!row.is_self()) add_transfer(row);
    }
  }

  Agraph_t* graph() const { return graph_.get(); }

 private:
  void dress() {
    const auto means = analysis::means_of(taxonomy_);
    set(graph(), "rankdir", "LR");
    set(graph(), "ranksep", "0.8");
    set(graph(), "nodesep", "0.18");
    set(graph(), "bgcolor", "white");
    set(graph(), "pad", "0.3");
    set(graph(), "fontname", "Helvetica");
    set(graph(), "fontsize", "14");
    set(graph(), "labelloc", "t");
    set(graph(), "labeljust", "l");
    const std::string plural = taxonomy_.sources.size() == 1 ? " task" : " tasks";
    set(graph(), "label",
        "Taxonomy at budget " + base::number(taxonomy_.budget) + ": label " +
            std::to_string(taxonomy_.sources.size()) + plural +
            " (boxes; dashed: only a source), transfer to the others (ellipses)\\l" +
            "mean Gain (G, wins against training from scratch) " + share_text(means.gain) +
            ", mean Quality (Q, wins against own labels) " + share_text(means.quality) + "\\l ");
  }

  Agnode_t* new_node() { return agnode(graph(), text_of("n" + std::to_string(nodes_++)), 1); }

  /// A node with the name in the first line and the rates in a second.
  Agnode_t* add_task(const std::string& name, const affinity::AffinityRow* row, bool source) {
    Agnode_t* node = new_node();
    std::string label = label_of(name);
    if (row != nullptr) label += "\\nG " + share_text(row->gain) + "   Q " + share_text(row->quality);
    set(node, "label", label);
    set(node, "fontname", "Helvetica");
    set(node, "fontsize", "13");
    set(node, "shape", source ? "box" : "ellipse");
    set(node, "style", !source ? "filled" : row == nullptr ? "filled,bold,dashed" : "filled,bold");
    set(node, "fillcolor", source ? "#DCEBF7" : "#FFFFFF");
    set(node, "color", source ? "#08306B" : "#777777");
    set(node, "margin", source ? "0.16,0.07" : "0.02,0.02");
    return node;
  }

  void add_tasks() {
    std::map<std::string, const affinity::AffinityRow*> row_of;
    for (const auto& row : taxonomy_.transfers) row_of[row.target] = &row;
    for (const auto& source : taxonomy_.sources) {
      const auto place = row_of.find(source);
      task_[source] = add_task(source, place == row_of.end() ? nullptr : place->second, true);
    }
    for (const auto& row : taxonomy_.transfers) {
      if (task_.count(row.target) == 0) task_[row.target] = add_task(row.target, &row, false);
    }
  }

  Agedge_t* connect(Agnode_t* from, Agnode_t* to, const std::string& colour, bool arrow) {
    Agedge_t* edge = agedge(graph(), from, to, nullptr, 1);
    set(edge, "color", colour);
    set(edge, "penwidth", "1.4");
    set(edge, "arrowsize", "0.8");
    if (!arrow) set(edge, "arrowhead", "none");
    return edge;
  }

  void add_transfer(const affinity::AffinityRow& row) {
    const std::set<std::string> sources(row.sources.begin(), row.sources.end());
    if (sources.size() == 1) {
      // Two ranks long, as long as one through a dot: all targets stand in one column.
      set(connect(task_.at(*sources.begin()), task_.at(row.target), "#555555", true), "minlen", "2");
      return;
    }
    const auto [place, fresh] = joint_.try_emplace(sources, Joint{});
    if (fresh) {
      place->second.colour = kPalette[(joint_.size() - 1) % kPalette.size()];
      place->second.node = new_node();
      set(place->second.node, "shape", "point");
      set(place->second.node, "width", "0.1");
      set(place->second.node, "color", place->second.colour);
      for (const auto& source : sources)
        connect(task_.at(source), place->second.node, place->second.colour, false);
    }
    connect(place->second.node, task_.at(row.target), place->second.colour, true);
  }

  struct Joint {
    Agnode_t* node = nullptr;
    std::string colour;
  };

  const taxonomy::Taxonomy& taxonomy_;
  std::unique_ptr<Agraph_t, CloseGraph> graph_;
  std::map<std::string, Agnode_t*> task_;
  std::map<std::set<std::string>, Joint> joint_;
  std::size_t nodes_ = 0;
};

}  // namespace

std::string taxonomy_svg(const taxonomy::Taxonomy& taxonomy) {
  const Drawing drawing(taxonomy);
  if (gvLayout(context(), drawing.graph(), "dot") != 0) {
    throw base::Error(
        "Graphviz cannot lay out the taxonomy; is its layout plugin installed (package libgvc6)?");
  }
  char* bytes = nullptr;
  unsigned int length = 0;
  const int failed = gvRenderData(context(), drawing.graph(), "svg", &bytes, &length);
  std::string svg = failed == 0 && bytes != nullptr ? std::string(bytes, length) : std::string();
  if (bytes != nullptr) gvFreeRenderData(bytes);
  gvFreeLayout(context(), drawing.graph());
  if (svg.empty()) throw base::Error("Graphviz cannot draw the taxonomy as SVG");
  return svg;
}

}  // namespace taskonomy::report
