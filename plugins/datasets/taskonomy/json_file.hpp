// Text and JSON files of a data set. Whatever lies in them, the worst that happens is an error that names the
// file.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

namespace taskonomy_dataset {

/// Throws std::runtime_error "FILE: reason".
[[noreturn]] inline void fail(const std::string& file, const std::string& reason) {
  throw std::runtime_error(file + ": " + reason);
}

/// Reads a whole file. Throws std::runtime_error naming it when it cannot be read or is larger than 16 MiB.
[[nodiscard]] std::string read_text(const std::filesystem::path& file);

/// Parses JSON. Throws std::runtime_error "NAME: not readable JSON: damaged or cut off at byte N".
[[nodiscard]] nlohmann::json parse_json(std::string_view text, const std::string& name);

/// An id without leading zeros: "7" and "0007" name one point.
[[nodiscard]] std::string without_zeros(const std::string& id);
/// The id of a point or view that a file holds as a number or as text, without leading zeros. Throws
/// std::runtime_error for anything else.
[[nodiscard]] std::string text_of_id(const nlohmann::json& id);

}  // namespace taskonomy_dataset
