// Steps III and IV of a run: losses are gathered into tables, tables into tournaments, affinities and the
// report.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/affinity/affinity_table.hpp"
#include "core/affinity/loss_table.hpp"
#include "core/affinity/tournament.hpp"
#include "core/pipeline/setup.hpp"
#include "core/pipeline/shortlist.hpp"

namespace taskonomy::pipeline {

/// The losses that the jobs `inputs` (source/T, scratch/T, constant/T, transfer/T/S) left for target T.
/// Transfers from the target's own frozen encoder stay out: they are a diagnostic. Throws Error when T's own
/// network is not among them; only a placed target may do without.
[[nodiscard]] affinity::LossTable loss_table(const Setup& setup, const std::filesystem::path& folder,
                                             const std::string& target,
                                             const std::vector<std::string>& inputs);

/// Everything a person looks at, from the tournaments that are there: affinity.csv, taxonomy.json, pictures,
/// summary.txt. Returns the files, relative to the folder.
std::vector<std::string> write_report(const Setup& setup, const std::filesystem::path& folder,
                                      const std::vector<std::string>& inputs);

/// Table 1 and the metrics of the source networks among the finished jobs: what a run that stops after step I
/// has to say. "" when no network can be compared yet.
[[nodiscard]] std::string sources_text(const Setup& setup, const std::filesystem::path& folder,
                                       const std::vector<std::string>& done);

}  // namespace taskonomy::pipeline
