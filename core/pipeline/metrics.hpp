// Metrics of a run, gathered from the files of losses.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <taskonomy/sdk/extensions.hpp>

#include "core/affinity/affinity_table.hpp"
#include "core/pipeline/setup.hpp"
#include "core/report/source_tables.hpp"

namespace taskonomy::pipeline {

/// The metrics that a task offers; none where it has no such extension.
[[nodiscard]] const std::vector<sdk::Metric>& metrics_of(const sdk::Task& task);

/// Rows of every task in the order of the recipe: its own network, the references that `inputs` (source/T,
/// scratch/T, constant/T) name, then the transfers of `table` in its order.
[[nodiscard]] std::vector<report::MetricRow> metric_rows(const Setup& setup,
                                                         const std::filesystem::path& folder,
                                                         const std::vector<std::string>& inputs,
                                                         const affinity::AffinityTable& table);

}  // namespace taskonomy::pipeline
