#include "core/base/json.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <variant>

#include "core/base/error.hpp"

namespace taskonomy::base {

using Array = std::vector<Json>;
using Object = std::vector<std::pair<std::string, Json>>;

struct Json::Value {
  std::variant<bool, std::int64_t, std::uint64_t, double, std::string, Array, Object> held;
};

namespace {

using Library = nlohmann::ordered_json;

template <class T>
const T* get_if(const Json& json) {
  return json.value() == nullptr ? nullptr : std::get_if<T>(&json.value()->held);
}

/// The same value as the library holds it: its writer decides how numbers and text look.
Library to_library(const Json& json) {
  if (json.value() == nullptr) return nullptr;
  return std::visit(
      [](const auto& value) -> Library {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::same_as<T, Array>) {
          Library array = Library::array();
          for (const Json& element : value) array.push_back(to_library(element));
          return array;
        } else if constexpr (std::same_as<T, Object>) {
          Library object = Library::object();
          auto& members = object.get_ref<Library::object_t&>();  // its own insertion looks every key up first
          for (const auto& [key, member] : value)
            static_cast<Library::object_t::Container&>(members).emplace_back(key, to_library(member));
          return object;
        } else {
          return value;
        }
      },
      json.value()->held);
}

/// Appends the path from `from` to `place`; false when it does not lie there.
bool find_path(const Json& from, const Json* place, std::string& path) {
  if (&from == place) return true;
  const std::size_t length = path.size();
  if (const auto* array = get_if<Array>(from)) {
    for (std::size_t i = 0; i < array->size(); ++i) {
      path += "[" + std::to_string(i) + "]";
      if (find_path((*array)[i], place, path)) return true;
      path.resize(length);
    }
  } else if (const auto* object = get_if<Object>(from)) {
    for (const auto& [key, member] : *object) {
      path += (length > 0 ? "." : "") + key;
      if (find_path(member, place, path)) return true;
      path.resize(length);
    }
  }
  return false;
}

/// The member of this name, or null.
auto find(auto& object, std::string_view key) -> decltype(&object.front().second) {
  const auto found =
      std::find_if(object.begin(), object.end(), [&](const auto& member) { return member.first == key; });
  return found == object.end() ? nullptr : &found->second;
}

}  // namespace

