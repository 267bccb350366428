// What a result depends on, as named values: the text that keys of jobs are made of. A list glued together by
// hand ("name;300;0.1") forgets fields, and two different lists can give the same text; this one says which
// value belongs to which name, and can be read back to tell a person what changed between two keys.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace taskonomy::base {

/// A value in the notation of where it comes from, such as TOML: shown as it is, without quotes.
struct Literal {
  std::string text;
};

/// Encoded values of Ingredients: a letter for the type, then length, ":" and that many bytes.
namespace ingredient {

[[nodiscard]] std::string text(std::string_view value);
[[nodiscard]] std::string literal(std::string_view value);
[[nodiscard]] std::string integer(const std::string& decimal);
[[nodiscard]] std::string real(double value);
[[nodiscard]] std::string boolean(bool value);
[[nodiscard]] std::string nothing();
/// Of encoded values, in this order.
[[nodiscard]] std::string list(const std::vector<std::string>& values);
[[nodiscard]] std::string map(const std::map<std::string, std::string>& values);

template <typename T>
inline constexpr bool kIsOptional = false;
template <typename T>
inline constexpr bool kIsOptional<std::optional<T>> = true;

/// A value of any type that Ingredients::add() takes.
template <typename T>
[[nodiscard]] std::string encode(const T& value) {
  if constexpr (std::is_same_v<T, bool>) {
    return boolean(value);
  } else if constexpr (std::is_same_v<T, Literal>) {
    return literal(value.text);
  } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
    return text(value);
  } else if constexpr (std::is_integral_v<T>) {
    static_assert(sizeof(T) > 1, "a letter is no number: add it as text, or widen it");
    return integer(std::to_string(value));
  } else if constexpr (std::is_floating_point_v<T>) {
    static_assert(sizeof(T) <= sizeof(double), "a long double would lose digits");
    return real(value);
  } else if constexpr (kIsOptional<T>) {
    return value ? encode(*value) : nothing();
  } else if constexpr (requires { typename T::mapped_type; }) {
    std::map<std::string, std::string> values;
    for (const auto& [key, mapped] : value) values.emplace(key, encode(mapped));
    return map(values);
  } else {
    std::vector<std::string> values;
    for (const auto& element : value) values.push_back(encode<typename T::value_type>(element));
    return list(values);
  }
}

}  // namespace ingredient

/// A value that two lists of ingredients disagree about, as a person reads it.
struct IngredientChange {
  std::string name;
  std::optional<std::string> before;  ///< nothing: the old list did not have it
  std::optional<std::string> now;     ///< nothing: the new list does not have it

  /// "source.steps: 300 -> 400", "source.dropout: none -> 0.5".
  [[nodiscard]] std::string text() const;
};

/// Named values in the order of their names, so that the order in which code adds them changes no key.
class Ingredients {
 public:
  /// Adds a value: text, Literal, integer, double (exactly), bool, an optional of these ("none" where
  /// empty), or a list (vector, set, ...) or a map from text of these. Values of different types are
  /// different, also 1 and 1.0. Throws std::logic_error when the name is taken.
  template <typename T>
  Ingredients& add(const std::string& name, const T& value) {
    return put(name, ingredient::encode(value));
  }
  /// Adds all of a section: its "steps" becomes "source.steps" when `name` is "source".
  Ingredients& add(const std::string& name, const Ingredients& section);

  /// All names and values. Equal for two lists only if they have the same names with the same values.
  [[nodiscard]] std::string text() const;
  /// Fingerprint of text(), 32 hexadecimal digits.
  [[nodiscard]] std::string fingerprint() const;
  /// Names and values as a person reads them, by name: texts in quotes, numbers in their shortest
  /// exact form, lists as [1, 2], maps as {a: 1, b: 2}.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> fields() const;

  /// Reads back what text() gave. Throws Error "not a list of ingredients ..." for any other text.
  [[nodiscard]] static Ingredients parse(std::string_view text);

  friend std::vector<IngredientChange> differences(const Ingredients& old, const Ingredients& now);
  [[nodiscard]] friend bool operator==(const Ingredients&, const Ingredients&) = default;

 private:
  Ingredients& put(const std::string& name, std::string encoded);

  std::map<std::string, std::string> values_;  ///< name -> encoded value
};

/// What changed, by name. A long value is cut, and then ends in the first digits of its fingerprint.
[[nodiscard]] std::vector<IngredientChange> differences(const Ingredients& old, const Ingredients& now);

}  // namespace taskonomy::base
