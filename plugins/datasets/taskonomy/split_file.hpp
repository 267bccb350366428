// The data set's standard split files: which buildings train, validate and test.
#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace taskonomy_dataset {

/// building -> "train", "transfer" (the file's "val": the paper trains transfers on its validation images) or
/// "test". Two forms: CSV with a header `id,train,val,test` and 0 or 1 in the columns; JSON
/// {"train": [buildings], "val": [...], "test": [...]}, or several of those by size, {"tiny": {...},
/// "medium":
/// {...}}, of which `size` names one. Throws std::runtime_error naming the file and what is wrong: a building
/// in two splits, no building at all, an unknown size (with those there are).
[[nodiscard]] std::map<std::string, std::string> read_split_file(const std::filesystem::path& file,
                                                                 const std::string& size);

}  // namespace taskonomy_dataset
