// What the networks of a run are worth: losses are gathered into tables, tables into the shortlist of the
// higher orders, into tournaments and affinities (step III) and into the report (step IV).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/affinity/affinity_table.hpp"
#include "core/affinity/loss_table.hpp"
#include "core/affinity/tournament.hpp"
#include "core/pipeline/setup.hpp"
#include "core/report/source_results.hpp"
#include "core/transfer/orders.hpp"

namespace taskonomy::pipeline {

/// Ids of the test images of a target, in the order of its losses.
[[nodiscard]] std::vector<std::string> test_images(const Setup& setup, const std::filesystem::path& folder,
                                                   const std::string& target);

/// The losses that the jobs `inputs` (source/T, scratch/T, constant/T, transfer/T/S) left for target T.
/// Transfers from the target's own frozen encoder stay out: they are a diagnostic. Throws Error when T's own
/// network is not among them; only a placed target may do without.
[[nodiscard]] affinity::LossTable loss_table(const Setup& setup, const std::filesystem::path& folder,
                                             const std::string& target,
                                             const std::vector<std::string>& inputs);

/// First-order sources of a target: what its higher orders are built from.
struct Shortlist {
  transfer::Sources ranked;  ///< by first-order affinity, best first; the target's own encoder left out
};

/// Ranks the first-order rows of a target; ties by name.
[[nodiscard]] Shortlist shortlist_of(const std::string& target,
                                     const std::vector<affinity::AffinityRow>& rows);

/// Writes it as JSON with the key of its job. Throws Error naming the file.
void write_shortlist(const std::filesystem::path& path, const Shortlist& shortlist,
                     const std::string& made_from);
/// Throws Error naming the file.
[[nodiscard]] Shortlist read_shortlist(const std::filesystem::path& path);
/// Throws Error naming the file for a ranking of anything but these sources, each once at most.
void require_sources(const Shortlist& shortlist, const std::vector<std::string>& sources,
                     const std::filesystem::path& file);

/// Rows of every task in the order of the recipe: its own network, the references that `inputs` (source/T,
/// scratch/T, constant/T) name, then the transfers of `table` in its order.
[[nodiscard]] std::vector<report::MetricRow> metric_rows(const Setup& setup,
                                                         const std::filesystem::path& folder,
                                                         const std::vector<std::string>& inputs,
                                                         const affinity::AffinityTable& table);

/// Everything a person looks at, from the tournaments that are there: affinity.csv, taxonomy.json, pictures,
/// summary.txt. Returns the files, relative to the folder.
std::vector<std::string> write_report(const Setup& setup, const std::filesystem::path& folder,
                                      const std::vector<std::string>& inputs);

/// Table 1 and the metrics of the source networks among the finished jobs: what a run that stops after step I
/// has to say. "" when no network can be compared yet.
[[nodiscard]] std::string sources_text(const Setup& setup, const std::filesystem::path& folder,
                                       const std::vector<std::string>& done);

}  // namespace taskonomy::pipeline
