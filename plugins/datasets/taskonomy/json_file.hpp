// JSON files of a data set: whatever is in them, an error that names the file is the worst that happens.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace taskonomy_dataset {

/// The whole file. Throws std::runtime_error naming it when it cannot be read or is larger than 16 MiB.
[[nodiscard]] std::string read_text(const std::filesystem::path& file);

/// Throws std::runtime_error "NAME: not readable JSON: ..., at byte N".
[[nodiscard]] nlohmann::json parse_json(std::string_view text, const std::string& name);

/// The id of a point or view, written as a number or as text, without leading zeros: 7, "7" and "0007" are
/// one point. Throws std::runtime_error for anything else.
[[nodiscard]] std::string text_of_id(const nlohmann::json& id);
[[nodiscard]] std::string without_zeros(const std::string& id);

}  // namespace taskonomy_dataset
