// JSON that others may have written: run folders, headers of weights, what workers say.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace taskonomy::base {

/// Throws Error "not JSON at byte 12" for malformed text, and for text nested deeper than anything of ours:
/// copying and printing such a value would use up the stack.
[[nodiscard]] nlohmann::json parse_json(std::string_view text);

/// JSON that stands under a key of a safetensors file's metadata. Throws Error naming the key, too
/// when it is missing.
[[nodiscard]] nlohmann::json json_in(const std::map<std::string, std::string>& metadata,
                                     const std::string& key);

}  // namespace taskonomy::base
