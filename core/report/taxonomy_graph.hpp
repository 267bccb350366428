// A taxonomy as a picture: sources on the left, the targets transferred from them on the right.
//
// Every task of the table has a row of its own, the same in all drawings of that table. A task stands on the
// left of its row while it is a source, else on the right. So nothing jumps when the budget changes, drawings
// of several budgets can be laid side by side, labels never overlap, and an edge between two tasks always
// takes the same way.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/report/svg.hpp"
#include "core/taxonomy/taxonomy.hpp"

namespace taskonomy::report {

/// The rows and the colours of a table's tasks. Tasks are numbered by their places in AffinityTable::tasks().
struct TaxonomyLayout {
  std::vector<std::string> tasks;                ///< as AffinityTable::tasks() has them, in name order
  std::vector<std::size_t> rows;                 ///< tasks from top to bottom
  std::map<std::string, std::size_t> colour_of;  ///< place in the palette
  /// Tasks whose rows stay empty: those of another table that is drawn in the same layout.
  std::set<std::string> absent{};
};

/// Orders the rows so that the edges of all taxonomies of a sweep are short, which also leaves few crossings:
/// each task in turn moves to the row that shortens the edges most, until none can move any more (after at
/// most 20 turns). Tasks without an edge come last. The sources that are in most taxonomies choose their
/// colours first: each one of its own as long as there are any, then the one whose nearest bearer is farthest
/// away. The same input gives the same layout.
[[nodiscard]] TaxonomyLayout taxonomy_layout(const affinity::AffinityTable& table,
                                             const std::vector<taxonomy::Taxonomy>& sweep);

/// What a drawing can be made to show: the parts of one taxonomy, or those of several.
struct TaxonomyParts {
  std::set<std::string> sources;
  std::set<std::string> transferred;                    ///< targets that are not served by their own labels
  std::set<std::pair<std::string, std::string>> edges;  ///< source -> target
  bool rates = false;                                   ///< some Gain or Quality is known

  void add(const taxonomy::Taxonomy& taxonomy);
  /// A transfer that may be shown.
  void add(const affinity::AffinityRow& row);
};

/// Wide ones show Gain and Quality beside the targets and serve as files; two half ones stand beside each other, and
/// narrow ones fit a phone: both show Quality alone.
enum class GraphWidth { wide, half, narrow };

/// Draws `shown`. Squares are sources, filled where the task also serves itself with its own labels.
/// Circles are transferred tasks. A transfer from several sources runs through a dot where they join.
/// Parts that only `switchable` has are drawn too, with the attribute `hidden`: a page shows another
/// taxonomy by moving that attribute. Groups .source, .transferred, .idle (tasks that are neither) have
/// data-task, paths .edge have data-source and data-target, groups .joint (of several sources) have
/// data-target; all are numbers of tasks. With `switchable`, a rect .whisker without width lies on each bar of Quality,
/// for the page to draw its interval.
[[nodiscard]] Drawing taxonomy_drawing(const taxonomy::Taxonomy& shown, const TaxonomyLayout& layout,
                                       GraphWidth width, const TaxonomyParts* switchable = nullptr);

}  // namespace taskonomy::report
