// Parameters of a plugin: typed reading of a recipe table, with errors that name the place.
#include <taskonomy/sdk/params.hpp>

#include <locale>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace taskonomy::sdk {

namespace {

std::string described(bool value) { return value ? "true" : "false"; }
std::string described(std::int64_t value) { return std::to_string(value); }
std::string described(double value) {
  std::ostringstream text;
  text.imbue(std::locale::classic());
  text << value;
  return text.str();
}
std::string described(const std::string& value) { return "\"" + value + "\""; }
template <typename Element>
std::string described(const std::vector<Element>& values) {
  std::string text = "[";
  for (const auto& value : values) text += (text.size() > 1 ? ", " : "") + described(value);
  return text + "]";
}

[[noreturn]] void refuse(const std::string& key, const ParamValue& value, const std::string& expected) {
  const std::string got = std::visit([](const auto& held) { return described(held); }, value.value);
  throw std::invalid_argument(value.where + ": " + key + ": expected " + expected + ", got " + got);
}

const ParamValue* find(const std::map<std::string, ParamValue>& values, const std::string& key) {
  const auto found = values.find(key);
  return found == values.end() ? nullptr : &found->second;
}

/// A list, where an empty one fits every element type: TOML's [] does not say which it is.
template <typename Element, typename Other>
std::vector<Element> list(const std::string& key, const ParamValue& value, const std::string& expected) {
  if (const auto* held = std::get_if<std::vector<Element>>(&value.value)) return *held;
  const auto* other = std::get_if<std::vector<Other>>(&value.value);
  if (other == nullptr || !other->empty()) refuse(key, value, expected);
  return {};
}

}  // namespace

Params::Params(std::map<std::string, ParamValue> values) : values_(std::move(values)) {}

bool Params::flag(const std::string& key, bool fallback) {
  asked_.insert(key);
  const ParamValue* value = find(values_, key);
  if (value == nullptr) return fallback;
  if (const auto* held = std::get_if<bool>(&value->value)) return *held;
  refuse(key, *value, "true or false");
}

std::int64_t Params::integer(const std::string& key, std::int64_t fallback, std::int64_t low,
                             std::int64_t high) {
  asked_.insert(key);
  const ParamValue* value = find(values_, key);
  if (value == nullptr) return fallback;
  const auto* held = std::get_if<std::int64_t>(&value->value);
  if (held != nullptr && *held >= low && *held <= high) return *held;
  refuse(key, *value, "an integer from " + described(low) + " to " + described(high));
}

double Params::real(const std::string& key, double fallback, double low, double high) {
  asked_.insert(key);
  const ParamValue* value = find(values_, key);
  if (value == nullptr) return fallback;
  const auto* real = std::get_if<double>(&value->value);
  const auto* whole = std::get_if<std::int64_t>(&value->value);
  if (real != nullptr || whole != nullptr) {
    const double number = real != nullptr ? *real : static_cast<double>(*whole);
    if (number >= low && number <= high) return number;
  }
  refuse(key, *value, "a number from " + described(low) + " to " + described(high));
}

std::string Params::text(const std::string& key, const std::string& fallback) {
  asked_.insert(key);
  const ParamValue* value = find(values_, key);
  if (value == nullptr) return fallback;
  if (const auto* held = std::get_if<std::string>(&value->value)) return *held;
  refuse(key, *value, "a text in quotes");
}

std::string Params::choice(const std::string& key, const std::string& fallback,
                           const std::vector<std::string>& choices) {
  asked_.insert(key);
  const ParamValue* value = find(values_, key);
  if (value == nullptr) return fallback;
  if (const auto* held = std::get_if<std::string>(&value->value)) {
    for (const auto& choice : choices) {
      if (choice == *held) return choice;
    }
  }
  std::string expected = "one of";
  for (const auto& choice : choices) expected += (expected == "one of" ? " " : ", ") + described(choice);
  refuse(key, *value, expected);
}

std::vector<double> Params::reals(const std::string& key, std::vector<double> fallback) {
  asked_.insert(key);
  const ParamValue* value = find(values_, key);
  return value == nullptr ? std::move(fallback) : list<double, std::string>(key, *value, "a list of numbers");
}

std::vector<std::string> Params::texts(const std::string& key, std::vector<std::string> fallback) {
  asked_.insert(key);
  const ParamValue* value = find(values_, key);
  return value == nullptr ? std::move(fallback) : list<std::string, double>(key, *value, "a list of texts");
}

bool Params::has(const std::string& key) const { return values_.count(key) > 0; }

std::vector<std::string> Params::unread() const {
  std::vector<std::string> keys;
  for (const auto& [key, value] : values_) {
    if (asked_.count(key) == 0) keys.push_back(key);
  }
  return keys;
}

}  // namespace taskonomy::sdk
