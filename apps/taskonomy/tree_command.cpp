// taskonomy tree: which tasks transfer alike, as a tree.
#include <algorithm>
#include <iostream>

#include "apps/taskonomy/commands.hpp"
#include "apps/taskonomy/options.hpp"
#include "apps/taskonomy/table_input.hpp"
#include "core/analysis/task_tree.hpp"
#include "core/report/statistics_json.hpp"
#include "core/report/statistics_text.hpp"
#include "core/report/tree_svg.hpp"

namespace taskonomy::cli {

namespace {

using analysis::Linkage;
using analysis::TreeTransform;

const Usage kTreeUsage{
    "tree",
    "TABLE|RUN [options]",
    "Clusters tasks by what they transfer: two are near when the same targets profit from both. Each target "
    "counts "
    "alike;\n"
    "a task's own network is no transfer and takes no part.",
    {"taskonomy tree share/published/taskonomy-16k.csv", "taskonomy tree runs/demo --format svg > tree.svg",
     "taskonomy tree runs/demo --transform log --linkage average --format newick"}};

boost::program_options::options_description options_of_tree() {
  boost::program_options::options_description options;
  options.add_options()                                                                       //
      ("transform", text_value("sqrt|raw|log"), "of the affinities (sqrt)")                   //
      ("linkage", text_value("ward|average|complete|single"), "distance of clusters (ward)")  //
      ("clusters", text_value("K"), "to cut the tree into (4)")                               //
      ("format", text_value("text|newick|svg|json"), "of the answer (text)");
  return options;
}

TreeTransform transform_of(const std::string& word) {
  return word == "sqrt" ? TreeTransform::sqrt : word == "raw" ? TreeTransform::raw : TreeTransform::log;
}

Linkage linkage_of(const std::string& word) {
  return word == "ward"       ? Linkage::ward
         : word == "average"  ? Linkage::average
         : word == "complete" ? Linkage::complete
                              : Linkage::single;
}

}  // namespace

base::ExitCode tree(const std::vector<std::string>& args) {
  const auto values = parse_options(kTreeUsage, options_of_tree(), {{"TABLE|RUN"}}, args);
  if (!values) return base::ExitCode::done;
  const std::string format = values->choice("format", {"text", "newick", "svg", "json"});
  const auto transform = transform_of(values->choice("transform", {"sqrt", "raw", "log"}));
  const auto linkage = linkage_of(values->choice("linkage", {"ward", "average", "complete", "single"}));
  const auto asked = static_cast<std::size_t>(values->integer("clusters", 4, 1));
  const auto table = read_table_input(values->text("TABLE|RUN")).table;
  const auto tree = analysis::agglomerate(analysis::transfer_distances(table, transform), linkage);
  if (values->has("clusters") && asked > tree.tasks.size())
    throw base::Error("--clusters: the tree has only " + std::to_string(tree.tasks.size()) + " tasks");
  const std::size_t clusters = std::min(asked, tree.tasks.size());
  std::cout << (format == "newick" ? analysis::newick(tree) + "\n"
                : format == "svg"  ? report::tree_svg(tree, clusters)
                : format == "json" ? report::to_json(tree, clusters) + "\n"
                                   : report::tree_text(tree, clusters));
  return base::ExitCode::done;
}

}  // namespace taskonomy::cli
