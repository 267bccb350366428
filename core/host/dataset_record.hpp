// What a data set says of itself, kept beside what was learned from it: networks are used where the data are not.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include <taskonomy/sdk/dataset.hpp>

#include "core/base/json.hpp"

namespace taskonomy::host {

/// A record as JSON: an object with the names of its members.
[[nodiscard]] base::Json json_of(const sdk::DatasetInfo& info);
/// Throws Error naming a member that is missing or malformed.
[[nodiscard]] sdk::DatasetInfo dataset_info_of(const base::JsonReader& json);

/// Writes the record into a folder, as dataset.json.
void keep_dataset_record(const std::filesystem::path& folder, const sdk::DatasetInfo& info);
/// The record that is kept in a folder, or nothing. Throws Error naming the file when it is malformed.
[[nodiscard]] std::optional<sdk::DatasetInfo> kept_dataset_record(const std::filesystem::path& folder);

/// A data set of which nothing but the record is there. Asked for scenes or samples, it throws std::logic_error.
[[nodiscard]] std::shared_ptr<sdk::Dataset> dataset_by_record(sdk::DatasetInfo info);

}  // namespace taskonomy::host
