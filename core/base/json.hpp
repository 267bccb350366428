// JSON, written and read. Json is a value to write: answers, records of jobs, data of the report page.
// JsonReader is a value that was read: run folders, headers of weights, what workers say. Others may have
// written it, so it checks everything that is asked of it, and its errors name the place ("jobs[3].id:
// expected text, got 5"). Only json.cpp includes the JSON library, whose header alone takes a compiler 1.5
// seconds.
#pragma once

#include <concepts>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace taskonomy::base {

/// A JSON value to write: null, boolean, number, text, array or object. Members of an object stay in the
/// order in which they were set. Numbers and text convert implicitly; so do vectors (to arrays) and maps (to
/// objects):
///
///     const Json job = Json::object().set("id", report.id).set("files", report.files);
class Json {
 public:
  Json() noexcept;
  Json(std::nullptr_t) noexcept;
  template <std::same_as<bool> Bool>  // a template, so that pointers do not become booleans
  Json(Bool value) : Json(from_bool(value)) {}
  template <std::signed_integral Integer>
  Json(Integer value) : Json(from_signed(value)) {}
  template <std::unsigned_integral Integer>
  requires(!std::same_as<Integer, bool>) Json(Integer value) : Json(from_unsigned(value)) {}
  /// Unknown and infinite numbers, which JSON cannot write, become null.
  Json(double value);
  Json(std::string text);
  Json(std::string_view text);
  Json(const char* text);
  template <class T>
  Json(const std::vector<T>& values);
  template <class T>
  Json(const std::map<std::string, T>& values);
  Json(const Json& other);
  Json(Json&& other) noexcept;
  Json& operator=(const Json& other);
  Json& operator=(Json&& other) noexcept;
  ~Json();

  [[nodiscard]] static Json array();
  [[nodiscard]] static Json object();

  /// Sets a member of an object; one that is there already keeps its place. [on objects]
  Json& set(std::string_view key, Json value) &;
  Json&& set(std::string_view key, Json value) &&;
  /// Appends to an array. [on arrays]
  Json& add(Json value) &;
  Json&& add(Json value) &&;

  [[nodiscard]] bool empty() const;  ///< null, or without elements or members

  static constexpr int kOneLine = -1;
  /// As text without a line break at the end, every level indented by `indent` blanks, or all on one line.
  /// Replaces bytes that are not UTF-8 (in names of files, in messages of plugins) by U+FFFD.
  [[nodiscard]] std::string dump(int indent = kOneLine) const;
  /// On one line, for what must be read back unchanged, such as names of images. Throws Error for text that
  /// is not UTF-8.
  [[nodiscard]] std::string dump_exactly() const;

  struct Value;  // known to json.cpp alone
  [[nodiscard]] const Value* value() const { return value_.get(); }

 private:
  friend class JsonBuilder;
  explicit Json(std::unique_ptr<Value> value) noexcept;
  static Json from_bool(bool value);
  static Json from_signed(std::int64_t value);
  static Json from_unsigned(std::uint64_t value);
  void append(std::string key, Json value);

  std::unique_ptr<Value> value_;  ///< nothing: null
};

template <class T>
Json::Json(const std::vector<T>& values) : Json(array()) {
  for (const auto& value : values) add(value);
}

template <class T>
Json::Json(const std::map<std::string, T>& values) : Json(object()) {
  for (const auto& [key, value] : values) append(key, value);
}

/// A place in JSON that was read. Copies are cheap and share what was read. A question that does not fit what
/// stands there throws an Error with the path to it: `no "id" in jobs[3]`, "seconds: expected a number, got
/// true".
class JsonReader {
 public:
  [[nodiscard]] bool is_object() const;
  [[nodiscard]] bool is_array() const;
  [[nodiscard]] bool is_number() const;
  [[nodiscard]] bool is_count() const;  ///< an integer >= 0
  [[nodiscard]] bool is_text() const;

  /// A member. [of objects]
  [[nodiscard]] JsonReader at(std::string_view key) const;
  /// Whether this is an object with such a member.
  [[nodiscard]] bool has(std::string_view key) const;
  [[nodiscard]] std::vector<JsonReader> elements() const;  ///< [of arrays]
  [[nodiscard]] std::vector<std::pair<std::string, JsonReader>> members()
      const;  ///< in the text's order [of objects]

  [[nodiscard]] std::string text() const;
  [[nodiscard]] bool boolean() const;
  [[nodiscard]] double number() const;         ///< whole or not
  [[nodiscard]] std::int64_t integer() const;  ///< refuses 2.0 and what needs more than 63 bits
  [[nodiscard]] std::uint64_t count() const;   ///< an integer >= 0
  /// bool, double, integers, std::string, and vectors and maps (with text as keys) of what can be read.
  template <class T>
  [[nodiscard]] T as() const;
  /// The member, or `otherwise` where there is none.
  template <class T>
  [[nodiscard]] T get(std::string_view key, T otherwise) const {
    return has(key) ? at(key).as<T>() : std::move(otherwise);
  }

  /// What stands here, on one line.
  [[nodiscard]] std::string dump() const { return here_->dump(); }

 private:
  friend JsonReader parse_json(std::string_view text);
  JsonReader(std::shared_ptr<const Json> all, const Json* here) : all_(std::move(all)), here_(here) {}
  [[noreturn]] void refuse(const std::string& expected) const;
  [[nodiscard]] std::string path() const;  ///< "jobs[3].id"; "" for the outermost value
  template <class Integer>
  [[nodiscard]] Integer narrow(auto value) const {
    if (!std::in_range<Integer>(value)) refuse("a smaller number");
    return static_cast<Integer>(value);
  }

  std::shared_ptr<const Json> all_;  ///< the outermost value, to which the path leads back
  const Json* here_;
};

/// Throws Error "not JSON at byte 12" for malformed text, and for text nested deeper than anything of ours:
/// copying and writing such a value would use up the stack. Of members with the same name the last counts.
[[nodiscard]] JsonReader parse_json(std::string_view text);

/// JSON that stands under a key of a safetensors file's metadata. Throws Error naming the key, also when it
/// is missing.
[[nodiscard]] JsonReader json_in(const std::map<std::string, std::string>& metadata, const std::string& key);

/// The text with every byte that is not UTF-8 replaced by U+FFFD, as dump() writes it.
[[nodiscard]] std::string utf8(std::string_view text);

namespace detail {
template <class T>
inline constexpr bool kIsVector = false;
template <class T>
inline constexpr bool kIsVector<std::vector<T>> = true;
}  // namespace detail

template <class T>
T JsonReader::as() const {
  if constexpr (std::same_as<T, bool>) {
    return boolean();
  } else if constexpr (std::same_as<T, std::string>) {
    return text();
  } else if constexpr (std::floating_point<T>) {
    return number();
  } else if constexpr (std::signed_integral<T>) {
    return narrow<T>(integer());
  } else if constexpr (std::unsigned_integral<T>) {
    return narrow<T>(count());
  } else if constexpr (detail::kIsVector<T>) {
    T values;
    for (const auto& element : elements()) values.push_back(element.template as<typename T::value_type>());
    return values;
  } else {
    T values;
    for (const auto& [key, member] : members()) values[key] = member.template as<typename T::mapped_type>();
    return values;
  }
}

}  // namespace taskonomy::base
