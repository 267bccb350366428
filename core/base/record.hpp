// Records that describe themselves. A type of results names its fields once; JSON, CSV and the reader of that
// CSV take the names and their order from there:
//
//     struct PairTest {
//       std::string target;
//       double p = 1.0;
//       static void visit(auto& self, auto&& field) {
//         field("target", self.target);
//         field("p", self.p);
//       }
//     };
//
// visit() may leave out a field that is not there (an interval that only a run has); JSON then has no such
// member.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/csv.hpp"
#include "core/base/json.hpp"
#include "core/base/text.hpp"

namespace taskonomy::base {

template <class T>
concept Record = requires(T& record) {
  T::visit(record, [](const char*, const auto&) {});
};

/// A yes or no that files write as one of two words: `field("better", TwoWords{self.higher, "higher",
/// "lower"})`.
template <class Bool>
struct TwoWords {
  Bool& value;
  const char* yes;
  const char* no;
  [[nodiscard]] const char* word() const { return value ? yes : no; }
};
template <class Bool>
TwoWords(Bool&, const char*, const char*) -> TwoWords<Bool>;

template <class Bool>
[[nodiscard]] std::string csv_cell(const TwoWords<Bool>& words) {
  return words.word();
}

/// A number or, in its place, why there is none: `field("value", NumberOr{self.value, "not available: ",
/// self.reason})`. Files hold the reason behind the words; JSON has null.
template <class Number, class Text>
struct NumberOr {
  Number& value;
  const char* words;
  Text& reason;  ///< "": the number counts, unknown or not
};
template <class Number, class Text>
NumberOr(Number&, const char*, Text&) -> NumberOr<Number, Text>;

template <class Number, class Text>
[[nodiscard]] std::string csv_cell(const NumberOr<Number, Text>& number) {
  return number.reason.empty() ? csv_cell(number.value) : csv_cell(number.words + number.reason);
}

template <class Enum>
requires std::is_enum_v<Enum>
[[nodiscard]] std::string csv_cell(const Enum& value) { return csv_cell(name_of(value)); }

/// A record as an object, a list of them as an array, what is not there as null, a value of an enum by its
/// name_of(), and whatever Json takes. Unknown numbers are null.
template <class T>
[[nodiscard]] Json to_json(const T& value);

namespace detail {

template <class Bool>
Json json_value(const TwoWords<Bool>& words) {
  return words.word();
}
template <class Number, class Text>
Json json_value(const NumberOr<Number, Text>& number) {
  return number.reason.empty() ? Json(number.value) : Json();
}
template <class T>
Json json_value(const std::optional<T>& value) {
  return value ? to_json(*value) : Json();
}
template <class T>
Json json_value(const std::vector<T>& values) {
  Json array = Json::array();
  for (const auto& value : values) array.add(to_json(value));
  return array;
}
template <class T>
Json json_value(const T& value) {
  if constexpr (Record<const T>) {
    Json object = Json::object();
    T::visit(value, [&](const char* name, const auto& member) { object.set(name, to_json(member)); });
    return object;
  } else if constexpr (std::is_enum_v<T>) {
    return name_of(value);
  } else {
    return value;
  }
}

inline void read_cell(const CsvRow& row, std::size_t column, std::string& value) { value = row.text(column); }
inline void read_cell(const CsvRow& row, std::size_t column, double& value) { value = row.number(column); }
inline void read_cell(const CsvRow& row, std::size_t column, std::size_t& value) {
  value = row.count(column);
}
inline void read_cell(const CsvRow& row, std::size_t column, const TwoWords<bool>& words) {
  const std::string& word = row.text(column);
  if (word != words.yes && word != words.no) row.refuse(column, std::string(words.yes) + " or " + words.no);
  words.value = word == words.yes;
}
inline void read_cell(const CsvRow& row, std::size_t column, const NumberOr<double, std::string>& number) {
  const std::string& cell = row.text(column);
  const std::string words = number.words;
  if (!cell.starts_with(words)) {
    number.value = row.number(column);
    return;
  }
  number.reason = cell.substr(words.size());
  if (number.reason.empty()) row.refuse(column, "a reason behind \"" + words + "\"");
}

/// A value of an enum by its name: the first that name_of() calls so, of those that all_of() lists.
template <class Enum>
requires std::is_enum_v<Enum>
void read_cell(const CsvRow& row, std::size_t column, Enum& value) {
  std::vector<std::string> names;
  for (const Enum known : all_of(Enum{})) {
    names.push_back(name_of(known));
    if (row.text(column) == names.back()) {
      value = known;
      return;
    }
  }
  row.refuse(column, join(names, ", "));
}

template <Record T>
std::vector<std::string> names_of() {
  std::vector<std::string> names;
  const T record{};
  T::visit(record, [&](const char* name, const auto&) { names.emplace_back(name); });
  return names;
}

}  // namespace detail

template <class T>
Json to_json(const T& value) {
  return detail::json_value(value);
}

/// CSV with the fields' names as its header and a row per record.
template <Record T>
[[nodiscard]] std::string to_csv(const std::vector<T>& records) {
  std::string text = join(detail::names_of<T>(), ",") + "\n";
  for (const T& record : records) {
    T::visit(record, [&](const char*, const auto& member) { text += csv_cell(member) + ","; });
    text.back() = '\n';
  }
  return text;
}

/// Reads to_csv() back. Throws Error "FILE:LINE: ..." for another header, a wrong number of cells and
/// malformed values.
template <Record T>
[[nodiscard]] std::vector<T> read_records(const std::filesystem::path& path) {
  std::vector<T> records;
  for (const CsvRow& row : read_csv(path, detail::names_of<T>())) {
    std::size_t column = 0;
    T::visit(records.emplace_back(),
             [&](const char*, auto&& member) { detail::read_cell(row, column++, member); });
  }
  return records;
}

}  // namespace taskonomy::base
