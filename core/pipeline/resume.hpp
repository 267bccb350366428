// Going on with a run: which samples there were and are, and what would be made again although nobody asked
// for it, because code or data changed under the run.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/data/splits.hpp"
#include "core/jobs/inventory.hpp"
#include "core/jobs/run_directory.hpp"
#include "core/pipeline/setup.hpp"

namespace taskonomy::pipeline {

/// Every sample of a run and its split, by kind of views.
using Splits = std::map<sdk::ViewKind, std::vector<data::SampleKey>>;

/// The splits that the recipe's tasks need.
[[nodiscard]] Splits splits_of(const Setup& setup);
/// RUN/splits/KIND.csv (scene,sample,split): which sample trains, transfers and judges. Throws Error naming
/// the file. Files that say the same already are left alone.
void write_splits(const jobs::RunDirectory& run, const Splits& splits);
/// What write_splits() left there for these kinds of views. Kinds without a file, or with a damaged one, are
/// left out: not known. The keys of the jobs decide what is made again; the files only help to say it.
[[nodiscard]] Splits read_splits(const jobs::RunDirectory& run, const Splits& like);
/// "single: 112 samples are new, 3 move to another split", a sentence for each kind of views that changed.
[[nodiscard]] std::vector<std::string> split_changes(const Splits& before, const Splits& now);

/// What going on would make again because code or data changed, by cause, with the number of jobs by stage.
/// `now`: the splits of today, compared with those of RUN/splits. "" when nothing that is done would be made
/// again, or only what the recipe asks for.
[[nodiscard]] std::string stale_text(const jobs::RunDirectory& run, const jobs::Inventory& inventory,
                                     const Splits& now);

}  // namespace taskonomy::pipeline
