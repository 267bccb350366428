// The content of a run's page. It is read from the run's folder: no plugin is loaded, and only the optima are
// computed.
#pragma once

#include "core/jobs/run_directory.hpp"
#include "core/report/page.hpp"

namespace taskonomy::cli {

/// What the page shows of a run, finished or not: the affinities of the targets that are judged, Table 1 and
/// pictures where their jobs are done, and how the run was made. `missing` names what is not there. Throws
/// Error when the folder holds no run.
[[nodiscard]] report::PageContent page_content_of(const jobs::RunDirectory& run);

/// Resampled test sets behind the page's intervals.
inline constexpr std::size_t kPageReplicates = 200;

/// Adds intervals of the run's affinities and how stable its optima are. Adds nothing for fewer than two
/// replicates. Costs and importances are those of `content`. `missing` says why where the losses cannot be
/// read.
void add_bootstrap(report::PageContent& content, const jobs::RunDirectory& run, std::size_t replicates);

/// Adds how good the optima are. Without a run, the paper's way. Adds nothing for tables of more than
/// report::kPresetTransfers transfers. `missing` says why where the losses cannot be read.
void add_judgement(report::PageContent& content, const jobs::RunDirectory* run, analysis::Judge judge);

/// Random taxonomies per budget that the page compares the optima with.
inline constexpr std::size_t kPageRandom = 200;

/// Adds how the judged optima compare with `count` random taxonomies of their budgets. Adds nothing for fewer than two,
/// and where there is no judgement.
void add_significance(report::PageContent& content, std::size_t count);

/// Where `taskonomy run` leaves the page.
[[nodiscard]] std::filesystem::path page_file(const jobs::RunDirectory& run);

}  // namespace taskonomy::cli
