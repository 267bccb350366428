#include "core/base/json_text.hpp"

#include <nlohmann/json.hpp>

#include "core/base/error.hpp"

namespace taskonomy::base {

nlohmann::json parse_json(std::string_view text) {
  constexpr int kDeepest = 64;
  const auto shallow = [](int depth, nlohmann::json::parse_event_t, nlohmann::json&) {
    if (depth > kDeepest) throw Error("nested deeper than " + std::to_string(kDeepest) + " levels");
    return true;
  };
  try {
    return nlohmann::json::parse(text.begin(), text.end(), shallow);
  } catch (const nlohmann::json::parse_error& error) {
    throw Error("not JSON at byte " + std::to_string(error.byte));
  }
}

nlohmann::json json_in(const std::map<std::string, std::string>& metadata, const std::string& key) {
  const auto found = metadata.find(key);
  if (found == metadata.end()) throw Error("its metadata has no \"" + key + "\"");
  return with_context("its metadata \"" + key + "\"", [&] { return parse_json(found->second); });
}

}  // namespace taskonomy::base
