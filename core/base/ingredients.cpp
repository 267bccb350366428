// Encoding: type letter, length, ":", bytes. Because every part says its length, no content can look like the
// end of its part, and different values give different texts.
#include "core/base/ingredients.hpp"

#include <charconv>
#include <stdexcept>

#include "core/base/error.hpp"
#include "core/base/hash.hpp"
#include "core/base/text.hpp"

namespace taskonomy::base {

namespace {

constexpr char kText = 't', kLiteral = 'v', kInteger = 'i', kReal = 'd', kBoolean = 'b', kNothing = 'n',
               kList = 'l', kMap = 'm';

std::string measured(std::string_view bytes) {
  return std::to_string(bytes.size()) + ":" + std::string(bytes);
}

std::string tagged(char type, std::string_view bytes) { return type + measured(bytes); }

/// One value taken apart.
struct Encoded {
  char type = kNothing;
  std::string_view bytes;
};

/// Takes an encoded text apart from front to back.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  [[nodiscard]] bool done() const { return at_ == text_.size(); }

  std::string_view measured() {
    std::size_t size = 0;
    const char* const begin = text_.data() + at_;
    const char* const end = text_.data() + text_.size();
    const auto [stop, failed] = std::from_chars(begin, end, size);
    const bool padded = stop - begin > 1 && *begin == '0';
    if (failed != std::errc() || padded || stop == end || *stop != ':') fail();
    at_ += static_cast<std::size_t>(stop - begin) + 1;
    if (size > text_.size() - at_) fail();
    at_ += size;
    return text_.substr(at_ - size, size);
  }

  Encoded value() {
    if (done()) fail();
    const char type = text_[at_++];
    return {type, measured()};
  }

  void expect(char letter) {
    if (done() || text_[at_] != letter) fail();
    ++at_;
  }

 private:
  [[noreturn]] void fail() const {
    throw Error("not a list of ingredients: malformed at byte " + std::to_string(at_));
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

/// The value as a person reads it. Throws Error where its parts are malformed or nested deeper than any of
/// ours.
std::string shown(const Encoded& value, int depth = 0) {
  constexpr int kDeepest = 16;
  if (depth > kDeepest) throw Error("not a list of ingredients: nested too deeply");
  Reader parts(value.bytes);
  std::vector<std::string> list;
  switch (value.type) {
    case kText:
      return "\"" + std::string(value.bytes) + "\"";
    case kLiteral:
    case kInteger:
    case kReal:
    case kBoolean:
      return std::string(value.bytes);
    case kNothing:
      return "none";
    case kList:
      while (!parts.done()) list.push_back(shown(parts.value(), depth + 1));
      return "[" + join(list, ", ") + "]";
    case kMap:
      while (!parts.done()) {
        const std::string key(parts.measured());
        list.push_back(key + ": " + shown(parts.value(), depth + 1));
      }
      return "{" + join(list, ", ") + "}";
    default:
      throw Error(std::string("not a list of ingredients: unknown type '") + value.type + "'");
  }
}

std::string shown(const std::string& encoded) { return shown(Reader(encoded).value()); }

/// Cut where it is long; what was cut away still counts, by its fingerprint.
std::string shortened(const std::string& text) {
  constexpr std::size_t kLongest = 80, kKept = 50;
  if (text.size() <= kLongest) return text;
  return text.substr(0, kKept) + "... (#" + fingerprint(text).substr(0, 8) + ")";
}

}  // namespace

namespace ingredient {

std::string text(std::string_view value) { return tagged(kText, value); }
std::string literal(std::string_view value) { return tagged(kLiteral, value); }
std::string integer(const std::string& decimal) { return tagged(kInteger, decimal); }
std::string real(double value) { return tagged(kReal, number(value)); }
std::string boolean(bool value) { return tagged(kBoolean, value ? "true" : "false"); }
std::string nothing() { return tagged(kNothing, ""); }
std::string list(const std::vector<std::string>& values) { return tagged(kList, join(values, "")); }

std::string map(const std::map<std::string, std::string>& values) {
  std::string bytes;
  for (const auto& [key, value] : values) bytes += measured(key) + value;
  return tagged(kMap, bytes);
}

}  // namespace ingredient

std::string IngredientChange::text() const {
  return name + ": " + before.value_or("none") + " -> " + now.value_or("none");
}

Ingredients& Ingredients::put(const std::string& name, std::string encoded) {
  if (!values_.emplace(name, std::move(encoded)).second)
    throw std::logic_error("ingredient \"" + name + "\" is there already");
  return *this;
}

Ingredients& Ingredients::add(const std::string& name, const Ingredients& section) {
  for (const auto& [key, encoded] : section.values_) put(name + "." + key, encoded);
  return *this;
}

std::string Ingredients::text() const {
  std::string result;
  for (const auto& [name, encoded] : values_) result += measured(name) + " " + encoded + "\n";
  return result;
}

std::string Ingredients::fingerprint() const { return base::fingerprint(text()); }

std::vector<std::pair<std::string, std::string>> Ingredients::fields() const {
  std::vector<std::pair<std::string, std::string>> result;
  for (const auto& [name, encoded] : values_) result.emplace_back(name, shown(encoded));
  return result;
}

Ingredients Ingredients::parse(std::string_view text) {
  Ingredients result;
  Reader reader(text);
  std::string last;
  while (!reader.done()) {
    const std::string name(reader.measured());
    if (!result.values_.empty() && name <= last)
      throw Error("not a list of ingredients: \"" + name + "\" is out of order");
    reader.expect(' ');
    const Encoded value = reader.value();
    static_cast<void>(shown(value));  // refuses malformed parts
    result.put(name, tagged(value.type, value.bytes));
    reader.expect('\n');
    last = name;
  }
  return result;
}

std::vector<IngredientChange> differences(const Ingredients& old, const Ingredients& now) {
  const auto value_in = [](const Ingredients& list, const std::string& name) -> std::optional<std::string> {
    const auto found = list.values_.find(name);
    if (found == list.values_.end()) return std::nullopt;
    return shortened(shown(found->second));
  };
  auto names = old.values_;
  names.insert(now.values_.begin(), now.values_.end());
  std::vector<IngredientChange> changes;
  for (const auto& [name, ignored] : names) {
    const auto before = old.values_.find(name), after = now.values_.find(name);
    const bool same =
        before != old.values_.end() && after != now.values_.end() && before->second == after->second;
    if (!same) changes.push_back({name, value_in(old, name), value_in(now, name)});
  }
  return changes;
}

}  // namespace taskonomy::base