/// What the library's parser calls: builds the value and counts the levels.
class JsonBuilder final : public nlohmann::json_sax<nlohmann::json> {
 public:
  bool null() override { return put(nullptr); }
  bool boolean(bool value) override { return put(value); }
  bool number_integer(std::int64_t value) override { return put(value); }
  bool number_unsigned(std::uint64_t value) override { return put(value); }
  bool number_float(double value, const std::string&) override { return put(value); }
  bool string(std::string& value) override { return put(std::move(value)); }
  bool binary(nlohmann::json::binary_t&) override { return false; }  // JSON text has none
  bool start_object(std::size_t) override { return open(Json::object()); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool key(std::string& value) override {
    keys_.back() = std::move(value);
    return true;
  }
  bool end_object() override {
    keep_last(std::get<Object>(open_.back().value_->held));
    return close();
  }
  bool end_array() override { return close(); }
  bool parse_error(std::size_t byte, const std::string&, const nlohmann::json::exception&) override {
    throw Error("not JSON at byte " + std::to_string(byte));
  }

  [[nodiscard]] Json take() { return std::move(all_); }

 private:
  static constexpr std::size_t kDeepest = 64;

  bool open(Json container) {
    if (open_.size() == kDeepest) throw Error("nested deeper than " + std::to_string(kDeepest) + " levels");
    open_.push_back(std::move(container));
    keys_.emplace_back();
    return true;
  }
  bool close() {
    Json done = std::move(open_.back());
    open_.pop_back();
    keys_.pop_back();
    return put(std::move(done));
  }
  bool put(Json value) {
    if (open_.empty()) {
      all_ = std::move(value);
    } else if (auto* array = std::get_if<Array>(&open_.back().value_->held)) {
      array->push_back(std::move(value));
    } else {
      open_.back().append(std::move(keys_.back()), std::move(value));
    }
    return true;
  }
  /// Of members with the same name the last. Sorted, since a stranger's file may have a million of them.
  static void keep_last(Object& members) {
    const auto by_name = [](const auto& a, const auto& b) { return a.first < b.first; };
    if (std::is_sorted(members.begin(), members.end(), by_name) &&
        std::adjacent_find(members.begin(), members.end(), same_name) == members.end())
      return;
    std::vector<std::pair<std::string_view, std::size_t>> places;
    for (std::size_t i = 0; i < members.size(); ++i) places.emplace_back(members[i].first, i);
    std::sort(places.begin(), places.end());
    std::vector<bool> dropped(members.size(), false);
    for (std::size_t i = 0; i + 1 < places.size(); ++i)
      dropped[places[i].second] = places[i].first == places[i + 1].first;
    Object kept;
    for (std::size_t i = 0; i < members.size(); ++i)
      if (!dropped[i]) kept.push_back(std::move(members[i]));
    members = std::move(kept);
  }
  static bool same_name(const std::pair<std::string, Json>& a, const std::pair<std::string, Json>& b) {
    return a.first == b.first;
  }

  std::vector<Json> open_;         ///< containers that are not closed yet, outermost first
  std::vector<std::string> keys_;  ///< for each of them the name of the member that comes next
  Json all_;
};

Json::Json() noexcept = default;
Json::Json(std::nullptr_t) noexcept {}
Json::Json(std::unique_ptr<Value> value) noexcept : value_(std::move(value)) {}
Json::Json(double value) {
  if (std::isfinite(value)) value_ = std::make_unique<Value>(Value{value});
}
Json::Json(std::string text) : value_(std::make_unique<Value>(Value{std::move(text)})) {}
Json::Json(std::string_view text) : Json(std::string(text)) {}
Json::Json(const char* text) : Json(std::string(text)) {}
Json::Json(const Json& other) : value_(other.value_ ? std::make_unique<Value>(*other.value_) : nullptr) {}
Json::Json(Json&& other) noexcept = default;
Json& Json::operator=(const Json& other) { return *this = Json(other); }
Json& Json::operator=(Json&& other) noexcept = default;
Json::~Json() = default;

Json Json::from_bool(bool value) { return Json(std::make_unique<Value>(Value{value})); }
Json Json::from_signed(std::int64_t value) { return Json(std::make_unique<Value>(Value{value})); }
Json Json::from_unsigned(std::uint64_t value) { return Json(std::make_unique<Value>(Value{value})); }

Json Json::array() { return Json(std::make_unique<Value>(Value{Array()})); }
Json Json::object() { return Json(std::make_unique<Value>(Value{Object()})); }

void Json::append(std::string key, Json value) {
  std::get<Object>(value_->held).emplace_back(std::move(key), std::move(value));
}

Json& Json::set(std::string_view key, Json value) & {
  auto* object = value_ == nullptr ? nullptr : std::get_if<Object>(&value_->held);
  if (object == nullptr) throw std::logic_error("Json::set() on a value that is no object");
  if (Json* there = find(*object, key)) {
    *there = std::move(value);
  } else {
    append(std::string(key), std::move(value));
  }
  return *this;
}

Json&& Json::set(std::string_view key, Json value) && { return std::move(set(key, std::move(value))); }

Json& Json::add(Json value) & {
  auto* array = value_ == nullptr ? nullptr : std::get_if<Array>(&value_->held);
  if (array == nullptr) throw std::logic_error("Json::add() on a value that is no array");
  array->push_back(std::move(value));
  return *this;
}

Json&& Json::add(Json value) && { return std::move(add(std::move(value))); }

bool Json::empty() const {
  if (const auto* array = get_if<Array>(*this)) return array->empty();
  if (const auto* object = get_if<Object>(*this)) return object->empty();
  return value_ == nullptr;
}

std::string Json::dump(int indent) const {
  return to_library(*this).dump(indent, ' ', false, Library::error_handler_t::replace);
}

std::string Json::dump_exactly() const {
  try {
    return to_library(*this).dump();
  } catch (const Library::type_error&) {
    throw Error("text that is not UTF-8 cannot be kept in JSON: " + dump());
  }
}

bool JsonReader::is_object() const { return get_if<Object>(*here_) != nullptr; }
bool JsonReader::is_array() const { return get_if<Array>(*here_) != nullptr; }
bool JsonReader::is_text() const { return get_if<std::string>(*here_) != nullptr; }
bool JsonReader::is_count() const { return get_if<std::uint64_t>(*here_) != nullptr; }
bool JsonReader::is_number() const {
  return get_if<double>(*here_) != nullptr || get_if<std::int64_t>(*here_) != nullptr || is_count();
}

JsonReader JsonReader::at(std::string_view key) const {
  const auto* object = get_if<Object>(*here_);
  if (object == nullptr) refuse("an object");
  if (const Json* member = find(*object, key)) return {all_, member};
  const std::string place = path();
  throw Error("no \"" + std::string(key) + "\"" + (place.empty() ? "" : " in " + place));
}

bool JsonReader::has(std::string_view key) const {
  const auto* object = get_if<Object>(*here_);
  return object != nullptr && find(*object, key) != nullptr;
}

std::vector<JsonReader> JsonReader::elements() const {
  const auto* array = get_if<Array>(*here_);
  if (array == nullptr) refuse("an array");
  std::vector<JsonReader> readers;
  for (const Json& element : *array) readers.push_back({all_, &element});
  return readers;
}

std::vector<std::pair<std::string, JsonReader>> JsonReader::members() const {
  const auto* object = get_if<Object>(*here_);
  if (object == nullptr) refuse("an object");
  std::vector<std::pair<std::string, JsonReader>> readers;
  for (const auto& [key, member] : *object) readers.emplace_back(key, JsonReader(all_, &member));
  return readers;
}

std::string JsonReader::text() const {
  const auto* text = get_if<std::string>(*here_);
  if (text == nullptr) refuse("text");
  return *text;
}

bool JsonReader::boolean() const {
  const auto* value = get_if<bool>(*here_);
  if (value == nullptr) refuse("true or false");
  return *value;
}

double JsonReader::number() const {
  if (const auto* value = get_if<double>(*here_)) return *value;
  if (const auto* value = get_if<std::int64_t>(*here_)) return static_cast<double>(*value);
  if (const auto* value = get_if<std::uint64_t>(*here_)) return static_cast<double>(*value);
  refuse("a number");
}

std::int64_t JsonReader::integer() const {
  if (const auto* value = get_if<std::int64_t>(*here_)) return *value;
  if (const auto* value = get_if<std::uint64_t>(*here_)) return narrow<std::int64_t>(*value);
  refuse("an integer");
}

std::uint64_t JsonReader::count() const {
  const auto* value = get_if<std::uint64_t>(*here_);
  if (value == nullptr) refuse("an integer >= 0");
  return *value;
}

void JsonReader::refuse(const std::string& expected) const {
  constexpr std::size_t kShown = 80;
  std::string got = dump();
  if (got.size() > kShown) got = utf8(got.substr(0, kShown)) + "...";
  const std::string place = path();
  throw Error((place.empty() ? "" : place + ": ") + "expected " + expected + ", got " + got);
}

std::string JsonReader::path() const {
  std::string path;
  find_path(*all_, here_, path);
  return path;
}

JsonReader parse_json(std::string_view text) {
  JsonBuilder builder;
  nlohmann::json::sax_parse(text.begin(), text.end(), &builder);
  const auto all = std::make_shared<const Json>(builder.take());
  return {all, all.get()};
}

JsonReader json_in(const std::map<std::string, std::string>& metadata, const std::string& key) {
  const auto found = metadata.find(key);
  if (found == metadata.end()) throw Error("its metadata has no \"" + key + "\"");
  return with_context("its metadata \"" + key + "\"", [&] { return parse_json(found->second); });
}

std::string utf8(std::string_view text) {
  const std::string valid = Library(text).dump(-1, ' ', false, Library::error_handler_t::replace);
  return Library::parse(valid).get<std::string>();
}

}  // namespace taskonomy::base
