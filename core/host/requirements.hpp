// What a plugin's record must say before anything is trained with it, and whether a dataset offers
// what a task requires.
#pragma once

#include <string>

#include <taskonomy/sdk/dataset.hpp>
#include <taskonomy/sdk/task.hpp>

namespace taskonomy::host {

/// Throws base::Error `task "normal": ...` when the record is incomplete or contradicts itself: another id
/// than the stamp's, empty shapes, an empty range, a negative cost, a malformed modality name.
void check_info(const sdk::TaskInfo& info, const std::string& stamp_id);
/// The same for a dataset.
void check_info(const sdk::DatasetInfo& info, const std::string& stamp_id);

/// What the dataset lacks for a task: a modality, all alternatives of one, or the kind of views, as in
/// `needs modality "depth_zbuffer"; dataset "photos" offers: rgb`. "" when it lacks nothing. Every task with
/// a plain input needs rgb.
[[nodiscard]] std::string lacking(const sdk::TaskInfo& task, const sdk::DatasetInfo& dataset);
/// Throws base::Error `task "normal": needs modality "depth_zbuffer"; ...` when lacking() says something.
void require_modalities(const sdk::TaskInfo& task, const sdk::DatasetInfo& dataset);

/// An imaginary dataset that offers everything: for looking at a task without a dataset.
using sdk::any_dataset;

}  // namespace taskonomy::host
