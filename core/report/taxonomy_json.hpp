// Taxonomies as JSON: what `solve --format json` prints and taxonomy.json holds.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/taxonomy/taxonomy.hpp"

namespace taskonomy::report {

/// {budget, max_order, transform, objective, status, sources[], transfers[{target, sources[], affinity}],
/// mean_gain, mean_quality, seconds}; unknown means are null. Besides, where they say something: `labels` of
/// a transfer, `goal` when not affinities are added up, `label_cost`, and `bound` and `gap` when the optimum
/// is not proven. Indented, without a line break at the end.
[[nodiscard]] std::string to_json(const taxonomy::Taxonomy& taxonomy);
/// An array of them.
[[nodiscard]] std::string to_json(const std::vector<taxonomy::Taxonomy>& sweep);
/// Writes the array atomically, without `seconds`: the same run gives the same bytes. Throws Error naming the
/// path.
void write_taxonomy_json(const std::filesystem::path& path, const std::vector<taxonomy::Taxonomy>& sweep);

/// CSV budget,sources,target,affinity,gain,quality (and labels, where some have them) of all transfers of all
/// taxonomies; readable as an affinity table.
[[nodiscard]] std::string to_csv(const std::vector<taxonomy::Taxonomy>& sweep);

}  // namespace taskonomy::report
