#include "json_file.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include <taskonomy/sdk/toolbox/file_bytes.hpp>

namespace taskonomy_dataset {

namespace {

constexpr int kMostDepth = 64;

/// Nesting beyond what any such file has is refused before the parser builds it.
bool nests_deeply(std::string_view text) {
  int depth = 0;
  for (const char c : text) {
    if (c == '[' || c == '{') ++depth;
    if (c == ']' || c == '}') --depth;
    if (depth > kMostDepth) return true;
  }
  return false;
}

}  // namespace

std::string read_text(const std::filesystem::path& file) {
  constexpr std::int64_t kMostBytes = 16 * 1024 * 1024;
  return taskonomy::sdk::read_bytes(file, kMostBytes);
}

nlohmann::json parse_json(std::string_view text, const std::string& name) {
  if (nests_deeply(text)) throw std::runtime_error(name + ": not readable JSON: nested too deeply");
  try {
    return nlohmann::json::parse(text);
  } catch (const nlohmann::json::parse_error& error) {
    throw std::runtime_error(name + ": not readable JSON: damaged or cut off at byte " +
                             std::to_string(error.byte));
  } catch (const nlohmann::json::exception& error) {
    throw std::runtime_error(name + ": not readable JSON: " + error.what());
  }
}

std::string without_zeros(const std::string& id) {
  const std::size_t first = id.find_first_not_of('0');
  return first == std::string::npos ? (id.empty() ? "" : "0") : id.substr(first);
}

std::string text_of_id(const nlohmann::json& id) {
  if (id.is_number_integer()) return std::to_string(id.get<std::int64_t>());
  if (id.is_string()) return without_zeros(id.get<std::string>());
  throw std::runtime_error("an id that is neither a number nor text");
}

}  // namespace taskonomy_dataset
